"""The ballot: for whom, when, how often, and what it may not bring along."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from omkering.decide import commands
from omkering.decide.models import Ballot
from omkering.journal.models import Event
from omkering.who.models import Mandate, Person
from tests.decide.votes import (
    make_proposal,
    mandate,
    members_with_voters,
    open_vote,
    past_its_time,
    plan,
    voter_of,
)
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db


def ballot_events():
    return Event.objects.filter(verb__startswith="ballot.").order_by("pk")


def test_a_ballot_has_a_receipt_that_says_what_was_voted_with_which_weight():
    [(member, voter)] = members_with_voters(12_345)
    vote = open_vote()
    receipt = commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    event = Event.objects.get(pk=receipt)
    assert (event.verb, event.subject, event.actor) == ("ballot.cast", vote.subject, voter.pk)
    assert event.on_behalf_of == f"member:{member.code}"
    assert event.data == {"choice": "for", "votes": 13}
    assert Ballot.objects.get().event_id == receipt


def test_a_vote_can_change_until_the_end_and_counts_once():
    [(member, voter)] = members_with_voters(12_345)
    adviser = make_adviser()
    vote = open_vote(adviser)
    receipts = [
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice=choice)
        for choice in ("for", "abstain", "against")
    ]
    assert len(set(receipts)) == 3
    assert [event.verb for event in ballot_events()] == ["ballot.cast", "ballot.changed", "ballot.changed"]
    vote = commands.close_vote(actor=adviser, vote=vote)
    assert vote.result["votes"] == {"for": 0, "against": 13, "abstain": 0}
    assert vote.result["heads"] == {"for": 0, "against": 1, "abstain": 0}


def test_sending_the_same_choice_twice_is_one_event_with_one_receipt():
    [(member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    first = commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for", seen=0)
    assert commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for", seen=0) == first
    assert ballot_events().count() == 1


def test_a_late_repeat_of_an_earlier_ballot_does_not_undo_the_change():
    [(member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    first = commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for", seen=0)
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="against", seen=first)
    with pytest.raises(ValidationError) as caught:
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for", seen=0)
    assert caught.value.code == "changed"
    assert Ballot.objects.get().choice == "against"


def test_a_colleague_with_a_mandate_may_take_over_with_a_receipt_of_their_own():
    [(member, voter)] = members_with_voters(1_000)
    colleague = voter_of(member)
    vote = open_vote()
    first = commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    second = commands.cast_ballot(actor=colleague, vote=vote, member=member, choice="for")
    assert first != second
    assert (Ballot.objects.get().person, Ballot.objects.count()) == (colleague, 1)


def test_somebody_with_two_mandates_votes_for_each_member():
    (one, voter), (two, _other) = members_with_voters(1_000, 2_000)
    mandate(voter, two)
    vote = open_vote()
    commands.cast_ballot(actor=voter, vote=vote, member=one, choice="for")
    commands.cast_ballot(actor=voter, vote=vote, member=two, choice="against")
    assert dict(Ballot.objects.values_list("entry__member_id", "choice")) == {
        one.pk: "for",
        two.pk: "against",
    }


def test_the_mandate_of_another_member_is_no_use():
    (_one, voter), (two, _other) = members_with_voters(1_000, 2_000)
    vote = open_vote()
    with pytest.raises(PermissionDenied):
        commands.cast_ballot(actor=voter, vote=vote, member=two, choice="for")
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("role", ["mayor", "adviser", "administrator"])
def test_a_role_alone_is_no_mandate(role):
    [(member, _voter)] = members_with_voters(1_000)
    person = make_person(role, member=member if role == "mayor" else None)
    with pytest.raises(PermissionDenied):
        commands.cast_ballot(actor=person, vote=open_vote(), member=member, choice="for")


@pytest.mark.parametrize("shift", [{"ends": 0}, {"ends": -30}, {"starts": 1}])
def test_a_mandate_that_ended_or_has_not_begun_is_no_use(shift):
    [(member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    today = timezone.localdate()
    Mandate.objects.update(**{name: today + timedelta(days=days) for name, days in shift.items()})
    with pytest.raises(PermissionDenied):
        commands.cast_ballot(actor=Person.objects.get(pk=voter.pk), vote=vote, member=member, choice="for")


def refused(voter, vote, member, choice="for") -> str:
    with pytest.raises(ValidationError) as caught:
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice=choice)
    assert not Ballot.objects.exists()
    assert not ballot_events().exists()
    error = caught.value
    return error.error_dict["choice"][0].code if hasattr(error, "error_dict") else error.code


def test_a_vote_that_is_not_open_yet():
    [(member, voter)] = members_with_voters(1_000)
    adviser = make_adviser()
    assert refused(voter, plan(make_proposal(adviser), adviser), member) == "not_open"


def test_a_vote_that_was_withdrawn():
    [(member, voter)] = members_with_voters(1_000)
    adviser = make_adviser()
    vote = commands.withdraw_vote(actor=adviser, vote=plan(make_proposal(adviser), adviser))
    assert refused(voter, vote, member) == "not_open"


def test_a_vote_that_is_closed():
    [(member, voter)] = members_with_voters(1_000)
    adviser = make_adviser()
    vote = open_vote(adviser)
    assert refused(voter, commands.close_vote(actor=adviser, vote=vote), member) == "not_open"
    assert refused(voter, vote, member) == "not_open"  # with what the page knew before


def test_after_the_closing_time_nothing_counts_though_the_clock_has_not_come_by():
    [(member, voter)] = members_with_voters(1_000)
    assert refused(voter, past_its_time(open_vote()), member) == "not_open"


def test_a_member_that_is_not_on_the_roll():
    make_member()
    vote = open_vote()
    late = make_member(starts=date(2023, 1, 1))
    assert refused(voter_of(late), vote, late) == "not_on_roll"


@pytest.mark.parametrize("choice", ["", "yes", "FOR", "for ", "absent", "for|against"])
def test_only_the_three_choices_are_choices(choice):
    [(member, voter)] = members_with_voters(1_000)
    assert refused(voter, open_vote(), member, choice) == "choice"
