"""A document of minutes as one reader may know it: in their language, with names, without what is not for them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from omkering.decide import vote_rule
from omkering.decide import words as rule_words
from omkering.decide.models import AgendaItem, AgendaState, Meeting, Minutes, MinutesState, Speech, Vote
from omkering.decide.queries.minutes import written
from omkering.decide.queries.minutes_words import languages_of_reader
from omkering.thread.models import Item
from omkering.who.models import Member, Person
from omkering.who.standing import standing_of

Data = dict[str, Any]
HIDDEN = ("text", "title", "options", "roll_call", "result", "outcome_words", "needed_of_words", "note")
NOTES_FOR_ALL = (MinutesState.PROPOSED, MinutesState.ADOPTED)
OF_MINUTES = ("state", "meeting_id", "adopted_at", "frozen", "version", "adopted_in__title")
CHOICES = ("for", "against", "abstain", "absent")


def minutes_of(meeting: Meeting) -> Minutes | None:
    """The minutes that were kept of a meeting, with what was adopted; one query."""
    rows = Minutes.objects.filter(meeting=meeting).select_related("adopted_in")
    return rows.only(*OF_MINUTES).first()


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
    return read_kept(meeting, minutes_of(meeting), reader, roll_calls=roll_calls, decided=decided)


def read_kept(
    meeting: Meeting, kept: Minutes | None, reader: Any, *, roll_calls: bool = True, decided: bool = False
) -> Data:
    """The same where the minutes of the meeting are at hand."""
    if kept and kept.frozen:
        plain = kept.frozen
    else:
        own = languages_of_reader()
        plain = written(meeting, kept, roll_calls=roll_calls, decided=decided, languages=own)
    return for_reader(plain, reader, notes=kept is not None and kept.state in NOTES_FOR_ALL)


def for_reader(plain: Data, reader: Any, *, notes: bool = True) -> Data:
    """A plain document as this reader may know it; at most five queries."""
    standing = standing_of(reader)
    wanted = {entry["item"] for entry in all_entries(plain) if "item" in entry}
    wanted |= {item["about"]["id"] for item in plain["items"] if item["about"]}
    rows = Item.objects.visible_to(standing, getattr(reader, "pk", None)).filter(pk__among=frozenset(wanted))
    visible = set(rows.values_list("pk", flat=True))
    called = frozenset(entry["id"] for entry in all_entries(plain) if entry.get("roll_call"))
    rules = dict(Vote.objects.filter(pk__among=called).values_list("pk", "rule")) if called else {}
    copy = _Copy()
    found = copy.of(plain)
    _name_people(copy.people, known=standing.is_insider)
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
def _name_people(places: list[Data], *, known: bool) -> None:
    """Put a name beside each person, and beside a visitor without an account by the speech; "" for who may not know
    them. At most two queries.
    """
    names: dict[int | None, str] = {}
    visitors: dict[int, str] = {}
    if known and (people := frozenset(place["person"] for place in places if place["person"])):
        names = dict(Person.objects.filter(pk__among=people).values_list("pk", "name"))
    unknown = frozenset(
        place["id"] for place in places if not place["person"] and place.get("type") == "speech"
    )
    if known and unknown:
        visitors = dict(Speech.objects.filter(pk__among=unknown).values_list("pk", "name"))
    for place in places:
        by_speech = visitors.get(place["id"], "") if place.get("type") == "speech" else ""
        place["person_name"] = names.get(place["person"]) or by_speech


class _Copy:
    """A copy of a document with moments as moments and words in the reader's language; `people` are the places in it
    that tell of a person. A document holds some two thousand of these parts, so what is the same for all is asked once.
    """

    def __init__(self) -> None:
        self.people: list[Data] = []
        self.zone = timezone.get_current_timezone()
        self.language = (get_language() or "").split("-")[0]

    def of(self, part: Data) -> Data:
        """The copy of a part. Its values are plain, as JSON knows them, so their exact types tell them apart."""
        found: Data = {}
        for key, value in part.items():
            kind = type(value)
            if kind is str:
                at = key[-3:] == "_at" or key == "at"
                found[key] = datetime.fromisoformat(value).astimezone(self.zone) if at else value
            elif kind is dict:
                found[key] = self._words(value) if key[-6:] == "_words" else self.of(value)
            elif kind is list:
                found[key] = [self.of(inner) if type(inner) is dict else inner for inner in value]
            else:
                found[key] = value
        if "person" in part:
            self.people.append(found)
        return found

    def _words(self, texts: dict[str, str]) -> str:
        """As `who.models.in_language`."""
        return texts.get(self.language) or next(iter(texts.values()), "")


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
        found.append(f"{clock(stay['arrived_at'])}–{clock(stay['left_at'])}")
    return ", ".join(found)


def clock(at: datetime | None) -> str:
    """The time of day of a moment: "10:02"; "" for none. There are hundreds, and strftime takes ten times as long."""
    return f"{at.hour:02}:{at.minute:02}" if at else ""


def speaker_in_words(entry: Data) -> str:
    """Who spoke: the person where the reader may know the name, and for which member."""
    member = entry["member"]["name"] if entry["member"] else ""
    name = entry["person_name"] or ("" if member else _("A visitor") if entry["kind"] == "visitor" else "")
    return ", ".join(part for part in (name, member) if part) or _("Somebody")
