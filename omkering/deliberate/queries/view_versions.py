"""The versions of a formal view, and how each differs from the one before it, word by word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps

from omkering.deliberate.models import View
from omkering.deliberate.view_drafts import in_lines
from omkering.engine.merge import diff
from omkering.who.models import Person


@dataclass(frozen=True)
class Piece:
    """A passage that stayed (""), came ("ins") or went ("del")."""

    tag: str
    text: str


@dataclass(frozen=True)
class ViewVersion:
    """A version of a draft: which, when, by whom, and what changed since the one before."""

    number: int
    at: datetime
    person: str
    handed_in: bool
    pieces: list[Piece]


def versions_of(view: View, *, handed_in_only: bool = False) -> list[ViewVersion]:
    """The versions of a view, newest first; those handed in alone for who is not of the member. Two queries."""
    rows = list(_rows(view))
    if handed_in_only:
        rows = [row for row in rows if row["handed_in"]]
    people = dict(
        Person.objects.filter(pk__in={row["drafted_by_id"] for row in rows} - {None}).values_list(
            "pk", "name"
        )
    )
    found, before = [], ""
    for row in rows:
        text = in_lines(row["draft"])
        found.append(
            ViewVersion(
                number=row["version"],
                at=(row["handed_in_at"] if row["handed_in"] else row["drafted_at"]) or row["pgh_created_at"],
                person="" if handed_in_only else people.get(row["drafted_by_id"], ""),
                handed_in=row["handed_in"],
                pieces=pieces(before, text),
            )
        )
        before = text
    return found[::-1]


def _rows(view: View) -> list[dict[str, Any]]:
    """The history of a view, oldest first: one row for each version, and whether that one was handed in."""
    history = apps.get_model("deliberate", "ViewEvent").objects.filter(pgh_obj_id=view.pk)
    kept: list[dict[str, Any]] = []
    last = None
    for row in history.order_by("pgh_id").values(
        "version", "draft", "drafted_by_id", "drafted_at", "handed_in_at", "pgh_created_at"
    ):
        row["handed_in"] = row["handed_in_at"] is not None and row["handed_in_at"] != last
        last = row["handed_in_at"]
        if kept and kept[-1]["version"] == row["version"]:
            kept[-1] |= {**row, "handed_in": kept[-1]["handed_in"] or row["handed_in"]}
        else:
            kept.append(row)
    return [row for row in kept if in_lines(row["draft"])]


def pieces(before: str, after: str) -> list[Piece]:
    """How `after` differs from `before`, as passages in order."""
    found, at = [], 0
    for edit in diff(before, after):
        found += [
            Piece("", before[at : edit.start]),
            Piece("del", before[edit.start : edit.end]),
            Piece("ins", edit.text),
        ]
        at = edit.end
    found.append(Piece("", before[at:]))
    return [piece for piece in found if piece.text]
