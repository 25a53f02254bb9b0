"""Whether a late motion is admitted: it must be of now, and could not have come earlier. The body decides."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.commands.motion_rows import locked, log, move, save, tell, tell_meeting
from omkering.decide.commands.proposals import make_proposal
from omkering.decide.models import Admission, Motion, MotionState, MotionStep, Proposal
from omkering.decide.motion_texts import checked
from omkering.journal import clock
from omkering.thread.models import Item
from omkering.who.authority import require
from omkering.who.models import Person


@transaction.atomic
def decide_urgency(*, actor: Person, motion: Motion, admitted: bool, reason: str) -> Motion:
    """Record what the body decided about a late motion: admitted as urgent, or not, and why. Twice is once."""
    require(actor, "decide.handle_motion", motion)
    reason = checked({"reason": reason})["reason"]
    row = locked(motion)
    decided = Admission.URGENT if admitted else Admission.REFUSED
    if row.admission == decided:
        return row
    if row.admission != Admission.ASKED or row.state != MotionState.FILED:
        raise ValidationError(_("Nothing about the admission of this motion is to be decided."))
    settle_urgency(row, actor, admitted=admitted, reason=reason, cause=None)
    return row


def settle_urgency(
    row: Motion, actor: Person | None, *, admitted: bool, reason: str, cause: Item | None
) -> None:
    """What was decided about a locked late motion, by the body itself or by its vote (`cause`)."""
    row.admission = Admission.URGENT if admitted else Admission.REFUSED
    if admitted:
        save(row, "admission")
        MotionStep.objects.create(
            motion=row,
            state=row.state,
            reason=reason,
            person=actor,
            caused_by=cause,
            at=clock.database_now(),
        )
        tell_meeting(row)
    else:
        move(row, MotionState.NOT_ADMITTED, actor, "admission", reason=reason, cause=cause)
    what = "admitted" if admitted else "not_admitted"
    event = log(what, row, actor, None, vote=cause.pk if cause else None)
    tell(row, what, actor, upstream=not admitted, once=event, reason=reason)


@transaction.atomic
def ask_urgency(*, actor: Person, motion: Motion) -> Proposal:
    """Make the question whether a late motion is admitted into a proposal that can be voted on. Twice is once.

    The result of a vote on it decides about the admission.
    """
    require(actor, "decide.handle_motion", motion)
    row = locked(motion)
    if row.urgency_question_id is not None:
        return Proposal.objects.get(pk=row.urgency_question_id)
    if row.admission != Admission.ASKED or row.state != MotionState.FILED:
        raise ValidationError(_("Nothing about the admission of this motion is to be decided."))
    text = _(
        "The motion came after the deadline. It is dealt with if it is about something of now and could not have come "
        "earlier.\n\n**Why it is of now:** %(current)s\n\n**Why it could not come earlier:** %(earlier)s"
    ) % {"current": row.urgency_current, "earlier": row.urgency_earlier}
    title = _("Is motion %(number)s dealt with as urgent?") % {"number": f"{row.year}-{row.number}"}
    made = make_proposal(actor=actor, from_item=Item.objects.get(pk=row.pk), title=title, text=text)
    made.owner_body_id = row.owner_body_id
    made.changed_at = timezone.now()
    made.save(update_fields=["owner_body", "changed_at"])
    row.urgency_question = Item.objects.get(pk=made.pk)
    save(row, "urgency_question")
    log("urgency_asked", row, actor, None, proposal=made.pk)
    return made
