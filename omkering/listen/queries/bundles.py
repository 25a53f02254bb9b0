"""Reading bundles, suggestions and themes; each page takes a fixed number of queries."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Count, F, Func, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from omkering.listen.models import Answer, BoardRow, Bundle, Recognition, Signal, Suggestion
from omkering.listen.queries.spread import Spread, map_of, spread_of
from omkering.listen.rules_bundles import LIVE
from omkering.listen.suggestions import loose_signals
from omkering.thread.models import Item, Link, LinkKind, Theme
from omkering.ui.charts.maps import Map
from omkering.ui.paging import Page, paginate
from omkering.who.standing import standing_of

NEWEST_SHOWN = 10
SIGNALS_SHOWN = 25  # signals on one page of a bundle


@dataclass(frozen=True)
class Renamed:
    """A name that a bundle had before, and why it changed."""

    title: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class BundlePage:
    """A bundle with all that its page shows, as far as the reader may see it."""

    bundle: Bundle
    page: Page[BoardRow]
    signals: list[Signal]  # of this page, with `seen`: their recognitions that hold
    total: int  # signals that this reader may see
    hidden: int  # signals that this reader may not see; they do not count in the spread
    spread: Spread
    map: Map
    answer: Answer | None
    renamed: list[Renamed]
    origins: list[Item]  # bundles that it was made from
    successors: list[Item]  # bundles that it went up in
    follows: list[Item]  # what else came of it


def readable_bundles(person: Any) -> QuerySet[Bundle]:
    """Bundles that `person` may read."""
    return Bundle.objects.visible_to(standing_of(person), getattr(person, "pk", None))


def bundle_page(bundle: Bundle, person: Any, on: date, query: Mapping[str, str]) -> BundlePage:
    """Everything on a bundle's page, with one page of its signals; fifteen queries, whatever their number."""
    standing, person_id = standing_of(person), getattr(person, "pk", None)
    links = Link.objects.filter(downstream=bundle, kind=LinkKind.BUNDLED_IN, ended_at__isnull=True)
    rows = BoardRow.objects.filter(pk__in=links.values("upstream_id")).visible_to(standing, person_id)
    counted: Counter[int] = Counter()
    total = 0
    for members in rows.order_by().values_list("seen_by", flat=True):
        counted.update(set(members))
        total += 1
    spread, register = spread_of(counted, on)
    page = paginate(
        rows.only("supporters", "created_at"),
        query,
        order=["-supporters", "created_at", "pk"],
        size=SIGNALS_SHOWN,
    )
    readable = Item.objects.visible_to(standing, person_id).only("kind", "title", "state")
    downstream = list(
        readable.filter(upstream_links__upstream=bundle, upstream_links__ended_at__isnull=True).order_by(
            "created_at", "pk"
        )
    )
    return BundlePage(
        bundle=bundle,
        page=page,
        signals=_signals_with_support([row.pk for row in page.rows]),
        total=total,
        hidden=links.count() - total,
        spread=spread,
        map=map_of(spread, register, _("Members behind this bundle, by number of signals")),
        answer=Answer.objects.filter(item=bundle)
        .select_related("referred_body")
        .order_by("-created_at", "-pk")
        .first(),
        renamed=_renamed(bundle),
        origins=list(_origins(bundle, rows, readable)),
        successors=[item for item in downstream if item.kind == "bundle"],
        follows=[item for item in downstream if item.kind != "bundle"],
    )


def _signals_with_support(ids: list[int]) -> list[Signal]:
    """Signals in this order, each with `seen`: the recognitions that hold; two queries."""
    seen = Recognition.objects.filter(withdrawn_at__isnull=True).select_related("member")
    seen = seen.only("signal", "case", "member__name")
    found = (
        Signal.objects.select_related("owner_member")
        .only("kind", "title", "state", "example", "created_at", "case", "owner_member__name")
        .prefetch_related(Prefetch("recognitions", seen.order_by("member__sort_key", "pk"), to_attr="seen"))
        .in_bulk(ids)
    )
    return [found[pk] for pk in ids]


def _origins(bundle: Bundle, rows: QuerySet[BoardRow], readable: QuerySet[Item]) -> QuerySet[Item]:
    """The bundles that merged into this one, or that its signals were in when it was split off."""
    merged = Link.objects.filter(downstream=bundle, kind=LinkKind.FOLLOWS_FROM)
    split = Link.objects.filter(
        upstream__in=rows.values("pk"),
        kind=LinkKind.BUNDLED_IN,
        ended_at__isnull=False,
        ended_at__range=(bundle.created_at, bundle.created_at + timedelta(seconds=5)),
    )
    return (
        readable.filter(
            Q(pk__in=merged.values("upstream_id")) | Q(pk__in=split.values("downstream_id")), kind="bundle"
        )
        .exclude(pk=bundle.pk)
        .order_by("created_at", "pk")
    )


