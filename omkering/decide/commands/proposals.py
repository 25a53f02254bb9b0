"""Making a proposal from what members see, and editing it until it is voted on."""

from html import unescape

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from omkering.decide.models import Proposal, ProposalState, Vote, VoteState
from omkering.journal.commands import record
from omkering.thread.commands import announce, link, remember_meaning
from omkering.thread.models import Item, LinkKind, Visibility
from omkering.ui.text import render_markdown
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

SUMMARY = 280  # characters of the text that lists show
LONGEST = 50_000  # characters of a text


@transaction.atomic
def make_proposal(
    *, actor: Person, from_item: Item, title: str, text: str, explanation: str = ""
) -> Proposal:
    """Put a text before the members that follows from an item (a bundle, a signal, any other).

    Whoever put in what is behind the item hears of it. The proposal is public when the item is, and otherwise
    for all members: who is asked to decide must be able to read.
    """
    require(actor, "decide.make_proposal", from_item)
    texts = _checked(title=title, text=text, explanation=explanation)
    proposal = Proposal.objects.create(
        kind="proposal",
        state=ProposalState.MADE,
        **texts,
        summary=_summary(texts["text"]),
        body=f"{texts['text']}\n\n{texts['explanation']}",
        visibility=Visibility.PUBLIC if from_item.visibility == Visibility.PUBLIC else Visibility.MEMBERS,
        language=from_item.language,
        theme_id=from_item.theme_id,
        owner_body_id=from_item.owner_body_id,
        author=actor,
        example=from_item.example,
    )
    link(upstream=from_item, downstream=proposal, kind=LinkKind.PROPOSES, actor=actor)
    remember_meaning(item=proposal)
    record(
        verb="proposal.made",
        subject=proposal.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"from": from_item.pk},
    )
    announce(item=proposal, milestone="proposal.made", actor=actor)
    return proposal


@transaction.atomic
def edit_proposal(
    *, actor: Person, proposal: Proposal, title: str, text: str, explanation: str = ""
) -> Proposal:
    """Change the words of a proposal; not once a vote on it has opened, so that it reads as it was voted on."""
    require(actor, "decide.edit_proposal", proposal)
    texts = _checked(title=title, text=text, explanation=explanation)
    proposal = Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if not may_be_edited(proposal):
        raise ValidationError(_("A vote on this proposal has been opened. Its text stays as it is."))
    for name, value in texts.items():
        setattr(proposal, name, value)
    proposal.summary = _summary(proposal.text)
    proposal.body = f"{proposal.text}\n\n{proposal.explanation}"
    proposal.changed_at = timezone.now()
    proposal.save(update_fields=[*texts, "summary", "body", "changed_at"])
    Vote.objects.filter(about_id=proposal.pk, state=VoteState.PLANNED).update(
        title=proposal.title, summary=proposal.summary
    )
    remember_meaning(item=proposal)
    record(verb="proposal.edited", subject=proposal.subject, actor=actor.pk, on_behalf_of=BUREAU)
    return proposal


def may_be_edited(proposal: Proposal) -> bool:
    """Whether no vote on it has been opened yet."""
    return not Vote.objects.filter(about_id=proposal.pk, opened_at__isnull=False).exists()


def _summary(text: str) -> str:
    words = unescape(strip_tags(render_markdown(text)))
    return Truncator(" ".join(words.split())).chars(SUMMARY)


def _checked(*, title: str, text: str, explanation: str) -> dict[str, str]:
    """The texts without needless space; ValidationError where one is missing or too long."""
    texts = {"title": " ".join(title.split()), "text": text.strip(), "explanation": explanation.strip()}
    errors = {}
    if not texts["title"]:
        errors["title"] = _("Give the proposal a title.")
    elif len(texts["title"]) > 200:
        errors["title"] = _("The title can have 200 characters at most.")
    if not texts["text"]:
        errors["text"] = _("Write what the members are asked to decide.")
    for name in ("text", "explanation"):
        if len(texts[name]) > LONGEST:
            errors[name] = _("This text is too long. It can have 50,000 characters at most.")
        elif "\0" in texts[name]:
            errors[name] = _("This text holds a character that cannot be kept.")
    if errors:
        raise ValidationError(errors)
    return texts
