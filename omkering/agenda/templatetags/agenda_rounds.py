"""Long lists of the result of a round as HTML, made in one go: `{% load agenda_rounds %}`; why, says `agenda`."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from omkering.agenda.models import Round
from omkering.agenda.queries.round_results import BallotRow, GroupRow, Matrix, NotChosen
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import badge, number, percentage

register = template.Library()


@register.simple_tag
def member_options(members: Sequence[BallotRow], asked: BallotRow | None) -> SafeString:
    """The members as options of a select, with the one that was asked for chosen."""
    code = asked.code if asked else None
    options = [
        f'<option value="{escape(row.code)}"{" selected" if row.code == code else ""}>{escape(row.name)}</option>'
        for row in members
    ]
    return mark_safe("".join(options))  # noqa: S308  # escaped above


@register.simple_tag
def not_chosen_rows(
    round: Round, rows: Sequence[NotChosen], may_depart: bool, departed: object
) -> SafeString:
    """What was not chosen, with its support and what it lacked; with `may_depart` or `departed` a cell more, for what
    a body decided about it.
    """
    page = address_of("agenda:candidate", within=[round.pk])
    departing = address_of("agenda:depart", within=[round.pk])
    taken, take = badge(_("Taken up by a body"), "warning"), _("Take it up")

    def decision(each: NotChosen, title: str) -> str:
        if each.departure:
            return f"<td>{taken}</td>"
        if not may_depart:
            return "<td></td>"
        name = f'<span class="app-visually-hidden">: {title}</span>'
        return f'<td><a class="nl-link" href="{departing(each.candidate.pk)}">{take}{name}</a></td>'

    def drawn(each: NotChosen) -> str:
        title = escape(each.candidate.title)
        figures = [_cell(number(figure)) for figure in (each.heads, each.votes, each.held, each.lacked)]
        return (
            f'<tr><th scope="row"><a class="nl-link" href="{page(each.candidate.pk)}">{title}</a></th>'
            f"{''.join(figures)}{decision(each, title) if may_depart or departed else ''}</tr>"
        )

    return mark_safe("".join(map(drawn, rows)))  # noqa: S308  # escaped above


def _cell(text: object) -> str:
    return f'<td class="app-numeric">{text}</td>'


@register.simple_tag
def matrix_rows(matrix: Matrix) -> SafeString:
    """The groups of one grouping, each with the share of its votes that stands behind each priority."""
    written = {share: percentage(share, 0) for _name, _heads, shares in matrix.rows for share in shares}
    written[None] = "–"
    rows = []
    for name, heads, shares in matrix.rows:
        cells = "".join([_cell(written[share]) for share in shares])
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{_cell(heads)}{cells}</tr>')
    return mark_safe("".join(rows))  # noqa: S308  # escaped above


@register.simple_tag
def group_rows(groups: Sequence[GroupRow]) -> SafeString:
    """Every group with its share of the votes, who of it chose, and how much of its wishes was chosen."""
    incomplete = f" ({_('list incomplete')})"
    rows = [
        f'<tr><th scope="row">{escape(group.name)}{incomplete if group.incomplete else ""}</th>'
        f"{_cell(percentage(group.votes_share, 1))}{_cell(f'{group.cast_heads} / {group.heads}')}"
        f"{_cell('–' if group.share is None else percentage(group.share, 0))}</tr>"
        for group in groups
    ]
    return mark_safe("".join(rows))  # noqa: S308  # escaped above
