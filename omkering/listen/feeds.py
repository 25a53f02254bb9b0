"""Atom feeds: of a theme with what is public, and of a saved search with what its owner may read."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from omkering.listen.forms_bundles import as_query, board_of
from omkering.thread import kinds
from omkering.thread.models import Item, SavedSearch, Theme, Visibility
from omkering.ui.access import access
from omkering.who.current import association

ENTRIES = 30


class ItemFeed(Feed):
    """What feeds of items share."""

    feed_type = Atom1Feed

    def item_title(self, item: Item) -> str:  # type: ignore[override]
        return item.title

    def item_description(self, item: Item) -> str:  # type: ignore[override]
        return item.summary

    def item_link(self, item: Item) -> str:
        return kinds.url(item)

    def item_pubdate(self, item: Item) -> datetime:
        return item.created_at

    def item_updateddate(self, item: Item) -> datetime:
        return item.changed_at

    def item_author_name(self, item: Item) -> str:
        return item.owner_member.name if item.owner_member else str(association().names)

    def item_categories(self, item: Item) -> list[str]:
        return [kinds.label(item), *([item.theme.name] if item.theme else [])]


class ThemeFeed(ItemFeed):
    """The newest public signals and bundles of a theme."""

    def get_object(self, request: HttpRequest, key: str) -> Theme:  # type: ignore[override]
        return get_object_or_404(Theme, key=key)

    def title(self, theme: Theme) -> str:
        return _("Signals: %(theme)s") % {"theme": theme.name}

    def subtitle(self, theme: Theme) -> str:
        return theme.description

    def link(self, theme: Theme) -> str:
        return reverse("listen:theme", args=[theme.key])

    def items(self, theme: Theme) -> Iterable[Item]:
        return (
            Item.objects.filter(theme=theme, kind__in=["signal", "bundle"], visibility=Visibility.PUBLIC)
            .select_related("owner_member", "theme")
            .defer("body", "search")
            .order_by("-created_at", "-pk")[:ENTRIES]
        )


class SearchFeed(ItemFeed):
    """The newest signals that fit a saved search. Its address is secret; it shows what the owner may read."""

    def get_object(self, request: HttpRequest, secret: str) -> SavedSearch:  # type: ignore[override]
        search = get_object_or_404(SavedSearch.objects.select_related("person"), secret=secret, kind="signal")
        if not search.person.is_active:
            raise Http404
        return search

    def title(self, search: SavedSearch) -> str:
        return _("Signals: %(search)s") % {"search": search.name}

    def link(self, search: SavedSearch) -> str:
        return f"{reverse('listen:board')}?{as_query(search.query).urlencode()}"

    def items(self, search: SavedSearch) -> Iterable[Item]:
        rows = board_of(search).rows().order_by("-created_at", "-pk")
        ids = list(rows.values_list("pk", flat=True)[:ENTRIES])
        found = Item.objects.select_related("owner_member", "theme").defer("body", "search").in_bulk(ids)
        return [found[pk] for pk in ids]

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response


theme_feed = access("public")(ThemeFeed())
search_feed = access("public")(SearchFeed())
