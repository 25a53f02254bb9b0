"""What happens at the same moment, over connections of their own: closing while many cast, and a double tap."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Signal
from time import monotonic, sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from omkering.decide import commands
from omkering.decide.models import Ballot, Vote, VoteState
from omkering.journal.models import Event
from omkering.who.models import Person
from tests.decide.votes import members_with_voters, open_vote
from tests.people import make_adviser

pytestmark = pytest.mark.django_db(transaction=True)


def cast(vote: Vote, member, voter, choice: str) -> int | None:
    """The receipt, or None when the vote was closed; on a connection of this thread."""
    try:
        person = Person.objects.get(pk=voter.pk)
        return commands.cast_ballot(actor=person, vote=vote, member=member, choice=choice)
    except ValidationError as error:
        assert error.code == "not_open"
        return None
    finally:
        connection.close()


def test_every_ballot_with_a_receipt_counts_and_none_gets_in_after_closing():
    people = members_with_voters(*[2_000] * 24)
    adviser = make_adviser()
    vote = open_vote(adviser)
    start = Barrier(5)

    def vote_for(part: list) -> list[int | None]:
        start.wait()
        return [cast(vote, member, voter, "for") for member, voter in part]

    def close() -> Vote:
        start.wait()
        try:
            until = monotonic() + 20
            while Ballot.objects.filter(vote=vote).count() < 6 and monotonic() < until:
                sleep(0.001)
            return commands.close_vote(actor=adviser, vote=vote)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        voting = [threads.submit(vote_for, people[part::4]) for part in range(4)]
        closed = threads.submit(close).result()
        receipts = [receipt for each in voting for receipt in each.result()]
    acknowledged = [receipt for receipt in receipts if receipt is not None]
    assert 6 <= len(acknowledged) <= 24
    assert closed.result["heads"]["for"] == len(acknowledged)
    assert closed.result["votes"]["for"] == 2 * len(acknowledged)
    assert Ballot.objects.count() == Event.objects.filter(verb="ballot.cast").count() == len(acknowledged)


def test_closing_waits_for_a_ballot_that_is_under_way():
    [(member, voter)] = members_with_voters(2_000)
    adviser = make_adviser()
    vote = open_vote(adviser)
    cast_not_committed, may_commit = Signal(), Signal()

    def slow_voter() -> None:
        try:
            with transaction.atomic():
                commands.cast_ballot(
                    actor=Person.objects.get(pk=voter.pk), vote=vote, member=member, choice="against"
                )
                cast_not_committed.set()
                may_commit.wait(10)
        finally:
            connection.close()

    def close() -> Vote:
        try:
            return commands.close_vote(actor=adviser, vote=vote)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        voting = threads.submit(slow_voter)
        assert cast_not_committed.wait(10)
        closing = threads.submit(close)
        with pytest.raises(TimeoutError):
            closing.result(timeout=0.5)
        may_commit.set()
        voting.result()
        closed = closing.result(timeout=10)
    assert closed.result["votes"]["against"] == 2


def test_a_ballot_that_waited_for_the_closing_is_refused():
    [(member, voter)] = members_with_voters(2_000)
    adviser = make_adviser()
    vote = open_vote(adviser)
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            commands.close_vote(actor=adviser, vote=vote)
            waiting = threads.submit(cast, vote, member, voter, "for")
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        assert waiting.result(timeout=10) is None
    assert Vote.objects.get().state == VoteState.CLOSED
    assert not Ballot.objects.exists()


def test_a_double_tap_is_one_ballot_with_one_receipt():
    [(member, voter)] = members_with_voters(2_000)
    vote = open_vote()
    start = Barrier(4)

    def tap() -> int | None:
        start.wait()
        return cast(vote, member, voter, "for")

    with ThreadPoolExecutor(4) as threads:
        receipts = {each.result() for each in [threads.submit(tap) for _tap in range(4)]}
    assert receipts == {Ballot.objects.get().event_id}
    assert Event.objects.filter(verb__startswith="ballot.").count() == 1