_NAMES = """
SELECT before.title, after.pgh_created_at, context.metadata ->> 'reason'
FROM thread_itemevent AS after
JOIN LATERAL (
  SELECT title FROM thread_itemevent WHERE pgh_obj_id = after.pgh_obj_id AND pgh_id < after.pgh_id
  ORDER BY pgh_id DESC LIMIT 1
) AS before ON before.title <> after.title
LEFT JOIN pghistory_context AS context ON context.id = after.pgh_context_id
WHERE after.pgh_obj_id = %s ORDER BY after.pgh_id DESC
"""


def _renamed(bundle: Bundle) -> list[Renamed]:
    """The names it had before, newest first, from the history of its row."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [bundle.pk])
        return [Renamed(title, at, reason or "") for title, at, reason in cursor.fetchall()]


def bundle_list(person: Any, *, state: str = "", theme: str = "") -> QuerySet[Bundle]:
    """Bundles that the reader may see, with the number of signals and members; not yet in order.

    Without a state those that live.
    """
    held = Link.objects.filter(
        downstream=OuterRef("pk"), kind=LinkKind.BUNDLED_IN, ended_at__isnull=True
    ).order_by()
    number = Subquery(held.values("downstream").annotate(number=Count("pk")).values("number"))
    # The kind is that of all of them: it lets the indexes of items find these without going through other kinds.
    rows = readable_bundles(person).filter(kind="bundle")
    rows = rows.filter(state=state) if state else rows.filter(state__in=LIVE)
    if theme:
        rows = rows.filter(theme__key=theme)
    return rows.select_related("theme").defer("body", "search").annotate(number=Coalesce(number, 0))


def open_suggestions() -> QuerySet[Suggestion]:
    """Suggestions that wait for an adviser, with the number of their signals, largest first."""
    return (
        Suggestion.objects.filter(state=Suggestion.State.OPEN)
        .select_related("bundle")
        .annotate(number=Count("signals"))
    )


def suggested_signals(suggestion: Suggestion) -> list[Signal]:
    """The signals of a suggestion that are still loose, most supported first; one query."""
    return list(
        loose_signals()
        .filter(suggestions=suggestion)
        .select_related("owner_member", "theme")
        .defer("search", "body")
        .order_by("-supporters", "created_at", "pk")
    )


# --- themes --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ThemePage:
    """A theme with its numbers, map, bundles and newest signals, as far as the reader may see them."""

    theme: Theme
    by_state: dict[str, int]
    spread: Spread
    map: Map
    bundles: list[Bundle]
    newest: list[Signal]

    @property
    def total(self) -> int:
        """All signals of the theme."""
        return sum(self.by_state.values())


def themes_with_counts(person: Any) -> list[tuple[Theme, int, int]]:
    """(theme, signals, of which open) of every theme; two queries."""
    rows = BoardRow.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    counted = {
        theme: (total, waiting)
        for theme, total, waiting in rows.order_by()
        .values("theme_id")
        .annotate(total=Count("pk"), waiting=Count("pk", filter=Q(answered_at__isnull=True)))
        .values_list("theme_id", "total", "waiting")
    }
    return [(theme, *counted.get(theme.pk, (0, 0))) for theme in Theme.objects.all()]


def theme_page(theme: Theme, person: Any, on: date) -> ThemePage:
    """Everything on a theme's page; twelve queries, whatever the number of signals."""
    rows = BoardRow.objects.filter(theme_id=theme.pk).visible_to(
        standing_of(person), getattr(person, "pk", None)
    )
    by_state = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    each = Func(F("seen_by"), function="unnest", output_field=BigIntegerField())
    each.set_returning = True  # of the database: thousands of lists of members are dear to count one by one
    counted = Counter(dict(rows.order_by().annotate(member=each).values_list("member").annotate(Count("pk"))))
    spread, register = spread_of(counted, on)
    newest = [row.pk for row in rows.order_by("-created_at", "-pk")[:NEWEST_SHOWN]]
    signals = (
        Signal.objects.select_related("owner_member", "theme").defer("search", "body", "case").in_bulk(newest)
    )
    bundles = bundle_list(person, theme=theme.key).order_by("-number", "-pk")[:NEWEST_SHOWN]  # type: ignore[misc]
    return ThemePage(
        theme=theme,
        by_state=by_state,
        spread=spread,
        map=map_of(spread, register, _("Members that see signals of this theme, by number of signals")),
        bundles=list(bundles),
        newest=[signals[pk] for pk in newest],
    )
