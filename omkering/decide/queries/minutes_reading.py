"""A document of minutes as one reader may know it: in their language, with names, without what is not for them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide import vote_rule
from omkering.decide import words as rule_words
from omkering.decide.models import AgendaItem, AgendaState, Meeting, Minutes, MinutesState, Speech, Vote
from omkering.decide.queries.minutes import document
from omkering.thread.models import Item
from omkering.who.models import Member, Person, in_language
from omkering.who.standing import standing_of

Data = dict[str, Any]
HIDDEN = ("text", "title", "options", "roll_call", "result", "outcome_words", "needed_of_words", "note")
NOTES_FOR_ALL = (MinutesState.PROPOSED, MinutesState.ADOPTED)
CHOICES = ("for", "against", "abstain", "absent")


def minutes_of(meeting: Meeting) -> Minutes | None:
    """The minutes that were kept of a meeting, with what was adopted; one query."""
    rows = Minutes.objects.filter(meeting=meeting).select_related("adopted_in")
    return rows.defer("search", "body", "adopted_in__search", "adopted_in__body").first()


def laid_before(kept: Minutes | None) -> list[Meeting]:
    """The meetings that these minutes wait in to be adopted, or waited in; at most one query."""
    if kept is None or kept.state != MinutesState.PROPOSED:
        return []
    on = AgendaItem.objects.filter(about_id=kept.pk).exclude(state=AgendaState.DROPPED)
    return list(Meeting.objects.filter(pk__in=on.values("meeting")).defer("search", "body"))


def read(meeting: Meeting, reader: Any, *, roll_calls: bool = True, decided: bool = False) -> Data:
    """The minutes of a meeting for somebody: as adopted, or as they are being written; a fixed number of queries.

    Names of people are for who works for a member, a network or the bureau. Notes are for the bureau alone until the
    minutes are laid before the body.
    """
    kept = minutes_of(meeting)
    plain = kept.frozen if kept and kept.frozen else document(meeting, roll_calls=roll_calls, decided=decided)
    return for_reader(plain, reader, notes=kept is not None and kept.state in NOTES_FOR_ALL)


def for_reader(plain: Data, reader: Any, *, notes: bool = True) -> Data:
    """A plain document as this reader may know it; at most five queries."""
    standing = standing_of(reader)
    names = names_of(plain) if standing.is_insider else {}
    wanted = {entry["item"] for entry in all_entries(plain) if "item" in entry}
    wanted |= {item["about"]["id"] for item in plain["items"] if item["about"]}
    rows = Item.objects.visible_to(standing, getattr(reader, "pk", None)).filter(pk__in=wanted)
    visible = set(rows.values_list("pk", flat=True))
    rules = dict(
        Vote.objects.filter(pk__in=[e["id"] for e in all_entries(plain) if e["type"] == "vote"]).values_list(
            "pk", "rule"
        )
    )
    found: Data = _in_words(plain, names)
    show_notes = notes or standing.is_bureau
    for item in found["items"]:
        if item["about"] and item["about"]["id"] not in visible:
            item["about"] = None
        item["notes"] = item["notes"] if show_notes else []
    for entry in all_entries(found):
        if not show_notes:
            entry["note"] = None
        entry["hidden"] = "item" in entry and entry["item"] not in visible
        if entry["hidden"]:
            entry.update({name: None for name in HIDDEN if name in entry})
            entry["about"] = None
        elif entry["type"] == "vote" and entry["roll_call"]:
            _say_choices(entry, rules.get(entry["id"]))
    found["notes"] = found["notes"] if show_notes else []
    found["named"] = bool(standing.is_insider)
    found["corrections"] = [note for note in _all_notes(found) if note["source"].startswith("correction:")]
    _name_correctors(found["corrections"])
    return found


def all_entries(data: Data) -> Iterator[Data]:
    """Everything that happened, under the items and beside them."""
    for item in data["items"]:
        yield from item["entries"]
    yield from data["entries"]


def _all_notes(data: Data) -> Iterator[Data]:
    for item in data["items"]:
        yield from item["notes"]
    yield from data["notes"]


def _name_correctors(notes: list[Data]) -> None:
    """Say of each correction which member asked for it; one query, none without corrections."""
    codes = {note["source"].split(":")[1] for note in notes}
    members = dict(Member.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    for note in notes:
        code = note["source"].split(":")[1]
        note["asked_by"] = members.get(code, code)


def _say_choices(entry: Data, rule: Data | None) -> None:
    """Each line of a roll-call with its choice in words, and the lines by choice."""
    for line in entry["roll_call"]:
        line["words"] = rule_words.choice_in_words(rule, line["choice"])
        line["who"] = line["name"] or line["person_name"] or line["voter"]
    order: dict[str, list[Data]] = {choice: [] for choice in CHOICES} if _plain_choice(rule) else {}
    for line in entry["roll_call"]:
        order.setdefault(line["choice"], []).append(line)
    entry["by_choice"] = [
        {"choice": lines[0]["words"], "lines": lines, "votes": sum(line["votes"] for line in lines)}
        for lines in order.values()
        if lines
    ]


def _plain_choice(rule: Data | None) -> bool:
    return rule is None or vote_rule.ballot_of(rule)["kind"] == "for_against_abstain"


# --- names ---------------------------------------------------------------------------------------------------
def names_of(plain: Data) -> dict[str, str]:
    """The people in a document by id, and visitors without an account by their speech ("speech:12"); two queries."""
    people = set(_people(plain))
    speeches = [e["id"] for e in all_entries(plain) if e["type"] == "speech" and not e["person"]]
    names = {str(pk): name for pk, name in Person.objects.filter(pk__in=people).values_list("pk", "name")}
    visitors = Speech.objects.filter(pk__in=speeches).exclude(name="")
    return names | {f"speech:{pk}": name for pk, name in visitors.values_list("pk", "name")}


def _people(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        if isinstance(value.get("person"), int):
            yield value["person"]
        value = list(value.values())
    for inner in value:
        if isinstance(inner, dict | list):  # most of it is plain, and a document is large
            yield from _people(inner)


def _in_words(value: Any, names: dict[str, str]) -> Any:
    """A copy with moments as moments, words in the reader's language, and a name beside each person."""
    if isinstance(value, list):
        return [_in_words(inner, names) if isinstance(inner, dict | list) else inner for inner in value]
    found: Data = {}
    for key, inner in value.items():
        if isinstance(inner, dict):
            found[key] = in_language(inner) if key.endswith("_words") else _in_words(inner, names)
        elif isinstance(inner, list):
            found[key] = _in_words(inner, names)
        elif isinstance(inner, str) and (key.endswith("_at") or key == "at"):
            found[key] = timezone.localtime(datetime.fromisoformat(inner))
        else:
            found[key] = inner
    if "person" in value:
        by_speech = f"speech:{value['id']}" if value.get("type") == "speech" else ""
        found["person_name"] = names.get(str(value["person"])) or names.get(by_speech, "")
    return found


