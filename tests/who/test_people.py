"""People, appointments and mandates: the commands, the pages, and the review of rights."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from omkering.journal.models import Event
from omkering.ui.second_factor import PERSON_KEY, SESSION_KEY
from omkering.who import models
from omkering.who.commands import people as commands
from omkering.who.models import Appointment, Body, Mandate, Person
from omkering.who.standing import standing_of
from tests.people import make_member, make_network, make_person

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def day(n: int) -> date:
    return timezone.localdate() + timedelta(days=n)


def fresh(person: Person) -> Person:
    """The person as read anew: a standing is remembered on the object."""
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def admin():
    return make_person("administrator")


@pytest.fixture
def secretary():
    return make_person("town_secretary", member=make_member("GM9001", name="Onze"))


def log_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SESSION_KEY] = [{"method": "mfa", "at": timezone.now().timestamp()}]
    session[PERSON_KEY] = str(person.pk)
    session.save()
    return client


@pytest.fixture
def as_admin(client, admin):
    return log_in(client, admin)


def test_only_an_administrator_changes_people(admin):
    for role in ("adviser", "mayor"):
        other = make_person(role, member=make_member() if role == "mayor" else None)
        for change in (
            lambda actor: commands.add_person(actor=actor, email="x@example.test", name="X"),
            lambda actor: commands.appoint(actor=actor, person=admin, role="adviser", starts=day(0)),
            lambda actor: commands.end_appointment(
                actor=actor, appointment=admin.appointments.get(), ends=day(1)
            ),
            lambda actor: commands.close_account(actor=actor, person=admin),
            lambda actor: commands.reopen_account(actor=actor, person=admin),
        ):
            with pytest.raises(PermissionDenied):
                change(other)
    assert not Event.objects.exists()


def test_an_account_is_made_once_and_without_a_password(admin):
    made = commands.add_person(actor=admin, email="Nieuw@Example.test", name=" Nieuw ")
    assert (made.email, made.name, made.has_usable_password()) == ("nieuw@example.test", "Nieuw", False)
    with pytest.raises(ValidationError) as error:
        commands.add_person(actor=admin, email="NIEUW@example.test", name="Ander")
    assert "email" in error.value.message_dict
    event = Event.objects.get()
    assert (event.verb, event.subject, event.actor) == ("person.made", f"person:{made.pk}", admin.pk)


def test_a_role_is_held_where_the_association_says(admin):
    person, member = make_person(), make_member()
    network = make_network("k80")
    body = Body.objects.create(key="board", kind="board", names={"nl": "Bestuur"})
    give = lambda **fields: commands.appoint(actor=admin, person=person, starts=day(0), **fields)  # noqa: E731
    for wrong, field in (
        ({"role": "king"}, "role"),
        ({"role": "mayor"}, "member"),
        ({"role": "mayor", "member": member, "network": network}, "network"),
        ({"role": "adviser", "body": body}, "body"),
        ({"role": "mayor", "member": member, "ends": day(0)}, "ends"),
    ):
        with pytest.raises(ValidationError) as error:
            give(**wrong)
        assert field in error.value.message_dict
    give(role="mayor", member=member)
    give(role="network_secretary", network=network)
    give(role="committee_member", body=body)
    standing = standing_of(fresh(person))
    assert standing.roles == {"mayor", "network_secretary", "committee_member"}
    assert (standing.members, standing.networks, standing.bodies) == ({member.pk}, {network.pk}, {body.pk})
    holders = list(Event.objects.order_by("pk").values_list("on_behalf_of", flat=True))
    assert holders == [f"member:{member.code}", "network:k80", "body:board"]


def test_a_role_counts_from_its_first_day_up_to_its_last(admin):
    person, member = make_person(), make_member()
    seat = Appointment.objects.create(person=person, role="mayor", member=member, starts=day(-1), ends=day(1))
    assert [d for d in range(-3, 4) if seat.holds_on(day(d))] == [-1, 0]
    assert standing_of(fresh(person)).roles == {"mayor"}
    commands.end_appointment(actor=admin, appointment=seat, ends=day(0))
    assert standing_of(fresh(person)).roles == frozenset()


def test_the_mandate_ends_with_the_last_role_there(admin):
    member = make_member()
    person = make_person("mayor", member=member, votes=True)
    second = commands.appoint(actor=admin, person=person, role="clerk", member=member, starts=day(0))
    first = person.appointments.get(role="mayor")
    commands.end_appointment(actor=admin, appointment=first, ends=day(1))
    assert Mandate.objects.get().ends is None
    commands.end_appointment(actor=admin, appointment=second, ends=day(1))
    assert Mandate.objects.get().ends == day(1)


def test_an_administrator_cannot_lock_everybody_out(admin):
    with pytest.raises(ValidationError):
        commands.end_appointment(actor=admin, appointment=admin.appointments.get(), ends=day(1))
    with pytest.raises(ValidationError):
        commands.close_account(actor=admin, person=admin)


def test_somebody_who_leaves_keeps_nothing_but_what_they_wrote(admin, client):
    person = make_person("mayor", member=make_member(), votes=True)
    later = Appointment.objects.create(person=person, role="clerk", member=make_member(), starts=day(5))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    commands.close_account(actor=admin, person=person)
    assert client.get("/nieuws/").status_code == 302
    assert not Appointment.objects.on(day(0)).filter(person=person).exists()
    assert not Appointment.objects.filter(pk=later.pk).exists()  # it would never have held
    assert Mandate.objects.get().ends == day(0)
    commands.reopen_account(actor=admin, person=person)
    assert fresh(person).is_active and standing_of(fresh(person)).roles == frozenset()
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["person.dismissed", "person.dismissed", "person.closed", "person.reopened"]


def test_one_person_votes_and_the_one_before_stops(secretary):
    member = secretary.appointments.get().member
    first = make_person("mayor", member=member, votes=True)
    second = make_person("alderman", member=member)
    commands.give_mandate(actor=secretary, person=second, member=member, starts=day(0))
    assert standing_of(fresh(first)).votes_for == frozenset()
    assert standing_of(fresh(second)).votes_for == {member.pk}
    assert Mandate.objects.on(day(0)).count() == 1
    event = Event.objects.get(verb="mandate.given")
    assert (event.actor, event.on_behalf_of) == (secretary.pk, "member:GM9001")


def test_who_may_not_vote_gets_no_mandate(secretary):
    member = secretary.appointments.get().member
    for person in (make_person("official", member=member), make_person("mayor", member=make_member())):
        with pytest.raises(ValidationError) as error:
            commands.give_mandate(actor=secretary, person=person, member=member, starts=day(0))
        assert "person" in error.value.message_dict


def test_only_the_town_secretary_or_an_administrator_mandates(admin, secretary):
    member = secretary.appointments.get().member
    mayor = make_person("mayor", member=member)
    elsewhere = make_person("town_secretary", member=make_member())
    for actor in (mayor, elsewhere, make_person("adviser")):
        with pytest.raises(PermissionDenied):
            commands.give_mandate(actor=actor, person=mayor, member=member, starts=day(0))
    mandate = commands.give_mandate(actor=admin, person=mayor, member=member, starts=day(-1))
    with pytest.raises(PermissionDenied):
        commands.withdraw_mandate(actor=elsewhere, mandate=mandate)
    commands.withdraw_mandate(actor=secretary, mandate=mandate)
    assert Mandate.objects.get().ends == day(0)


# --- pages -----------------------------------------------------------------------------------------------


def test_people_are_found_by_name_address_and_role(as_admin):
    mayor = make_person("mayor", member=make_member(name="Onze"))
    for query in (f"q={mayor.name}", f"q={mayor.email}", "role=mayor"):
        page = as_admin.get(f"/mensen/?{query}").content.decode()
        assert mayor.email in page and "Burgemeester, Onze" in page
    assert mayor.email not in as_admin.get("/mensen/?role=clerk").content.decode()


def test_the_list_of_people_has_a_fixed_number_of_queries(as_admin):
    as_admin.get("/mensen/")
    counts = []
    for _ in range(2):
        for _ in range(5):
            make_person("mayor", member=make_member())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            as_admin.get("/mensen/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_adding_somebody_giving_a_role_and_ending_it(as_admin):
    member = make_member(name="Onze")
    made = as_admin.post("/mensen/nieuw/", {"name": "Nieuw", "email": "nieuw@example.test", "language": "nl"})
    person = Person.objects.get(email="nieuw@example.test")
    assert made.url == f"/mensen/{person.pk}/rol/"
    wrong = as_admin.post(made.url, {"role": "mayor", "starts": "2026-01-01"})
    assert wrong.status_code == 422 and "Geef aan waar" in wrong.content.decode()
    last = day(10)
    as_admin.post(
        made.url,
        {"role": "mayor", "member": member.pk, "starts": day(0).isoformat(), "last": last.isoformat()},
    )
    seat = person.appointments.get()
    assert seat.ends == last + timedelta(days=1)
    ended = as_admin.post(f"/mensen/rol/{seat.pk}/einde/", {"last": day(-5).isoformat()})
    assert ended.status_code == 422 and "De laatste dag moet na de eerste" in ended.content.decode()
    as_admin.post(f"/mensen/rol/{seat.pk}/einde/", {"last": day(0).isoformat()})
    seat.refresh_from_db()
    assert seat.ends == day(1)
    twice = as_admin.post("/mensen/nieuw/", {"name": "X", "email": "nieuw@example.test", "language": "nl"})
    assert twice.status_code == 422 and 'value="X"' in twice.content.decode()


def test_closing_and_opening_an_account(as_admin, admin):
    person = make_person("mayor", member=make_member())
    as_admin.post(f"/mensen/{person.pk}/sluiten/")
    assert not fresh(person).is_active
    as_admin.post(f"/mensen/{person.pk}/sluiten/")
    assert fresh(person).is_active
    as_admin.post(f"/mensen/{admin.pk}/sluiten/")
    assert fresh(admin).is_active
    assert "uw eigen account niet sluiten" in as_admin.get(f"/mensen/{admin.pk}/").content.decode()


def test_the_review_of_rights_as_page_and_csv(as_admin):
    mayor = make_person("mayor", member=make_member(name="Onze"), votes=True)
    Person.objects.filter(pk=mayor.pk).update(name="=1+1")  # a name is no formula
    page = as_admin.get("/mensen/rechten/").content.decode()
    assert mayor.email in page and "Beheerder van het bureau" in page
    assert mayor.email not in as_admin.get("/mensen/rechten/?special=1").content.decode()
    lines = b"".join(as_admin.get("/mensen/rechten/?format=csv").streaming_content).decode().splitlines()
    assert lines[0].startswith("\ufeffnaam,e-mailadres,rol,waar,")
    (row,) = [line for line in lines if mayor.email in line]
    assert row.startswith("'=1+1,") and ",Burgemeester,Onze,2020-01-01,,ja," in row
    administrator = Person.objects.get(appointments__role="administrator")
    commands.appoint(actor=administrator, person=mayor, role="adviser", starts=day(0))
    assert "is nu: Adviseur van het bureau" in as_admin.get("/mensen/rechten/").content.decode()


def test_the_town_secretary_gives_and_takes_back_the_mandate(client, secretary):
    member = secretary.appointments.get().member
    mayor = make_person("mayor", member=member)
    log_in(client, secretary)
    assert "Onze" in client.get("/mijn/mandaat/").content.decode()
    client.post("/mijn/mandaat/GM9001/", {"person": mayor.pk, "starts": day(0).isoformat()})
    mandate = Mandate.objects.get()
    assert mandate.person == mayor
    assert mayor.name in client.get("/mijn/mandaat/").content.decode()
    client.post("/mijn/mandaat/GM9001/", {"withdraw": mandate.pk})
    assert not Mandate.objects.on(day(0)).exists()
    other = make_person("mayor", member=make_member("GM9002"))
    wrong = client.post("/mijn/mandaat/GM9001/", {"person": other.pk, "starts": day(0).isoformat()})
    assert wrong.status_code == 422 and not Mandate.objects.on(day(0)).exists()
    assert client.get("/mijn/mandaat/GM9002/").status_code == 404


def test_colleagues_see_who_votes_and_cannot_change_it(client, secretary):
    member = secretary.appointments.get().member
    mayor = make_person("mayor", member=member, votes=True)
    log_in(client, make_person("official", member=member))
    page = client.get("/mijn/mandaat/GM9001/").content.decode()
    assert mayor.name in page and "<textarea" not in page and 'name="person"' not in page
    assert client.post("/mijn/mandaat/GM9001/", {"withdraw": Mandate.objects.get().pk}).status_code == 403


def test_an_administrator_sees_who_votes_for_every_member(as_admin, secretary):
    make_person("mayor", member=make_member(name="Andere"), votes=True)
    page = as_admin.get("/mijn/mandaat/").content.decode()
    assert "Onze" in page and "Andere" in page and "Namens 1 lid stemt nog niemand." in page


def test_history_of_roles_and_mandates_is_kept(secretary):
    member = secretary.appointments.get().member
    mayor = make_person("mayor", member=member)
    mandate = commands.give_mandate(actor=secretary, person=mayor, member=member, starts=day(0))
    commands.withdraw_mandate(actor=secretary, mandate=mandate)  # would never have held: the row goes
    kept = models.MandateEvent.objects.order_by("pgh_id").values_list("pgh_label", flat=True)
    assert not Mandate.objects.exists() and "insert" in kept
