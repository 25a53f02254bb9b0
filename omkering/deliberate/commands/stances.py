"""How members and networks stand to a position: said by who may bind them; a newer stance ends the one before it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.position_rows import (
    behalf_of,
    in_languages,
    locked_position,
    names_of,
    texts_of,
)
from omkering.deliberate.models import Position, PositionState, Stance, StanceKind
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.models import Item
from omkering.who.authority import require
from omkering.who.models import Member, Network, Person
from omkering.who.standing import standing_of


@transaction.atomic
def take_stance(
    *,
    actor: Person,
    position: Position,
    party: Member | Network,
    kind: str,
    remark: str = "",
    red_line: str = "",
    differs: bool = False,
) -> Stance:
    """Say how a member or network stands to a position that holds; `differs` declares the right to weigh it itself.

    A remark says what goes with it: needed to carry it with a remark, to take another line, and to differ. The owner
    and who follows the position hears of another line, a red line and a declared difference. The same stance again
    changes nothing. ValidationError by field.
    """
    require(actor, "deliberate.take_stance", party)
    if kind not in StanceKind.values:
        raise ValidationError({"kind": _("Choose how you stand to it.")})
    texts = texts_of(remark=remark, red_line=red_line)
    _check_remark(kind, texts["remark"], differs)
    position = locked_position(position)
    readable = Item.objects.filter(pk=position.pk).visible_to(standing_of(actor), actor.pk)
    if position.state != PositionState.ACTIVE or not readable.exists():
        raise ValidationError(_("This position does not hold, so nobody can say how they stand to it."))
    who = {"member": party} if isinstance(party, Member) else {"network": party}
    said = {"kind": str(kind), "differs": differs, **texts}
    now = timezone.now()
    last = Stance.objects.filter(position=position, ended_at__isnull=True, **who).first()
    if last is not None:
        if all(getattr(last, name) == value for name, value in said.items()):
            return last
        last.ended_at = now
        last.save(update_fields=["ended_at"])
    made = Stance.objects.create(position=position, person=actor, created_at=now, **who, **said)
    record(
        verb="stance.taken",
        subject=position.subject,
        actor=actor.pk,
        on_behalf_of=behalf_of(party),
        data={"stance": made.pk, "kind": made.kind, "differs": differs, "red_line": bool(made.red_line)},
    )
    if kind == StanceKind.OTHER or differs or made.red_line:
        announce(
            item=position,
            milestone="position.stance",
            actor=actor,
            data={"who": names_of(party), "stance": in_languages(StanceKind(kind).label)},
            once=str(made.pk),
            audience=[position.owner_id] if position.owner_id else [],
            upstream=False,
        )
    return made


def _check_remark(kind: str, remark: str, differs: bool) -> None:
    """ValidationError at `remark` where something must be said with it."""
    if len(remark) >= 10:
        return
    if kind == StanceKind.OTHER:
        raise ValidationError({"remark": _("Say which other line you take, and why.")})
    if differs:
        raise ValidationError({"remark": _("Say why you want to weigh this yourself.")})
    if kind == StanceKind.REMARK:
        raise ValidationError({"remark": _("Write the remark that goes with it.")})
