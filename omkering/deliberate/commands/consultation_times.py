"""Rounds in time: they open, remind and close by themselves, are extended by the bureau, and each is announced.

Locks are taken in one order: the round, then its consultation.
"""

import logging
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from omkering.deliberate.commands.consultation_rounds import data_of
from omkering.deliberate.commands.consultation_rows import (
    locked,
    locked_round,
    moment_for_news,
    public_of,
    settle_state,
)
from omkering.deliberate.consultation_texts import checked
from omkering.deliberate.models import (
    Answered,
    ConsultationRound,
    ConsultationState,
    DocumentState,
)
from omkering.deliberate.queries.consultation_response import people_to_remind
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.models import Item
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

logger = logging.getLogger(__name__)
REMIND_BEFORE = timedelta(days=7)  # the closing; in a short round halfway


def remind_at(opens_at: datetime, closes_at: datetime) -> datetime:
    """When who is silent is reminded: a week before closing, or halfway a round of less than two weeks."""
    return closes_at - min(REMIND_BEFORE, (closes_at - opens_at) / 2)


@transaction.atomic
def open_round(*, actor: Person | None, round: ConsultationRound) -> ConsultationRound:
    """Open a round and tell its public. `actor` None is the clock, and only once it is time. Twice is once."""
    if actor is not None:
        require(actor, "deliberate.run_round", round)
    row = locked_round(round)
    if row.state == ConsultationState.OPEN and actor is not None:
        return row
    if row.state != ConsultationState.PLANNED:
        raise ValidationError(_("This round is no longer planned, so it cannot be opened."))
    now = clock.database_now()
    if actor is None and row.opens_at > now:
        raise ValidationError(_("It is not time yet to open this round."))
    if row.closes_at <= now:
        raise ValidationError(_("The closing time of this round has passed. Choose a later one first."))
    consultation = locked(row.consultation)
    if problem := lacks(row):
        raise ValidationError(problem)
    row.state, row.opened_at, row.revision = ConsultationState.OPEN, now, row.revision + 1
    row.save(update_fields=["state", "opened_at", "revision"])
    settle_state(consultation, now)
    _record("round_opened", row, actor)
    announce(
        item=consultation,
        milestone="consultation.round_opened",
        actor=actor,
        data={"round": row.title, "closes": moment_for_news(row.closes_at)},
        once=str(row.pk),
        audience=public_of(row),
    )
    return row


def lacks(row: ConsultationRound) -> str:
    """One sentence about what a round needs before it can open; "" when nothing. At most two queries."""
    if row.asks_questions and not row.questions.filter(withdrawn_at__isnull=True).exists():
        return _("This round asks questions and has none yet. Add them first.")
    document = row.consultation.document
    if document is not None and document.state == DocumentState.WITHDRAWN:
        return _("The document was withdrawn, so nobody can be asked about it.")
    return ""


@transaction.atomic
def close_round(*, actor: Person | None, round: ConsultationRound) -> ConsultationRound:
    """Close a round and tell its public. `actor` None is the clock, once it is time. Twice is once.

    Waits for what is being put in at this moment; nothing gets in afterwards. Drafts stay, and a formal view that
    was never handed in can still be handed in late.
    """
    if actor is not None:
        require(actor, "deliberate.run_round", round)
    row = locked_round(round)
    if row.state == ConsultationState.CLOSED and actor is not None:
        return row
    if row.state != ConsultationState.OPEN:
        raise ValidationError(_("This round is not open."))
    now = clock.database_now()
    if actor is None and row.closes_at > now:
        raise ValidationError(_("It is not time yet to close this round."))
    consultation = locked(row.consultation)
    row.state, row.closed_at, row.revision = ConsultationState.CLOSED, now, row.revision + 1
    row.save(update_fields=["state", "closed_at", "revision"])
    settle_state(consultation, now)
    _record("round_closed", row, actor, early=row.closes_at > now)
    announce(
        item=consultation,
        milestone="consultation.round_closed",
        actor=actor,
        data={"round": row.title},
        once=f"{row.pk}:{row.revision}",
        audience=public_of(row),
    )
    return row


