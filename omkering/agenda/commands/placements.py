"""Putting an item under a challenge, and taking it off again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.agenda.models import Challenge, ChallengeState, Placement
from omkering.agenda.texts_challenges import checked
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.models import Follow, Item
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU
from omkering.who.standing import standing_of

CONFLICT = "conflict"


@transaction.atomic
def place_item(*, actor: Person, item: Item, challenge: Challenge) -> Placement:
    """Let an item hang under a challenge; everyone who put in or follows it, or what led to it, hears so.

    So do the followers of the challenge. Raises ValidationError (`challenge`).
    """
    require(actor, "agenda.place_item", item)
    item = Item.objects.select_for_update(no_key=True).defer("body", "search").get(pk=item.pk)
    if not Item.objects.filter(pk=item.pk).visible_to(standing_of(actor), actor.pk).exists():
        raise ValidationError(_("You may not read this, so you cannot put it under a challenge."))
    if item.kind == "challenge":
        raise ValidationError(
            _(
                "A challenge does not hang under another challenge. Couple the two, and say how they hang together."
            )
        )
    challenge = Challenge.objects.get(pk=challenge.pk)
    if challenge.state != ChallengeState.ACTIVE:
        raise ValidationError(
            {
                "challenge": _(
                    "“%(title)s” is no longer on the agenda. Choose another challenge, or put it back first."
                )
                % {"title": challenge.title}
            }
        )
    if Placement.objects.filter(item=item, challenge=challenge, ended_at__isnull=True).exists():
        raise ValidationError(
            {
                "challenge": _("This was put under “%(title)s” already. Choose another challenge.")
                % {"title": challenge.title}
            }
        )
    placement = Placement.objects.create(item=item, challenge=challenge, person=actor)
    record(
        verb="agenda.placed",
        subject=item.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"challenge": challenge.pk, "placement": placement.pk},
    )
    announce(
        item=item,
        milestone="agenda.placed",
        actor=actor,
        data={"challenge": challenge.title},
        once=str(placement.pk),
        audience=list(Follow.objects.filter(item_id=challenge.pk).values_list("person_id", flat=True)),
    )
    return placement


@transaction.atomic
def end_placement(*, actor: Person, placement: Placement, reason: str) -> Placement:
    """Take an item off a challenge, with a reason that whoever put it in hears; that it hung there stays known."""
    require(actor, "agenda.place_item", placement.item)
    text = checked({"reason": reason})["reason"]
    item = Item.objects.select_for_update(no_key=True).defer("body", "search").get(pk=placement.item_id)
    placement = (
        Placement.objects.select_for_update(of=("self",)).select_related("challenge").get(pk=placement.pk)
    )
    if placement.ended_at is not None:
        raise ValidationError(_("This has been taken off the challenge already."))
    left = Placement.objects.filter(item=item, ended_at__isnull=True).count()
    if item.kind == CONFLICT and left == 1:
        raise ValidationError(
            _("A conflict of aims hangs under at least one challenge. Put it under another one first.")
        )
    placement.ended_at, placement.end_reason = timezone.now(), text
    placement.save(update_fields=["ended_at", "end_reason"])
    record(
        verb="agenda.unplaced",
        subject=item.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"challenge": placement.challenge_id, "placement": placement.pk},
    )
    announce(
        item=item,
        milestone="agenda.unplaced",
        actor=actor,
        data={"challenge": placement.challenge.title, "reason": text},
        once=str(placement.pk),
    )
    return placement
