"""Members and networks sign a motion, and take their name off again."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.decide.commands.motion_rows import (
    locked,
    log,
    named_owner,
    people_behind,
    put_under,
    refuse_unless,
    refuse_while_voting,
    save,
    standing_signatures,
    tell,
    tell_meeting,
)
from omkering.decide.models import Motion, MotionState, Signature
from omkering.decide.rules_motions import owner_of
from omkering.journal import clock
from omkering.thread.models import Item
from omkering.who.authority import require
from omkering.who.models import Member, Person
from omkering.who.owners import Owner
from omkering.who.standing import standing_of

SIGNED_IN = (MotionState.DRAFT, MotionState.FILED, MotionState.HELD)


@transaction.atomic
def sign_motion(*, actor: Person, motion: Motion, owner: Owner) -> Signature:
    """Let another member or network stand under a motion, also under a draft that is shared with it. Twice is once."""
    require(actor, "decide.sign_motion", owner)
    row = locked(motion)
    if not Item.objects.filter(pk=row.pk).visible_to(standing_of(actor), actor.pk).exists():
        raise PermissionDenied("decide.sign_motion")
    refuse_unless(row, *SIGNED_IN)
    refuse_while_voting(row)
    of = {"member": owner} if isinstance(owner, Member) else {"network": owner}
    if (there := Signature.objects.filter(motion=row, withdrawn_at__isnull=True, **of).first()) is not None:
        return there
    behind = people_behind(row)
    made = put_under(row, owner, actor, filer=owner == owner_of(row))
    log("signed", row, actor, owner, signature=made.pk)
    tell(row, "signed", actor, audience=behind, once=made.pk, who=named_owner(owner))
    tell_meeting(row)
    return made


@transaction.atomic
def withdraw_signature(*, actor: Person, signature: Signature) -> Signature:
    """Take one's name off a motion; that it was there stays known. Twice is once.

    The last that filed it withdraws the motion itself instead.
    """
    owner = signature.member or signature.network
    require(actor, "decide.sign_motion", owner)
    assert owner is not None
    row = locked(signature.motion)
    kept = Signature.objects.select_for_update(no_key=True, of=("self",)).get(pk=signature.pk)
    if kept.withdrawn_at is not None:
        return kept
    refuse_unless(row, *SIGNED_IN)
    refuse_while_voting(row)
    if kept.filer and row.state != MotionState.DRAFT:
        others = [one for one in standing_signatures(row) if one.filer and one.pk != kept.pk]
        if not others:
            raise ValidationError(_("You alone filed this motion. Withdraw the motion instead."))
        if owner == owner_of(row):  # another one that filed it answers for it from now on
            row.owner_member, row.network = others[0].member, others[0].network
            save(row, "owner_member", "network")
    kept.withdrawn_at = clock.database_now()
    kept.save(update_fields=["withdrawn_at"])
    log("signature_withdrawn", row, actor, owner, signature=kept.pk)
    tell(row, "signature_withdrawn", actor, once=kept.pk, who=named_owner(owner))
    tell_meeting(row)
    return kept
