"""The life of a priority round: opened on a frozen roll, closed with an exact count. It is planned in `round_plans`.

Locks are taken in one order: the round, then a line of its roll.
"""

import logging

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.agenda import counting
from omkering.agenda.commands.round_plans import (
    change_round,
    check_planned,
    locked,
    plan_round,
    roll_of,
    set_state,
    standing,
    withdraw_round,
)
from omkering.agenda.models import PriorityBallot, Round, RoundLine, RoundState
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.who import rolls
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

__all__ = [
    "change_round",
    "close_round",
    "open_and_close_due",
    "open_round",
    "plan_round",
    "withdraw_round",
]

logger = logging.getLogger(__name__)


# --- opening ---------------------------------------------------------------------------------------------
@transaction.atomic
def open_round(*, actor: Person | None, round: Round) -> Round:
    """Freeze the roll and let who is on it choose. `actor` None is the clock, and only once it is time.

    Who may choose hears of it, and whoever put in what is behind the candidates. ValidationError without candidates,
    with no more of them than may be chosen, and where a member's votes are not known.
    """
    if actor is not None:
        require(actor, "agenda.open_round", round)
    round = locked(round)
    check_planned(round)
    now = clock.database_now()
    if actor is None and round.opens_at > now:
        raise ValidationError(_("It is not time yet to open this round."))
    if round.closes_at <= now:
        raise ValidationError(_("The closing time of this round has passed. Choose a later one first."))
    candidates = standing(round).count()
    if problem := too_few(candidates, round.maximum):
        raise ValidationError(problem)
    lines = RoundLine.objects.bulk_create(roll_of(round))
    round.opened_at = now
    set_state(round, RoundState.OPEN, "opened_at")
    record(
        verb="round.opened",
        subject=round.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={
            "candidates": candidates,
            "lines": len(lines),
            "votes": sum(line.weight for line in lines),
            "roll_sha256": roll_digest(lines),
        },
    )
    announce(
        item=round,
        milestone="round.opened",
        actor=actor,
        data={
            "closes": date_format(timezone.localtime(round.closes_at), "d-m-Y H:i"),
            "maximum": round.maximum,
        },
        audience=who_may_choose(lines),
    )
    return round


def too_few(candidates: int, maximum: int) -> str:
    """One sentence where there is nothing to choose; "" when there is."""
    if not candidates:
        return _("This round has no candidates yet. Nominate some before it opens.")
    if candidates <= maximum:
        return _(
            "There are %(candidates)s candidates and %(maximum)s may be chosen, so there is nothing to choose. "
            "Nominate more, or lower the number."
        ) % {"candidates": candidates, "maximum": maximum}
    return ""


def roll_digest(lines: list[RoundLine]) -> str:
    """SHA-256 of the roll as sealed at opening; a person of a body stands in it by number."""
    return rolls.digest(
        (line.member.code if line.member else f"person:{line.person_id}", line.inhabitants, line.weight)
        for line in lines
    )


def who_may_choose(lines: list[RoundLine]) -> list[int]:
    """Ids of the people who may choose today for one of these lines; one query."""
    members = [line.member_id for line in lines if line.member_id is not None]
    people = [line.person_id for line in lines if line.person_id is not None]
    return sorted({*people, *(rolls.mandated(members) if members else ())})


# --- closing ---------------------------------------------------------------------------------------------
@transaction.atomic
def close_round(*, actor: Person | None, round: Round) -> Round:
    """Close a round, count it, and tell what became of each candidate. `actor` None is the clock, once it is time.

    The bureau may close a round before its time; the page then says so. Waits for ballots under way; none gets in
    afterwards.
    """
    if actor is not None:
        require(actor, "agenda.close_round", round)
    round = locked(round)
    if round.state != RoundState.OPEN:
        raise ValidationError(_("This round is not open."))
    now = clock.database_now()
    if actor is None and round.closes_at > now:
        raise ValidationError(_("It is not time yet to close this round."))
    result = count_round(round)
    selected = [int(each.candidate) for each in result.chosen]
    round.result = {"selected": selected, **result.as_dict()}
    round.closed_at = round.answered_at = now
    set_state(round, RoundState.CLOSED, "result", "closed_at", "answered_at")
    record(
        verb="round.closed",
        subject=round.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={
            "chosen": selected,
            "cast_votes": result.cast.votes,
            "cast_heads": result.cast.heads,
            "early": round.closes_at > now,
        },
    )
    _tell(round, result, actor)
    return round


def _tell(round: Round, result: counting.Result, actor: Person | None) -> None:
    """Everyone behind a candidate hears what became of it; who chose and who follows the round, its result."""
    places = {each.candidate: number for number, each in enumerate(result.chosen, 1)}
    lacked = {each.candidate: each.lacked for each in result.short}
    at = {candidate: number for number, candidate in enumerate(result.candidates)}
    for candidate in standing(round).select_related("item"):
        key = str(candidate.pk)
        figures = {"votes": result.votes[at[key]], "round": round.title}
        if key in places:
            milestone, more = "candidate.chosen", {"place": places[key], "chosen": len(places)}
        else:
            milestone, more = "candidate.not_chosen", {"lacked": lacked[key], "needed": result.needed}
        announce(
            item=candidate.item,
            milestone=milestone,
            actor=actor,
            data={**figures, **more},
            once=str(candidate.pk),
        )
    announce(
        item=round,
        milestone="round.closed",
        actor=actor,
        data={"chosen": len(places), "candidates": len(at)},
        audience=who_may_choose(list(round.roll.all())),
        upstream=False,
    )


def count_round(round: Round) -> counting.Result:
    """The exact count of a round, from its frozen roll and the ballots handed in; three queries."""
    lines = [
        counting.Line(str(pk), weight, groups)
        for pk, weight, groups in RoundLine.objects.filter(round=round)
        .order_by("pk")
        .values_list("pk", "weight", "groups")
    ]
    ballots = PriorityBallot.objects.filter(line__round=round, cast__isnull=False)
    return counting.count(
        kind=round.ballot_kind,
        maximum=round.maximum,
        candidates=[str(pk) for pk in standing(round).values_list("pk", flat=True)],
        lines=lines,
        ballots={str(line): cast or {} for line, cast in ballots.values_list("line_id", "cast")},
    )


# --- the clock -------------------------------------------------------------------------------------------
def open_and_close_due() -> tuple[int, int]:
    """Open and close every round whose time has come; returns how many of each.

    A round that cannot be opened (it has no candidates) stays planned, and the bureau sees that it is late.
    """
    now = clock.database_now()
    opened = closed = 0
    due = Q(state=RoundState.PLANNED, opens_at__lte=now, closes_at__gt=now) | Q(
        state=RoundState.OPEN, closes_at__lte=now
    )
    for round in Round.objects.filter(due).order_by("pk"):
        try:
            if round.state == RoundState.PLANNED:
                open_round(actor=None, round=round)
                opened += 1
            else:
                close_round(actor=None, round=round)
                closed += 1
        except ValidationError as error:
            logger.warning("round %s stays %s: %s", round.pk, round.state, "; ".join(error.messages))
    return opened, closed
