"""Reactions: what somebody thinks of a paragraph or of the whole, for themselves. They are never a member's word."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.consultation_rows import check_open, works_for
from omkering.deliberate.consultation_texts import checked, title_of
from omkering.deliberate.models import (
    ConsultationRound,
    Contribution,
    ContributionKind,
    ContributionState,
    Paragraph,
)
from omkering.deliberate.publics import visibility_of
from omkering.journal.commands import record
from omkering.thread.commands import announce, remember_meaning
from omkering.thread.models import Visibility
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

MOST_OF_ONE = 200  # reactions of one person in a round, so that nobody drowns the others


@transaction.atomic
def react(
    *, actor: Person, round: ConsultationRound, text: str, paragraph: Paragraph | None = None
) -> Contribution:
    """React to a paragraph, or to the whole where none is given. The same words again are the same reaction."""
    require(actor, "deliberate.react", round)
    text = checked({"text": text})["text"]
    check_open(round)
    _check_takes(round)
    check_paragraph(round, paragraph)
    mine = Contribution.objects.filter(
        in_round=round, kind=ContributionKind.REACTION, author=actor, state=ContributionState.SUBMITTED
    )
    if (same := mine.filter(paragraph=paragraph, text=text).defer("search").first()) is not None:
        return same
    if mine.count() >= MOST_OF_ONE:
        raise ValidationError(
            {
                "text": _("You wrote %(most)s reactions in this round. Leave room for others.")
                % {"most": MOST_OF_ONE}
            }
        )
    visibility, audience = visibility_of(round)
    made = Contribution.objects.create(
        kind=ContributionKind.REACTION,
        title=title_of(text),
        summary=summary_of(text),
        body=text,
        text=text,
        state=ContributionState.SUBMITTED,
        visibility=visibility,
        audience_id=audience,
        theme_id=round.consultation.theme_id,
        author=actor,
        in_round=round,
        paragraph=paragraph,
        works_for_id=works_for(actor, round),
    )
    remember_meaning(item=made)
    record(
        verb="reaction.made",
        subject=made.subject,
        actor=actor.pk,
        data={"round": round.pk, "paragraph": paragraph.address if paragraph else None},
    )
    return made


@transaction.atomic
def change_reaction(*, actor: Person, reaction: Contribution, text: str) -> Contribution:
    """Write one's own reaction anew while its round is open; what it said before is kept."""
    require(actor, "deliberate.change_reaction", reaction)
    text = checked({"text": text})["text"]
    row = _locked(reaction)
    check_open(row.in_round)
    if row.state != ContributionState.SUBMITTED:
        raise ValidationError(_("This reaction was withdrawn or answered, so it stays as it is."))
    if row.text == text:
        return row
    row.text = row.body = text
    row.title, row.summary, row.changed_at = title_of(text), summary_of(text), timezone.now()
    row.save(update_fields=["text", "body", "title", "summary", "changed_at"])
    remember_meaning(item=row)
    record(verb="reaction.changed", subject=row.subject, actor=actor.pk, data={"round": row.in_round_id})
    return row


@transaction.atomic
def withdraw_reaction(*, actor: Person, reaction: Contribution, reason: str = "") -> Contribution:
    """Withdraw one's own reaction; or, for the bureau, take one out that does not belong here, with a reason.

    It is kept, and no longer shown to others. Twice is once.
    """
    require(actor, "deliberate.withdraw_reaction", reaction)
    own = reaction.author_id == actor.pk
    reason = "" if own else checked({"reason": reason})["reason"]
    row = _locked(reaction)
    if row.state == ContributionState.WITHDRAWN:
        return row
    if row.state != ContributionState.SUBMITTED:
        raise ValidationError(_("This reaction was answered, so it stays as it is."))
    if own:
        check_open(row.in_round)
    row.state, row.withdrawal_reason, row.changed_at = ContributionState.WITHDRAWN, reason, timezone.now()
    row.visibility, row.audience_id, row.due_at = Visibility.BUREAU, None, None
    row.save(update_fields=["state", "withdrawal_reason", "changed_at", "visibility", "audience", "due_at"])
    record(
        verb="reaction.withdrawn",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of="" if own else BUREAU,
        data={"round": row.in_round_id},
    )
    if not own:
        announce(
            item=row,
            milestone="reaction.taken_out",
            actor=actor,
            data={"reason": summary_of(reason)},
            upstream=False,
        )
    return row


def check_paragraph(round: ConsultationRound, paragraph: Paragraph | None) -> None:
    """ValidationError (`paragraph`) for one that does not stand in the text that is asked about."""
    if paragraph is None:
        return
    version = round.consultation.version
    if version is None or not version.blocks.filter(paragraph=paragraph).exists():
        raise ValidationError({"paragraph": _("Choose a paragraph of the text that this is about.")})


def _check_takes(round: ConsultationRound) -> None:
    if not round.takes_reactions:
        raise ValidationError(_("This round takes no reactions."))


def _locked(reaction: Contribution) -> Contribution:
    rows = Contribution.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    return rows.select_related("in_round__consultation").defer("search").get(pk=reaction.pk)
