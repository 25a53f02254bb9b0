"""What can follow from an item: each room registers the steps it offers on another room's pages.

So a bundle's page leads to a proposal without the rooms knowing each other.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from omkering.thread.models import Item
from omkering.who.authority import may


@dataclass(frozen=True)
class Step:
    """One step: its words, the name of its address (which takes the item's id), and who may take it."""

    label: str | Promise
    url_name: str
    permission: str
    states: frozenset[str] | None  # None: any


_steps: dict[str, list[Step]] = {}


def register(
    kind: str, label: str | Promise, url_name: str, *, permission: str, states: set[str] | None = None
) -> None:
    """Offer a step on the page of every item of `kind` in one of `states` (None: any) to who has `permission` on it."""
    among = None if states is None else frozenset(states)
    _steps.setdefault(kind, []).append(Step(label, url_name, permission, among))


def steps(person: Any, item: Item, without: str = "") -> list[dict[str, Any]]:
    """The steps `person` may take from `item`: `label` and `url` of each; no query of its own.

    `without`: the name of the address of a step that the page offers in its own way.
    """
    return [
        {"label": step.label, "url": reverse(step.url_name, args=[item.pk])}
        for step in _steps.get(item.kind, [])
        if step.url_name != without
        and (step.states is None or item.state in step.states)
        and may(person, step.permission, item)
    ]
