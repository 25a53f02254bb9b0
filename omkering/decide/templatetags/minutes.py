"""What the pages of minutes say in one phrase: `{% load minutes %}`."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from omkering.decide.minutes_docx import line_in_words, proxy_in_words
from omkering.decide.models import Outcome
from omkering.decide.queries.minutes_reading import all_entries, speaker_in_words, stays_in_words

register = template.Library()
Data = dict[str, Any]

register.filter("speaker", speaker_in_words)
register.filter("stays", stays_in_words)
register.filter("proxy", proxy_in_words)


@register.filter
def people(line: Data) -> str:
    """Who was there for a member, each once."""
    return ", ".join(dict.fromkeys(stay["person_name"] for stay in line["stays"] if stay["person_name"]))


@register.filter
def ways(line: Data) -> str:
    """How somebody took part, each way once."""
    return ", ".join(dict.fromkeys(stay["presence_words"] for stay in line["stays"]))


@register.simple_tag
def attendance_rows(doc: Data) -> SafeString:
    """Who was there, as rows of a table: hundreds, so they are drawn in one go."""
    by_whom = doc["named"] and doc["attendance"][0]["member"]
    rows = []
    for line in doc["attendance"]:
        name = line["member"]["name"] if line["member"] else line["stays"][0]["person_name"] or _("Somebody")
        who = format_html("<td>{}</td>", people(line)) if by_whom else ""
        rows.append((name, who, ways(line), stays_in_words(line["stays"])))
    return format_html_join("", '<tr><th scope="row">{}</th>{}<td>{}</td><td>{}</td></tr>', rows)


@register.filter
def there(line: Data) -> str:
    """A line of the attendance on paper: the member, by whom, how, and from when until when."""
    who = [line["member"]["name"] if line["member"] else "", people(line)]
    named = ", ".join(part for part in who if part) or _("Somebody")
    return f"{named}: {ways(line).lower()}, {stays_in_words(line['stays'])}"


@register.filter
def outcome(entry: Data) -> str:
    """What a vote came to, in a word."""
    return str(Outcome(entry["result"]["outcome"]).label)


@register.filter
def named(entry: Data) -> str:
    """What an entry is called where several links say the same."""
    return entry.get("title") or speaker_in_words(entry)


@register.filter
def without_note(entry: Data) -> Data:
    """The entry without its note, for the list of decisions."""
    return {**entry, "note": None}


@register.filter
def roll_calls(doc: Data) -> list[Data]:
    """The votes of which it is told who voted what."""
    return [entry for entry in all_entries(doc) if entry.get("by_choice")]


@register.filter
def roll_call(lines: list[Data]) -> str:
    """The lines of a roll-call in one paragraph."""
    return ", ".join(line_in_words(line) for line in lines)
