"""Template tags and filters of this room: `{% load deliberate %}`."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from omkering.deliberate.answer_rows import points_list
from omkering.deliberate.list_rows import contribution_rows
from omkering.deliberate.queries.answers import Line

register = template.Library()
register.simple_tag(contribution_rows)


@register.simple_tag(takes_context=True)
def answer_points(context: Context, lines: Iterable[Line], **options: Any) -> SafeString:
    """Points that were put in, as a list; for `options` see `answer_rows.points_list`."""
    token = str(context.get("csrf_token", "")) if options.get("take_back") else ""
    return points_list(lines, token=token, **options)
