"""Long lists of the agenda room as HTML, made in one go: `{% load agenda %}`.

As a template each cell of a list of hundreds would be several nodes, which together cost most of a page's time.
Everything that people wrote is escaped here.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from django import template
from django.template.defaultfilters import urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.agenda.models import Challenge, ConditionKind, ConditionState, Coupling, CouplingKind
from omkering.agenda.queries.conditions import ConditionLine
from omkering.agenda.queries.couplings import Coupled
from omkering.agenda.queries.priorities import Priority
from omkering.thread import kinds as thread_kinds
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import badge, day, number

register = template.Library()


def _words(choices: Any) -> dict[str, str]:
    """The words of a choice by its key, each translated once."""
    return {choice.value: escape(str(choice.label)) for choice in choices}


def _link(url: str, words: str) -> str:
    """A link; `words` is HTML already."""
    return f'<a class="nl-link" href="{url}">{words}</a>'


def _badges(line: ConditionLine, states: dict[str, str]) -> str:
    """How a condition stands: its answer, whether it was met, and what is late."""
    found = [badge(mark_safe(states[line.condition.answer]), line.tone)]  # noqa: S308  # escaped
    if line.met_words:
        found.append(badge(line.met_words, line.met_tone))
    if line.late:
        found.append(badge(line.late_words, "negative"))
    return f'<ul class="app-badges">{"".join(f"<li>{one}</li>" for one in found)}</ul>'


@register.simple_tag
def condition_rows(lines: Sequence[ConditionLine]) -> SafeString:
    """The rows of a table of conditions: what, of whom, how it stands, the day that counts, how many signals."""
    states, kinds = _words(ConditionState), _words(ConditionKind)
    page, dossier = address_of("agenda:condition"), address_of("agenda:dossier")
    promised, due, answered, asked = _("promised for"), _("answer due"), _("answered"), _("asked")
    place, example, signals = _("condition %(number)s of"), f" · {_('example')}", _("Signals")

    def day_of(line: ConditionLine) -> str:
        row = line.condition
        if row.promised_on:
            return f"{promised} {day(row.promised_on)}"
        if row.answer == ConditionState.ASKED and row.answer_due:
            return f"{due} {day(row.answer_due)}"
        if row.answered_on:
            return f"{answered} {day(row.answered_on)}"
        return f"{asked} {day(row.asked_on)}" if row.asked_on else ""

    def drawn(line: ConditionLine) -> str:
        row = line.condition
        of = _link(dossier(row.dossier_id), escape(row.dossier.title))
        meta = f"{kinds[row.condition_kind]} · {place % {'number': row.number}} {of}{example if row.example else ''}"
        title = _link(page(row.pk), escape(row.title))
        return (
            f'<tr role="row"><th scope="row" role="rowheader">{title}<div class="app-card__meta">{meta}</div></th>\n'
            f'<td role="cell">{escape(row.organisation.name)}</td>\n'
            f'<td role="cell">{_badges(line, states)}</td>\n'
            f'<td role="cell">{day_of(line)}</td>\n'
            f'<td role="cell" class="app-numeric" data-label="{signals}">{number(line.signals)}</td></tr>'
        )

    return mark_safe("".join(map(drawn, lines)))  # noqa: S308  # escaped above


@register.simple_tag
def condition_items(lines: Sequence[ConditionLine]) -> SafeString:
    """The conditions of one dossier, as items of a list in their order."""
    states, kinds = _words(ConditionState), _words(ConditionKind)
    page = address_of("agenda:condition")
    party = address_of("agenda:organisation", "key")
    promised, due, asked = _("promised for"), _("answer due"), _("asked")

    def meta_of(line: ConditionLine) -> list[str]:
        row = line.condition
        found = [_link(party(row.organisation.key), escape(row.organisation.name)), kinds[row.condition_kind]]
        if row.asked_on:
            found.append(f"{asked} {day(row.asked_on)}")
        if row.promised_on:
            found.append(f"{promised} {day(row.promised_on)}")
        elif row.answer == ConditionState.ASKED and row.answer_due:
            found.append(f"{due} {day(row.answer_due)}")
        if line.signals:
            found.append(ngettext("%(n)s signal", "%(n)s signals", line.signals) % {"n": line.signals})
        return found

    def drawn(line: ConditionLine) -> str:
        row = line.condition
        title = _link(page(row.pk), escape(row.title))
        return (
            f"\n<li><h3>{row.number}. {title}</h3>\n{_badges(line, states)}\n"
            f'<p class="app-card__meta">{" · ".join(meta_of(line))}</p></li>'
        )

    return mark_safe("".join(map(drawn, lines)))  # noqa: S308  # escaped above


@register.simple_tag
def coupling_rows(rows: Sequence[Coupling], may_couple: bool) -> SafeString:
    """The rows of a table of couplings; with `may_couple` each can be ended."""
    kinds, page, ending = (
        _words(CouplingKind),
        address_of("agenda:challenge"),
        address_of("agenda:end_coupling"),
    )
    why, source, end = _("Why"), _("Source"), _("End")

    def drawn(row: Coupling) -> str:
        first, kind, second = escape(row.first.title), kinds[row.kind], escape(row.second.title)
        told = f'<span class="app-visually-hidden">: {first} {kind} {second}</span>'
        last = f'<td role="cell">{_link(ending(row.pk), f"{end}{told}")}</td>' if may_couple else ""
        return (
            f'<tr role="row"><th scope="row" role="rowheader">{_link(page(row.first_id), first)}</th>'
            f'<td role="cell">{kind}</td><td role="cell">{_link(page(row.second_id), second)}</td>'
            f'<td role="cell" data-label="{why}">{escape(row.reason)}</td>'
            f'<td role="cell" data-label="{source}">{urlize(row.source, autoescape=True)}</td>{last}</tr>'
        )

    return mark_safe("".join(map(drawn, rows)))  # noqa: S308  # escaped above


@register.simple_tag
def challenge_links(rows: Sequence[Challenge]) -> SafeString:
    """Challenges in a row of words, each a link."""
    page = address_of("agenda:challenge")
    return mark_safe(", ".join(_link(page(row.pk), escape(row.title)) for row in rows))  # noqa: S308  # escaped


@register.simple_tag
def coupled_items(rows: Sequence[Coupled]) -> SafeString:
    """Couplings as seen from one of their challenges, as items of a list with the reason."""
    page = address_of("agenda:challenge")

    def drawn(row: Coupled) -> str:
        first, words = escape(row.challenge.title), escape(row.words)
        other = _link(page(row.other.pk), escape(row.other.title))
        reason = escape(row.coupling.reason)
        return (
            f'<li><p>{first} <strong>{words}</strong> {other}</p><p class="app-card__meta">{reason}</p></li>'
        )

    return mark_safe("".join(map(drawn, rows)))  # noqa: S308  # escaped above


@register.simple_tag
def priority_items(priorities: Sequence[Priority]) -> SafeString:
    """What was chosen in a round, as items of a list: kind, body, and how a body departed from it."""
    up, down = _("Taken up though it was not chosen:"), _("Not taken up though it was chosen:")
    words: dict[str, str] = {}

    def drawn(row: Priority) -> str:
        item = row.candidate.item
        if item.kind not in words:
            words[item.kind] = escape(thread_kinds.label(item))
        body = f" · {escape(item.owner_body.name)}" if item.owner_body else ""
        told = ""
        if row.departure:
            reason = escape(Truncator(row.departure.reason).words(40, truncate=" …"))
            told = f"<br>{up if row.departure.takes_up else down} {reason}"
        title = _link(thread_kinds.url(item), escape(item.title))
        return f'<li>{title} <span class="app-subtle">{words[item.kind]}{body}</span>{told}</li>'

    return mark_safe("".join(map(drawn, priorities)))  # noqa: S308  # escaped above


# --- figures ---------------------------------------------------------------------------------------------------
def _figure(figure: int, url: str, *, strong: bool = False) -> str:
    """A cell with a figure that leads to the list it stands for; `url` is text."""
    if not figure:
        return '<td class="app-numeric"><span class="app-subtle">0</span></td>'
    words = f"<strong>{number(figure)}</strong>" if strong else number(figure)
    return f'<td class="app-numeric">{_link(f"{escape(url)}#list", words)}</td>'


@register.simple_tag
def party_rows(table: Sequence[dict[str, Any]]) -> SafeString:
    """The rows of parties by kinds of condition: `name`, `key`, `cells` of (figure, address), `sum` and `url`."""
    page = address_of("agenda:organisation", "key")

    def drawn(row: dict[str, Any]) -> str:
        cells = "".join(_figure(figure, url) for figure, url in row["cells"])
        return (
            f'<tr><th scope="row">{_link(page(row["key"]), escape(row["name"]))}</th>'
            f"{cells}{_figure(row['sum'], row['url'], strong=True)}</tr>"
        )

    return mark_safe("".join(map(drawn, table)))  # noqa: S308  # escaped above


@register.simple_tag
def kind_rows(table: Sequence[tuple[str, Sequence[tuple[Any, int, str]]]]) -> SafeString:
    """The rows of kinds of condition, each with (words, figure, address) of all figures."""

    def drawn(label: str, cells: Sequence[tuple[Any, int, str]]) -> str:
        figures = "".join(_figure(figure, url) for _words_, figure, url in cells)
        return f'<tr><th scope="row">{escape(label)}</th>{figures}</tr>'

    return mark_safe("".join(drawn(label, cells) for label, cells in table))  # noqa: S308  # escaped above
