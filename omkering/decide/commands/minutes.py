"""The minutes of a meeting: notes beside what wrote itself, laid before a later meeting and adopted there."""

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from omkering.decide import live
from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.meeting_rows import locked_meeting, people_called, refuse_old
from omkering.decide.models import (
    AgendaItem,
    AgendaKind,
    AgendaState,
    Interest,
    Meeting,
    MeetingState,
    Minutes,
    MinutesNote,
    MinutesState,
    Motion,
    MotionStep,
    Settlement,
    Speech,
    Undertaking,
    Vote,
)
from omkering.decide.queries.minutes import document
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread import texts
from omkering.thread.commands import announce, link
from omkering.thread.models import LinkKind
from omkering.thread.privacy import check_personal_data
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import Member, Person
from omkering.who.owners import BUREAU

LENGTHS = {"text": (1, 20_000), "personal_data_reason": (0, 500)}
# What a note can stand beside: the kind of entry → its rows in a meeting.
SOURCES: dict[str, Any] = {
    "vote": lambda pk, meeting: Vote.objects.filter(pk=pk, meeting=meeting),
    "speech": lambda pk, meeting: Speech.objects.filter(pk=pk, meeting=meeting),
    "motion": lambda pk, meeting: Motion.objects.filter(pk=pk, meeting=meeting),
    "admission": lambda pk, meeting: MotionStep.objects.filter(pk=pk, motion__meeting=meeting),
    "undertaking": lambda pk, meeting: Undertaking.objects.filter(pk=pk, meeting=meeting),
    "interest": lambda pk, meeting: Interest.objects.filter(pk=pk, agenda_item__meeting=meeting),
    "settlement": lambda pk, meeting: Settlement.objects.filter(pk=pk, decided_in=meeting),
}


# --- notes ---------------------------------------------------------------------------------------------------
@transaction.atomic
def add_note(
    *,
    actor: Person,
    meeting: Meeting,
    text: str,
    agenda_item: AgendaItem | None = None,
    source: str = "",
    personal_data_reason: str = "",
) -> MinutesNote:
    """Write a note in the minutes: at an item of the agenda, or beside one thing that wrote itself (`source`).

    `source` is as in "vote:88". The same note at the same place again is the same note; another one beside the same
    thing is refused with the code "changed".
    """
    require(actor, "decide.write_minutes", meeting)
    text = _checked(text, personal_data_reason)
    minutes = _minutes(meeting, actor)
    _refuse_adopted(minutes)
    agenda_item = _place(minutes.meeting, agenda_item, source)
    return _add(minutes, actor, text, agenda_item, source)


def _add(
    minutes: Minutes, actor: Person, text: str, agenda_item: AgendaItem | None, source: str
) -> MinutesNote:
    live_notes = minutes.notes.filter(removed_at__isnull=True)
    same = live_notes.filter(agenda_item=agenda_item, source=source, text=text).first()
    if same is not None:
        return same
    if source and live_notes.filter(source=source).exists():
        raise ValidationError(
            _("There is a note here already. Change that one, so that nothing is lost."), code="changed"
        )
    last = live_notes.aggregate(last=Max("order"))["last"] or 0
    note = MinutesNote.objects.create(
        minutes=minutes,
        agenda_item=agenda_item,
        source=source,
        text=text,
        order=last + 1,
        person=actor,
    )
    _record("minutes.note_added", minutes, actor, {"note": note.pk})
    return note


@transaction.atomic
def change_note(
    *, actor: Person, note: MinutesNote, text: str, version: int, personal_data_reason: str = ""
) -> MinutesNote:
    """Change the text of a note; `version` is the one that was looked at."""
    require(actor, "decide.write_minutes", note.minutes.meeting)
    text = _checked(text, personal_data_reason)
    minutes = _minutes(note.minutes.meeting, actor)
    _refuse_adopted(minutes)
    row = _note_of(minutes, note)
    if row.text == text:
        return row
    refuse_old(row.version, version)
    row.text, row.person, row.changed_at = text, actor, timezone.now()
    row.version += 1
    row.save(update_fields=["text", "person", "changed_at", "version"])
    _record("minutes.note_changed", minutes, actor, {"note": row.pk})
    return row


