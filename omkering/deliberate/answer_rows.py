"""Points that were put in, with the answers they have, as plain text: a page of the note has some twenty-five."""

import re
from collections.abc import Callable, Iterable
from functools import cache, partial

from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.html_tools import escape, safe
from omkering.deliberate.models import Answer, AnswerKind
from omkering.deliberate.queries.answers import Group, Line
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import badge, day, markdown

WORDS, WORDS_TO_TICK, WORDS_TO_NAME = 80, 60, 12
TONES = {AnswerKind.TAKEN_OVER: "positive", AnswerKind.PARTLY: "info", AnswerKind.NOT: "neutral"}
MORE = " …"
_BETWEEN_WORDS = re.compile(r"(?<=\S)\s+(?=\S)")


def first_words(text: str, most: int | None = None) -> str:
    """What somebody wrote as HTML with its own lines, at most so many words of it, as the filters `linebreaksbr` and
    `truncatewords_html` have it.
    """
    lines = normalize_newlines(text).split("\n")
    if most is None:
        return "<br>".join(map(escape, lines))
    told = []
    for line in lines:
        words = _BETWEEN_WORDS.split(line) if line else []
        if len(words) > most:
            told.append(escape(" ".join(words[:most])) + MORE)
            break
        told.append(escape(" ".join(words)))
        most -= len(words)
    return "<br>".join(told)


def _name_of(line: Line) -> str:
    """The first words of a point, for who hears a link without what stands around it."""
    words = line.text.split()
    more = MORE if len(words) > WORDS_TO_NAME else ""
    return f'<span class="app-visually-hidden">: {escape(" ".join(words[:WORDS_TO_NAME]))}{more}</span>'


def points_list(
    lines: Iterable[Line],
    *,
    full: bool = False,
    tick: bool = False,
    show_place: bool = False,
    show_due: bool = False,
    take_back: Answer | None = None,
    token: str = "",
) -> SafeString:
    """Points as a list. `full`: all their words; `tick`: each with a box to tick; `take_back`: the answer that a point
    can be taken from, with a form for which `token` is the key.
    """
    about = _about(show_place=show_place, show_due=show_due, tick=tick)
    under = _take_back(take_back, token) if take_back else lambda line: ""
    return safe([_list(lines, _box if tick else partial(_quote, full=full), about, under)])


_Piece = Callable[[Line], str]


def _list(lines: Iterable[Line], words: _Piece, about: _Piece, under: _Piece) -> str:
    entries = [f"<li>\n{words(line)}\n{about(line)}\n{under(line)}\n</li>" for line in lines]
    return f'<ul class="app-list">{"".join(entries)}</ul>\n'


def _quote(line: Line, *, full: bool = False) -> str:
    return f'<blockquote class="app-quote">{first_words(line.text, None if full else WORDS)}</blockquote>'


def _box(line: Line) -> str:
    pk = line.item.pk
    return (
        '<div class="app-choice"><input class="utrecht-checkbox utrecht-checkbox--html-input" type="checkbox" '
        f'name="item" value="{pk}" id="point-{pk}"><label class="utrecht-form-label utrecht-form-label--checkbox" '
        f'for="point-{pk}">{first_words(line.text, WORDS_TO_TICK)}</label></div>'
    )


def _about(*, show_place: bool, show_due: bool, tick: bool) -> _Piece:
    """What stands under the words of a point: its kind, who put it in, where it is about, and the way to it."""
    mark = cache(badge)
    somebody, whole, look = _("Somebody, for themselves"), _("About the whole text"), _("Look at it")
    yours, late = f" {badge(_('Yours'), 'info')}", f" {badge(_('Handed in late'), 'warning')}"
    due, answer_this, answer_one = _("answer due"), _("Answer this one"), address_of("deliberate:answer_one")

    def about(line: Line) -> str:
        told = [mark(line.kind), f" <strong>{escape(line.by)}</strong>" if line.by else f" {somebody}"]
        if line.own:
            told.append(yours)
        if line.late:
            told.append(late)
        if show_place:
            told.append(f" · {escape(line.place or whole)}")
        if show_due and line.item.due_at:
            told.append(f" · {due} {day(line.item.due_at)}")
        if line.url:
            told.append(f' · <a class="nl-link" href="{escape(line.url)}">{look}{_name_of(line)}</a>')
        if tick:
            url = answer_one(line.item.pk)
            told.append(f' · <a class="nl-link" href="{url}">{answer_this}{_name_of(line)}</a>')
        return f'<p class="app-card__meta">{"".join(told)}</p>'

    return about


def _take_back(answer: Answer, token: str) -> _Piece:
    """The form that takes a point out of an answer."""
    url, words = address_of("deliberate:take_back_answer")(answer.pk), _("Take out of this answer")
    key = f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'

    def form(line: Line) -> str:
        return (
            f'<form method="post" action="{url}">{key}<input type="hidden" name="item" value="{line.item.pk}">'
            f'<button class="nl-button nl-button--subtle" type="submit">{words}{_name_of(line)}</button></form>'
        )

    return form


def answered_groups(groups: Iterable[Group], *, show_place: bool) -> list[tuple[str, int | None, SafeString]]:
    """The heading of each group, the paragraph it is about, and a card for each answer with its points above it."""
    heading, given = _("Answer"), _given()
    about = _about(show_place=show_place, show_due=False, tick=False)

    def card(answer: Answer | None, lines: list[Line]) -> str:
        return (
            f'<div class="app-card app-card--plain">{_list(lines, _quote, about, lambda line: "")}\n'
            f"<h3>{heading}</h3>{given(answer, lines[0].together)}</div>"
        )

    return [(group.heading, group.address, safe(card(*one) for one in group.answers)) for group in groups]


def _given() -> Callable[[Answer | None, int], str]:
    """An answer as it stands under what it answers, with how many points have it."""
    page, none = address_of("deliberate:answer"), badge(_("No answer yet"), "warning")
    marks = {kind.value: badge(kind.label, TONES[kind]) for kind in AnswerKind}

    def given(answer: Answer | None, together: int) -> str:
        if answer is None:
            return f"<p>{none}</p>\n"
        words = ngettext(
            "Answer %(number)s, to this point", "Answer %(number)s, to %(n)s points", together
        ) % {"number": answer.pk, "n": together}
        return (
            f'<p>{marks[answer.kind]}</p>{markdown(answer.reason)}<p class="app-small">'
            f'<a class="nl-link" href="{page(answer.pk)}">{words}</a></p>\n\n'
        )

    return given
