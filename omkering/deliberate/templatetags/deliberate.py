"""Template filters of this room: `{% load deliberate %}`."""

from django import template

from omkering.deliberate.html_tools import shortened

register = template.Library()
register.filter("shortened", shortened)