@transaction.atomic
def remove_note(*, actor: Person, note: MinutesNote, version: int) -> MinutesNote:
    """Take a note out of the minutes; it stays in the history."""
    require(actor, "decide.write_minutes", note.minutes.meeting)
    minutes = _minutes(note.minutes.meeting, actor)
    _refuse_adopted(minutes)
    row = _note_of(minutes, note, removed=True)
    if row.removed_at is not None:
        return row
    refuse_old(row.version, version)
    row.removed_at, row.person = timezone.now(), actor
    row.version += 1
    row.save(update_fields=["removed_at", "person", "version"])
    _record("minutes.note_removed", minutes, actor, {"note": row.pk})
    return row


@transaction.atomic
def record_correction(
    *,
    actor: Person,
    meeting: Meeting,
    member: Member,
    text: str,
    agenda_item: AgendaItem | None = None,
    personal_data_reason: str = "",
) -> MinutesNote:
    """Write down a correction that a member asks for: after the minutes were laid before the body, before adoption."""
    require(actor, "decide.write_minutes", meeting)
    text = _checked(text, personal_data_reason)
    minutes = _minutes(meeting, actor)
    if minutes.state != MinutesState.PROPOSED:
        raise ValidationError(
            _(
                "Corrections are asked for once the minutes are laid before the body, and until they are adopted."
            )
        )
    agenda_item = _place(minutes.meeting, agenda_item, "")
    return _add(
        minutes, actor, text, agenda_item, f"correction:{member.code}:{agenda_item.pk if agenda_item else 0}"
    )


# --- laid before the body, and adopted ---------------------------------------------------------------------------
@transaction.atomic
def propose_minutes(*, actor: Person, meeting: Meeting, to: Meeting) -> AgendaItem:
    """Lay the minutes of a meeting that is over before a later one of the same body, as an item on its agenda."""
    require(actor, "decide.write_minutes", meeting)
    minutes = _minutes(meeting, actor)
    _refuse_adopted(minutes)
    if minutes.meeting.state != MeetingState.CLOSED:
        raise ValidationError(_("Close the meeting first: its minutes are still being written."))
    if to.owner_body_id != minutes.meeting.owner_body_id or to.starts_at <= minutes.meeting.starts_at:
        raise ValidationError({"to": _("Choose a later meeting of the same body.")})
    item = add_agenda_item(actor=actor, meeting=to, kind=AgendaKind.MINUTES, about=minutes, minutes=5)
    if minutes.state == MinutesState.PROPOSED:
        return item
    _set_state(minutes, MinutesState.PROPOSED)
    _record("minutes.proposed", minutes, actor, {"to": to.pk})
    announce(
        item=minutes,
        milestone="minutes.proposed",
        actor=actor,
        data={"day": timezone.localdate(to.starts_at).isoformat()},
        audience=people_called(minutes.meeting),
    )
    return item


@transaction.atomic
def adopt_minutes(*, actor: Person, meeting: Meeting, minutes: Minutes) -> Minutes:
    """Adopt minutes in the meeting that they were laid before: from now on they are as they are.

    Doing it twice is doing it once.
    """
    require(actor, "decide.adopt_minutes", meeting)
    return adopt(minutes, meeting, actor)


