"""What follows on an adopted motion or an undertaking: an owner and a plan, reports, and settling with an account."""

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide import live
from omkering.decide.commands.motion_rows import locked, move, people_behind, people_speaking
from omkering.decide.models import (
    Execution,
    Meeting,
    MeetingState,
    Motion,
    MotionState,
    Report,
    Settlement,
    SettlementState,
    Undertaking,
    UndertakingState,
)
from omkering.decide.motion_steps import CARRIED_OUT
from omkering.decide.motion_texts import checked
from omkering.decide.rules_motions import owner_of, speaks_for
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.models import Item
from omkering.who.authority import require
from omkering.who.models import Body, Person
from omkering.who.owners import BUREAU, Owner, behalf

Followed = Motion | Undertaking
WAITS = (SettlementState.PROPOSED, SettlementState.AGREED, SettlementState.OBJECTED)


def followed(about: Item) -> Followed:
    """The motion or undertaking behind an item, locked; ValidationError for anything else."""
    if isinstance(about, Motion) or about.kind == "motion":
        return locked(about.pk)
    rows = Undertaking.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
    found = rows.select_related("asked_by", "meeting").filter(pk=about.pk).first()
    if found is None:
        raise ValidationError(_("Only motions and undertakings are followed here."))
    return found


def end_of(day: date) -> datetime:
    """The last moment of a day, where the association is."""
    return timezone.make_aware(datetime.combine(day, time.max))


# --- a plan, and reports ---------------------------------------------------------------------------------------
@transaction.atomic
def plan_execution(
    *,
    actor: Person,
    about: Item,
    owner_body: Body,
    plan: str,
    due: date | None = None,
    owner: Person | None = None,
) -> Execution:
    """Say which body carries it out, how, and by when an account is given. An earlier plan ends, and stays readable.

    From `due` on it is a debt of the association. The same plan twice is one.
    """
    require(actor, "decide.plan_execution", owner_body)
    plan = checked({"plan": plan})["plan"]
    if due is not None and due < timezone.localdate():
        raise ValidationError({"due": _("This day has passed. Choose a later one.")})
    row = followed(about)
    _refuse_unless_carried_out(row)
    present = row.executions.filter(ended_at__isnull=True).first()
    wanted = (owner_body.pk, plan, due, owner.pk if owner else None)
    if present and (present.owner_body_id, present.plan, present.due, present.owner_id) == wanted:
        return present
    now = clock.database_now()
    if present is not None:
        present.ended_at = now
        present.save(update_fields=["ended_at"])
    made = Execution.objects.create(
        about=row.item_ptr, owner_body=owner_body, owner=owner, plan=plan, due=due, person=actor, made_at=now
    )
    _set_due(row, end_of(due) if due else None, None)
    _log(
        row,
        "planned",
        actor,
        f"body:{owner_body.key}",
        execution=made.pk,
        due=due.isoformat() if due else None,
    )
    words: dict[str, Any] = {"body": dict(owner_body.names)} | ({"due": due.isoformat()} if due else {})
    _tell(row, "planned" if due else "planned_openly", actor, once=made.pk, **words)
    return made


@transaction.atomic
def report(*, actor: Person, about: Item, text: str) -> Report:
    """Tell what was done; a report is added, never changed. The same words twice in a row are one report."""
    row = followed(about)
    require(actor, "decide.report", row)
    text = checked({"report": text})["report"]
    _refuse_unless_carried_out(row)
    last = row.reports.order_by("-pk").first()
    if last is not None and (last.person_id, last.text) == (actor.pk, text):
        return last
    made = Report.objects.create(about=row.item_ptr, text=text, person=actor, made_at=clock.database_now())
    _log(row, "reported", actor, BUREAU, report=made.pk)
    _tell(row, "reported", actor, once=made.pk)
    return made


# --- settling --------------------------------------------------------------------------------------------------
@transaction.atomic
def propose_settling(*, actor: Person, about: Item, account: str) -> Settlement:
    """Propose to settle it, with an account of what was done; who filed or asked it is heard first. Twice is once."""
    row = followed(about)
    require(actor, "decide.report", row)
    account = checked({"account": account})["account"]
    _refuse_unless_carried_out(row)
    if (there := row.settlements.filter(state__in=WAITS).first()) is not None:
        return there
    now = clock.database_now()
    made = Settlement.objects.create(about=row.item_ptr, account=account, person=actor, proposed_at=now)
    _set_due(row, row.due_at, now)
    _log(row, "settling_proposed", actor, BUREAU, settlement=made.pk)
    _tell(row, "settling_proposed", actor, once=made.pk)
    return made