@transaction.atomic
def extend_round(
    *, actor: Person, round: ConsultationRound, closes_at: datetime, reason: str
) -> ConsultationRound:
    """Let an open round close later, or open a closed one again for some time, with a reason that everybody reads.

    ValidationError once something of the round was answered: what is answered must stay what it was.
    """
    require(actor, "deliberate.run_round", round)
    reason = checked({"reason": reason})["reason"]
    row = locked_round(round)
    if (row.closes_at, row.extension_reason) == (closes_at, reason):
        return row
    if row.state not in (ConsultationState.OPEN, ConsultationState.CLOSED):
        raise ValidationError(_("Only a round that is open or has just closed can be extended."))
    now = clock.database_now()
    if closes_at <= max(now, row.closes_at):
        raise ValidationError({"closes_at": _("Choose a moment later than the present closing time.")})
    consultation = locked(row.consultation)
    reopened = row.state == ConsultationState.CLOSED
    if reopened:
        _check_unanswered(row)
        _put_in(row).filter(answered_at__isnull=True).update(due_at=None)
    row.first_closes_at = row.first_closes_at or row.closes_at
    row.closes_at, row.extension_reason, row.reminded_at = closes_at, reason, None
    row.state, row.closed_at, row.revision = ConsultationState.OPEN, None, row.revision + 1
    row.save(
        update_fields=[
            *("first_closes_at", "closes_at", "extension_reason", "reminded_at"),
            *("state", "closed_at", "revision"),
        ]
    )
    settle_state(consultation, now)
    _record("round_extended", row, actor, reopened=reopened)
    announce(
        item=consultation,
        milestone="consultation.round_extended",
        actor=actor,
        data={"round": row.title, "closes": moment_for_news(closes_at), "reason": summary_of(reason)},
        once=f"{row.pk}:{row.revision}",
        audience=public_of(row),
    )
    return row


@transaction.atomic
def remind_round(*, actor: Person | None, round: ConsultationRound) -> int:
    """Remind those who can speak for the members that are still silent; returns how many people were told.

    By hand at most once a day. `actor` None is the clock, once in a round.
    """
    if actor is not None:
        require(actor, "deliberate.run_round", round)
    row = locked_round(round)
    now = clock.database_now()
    if row.state != ConsultationState.OPEN or row.closes_at <= now:
        raise ValidationError(_("This round is not open, so nobody is reminded."))
    if actor is None and (row.reminded_at or remind_at(row.opens_at, row.closes_at) > now):
        raise ValidationError(_("It is not time yet to remind anybody."))
    if row.reminded_at and now - row.reminded_at < timedelta(days=1):
        raise ValidationError(
            _("They were reminded less than a day ago. Wait a day before the next reminder.")
        )
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    people = people_to_remind(row)
    event = _record("round_reminded", row, actor, people=len(people))
    # Those upstream and those who follow heard of the opening: a reminder is for who is silent.
    return announce(
        item=row.consultation,
        milestone="consultation.round_reminder",
        actor=actor,
        data={"round": row.title, "closes": moment_for_news(row.closes_at)},
        once=f"{row.pk}:{event}",
        audience=people,
        upstream=False,
    )


# --- the clock -----------------------------------------------------------------------------------------------
def keep_time() -> tuple[int, int, int]:
    """Open, close and remind whatever is due; returns how many of each.

    A round that cannot open (it has no questions yet) stays planned, and the bureau sees that it is late.
    """
    now = clock.database_now()
    opened = closed = reminded = 0
    due = (
        Q(state=ConsultationState.PLANNED, opens_at__lte=now, closes_at__gt=now)
        | Q(state=ConsultationState.OPEN, closes_at__lte=now)
        | Q(state=ConsultationState.OPEN, reminded_at__isnull=True)
    )
    for row in ConsultationRound.objects.filter(due).select_related("consultation").order_by("pk"):
        try:
            if row.state == ConsultationState.PLANNED:
                open_round(actor=None, round=row)
                opened += 1
            elif row.closes_at <= now:
                close_round(actor=None, round=row)
                closed += 1
            elif remind_at(row.opens_at, row.closes_at) <= now:
                remind_round(actor=None, round=row)
                reminded += 1
        except ValidationError as error:
            logger.warning("round %s stays %s: %s", row.pk, row.state, "; ".join(error.messages))
    return opened, closed, reminded


# --- pieces --------------------------------------------------------------------------------------------------
def _put_in(row: ConsultationRound):
    """What was put in during a round and can be answered."""
    return Item.objects.filter(
        Q(as_contribution__in_round=row)
        | Q(as_view__in_round=row)
        | Q(as_statement__in_round=row)
        | Q(as_amendment__in_round=row)
    )


def _check_unanswered(row: ConsultationRound) -> None:
    answered = Answered.objects.filter(ended_at__isnull=True, item__in=_put_in(row).values("pk"))
    if answered.exists():
        raise ValidationError(
            _("Answers were given to what came in, so this round stays closed. Plan another round.")
        )


def _record(what: str, row: ConsultationRound, actor: Person | None, **data) -> int:
    event = record(
        verb=f"consultation.{what}",
        subject=row.consultation.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={**data_of(row), **data},
    )
    return event.pk
