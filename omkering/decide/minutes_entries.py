"""The items of an agenda and what happened at them, as HTML. Minutes have a hundred of these, so they are not drawn by
templates: words that are the same for all are looked up once per language. Each text of people passes `escape`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from omkering.decide.models import Outcome
from omkering.decide.queries.minutes_reading import clock, speaker_in_words
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import badge, day, markdown

Data = dict[str, Any]
POSITIVE = (Outcome.ADOPTED, Outcome.ELECTED)


@dataclass(frozen=True)
class Page:
    """Where entries stand: the meeting, how a note is drawn, and whether the reader writes these minutes."""

    meeting: int
    note: Callable[[Data], str]
    writes: bool = False


def item_html(item: Data, page: Page) -> str:
    """An item on the agenda of a document as read (`minutes_reading`), with its entries and notes."""
    pk = item["id"]
    number = f"{item['number']}. " if item["number"] else ""
    at = f"{clock(item['begun_at'])}–{clock(item['ended_at'])}" if item["begun_at"] else item["state_words"]
    late = f" · {_('Added later')}" if item["added_late"] else ""
    entries = f'<ol class="app-list">{entries_html(item["entries"], page)}</ol>' if item["entries"] else ""
    notes = "".join(map(page.note, item["notes"]))
    way = _way_to_note(page.meeting, f"item={pk}", _("Write a note"), item["title"]) if page.writes else ""
    return (
        f'<section id="record-{pk}" aria-labelledby="item-{pk}">'
        f'<h2 id="item-{pk}">{escape(number)}{escape(item["title"])}</h2>'
        f'<p class="app-card__meta">{escape(item["kind_words"])} · {escape(at)}{late}</p>'
        f"{entries}{notes}{way}</section>"
    )


def entries_html(entries: Iterable[Data], page: Page) -> str:
    """Entries as items of a list, each with its note, or with the way to write one."""
    return "".join(f"<li>{entry_html(entry)}{_beside(entry, page)}</li>" for entry in entries)


def decided_html(item: Data, place: int) -> str:
    """What was decided at an item, as the list of decisions tells it: without notes."""
    number = f"{item['number']}. " if item["number"] else ""
    title = escape(item["title"]) if item["title"] else _("Beside the agenda")
    entries = "".join(f"<li>{entry_html(entry)}</li>" for entry in item["entries"])
    return (
        f'<section aria-labelledby="decided-{place}"><h2 id="decided-{place}">{escape(number)}{title}</h2>'
        f'<ul class="app-list">{entries}</ul></section>'
    )


def entry_html(entry: Data) -> str:
    """What happened, without a note."""
    if entry["hidden"]:
        return f"<p>{_('Something that is not for everybody was dealt with here.')}</p>"
    return DRAWN[entry["type"]](entry)


def _beside(entry: Data, page: Page) -> str:
    if entry["note"]:
        return page.note(entry["note"])
    if not page.writes or entry["hidden"]:
        return ""
    item = f"&amp;item={entry['agenda_item']}" if entry["agenda_item"] else ""
    name = entry.get("title") or speaker_in_words(entry)  # several links say the same
    about = f"source={escape(entry['source'])}{item}"
    return _way_to_note(page.meeting, about, _("Write a note beside this"), name)


def _way_to_note(meeting: int, about: str, words: str, name: str) -> str:
    address = f"{_address('decide:add_note', meeting)}?{about}"
    said = f'{words}<span class="app-visually-hidden">: {escape(name)}</span>'
    return f'<p><a class="nl-link" href="{address}">{said}</a></p>'


@dataclass(frozen=True)
class _Phrases:
    """What is said at many votes, in one language."""

    vote: str
    text: str
    needed: str
    unknown: str
    secret: str
    outcomes: dict[str, str]  # each as a badge


@lru_cache(maxsize=20)
def _phrases(_language: str | None) -> _Phrases:
    """The phrases in the active language, which is also the key."""
    return _Phrases(
        vote=_("Vote:"),
        text=_("The text as it was voted on"),
        needed=_("Needed"),
        unknown=_("The result is not announced yet."),
        secret=_("A secret vote: nobody knows who voted what."),
        outcomes={
            str(each.value): badge(each.label, "positive" if each in POSITIVE else "") for each in Outcome
        },
    )


def _link(name: str, pk: int, title: str) -> str:
    return f'<a class="nl-link" href="{_address(name, pk)}">{escape(title)}</a>'


def _address(name: str, pk: int) -> str:
    return _page(name)(pk)


_page = lru_cache(maxsize=20)(address_of)


def _speech(entry: Data) -> str:
    kind = f"{badge(entry['kind_words'])} " if entry["kind"] != "speak" else ""
    subject = f": {escape(entry['subject'])}" if entry["subject"] else ""
    at = f'<span class="app-card__meta">{clock(entry["at"])}</span>'
    return f"<p>{kind}{escape(speaker_in_words(entry))}{subject} {at}</p>"


def _interest(entry: Data) -> str:
    said = f"{escape(speaker_in_words(entry))}. {escape(entry['text'])}"
    return f"<p>{_('Conflict of interest')}: {said}</p>"


def _vote(entry: Data) -> str:
    say = _phrases(get_language())
    parts = [f"<h3>{say.vote} {_link('decide:vote', entry['id'], entry['title'])}</h3>"]
    if entry["state"] == "undone":
        words = _("This vote was undone: %(reason)s") % {"reason": escape(entry["undone_reason"])}
        return f"{parts[0]}<p>{words}</p>"
    if entry["on_advice_words"]:
        words = _("The vote was on the advice: %(advice)s.") % {"advice": escape(entry["on_advice_words"])}
        parts.append(f"<p>{words}</p>")
    if entry["text"]:
        summary = f"<summary>{say.text}</summary>"
        parts.append(
            f'<details class="app-details" id="text-{entry["id"]}">{summary}{markdown(entry["text"])}</details>'
        )
    if entry["needed_words"]:
        figures = f" ({escape(entry['needed_of_words'])})" if entry["needed_of_words"] else ""
        parts.append(f"<p>{say.needed}: {escape(entry['needed_words'])}{figures}.</p>")
    if entry["result"]:
        mark = say.outcomes[entry["result"]["outcome"]]
        parts.append(f"<p>{mark} {escape(entry['outcome_words'])}</p>")
    else:
        parts.append(f'<p class="app-card__meta">{say.unknown}</p>')
    if entry["secret"]:
        parts.append(f'<p class="app-card__meta">{say.secret}</p>')
    return "".join(parts)


def _undertaking(entry: Data) -> str:
    title = _link("decide:undertaking", entry["item"], entry["title"])
    about = [escape(entry["by_words"])] if entry["by_words"] else []
    if entry["due_at"]:
        about.append(_("before %(day)s") % {"day": day(entry["due_at"])})
    return (
        f"<h3>{_('Undertaking')}: {title}</h3><p>{linebreaksbr(entry['text'])}</p>"
        f'<p class="app-card__meta">{" · ".join(about)}</p>'
    )


def _motion(entry: Data) -> str:
    title = _link("decide:motion", entry["item"], entry["title"])
    told = f"<p>{linebreaksbr(entry['text'])}</p>" if entry.get("tells") else ""
    return (
        f"<h3>{_('Motion')} {escape(entry['number'])}: {title}</h3><p>{badge(entry['state_words'])}</p>{told}"
    )


def _settlement(entry: Data) -> str:
    return (
        f"<h3>{_('Account of')}: {escape(entry['title'])}</h3><p>{badge(entry['state_words'])}</p>"
        f"<p>{linebreaksbr(entry['text'])}</p>"
    )


DRAWN: dict[str, Callable[[Data], str]] = {
    "speech": _speech,
    "interest": _interest,
    "vote": _vote,
    "undertaking": _undertaking,
    "motion": _motion,
    "settlement": _settlement,
}
