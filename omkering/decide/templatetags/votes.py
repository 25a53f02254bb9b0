"""What the page of a vote draws in one go: `{% load votes %}`."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from omkering.decide.models import Vote
from omkering.decide.queries.votes import Cast, RollLine
from omkering.ui.templatetags.ui import number

register = template.Library()


@register.simple_tag
def roll_rows(
    vote: Vote, lines: Iterable[RollLine], *, division: str = "", of_members: bool = True, told: bool = False
) -> SafeString:
    """The roll as rows of a table, with a column for the division, the inhabitants, and what was voted where it is
    `told`: hundreds of rows, for which a template takes too long.
    """
    rows = []
    for line in lines:
        more = [format_html("<td>{}</td>", line.division)] if division else []
        if of_members:
            more.append(format_html('<td class="app-numeric">{}</td>', number(line.inhabitants)))
        more.append(format_html('<td class="app-numeric">{}</td>', number(line.weight)))
        if told:
            more.append(format_html("<td>{}</td>", _said(line)))
        if told and not vote.secret:
            more.append(format_html("<td>{}</td>", "; ".join(_way(cast) for cast in line.casts)))
        rows.append((line.name, format_html_join("", "{}", ((cell,) for cell in more))))
    return format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', rows)


def _said(line: RollLine) -> str:
    """What a line voted; of a member that divides its votes each part."""
    if not line.parts or not line.casts:
        return line.choice_words
    return "; ".join(f"{number(cast.votes)}: {cast.choice_words}" for cast in line.casts)


def _way(cast: Cast) -> str:
    if not cast.by_proxy:
        return str(cast.way)
    return f"{cast.way}, {_('by proxy of %(holder)s') % {'holder': cast.by_proxy}}"
