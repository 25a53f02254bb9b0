"""Ballots of a round: saved as one goes, handed in as a whole, refused with a sentence and nothing lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.agenda.commands.priority_ballots import ballot_digest, hand_in, save_draft
from omkering.agenda.commands.rounds import close_round
from omkering.agenda.models import PriorityBallot, RoundLine
from omkering.journal.models import Event
from omkering.who.models import Mandate
from tests.agenda.rounds import (
    choose,
    line_of,
    make_body,
    members_with_voters,
    open_with,
    past_its_time,
    plan,
    with_candidates,
)
from tests.people import LONG_AGO, make_adviser, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def member_and_voter():
    return members_with_voters(12_345)[0]


def words(error) -> str:
    return " ".join(error.value.messages)


# --- saved as one goes -----------------------------------------------------------------------------------
def test_only_what_changed_is_saved_and_the_same_again_is_the_same(member_and_voter):
    member, voter = member_and_voter
    round, (one, two, three) = open_with()
    line = line_of(round, member)
    save_draft(actor=voter, line=line, changes={one.pk: 1})
    save_draft(actor=voter, line=line, changes={two.pk: 1})
    ballot = save_draft(actor=voter, line=line, changes={two.pk: 1, three.pk: 0})
    assert ballot.draft == {str(one.pk): 1, str(two.pk): 1}
    assert save_draft(actor=voter, line=line, changes={one.pk: 0}).draft == {str(two.pk): 1}
    assert ballot.cast is None and not Event.objects.filter(verb__startswith="priorities").exists()


def test_a_request_that_comes_late_does_not_undo_a_newer_one(member_and_voter):
    """Each request of a page holds what was not confirmed before it, so an older one that is late adds nothing."""
    member, voter = member_and_voter
    round, (one, two, _three) = open_with()
    line = line_of(round, member)
    save_draft(actor=voter, line=line, changes={one.pk: 0, two.pk: 1}, page="a", number=2)
    late = save_draft(actor=voter, line=line, changes={one.pk: 1}, page="a", number=1)
    assert late.draft == {str(two.pk): 1}
    elsewhere = save_draft(actor=voter, line=line, changes={one.pk: 1}, page="b", number=1)
    assert elsewhere.draft == {str(one.pk): 1, str(two.pk): 1}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_lost_or_comes_late_the_last_confirmed_state_is_that_of_the_page(member_and_voter, data):
    """A page sends what was not confirmed; some requests never arrive, some twice, some late. The last one arrives."""
    PriorityBallot.objects.all().update(draft={}, marks={})
    member, voter = member_and_voter
    line = RoundLine.objects.filter(member=member).first()
    if line is None:
        round, candidates = open_with()
        line = line_of(round, member)
    else:
        candidates = list(line.round.candidates.order_by("position"))
    shown: dict[int, int] = {}
    waiting: dict[int, int] = {}
    sent = []
    for number in range(1, data.draw(st.integers(1, 6)) + 1):
        candidate = data.draw(st.sampled_from(candidates)).pk
        shown[candidate] = waiting[candidate] = data.draw(st.integers(0, 1))
        sent.append((number, dict(waiting)))
        if data.draw(st.booleans()):  # it arrived, and the page heard so
            save_draft(actor=voter, line=line, changes=dict(waiting), page="p", number=number)
            waiting.clear()
    save_draft(actor=voter, line=line, changes=dict(waiting), page="p", number=len(sent) + 1)
    for number, changes in data.draw(st.permutations(sent)):
        save_draft(actor=voter, line=line, changes=changes, page="p", number=number)
    kept = PriorityBallot.objects.get(line=line).draft
    assert kept == {str(pk): value for pk, value in shown.items() if value}


def test_points_above_what_there_is_are_kept_while_one_goes_and_refused_when_handing_in(member_and_voter):
    member, voter = member_and_voter
    round, (one, two, _three) = open_with(ballot_kind="points", points=10)
    line = line_of(round, member)
    ballot = {one.pk: 8, two.pk: 5}
    assert save_draft(actor=voter, line=line, changes=ballot).draft == {str(one.pk): 8, str(two.pk): 5}
    with pytest.raises(ValidationError) as error:
        hand_in(actor=voter, line=line, ballot=ballot)
    assert (
        words(error) == "U gaf 3 punten meer dan de 10 die er zijn. Haal die ergens weg, en lever opnieuw in."
    )
    kept = PriorityBallot.objects.get()
    assert kept.draft == {str(one.pk): 8, str(two.pk): 5} and kept.cast is None
    assert hand_in(actor=voter, line=line, ballot={one.pk: 6, two.pk: 4})


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("approval", 2, "Vink"),
        ("points", 11, "heel aantal punten"),
        ("points", -1, "heel aantal"),
        ("ranking", 4, "een plaats van 1"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(member_and_voter, kind, value, said):
    member, voter = member_and_voter
    round, (one, *_others) = open_with(ballot_kind=kind, points=10 if kind == "points" else None)
    for command in (
        lambda: save_draft(actor=voter, line=line_of(round, member), changes={one.pk: value}),
        lambda: hand_in(actor=voter, line=line_of(round, member), ballot={one.pk: value}),
    ):
        with pytest.raises(ValidationError) as error:
            command()
        assert said in words(error) and "Opgave 0" in words(error)


def test_a_candidate_of_another_round_or_one_taken_out_is_refused(member_and_voter):
    member, voter = member_and_voter
    adviser = make_adviser()
    round, _candidates = open_with(adviser)
    stranger = with_candidates(plan(adviser), adviser, 1)[0]
    with pytest.raises(ValidationError) as error:
        hand_in(actor=voter, line=line_of(round, member), ballot={stranger.pk: 1})
    assert "geen kandidaat in deze ronde" in words(error)


# --- handing in ------------------------------------------------------------------------------------------
def test_a_ballot_is_handed_in_with_a_receipt_that_proves_it_and_may_be_replaced(member_and_voter):
    member, voter = member_and_voter
    round, (one, two, _three) = open_with()
    line = line_of(round, member)
    first = choose(round, member, voter, one)
    event = Event.objects.get(pk=first)
    assert (event.verb, event.actor, event.on_behalf_of) == (
        "priorities.handed_in",
        voter.pk,
        f"member:{member.code}",
    )
    assert event.data == {"votes": 13, "ballot": {str(one.pk): 1}}
    second = choose(round, member, voter, one, two)
    assert Event.objects.get(pk=second).verb == "priorities.changed"
    kept = PriorityBallot.objects.get(line=line)
    assert kept.cast == kept.draft == {str(one.pk): 1, str(two.pk): 1} and kept.event_id == second


def test_a_double_click_is_one_ballot_with_one_receipt(member_and_voter):
    member, voter = member_and_voter
    round, (one, *_others) = open_with()
    receipts = {choose(round, member, voter, one) for _click in range(3)}
    assert len(receipts) == 1
    assert Event.objects.filter(verb__startswith="priorities").count() == 1


def test_the_draft_may_differ_from_what_was_handed_in_and_does_not_count(member_and_voter):
    member, voter = member_and_voter
    adviser = make_adviser()
    round, (one, two, _three) = open_with(adviser)
    choose(round, member, voter, one)
    save_draft(actor=voter, line=line_of(round, member), changes={one.pk: 0, two.pk: 1})
    assert close_round(actor=adviser, round=round).result["selected"] == [one.pk]


def test_an_empty_ballot_is_refused(member_and_voter):
    member, voter = member_and_voter
    round, (one, *_others) = open_with()
    with pytest.raises(ValidationError) as error:
        hand_in(actor=voter, line=line_of(round, member), ballot={one.pk: 0})
    assert "minstens één kandidaat" in words(error)


def test_an_order_counts_without_gaps_and_two_on_one_place_are_refused(member_and_voter):
    member, voter = member_and_voter
    round, (one, two, three) = open_with(ballot_kind="ranking")
    line = line_of(round, member)
    with pytest.raises(ValidationError) as error:
        hand_in(actor=voter, line=line, ballot={one.pk: 2, two.pk: 2})
    assert "“Opgave 0” en “Opgave 1” hebben dezelfde plaats" in words(error)
    hand_in(actor=voter, line=line, ballot={three.pk: 1, one.pk: 3})
    assert PriorityBallot.objects.get().cast == {str(three.pk): 1, str(one.pk): 2}


def test_what_a_colleague_handed_in_since_is_not_overwritten_unseen(member_and_voter):
    member, voter = member_and_voter
    colleague = make_person("clerk", member=member)
    Mandate.objects.create(person=colleague, member=member, starts=LONG_AGO)
    round, (one, two, _three) = open_with()
    line = line_of(round, member)
    theirs = choose(round, member, colleague, one)
    with pytest.raises(ValidationError) as error:
        hand_in(actor=voter, line=line, ballot={two.pk: 1}, seen=0)
    assert error.value.code == "changed"
    assert hand_in(actor=voter, line=line, ballot={two.pk: 1}, seen=theirs) != theirs
    assert PriorityBallot.objects.get().person == voter


# --- who, and when ---------------------------------------------------------------------------------------
def test_only_who_holds_the_mandate_chooses_for_a_member(member_and_voter):
    member, voter = member_and_voter
    [(_other, stranger)] = members_with_voters(5_000)
    round, (one, *_others) = open_with()
    line = line_of(round, member)
    for person in (stranger, make_adviser(), make_person("mayor", member=member)):
        for command in (
            lambda person=person: save_draft(actor=person, line=line, changes={one.pk: 1}),
            lambda person=person: hand_in(actor=person, line=line, ballot={one.pk: 1}),
        ):
            with pytest.raises(PermissionDenied):
                command()
    Mandate.objects.filter(person=voter).update(ends=timezone.localdate())
    with pytest.raises(PermissionDenied):
        hand_in(actor=type(voter).objects.get(pk=voter.pk), line=line, ballot={one.pk: 1})


def test_in_a_body_each_chooses_for_their_own_seat_and_the_log_holds_only_what_proves_it():
    body = make_body(seats=2)
    round, (one, *_others) = open_with(electorate="body", electing_body=body)
    first, second = round.roll.select_related("person").order_by("pk")
    with pytest.raises(PermissionDenied):
        hand_in(actor=first.person, line=second, ballot={one.pk: 1})
    receipt = hand_in(actor=first.person, line=first, ballot={one.pk: 1})
    event = Event.objects.get(pk=receipt)
    assert event.on_behalf_of == f"body:{body.key}"
    salt = PriorityBallot.objects.get(event_id=event.pk).salt
    assert len(salt) == 32
    assert event.data == {"votes": 1, "ballot_sha256": ballot_digest({str(one.pk): 1}, salt)}


def test_after_closing_nothing_is_taken_and_what_was_handed_in_before_stays(member_and_voter):
    member, voter = member_and_voter
    round, (one, two, _three) = open_with()
    line = line_of(round, member)
    choose(round, member, voter, one)
    past_its_time(round)  # the clock has not come by yet
    for command in (
        lambda: save_draft(actor=voter, line=line, changes={two.pk: 1}),
        lambda: hand_in(actor=voter, line=line, ballot={two.pk: 1}),
    ):
        with pytest.raises(ValidationError) as error:
            command()
        assert error.value.code == "not_open"
        assert "telt niet mee; wat u ervoor inleverde wel" in words(error)
    assert PriorityBallot.objects.get().cast == {str(one.pk): 1}


def test_before_opening_nothing_is_taken(member_and_voter):
    member, voter = member_and_voter
    adviser = make_adviser()
    later = timezone.now() + timedelta(hours=2)
    round = plan(adviser, opens_at=later, closes_at=later + timedelta(days=1))
    candidates = with_candidates(round, adviser)
    line = RoundLine.objects.create(round=round, member=member, weight=1)
    with pytest.raises(ValidationError) as error:
        hand_in(actor=voter, line=line, ballot={candidates[0].pk: 1})
    assert "nog niet open" in words(error)


def test_the_weight_is_that_of_the_roll_whatever_becomes_of_the_member(member_and_voter):
    member, voter = member_and_voter
    round, (one, *_others) = open_with()
    member.populations.update(inhabitants=1_000_000)
    assert Event.objects.get(pk=choose(round, member, voter, one)).data["votes"] == 13
