"""What may be chosen in a round: an item becomes a candidate in one step, and its senders hear of it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.agenda.commands.round_plans import locked, standing
from omkering.agenda.models import Candidate, Round, RoundState
from omkering.journal.commands import record
from omkering.thread.commands import announce, link, unlink
from omkering.thread.models import Item, LinkKind, Visibility
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import checked
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

# What may be a candidate: kind → the states in which it can still become something.
LIVE = {
    "bundle": frozenset({"in_review", "taken_up"}),
    "dossier": frozenset({"open"}),
    "challenge": frozenset({"active"}),
}
LENGTHS = {"reason": (10, 5_000)}


@transaction.atomic
def nominate(*, actor: Person, round: Round, item: Item) -> Candidate:
    """Make an item a candidate in a round that has not been opened; nominated again it is the same candidate.

    Whoever put in what is behind the item hears of it.
    """
    require(actor, "agenda.plan_round", round)
    round = locked(round)
    _check_planned(round)
    item = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    existing = standing(round).filter(item=item).first()
    if existing is not None:
        return existing
    _check_item(round, item)
    last = Candidate.objects.filter(round=round).aggregate(last=Max("position"))["last"] or 0
    candidate = Candidate.objects.create(round=round, item=item, position=last + 1, person=actor)
    link(upstream=item, downstream=round, kind=LinkKind.PROPOSES, actor=actor)
    record(
        verb="candidate.nominated",
        subject=round.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"candidate": candidate.pk, "item": item.pk},
    )
    announce(
        item=item,
        milestone="candidate.nominated",
        actor=actor,
        data={"round": round.title},
        once=str(candidate.pk),
    )
    return candidate


@transaction.atomic
def withdraw_candidate(*, actor: Person, candidate: Candidate, reason: str) -> Candidate:
    """Take a candidate out of a round that has not been opened, with a reason; that it was in stays known."""
    require(actor, "agenda.plan_round", candidate.round)
    reason = checked({"reason": reason}, LENGTHS)["reason"]
    check_personal_data({"reason": reason})
    round = locked(candidate.round)
    _check_planned(round)
    candidate = Candidate.objects.select_for_update(of=("self",)).select_related("item").get(pk=candidate.pk)
    if candidate.withdrawn_at is not None:
        raise ValidationError(_("This candidate was taken out already."))
    candidate.withdrawn_at, candidate.withdraw_reason = timezone.now(), reason
    candidate.save(update_fields=["withdrawn_at", "withdraw_reason"])
    unlink(upstream=candidate.item, downstream=round, kind=LinkKind.PROPOSES, actor=actor)
    record(
        verb="candidate.withdrawn",
        subject=round.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"candidate": candidate.pk, "item": candidate.item_id},
    )
    announce(
        item=candidate.item,
        milestone="candidate.withdrawn",
        actor=actor,
        data={"round": round.title, "reason": reason},
        once=str(candidate.pk),
    )
    return candidate


def _check_planned(round: Round) -> None:
    if round.state != RoundState.PLANNED:
        raise ValidationError(
            _("Candidates are fixed once a round opens. Plan another round for what comes later.")
        )


def _check_item(round: Round, item: Item) -> None:
    if item.kind not in LIVE:
        raise ValidationError(
            _("Only a bundle, a dossier or a challenge can be a candidate. Put this in one of them first.")
        )
    if item.state not in LIVE[item.kind]:
        raise ValidationError(_("This is closed or not under way, so it cannot become a priority."))
    public = round.visibility == Visibility.PUBLIC
    if item.visibility not in ((Visibility.PUBLIC,) if public else (Visibility.PUBLIC, Visibility.MEMBERS)):
        raise ValidationError(
            _(
                "Not everyone who may see this round may read “%(title)s”. Open it up first, or choose a round for the "
                "members."
            )
            % {"title": item.title}
        )
