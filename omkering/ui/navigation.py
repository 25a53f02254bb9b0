"""The main menu: each room registers its entry; rooms that are not there leave no trace."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from omkering.ui.access import GATES
from omkering.who.standing import standing_of


@dataclass(frozen=True)
class Entry:
    """One entry: its words, the name of its address, its place in the order, and who sees it."""

    label: str | Promise
    url_name: str
    order: int
    gate: str = "public"


_entries: list[Entry] = []


def register(label: str | Promise, url_name: str, *, order: int, gate: str = "public") -> None:
    """Add an entry; `gate` is one of `access`."""
    _entries.append(Entry(label, url_name, order, gate))


def entries(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu as this reader sees it; `current` is the room of this page."""
    standing = standing_of(request.user)
    shown: list[dict[str, Any]] = []
    best = ""
    for entry in sorted(_entries, key=lambda entry: entry.order):
        if entry.gate != "public" and not (request.user.is_authenticated and GATES[entry.gate](standing)):
            continue
        url = reverse(entry.url_name)
        here = request.path == url if url == "/" else request.path.startswith(url)
        if here and len(url) > len(best):
            best = url
        shown.append({"label": entry.label, "url": url, "count": 0})
    for item in shown:
        item["current"] = item["url"] == best
    return shown
