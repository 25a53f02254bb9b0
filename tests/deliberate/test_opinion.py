"""The opinion map of a round: made after votes, kept steady, counted at the end, and read by who may."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from omkering.deliberate import opinion_clock
from omkering.deliberate.commands.opinion import renew_map
from omkering.deliberate.commands.statements import refuse_statement, vote
from omkering.deliberate.models import ConsultationRound, OpinionRun, Statement, StatementVote
from omkering.deliberate.opinion_tasks import find_old_maps, renew_opinion_map
from omkering.journal.models import Event
from omkering.thread.models import Notice
from tests.deliberate.statement_rounds import all_vote, close, make_round, make_voters, with_statements
from tests.people import make_adviser, make_network

pytestmark = pytest.mark.django_db
ONE, OTHER = [1, 1, 1, 1, -1, -1, -1, 0], [1, -1, -1, -1, 1, 1, 1, 1]


@pytest.fixture(autouse=True)
def _asks_anew():
    opinion_clock._asked.clear()


def voted():
    """A round in which nine people think one thing and seven another."""
    round = make_round()
    statements = with_statements(round)
    some, others = make_voters(9), make_voters(7)
    all_vote(some, statements, ONE)
    all_vote(others, statements, OTHER)
    return round, statements, some, others


def test_the_map_of_a_round():
    round, statements, some, others = voted()
    run = renew_map(round_id=round.pk)
    assert (run.votes, run.participants) == (128, 16)
    assert {group["size"] for group in run.result["groups"]} == {9, 7}
    assert run.result["shared"] == [[str(statements[0].pk), "agree"]]
    assert run.result["statements"][str(statements[0].pk)]["all"] == [16, 0, 0]
    letters = run.memory["letters"]
    assert len({letters[str(person.pk)] for person in some}) == 1
    assert letters[str(some[0].pk)] != letters[str(others[0].pk)]
    assert set(Statement.objects.values_list("vote_count", flat=True)) == {16}
    assert not Event.objects.filter(verb="opinion.counted").exists()


def test_nobody_voted_is_no_map():
    round = make_round()
    with_statements(round, 2)
    assert renew_map(round_id=round.pk) is None and not OpinionRun.objects.exists()


def test_groups_keep_their_letters_from_run_to_run():
    round, statements, some, others = voted()
    first = renew_map(round_id=round.pk)
    more = make_voters(6)
    all_vote(more, statements, OTHER)  # now the others are the larger group
    second = renew_map(round_id=round.pk)
    for person in (*some, *others):
        assert second.memory["letters"][str(person.pk)] == first.memory["letters"][str(person.pk)]
    assert list(OpinionRun.objects.values_list("pk", flat=True)) == [second.pk]  # the last one of a day stays


def test_a_map_of_each_day_stays_without_who_stood_where():
    round, _statements, _some, _others = voted()
    first = renew_map(round_id=round.pk)
    OpinionRun.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=2))
    second = renew_map(round_id=round.pk)
    rows = OpinionRun.objects.order_by("created_at")
    assert [row.pk for row in rows] == [first.pk, second.pk]
    assert rows[0].memory is None and rows[0].result and rows[1].memory


def test_what_is_no_longer_shown_is_in_no_map():
    round, statements, *_people = voted()
    refuse_statement(actor=make_adviser(), statement=statements[1], reason="Dit gaat over een persoon.")
    run = renew_map(round_id=round.pk)
    assert str(statements[1].pk) not in run.result["statements"] and len(run.result["statements"]) == 7


def test_slices_are_those_of_the_member_at_the_moment_of_voting():
    round, statements, some, _others = voted()
    network = make_network("g97", *[person.appointments.get().member for person in some[:6]])
    for person in some[:6]:
        person.appointments.update(member=None, network=network)  # they left the member since
    run = renew_map(round_id=round.pk)
    found = run.result["slices"]["network"]["g97"]
    assert found["people"] == 6 and found["statements"][str(statements[0].pk)] == [6, 0, 0]


# --- in the background -----------------------------------------------------------------------------------
def jobs():
    return list(
        ProcrastinateJob.objects.filter(task_name=opinion_clock.TASK, status="todo").values_list(
            "args", flat=True
        )
    )


def test_votes_ask_for_one_map():
    round = make_round()
    statements = with_statements(round, 3)
    voter, other = make_voters(2)
    for person in (voter, other):
        for statement in statements:
            vote(actor=person, statement=statement, value=1)
    assert jobs() == [{"round_id": round.pk}]
    opinion_clock._asked.clear()  # as another process
    vote(actor=voter, statement=statements[0], value=-1)
    assert jobs() == [{"round_id": round.pk}]
    renew_opinion_map(**jobs()[0])
    assert OpinionRun.objects.get().votes == 6


def test_what_slipped_through_is_found():
    round, _statements, some, _others = voted()
    ProcrastinateJob.objects.all().delete()
    assert opinion_clock.due() == [round.pk]
    renew_map(round_id=round.pk)
    assert opinion_clock.due() == []
    StatementVote.objects.filter(person=some[0]).update(changed_at=timezone.now() + timedelta(seconds=1))
    assert find_old_maps(0) == 1 and jobs() == [{"round_id": round.pk}]


def test_the_result_is_counted_once_and_told_to_who_voted():
    round, _statements, some, others = voted()
    renew_map(round_id=round.pk)
    OpinionRun.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    close(round)
    assert opinion_clock.due() == [round.pk]
    renew_map(round_id=round.pk)
    assert opinion_clock.due() == []
    renew_map(round_id=round.pk)
    (event,) = Event.objects.filter(verb="opinion.counted")
    assert event.data == {"round": round.pk, "votes": 128, "people": 16, "statements": 8, "groups": 2}
    told = set(Notice.objects.filter(milestone="opinion.counted").values_list("person_id", flat=True))
    assert told == {person.pk for person in (*some, *others)}


def test_a_round_without_statements_is_left_alone():
    round, *_rest = voted()
    ConsultationRound.objects.filter(pk=round.pk).update(takes_statements=False)
    assert opinion_clock.due() == []
