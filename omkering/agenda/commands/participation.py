"""Members that take part in a dossier: their own people say so, or the bureau for them."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.agenda.commands.dossier_rows import locked, refuse_closed
from omkering.agenda.dossier_texts import checked
from omkering.agenda.models import Dossier, Participation
from omkering.journal.commands import record
from omkering.thread.commands import announce, follow
from omkering.thread.models import Item
from omkering.who.authority import require
from omkering.who.models import Member, Person
from omkering.who.standing import standing_of

PILOT = Participation.Part.PILOT


@transaction.atomic
def take_part(
    *,
    actor: Person,
    dossier: Dossier,
    member: Member,
    part: str = PILOT,
    what: str = "",
    under_way_since: date | None = None,
) -> Participation:
    """Say in the name of a member that it takes part, and what it does; who says so follows the dossier.

    ValidationError (`member`, `part`, `what`, `under_way_since`), for example for a member that takes part already.
    """
    require(actor, "agenda.take_part", member)
    if not Item.objects.filter(pk=dossier.pk).visible_to(standing_of(actor), actor.pk).exists():
        raise PermissionDenied("agenda.take_part")
    values = _checked(part, what, under_way_since)
    row = locked(dossier)
    refuse_closed(row)
    if not member.holds_on(timezone.localdate()):
        raise ValidationError({"member": _("%(member)s is no longer a member.") % {"member": member.name}})
    if row.participations.filter(member=member, ended_at__isnull=True).exists():
        raise ValidationError(
            {"member": _("%(member)s already takes part in this dossier.") % {"member": member.name}}
        )
    made = Participation.objects.create(dossier=row, member=member, person=actor, **values)
    follow(person=actor, item=row)
    _record(made, actor, "dossier.member_joined")
    if made.part == PILOT:
        _tell(made, actor, "dossier.member_joined")
    if made.under_way_since:
        _tell(made, actor, "dossier.pilot_started")
    return made


@transaction.atomic
def change_part(
    *,
    actor: Person,
    participation: Participation,
    part: str,
    what: str = "",
    under_way_since: date | None = None,
) -> Participation:
    """Change how a member takes part: as what, what it does, and since when its pilot is under way."""
    require(actor, "agenda.take_part", acting_member(participation))
    values = _checked(part, what, under_way_since)
    row = _locked(participation)
    differ = [name for name, value in values.items() if getattr(row, name) != value]
    if not differ:
        return row
    refuse_closed(row.dossier)
    started = row.under_way_since is None and values["under_way_since"] is not None
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    _record(row, actor, "dossier.part_changed")
    if started:
        _tell(row, actor, "dossier.pilot_started")
    return row


@transaction.atomic
def end_part(*, actor: Person, participation: Participation) -> None:
    """The member no longer takes part; that it did stays known. Doing it twice is doing it once."""
    require(actor, "agenda.take_part", acting_member(participation))
    row = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    if row.ended_at is not None:
        return
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    _record(_locked_again(row), actor, "dossier.member_left")


def acting_member(participation: Participation) -> Member:
    """Who speaks for a participation today: the member, or the one that it went up in."""
    member = participation.member
    while member.successor and not member.holds_on(timezone.localdate()):
        member = member.successor
    return member


def _checked(part: str, what: str, under_way_since: date | None) -> dict:
    what = checked({"what": what})["what"]
    if part not in Participation.Part.values:
        raise ValidationError({"part": _("Choose how the member takes part.")})
    if part == PILOT and not what:
        raise ValidationError({"what": _("Say in a few words what the member does as a pilot.")})
    if under_way_since is not None and part != PILOT:
        raise ValidationError({"under_way_since": _("Only a pilot can be under way: leave this empty.")})
    if under_way_since is not None and under_way_since > timezone.localdate():
        raise ValidationError({"under_way_since": _("Choose today or an earlier day.")})
    return {"part": part, "what": what, "under_way_since": under_way_since}


def _locked(participation: Participation) -> Participation:
    row = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    if row.ended_at is not None:
        raise ValidationError(_("This member no longer takes part. Let it join anew."))
    return _locked_again(row)


def _locked_again(row: Participation) -> Participation:
    return Participation.objects.select_related("dossier", "member").get(pk=row.pk)


def _record(row: Participation, actor: Person, verb: str) -> None:
    record(
        verb=verb,
        subject=row.dossier.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{row.member.code}",
        data={"participation": row.pk, "member": row.member_id, "part": row.part},
    )


def _tell(row: Participation, actor: Person, milestone: str) -> None:
    announce(
        item=row.dossier, milestone=milestone, actor=actor, data={"member": row.member.name}, once=str(row.pk)
    )
