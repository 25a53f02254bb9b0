"""What the pages of this room share."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.decide.models import Proposal, Vote
from omkering.decide.queries.votes import visible_proposals, visible_votes
from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.who.standing import standing_of

Crumbs = list[tuple[str, str]]


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page of this room."""
    return [(_("Decide"), reverse("decide:room")), *more]


def crumbs_of(item: Item, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about an item."""
    return crumbs((item.title, kinds.url(item)), *more)


def readable_vote(request: HttpRequest, pk: int) -> Vote:
    """The vote, or a 404 for who may not know of it."""
    votes = visible_votes(request.user).select_related("about", "theme", "meeting")
    heavy = (
        *("search", "body"),
        *(f"{of}__{text}" for of in ("about", "meeting") for text in ("search", "body")),
    )
    return get_object_or_404(votes.defer(*heavy), pk=pk)


def readable_proposal(request: HttpRequest, pk: int) -> Proposal:
    """The proposal, or a 404 for who may not know of it."""
    return get_object_or_404(
        visible_proposals(request.user).select_related("theme").defer("body", "search"), pk=pk
    )


def readable_item(request: HttpRequest, pk: int) -> Item:
    """Any item, or a 404 for who may not know of it."""
    items = Item.objects.visible_to(standing_of(request.user), request.user.pk)
    item = get_object_or_404(items.defer("search"), pk=pk)
    if item.kind == "vote":
        raise Http404  # a vote is not voted on, nor does a proposal follow from one
    return item
