"""The kinds of item: their words and pages. Each room registers its own in `AppConfig.ready`."""

from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from omkering.thread.models import Item


@dataclass(frozen=True)
class Kind:
    """A kind of item, in words, with the name of its page's address (which takes the item's id)."""

    key: str
    label: str | Promise
    plural: str | Promise
    url_name: str
    state_labels: dict[str, str | Promise]


_kinds: dict[str, Kind] = {}


def register(
    key: str,
    *,
    label: str | Promise,
    plural: str | Promise,
    url_name: str,
    state_labels: dict[str, str | Promise] | None = None,
) -> None:
    """Make a kind known."""
    _kinds[key] = Kind(key, label, plural, url_name, state_labels or {})


def all_kinds() -> list[Kind]:
    """Every kind of the rooms that are there, in the order they were registered."""
    return list(_kinds.values())


def get(key: str) -> Kind:
    """The kind of this key; KeyError when no room registered it."""
    return _kinds[key]


def label(item: Item) -> str:
    """What kind of item it is, in the reader's language."""
    kind = _kinds.get(item.kind)
    return str(kind.label) if kind else item.kind


def state_label(item: Item) -> str:
    """The state of an item in words."""
    kind = _kinds.get(item.kind)
    return str(kind.state_labels.get(item.state, item.state)) if kind else item.state


def url(item: Item) -> str:
    """The page of an item, or "" when its room is not there."""
    kind = _kinds.get(item.kind)
    if kind is None:
        return ""
    try:
        before, after = _address(kind.url_name)
    except NoReverseMatch:
        return ""
    return f"{before}{item.pk}{after}"


@cache
def _address(url_name: str) -> tuple[str, str]:
    """What stands before and after the id in the address of a page: looked up once, for lists of hundreds of items."""
    before, _id, after = reverse(url_name, args=[0]).rpartition("0")
    return before, after
