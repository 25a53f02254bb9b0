"""The minutes of a meeting, read from what happened: the page, the Word document, the PDF and the tables show this.

A document is plain data, so that it can be kept as it was adopted. It holds ids of people and never their names: those
are looked up when it is read (`minutes_reading`), for who may know them and as long as they are there. Moments are
texts (ISO 8601, keys that end in `_at`); words are given in each language of the association (keys that end in
`_words`). Things that happened are entries with a `source` ("vote:88"); a note of the minute taker can stand beside
each.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from omkering.decide.models import (
    AgendaItem,
    AgendaKind,
    AgendaState,
    Attendance,
    Delegate,
    Interest,
    Meeting,
    MeetingForm,
    Minutes,
    MinutesNote,
    Presence,
    Proxy,
    Settlement,
    SettlementState,
    Speech,
    SpeechKind,
    SpeechState,
    Undertaking,
    UndertakingState,
)
from omkering.decide.queries.meetings import numbered
from omkering.decide.queries.minutes_kinds import kinds_there
from omkering.decide.queries.minutes_votes import admission_entries, motion_entries, vote_entries
from omkering.decide.queries.minutes_words import Languages, Moment, label, moment
from omkering.journal.models import Event
from omkering.who.models import Member

Data = dict[str, Any]
FORMAT = 1
COURSE = ("opened", "suspended", "resumed", "closed")  # events of a meeting that its minutes tell of
NOT_DECIDED = frozenset({"speech", "interest", "proxy", "delegate"})  # what a list of decisions leaves out
# What is read of a speech and its member, and of an item on the agenda and what it is about.
OF_A_SPEECH = (
    *("agenda_item_id", "kind", "person_id", "side", "subject", "started_at", "ended_at"),
    *("member__code", "member__name"),
)
OF_AN_ITEM = (
    *("pk", "title", "text", "kind", "state", "parent_id", "minutes", "added_late", "begun_at", "ended_at"),
    *("about_id", "about__kind", "about__title"),
)


def document(meeting: Meeting) -> Data:
    """The whole as it is kept once it is adopted; a fixed number of queries."""
    return written(meeting, Minutes.objects.filter(meeting=meeting).only("state").first())


def written(
    meeting: Meeting,
    kept: Minutes | None,
    *,
    roll_calls: bool = True,
    decided: bool = False,
    languages: Languages | None = None,
) -> Data:
    """The minutes of a meeting as they write themselves, with the notes of the minute taker; a fixed number of queries,
    and none for what there is not.

    Without `roll_calls` who voted what is left out (two queries less). Secret votes never have one. The result of a
    vote is there once it was announced. `decided` leaves out who was there and who spoke: what was decided alone.
    `kept` are the minutes that were begun, if any. What a vote came to is told in `languages`, without them in each
    language of the association.
    """
    there = kinds_there(meeting) - (NOT_DECIDED if decided else frozenset())
    votes = vote_entries(meeting, there, roll_calls=roll_calls, languages=languages)
    items = _agenda(meeting)
    entries = [
        *votes,
        *(motion_entries(meeting, {vote["about"]["id"] for vote in votes}) if "motion" in there else ()),
        *(admission_entries(meeting) if "admission" in there else ()),
        *(_speeches(meeting) if "speech" in there else ()),
        *(_interests(meeting) if "interest" in there else ()),
        *(_undertakings(meeting) if "undertaking" in there else ()),
        *(_settlements(meeting, items) if "settlement" in there else ()),
    ]
    course = _course(meeting)
    notes = _notes(kept)
    _place(items, entries, notes)
    placed = {item["id"] for item in items}
    return {
        "format": FORMAT,
        "meeting": _meeting(meeting),
        "minutes": {"id": kept.pk, "state": kept.state} if kept else None,
        "course": course,
        "attendance": [] if decided else _attendance(meeting),
        "proxies": _proxies(meeting) if "proxy" in there else [],
        "delegates": _delegates(meeting) if "delegate" in there else [],
        "items": items,
        "entries": _in_order(entry for entry in entries if entry["agenda_item"] not in placed),
        "notes": [note for note in notes if not note["used"] and note["agenda_item"] not in placed],
    }


def _meeting(meeting: Meeting) -> Data:
    body = meeting.owner_body
    return {
        "id": meeting.pk,
        "title": meeting.title,
        "body": {"key": body.key, "kind": body.kind, "name_words": dict(body.names)} if body else None,
        "form": meeting.form,
        "form_words": label(MeetingForm(meeting.form)),
        "extra": meeting.extra,
        "place": meeting.place,
        "state": meeting.state,
        "reference_date": meeting.reference_date.isoformat(),
        "starts_at": moment(meeting.starts_at),
        "ends_at": moment(meeting.ends_at),
        "opened_at": moment(meeting.opened_at),
        "closed_at": moment(meeting.closed_at),
    }


def _course(meeting: Meeting) -> list[Data]:
    """When the meeting was opened, suspended, resumed and closed, from the log."""
    rows = Event.objects.filter(
        subject=meeting.subject, verb__in=[f"meeting.{what}" for what in COURSE]
    ).order_by("pk")
    return [{"what": verb.partition(".")[2], "at": moment(at)} for verb, at in rows.values_list("verb", "at")]


def _named(member: str) -> tuple[str, str]:
    """What is read of a member that a row points to."""
    return f"{member}__code", f"{member}__name"


# --- who was there -------------------------------------------------------------------------------------------
def member_data(member: Member | None) -> Data | None:
    """A member as a document names it."""
    return {"code": member.code, "name": member.name} if member else None


def _attendance(meeting: Meeting) -> list[Data]:
    """Each member (or in a body of people each person) with its stays, in the order of names."""
    rows = Attendance.objects.filter(meeting=meeting).order_by("member__sort_key", "person_id", "arrived_at")
    times = (Moment("arrived_at"), Moment("left_at"))
    fields = ("member_id", "person_id", "presence", *times, "member__code", "member__name")
    found: dict[tuple[int | None, int | None], Data] = {}
    ways = {presence.value: label(presence) for presence in Presence}
    for member, person, presence, arrived, left, code, name in rows.values_list(*fields):
        who = {"code": code, "name": name} if member else None
        line = found.setdefault((member, None if member else person), {"member": who, "stays": []})
        line["stays"].append(
            {
                "person": person,
                "presence": presence,
                "presence_words": ways[presence],
                "arrived_at": arrived,
                "left_at": left,
            }
        )
    return list(found.values())


def _proxies(meeting: Meeting) -> list[Data]:
    rows = Proxy.objects.filter(meeting=meeting).select_related("giver", "holder")
    rows = rows.only("given_at", "ended_at", "end_reason", *_named("giver"), *_named("holder"))
    return [
        {
            "giver": member_data(row.giver),
            "holder": member_data(row.holder),
            "given_at": moment(row.given_at),
            "ended_at": moment(row.ended_at),
            "end_reason": row.end_reason,
        }
        for row in rows.order_by("giver__sort_key", "given_at")
    ]


def _delegates(meeting: Meeting) -> list[Data]:
    rows = Delegate.objects.filter(meeting=meeting, ended_at__isnull=True).select_related("member")
    rows = rows.only("person_id", "votes", *_named("member"))
    return [
        {"member": member_data(row.member), "person": row.person_id, "votes": row.votes}
        for row in rows.order_by("member__sort_key", "pk")
    ]


# --- the agenda ----------------------------------------------------------------------------------------------
def _agenda(meeting: Meeting) -> list[Data]:
    """The items in their order, each with its number; what was taken off the agenda later has one too."""
    rows = AgendaItem.objects.filter(meeting=meeting).order_by("position")
    plain: list[Any] = list(rows.values_list(*OF_AN_ITEM, named=True))
    found = []
    for line in numbered(meeting, plain):
        row: Any = line.item
        found.append(
            {
                "id": row.pk,
                "number": line.number,
                "part_of": row.parent_id,
                "title": row.title,
                "text": row.text,
                "kind": row.kind,
                "kind_words": label(AgendaKind(row.kind)),
                "state": row.state,
                "state_words": label(AgendaState(row.state)),
                "added_late": row.added_late,
                "about": {"id": row.about_id, "kind": row.about__kind, "title": row.about__title}
                if row.about_id
                else None,
                "begun_at": moment(row.begun_at),
                "ended_at": moment(row.ended_at),
                "entries": [],
                "notes": [],
            }
        )
    return found


def _place(items: list[Data], entries: list[Data], notes: list[Data]) -> None:
    """Put each entry under its item and each note beside its entry, or else under its item."""
    by_source = {note["source"]: note for note in notes if note["source"]}
    for entry in entries:
        note = by_source.get(entry["source"])
        entry["note"] = note
        if note:
            note["used"] = True
    by_item: dict[int | None, list[Data]] = {}
    for entry in entries:
        by_item.setdefault(entry["agenda_item"], []).append(entry)
    for item in items:
        item["entries"] = _in_order(by_item.get(item["id"], ()))
        item["notes"] = [note for note in notes if not note["used"] and note["agenda_item"] == item["id"]]


def _in_order(entries: Iterable[Data]) -> list[Data]:
    return sorted(entries, key=lambda entry: (entry["at"] or "", entry["source"]))


# --- what happened -------------------------------------------------------------------------------------------
def entry_of(kind: str, pk: int, agenda_item: int | None, at: datetime | None) -> Data:
    """The part that all entries share."""
    return {
        "type": kind,
        "source": f"{kind}:{pk}",
        "id": pk,
        "agenda_item": agenda_item,
        "at": moment(at),
    }


def _speeches(meeting: Meeting) -> list[Data]:
    """Who spoke: of a visitor without an account the name is looked up by the speech."""
    rows = Speech.objects.filter(meeting=meeting, state__in=[SpeechState.DONE, SpeechState.SPEAKING])
    return [
        {
            **entry_of("speech", row.pk, row.agenda_item_id, row.started_at),
            "kind": row.kind,
            "kind_words": label(SpeechKind(row.kind)),
            "person": row.person_id,
            "member": member_data(row.member),
            "side": row.side,
            "subject": row.subject,
            "ended_at": moment(row.ended_at),
        }
        for row in rows.select_related("member").only(*OF_A_SPEECH).order_by("started_at", "pk")
    ]


def _interests(meeting: Meeting) -> list[Data]:
    rows = Interest.objects.filter(agenda_item__meeting=meeting, withdrawn_at__isnull=True)
    rows = rows.select_related("member").only(
        "agenda_item_id", "declared_at", "person_id", "text", *_named("member")
    )
    return [
        {
            **entry_of("interest", row.pk, row.agenda_item_id, row.declared_at),
            "person": row.person_id,
            "member": member_data(row.member),
            "text": row.text,
        }
        for row in rows.order_by("pk")
    ]


def _undertakings(meeting: Meeting) -> list[Data]:
    rows = Undertaking.objects.filter(meeting=meeting).exclude(state=UndertakingState.WITHDRAWN)
    rows = rows.select_related("owner_body", "asked_by").only(
        *("agenda_item_id", "created_at", "title", "text", "due_at", "owner_body__names", *_named("asked_by"))
    )
    return [
        {
            **entry_of("undertaking", row.pk, row.agenda_item_id, row.created_at),
            "title": row.title,
            "text": row.text,
            "by_words": dict(row.owner_body.names) if row.owner_body else None,
            "asked_by": member_data(row.asked_by),
            "due_at": moment(row.due_at),
            "item": row.pk,
        }
        for row in rows.order_by("pk")
    ]


def _settlements(meeting: Meeting, items: list[Data]) -> list[Data]:
    """What was settled here of earlier motions and undertakings; it stands at the item that gives account of them."""
    rows = Settlement.objects.filter(decided_in=meeting).select_related("about")
    rows = rows.only("decided_at", "account", "state", "about__title")
    at = next((item["id"] for item in items if item["kind"] == AgendaKind.SETTLING), None)
    return [
        {
            **entry_of("settlement", row.pk, at, row.decided_at),
            "title": row.about.title,
            "text": row.account,
            "state": row.state,
            "state_words": label(SettlementState(row.state)),
            "item": row.about_id,
        }
        for row in rows.order_by("pk")
    ]


def _notes(kept: Minutes | None) -> list[Data]:
    """The notes of the minute taker, in order."""
    rows = (
        MinutesNote.objects.filter(minutes=kept, removed_at__isnull=True)
        if kept
        else MinutesNote.objects.none()
    )
    return [
        {
            "id": row.pk,
            "agenda_item": row.agenda_item_id,
            "source": row.source,
            "text": row.text,
            "version": row.version,
            "used": False,
        }
        for row in rows.order_by("order", "pk")
    ]
