"""The red thread on a page: an item's way as list and picture, following, and its kind and state in words."""

from collections.abc import Callable
from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from omkering.thread import kinds
from omkering.thread.chain import chain as read_chain
from omkering.thread.chain import ways_on_page
from omkering.thread.models import Item, Theme
from omkering.thread.queries import is_followed
from omkering.ui import next_steps as registered
from omkering.ui import panels as registered_panels
from omkering.ui.charts.chain import Node
from omkering.ui.charts.chain import chain as draw
from omkering.who.standing import standing_of

register = template.Library()
DRAWN = 40  # items in the picture; the list beside it has all


@register.inclusion_tag("ui/thread/red_thread.html", takes_context=True)
def red_thread(context: Context, item: Item) -> dict[str, Any]:
    """Upstream and downstream of an item: a readable list, and a picture when there is something to draw."""
    request = context["request"]
    user = request.user
    found = read_chain(item, ways_on_page(request, item), standing_of(user), getattr(user, "pk", None))
    nodes = [*found.upstream, item, *found.downstream][:DRAWN]
    drawn = {node.pk for node in nodes}
    label, state_label, url = kinds.in_a_list()
    picture = ""
    if len(nodes) > 1:
        picture = draw(
            [
                Node(
                    key=str(node.pk),
                    title=node.title,
                    kind=label(node),
                    url=url(node),
                    current=node.pk == item.pk,
                )
                for node in nodes
            ],
            [
                (str(link.upstream_id), str(link.downstream_id))
                for link in found.links
                if link.upstream_id in drawn and link.downstream_id in drawn
            ],
            caption=_("The way from what members see to what came of it"),
        )
    return {
        "item": item,
        "chain": found,
        "picture": picture,
        "before": _listed(found.upstream, lambda other: found.owners.get(other.pk, "")),
        "after": _listed(found.downstream, state_label),
    }


def _listed(items: list[Item], beside: Callable[[Item], str]) -> SafeString:
    """Items as a list of links, each with its kind before and a word beside it; a thread may have two hundred."""
    label, _state_label, url = kinds.in_a_list()
    lines = []
    for item in items:
        word = beside(item)
        lines.append(
            f'<li><span class="app-subtle">{escape(label(item))}</span> '
            f'<a class="nl-link" href="{escape(url(item))}">{escape(item.title)}</a>'
            + (f' <span class="app-subtle">{escape(word)}</span>' if word else "")
            + "</li>"
        )
    return mark_safe("".join(lines))  # noqa: S308 - every part of it was escaped above


@register.inclusion_tag("ui/thread/next_steps.html", takes_context=True)
def next_steps(context: Context, item: Item, row: bool = False, without: str = "") -> dict[str, Any]:
    """Buttons for what this reader may make of an item in other rooms; nothing when there is nothing.

    `row`: in a row of their own. `without`: the name of the address of a step that the page offers in its own way.
    """
    return {"steps": registered.steps(context["request"].user, item, without), "row": row}


@register.simple_tag(takes_context=True)
def panels(context: Context, item: Item) -> SafeString:
    """What other rooms show on the page of an item, such as the challenges it touches."""
    return registered_panels.panels(context["request"], item)


@register.inclusion_tag("ui/thread/follow.html", takes_context=True)
def follow_button(context: Context, item: Item | None = None, theme: Theme | None = None) -> dict[str, Any]:
    """A button to follow an item or a theme, or to stop; nothing for a visitor."""
    request = context["request"]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "user": request.user,
        "item": item,
        "theme": theme,
        "followed": is_followed(request.user, item=item, theme=theme),
        "here": request.get_full_path(),
    }


@register.filter
def kind(item: Item) -> str:
    """What kind of item it is."""
    return kinds.label(item)


@register.filter
def state(item: Item) -> str:
    """The state of an item in words."""
    return kinds.state_label(item)


@register.filter
def item_url(item: Item) -> str:
    """The page of an item."""
    return kinds.url(item)
