"""What a body advises on a motion or another item that is put to a vote."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.decide import live
from omkering.decide.commands.motion_rows import people_behind, refuse_unless
from omkering.decide.models import Advice, AdviceKind, Motion
from omkering.decide.motion_steps import UNDECIDED
from omkering.decide.motion_texts import checked
from omkering.decide.queries.minutes_words import words
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.models import Item
from omkering.who.authority import require
from omkering.who.models import Body, Person


@transaction.atomic
def advise(*, actor: Person, about: Item, body: Body, kind: str, reason: str) -> Advice:
    """Give the advice of a body on an item. An advice is never changed: a newer one ends it, and both stay.

    The same advice twice is one.
    """
    require(actor, "decide.advise", body)
    if kind not in AdviceKind.values:
        raise ValidationError({"kind": _("Choose what the body advises.")})
    reason = checked({"reason": reason})["reason"]
    item = Item.objects.select_for_update(no_key=True).get(pk=about.pk)
    motion = Motion.objects.filter(pk=item.pk).first()
    if motion is not None:
        refuse_unless(motion, *UNDECIDED)
    present = Advice.objects.filter(about=item, body=body, ended_at__isnull=True).first()
    if present is not None and (present.kind, present.reason) == (kind, reason):
        return present
    now = clock.database_now()
    if present is not None:
        present.ended_at = now
        present.save(update_fields=["ended_at"])
    made = Advice.objects.create(about=item, body=body, kind=kind, reason=reason, person=actor, given_at=now)
    record(
        verb="advice.given",
        subject=item.subject,
        actor=actor.pk,
        on_behalf_of=f"body:{body.key}",
        data={"advice": made.pk, "kind": kind, "body": body.pk},
    )
    announce(
        item=item,
        milestone="advice.given",
        actor=actor,
        data={"body": dict(body.names), "kind": words(made.get_kind_display), "reason": reason},
        once=str(made.pk),
        audience=people_behind(motion) if motion else [],
    )
    if motion is not None and motion.meeting_id:
        live.tell(motion.meeting_id, "motions", motion=motion.pk)
    return made
