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
    to, `%(because)s` the item of the reader it follows from, `%(because_kind)s` its kind in words, and the
    keys of the notice's data. Among those, whole numbers and days (2027-05-03) are written as the language does, and
    of a dict of texts by language the reader gets their own.
    """

    key: str
    text: str | Promise
    text_own: str | Promise  # when it happened to the item itself that the reader wrote or follows
    text_author: str | Promise  # when it happened to an item that the reader wrote
    text_yours: str | Promise  # when it follows from an item that the reader wrote


_milestones: dict[str, Milestone] = {}
_handlers: dict[tuple[str, str], list[Callable[..., None]]] = {}


def register(
    key: str,
    *,
    text: str | Promise,
    text_own: str | Promise | None = None,
    text_author: str | Promise | None = None,
    text_yours: str | Promise | None = None,
) -> None:
    """Make a milestone known; `key` is `kind.what`, for example `signal.declined`."""
    _milestones[key] = Milestone(
        key, text, text_own or text, text_author or text_own or text, text_yours or text
    )


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
