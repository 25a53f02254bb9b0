"""Minutes and the list of decisions as a Word document, from a document as read (`queries.minutes_reading`)."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from omkering.decide.queries.minutes_reading import decisions, speaker_in_words, stays_in_words
from omkering.ui.docx import WordDocument
from omkering.ui.templatetags.ui import number

Data = dict[str, Any]
_ITEM = re.compile(r"\s*[-*+]\s+")
_MARKS = re.compile(r"([\\`*_\[\]<>~#&|!])")


def plain(text: str) -> str:
    """What somebody wrote without marks, so that none of its signs is taken for one."""
    return _MARKS.sub(r"\\\1", text)


def minutes_document(data: Data, title: str) -> WordDocument:
    """The minutes: the meeting, who was there, each item with what happened, and the roll-calls at the end."""
    made = WordDocument(title, language=get_language() or "nl")
    _facts(made, data)
    _attendance(made, data)
    for item in data["items"]:
        made.heading(plain(item["title"]), 1, label=item["number"])
        _times(made, item)
        for entry in item["entries"]:
            _entry(made, entry)
        _notes(made, item["notes"])
    for entry in data["entries"]:
        _entry(made, entry)
    _notes(made, data["notes"])
    _roll_calls(made, data)
    return made


def decisions_document(data: Data, title: str) -> WordDocument:
    """The list of decisions: item by item what was decided and undertaken."""
    made = WordDocument(title, language=get_language() or "nl")
    _facts(made, data)
    for item in decisions(data):
        made.heading(plain(item["title"]) or _("Beside the agenda"), 1, label=item["number"])
        for entry in item["entries"]:
            _entry(made, entry, short=True)
    return made


def _facts(made: WordDocument, data: Data) -> None:
    meeting = data["meeting"]
    begun = meeting["opened_at"] or meeting["starts_at"]
    parts = [date_format(begun, "j F Y"), meeting["place"], meeting["form_words"]]
    made.paragraph(plain(" · ".join(part for part in parts if part)))
    if meeting["opened_at"]:
        ended = f"{meeting['closed_at']:%H:%M}" if meeting["closed_at"] else ""
        made.paragraph(
            _("Opened at %(from)s, closed at %(to)s.")
            % {"from": f"{meeting['opened_at']:%H:%M}", "to": ended or "–"}
        )
    if not data["minutes"] or data["minutes"]["state"] != "adopted":
        made.paragraph(_("These minutes are not adopted yet."))


def _attendance(made: WordDocument, data: Data) -> None:
    made.heading(_("Who was there"), 1)
    named = data["named"]
    head = [_("Member"), *([_("By whom")] if named else []), _("How"), _("From–until")]
    rows = []
    for line in data["attendance"]:
        people = ", ".join(dict.fromkeys(stay["person_name"] for stay in line["stays"]))
        how = ", ".join(dict.fromkeys(stay["presence_words"] for stay in line["stays"]))
        member = line["member"]["name"] if line["member"] else ""
        rows.append(
            [plain(x) for x in (member, *([people] if named else []), how, stays_in_words(line["stays"]))]
        )
    made.table([head, *rows] if rows else [])
    for proxy in data["proxies"]:
        made.item(plain(proxy_in_words(proxy)))


def proxy_in_words(proxy: Data) -> str:
    """Who voted for whom by proxy, and until when where it ended."""
    names = {"giver": proxy["giver"]["name"], "holder": proxy["holder"]["name"]}
    if proxy["ended_at"]:
        return _("%(giver)s gave its proxy to %(holder)s, until %(time)s.") % {
            **names,
            "time": f"{proxy['ended_at']:%H:%M}",
        }
    return _("%(giver)s gave its proxy to %(holder)s.") % names


def _times(made: WordDocument, item: Data) -> None:
    if item["begun_at"]:
        ended = f"{item['ended_at']:%H:%M}" if item["ended_at"] else ""
        made.paragraph(f"*{item['begun_at']:%H:%M}–{ended}*")
    elif item["state"] in ("held", "dropped"):
        made.paragraph(f"*{plain(item['state_words'])}*")


def _entry(made: WordDocument, entry: Data, *, short: bool = False) -> None:
    """One thing that happened."""
    if entry["hidden"]:
        made.paragraph(_("Something that is not for everybody was dealt with here."))
        return
    write = {"vote": _vote, "undertaking": _undertaking, "speech": _speech}.get(entry["type"], _other)
    write(made, entry, short)
    note = entry["note"]
    if note and not short:
        _paragraphs(made, note["text"])


def _speech(made: WordDocument, entry: Data, _short: bool) -> None:
    kind = "" if entry["kind"] == "speak" else f"{entry['kind_words']}: "
    subject = f" – {entry['subject']}" if entry["subject"] else ""
    made.item(plain(f"{kind}{speaker_in_words(entry)}{subject}"))


def _vote(made: WordDocument, entry: Data, short: bool) -> None:
    made.heading(plain(entry["title"]), 2, label=_("Vote:"))
    if entry["text"] and not short:
        _paragraphs(made, entry["text"])
    if entry["on_advice_words"]:
        made.paragraph(
            _("The vote was on the advice: %(advice)s.") % {"advice": plain(entry["on_advice_words"])}
        )
    if entry["state"] == "undone":
        made.paragraph(_("This vote was undone: %(reason)s") % {"reason": plain(entry["undone_reason"])})
        return
    if entry["needed_words"] and not short:
        made.paragraph(_("Needed: %(needed)s.") % {"needed": plain(entry["needed_words"])})
    if entry["result"]:
        made.paragraph(f"**{plain(entry['outcome_words'])}**")


def _undertaking(made: WordDocument, entry: Data, _short: bool) -> None:
    made.heading(plain(entry["title"]), 2, label=_("Undertaking:"))
    made.paragraph(plain(entry["text"]))
    due = date_format(entry["due_at"], "j F Y") if entry["due_at"] else ""
    of = " · ".join(part for part in (entry["by_words"] or "", due) if part)
    if of:
        made.paragraph(f"*{plain(of)}*")


def _other(made: WordDocument, entry: Data, _short: bool) -> None:
    """A motion without a vote, a settlement, or an interest that somebody declared."""
    if entry["type"] == "interest":
        who = ", ".join(
            part
            for part in (entry["person_name"], entry["member"]["name"] if entry["member"] else "")
            if part
        )
        made.item(
            plain(
                _("Conflict of interest: %(who)s. %(text)s")
                % {"who": who or _("Somebody"), "text": entry["text"]}
            )
        )
        return
    label = (
        _("Motion %(number)s:") % {"number": entry["number"]} if entry["type"] == "motion" else _("Settled:")
    )
    made.heading(plain(entry["title"]), 2, label=label)
    made.paragraph(plain(entry["text"]))
    made.paragraph(f"**{plain(entry['state_words'])}**")


def _notes(made: WordDocument, notes: Iterable[Data]) -> None:
    for note in notes:
        asked = note.get("asked_by")
        label = _("Correction asked for by %(member)s:") % {"member": asked} if asked else ""
        _paragraphs(made, note["text"], label=label)


def _paragraphs(made: WordDocument, text: str, *, label: str = "") -> None:
    """A text in Markdown: its paragraphs, and the items of its lists."""
    for place, part in enumerate(part.strip() for part in text.split("\n\n") if part.strip()):
        lines = part.split("\n")
        if all(_ITEM.match(line) for line in lines):
            for line in lines:
                made.item(_ITEM.sub("", line, count=1))
        else:
            made.paragraph(part, label=label if place == 0 else "")


def _roll_calls(made: WordDocument, data: Data) -> None:
    """Who voted what in each open vote, as lists of names by choice."""
    votes = [
        entry
        for entries in ([*(item["entries"] for item in data["items"]), data["entries"]])
        for entry in entries
        if entry["type"] == "vote" and entry.get("by_choice")
    ]
    if not votes:
        return
    made.heading(_("Roll-calls"), 1)
    for entry in votes:
        made.heading(plain(entry["title"]), 2)
        for group in entry["by_choice"]:
            names = ", ".join(line_in_words(line) for line in group["lines"])
            figures = _("%(choice)s (%(votes)s votes):") % {
                "choice": group["choice"],
                "votes": number(group["votes"]),
            }
            made.paragraph(plain(names), label=figures)


def line_in_words(line: Data) -> str:
    """A line of a roll-call: who, with how many votes, and by whose hand where it was a proxy."""
    votes = number(line["votes"])
    if line["by_proxy"]:
        return _("%(who)s (%(votes)s, by proxy through %(holder)s)") % {
            "who": line["who"],
            "votes": votes,
            "holder": line["by_proxy"],
        }
    return f"{line['who']} ({votes})"
