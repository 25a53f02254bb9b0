"""The home page, by role: what waits for me, what became of what I put in, what my networks do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from omkering.thread.models import Item, Theme
from omkering.thread.queries import in_words, notices_of
from omkering.thread.waiting import Waiting, waiting_for
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.templatetags.ui import badge, number
from omkering.who.models import NetworkMembership
from omkering.who.standing import Standing, standing_of

SHORT = 6


@access("public")
def home(request: Request) -> HttpResponse:
    """For a visitor: what this is, and what is public. For somebody known: their own work first."""
    person = request.user
    if not person.is_authenticated:
        newest = Item.objects.visible_to(standing_of(person)).select_related("owner_member", "theme")
        return render(
            request,
            "web/welcome.html",
            {
                "newest": newest.defer("body", "search").order_by("-created_at", "-pk")[:SHORT],
                "themes": Theme.objects.all(),
            },
        )
    standing = standing_of(person)
    mine = Item.objects.filter(author=person).select_related("owner_member", "theme").defer("body", "search")
    return render(
        request,
        "web/home.html",
        {
            "waiting": _cards(waiting_for(person)),
            "news": [in_words(notice) for notice in notices_of(person)[:SHORT]],
            "mine": mine.order_by("-changed_at", "-pk")[:SHORT],
            "networks_items": _of_my_networks(standing, person.pk),
        },
    )


def _cards(waiting: list[Waiting]) -> SafeString:
    """A card for each entry, as plain strings: the bureau may have a hundred."""
    past = f"<p>{badge(_('Past its term'), 'warning')}</p>"
    return mark_safe("".join(_card(entry, past) for entry in waiting))  # noqa: S308 - escaped in `_card`


def _card(entry: Waiting, past: str) -> str:
    figure = f'<span class="app-figure-number">{number(entry.count)}</span>' if entry.counted else ""
    accent, past = (" app-card--accent", past) if entry.late else ("", "")
    return (
        f'<li><div class="app-card{accent}"><h3><a class="nl-link" href="{escape(entry.url)}">'
        f"{escape(capfirst(str(entry.text)))}</a></h3>{figure}{past}</div></li>"
    )


def _of_my_networks(standing: Standing, person_id: int) -> list[Item]:
    """The newest items of other members in the networks I belong to; two queries."""
    if not standing.reads_networks:
        return []
    # Asked for first: with nobody in a join PostgreSQL would look through every item there is.
    others = list(
        NetworkMembership.objects.on(standing.day)
        .filter(network_id__in=standing.reads_networks, network__kind="size")
        .exclude(member_id__in=standing.members)
        .values_list("member_id", flat=True)
        .distinct()
    )
    if not others:
        return []
    return list(
        Item.objects.visible_to(standing, person_id)
        .filter(owner_member_id__in=others)
        .select_related("owner_member", "theme")
        .defer("body", "search")
        .order_by("-created_at", "-pk")[:SHORT]
    )
