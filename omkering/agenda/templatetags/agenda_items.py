"""Items of any kind as HTML, made in one go: `{% load agenda_items %}`; why, says `agenda`."""

from collections.abc import Callable, Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import day

register = template.Library()


def _drawn(*, late: bool = False) -> Callable[[Item], str]:
    """An item as a heading and a line: kind, state, member, and when it came, or with `late` when it was due."""
    due, example = _("was due"), _("example")

    def drawn(item: Item) -> str:
        meta = [escape(kinds.label(item)), escape(kinds.state_label(item))]
        if item.owner_member:
            meta.append(escape(item.owner_member.name))
        meta.append(f"{due} {day(item.due_at)}" if late else day(item.created_at))
        if item.example:
            meta.append(example)
        title = f'<a class="nl-link" href="{kinds.url(item)}">{escape(item.title)}</a>'
        return f'<h3>{title}</h3><p class="app-card__meta">{" · ".join(meta)}</p>'

    return drawn


@register.simple_tag
def item_list(rows: Iterable[Item], late: bool = False) -> SafeString:
    """Items of a list; with `late` each says when it was due."""
    drawn = _drawn(late=late)
    return mark_safe("".join([f"<li>{drawn(item)}</li>" for item in rows]))  # noqa: S308  # escaped above


@register.simple_tag
def placed_list(rows: Iterable[tuple[Item, int | None]], may_place: bool) -> SafeString:
    """Items under a challenge, each with its placement: who may place can take it off there."""
    drawn, ending, words = _drawn(), address_of("agenda:end_placement"), _("Take it off")

    def off(item: Item, placement: int | None) -> str:
        if not may_place or not placement:
            return ""
        name = f'<span class="app-visually-hidden">: {escape(item.title)}</span>'
        return f'<p><a class="nl-link" href="{ending(placement)}">{words}{name}</a></p>'

    made = [f"<li>{drawn(item)}{off(item, placement)}</li>" for item, placement in rows]
    return mark_safe("".join(made))  # noqa: S308  # escaped above
