"""Reading statements: the next one to vote on, lists, and those that say much the same as a new one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from omkering.deliberate.models import ConsultationRound, Statement, StatementState, StatementVote
from omkering.deliberate.models.statements import SHOWN
from omkering.deliberate.publics import reads_round
from omkering.deliberate.statement_order import in_order
from omkering.deliberate.statement_texts import Line
from omkering.engine import similar
from omkering.thread.commands import meaning_text
from omkering.thread.models import Item
from omkering.who.standing import standing_of

ALIKE = 0.3  # hybrid score from which a statement is worth a look before another one is put in
NEAREST = 40  # by meaning, which are then compared by their words too
MOST = 5
_LONG = ("body", "search", "summary")
_TOLD = (  # what pages about statements tell of a round, and what says who is asked
    *(
        "number",
        "title",
        "public",
        "network_id",
        "of_body_id",
        "takes_statements",
        "opens_at",
        "closes_at",
        "state",
    ),
    *(
        "consultation__title",
        "consultation__visibility",
        "consultation__audience_id",
        "consultation__theme_id",
    ),
)


def readable_round(person: Any, pk: int) -> ConsultationRound | None:
    """The round with its consultation, where it takes statements and somebody may read what is put in; one query."""
    standing = standing_of(person)
    readable = Item.objects.visible_to(standing, getattr(person, "pk", None)).filter(kind="consultation")
    round = (
        ConsultationRound.objects.select_related("consultation")
        .only(*_TOLD)
        .filter(pk=pk, takes_statements=True, consultation__in=readable)
        .first()
    )
    return round if round is not None and reads_round(standing, round) else None


def readable_statements(person: Any) -> QuerySet[Statement]:
    """Statements that somebody may read, their own among them, with their round."""
    rows = Statement.objects.filter(
        pk__in=Item.objects.visible_to(standing_of(person), getattr(person, "pk", None)).filter(
            kind="statement"
        )
    )
    return rows.select_related("in_round__consultation").defer(
        *_LONG, "in_round__consultation__body", "in_round__consultation__search"
    )


def in_round(round: ConsultationRound) -> QuerySet[Statement]:
    """The statements of a round that are shown."""
    return Statement.objects.filter(in_round=round, state__in=SHOWN).defer(*_LONG)


def votes_of(person: Any, statements: Iterable[Statement | Line]) -> dict[int, StatementVote]:
    """Statement → what somebody voted; one query, none for a visitor."""
    if not person.is_authenticated:
        return {}
    rows = StatementVote.objects.filter(person=person, statement__in=[row.pk for row in statements])
    return {row.statement_id: row for row in rows}


# --- the next one ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Turn:
    """What somebody gets to vote on: the statement (None when there is no other), and how far they are."""

    statement: Line | None
    done: int
    total: int


# Written out, because votes come by the hundred a second and putting a query together takes longer than running it.
_SHOWN = """
SELECT statement.item_ptr_id, statement.number, statement.text, statement.vote_count, vote.id IS NOT NULL
FROM deliberate_statement AS statement
JOIN thread_item AS item ON item.id = statement.item_ptr_id AND item.state = 'shown'
LEFT JOIN deliberate_statementvote AS vote
    ON vote.statement_id = statement.item_ptr_id AND vote.person_id = %s
WHERE statement.in_round_id = %s
"""
_ROUND = """
SELECT round.*, statement.text AS words
FROM deliberate_consultationround AS round
JOIN deliberate_statement AS statement ON statement.in_round_id = round.id
WHERE statement.item_ptr_id = %s
"""


def next_turn(person: Any, round: ConsultationRound, *, first: int | None = None) -> Turn:
    """The next statement for this person; `first` is one they ask for. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, [person.pk, round.pk])
        rows = cursor.fetchall()
    lines = {pk: Line(pk, number, text) for pk, number, text, _votes, _done in rows}
    counts = {pk: votes for pk, _number, _text, votes, _done in rows}
    return turn_of(person.pk, lines, counts, {row[0] for row in rows if row[4]}, first=first)


def turn_of(
    person: int,
    lines: Mapping[int, Line],
    counts: Mapping[int, int],
    done: Collection[int],
    *,
    first: int | None = None,
) -> Turn:
    """The next statement of a person, from those that are shown with their votes, and those they voted on; no query."""
    left = [(pk, counts[pk]) for pk in lines if pk not in done]
    chosen = first if first in lines else next(iter(in_order(person, left)), None)
    return Turn(lines[chosen] if chosen is not None else None, len(lines) - len(left), len(lines))


def round_of(statement: int) -> tuple[ConsultationRound, Statement] | None:
    """The round of a statement, and the statement with no more than its words; one query."""
    round = next(iter(ConsultationRound.objects.raw(_ROUND, [statement])), None)
    if round is None:
        return None
    return round, Statement(pk=statement, in_round=round, text=round.words)  # type: ignore[attr-defined]


# --- lists -----------------------------------------------------------------------------------------------
def listed(round: ConsultationRound, person: Any, tab: str) -> QuerySet[Statement]:
    """The statements of a round: all that are shown, those still to vote on ("left"), or one's own ("own")."""
    if tab == "own":
        return Statement.objects.filter(in_round=round, author=person).defer(*_LONG)
    rows = in_round(round)
    if tab == "left":
        voted = StatementVote.objects.filter(statement=OuterRef("pk"), person=person)
        rows = rows.filter(~Exists(voted), state=StatementState.SHOWN)
    return rows


def to_moderate(round: ConsultationRound, tab: str) -> QuerySet[Statement]:
    """For the bureau: those to be looked at, those shown, or those refused ("refused")."""
    state = {"shown": Q(state__in=SHOWN), "refused": Q(state=StatementState.REFUSED)}
    wanted = state.get(tab, Q(state=StatementState.WAITING))
    rows = Statement.objects.filter(wanted, in_round=round).select_related("author", "moderated_by")
    return rows.defer(*_LONG)


# --- those that are much the same ------------------------------------------------------------------------
@dataclass(frozen=True)
class Alike:
    """A shown statement that seems to say the same, in whole percents."""

    statement: Statement
    percent: int


def alike(round: ConsultationRound, text: str, *, exclude: int | None = None) -> list[Alike]:
    """Shown statements of a round most alike to `text`, best first; two queries."""
    rows = Statement.objects.filter(in_round=round, state__in=SHOWN, meaning__isnull=False)
    if exclude is not None:
        rows = rows.exclude(pk=exclude)
    vectors = dict(rows.values_list("pk", "meaning__vector"))
    if not vectors:
        return []
    described = meaning_text(Item(title=text, summary=text))
    vector = similar.encode([described])[0]
    ids = list(vectors)
    matrix = np.array([vectors[pk] for pk in ids], np.float32)
    nearest = np.argsort(-(matrix @ vector), kind="stable")[:NEAREST]
    found = Statement.objects.defer("body", "search").in_bulk([ids[at] for at in nearest])
    kept = [at for at in nearest if ids[at] in found]
    scores = similar.rerank(described, vector, [meaning_text(found[ids[at]]) for at in kept], matrix[kept])
    best = sorted(
        zip(scores.tolist(), (ids[at] for at in kept), strict=True), key=lambda pair: (-pair[0], pair[1])
    )
    return [Alike(found[pk], min(100, round_(score))) for score, pk in best[:MOST] if score >= ALIKE]


def round_(score: float) -> int:
    """A score in whole percents."""
    return int(100 * score + 0.5)
