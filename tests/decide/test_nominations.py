"""Nomination rounds from vacancy to appointment, through the commands."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from omkering.decide.commands import candidacies, elections, nominations, weighing
from omkering.decide.models import Candidacy, NominationRound, Recommendation
from omkering.decide.observers import observers_of, observes
from omkering.thread.models import Item, Visibility
from omkering.who.models import Organisation, Person
from omkering.who.standing import standing_of
from tests.decide.bodies_made import (
    MOTIVATION,
    NOT_NOW,
    REASON,
    alderman,
    closed,
    counter,
    counter_over,
    denied,
    make_body,
    make_round,
    make_seat,
    news,
    nominating_body,
    published,
    refused,
    stand,
    vacancy_of,
)
from tests.decide.votes import voter_of
from tests.people import make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db


def weigher() -> Person:
    return make_person("committee_member", body=nominating_body())


# --- the round -------------------------------------------------------------------------------------------
def test_a_round_is_for_the_bureau_until_it_opens():
    voter = voter_of(make_member())
    secretary = make_person("network_secretary", network=make_network("g4"))
    round = make_round(state="planned")
    visible = Item.objects.visible_to(standing_of(voter), voter.pk)
    assert not visible.exists() and round.visibility == Visibility.BUREAU
    nominations.open_nomination(actor=make_adviser(), nomination=round)
    assert {item.kind for item in visible.all()} == {"nomination", "vacancy"}
    assert news(voter) == news(secretary) == ["nomination.opened"]
    assert vacancy_of(round).title == "Zetel 1 in Bestuur"


def test_a_round_is_planned_for_seats_of_one_body_that_nobody_fills_yet():
    seat, other = make_seat(), make_seat(make_body("cie", "committee"))
    for seats in ([], [seat, other]):
        now = timezone.now()
        refused(
            nominations.plan_nomination, "seats", actor=make_adviser(), body=seat.body,
            nominating_body=nominating_body(), seats=seats, title="Een ronde",
            opens_at=now, closes_at=now + timedelta(days=1),
            starts=timezone.localdate() + timedelta(days=9),
        )  # fmt: skip
    make_round(seat)
    with pytest.raises(ValidationError) as error:
        make_round(seat)
    assert "seats" in error.value.message_dict


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("closes_at", {"closes_at": timezone.now()}),
        ("starts", {"starts": timezone.localdate()}),
        ("title", {"title": "Nee"}),
        ("profile_note", {"profile_note": "Mail naar jan@example.org"}),
    ],
)
def test_a_round_with_a_fault_names_its_field(field, fields):
    with pytest.raises(ValidationError) as error:
        make_round(**fields)
    assert field in error.value.message_dict


def test_the_nominating_body_has_seats():
    with pytest.raises(ValidationError) as error:
        make_round(nominating_body=make_body("alv", "assembly"))
    assert "nominating_body" in error.value.message_dict


def test_an_older_version_is_refused_and_who_weighs_stays_once_open():
    round, adviser = make_round(), make_adviser()
    fields = {
        name: getattr(round, name)
        for name in ("nominating_body", "title", "opens_at", "closes_at", "starts", "profile_note")
    }
    again = nominations.change_nomination(
        actor=adviser, nomination=round, version=1, **{**fields, "title": "Nieuwe mensen in het bestuur"}
    )
    assert (again.version, again.title) == (2, "Nieuwe mensen in het bestuur")
    with pytest.raises(ValidationError) as error:
        nominations.change_nomination(actor=adviser, nomination=round, version=1, **fields)
    assert error.value.code == "changed"
    refused(
        nominations.change_nomination, "nominating_body", actor=adviser, nomination=round, version=2,
        **{**fields, "nominating_body": round.owner_body},
    )  # fmt: skip


def test_the_clock_opens_and_closes_a_round():
    round = make_round(state="planned")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert nominations.open_and_close_due_nominations() == (0, 0)
        NominationRound.objects.update(opens_at=timezone.now() - timedelta(days=2))
        assert nominations.open_and_close_due_nominations() == (1, 0)
        NominationRound.objects.update(closes_at=timezone.now() - timedelta(days=1))
        refused(stand, vacancy=vacancy_of(round))  # the moment itself, whether or not the clock came by
        assert nominations.open_and_close_due_nominations() == (0, 1)
        assert nominations.open_and_close_due_nominations() == (0, 0)
        del clock
    assert NominationRound.objects.get().state == "weighing"


def test_a_round_is_called_off_with_a_reason_that_candidates_hear():
    round, adviser = make_round(), make_adviser()
    row = stand(vacancy_of(round))
    nominations.withdraw_nomination(actor=adviser, nomination=round, reason="De zetel vervalt toch.")
    nominations.withdraw_nomination(actor=adviser, nomination=round, reason="De zetel vervalt toch.")
    row.refresh_from_db()
    assert row.state == "withdrawn" and news(row.person) == ["nomination.withdrawn"]
    assert vacancy_of(round).state == "not_filled"
    make_round(round.vacancies.get().seat)  # the seat can be filled in another one


# --- candidates ------------------------------------------------------------------------------------------
def test_somebody_comes_forward_and_changes_what_they_wrote():
    round, person = make_round(), alderman()
    vacancy = vacancy_of(round)
    row = stand(vacancy, person)
    again = stand(
        vacancy, person, motivation="Ik heb het nog eens overdacht en wil dit graag doen.", party_kind="none"
    )
    assert again.pk == row.pk and again.party_kind == "none" and Candidacy.objects.count() == 1
    withdrawn = candidacies.withdraw_candidacy(actor=person, candidacy=row)
    assert withdrawn.state == "withdrawn"
    assert candidacies.withdraw_candidacy(actor=person, candidacy=row).ended_at == withdrawn.ended_at
    assert stand(vacancy, person).pk != row.pk


def test_one_comes_forward_for_oneself_from_ones_own_member_where_the_seat_fits():
    member, other = make_member(), make_member()
    vacancy = vacancy_of(make_round(make_seat(profile="mayor")))
    refused(stand, "member", vacancy=vacancy, person=alderman(member))
    denied(stand, vacancy=vacancy, person=make_person("mayor", member=member), member=other)
    for person in (make_adviser(), make_person("network_secretary", network=make_network("g4"))):
        denied(stand, vacancy=vacancy, person=person, member=member)
    mayor = make_person("mayor", member=member)
    for field, fields in (("motivation", {"motivation": "Graag."}), ("party_kind", {"party_kind": "rood"})):
        refused(stand, field, vacancy=vacancy, person=mayor, **fields)
    assert stand(vacancy, mayor).role == "mayor"


def test_a_candidate_asks_its_networks_and_they_alone_recommend():
    member = make_member()
    own, other = make_network("afdeling", member, kind="chapter"), make_network("ander")
    secretary, stranger = (make_person("network_secretary", network=network) for network in (own, other))
    vacancy, person = vacancy_of(make_round()), alderman(member)
    refused(stand, "networks", vacancy=vacancy, person=person, networks=[other])
    row = stand(vacancy, person, networks=[own])
    assert news(secretary) == ["nomination.opened", "recommendation.asked"] and news(stranger) == [
        "nomination.opened"
    ]
    denied(candidacies.recommend, actor=stranger, candidacy=row, network=own, text=REASON)
    refused(candidacies.recommend, actor=stranger, candidacy=row, network=other, text=REASON)
    given = candidacies.recommend(actor=secretary, candidacy=row, network=own, text=REASON)
    assert candidacies.recommend(actor=secretary, candidacy=row, network=own, text=REASON).pk == given.pk
    assert news(person) == ["recommendation.given"]
    denied(candidacies.withdraw_recommendation, actor=stranger, recommendation=given)
    candidacies.withdraw_recommendation(actor=secretary, recommendation=given)
    assert Recommendation.objects.get().withdrawn_at


def test_a_network_that_is_no_longer_asked_cannot_recommend():
    member = make_member()
    own = make_network("afdeling", member)
    secretary = make_person("network_secretary", network=own)
    vacancy, person = vacancy_of(make_round()), alderman(member)
    row = stand(vacancy, person, networks=[own])
    stand(vacancy, person, networks=[])
    refused(candidacies.recommend, actor=secretary, candidacy=row, network=own, text=REASON)


def test_the_bureau_records_what_an_association_outside_recommends():
    row = stand(vacancy_of(make_round()))
    party = Organisation.objects.create(key="beroep", names={"nl": "Beroepsvereniging"}, kind="civil_society")
    denied(candidacies.record_recommendation, actor=weigher(), candidacy=row, organisation=party, text=REASON)
    given = candidacies.record_recommendation(
        actor=make_adviser(), candidacy=row, organisation=party, text=REASON
    )
    assert (given.organisation, given.network) == (party, None) and given.given_at


# --- nominations -----------------------------------------------------------------------------------------
def test_one_nomination_for_each_seat_and_an_answer_for_everybody():
    round, adviser = make_round(), make_adviser()
    one, two = stand(vacancy_of(round)), stand(vacancy_of(round))
    refused(weighing.nominate, actor=adviser, candidacy=one, reason=REASON)  # they can still come forward
    closed(round)
    refused(
        weighing.publish_nominations,
        actor=adviser,
        nomination=round,
        version=1,
        counter_until=timezone.now() + timedelta(days=1),
    )
    member = weigher()
    weighing.nominate(actor=member, candidacy=one, reason=REASON)
    weighing.nominate(actor=member, candidacy=two, reason=REASON)
    one.refresh_from_db()
    assert (one.state, one.reason) == ("put_forward", "")
    refused(
        weighing.publish_nominations,
        actor=adviser,
        nomination=round,
        version=1,
        counter_until=timezone.now() + timedelta(days=1),
    )
    weighing.answer_candidate(actor=member, candidacy=one, reason=NOT_NOW)
    assert news(one.person) == news(two.person) == [] and not observers_of(round.owner_body)
    refused(
        weighing.publish_nominations,
        "counter_until",
        actor=adviser,
        nomination=round,
        version=1,
        counter_until=timezone.now(),
    )
    done = weighing.publish_nominations(
        actor=adviser, nomination=round, version=1, counter_until=timezone.now() + timedelta(days=1)
    )
    assert done.state == "nominated"
    assert news(one.person) == ["candidacy.not_nominated"] and news(two.person) == ["candidacy.nominated"]
    one.refresh_from_db()
    assert (one.state, one.shown_reason) == ("not_nominated", NOT_NOW)
    assert observers_of(round.owner_body) == [two.person]
    assert (
        observes(two.person) == {round.owner_body_id}
        and observes(one.person) == observes(None) == frozenset()
    )


def test_the_answer_is_not_known_before_the_nominations_are_out():
    round = make_round()
    row = stand(vacancy_of(round))
    closed(round)
    weighing.nominate(actor=weigher(), candidacy=row, reason=REASON)
    row = Candidacy.objects.get(pk=row.pk)
    assert (row.shown_state, row.shown_reason) == ("put_forward", "")


def test_who_weighs_and_who_stands_in_the_same_round():
    round = make_round(make_seat(), make_seat())
    first, second = round.vacancies.order_by("pk")
    row = stand(first)
    insider = alderman()
    judge = make_person("committee_member", body=nominating_body())
    both = alderman()
    both.appointments.create(role="committee_member", body=nominating_body(), starts=timezone.localdate())
    stand(second, both)
    closed(round)
    for person in (
        insider,
        both,
        row.person,
        make_person("committee_member", body=make_body("cie", "committee")),
    ):
        denied(weighing.nominate, actor=person, candidacy=row, reason=REASON)
        denied(weighing.answer_candidate, actor=person, candidacy=row, reason=NOT_NOW)
        denied(weighing.nominate_nobody, actor=person, vacancy=first, reason=NOT_NOW)
        denied(
            weighing.publish_nominations,
            actor=person,
            nomination=round,
            version=1,
            counter_until=timezone.now(),
        )
    assert weighing.nominate(actor=judge, candidacy=row, reason=REASON).state == "nominated"


def test_a_seat_without_a_nomination_says_why():
    round, adviser = make_round(), make_adviser()
    closed(round)
    refused(
        weighing.publish_nominations,
        actor=adviser,
        nomination=round,
        version=1,
        counter_until=timezone.now() + timedelta(days=1),
    )
    done = published(round, adviser=adviser)
    assert done.state == "nominated" and vacancy_of(round).open_reason
    elections.leave_open(actor=adviser, vacancy=vacancy_of(round), reason="Wij zoeken verder in het najaar.")
    assert NominationRound.objects.get().state == "decided" and vacancy_of(round).state == "not_filled"


# --- counter-candidates ----------------------------------------------------------------------------------
def test_a_member_puts_up_one_of_its_own_people_who_must_agree():
    round = make_round()
    vacancy, nominee = vacancy_of(round), stand(vacancy_of(round))
    published(round, nominee)
    member = make_member()
    voter, person = voter_of(member), alderman(member)
    fields = {"member": member, "vacancy": vacancy, "person": person, "motivation": MOTIVATION}
    denied(candidacies.put_up, actor=person, **fields)
    refused(candidacies.put_up, "person", actor=voter, **{**fields, "person": alderman()})
    row = candidacies.put_up(actor=voter, **fields)
    assert candidacies.put_up(actor=voter, **fields) == row
    assert row.state == "asked" and news(person) == ["candidacy.asked"]
    assert "vacancy.counter_candidate" not in news(nominee.person)
    denied(candidacies.answer_put_up, actor=voter, candidacy=row, agree=True)
    candidacies.answer_put_up(actor=person, candidacy=row, agree=True)
    assert Candidacy.objects.get(pk=row.pk).state == "counter"
    assert "vacancy.counter_candidate" in news(nominee.person)


def test_who_does_not_want_to_stand_is_known_to_nobody():
    round = make_round()
    vacancy = vacancy_of(round)
    published(round, stand(vacancy))
    member = make_member()
    voter, person = voter_of(member), alderman(member)
    row = candidacies.put_up(
        actor=voter, member=member, vacancy=vacancy, person=person, motivation=MOTIVATION
    )
    candidacies.answer_put_up(actor=person, candidacy=row, agree=False)
    refused(candidacies.answer_put_up, actor=person, candidacy=row, agree=True)
    assert elections.candidates_for_vote(vacancy) == list(Candidacy.objects.filter(state="nominated"))


def test_who_was_not_nominated_may_be_put_up_and_after_the_moment_nobody():
    round = make_round()
    vacancy, member = vacancy_of(round), make_member()
    person = voter_of(member)
    nominee, other = stand(vacancy), stand(vacancy, person)
    published(round, nominee)
    row = counter(vacancy, person)
    assert (row.pk, row.state, row.reason) == (other.pk, "counter", "")
    counter_over(round)
    refused(counter, vacancy=vacancy)
