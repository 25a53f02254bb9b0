"""The home page, by role: what waits for me, what became of what I put in, what my networks do."""

from django.http import HttpResponse
from django.shortcuts import render

from omkering.thread.models import Item, Theme
from omkering.thread.queries import in_words, notices_of
from omkering.thread.waiting import waiting_for
from omkering.ui.access import access
from omkering.ui.request import Request
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
            "waiting": waiting_for(person),
            "news": [in_words(notice) for notice in notices_of(person)[:SHORT]],
            "mine": mine.order_by("-changed_at", "-pk")[:SHORT],
            "networks_items": _of_my_networks(standing, person.pk),
        },
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
