"""Milestones: what may happen to an item that people upstream should hear, and what it does elsewhere.

A room registers its milestones once, in its `AppConfig.ready`. Another room that owns items of some kind
registers what a milestone does to them (`on`): that runs in the same transaction as the change itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from omkering.thread.models import Item


@dataclass(frozen=True)
class Milestone:
    """A kind of news.

    `text` is one plain sentence (lazily translated) with named places: `%(title)s` is the item it happened
    to, `%(because)s` the item of the reader it follows from, and the keys of the notice's data.
    """

    key: str
    text: str | Promise
    text_own: str | Promise  # when it happened to the reader's own item itself


_milestones: dict[str, Milestone] = {}
_handlers: dict[tuple[str, str], list[Callable[..., None]]] = {}


def register(key: str, *, text: str | Promise, text_own: str | Promise | None = None) -> None:
    """Make a milestone known; `key` is `kind.what`, for example `signal.declined`."""
    _milestones[key] = Milestone(key, text, text_own or text)


def get(key: str) -> Milestone:
    """The milestone of this key; KeyError when no room registered it."""
    return _milestones[key]


def on(key: str, upstream_kind: str) -> Callable:
    """Decorator: call the function for every item of `upstream_kind` upstream of an item that reaches `key`.

    The function gets keyword arguments `item` (upstream), `cause` (the item that reached it), `actor`, `data`.
    """

    def register_handler(function: Callable[..., None]) -> Callable[..., None]:
        _handlers.setdefault((key, upstream_kind), []).append(function)
        return function

    return register_handler


def has_handlers(key: str) -> bool:
    """Whether any room reacts to this milestone."""
    return any(milestone == key for milestone, _kind in _handlers)


def run_handlers(key: str, *, upstream: list[Item], cause: Item, actor, data: dict[str, Any]) -> None:
    """Let other rooms react to a milestone, for each item upstream of it."""
    for item in upstream:
        for function in _handlers.get((key, item.kind), []):
            function(item=item, cause=cause, actor=actor, data=data)
