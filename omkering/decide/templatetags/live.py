"""Template tags of a running meeting: `{% load live %}`."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from omkering.decide.live_words import clock_words

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


@register.filter
def as_clock(seconds: int) -> str:
    """Seconds as minutes: 3:05."""
    return clock_words(seconds)