@transaction.atomic
def answer_settling(
    *, actor: Person, settlement: Settlement, agrees: bool, objection: str = ""
) -> Settlement:
    """Agree, for one who filed or asked it, that it is settled; or object, with the reason. Twice is once.

    Where several filed it, one objection is an objection.
    """
    row = followed(settlement.about)
    require(actor, "decide.answer_settling", row)
    text = "" if agrees else checked({"objection": objection})["objection"]
    made = _locked_settlement(settlement)
    answer = SettlementState.AGREED if agrees else SettlementState.OBJECTED
    if made.state == answer and made.objection == text:
        return made
    if made.state not in (SettlementState.PROPOSED, SettlementState.AGREED) or (
        agrees and made.state != SettlementState.PROPOSED
    ):
        raise ValidationError(_("This was answered or decided already."))
    made.state, made.objection, made.heard_by, made.heard_at = answer, text, actor, clock.database_now()
    made.save(update_fields=["state", "objection", "heard_by", "heard_at"])
    what = "settling_agreed" if agrees else "settling_objected"
    _log(row, what, actor, behalf(_heard_for(row, actor), BUREAU), settlement=made.pk)
    _tell(row, what, actor, once=made.pk, upstream=False, also=[made.person_id])
    return made


@transaction.atomic
def decide_settling(*, actor: Person, settlement: Settlement, meeting: Meeting, settled: bool) -> Settlement:
    """Record what a meeting decided about settling: it is settled, or it must go on. Twice is once."""
    require(actor, "decide.decide_settling", meeting)
    row = followed(settlement.about)
    made = _locked_settlement(settlement)
    if made.state in (SettlementState.SETTLED, SettlementState.REFUSED):
        return made
    if meeting.opened_at is None or meeting.state == MeetingState.CANCELLED:
        raise ValidationError({"meeting": _("Choose a meeting that has begun.")})
    now = clock.database_now()
    heard = made.heard_at is not None
    made.state = SettlementState.SETTLED if settled else SettlementState.REFUSED
    made.decided_in, made.decided_at = meeting, now
    made.save(update_fields=["state", "decided_in", "decided_at"])
    if settled and isinstance(row, Motion):
        move(row, MotionState.SETTLED, actor, cause=meeting.item_ptr)
    elif settled:
        row.state = UndertakingState.SETTLED
        row.changed_at = now
        row.save(update_fields=["state", "changed_at"])
    _set_due(row, row.due_at, now if settled else None)
    what = "settled" if settled else "not_settled"
    _log(row, what, actor, BUREAU, settlement=made.pk, meeting=meeting.pk, heard=heard)
    _tell(row, what, actor, once=made.pk, meeting=meeting.title)
    live.tell(meeting, "motions", settlement=made.pk)
    return made


# --- what these share ------------------------------------------------------------------------------------------
def people_heard(row: Followed) -> list[int]:
    """Ids of who is told: those who signed a motion, or who speaks for the member that asked."""
    if isinstance(row, Motion):
        return people_behind(row)
    members = {row.asked_by_id} if row.asked_by_id else set()
    return sorted(people_speaking({pk for pk in members if pk is not None}, set()))


def _heard_for(row: Followed, actor: Person) -> Owner | None:
    if isinstance(row, Undertaking):
        return row.asked_by
    owner = owner_of(row)
    if speaks_for(actor, owner):
        return owner
    rows = row.signatures.filter(filer=True, withdrawn_at__isnull=True).select_related("member", "network")
    return next((one for sign in rows if speaks_for(actor, one := sign.member or sign.network)), None)


def _refuse_unless_carried_out(row: Followed) -> None:
    if isinstance(row, Motion) and row.state in CARRIED_OUT:
        return
    if isinstance(row, Undertaking) and row.state == UndertakingState.OPEN:
        return
    raise ValidationError(_("This is not being carried out: it was not adopted, or it was settled."))


def _set_due(row: Followed, due_at: datetime | None, answered_at: datetime | None) -> None:
    Item.objects.filter(pk=row.pk).update(due_at=due_at, answered_at=answered_at)
    row.due_at, row.answered_at = due_at, answered_at


def _locked_settlement(settlement: Settlement) -> Settlement:
    return Settlement.objects.select_for_update(no_key=True, of=("self",)).get(pk=settlement.pk)


def _log(row: Followed, what: str, actor: Person, on_behalf_of: str, **data: Any) -> None:
    record(
        verb=f"{row.kind}.{what}",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=on_behalf_of,
        data=data,
    )


def _tell(
    row: Followed,
    what: str,
    actor: Person,
    *,
    once: int,
    upstream: bool = True,
    also: list[int] | None = None,
    **data: Any,
) -> None:
    announce(
        item=row,
        milestone=f"followed.{what}",
        actor=actor,
        data=data,
        once=str(once),
        audience=sorted({*people_heard(row), *(also or ())}),
        upstream=upstream,
    )
