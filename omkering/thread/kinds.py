"""The kinds of item: their words and pages. Each room registers its own in `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

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
    _label.cache_clear()
    _state_label.cache_clear()


def all_kinds() -> list[Kind]:
    """Every kind of the rooms that are there, in the order they were registered."""
    return list(_kinds.values())


def get(key: str) -> Kind:
    """The kind of this key; KeyError when no room registered it."""
    return _kinds[key]


def label(item: Item) -> str:
    """What kind of item it is, in the reader's language."""
    return _label(item.kind, get_language())


def state_label(item: Item) -> str:
    """The state of an item in words."""
    return _state_label(item.kind, item.state, get_language())


# Kept by language: a page asks for hundreds of them, and there are some twenty kinds.
@lru_cache(maxsize=1000)
def _label(key: str, _language: str | None) -> str:
    kind = _kinds.get(key)
    return str(kind.label) if kind else key


@lru_cache(maxsize=1000)
def _state_label(key: str, state: str, _language: str | None) -> str:
    kind = _kinds.get(key)
    return str(kind.state_labels.get(state, state)) if kind else state


def url(item: Item) -> str:
    """The page of an item, or "" when its room is not there."""
    kind = _kinds.get(item.kind)
    if kind is None:
        return ""
    around = _around(kind.url_name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
    return f"{around[0]}{item.pk}{around[1]}" if around else ""


def in_a_list() -> tuple[Callable[[Item], str], Callable[[Item], str], Callable[[Item], str]]:
    """`label`, `state_label` and `url` for a list of hundreds: the reader's language and the way addresses begin are
    asked once, and each kind and state is looked up once.
    """
    language, prefix, urlconf = get_language(), get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF

    @cache
    def words(kind: str) -> str:
        return _label(kind, language)

    @cache
    def state_words(kind: str, state: str) -> str:
        return _state_label(kind, state, language)

    @cache
    def around(kind: str) -> tuple[str, str] | None:
        known = _kinds.get(kind)
        return _around(known.url_name, prefix, urlconf) if known else None

    def address(item: Item) -> str:
        ends = around(item.kind)
        return f"{ends[0]}{item.pk}{ends[1]}" if ends else ""

    return lambda item: words(item.kind), lambda item: state_words(item.kind, item.state), address


_SOME = 9_000_000_001  # stands for an id that no item has


@lru_cache(maxsize=500)
def _around(name: str, _prefix: str, urlconf: str) -> tuple[str, str] | None:
    """What stands before and after the id in an address; None where its room is not there.

    Kept, because a list asks for as many addresses as it has rows, and each takes a hundred calls to make.
    """
    try:
        before, after = reverse(name, urlconf, args=[_SOME]).split(str(_SOME))
    except NoReverseMatch:
        return None
    return before, after
