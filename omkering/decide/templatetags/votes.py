"""What the page of a vote draws in one go: `{% load votes %}`."""

from collections.abc import Iterable
from functools import cache
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from omkering.decide.models import Vote
from omkering.decide.queries.results import Slice, SliceRow
from omkering.decide.queries.roll import Cast, RollLine
from omkering.decide.queries.what_if import PowerRow
from omkering.ui.templatetags.ui import number, numbers, percentage

register = template.Library()


@register.simple_tag
def roll_rows(
    vote: Vote, lines: Iterable[RollLine], *, division: str = "", of_members: bool = True, told: bool = False
) -> SafeString:
    """The roll as rows of a table, with a column for the division, the inhabitants, and what was voted where it is
    `told`: hundreds of rows, for which a template takes too long.
    """
    written, safe = numbers(), cache(escape)  # many lines say the same
    ways = told and not vote.secret
    rows = []
    for line in lines:
        group = f"<td>{safe(line.division)}</td>" if division else ""
        inhabitants = f'<td class="app-numeric">{written(line.inhabitants)}</td>' if of_members else ""
        said = f"<td>{safe(_said(line))}</td>" if told else ""
        way = f"<td>{safe(_ways(line.casts))}</td>" if ways else ""
        rows.append(
            f'<tr><th scope="row">{escape(line.name)}</th>{group}{inhabitants}'
            f'<td class="app-numeric">{written(line.weight)}</td>{said}{way}</tr>'
        )
    return mark_safe("".join(rows))  # noqa: S308  # every text was escaped


@register.simple_tag
def slice_bars(grouping: Slice) -> SafeString:
    """The groups of one grouping as bars, each with the share of the votes for."""
    rows = []
    for row in grouping.rows:
        incomplete = f" ({escape(_('list incomplete'))})" if row.incomplete else ""
        rows.append(
            f'\n  <div class="app-bar-row"><span>{escape(row.name)} <span class="app-subtle">{_share(row)}'
            f"{incomplete}</span></span>{row.svg}</div>"
        )
    return mark_safe("".join(rows))  # noqa: S308  # every text was escaped, and a picture is


@register.simple_tag
def slice_rows(grouping: Slice) -> SafeString:
    """The same figures as rows of a table: votes, share for, and how many of its members voted."""
    heads, written = escape(_("%(n)s of %(of)s")), numbers()
    rows = []
    for row in grouping.rows:
        figures = [*map(written, row.votes), _share(row)]
        figures.append(heads % {"n": written(row.cast_heads), "of": written(row.heads)})
        cells = "".join([f'<td class="app-numeric">{figure}</td>' for figure in figures])
        rows.append(f'<tr><th scope="row">{escape(row.name)}</th>{cells}</tr>')
    return mark_safe("".join(rows))  # noqa: S308  # every text was escaped, or is a figure


@register.simple_tag
def power_rows(power: Iterable[PowerRow]) -> SafeString:
    """Voting power as rows of a table, one for each number of votes."""
    rows = []
    for row in power:
        shares = (row.share, row.banzhaf, row.shapley)
        cells = "".join([f'<td class="app-numeric">{percentage(share, 2)}</td>' for share in shares])
        rows.append(
            f'<tr><th scope="row" class="app-numeric">{row.votes}</th>'
            f"<td>{row.members}: {escape(row.example)}</td>{cells}</tr>"
        )
    return mark_safe("".join(rows))  # noqa: S308  # every text was escaped, or is a figure


def _share(row: SliceRow) -> str:
    """Of the votes for and against, how much was for."""
    return "–" if row.share is None else percentage(row.share)


def _said(line: RollLine) -> str:
    """What a line voted; of a member that divides its votes each part."""
    if not line.parts or not line.casts:
        return line.choice_words
    return "; ".join(f"{number(cast.votes)}: {cast.choice_words}" for cast in line.casts)


def _ways(casts: tuple[Cast, ...]) -> str:
    """In which way a line voted, and by whose hand; of a member that divides its votes each part."""
    return _way(casts[0]) if len(casts) == 1 else "; ".join(_way(cast) for cast in casts)


def _way(cast: Cast) -> str:
    if not cast.by_proxy:
        return cast.way
    return f"{cast.way}, {_('by proxy of %(holder)s') % {'holder': cast.by_proxy}}"
