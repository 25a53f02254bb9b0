"""What the pages of minutes say in one phrase: `{% load minutes %}`."""

from html import escape
from typing import Any

from django import template
from django.template import Engine
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from omkering.decide.minutes_docx import line_in_words, proxy_in_words
from omkering.decide.minutes_entries import Page, decided_html, entries_html, item_html
from omkering.decide.queries.minutes_reading import all_entries, speaker_in_words, stays_in_words

register = template.Library()
Data = dict[str, Any]

register.filter("speaker", speaker_in_words)
register.filter("stays", stays_in_words)
register.filter("proxy", proxy_in_words)


@register.filter
def people(line: Data) -> str:
    """Who was there for a member, each once."""
    if len(line["stays"]) == 1:  # nearly always
        return str(line["stays"][0]["person_name"])
    return ", ".join(dict.fromkeys(stay["person_name"] for stay in line["stays"] if stay["person_name"]))


@register.filter
def ways(line: Data) -> str:
    """How somebody took part, each way once."""
    if len(line["stays"]) == 1:
        return str(line["stays"][0]["presence_words"])
    return ", ".join(dict.fromkeys(stay["presence_words"] for stay in line["stays"]))


@register.simple_tag
def attendance_rows(doc: Data) -> SafeString:
    """Who was there, as rows of a table: hundreds, so they are drawn in one go."""
    by_whom = doc["named"] and doc["attendance"][0]["member"]
    rows = []
    for line in doc["attendance"]:
        name = line["member"]["name"] if line["member"] else line["stays"][0]["person_name"] or _("Somebody")
        who = f"<td>{escape(people(line))}</td>" if by_whom else ""
        stays = f"<td>{escape(ways(line))}</td><td>{stays_in_words(line['stays'])}</td>"
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{who}{stays}</tr>')
    return mark_safe("".join(rows))  # noqa: S308  # names and words are escaped


@register.filter
def there(line: Data) -> str:
    """A line of the attendance on paper: the member, by whom, how, and from when until when."""
    who = [line["member"]["name"] if line["member"] else "", people(line)]
    named = ", ".join(part for part in who if part) or _("Somebody")
    return f"{named}: {ways(line).lower()}, {stays_in_words(line['stays'])}"


@register.simple_tag
def decided_at(item: Data, place: int) -> SafeString:
    """What was decided at an item, as the list of decisions tells it; `place` is that of the item in the list."""
    return mark_safe(decided_html(item, place))  # noqa: S308  # escaped there


@register.simple_tag(takes_context=True)
def agenda_item(context: Context, item: Data) -> SafeString:
    """An item on the agenda with what happened and its notes, for who may what `may` says of the page."""
    return mark_safe(item_html(item, _page(context)))  # noqa: S308  # escaped there


@register.simple_tag(takes_context=True)
def entries(context: Context, happened: list[Data]) -> SafeString:
    """Entries as items of a list, each with its note."""
    return mark_safe(entries_html(happened, _page(context)))  # noqa: S308  # escaped there


def _page(context: Context) -> Page:
    """The page that is drawn; a note is a template, because it has a form."""

    def note(data: Data) -> str:
        with context.push(note=data):
            return Engine.get_default().get_template("decide/minutes/note.html").render(context)

    return Page(context["meeting"].pk, note, context["may"]["write"])


@register.filter
def roll_calls(doc: Data) -> list[Data]:
    """The votes of which it is told who voted what."""
    return [entry for entry in all_entries(doc) if entry.get("by_choice")]


@register.filter
def roll_call(lines: list[Data]) -> str:
    """The lines of a roll-call in one paragraph."""
    return ", ".join(line_in_words(line) for line in lines)
