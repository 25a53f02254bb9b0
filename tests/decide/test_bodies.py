"""Seats, terms and the rota of a body: the commands, and what holding a seat allows."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omkering.decide.commands import bodies
from omkering.decide.models import Seat, Term
from omkering.decide.queries.bodies import body_groups
from omkering.journal.models import Event
from omkering.who.commands import people
from omkering.who.models import Appointment, Person
from omkering.who.standing import standing_of
from tests.decide.bodies_made import alderman, make_body, make_seat, member_of, sit
from tests.decide.votes import log_in
from tests.people import make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def standing(person: Person):
    return standing_of(Person.objects.get(pk=person.pk))


def refused(field: str, deed, **fields) -> None:
    with pytest.raises(ValidationError) as error:
        deed(**fields)
    assert field in (error.value.message_dict if hasattr(error.value, "error_dict") else {"": 1}), error.value


# --- seats -----------------------------------------------------------------------------------------------
def test_seats_are_numbered_and_keep_their_number():
    first, second = make_seat(), make_seat()
    bodies.retire_seat(actor=make_adviser(), seat=second)
    assert (first.number, second.number, make_seat().number) == (1, 2, 3)
    event = Event.objects.filter(verb="seat.made").order_by("pk").first()
    assert (event.subject, event.data) == ("body:bestuur", {"seat": first.pk, "number": 1})


def test_a_seat_has_one_chair_a_known_profile_and_a_bearable_term():
    adviser, body = make_adviser(), make_body()
    make_seat(chair=True)
    for field, fields in (
        ("chair", {"chair": True}),
        ("profile", {"profile": "keizer"}),
        ("term_months", {"term_months": 3}),
    ):
        refused(field, bodies.add_seat, actor=adviser, body=body, **fields)
    refused("", bodies.add_seat, actor=adviser, body=make_body("alv", "assembly"))
    refused("note", bodies.add_seat, actor=adviser, body=body, note="Bel 06-12345678")


def test_seats_are_for_the_bureau():
    seat = make_seat()
    term = sit(seat)
    for person in (
        alderman(),
        make_person("committee_member", body=seat.body),
        make_person("network_secretary", network=make_network("n1")),
    ):
        for deed, fields in (
            (bodies.add_seat, {"body": seat.body}),
            (bodies.retire_seat, {"seat": seat}),
            (bodies.begin_term, {"seat": seat, "person": person, "starts": TODAY()}),
            (bodies.end_term, {"term": term, "ends": TODAY() + timedelta(days=9)}),
            (bodies.set_rota, {"body": seat.body, "month": 6, "day": 1}),
            (bodies.set_resignation, {"term": term, "resigns": TODAY() + timedelta(days=9)}),
        ):
            with pytest.raises(PermissionDenied):
                deed(actor=person, **fields)


def test_a_seat_that_is_held_cannot_be_retired():
    seat = make_seat()
    term = sit(seat, starts=TODAY() - timedelta(days=10))
    refused("", bodies.retire_seat, actor=make_adviser(), seat=seat)
    bodies.end_term(actor=make_adviser(), term=term, ends=TODAY())
    once = bodies.retire_seat(actor=make_adviser(), seat=seat)
    assert bodies.retire_seat(actor=make_adviser(), seat=seat).retired_at == once.retired_at
    assert Event.objects.filter(verb="seat.retired").count() == 1
    refused("", sit, seat=seat)


def test_a_changed_seat_keeps_who_sits_there():
    seat = make_seat()
    term = sit(seat)
    changed = bodies.change_seat(
        actor=make_adviser(),
        seat=seat,
        profile="mayor",
        chair=True,
        network=None,
        note="Voorzitter",
        term_months=24,
    )
    assert (changed.profile, changed.chair, changed.term_months) == ("mayor", True, 24)
    assert Term.objects.get() == term


# --- terms -----------------------------------------------------------------------------------------------
def test_a_term_gives_the_role_of_the_seat_and_takes_it_back():
    seat, person = make_seat(), alderman()
    term = sit(seat, person, starts=TODAY() - timedelta(days=5))
    assert (term.role, term.number, term.party_kind) == ("alderman", 1, "unknown")
    assert term.appointment.role == "board_member"
    assert seat.body_id in standing(person).bodies and "body" in standing(person).powers
    verbs = list(
        Event.objects.filter(verb__in=("person.appointed", "term.begun")).values_list("verb", flat=True)
    )
    assert sorted(verbs) == ["person.appointed", "term.begun"]
    bodies.end_term(actor=make_adviser(), term=term, ends=TODAY())
    assert standing(person).bodies == frozenset()
    bodies.end_term(actor=make_adviser(), term=term, ends=TODAY())
    assert Event.objects.filter(verb="term.ended").count() == 1


def test_doing_it_twice_is_one_term():
    seat, person = make_seat(), alderman()
    assert sit(seat, person) == sit(seat, person)
    assert Appointment.objects.filter(body=seat.body).count() == 1


def test_who_was_appointed_before_keeps_that_appointment():
    seat, person = make_seat(), alderman()
    earlier = Appointment.objects.create(
        person=person, role="board_member", body=seat.body, starts=TODAY() - timedelta(days=99)
    )
    assert sit(seat, person).appointment == earlier


def test_who_comes_after_takes_the_seat_on_that_day():
    seat, old, new = make_seat(), alderman(), alderman()
    first = sit(seat, old, starts=TODAY() - timedelta(days=30))
    later = TODAY() + timedelta(days=10)
    sit(seat, new, starts=later)
    first.refresh_from_db()
    assert first.ends == first.appointment.ends == later
    assert seat.body_id in standing(old).bodies and seat.body_id not in standing(new).bodies
    assert Term.objects.on(later).get(seat=seat).appointment.person == new
    refused("starts", sit, seat=seat, person=alderman(), starts=TODAY() + timedelta(days=5))


def test_nobody_sits_twice_in_one_body_and_a_second_term_is_counted():
    first, second, person = make_seat(), make_seat(), alderman()
    term = sit(first, person, starts=TODAY() - timedelta(days=30))
    refused("person", sit, seat=second, person=person)
    bodies.end_term(actor=make_adviser(), term=term, ends=TODAY())
    assert sit(second, person).number == 2
    assert sit(make_seat(make_body("cie", "committee")), person).number == 1


def test_a_seat_is_for_whom_it_is_meant():
    member, other = make_member(), make_member()
    network = make_network("klein", member)
    mayor_seat = make_seat(profile="mayor")
    refused("member", sit, seat=mayor_seat, person=alderman(member))
    small = make_seat(network=network)
    refused("member", sit, seat=small, person=alderman(other))
    assert sit(small, alderman(member)).member == member
    adviser = make_adviser()
    refused("member", bodies.begin_term, actor=adviser, seat=mayor_seat, person=alderman(), starts=TODAY())
    refused(
        "member",
        bodies.begin_term,
        actor=adviser,
        seat=make_seat(),
        person=alderman(member),
        member=other,
        starts=TODAY(),
    )
    closed = alderman(is_active=False)
    refused(
        "person",
        bodies.begin_term,
        actor=adviser,
        seat=make_seat(),
        person=closed,
        member=member_of(closed),
        starts=TODAY(),
    )


def test_a_role_that_ends_elsewhere_ends_the_term():
    seat, admin = make_seat(), make_person("administrator")
    one, two = alderman(), alderman()
    term = sit(seat, one, starts=TODAY() - timedelta(days=30))
    people.end_appointment(actor=admin, appointment=term.appointment, ends=TODAY())
    term.refresh_from_db()
    assert term.ends == TODAY()
    sit(seat, two)
    people.close_account(actor=admin, person=two)  # the term began today, so it never held
    assert not Term.objects.filter(appointment__person=two).exists()


def test_only_a_role_of_a_body_comes_with_a_seat():
    for role in ("administrator", "mayor", "network_secretary", "unknown"):
        with pytest.raises(ValueError, match="no seat"):
            people.seat(actor=None, person=alderman(), role=role, body=make_body(), starts=TODAY())
    with pytest.raises(ValueError, match="no seat"):
        people.unseat(actor=None, appointment=alderman().appointments.get(), ends=TODAY())


# --- the rota --------------------------------------------------------------------------------------------
def test_a_rota_is_set_kept_and_set_anew():
    adviser, body = make_adviser(), make_body()
    terms = [sit(make_seat()) for _n in range(4)]
    days = bodies.set_rota(actor=adviser, body=body, month=6, day=1)
    assert len({day.year for day in days.values()}) == 4
    moved = bodies.set_resignation(actor=adviser, term=terms[0], resigns=TODAY() + timedelta(days=20))
    again = bodies.set_rota(actor=adviser, body=body, month=6, day=1)
    assert again[moved.pk] == moved.resigns
    assert bodies.set_rota(actor=adviser, body=body, month=6, day=1, keep=False)[moved.pk] == days[moved.pk]
    assert {term.resigns for term in Term.objects.all()} == set(days.values())
    assert Event.objects.get(verb="rota.changed").data["term"] == moved.pk


def test_a_rota_stays_within_the_term_and_needs_somebody():
    adviser = make_adviser()
    refused("", bodies.set_rota, actor=adviser, body=make_body(), month=6, day=1)
    refused("day", bodies.set_rota, actor=adviser, body=make_body(), month=13, day=1)
    term = sit(make_seat(term_months=12))
    for day in (TODAY(), TODAY() + timedelta(days=400)):
        refused("resigns", bodies.set_resignation, actor=adviser, term=term, resigns=day)


def test_the_role_of_the_chair_is_a_seat_for_the_console():
    seat = make_seat(chair=True)
    sit(seat)
    assert Seat.objects.filter(body=seat.body, chair=True, retired_at=None).count() == 1


def test_the_list_shows_bodies_that_come_together_with_their_lifetime():
    make_seat()
    sit(make_seat())
    make_body("asiel-en-migratie", "committee")
    office = make_body("bureau", "bureau")
    found = {line.body.key: line for group in body_groups(TODAY()) for line in group.lines}
    assert (found["bestuur"].seats, found["bestuur"].held, found["bestuur"].vacant) == (2, 1, 1)
    assert found["asiel-en-migratie"].temporary and not found["bestuur"].temporary
    assert "bureau" not in found
    assert Client().get(reverse("decide:body", args=[office.pk])).status_code == 404


def test_what_a_page_of_seats_refuses_stays_at_its_field_with_what_was_typed():
    client = Client()
    log_in(client, make_adviser())
    path = reverse("decide:add_seat", args=[make_body().pk])
    page = client.post(path, {"profile": "mayor", "term_months": "3", "note": "Iemand van een eiland"})
    assert page.status_code == 422 and "Iemand van een eiland" in page.content.decode()
    assert client.post(path, {"profile": "mayor", "term_months": "36", "chair": "on"}).status_code == 302
    assert Seat.objects.get().term_months == 36
