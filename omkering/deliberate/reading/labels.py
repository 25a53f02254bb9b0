"""The number that a text gives a part of itself, apart from its words; and what is a proposal."""

import re
from collections.abc import Iterable

from omkering.deliberate.reading.parts import BOX, HEADING, ITEM, PARAGRAPH, PROPOSAL, Part

LONGEST = 60
_PROPOSAL = re.compile(
    r"(?P<label>(?P<word>voorstel|discussiepunt|aanbeveling|beslispunt|proposal|recommendation)"
    r"(?:\s+(?P<number>\d{1,3}[a-z]?|[ivx]{1,5}))?)(?P<end>\s*[:.–—-]\s*|\s*$|\s{2,})",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?P<label>\d{1,2}(?:\.\d{1,2})*|(?:artikel|hoofdstuk|paragraaf|bijlage|deel|§)\s?(?:\d{1,3}[a-z]?|[ivxlc]{1,6}|[a-z]))"
    r"(?P<end>[.):]?\s+)(?=\S)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?P<label>\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2})+[.)]?|[a-z][.)]|[ivx]{1,5}[.)]|\((?:\d{1,2}|[a-z]|[ivx]{1,5})\)"
    r"|(?:artikel|lid)\s\d{1,3}[a-z]?[.:]?)\s+(?=\S)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"(?P<label>[•◦▪▫■□●○‣⁃∙·➢➤✓\uf0b7\uf0a7\uf0d8]|[-–—*](?=\s))\s*(?=\S)")
_AMOUNT = re.compile(r"(?:miljoen|miljard|procent|euro|duizend|keer|meter|km|uur|jaar)\b", re.IGNORECASE)
LONG_ITEM = 200  # characters from which what is numbered is a paragraph rather than an item of a list


def depth(label: str) -> int:
    """How deep a heading with this number stands: 1 for "2", 2 for "2.1"; 0 where it does not say."""
    number = label.rstrip(".):")
    return number.count(".") + 1 if re.fullmatch(r"\d{1,2}(\.\d{1,2})*", number) else 0


def heading(text: str, level: int) -> Part:
    """A heading, with its number apart; one that is a proposal is that."""
    if (found := proposal(text)) is not None:
        return found
    match = _HEADING.match(text)
    if match is None:
        return Part(HEADING, level, "", text)
    return Part(HEADING, level, match.group("label").strip(), text[match.end() :])


def proposal(text: str) -> Part | None:
    """A proposal: "Voorstel 3: …", or without a number "Discussiepunt: …"; None for anything else."""
    match = _PROPOSAL.match(text)
    if match is None:
        return None
    if match.group("number") is None:
        return Part(PROPOSAL, 0, "", text) if ":" in match.group("end") else None
    return Part(PROPOSAL, 0, match.group("label"), text[match.end() :])


def numbered(text: str) -> tuple[str, str]:
    """The number before a paragraph or item and the rest; "" and the whole where there is none."""
    match = _NUMBERED.match(text)
    if match is None:
        return "", text
    label, rest = match.group("label"), text[match.end() :]
    # "1.5 miljoen" is an amount, and "i." in running text no number.
    if _AMOUNT.match(rest) or (label[-1] not in ".):" and not rest[0].isupper()):
        return "", text
    return label, rest


def bullet(text: str) -> str | None:
    """The words after the mark of a list; None where there is no mark."""
    match = _BULLET.match(text)
    return text[match.end() :] if match else None


def paragraph(text: str, *, level: int = 1) -> Part:
    """Text that stands by itself: a proposal, an item of a list, or a paragraph, numbered or not."""
    if (found := proposal(text)) is not None:
        return found
    if (rest := bullet(text)) is not None:
        return Part(ITEM, level, "", rest)
    label, rest = numbered(text)
    if label and len(rest) < LONG_ITEM:
        return Part(ITEM, level, label, rest)
    return Part(PARAGRAPH, 0, label, rest)


def box(text: str) -> list[Part]:
    """What stands in a box, paragraph by paragraph: a proposal with what explains it, or a box."""
    made = []
    for piece in (piece for piece in text.split("\n\n") if piece.strip()):
        part = paragraph(piece)
        made.append(Part(BOX, 0, part.label, part.text) if part.kind == PARAGRAPH else part)
    return made


def count_proposals(parts: Iterable[Part]) -> list[Part]:
    """Give proposals without a number of their own the next one, so that all can be named."""
    made: list[Part] = []
    number = 0
    for part in parts:
        if part.kind == PROPOSAL:
            number += 1
            if not part.label:
                part = Part(PROPOSAL, 0, f"Voorstel {number}", part.text)
        made.append(part)
    return made
