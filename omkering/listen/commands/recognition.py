"""“We see this too”: another member adds itself, with its own case, and takes itself off again."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.journal.commands import record
from omkering.listen.commands.counts import recount
from omkering.listen.models import Recognition, Signal
from omkering.listen.texts import checked
from omkering.thread.commands import announce, follow
from omkering.thread.models import Item
from omkering.thread.privacy import check_personal_data
from omkering.who.authority import require
from omkering.who.models import Member, Person
from omkering.who.standing import standing_of


@transaction.atomic
def recognise(
    *, actor: Person, signal: Signal, member: Member, case: str = "", personal_data_reason: str = ""
) -> Recognition:
    """Say in the name of a member that it sees this too; the actor follows the signal from now on.

    ValidationError when the member sent the signal itself, recognised it already, or is no member today.
    """
    require(actor, "listen.recognise_signal", member)
    if not Item.objects.filter(pk=signal.pk).visible_to(standing_of(actor), actor.pk).exists():
        raise PermissionDenied("listen.recognise_signal")
    case = checked({"own_case": case})["own_case"]
    check_personal_data({"own_case": case}, personal_data_reason)
    signal = Signal.objects.select_for_update().get(pk=signal.pk)
    if not member.holds_on(timezone.localdate()):
        raise ValidationError({"member": _("%(member)s is no longer a member.") % {"member": member.name}})
    if signal.owner_member_id == member.pk:
        raise ValidationError({"member": _("This signal is of %(member)s itself.") % {"member": member.name}})
    if signal.recognitions.filter(member=member, withdrawn_at__isnull=True).exists():
        raise ValidationError(
            {"member": _("%(member)s has already said that it sees this.") % {"member": member.name}}
        )
    recognition = Recognition.objects.create(
        signal=signal,
        member=member,
        person=actor,
        case=case,
        personal_data_reason=personal_data_reason.strip(),
    )
    recount([signal.pk])
    follow(person=actor, item=signal)
    record(
        verb="signal.recognised",
        subject=signal.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{member.code}",
        data={"recognition": recognition.pk, "member": member.pk},
    )
    announce(
        item=signal,
        milestone="signal.recognised",
        actor=actor,
        data={"member": member.name},
        once=str(recognition.pk),
    )
    return recognition


@transaction.atomic
def withdraw_recognition(*, actor: Person, recognition: Recognition) -> None:
    """The member no longer says that it sees this; that it did so stays known."""
    require(actor, "listen.withdraw_recognition", recognition)
    Signal.objects.select_for_update().get(pk=recognition.signal_id)
    recognition = Recognition.objects.select_related("member", "signal").get(pk=recognition.pk)
    if recognition.withdrawn_at:
        return
    recognition.withdrawn_at = timezone.now()
    recognition.save(update_fields=["withdrawn_at"])
    recount([recognition.signal_id])
    record(
        verb="signal.recognition_withdrawn",
        subject=recognition.signal.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{recognition.member.code}",
        data={"recognition": recognition.pk, "member": recognition.member_id},
    )
