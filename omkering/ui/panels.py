"""Parts that a room shows on the pages of other rooms' items, without the rooms knowing each other.

A room registers a function once, in its `AppConfig.ready`; the page of an item says where they come with
`{% panels item %}`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from omkering.thread.models import Item
from omkering.ui.request import Request

# Given the request and the item, the part as safe HTML, or "" where it has nothing to show.
Panel = Callable[[Request, Item], str]


@dataclass(frozen=True)
class Registered:
    """One part: the function that makes it, for which kinds of item (empty: all), and its place in the order."""

    panel: Panel
    kinds: frozenset[str]
    order: int


_panels: list[Registered] = []


def register(*kinds: str, order: int = 50) -> Callable[[Panel], Panel]:
    """Decorator: show what the function makes on the pages of these kinds of item; of all kinds when none is named."""

    def add(panel: Panel) -> Panel:
        _panels.append(Registered(panel, frozenset(kinds), order))
        return panel

    return add


def panels(request: Request, item: Item) -> SafeString:
    """All parts for the page of `item`, in their order; each may ask the database a fixed number of questions."""
    wanted = [entry for entry in _panels if not entry.kinds or item.kind in entry.kinds]
    made = [entry.panel(request, item) for entry in sorted(wanted, key=lambda entry: entry.order)]
    return mark_safe("\n".join(part for part in made if part))  # noqa: S308 - each was rendered by a template
