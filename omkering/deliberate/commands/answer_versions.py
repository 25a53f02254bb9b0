"""The new version of a document that follows from the note of answer: each change names what it follows from."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.deliberate.commands.answers import locked
from omkering.deliberate.commands.documents import new_version
from omkering.deliberate.models import Answer, AnswerKind, Block, Consultation, Document, Version
from omkering.deliberate.queries.answer_points import points_of
from omkering.journal.commands import record
from omkering.thread.commands import link
from omkering.thread.models import Item, LinkKind
from omkering.thread.texts import tidy
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
TAKEN = (AnswerKind.TAKEN_OVER, AnswerKind.PARTLY)  # what a new version can follow from


@dataclass(frozen=True)
class Change:
    """What becomes of one paragraph: its new words ("" drops it), a new paragraph after it ("" for none), and the
    points, by their ids, that this follows from.
    """

    text: str
    after: str = ""
    points: Collection[int] = ()


@transaction.atomic
def version_from_note(
    *,
    actor: Person,
    consultation: Consultation,
    based_on: int,
    changes: Mapping[int, Change],
    note: str,
) -> Version:
    """Make the next version of the document from the answers; `changes` are by the address of a paragraph.

    Every paragraph that changes names at least one point that was taken over, in whole or in part; those points are
    tied to the document in the thread. ValidationError by field; with code `changed` where the text has a later
    version than `based_on`. The same again is the same version.
    """
    require(actor, "deliberate.give_answer", consultation)
    consultation = locked(consultation)
    if consultation.document is None:
        raise ValidationError(_("This consultation is about a question, so there is no text to change."))
    document = consultation.document
    seen = Version.objects.filter(document=document, number=based_on).first()
    if seen is None:
        raise ValidationError(_("This version is not there. Open the page again."))
    taken = _taken(consultation)
    blocks: list[dict[str, Any]] = []
    bases: dict[int, list[Item]] = {}
    for block in seen.blocks.select_related("paragraph").order_by("position"):
        address = block.paragraph.address
        change = changes.get(address)
        behind = _behind(change, taken, address) if change and _differs(block, change) else []
        text = change.text.strip() if change else block.text
        if text or (not change and block.label):
            blocks.append(_as_given(block, text))
        if behind:
            bases[address] = behind
        for added in paragraphs_in(change.after) if change else []:
            blocks.append({"paragraph": None, "kind": "paragraph", "text": added, "bases": behind})
    if not bases:
        raise ValidationError(_("No paragraph changed. Change at least one, or leave the text as it is."))
    if (same := _made_already(document, based_on, blocks)) is not None:
        return same
    made = new_version(
        actor=actor, document=document, blocks=blocks, note=note, bases=bases, based_on=based_on
    )
    behind_all = {item.pk: item for items in bases.values() for item in items}
    for item in behind_all.values():
        _tie(item, document, actor)
    record(
        verb="consultation.version_made",
        subject=consultation.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"version": made.number, "points": sorted(behind_all)},
    )
    return made


def paragraphs_in(text: str) -> list[str]:
    """A text in its paragraphs: an empty line ends one."""
    return [part.strip() for part in _EMPTY_LINE.split(text.replace("\r\n", "\n")) if part.strip()]


def _taken(consultation: Consultation) -> dict[int, Item]:
    """The points whose answer is that they are taken over, in whole or in part, by id; three queries."""
    given = {point.pk: point.answer for point in points_of([consultation.pk]) if point.answer is not None}
    kinds = dict(Answer.objects.filter(pk__in=set(given.values())).values_list("pk", "kind"))
    wanted = [pk for pk, answer in given.items() if kinds[answer] in TAKEN]
    return Item.objects.filter(pk__in=wanted).defer("search", "body").in_bulk()


def _made_already(document: Document, based_on: int, blocks: list[dict[str, Any]]) -> Version | None:
    """The version after the one that was read, if it says just this: a double click is one click."""
    after = Version.objects.filter(document=document, number=based_on + 1).first()
    if after is None:
        return None
    words = list(after.blocks.order_by("position").values_list("kind", "text"))
    return after if words == [(block["kind"], tidy(block["text"])) for block in blocks] else None


def _differs(block: Block, change: Change) -> bool:
    return change.text.strip() != block.text or bool(change.after.strip())


def _behind(change: Change, taken: Mapping[int, Item], address: int) -> list[Item]:
    found = [taken[pk] for pk in sorted(set(change.points)) if pk in taken]
    if not found:
        raise ValidationError(
            {
                f"points_{address}": _(
                    "This paragraph changes. Choose at least one point that was taken over and that this follows from."
                )
            }
        )
    return found


def _as_given(block: Block, text: str) -> dict[str, Any]:
    return {
        "paragraph": block.paragraph,
        "kind": block.kind,
        "level": block.level,
        "label": block.label,
        "text": text,
    }


def _tie(item: Item, document: Document, actor: Person) -> None:
    """Let the thread tell that the text follows from this point; not where the point itself came of the text."""
    try:
        link(upstream=item, downstream=document, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    except ValueError:  # a circle: the thread already runs from the document to the point
        return
