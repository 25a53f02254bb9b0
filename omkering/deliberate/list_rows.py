"""The entries of lists of amendments, contributions and documents as plain HTML."""

from collections.abc import Iterable
from functools import cache

from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.amendment_words import state_badge
from omkering.deliberate.html_tools import escape, safe
from omkering.deliberate.models import AmendmentAdvice, Deed, Document
from omkering.deliberate.queries.amendments import Line
from omkering.deliberate.queries.contributions import Shown
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import badge, day
from omkering.ui.text import beginning

TEXT, TITLE, SUMMARY = 400, 80, 300  # characters shown of a contribution, of its title, and of a summary


def amendment_rows(lines: Iterable[Line]) -> SafeString:
    """The entries of the list of amendments."""
    page, mark = address_of("deliberate:amendment"), cache(badge)
    deeds = {deed.value: escape(str(deed.label)) for deed in Deed}
    states = cache(lambda state: mark(*state_badge(state)))
    cannot = _("cannot stand with")

    @cache
    def advised(kind: str) -> str:
        told = str(AmendmentAdvice.Kind(kind).label).lower()
        return badge(_("Advice: %(kind)s") % {"kind": told})

    def row(line: Line) -> str:
        amendment = line.amendment
        marks: list[str] = [states(amendment.state)]
        if line.against:
            marks.append(mark(_("Collides"), "warning"))
        if line.with_text:
            marks.append(mark(_("Collides with the newest text"), "warning"))
        if amendment.late:
            marks.append(mark(_("Handed in late")))
        marks += [advised(advice.kind) for advice in line.advices]
        owner = amendment.owner_member or amendment.network
        told = escape(str(owner)) if owner else ""
        if line.supporters:
            words = ngettext("and %(n)s co-signer", "and %(n)s co-signers", line.supporters)
            told += f" {words % {'n': localize(line.supporters)}}"
        told += f" · {deeds[amendment.deed]}"
        if line.place:
            told += f": {escape(line.place)}"
        if line.against:
            told += f" · {cannot} {', '.join(map(str, line.against))}"
        return (
            f"\n<li><h2>{localize(amendment.number)}. {_link(page(amendment.pk), amendment.title)}</h2>\n"
            f'{_badges(marks)}\n<p class="app-card__meta">{told}</p></li>'
        )

    return safe(map(row, lines))


def contribution_rows(entries: Iterable[Shown]) -> SafeString:
    """The entries of a list of what was put in."""
    page, mark = address_of("deliberate:contribution"), cache(badge)
    open_words, late = _("Open"), _("Late")

    def row(entry: Shown) -> str:
        put = entry.row
        marks = [mark(*entry.badge)]
        if put.late:
            marks.append(mark(late, "warning"))
        if entry.answer:
            marks.append(mark(entry.answer, "positive"))
        words = escape(normalize_newlines(beginning(put.text, TEXT))).replace("\n", "<br>")
        at = f" · §{localize(entry.address)}" if entry.address else ""
        title = escape(beginning(put.title, TITLE))
        return (
            f"<li>{_badges(marks)}\n<p>{words}</p>\n"
            f'<p class="app-card__meta">{escape(entry.source)}{at} · {day(put.created_at)} · '
            f'<a class="nl-link" href="{page(put.pk)}">{open_words}'
            f'<span class="app-visually-hidden">: {title}</span></a></p></li>'
        )

    return safe(map(row, entries))


def document_rows(rows: Iterable[tuple[Document, tuple[str, str]]]) -> SafeString:
    """The entries of the list of documents, each with its state in words and its tone."""
    page, mark = address_of("deliberate:document"), cache(badge)
    version = cache(lambda n: _("version %(n)s") % {"n": localize(n)})
    example = _("Example")

    def row(document: Document, state: tuple[str, str]) -> str:
        marks = [mark(*state)]
        if document.theme:
            marks.append(mark(document.theme))
        if document.example:
            marks.append(mark(example, "info"))
        number = document.version_number  # type: ignore[attr-defined]  # annotated
        told = [version(number)] if number else []
        told.append(day(document.changed_at))
        if document.owner_body:
            told.append(escape(str(document.owner_body)))
        summary = f"<p>{escape(beginning(document.summary, SUMMARY))}</p>" if document.summary else ""
        return (
            f"<li><h2>{_link(page(document.pk), document.title)}</h2>{summary}\n"
            f'{_badges(marks)}\n<p class="app-card__meta">{" · ".join(told)}</p></li>'
        )

    return safe(row(*one) for one in rows)


def _link(url: str, words: str) -> str:
    return f'<a class="nl-link" href="{url}">{escape(words)}</a>'


def _badges(marks: Iterable[str]) -> str:
    return f'<ul class="app-badges">{"".join([f"<li>{mark}</li>" for mark in marks])}</ul>'
