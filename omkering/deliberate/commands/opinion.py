"""Making the opinion map of a round anew: read all votes, map them, keep what may be shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from numpy.typing import NDArray

from omkering.deliberate import opinion_result
from omkering.deliberate.models import ConsultationRound, ConsultationState, OpinionRun, Statement
from omkering.deliberate.models.statements import SHOWN
from omkering.deliberate.opinion_letters import keep_letters
from omkering.engine import opinion
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.who.queries import NETWORK, register_on

# Maps follow each other within seconds, so that another number of groups must stay best for longer than the engine's
# own default, which counts on a map after many votes.
PATIENCE = 12
_OVER = (ConsultationState.CLOSED, ConsultationState.ANSWERED)


@dataclass(frozen=True)
class Read:
    """The votes of a round at a moment; `members` is the member behind each vote, 0 for none."""

    at: datetime
    table: opinion.VoteTable
    members: NDArray[np.int64]
    hidden: list[str]  # statements that are not shown (any more)


def renew_map(*, round_id: int) -> OpinionRun | None:
    """Make the map of a round anew; None where nobody voted. By the system alone, in the background.

    A map is no change of what people put in but a view of it, so that it records no event, except the last one of a
    round that has closed: that is the result, and who voted hears that it is there.
    """
    round = ConsultationRound.objects.select_related("consultation").get(pk=round_id)
    read = _read(round)
    if not len(read.table.values):
        return None
    before = OpinionRun.objects.filter(in_round=round).order_by("-created_at").first()
    known = (before.memory if before else None) or {}
    found = opinion.opinion_map(
        read.table,
        excluded=read.hidden,
        least_group=opinion_result.LEAST,
        memory=opinion.read_memory({"memory": known["map"]}) if known else None,
        patience=PATIENCE,
    )
    groups = dict(found.memory.groups)
    letters, used = keep_letters(known.get("letters", {}), groups, known.get("used", 0))
    result = opinion_result.build(
        read.table, found, letters, members=read.members, slices=_slices(timezone.localdate(read.at))
    )
    memory = {
        "map": {
            "k": found.memory.k,
            "candidate": found.memory.candidate,
            "seen": found.memory.seen,
            "groups": groups,
        },
        "letters": {person: letters[group] for person, group in groups.items()},
        "used": used,
        "places": _places(found),
    }
    return _keep(round, read, before, result, memory)


def _places(found: opinion.OpinionMap) -> dict[str, list[float]]:
    at = opinion_result.places(found)
    return {
        person: [round(float(x), 3), round(float(y), 3)]
        for person, (x, y) in zip(found.participants, at.tolist(), strict=True)
    }


@transaction.atomic
def _keep(
    round: ConsultationRound,
    read: Read,
    before: OpinionRun | None,
    result: dict[str, Any],
    memory: dict[str, Any],
) -> OpinionRun:
    run = OpinionRun.objects.create(
        in_round=round,
        votes=len(read.table.values),
        participants=len(read.table.participants),
        result=result,
        memory=memory,
        created_at=read.at,
    )
    _count_votes(read.table)
    # The last map of each day stays, as a picture of that day; who stood where is kept with the newest only.
    earlier = OpinionRun.objects.filter(in_round=round, created_at__lt=read.at)
    earlier.filter(created_at__date=timezone.localdate(read.at)).delete()
    earlier.filter(memory__isnull=False).update(memory=None)
    closed_at = round.closed_at if round.state in _OVER else None
    if closed_at and closed_at <= read.at and (before is None or before.created_at < closed_at):
        _tell_result(round, run, [int(person) for person in read.table.participants])
    return run


def _tell_result(round: ConsultationRound, run: OpinionRun, people: list[int]) -> None:
    record(
        verb="opinion.counted",
        subject=round.consultation.subject,
        data={
            "round": round.pk,
            "votes": run.votes,
            "people": run.participants,
            "statements": len(run.result["statements"]),
            "groups": len(run.result["groups"]),
        },
    )
    announce(
        item=round.consultation,
        milestone="opinion.counted",
        actor=None,
        data={"round": round.title, "votes": run.votes, "people": run.participants},
        once=str(round.pk),
        audience=people,
        upstream=False,
    )


_COUNTED = """
UPDATE deliberate_statement SET vote_count = counted.votes
FROM unnest(%s::bigint[], %s::integer[]) AS counted (statement, votes)
WHERE item_ptr_id = counted.statement AND vote_count <> counted.votes
"""


def _count_votes(table: opinion.VoteTable) -> None:
    """Keep how many votes each statement has: the order of voting goes by it."""
    votes = np.bincount(table.columns, minlength=len(table.statements)).tolist()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [[int(pk) for pk in table.statements], votes])


# --- reading ---------------------------------------------------------------------------------------------
# One row a statement, its votes packed together: reading two million rows one by one would take half a minute.
_VOTES = """
COPY (
    SELECT
        statement_id,
        string_agg(int8send(person_id) || int8send(coalesce(member_id, 0)) || int2send(value), ''::bytea)
    FROM deliberate_statementvote
    WHERE statement_id IN (SELECT item_ptr_id FROM deliberate_statement WHERE in_round_id = %s)
    GROUP BY statement_id
) TO STDOUT (FORMAT BINARY)
"""
_VOTE = np.dtype(
    [("person", ">i8"), ("member", ">i8"), ("value", ">i2")]
)  # as PostgreSQL sends whole numbers


def _read(round: ConsultationRound) -> Read:
    """All votes of a round: two million in about a second."""
    at = clock.database_now()
    states = dict(Statement.objects.filter(in_round=round).values_list("pk", "state"))
    with connection.cursor() as cursor, cursor.copy(_VOTES, [round.pk]) as copy:
        copy.set_types(["int8", "bytea"])
        packed = [(pk, np.frombuffer(votes, dtype=_VOTE)) for pk, votes in copy.rows()]
    votes = np.concatenate([rows for _pk, rows in packed]) if packed else np.empty(0, dtype=_VOTE)
    person = votes["person"].astype(np.int64)
    statement = np.repeat([pk for pk, _rows in packed], [len(rows) for _pk, rows in packed]).astype(np.int64)
    order = np.lexsort((statement, person))  # the order of the table, so that `members` follows it
    person, statement = person[order], statement[order]
    people, row = np.unique(person, return_inverse=True)
    columns = np.array(sorted(states), dtype=np.int64)
    table = opinion.VoteTable.from_codes(
        row,
        np.searchsorted(columns, statement),
        votes["value"][order].astype(np.int8),
        participants=[str(pk) for pk in people.tolist()],
        statements=[str(pk) for pk in columns.tolist()],
    )
    members = votes["member"][order].astype(np.int64)
    hidden = [str(pk) for pk in columns.tolist() if states[pk] not in SHOWN]
    return Read(at, table, members, hidden)


def _slices(day: Any) -> opinion_result.Slices:
    """The members of a day by main division, network and size class; five queries."""
    register = register_on(day)
    groupings: dict[str, dict[str, set[int]]] = {}
    for profile in register.profiles:
        for grouping, keys in register.groups(profile).items():
            for key in keys:
                groupings.setdefault(grouping, {}).setdefault(key, set()).add(profile.member.pk)
    return opinion_result.Slices(
        {
            grouping: {key: frozenset(members) for key, members in groups.items()}
            for grouping, groups in groupings.items()
        },
        overlapping=frozenset({NETWORK}),
    )
