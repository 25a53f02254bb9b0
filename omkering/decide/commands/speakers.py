"""The speakers' list of a meeting: ask, withdraw, call, end, and change the order. One speaks at a time.

Points of order go first; the others speak in the order in which they asked, unless the chair changes it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from omkering.decide.commands.live_rows import STILL_TO_END, item_of, locked_meeting, refuse_not_going_on
from omkering.decide.live import tell
from omkering.decide.models import AgendaItem, AgendaState, Meeting, Speech, SpeechKind, SpeechState
from omkering.decide.speaking import in_turn, seconds_of
from omkering.decide.speaking_balance import AGAINST, FOR, NEITHER
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import checked
from omkering.who.authority import may, require
from omkering.who.models import Member, Person

LENGTHS = {"name": (0, 120), "subject": (0, 200)}
SHORTEST, LONGEST = 10, 3600  # seconds
SIDES = (FOR, AGAINST, NEITHER)


@transaction.atomic
def ask_to_speak(
    *,
    actor: Person,
    meeting: Meeting,
    member: Member | None = None,
    agenda_item: AgendaItem | None = None,
    kind: str = SpeechKind.SPEAK,
    side: str = NEITHER,
    subject: str = "",
    name: str = "",
    seconds: int | None = None,
) -> Speech:
    """Ask to speak on an item, or without one at the meeting as a whole.

    A delegate asks for its member, the holder of a seat for itself. Who runs the meeting may put down anybody: a
    member, or with `kind` visitor somebody by `name`. Who waits already is not put down twice.
    ValidationError by field.
    """
    own = kind != SpeechKind.VISITOR and may(actor, "decide.speak", (meeting, member))
    if not own:
        require(actor, "decide.run_meeting", meeting)
    row = locked_meeting(meeting)
    item = item_of(row, agenda_item)
    texts = _texts({"name": name, "subject": subject})
    _check_kind(kind, side, member, texts["name"], own=own)
    _check_time(row, item)
    limit = row.speaking_seconds if seconds is None or own else _limit(seconds)
    person = actor if own else None
    waiting = Speech.objects.filter(
        meeting=row, agenda_item=item, member=member, kind=kind, state=SpeechState.WAITING, name=texts["name"]
    )
    if (same := waiting.filter(person=person).first()) is not None:
        return same
    last = Speech.objects.filter(meeting=row, agenda_item=item).aggregate(last=Max("order"))["last"] or 0
    made = Speech.objects.create(
        meeting=row,
        agenda_item=item,
        kind=kind,
        person=person,
        member=member,
        name=texts["name"],
        side=side,
        subject=texts["subject"],
        order=last + 1,
        seconds=limit,
        asked_at=clock.database_now(),
    )
    _record("speech.asked", made, actor, kind=kind, by_chair=not own)
    return made


@transaction.atomic
def withdraw_speech(*, actor: Person, speech: Speech) -> Speech:
    """Take a request back: by who asked, by those who speak for its member, or by who runs the meeting."""
    if speech.person_id != actor.pk and not (
        speech.member and may(actor, "decide.speak", (speech.meeting, speech.member))
    ):
        require(actor, "decide.run_meeting", speech.meeting)
    row = _locked(speech)
    if row.state == SpeechState.WITHDRAWN:
        return row
    if row.state != SpeechState.WAITING:
        raise ValidationError(_("This speech has begun, so the request cannot be withdrawn."))
    row.state, row.ended_at = SpeechState.WITHDRAWN, clock.database_now()
    row.save(update_fields=["state", "ended_at"])
    _record("speech.withdrawn", row, actor)
    return row


@transaction.atomic
def call_speaker(*, actor: Person, speech: Speech) -> Speech:
    """Give somebody the floor; who was speaking has spoken. The one who speaks already goes on speaking."""
    require(actor, "decide.run_meeting", speech.meeting)
    row = _locked(speech)
    refuse_not_going_on(row.meeting)
    if row.state == SpeechState.SPEAKING:
        return row
    if row.state != SpeechState.WAITING:
        raise ValidationError(_("This request to speak is not waiting any more."))
    now = clock.database_now()
    ended = end_running(row.meeting, now)
    row.state, row.started_at = SpeechState.SPEAKING, now
    row.save(update_fields=["state", "started_at"])
    _record("speech.called", row, actor, ended=ended)
    return row


@transaction.atomic
def end_speech(*, actor: Person, speech: Speech) -> Speech:
    """Somebody has spoken. Twice is once."""
    require(actor, "decide.run_meeting", speech.meeting)
    row = _locked(speech)
    if row.state == SpeechState.DONE:
        return row
    if row.state != SpeechState.SPEAKING:
        raise ValidationError(_("This person is not speaking."))
    end_running(row.meeting, clock.database_now())
    row.refresh_from_db()
    _record("speech.ended", row, actor, seconds=seconds_of(row))
    return row


@transaction.atomic
def move_speaker(*, actor: Person, speech: Speech, place: int) -> Speech:
    """Give somebody who waits another place (from 1) among those who wait on the item; points of order stay first."""
    require(actor, "decide.run_meeting", speech.meeting)
    row = _locked(speech)
    if row.state != SpeechState.WAITING:
        raise ValidationError(_("This request to speak is not waiting any more."))
    others = [
        each for each in queue(row.meeting, row.agenda_item_id) if _alike(each, row) and each.pk != row.pk
    ]
    order = [*others[: max(0, place - 1)], row, *others[max(0, place - 1) :]]
    numbers = sorted(each.order for each in order)
    if len(set(numbers)) < len(numbers):
        numbers = list(range(1, len(order) + 1))
    if [each.order for each in order] == numbers:
        return row
    for each, number in zip(order, numbers, strict=True):
        each.order = number
    Speech.objects.bulk_update(order, ["order"])
    _record("speech.moved", row, actor, place=order.index(row) + 1)
    return row


# --- what others use -------------------------------------------------------------------------------------
def queue(meeting: Meeting, agenda_item: int | None) -> list[Speech]:
    """Those who wait on an item, in the order in which they speak; one query."""
    waiting = Speech.objects.filter(meeting=meeting, agenda_item=agenda_item, state=SpeechState.WAITING)
    return sorted(waiting.select_related("member", "person"), key=in_turn)


def end_running(meeting: Meeting, now: datetime) -> int | None:
    """End the speech that goes on, inside the caller's transaction, without an event of its own; its key."""
    running = Speech.objects.filter(meeting=meeting, state=SpeechState.SPEAKING).first()
    if running is None:
        return None
    running.state, running.ended_at = SpeechState.DONE, now
    running.save(update_fields=["state", "ended_at"])
    return running.pk


