"""What the home page puts together in Python, because a template takes too long for so many: `{% load home %}`."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from omkering.thread.waiting import Waiting
from omkering.ui.templatetags.ui import badge, number

register = template.Library()


@register.simple_tag
def waiting_cards(waiting: Iterable[Waiting]) -> SafeString:
    """A card for each entry; the bureau may have a hundred."""
    past = f"<p>{badge(_('Past its term'), 'warning')}</p>"
    return mark_safe("".join(_card(entry, past) for entry in waiting))  # noqa: S308 - escaped in `_card`


def _card(entry: Waiting, past: str) -> str:
    figure = f'<span class="app-figure-number">{number(entry.count)}</span>' if entry.counted else ""
    accent, past = (" app-card--accent", past) if entry.late else ("", "")
    return (
        f'<li><div class="app-card{accent}"><h3><a class="nl-link" href="{escape(entry.url)}">'
        f"{escape(capfirst(str(entry.text)))}</a></h3>{figure}{past}</div></li>"
    )
