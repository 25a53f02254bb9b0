"""Filling a seat: elections, acclamation, and what follows from either."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from omkering.decide import commands as votes
from omkering.decide.commands import candidacies, elections
from omkering.decide.models import Candidacy, NominationRound, Term, Vote
from omkering.decide.observers import observers_of, observes
from omkering.journal.models import Event
from omkering.thread.commands import announce
from omkering.who.models import Person
from omkering.who.standing import standing_of
from tests.decide.bodies_made import (
    NOT_NOW,
    counter,
    counter_over,
    denied,
    make_body,
    make_round,
    make_seat,
    member_of,
    news,
    nominating_body,
    plan_election,
    published,
    refused,
    sit,
    stand,
    vacancy_of,
)
from tests.decide.meetings import called, put
from tests.decide.votes import log_in, voter_of
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db


def weigher() -> Person:
    return make_person("committee_member", body=nominating_body())


def test_an_election_between_two_appoints_who_is_elected():
    adviser = make_adviser()
    seat = make_seat()
    before = sit(seat, starts=timezone.localdate() - timedelta(days=100))
    round = make_round(seat)
    vacancy = vacancy_of(round)
    nominee = stand(vacancy)
    published(round, nominee)
    refused(plan_election, vacancy=vacancy, adviser=adviser)  # members can still put up others
    rival = counter(vacancy, party_kind="national")
    counter_over(round)
    vote = plan_election(vacancy, adviser)
    assert vote.secret and [option["ref"] for option in vote.rule["ballot"]["options"]] == [
        nominee.pk,
        rival.pk,
    ]
    assert vacancy_of(round).state == "voting"
    refused(elections.acclaim, actor=adviser, vacancy=vacancy)
    refused(elections.leave_open, actor=adviser, vacancy=vacancy, reason=NOT_NOW)
    vote = votes.open_vote(actor=adviser, vote=vote)
    refused(candidacies.withdraw_candidacy, actor=rival.person, candidacy=rival)
    elected(vote, rival)
    vacancy = vacancy_of(round)
    term = Term.objects.get(appointment__person=rival.person)
    assert (vacancy.state, vacancy.term) == ("filled", term)
    assert (term.starts, term.party_kind, term.member) == (round.starts, "national", member_of(rival.person))
    before.refresh_from_db()
    assert before.ends == round.starts
    assert {row.pk: row.state for row in Candidacy.objects.all()} == {
        nominee.pk: "not_appointed",
        rival.pk: "appointed",
    }
    assert (
        news(rival.person)[-1] == "candidacy.appointed"
        and news(nominee.person)[-1] == "candidacy.not_appointed"
    )
    assert NominationRound.objects.get().state == "decided" and not observers_of(seat.body)


def elected(vote, candidacy) -> None:
    """What the vote tells when it is counted: the effect is the same whatever the ballots were."""
    announce(item=vote, milestone="vote.elected", actor=None, data={"refs": [candidacy.pk], "options": "x"})


def test_the_only_candidate_is_voted_for_or_against_and_counted():
    adviser, voter = make_adviser(), voter_of(make_member())
    round = make_round()
    nominee = stand(vacancy_of(round))
    published(round, nominee)
    counter_over(round)
    vote = votes.open_vote(actor=adviser, vote=plan_election(vacancy_of(round), adviser, secret=False))
    votes.cast_ballot(actor=voter, vote=vote, member=member_of(voter), choice="for")
    votes.close_vote(actor=adviser, vote=vote)
    assert vacancy_of(round).state == "filled" and Term.objects.get().appointment.person == nominee.person
    assert Event.objects.get(verb="vacancy.filled").data["by"] == "vote"


def test_who_is_rejected_is_not_appointed_and_a_tie_leaves_all_as_it_was():
    adviser, voter = make_adviser(), voter_of(make_member())
    other = voter_of(make_member())
    for second, state, candidate in (
        ("against", "not_filled", "not_appointed"),
        ("for", "open", "nominated"),
    ):
        seat = make_seat(make_body(f"cie-{second}", "committee"))
        round = make_round(seat)
        nominee = stand(vacancy_of(round))
        published(round, nominee)
        counter_over(round)
        vote = votes.open_vote(actor=adviser, vote=plan_election(vacancy_of(round), adviser, secret=False))
        votes.cast_ballot(actor=voter, vote=vote, member=member_of(voter), choice="against")
        votes.cast_ballot(actor=other, vote=vote, member=member_of(other), choice=second)
        votes.close_vote(actor=adviser, vote=vote)
        nominee.refresh_from_db()
        assert (vacancy_of(round).state, nominee.state) == (state, candidate), vote.result
    again = elections.live_vote(vacancy_of(round))  # the rule asks for a second vote on a tie
    assert again is not None and again.replaces == vote
    votes.withdraw_vote(actor=adviser, vote=again)
    assert plan_election(vacancy_of(round), adviser).state == "planned"


def test_acclamation_of_the_only_candidate():
    adviser = make_adviser()
    round = make_round()
    nominee = stand(vacancy_of(round))
    published(round, nominee)
    refused(elections.acclaim, actor=adviser, vacancy=vacancy_of(round))
    denied(elections.acclaim, actor=weigher(), vacancy=vacancy_of(round))
    counter_over(round)
    elections.acclaim(actor=adviser, vacancy=vacancy_of(round))
    elections.acclaim(actor=adviser, vacancy=vacancy_of(round))
    assert Event.objects.filter(verb="vacancy.filled").count() == Term.objects.count() == 1


def test_no_acclamation_where_somebody_else_stands():
    round = make_round()
    published(round, stand(vacancy_of(round)))
    counter(vacancy_of(round))
    counter_over(round)
    refused(elections.acclaim, actor=make_adviser(), vacancy=vacancy_of(round))


def test_a_choice_stands_where_the_term_cannot_begin():
    round = make_round()
    nominee = stand(vacancy_of(round))
    published(round, nominee)
    counter_over(round)
    Person.objects.filter(pk=nominee.person_id).update(is_active=False)
    elections.acclaim(actor=make_adviser(), vacancy=vacancy_of(round))
    vacancy = vacancy_of(round)
    assert (vacancy.state, vacancy.term) == ("filled", None) and not Term.objects.exists()


def test_an_observer_casts_no_ballot_and_holds_no_power():
    round = make_round()
    nominee = stand(vacancy_of(round))
    published(round, nominee)
    person = Person.objects.get(pk=nominee.person_id)
    assert round.owner_body_id not in standing_of(person).bodies
    candidacies.withdraw_candidacy(actor=person, candidacy=nominee)
    assert not observers_of(round.owner_body) and observes(person) == frozenset()


def test_a_seat_is_put_to_the_vote_in_a_meeting_from_its_page(client):
    adviser, vacancy = make_adviser(), vacancy_of(make_round())
    published(vacancy.nomination, stand(vacancy), adviser=adviser)
    counter(vacancy)
    counter_over(vacancy.nomination)
    meeting = called(adviser, title="Ledenvergadering die kiest")
    item = put(meeting, adviser, "Verkiezing", about=vacancy.item_ptr)
    log_in(client, adviser)
    address = reverse("decide:plan_election", args=[vacancy.pk])
    page = client.get(address)
    form = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    sent = {**form, "meeting": meeting.pk, "secret": "on", "rule_set_key": "persons"}
    for name in ("opens_at", "closes_at"):
        sent[name] = form[name].strftime("%Y-%m-%dT%H:%M")
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    vote = Vote.objects.get(about=vacancy.pk)
    assert (vote.meeting_id, vote.agenda_item_id, vote.secret) == (meeting.pk, item.pk, True)
