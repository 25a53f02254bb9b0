"""Corrections to the parts of a text before it counts: what a part is, joining, splitting, leaving out.

Pure: each takes the parts as dicts and gives new ones; the old ones stay as they are. Places count from 0.
"""

from collections.abc import Collection, Sequence
from typing import Any

from omkering.deliberate.models import BlockKind

Parts = list[dict[str, Any]]
LEVELLED = (BlockKind.HEADING, BlockKind.ITEM)
# What a part can be made into, as one word: kinds, and for headings and items their level.
CHOICES: tuple[str, ...] = (
    "paragraph",
    "heading-1",
    "heading-2",
    "heading-3",
    "heading-4",
    "item-1",
    "item-2",
    "item-3",
)
CHOICES += ("box", "proposal", "table")


def with_kind(parts: Sequence[dict[str, Any]], places: Collection[int], choice: str) -> Parts:
    """These parts are something else: `choice` is one of CHOICES. ValueError for another one."""
    if choice not in CHOICES:
        raise ValueError(choice)
    kind, _dash, level = choice.partition("-")
    return [
        {**part, "kind": kind, "level": int(level or 0)} if place in places else dict(part)
        for place, part in enumerate(parts)
    ]


def joined_up(parts: Sequence[dict[str, Any]], places: Collection[int]) -> Parts:
    """Each of these parts goes on in the one before it; a table keeps its lines."""
    made: Parts = []
    for place, part in enumerate(parts):
        if place in places and made:
            before = made[-1]
            between = "\n" if BlockKind.TABLE in (before["kind"], part["kind"]) else " "
            words = f"{part['label']} {part['text']}".strip()
            made[-1] = {**before, "text": f"{before['text']}{between}{words}".strip()}
        else:
            made.append(dict(part))
    return made


def without(parts: Sequence[dict[str, Any]], places: Collection[int]) -> Parts:
    """The text without these parts."""
    return [dict(part) for place, part in enumerate(parts) if place not in places]


def rewritten(parts: Sequence[dict[str, Any]], place: int, choice: str, label: str, text: str) -> Parts:
    """One part says something else; where its text has a blank line it becomes two parts of the same kind.

    The first of them keeps the address and the label.
    """
    pieces = [text] if choice == "table" else [piece for piece in _pieces(text) if piece]
    [one] = with_kind([parts[place]], {0}, choice)
    first = {**one, "label": label, "text": pieces[0] if pieces else ""}
    more = [{**one, "label": "", "text": piece} for piece in pieces[1:]]
    for part in more:
        part.pop("address", None)
    return [*map(dict, parts[:place]), first, *more, *map(dict, parts[place + 1 :])]


def with_new(parts: Sequence[dict[str, Any]], place: int, choice: str, label: str, text: str) -> Parts:
    """A new part after this place (-1: at the beginning)."""
    kind, _dash, level = choice.partition("-")
    fresh = {"kind": kind, "level": int(level or 0), "label": label, "text": text}
    made = [*map(dict, parts[: place + 1]), fresh, *map(dict, parts[place + 1 :])]
    return rewritten(made, place + 1, choice, label, text)


def choice_of(part: dict[str, Any]) -> str:
    """What a part is, as one of CHOICES."""
    kind = str(part["kind"])
    most = 4 if kind == BlockKind.HEADING else 3
    return f"{kind}-{min(max(int(part['level'] or 1), 1), most)}" if kind in LEVELLED else kind


def _pieces(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    pieces: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            pieces[-1].append(line)
        elif pieces[-1]:
            pieces.append([])
    return ["\n".join(piece).strip() for piece in pieces]