# --- checks ----------------------------------------------------------------------------------------------
def _texts(given: Mapping[str, str]) -> dict[str, str]:
    texts = checked(given, LENGTHS, one_line=("name", "subject"))
    check_personal_data({"subject": texts["subject"]})
    return texts


def _check_kind(kind: str, side: str, member: Member | None, name: str, *, own: bool) -> None:
    if kind not in SpeechKind.values:
        raise ValidationError({"kind": _("Choose how somebody speaks.")})
    if side not in SIDES:
        raise ValidationError({"side": _("Choose for, against or neither.")})
    if kind == SpeechKind.VISITOR and not name:
        raise ValidationError({"name": _("Fill in the name of the visitor.")})
    if kind != SpeechKind.VISITOR and member is None and not own:
        raise ValidationError({"member": _("Choose the member that asks to speak.")})


def _check_time(meeting: Meeting, item: AgendaItem | None) -> None:
    if meeting.state not in STILL_TO_END:
        raise ValidationError(
            _("Requests to speak can be made once the agenda is out, until the meeting is closed.")
        )
    if item is not None and item.state in (AgendaState.DONE, AgendaState.DROPPED):
        raise ValidationError({"agenda_item": _("This item is done. Ask to speak on another one.")})


def _limit(seconds: int) -> int:
    if not SHORTEST <= seconds <= LONGEST:
        raise ValidationError({"seconds": _("Choose a speaking time between 10 seconds and an hour.")})
    return seconds


def _alike(one: Speech, other: Speech) -> bool:
    return (one.kind == SpeechKind.ORDER) == (other.kind == SpeechKind.ORDER)


def _locked(speech: Speech) -> Speech:
    """The speech as it stands, with its meeting locked: one place for all changes of its list."""
    meeting = locked_meeting(speech.meeting)
    row = Speech.objects.select_related("member").get(pk=speech.pk)
    row.meeting = meeting
    return row


def _record(verb: str, speech: Speech, actor: Person, **data: Any) -> None:
    record(
        verb=verb,
        subject=f"speech:{speech.pk}",
        actor=actor.pk,
        on_behalf_of=f"member:{speech.member.code}" if speech.member else "",
        data={"meeting": speech.meeting_id, "agenda_item": speech.agenda_item_id, **data},
    )
    tell(speech.meeting_id, "speakers", speech=speech.pk)
