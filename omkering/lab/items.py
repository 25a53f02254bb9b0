"""A row of the table of items as COPY takes it, and what the makers of the rooms share."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from omkering.who.models import Member

FROM_FOLDER = ("challenge", "conflict")  # kinds of item that an association folder brings

ITEM = (
    "id", "kind", "title", "summary", "body", "state", "visibility", "audience_id", "language", "theme_id",
    "owner_member_id", "owner_body_id", "author_id", "created_at", "changed_at", "due_at", "answered_at", "example",
)  # fmt: skip


def item_row(
    item: int,
    kind: str,
    title: str,
    summary: str,
    text: str,
    state: str,
    visibility: str,
    *,
    author: int,
    created: datetime,
    audience: int | None = None,
    theme: int | None = None,
    member: int | None = None,
    body: int | None = None,
    due: datetime | None = None,
    answered: datetime | None = None,
) -> tuple[Any, ...]:
    """The values of `ITEM`; `member` and `body` own it."""
    return (
        item, kind, title[:200], summary, text, state, visibility, audience, "nl", theme, member, body, author,
        created, answered or created, due, answered, True,
    )  # fmt: skip


@dataclass
class Agenda:
    """What was made so far; ids are primary keys."""

    chance: random.Random
    now: datetime
    members: list[Member]
    advisers: list[int]
    bundles: list[tuple[int, int, datetime]]  # item, adviser, created
    dossiers: list[tuple[int, datetime, str, int]] = field(
        default_factory=list
    )  # item, created, title, adviser
    themes: list[int] = field(default_factory=list)
    bodies: list[int] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)


@dataclass
class Deliberations:
    """What the makers of the room of deliberation share, and what was made so far; ids are primary keys."""

    chance: random.Random
    now: datetime
    members: list[Member]
    people: list[tuple[int, int]]  # person, member
    advisers: list[int]
    part: float  # of the full size
    themes: list[int] = field(default_factory=list)
    bodies: list[int] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)
    networks: list[int] = field(default_factory=list)
    texts: list["MadeDocument"] = field(default_factory=list)
    big_round: int = 0  # the round that takes the amendments
    voted_round: int = 0  # the round with the statements

    def many(self, full: int, least: int = 1) -> int:
        """So many of what there are `full` of at the full size."""
        return max(least, round(full * self.part))


@dataclass
class MadeDocument:
    """A document that others are made on."""

    item: int
    version: int  # the newest
    title: str
    theme: int
    visibility: str
    state: str
    paragraphs: list[tuple[int, int, str, str]]  # paragraph, address, kind, words in the newest version
    words: list[dict[int, tuple[int, str]]]  # a version at a time: paragraph → the version's id and its words
