"""Template tags of a running meeting: `{% load live %}`."""

from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from omkering.decide.live_words import clock_words
from omkering.decide.models import AgendaState
from omkering.decide.queries.live import PASSED_BY, Running
from omkering.ui.templatetags import ui

register = template.Library()


@register.simple_tag(takes_context=True)
def do(
    context: Context,
    what: str,
    label: str,
    tone: str = "secondary",
    about: str = "",
    url: str = "",
    **fields: Any,
) -> SafeString:
    """A button that does one thing in the meeting, as a form of its own. `about` is said after the label, unseen."""
    values = [("do", what), *((name, value) for name, value in fields.items() if value is not None)]
    key = "-".join(str(value) for _name, value in values).replace(":", "-")
    return format_html(
        '<form class="app-do" method="post" action="{}" data-live-form>'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">{}'
        '<button class="nl-button nl-button--{}" type="submit" id="do-{}">{}{}</button></form>',
        url or context["do_url"],
        context["csrf_token"],
        format_html_join("", '<input type="hidden" name="{}" value="{}">', values),
        tone,
        key,
        label,
        format_html('<span class="app-visually-hidden"> {}</span>', about) if about else "",
    )


@register.simple_tag(takes_context=True)
def console_lines(context: Context, live: Running) -> SafeString:
    """The agenda on the console as entries of a list: each item with its state, and a button to go to it; drawn in one
    go, because a template takes too long for so many.
    """
    goes_on, here = live.going_on, live.meeting.current_id
    states = {state: ui.badge(str(AgendaState(state).label)) for state in AgendaState.values}
    entries = []
    for line in live.lines:
        item = line.item
        now = ' aria-current="step"' if item.id == here else ""
        number = f"{line.number}. " if line.number else ""
        button = ""
        if goes_on and item.id != here and item.state not in PASSED_BY:
            button = do(context, "go_to", _("Go to this item"), about=item.title, item=item.id)
        entries.append(
            f"<li{now}><p><strong>{number}{escape(item.title)}</strong> {states[item.state]}</p>{button}</li>"
        )
    return mark_safe("".join(entries))  # noqa: S308 - what people wrote is escaped


@register.filter
def as_clock(seconds: int) -> str:
    """Seconds as minutes: 3:05."""
    return clock_words(seconds)
