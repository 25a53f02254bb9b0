"""How long the texts of a document may be, and what its parts must look like."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omkering.deliberate.models import BlockKind
from omkering.thread import texts

# Least and most characters of each text.
LENGTHS: texts.Lengths = {
    "title": (3, 200),
    "summary": (0, 1_000),
    "note": (0, 3_000),
    "reason": (10, 3_000),
    "personal_data_reason": (0, 1_000),
}
MOST_BLOCKS = 5_000  # parts of one text
LONGEST_BLOCK = 50_000  # characters of one part
LONGEST_LABEL = 60
MOST_LEVELS = 6
SEARCHED = 200_000  # characters of a text that readers can search for: a search vector has its bounds


@dataclass(frozen=True)
class BlockText:
    """The words of one part, tidied, and what it is."""

    kind: str
    level: int
    label: str
    text: str


def checked(written: Mapping[str, str]) -> dict[str, str]:
    """The texts tidied; ValidationError by field for what is too short or too long."""
    return texts.checked(written, LENGTHS, one_line=("title",))


def checked_blocks(blocks: Iterable[Mapping[str, Any]]) -> list[BlockText]:
    """The parts of a text tidied; ValidationError (`blocks`) that names the part where something is wrong."""
    made = []
    for number, block in enumerate(blocks, 1):
        if number > MOST_BLOCKS:
            raise _wrong(
                _("This text has more than %(most)s parts. Split it into two documents."), most=MOST_BLOCKS
            )
        made.append(_checked_block(number, block))
    if not made:
        raise _wrong(_("A document needs at least one part."))
    return made


def _checked_block(number: int, block: Mapping[str, Any]) -> BlockText:
    kind = str(block.get("kind") or BlockKind.PARAGRAPH)
    text = texts.tidy(str(block.get("text") or ""), one_line=kind == BlockKind.HEADING)
    label = texts.tidy(str(block.get("label") or ""), one_line=True)
    if kind not in BlockKind.values:
        raise _wrong(_("Part %(number)s: choose what it is."), number=number)
    if not text and not (label and kind in (BlockKind.HEADING, BlockKind.PROPOSAL)):
        raise _wrong(_("Part %(number)s holds no words. Fill it in, or leave it out."), number=number)
    if len(text) > LONGEST_BLOCK:
        raise _wrong(_("Part %(number)s is too long. Split it into two parts."), number=number)
    if len(label) > LONGEST_LABEL:
        raise _wrong(
            _("Part %(number)s: a number has at most %(most)s characters."), number=number, most=LONGEST_LABEL
        )
    level = 0
    if kind in (BlockKind.HEADING, BlockKind.ITEM):
        try:
            level = min(MOST_LEVELS, max(1, int(block.get("level") or 1)))
        except (TypeError, ValueError):
            raise _wrong(_("Part %(number)s: the level is a whole number."), number=number) from None
    return BlockText(kind, level, label, text)


def _wrong(sentence: str, **values: Any) -> ValidationError:
    return ValidationError({"blocks": sentence % values if values else sentence})


def whole_text(blocks: Sequence[BlockText]) -> str:
    """All words of a text, part by part, for searching."""
    return "\n\n".join(f"{block.label} {block.text}".strip() for block in blocks)[:SEARCHED]
