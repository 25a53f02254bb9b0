"""What a text is made of, and what a file that cannot be read says of itself."""

from dataclasses import asdict, dataclass, field
from typing import Any

MOST_BYTES = 10 * 1024 * 1024
HEADING, PARAGRAPH, ITEM, TABLE, BOX, PROPOSAL = "heading", "paragraph", "item", "table", "box", "proposal"


class Unreadable(ValueError):
    """A file that cannot be read; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Part:
    """A part of a text: what it is, its level (of a heading or list item, from 1), the number that the text gives it,
    and its words."""

    kind: str
    level: int
    label: str
    text: str

    def as_dict(self) -> dict[str, Any]:
        """As an import keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Parsed:
    """A file that was read: its title ("" where it has none), its parts, and what the reader doubts, in sentences."""

    title: str
    blocks: tuple[Part, ...]
    notes: tuple[str, ...] = field(default=())
