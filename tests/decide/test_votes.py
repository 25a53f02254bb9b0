"""Proposals and votes from plan to result: who may, what is frozen, what is counted, who hears of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from omkering.decide import commands
from omkering.decide.commands.votes import roll_digest
from omkering.decide.models import Ballot, Proposal, ProposalState, RollEntry, Vote, VoteState
from omkering.journal.models import Event
from omkering.thread.models import Link, Notice, Visibility
from omkering.thread.queries import in_words
from omkering.who.models import Population
from tests.decide.votes import (
    DAY,
    make_proposal,
    make_source,
    members_with_voters,
    open_vote,
    past_its_time,
    plan,
)
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db


def news_of(person) -> list[str]:
    with translation.override("en"):
        return [in_words(notice).text for notice in Notice.objects.filter(person=person).order_by("pk")]


# --- proposals -------------------------------------------------------------------------------------------
def test_the_bureau_makes_a_proposal_and_the_sender_hears():
    sender, adviser = make_person("alderman", member=make_member()), make_adviser()
    source = make_source(author=sender)
    proposal = make_proposal(adviser, source=source)
    assert proposal.state == ProposalState.MADE
    assert proposal.visibility == Visibility.PUBLIC
    assert Link.objects.get(downstream=proposal).kind == "proposes"
    [text] = news_of(sender)
    assert "“Keuringen duren lang” led to a proposal: “Eén loket voor keuringen”" in text
    assert text.startswith("Your ")
    assert Event.objects.filter(verb="proposal.made", subject=proposal.subject, actor=adviser.pk).count() == 1


def test_a_proposal_from_something_confidential_is_for_all_members_and_not_for_all_the_world():
    assert make_proposal(source=make_source(visibility=Visibility.BUREAU)).visibility == Visibility.MEMBERS


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"text": "\n"}, "text"),
        ({"text": "a\0b"}, "text"),
    ],
)
def test_a_proposal_needs_words(texts, field):
    with pytest.raises(ValidationError) as caught:
        make_proposal(**texts)
    assert set(caught.value.message_dict) == {field}
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("role", ["alderman", "official", None])
def test_only_the_bureau_makes_proposals_and_handles_votes(role):
    person = make_person(role, member=make_member() if role else None)
    adviser = make_adviser()
    proposal = make_proposal(adviser)
    make_member()
    vote = plan(proposal, adviser)
    for attempt in (
        lambda: make_proposal(person),
        lambda: commands.edit_proposal(actor=person, proposal=proposal, title="x", text="y"),
        lambda: plan(proposal, person),
        lambda: commands.withdraw_vote(actor=person, vote=vote),
        lambda: commands.open_vote(actor=person, vote=vote),
        lambda: commands.close_vote(actor=person, vote=vote),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_a_text_is_edited_until_a_vote_on_it_was_opened():
    adviser = make_adviser()
    make_member()
    proposal = make_proposal(adviser)
    vote = plan(proposal, adviser)
    commands.edit_proposal(actor=adviser, proposal=proposal, title="Twee loketten", text="Nee, twee.")
    vote.refresh_from_db()
    assert vote.title == "Twee loketten"
    vote = commands.open_vote(actor=adviser, vote=vote)
    for closed in (False, True):
        if closed:
            commands.close_vote(actor=adviser, vote=vote)
        with pytest.raises(ValidationError, match=r"stays|blijft"):
            commands.edit_proposal(actor=adviser, proposal=proposal, title="Drie", text="Drie.")
    proposal.refresh_from_db()
    assert proposal.text == "Nee, twee."


# --- planning --------------------------------------------------------------------------------------------
def test_a_plan_keeps_the_rule_with_version_source_and_whether_it_was_verified():
    make_member()
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser, threshold_key="two-thirds", quorum_key="half-of-members")
    assert vote.rule["weight"]["key"] == "per-1000-cap-75"
    assert vote.rule["weight"]["version"] == 1
    assert vote.rule["weight"]["verified"] is False
    assert "statuten" in vote.rule["weight"]["source"]
    [threshold], [quorum] = vote.rule["thresholds"], vote.rule["quorums"]
    assert (threshold["numerator"], threshold["denominator"]) == (2, 3)
    assert quorum["of"] == "heads"


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"closes_at": timezone.now() - timedelta(minutes=1)}, "closes_at"),
        ({"opens_at": timezone.now() + timedelta(days=3)}, "closes_at"),
        ({"reference_date": date(2019, 1, 1)}, "reference_date"),
        ({"weight_rule_key": "by-the-moon"}, "weight_rule_key"),
        ({"threshold_key": "by-the-moon"}, "threshold_key"),
        ({"quorum_key": "by-the-moon"}, "quorum_key"),
    ],
)
def test_a_plan_with_a_fault_is_refused_at_its_field(choice, field):
    make_member()
    adviser = make_adviser()
    proposal = make_proposal(adviser)
    if "opens_at" in choice:
        choice = {**choice, "closes_at": timezone.now() + timedelta(days=2)}
    with pytest.raises(ValidationError) as caught:
        plan(proposal, adviser, **choice)
    assert set(caught.value.message_dict) == {field}
    assert not Vote.objects.exists()


def test_what_not_every_member_may_read_is_not_voted_on():
    make_member()
    adviser = make_adviser()
    with pytest.raises(ValidationError):
        plan(make_source(visibility=Visibility.BUREAU), adviser)


def test_one_vote_at_a_time_and_none_after_a_decision():
    adviser = make_adviser()
    [(member, voter)] = members_with_voters(1000)
    proposal = make_proposal(adviser)
    vote = plan(proposal, adviser)
    with pytest.raises(ValidationError):
        plan(proposal, adviser)
    commands.withdraw_vote(actor=adviser, vote=vote)
    vote = commands.open_vote(actor=adviser, vote=plan(proposal, adviser))
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    commands.close_vote(actor=adviser, vote=vote)
    with pytest.raises(ValidationError):
        plan(proposal, adviser)


def test_a_plan_can_change_until_it_is_opened():
    make_member()
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser)
    now = timezone.now()
    times = {"opens_at": now, "closes_at": now + timedelta(days=5), "reference_date": date(2022, 7, 1)}
    changed = commands.change_plan(actor=adviser, vote=vote, **times, threshold_key="two-thirds")
    assert changed.rule["thresholds"][0]["key"] == "two-thirds"
    commands.open_vote(actor=adviser, vote=changed)
    for attempt in (
        lambda: commands.change_plan(actor=adviser, vote=vote, **times),
        lambda: commands.withdraw_vote(actor=adviser, vote=vote),
        lambda: commands.open_vote(actor=adviser, vote=vote),
    ):
        with pytest.raises(ValidationError):
            attempt()


# --- opening ---------------------------------------------------------------------------------------------
def test_opening_freezes_the_roll_and_tells_everybody_who_may_vote():
    (small, first), (large, second) = members_with_voters(1_001, 900_000)
    adviser = make_adviser()
    outsider = make_person("official", member=small)
    vote = open_vote(adviser)
    weights = dict(vote.roll.values_list("member_id", "weight"))
    assert weights == {small.pk: 2, large.pk: 75}
    assert (
        vote.roll.get(member=large).groups["size_class"] != vote.roll.get(member=small).groups["size_class"]
    )
    assert "The vote on “Eén loket voor keuringen” is open" in news_of(first)[0]
    assert len(news_of(second)) == 1
    assert news_of(outsider) == []
    assert Proposal.objects.get().state == ProposalState.VOTING
    event = Event.objects.get(verb="vote.opened")
    assert (event.data["members"], event.data["votes"]) == (2, 77)
    assert event.data["roll_sha256"] == roll_digest(list(vote.roll.select_related("member")))


def test_the_roll_stays_as_it_was_when_the_population_changes_later():
    [(member, voter)] = members_with_voters(1_000)
    adviser = make_adviser()
    vote = open_vote(adviser)
    Population.objects.update(inhabitants=70_000)
    Population.objects.create(member=member, day=DAY, inhabitants=50_000, source="later")
    make_member(inhabitants=9_000)
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="against")
    closed = commands.close_vote(actor=adviser, vote=vote)
    assert closed.result["votes"] == {"for": 0, "against": 1, "abstain": 0}
    assert closed.result["roll"] == {"votes": 1, "heads": 1}


def test_a_member_without_population_stops_the_opening():
    member = make_member(name="Nergenshuizen")
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser)
    Population.objects.all().delete()
    with pytest.raises(ValidationError) as caught:
        commands.open_vote(actor=adviser, vote=vote)
    assert member.name in str(caught.value)
    assert not RollEntry.objects.exists()


def test_the_database_itself_keeps_roll_rule_ballots_and_result():
    [(member, voter)] = members_with_voters(1_000)
    adviser = make_adviser()
    vote = open_vote(adviser)
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")

    def refused(change) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    refused(lambda: RollEntry.objects.update(weight=99))
    refused(lambda: RollEntry.objects.all().delete())
    refused(lambda: Ballot.objects.all().delete())
    refused(lambda: Vote.objects.update(rule={}))
    refused(lambda: Vote.objects.update(reference_date=date(2023, 1, 1)))
    commands.close_vote(actor=adviser, vote=vote)
    refused(lambda: Vote.objects.update(result={}))


# --- the clock -------------------------------------------------------------------------------------------
def test_a_vote_opens_and_closes_by_itself():
    [(member, voter)] = members_with_voters(1_000)
    adviser = make_adviser()
    later = plan(make_proposal(adviser), adviser, opens_at=timezone.now() + timedelta(hours=1))
    vote = plan(make_proposal(adviser, title="Nu"), adviser)
    assert commands.open_and_close_due() == (1, 0)
    assert commands.open_and_close_due() == (0, 0)
    later.refresh_from_db()
    assert later.state == VoteState.PLANNED
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    past_its_time(vote)
    assert commands.open_and_close_due() == (0, 1)
    vote.refresh_from_db()
    assert (vote.state, vote.outcome) == (VoteState.CLOSED, "adopted")
    assert Event.objects.get(verb="vote.closed").actor is None


def test_one_vote_that_cannot_open_does_not_hold_up_another():
    member = make_member()
    adviser = make_adviser()
    stuck = plan(make_proposal(adviser), adviser, reference_date=date(2022, 1, 1))
    fine = plan(make_proposal(adviser, title="Nu"), adviser)
    Population.objects.filter(member=member).update(day=date(2022, 3, 1))
    assert commands.open_and_close_due() == (1, 0)
    stuck.refresh_from_db()
    fine.refresh_from_db()
    assert (stuck.state, fine.state) == (VoteState.PLANNED, VoteState.OPEN)


def test_the_clock_does_nothing_before_its_time():
    make_member()
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser, opens_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(ValidationError):
        commands.open_vote(actor=None, vote=vote)
    commands.open_vote(actor=adviser, vote=vote)
    with pytest.raises(ValidationError):
        commands.close_vote(actor=None, vote=vote)


# --- closing ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("choices", "rule", "outcome"),
    [
        (["for", "for", "against"], {}, "adopted"),
        (["for", "against", "against"], {}, "rejected"),
        (["for", "against", None], {}, "tie"),
        ([None, None, None], {}, "rejected"),
        (["abstain", "abstain", None], {}, "rejected"),
        (["for", "for", "against"], {"threshold_key": "two-thirds"}, "adopted"),
        (["for", "for", "against"], {"threshold_key": "three-quarters"}, "rejected"),
        (["for", None, None], {"quorum_key": "half-of-members"}, "no_quorum"),
    ],
)
def test_the_outcome_follows_the_rule_and_the_proposal_says_so(choices, rule, outcome):
    people = members_with_voters(3_000, 3_000, 3_000)
    adviser = make_adviser()
    vote = open_vote(adviser, **rule)
    for (member, voter), choice in zip(people, choices, strict=True):
        if choice:
            commands.cast_ballot(actor=voter, vote=vote, member=member, choice=choice)
    vote = commands.close_vote(actor=adviser, vote=vote)
    assert vote.outcome == outcome
    assert Proposal.objects.get().state == outcome
    assert vote.result["absent"] == choices.count(None)
    [link] = Link.objects.filter(downstream=vote)
    assert (link.upstream_id, link.kind) == (vote.about_id, "decided_in")


def test_two_thirds_are_not_rounded():
    people = members_with_voters(*[1_000] * 1, *[75_000] * 13, 24_000)  # 1,000 votes in all
    adviser = make_adviser()
    vote = open_vote(adviser, threshold_key="two-thirds")
    for member, voter in people[:9]:  # 1 + 8 × 75 = 601 for
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    for member, voter in people[9:]:
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice="against")
    vote = commands.close_vote(actor=adviser, vote=vote)
    assert (vote.result["base"], vote.result["required"], vote.outcome) == (1000, 667, "rejected")


def test_every_sender_hears_what_was_decided():
    (member, voter), (_other, second) = members_with_voters(7_000, 5_000)
    adviser = make_adviser()
    sender, follower = make_person("official", member=member), make_person("official", member=member)
    source = make_source(author=sender)
    source.follows.create(person=follower)
    vote = open_vote(adviser, source=source)
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    commands.cast_ballot(actor=second, vote=vote, member=_other, choice="against")
    commands.close_vote(actor=None, vote=past_its_time(vote))
    decided = news_of(sender)[-1]
    assert decided.startswith("Your ")
    assert "“Keuringen duren lang” led to a decision" in decided
    assert "adopted with 7 of the 12 votes that counted" in decided
    assert news_of(follower)[-1].startswith("“Keuringen duren lang” led to a decision")


def test_closing_twice_counts_once():
    make_member()
    adviser = make_adviser()
    vote = open_vote(adviser)
    commands.close_vote(actor=adviser, vote=vote)
    with pytest.raises(ValidationError):
        commands.close_vote(actor=adviser, vote=vote)
    assert Event.objects.filter(verb="vote.closed").count() == 1