# --- what was decided ------------------------------------------------------------------------------------------
def decisions(data: Data) -> list[Data]:
    """What a meeting decided and undertook, item by item, from a document as read; items without are left out."""
    found = []
    for item in [*data["items"], {"number": "", "title": "", "entries": data["entries"]}]:
        entries = [entry for entry in item["entries"] if _decides(entry)]
        if entries:
            found.append({"number": item["number"], "title": item["title"], "entries": entries})
    return found


def _decides(entry: Data) -> bool:
    if entry["type"] == "vote":
        return not entry["hidden"] and entry["result"] is not None
    return entry["type"] in ("undertaking", "settlement", "motion") and not entry["hidden"]


def stays_in_words(stays: Iterable[Data]) -> str:
    """From when until when somebody was there: "10:02–12:30, 13:05–"."""
    found = []
    for stay in stays:
        left = f"{stay['left_at']:%H:%M}" if stay["left_at"] else ""
        found.append(f"{stay['arrived_at']:%H:%M}–{left}")
    return ", ".join(found)


def speaker_in_words(entry: Data) -> str:
    """Who spoke: the person where the reader may know the name, and for which member."""
    member = entry["member"]["name"] if entry["member"] else ""
    name = entry["person_name"] or ("" if member else _("A visitor") if entry["kind"] == "visitor" else "")
    return ", ".join(part for part in (name, member) if part) or _("Somebody")