def adopt(minutes: Minutes, meeting: Meeting, actor: Person | None) -> Minutes:
    """The adoption itself, also by a vote; inside the transaction of the caller."""
    about = locked_meeting(minutes.meeting_id)
    row = Minutes.objects.select_for_update(no_key=True, of=("self", "item_ptr")).get(pk=minutes.pk)
    row.meeting = about
    if row.state == MinutesState.ADOPTED:
        return row
    items = AgendaItem.objects.filter(meeting=meeting, about=row)
    if row.state != MinutesState.PROPOSED or not items.exclude(state=AgendaState.DROPPED).exists():
        raise ValidationError(_("Lay these minutes before the meeting first."))
    if meeting.state not in (MeetingState.OPEN, MeetingState.SUSPENDED):
        raise ValidationError(_("Minutes are adopted while the meeting goes on."))
    row.adopted_in, row.adopted_at = meeting, clock.database_now()
    frozen = document(about)
    frozen["minutes"] = {"id": row.pk, "state": str(MinutesState.ADOPTED)}
    row.frozen = frozen
    row.answered_at = row.adopted_at
    _set_state(row, MinutesState.ADOPTED, "adopted_in", "adopted_at", "frozen", "answered_at")
    spelled = json.dumps(frozen, sort_keys=True, separators=(",", ":")).encode()
    _record(
        "minutes.adopted",
        row,
        actor,
        {"in": meeting.pk, "sha256": hashlib.sha256(spelled).hexdigest()},
    )
    live.tell(meeting, "minutes", minutes=row.pk)
    announce(item=row, milestone="minutes.adopted", actor=actor, audience=people_called(about))
    return row


# --- what the commands share -------------------------------------------------------------------------------------
def _minutes(meeting: Meeting, actor: Person) -> Minutes:
    """The minutes of a meeting, locked with it; made when somebody first writes in them."""
    row = locked_meeting(meeting)
    if row.state == MeetingState.CANCELLED:
        raise ValidationError(_("This meeting does not go on."))
    if row.opened_at is None:
        raise ValidationError(_("The minutes begin when the meeting is opened."))
    rows = Minutes.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
    minutes = rows.defer("search", "frozen").filter(meeting=row).first()
    if minutes is None:
        with override(association().languages[0]):
            title = _("Minutes: %(title)s") % {"title": row.title}
        minutes = Minutes.objects.create(
            kind="minutes",
            state=MinutesState.DRAFT,
            title=title[:200],
            meeting=row,
            visibility=row.visibility,
            audience_id=row.audience_id,
            language=association().languages[0],
            owner_body_id=row.owner_body_id,
            author=actor,
            example=row.example,
        )
        link(upstream=row, downstream=minutes, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    minutes.meeting = row
    return minutes


def _note_of(minutes: Minutes, note: MinutesNote, *, removed: bool = False) -> MinutesNote:
    row = MinutesNote.objects.select_for_update(no_key=True).get(pk=note.pk, minutes=minutes)
    if row.removed_at is not None and not removed:
        raise ValidationError(_("This note was taken out meanwhile. Add a new one."), code="changed")
    return row


def _place(meeting: Meeting, agenda_item: AgendaItem | None, source: str) -> AgendaItem | None:
    """The item under which a note stands; ValidationError for a place that is not in this meeting."""
    if agenda_item is not None and agenda_item.meeting_id != meeting.pk:
        raise ValidationError({"agenda_item": _("This item is not on the agenda of this meeting.")})
    if source:
        kind, _colon, number = source.partition(":")
        rows = SOURCES[kind](int(number), meeting) if kind in SOURCES and number.isdecimal() else None
        if len(source) > 40 or rows is None or not rows.exists():
            raise ValidationError(
                {"source": _("This did not happen in this meeting. Look at the minutes again.")}
            )
    return agenda_item


def _checked(text: str, reason: str) -> str:
    tidied = texts.checked({"text": text, "personal_data_reason": reason}, LENGTHS)
    check_personal_data({"text": tidied["text"]}, tidied["personal_data_reason"])
    return tidied["text"]


def _refuse_adopted(minutes: Minutes) -> None:
    if minutes.state == MinutesState.ADOPTED:
        raise ValidationError(_("These minutes are adopted. They stay as they are."))


def _set_state(minutes: Minutes, state: MinutesState, *also: str) -> None:
    minutes.state, minutes.changed_at = state, timezone.now()
    fields: list[Any] = ["state", "changed_at", *also]
    minutes.save(update_fields=fields)


def _record(verb: str, minutes: Minutes, actor: Person | None, data: dict[str, Any]) -> None:
    """The event of a change, told to the clients of the meeting too."""
    record(
        verb=verb,
        subject=minutes.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=BUREAU,
        data={"meeting": minutes.meeting_id, **data},
    )
    live.tell(minutes.meeting_id, "minutes", minutes=minutes.pk)
