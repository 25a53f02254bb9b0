"""What the pages of a meeting draw in one go, because a template takes too long for so many: `{% load meetings %}`."""

from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.decide.models import AgendaKind, AgendaState, Attendance, Motion, Paper, Presence, Vote
from omkering.decide.queries.attendance import AttendanceLine, Voter
from omkering.decide.queries.meetings import Line
from omkering.thread import kinds
from omkering.ui.addresses import address_of
from omkering.ui.templatetags import ui
from omkering.who.models import Person

register = template.Library()
badge = lru_cache(maxsize=256)(ui.badge)  # few words, many times each


@register.simple_tag
def paper_line(paper: Paper) -> SafeString:
    """The link to a paper, with its number where it was sent on later and the name of its file."""
    page = "decide:paper_file" if paper.file else "decide:paper"
    return mark_safe(_paper_link(paper, reverse(page, args=[paper.pk])))  # noqa: S308 - escaped there


def _paper_link(paper: Paper, url: str) -> str:
    late = f"{badge(paper.late_words, 'warning')} " if paper.late_number else ""
    file = f' <span class="app-subtle">({escape(paper.file_name)})</span>' if paper.file else ""
    return f'{late}<a class="nl-link" href="{url}">{escape(paper.title)}</a>{file}'


@register.simple_tag
def agenda_lines(lines: Iterable[tuple[Line, list[tuple[Motion, str]]]]) -> SafeString:
    """The agenda as entries of a list: each item with its state, time, kind, papers and motions (with their names)."""
    drawn = _AgendaLines()
    return mark_safe("".join(drawn.entry(line, motions) for line, motions in lines))  # noqa: S308 - escaped there


@register.simple_tag
def motion_entries(motions: Iterable[tuple[Motion, str, tuple[str, str]]]) -> SafeString:
    """Motions (each with its name and its state with the tone) as entries of a list, with who filed them."""
    url = address_of("decide:motion")
    entries = []
    for row, name, state in motions:
        filer = escape(str(row.owner_member or row.network or ""))
        entries.append(
            f'<li><h3><a class="nl-link" href="{url(row.pk)}">{escape(name)}. {escape(row.title)}</a></h3>'
            f'<p>{badge(*state)} <span class="app-subtle">{filer}</span></p></li>'
        )
    return mark_safe("".join(entries))  # noqa: S308 - what people wrote is escaped


class _AgendaLines:
    """Draws the items of one agenda; addresses and words that come back are made once."""

    def __init__(self) -> None:
        self.item_url, self.motion_url = address_of("decide:agenda_item"), address_of("decide:motion")
        self.file_url, self.paper_url = address_of("decide:paper_file"), address_of("decide:paper")
        self.kind = cache(lambda kind: escape(str(AgendaKind(kind).label)))
        self.state = cache(lambda state: badge(str(AgendaState(state).label)))
        self.vote_state = cache(lambda kind, state: badge(kinds.state_label(Vote(kind=kind, state=state))))
        self.minutes = cache(
            lambda minutes: ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
        )

    def entry(self, line: Line, motions: list[tuple[Motion, str]]) -> str:
        """One item of the agenda."""
        item = line.item
        number = f"{line.number}. " if line.number else ""
        badges = "".join(f"<li>{one}</li>" for one in self._badges(line))
        return (
            f'<li id="item-{item.pk}"><h3>{number}<a class="nl-link" href="{self.item_url(item.pk)}">'
            f'{escape(item.title)}</a></h3>\n<ul class="app-badges">{badges}</ul>\n'
            f'<p class="app-card__meta">{self._when(line)}{self.kind(item.kind)}</p>\n'
            f"{_links(self._paper(paper) for paper in line.papers)}"
            f"{_links(self._motion(motion, name) for motion, name in motions)}</li>"
        )

    def _badges(self, line: Line) -> list[SafeString]:
        item = line.item
        found = [] if item.state == AgendaState.WAITING else [self.state(item.state)]
        if item.added_late and not line.dropped:
            found.append(badge(_("Added later"), "warning"))
        return found + [self.vote_state(vote.kind, vote.state) for vote in line.votes]

    def _when(self, line: Line) -> str:
        if line.starts_at is None:
            return ""
        return f"{timezone.localtime(line.starts_at):%H:%M} · {self.minutes(line.item.minutes)} · "

    def _paper(self, paper: Paper) -> str:
        return _paper_link(paper, self.file_url(paper.pk) if paper.file else self.paper_url(paper.pk))

    def _motion(self, motion: Motion, name: str) -> str:
        url = self.motion_url(motion.pk)
        return f'<a class="nl-link" href="{url}">{escape(name)}. {escape(motion.title)}</a>'


def _links(entries: Iterable[str]) -> str:
    shown = "".join(f"<li>{entry}</li>" for entry in entries)
    return f'<ul class="app-links">{shown}</ul>' if shown else ""


