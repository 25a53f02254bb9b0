"""Reading news, follows and search results; each function has a fixed number of queries."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import CombinedSearchQuery, SearchHeadline, SearchQuery, SearchRank
from django.db.models import F, QuerySet
from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from omkering.thread import kinds, milestones
from omkering.thread.models import Follow, Item, Notice
from omkering.thread.search import search_query, to_tsquery_text
from omkering.who.models import Person, in_language
from omkering.who.standing import standing_of

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class News:
    """A notice in the reader's language."""

    notice: Notice
    text: str
    url: str


def notices_of(person: Person) -> QuerySet[Notice]:
    """A person's news, newest first, as far as they may still read what it is about."""
    readable = Item.objects.visible_to(standing_of(person), person.pk)
    return (
        Notice.objects.filter(person=person, item__in=readable)
        .select_related("item", "because")
        .defer("item__body", "item__search", "because__body", "because__search")
        .order_by("-pk")
    )


def in_words(notice: Notice) -> News:
    """The text of a notice in the active language."""
    milestone = milestones.get(notice.milestone)
    own = notice.because_id == notice.item_id
    because = notice.because
    yours = because is not None and because.author_id == notice.person_id
    values: dict[str, Any] = {
        **{key: _as_written(value) for key, value in notice.data.items()},
        "title": notice.item.title,
        "because": because.title if because else "",
        "because_kind": kinds.label(because).lower() if because else "",
    }
    if own:
        pattern = str(milestone.text_author if yours else milestone.text_own)
    else:
        pattern = str(milestone.text_yours if yours else milestone.text)
    try:
        text = pattern % values
    except (KeyError, TypeError, ValueError):
        # A notice of before its text changed: say what can be said.
        text = _("There is news about “%(title)s”.") % {"title": notice.item.title}
    return News(notice, text, kinds.url(notice.item))


def _as_written(value: Any) -> Any:
    """As the language writes it: a whole number (13.263 in Dutch), a day (2027-05-03: 3 mei 2027), and a text that is
    given in several languages; anything else as it is.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return number_format(value, force_grouping=True)
    if isinstance(value, dict):
        return in_language(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date_format(date.fromisoformat(value), "j F Y")
        except ValueError:
            return value  # it only looks like a day
    return value


def unread_count(person: Person) -> int:
    """How many notices were not read yet; one query."""
    return Notice.objects.filter(person=person, read_at__isnull=True).count()


def follows_of(person: Person) -> list[Follow]:
    """What a person follows, newest first; one query."""
    return list(
        Follow.objects.filter(person=person)
        .select_related("item", "theme", "search")
        .defer("item__body", "item__search")
        .order_by("-pk")
    )


def is_followed(person: Any, *, item: Item | None = None, theme: Any = None) -> bool:
    """Whether somebody follows an item or a theme; one query, none for a visitor."""
    if not person.is_authenticated:
        return False
    return Follow.objects.filter(person=person, item=item, theme=theme).exists()


def search_items(text: str, person: Any, *, kind: str = "") -> QuerySet[Item]:
    """Items that hold the words, best first, as far as `person` may read them."""
    query = search_query(text)
    if query is None:
        return Item.objects.none()
    return _shown(_ranked(query, person, kind), query)


def best_items(text: str, person: Any, most: int, *, kind: str = "") -> QuerySet[Any]:
    """The first so many of `search_items`, each with the `words` around a hit in its summary; one query.

    Of a word that is everywhere tens of thousands are ranked: what is shown is read of the best only.
    """
    query = search_query(text)
    if query is None:
        return Item.objects.none()
    best = _ranked(query, person, kind).values("pk")[:most]
    return _shown(Item.objects.filter(pk__in=best), query).annotate(words=_headline(text))


def _ranked(query: CombinedSearchQuery, person: Any, kind: str) -> QuerySet[Item]:
    items = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None)).filter(search=query)
    return (items.filter(kind=kind) if kind else items).order_by(_rank(query).desc(), "-pk")


def _shown(items: QuerySet[Item], query: CombinedSearchQuery) -> QuerySet[Item]:
    """These items best first, with what a list shows of them."""
    return (
        items.annotate(rank=_rank(query))
        .select_related("owner_member", "theme")
        .defer("body", "search")
        .order_by("-rank", "-pk")
    )


def _rank(query: CombinedSearchQuery) -> SearchRank:
    return SearchRank(F("search"), query, normalization=1)


def _headline(text: str) -> SearchHeadline:
    """The words around a hit in the summary, for annotating a page of results."""
    query = SearchQuery(to_tsquery_text(text) or "''", config="public.nl", search_type="raw")
    return SearchHeadline(
        "summary", query, config="public.nl", start_sel="[[", stop_sel="]]", max_fragments=1
    )


def marked(words: str) -> SafeString:
    """A headline as safe HTML, its hits marked."""
    return mark_safe(escape(words).replace("[[", "<mark>").replace("]]", "</mark>"))  # noqa: S308 - escaped