@register.simple_tag
def presence_rows(rows: Iterable[tuple[AttendanceLine, str]]) -> SafeString:
    """Who is there as rows of a table: each member or seat with its votes, how it takes part in words, and by whom."""
    number = cache(ui.number)
    drawn = []
    for line, words in rows:
        people = ", ".join(escape(stay.person.name) for stay in line.stays)
        drawn.append(
            f'<tr id="line-{line.key}"><th scope="row">{escape(line.name)}</th>'
            f'<td class="app-numeric">{number(line.votes)}</td><td>{escape(words)}</td><td>{people}</td></tr>'
        )
    return mark_safe("".join(drawn))  # noqa: S308 - what people wrote is escaped


@register.simple_tag(takes_context=True)
def desk_rows(context: Context, rows: Iterable[dict[str, Any]]) -> SafeString:
    """Who can be registered as entries of a list: each member or seat with its votes and proxies, who is there for it
    and who may still come, with the buttons to arrive and leave while the registration is open.
    """
    desk = _Desk(context)
    return mark_safe("".join(desk.entry(row["line"], row["people"]) for row in rows))  # noqa: S308 - escaped there


class _Desk:
    """Draws the entries of a registration desk; addresses and words that come back are made once."""

    def __init__(self, context: Context) -> None:
        meeting = context["meeting"].pk
        self.open, self.ways = context["open"], context["ways"]
        self.arrive, self.leave = (reverse(f"decide:{what}", args=[meeting]) for what in ("arrive", "leave"))
        self.token = _hidden("csrfmiddlewaretoken", context["csrf_token"])
        self.back = _hidden("back", context["here"])
        self.presence = cache(lambda presence: badge(str(Presence(presence).label), "positive"))
        self.votes = cache(lambda votes: ngettext("%(n)s vote", "%(n)s votes", votes) % {"n": votes})
        self.leaves, self.nobody = _("Leaves"), badge(_("Nobody votes yet"), "warning")

    def entry(self, line: AttendanceLine, people: list[tuple[Person | Voter, int | None]]) -> str:
        """A member or seat."""
        represented = f"<li>{badge(_('Represented'), 'info')}</li>" if line.represented else ""
        there = "".join(self._there(line, stay) for stay in line.stays)
        to_come = "".join(self._to_come(line, person, votes) for person, votes in people)
        if not people and not line.stays:
            to_come = f"<p>{self.nobody}</p>"
        return (
            f'<li id="line-{line.key}"><h2>{escape(line.name)}</h2>\n'
            f'<ul class="app-badges"><li>{self.votes(line.votes)}</li>{represented}</ul>\n'
            f"{self._proxies(line)}\n{there}\n{to_come}</li>"
        )

    def _proxies(self, line: AttendanceLine) -> str:
        """The proxy that it gave, and on a line of their own those that it holds."""
        given = ""
        if line.proxy:
            words = _("%(holder)s holds its proxy. It ends when somebody arrives.")
            given = f"<p>{words % {'holder': escape(line.proxy.holder.name)}}</p>"
        held = [_("Holds the proxy of %(giver)s.") % {"giver": escape(one.giver.name)} for one in line.holds]
        return given + "\n" + "".join(f"<p>{words}</p>" for words in held)

    def _there(self, line: AttendanceLine, stay: Attendance) -> str:
        name = escape(stay.person.name)
        form = ""
        if self.open:
            words = f"{self.leaves}{_unseen(name, line)}"
            form = self._form(self.leave, line, stay.person_id, "", "subtle", words)
        return _row(f"{self.presence(stay.presence)} {name}", form)

    def _to_come(self, line: AttendanceLine, person: Person | Voter, votes: int | None) -> str:
        name = escape(person.name)
        forms = "".join(
            self._form(
                *(self.arrive, line, person.pk, _hidden("presence", way)),
                *("secondary" if place else "primary", f"{escape(words)}{_unseen(name, line)}"),
            )
            for place, (way, words) in enumerate(self.ways)
        )
        part = f" ({self.votes(votes)})" if votes else ""
        return _row(f"{name}{part}", f'<span class="app-row">{forms}</span>' if self.open else "")

    def _form(self, url: str, line: AttendanceLine, person: int, more: str, tone: str, words: str) -> str:
        member = _hidden("member", line.member.pk if line.member else "")
        return (
            f'<form method="post" action="{url}">{self.token}{member}{_hidden("person", person)}{more}{self.back}'
            f'<button class="nl-button nl-button--{tone}" type="submit">{words}</button></form>'
        )


def _row(words: str, form: str) -> str:
    return f'<div class="app-row app-row--between"><span>{words}</span>{form}</div>'


def _unseen(name: str, line: AttendanceLine) -> str:
    return f'<span class="app-visually-hidden">: {name}, {escape(line.name)}</span>'


def _hidden(name: str, value: object) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(str(value))}">'
