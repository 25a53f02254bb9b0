"""The life of a meeting: planned by the rules of its body, called, held, closed; or called off."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.decide import meeting_rules
from omkering.decide.commands.meeting_endings import end_stays, tell_what_was_dealt_with
from omkering.decide.commands.meeting_rows import (
    BEFORE,
    DURING,
    LENGTHS,
    locked_meeting,
    note,
    people_called,
    refuse_old,
    refuse_over,
    roll_of_meeting,
    save,
)
from omkering.decide.models import (
    AgendaState,
    Meeting,
    MeetingForm,
    MeetingRequest,
    MeetingState,
    RequestState,
    Vote,
    VoteState,
)
from omkering.journal import clock
from omkering.thread import texts
from omkering.thread.commands import announce
from omkering.thread.models import Visibility
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Body, Person

FIELDS = ("title", "form", "starts_at", "ends_at", "place", "link", "reference_date")


# --- planning --------------------------------------------------------------------------------------------
@transaction.atomic
def plan_meeting(
    *,
    actor: Person,
    body: Body,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    form: str = MeetingForm.ON_SITE,
    extra: bool = False,
    place: str = "",
    link: str = "",
    reference_date: date | None = None,
    request: MeetingRequest | None = None,
) -> Meeting:
    """Plan a meeting of a body by its rules of today; the deadlines are counted back from its date.

    `reference_date` (the day of the meeting when not given) says whose members, with how many inhabitants. `request`
    is the request of members that this meeting answers. The same meeting again is the same meeting.
    """
    require(actor, "decide.plan_meeting", body)
    values = _checked(
        title=title,
        form=form,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        link=link,
        reference_date=reference_date,
    )
    if starts_at <= clock.database_now():
        raise ValidationError({"starts_at": _("This moment has passed. Choose a later one.")})
    asked = _locked_request(request, body)
    extra = extra or asked is not None
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    same = Meeting.objects.filter(owner_body=body, extra=extra, **values).exclude(
        state=MeetingState.CANCELLED
    )
    if (there := same.first()) is not None:
        return there
    rules = meeting_rules.snapshot(body, timezone.localdate(), extra=extra)
    made = Meeting(
        kind="meeting",
        state=MeetingState.PLANNED,
        owner_body=body,
        author=actor,
        extra=extra,
        visibility=Visibility.PUBLIC if meeting_rules.of_members(rules) else Visibility.MEMBERS,
        rules=rules,
        deadlines=meeting_rules.moments(rules, starts_at),
        **values,
    )
    if meeting_rules.of_members(rules):
        roll_of_meeting(made)  # said now where it cannot be made
    made.save()
    if asked is not None:
        asked.meeting, asked.state, asked.answered_at = made, RequestState.CALLED, clock.database_now()
        asked.save(update_fields=["meeting", "state", "answered_at"])
        announce(
            item=asked,
            milestone="meeting_request.called",
            actor=actor,
            data={"day": timezone.localdate(starts_at).isoformat()},
            audience=list(
                asked.supports.filter(withdrawn_at__isnull=True).values_list("person_id", flat=True)
            ),
        )
    note("meeting.planned", made, actor, {**_data(made), "request": asked.pk if asked else None})
    return made


@transaction.atomic
def change_meeting(
    *,
    actor: Person,
    meeting: Meeting,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    form: str,
    place: str = "",
    link: str = "",
    reference_date: date | None = None,
    version: int | None = None,
) -> Meeting:
    """Change when, where and how a meeting is; its deadlines follow. Who was called hears of it."""
    require(actor, "decide.plan_meeting", meeting.owner_body)
    values = _checked(
        title=title,
        form=form,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        link=link,
        reference_date=reference_date or meeting.reference_date,
    )
    row = locked_meeting(meeting)
    refuse_over(row)
    fields = [name for name in FIELDS if getattr(row, name) != values[name]]
    if not fields:
        return row
    refuse_old(row.version, version)
    if row.state in DURING and {"starts_at", "form", "reference_date"} & set(fields):
        raise ValidationError(_("The meeting is going on. Only its end, its name and its place can change."))
    if (
        "reference_date" in fields
        and row.delegates.filter(ended_at__isnull=True, votes__isnull=False).exists()
    ):
        raise ValidationError(
            {
                "reference_date": _(
                    "Members have divided their votes by the date as it is. It can no longer change."
                )
            }
        )
    for name in fields:
        setattr(row, name, values[name])
    row.deadlines = meeting_rules.moments(row.rules, row.starts_at)
    if meeting_rules.of_members(row.rules):
        roll_of_meeting(row)
    row.version, row.sequence = row.version + 1, row.sequence + 1
    save(row, *fields, "deadlines", "version", "sequence")
    event = note("meeting.changed", row, actor, {**_data(row), "fields": fields}, about="agenda")
    if row.called_at is not None and {"starts_at", "ends_at", "form", "place"} & set(fields):
        _announce("meeting.changed", row, actor, once=str(event), begins=_moment(row.starts_at))
    return row


@transaction.atomic
def call_meeting(*, actor: Person, meeting: Meeting) -> Meeting:
    """Send the agenda out: everybody who is called hears of it. What is added from now on is late. Twice is once."""
    require(actor, "decide.plan_meeting", meeting.owner_body)
    row = locked_meeting(meeting)
    refuse_over(row)
    if row.called_at is not None:
        return row
    if not row.agenda.exclude(state=AgendaState.DROPPED).exists():
        raise ValidationError(_("The agenda is empty. Put something on it before you send it out."))
    row.called_at, row.state = clock.database_now(), MeetingState.CALLED
    row.sequence += 1
    save(row, "called_at", "state", "sequence")
    deadline = meeting_rules.moment(row.deadlines, "agenda")
    late = deadline is not None and row.called_at > deadline
    note("meeting.called", row, actor, {"items": row.agenda.count(), "late": late}, about="agenda")
    _announce("meeting.called", row, actor, begins=_moment(row.starts_at))
    return row


@transaction.atomic
def cancel_meeting(*, actor: Person, meeting: Meeting, reason: str) -> Meeting:
    """Call a meeting off, with the reason; who was called hears of it. Twice is once.

    A request of members that it answered waits again.
    """
    require(actor, "decide.plan_meeting", meeting.owner_body)
    reason = texts.checked({"reason": reason}, LENGTHS)["reason"]
    check_personal_data({"reason": reason})
    row = locked_meeting(meeting)
    if row.state == MeetingState.CANCELLED:
        return row
    if row.state not in BEFORE:
        raise ValidationError(_("This meeting has begun, so it cannot be called off. Close it instead."))
    if Vote.objects.filter(meeting=row, state=VoteState.OPEN).exists():
        raise ValidationError(_("A vote in this meeting is open. Close it first."))
    row.state, row.cancel_reason, row.version = MeetingState.CANCELLED, reason, row.version + 1
    row.sequence += 1
    save(row, "state", "cancel_reason", "version", "sequence")
    for asked in MeetingRequest.objects.select_for_update(no_key=True, of=("self",)).filter(meeting=row):
        asked.meeting, asked.state, asked.answered_at = None, RequestState.REACHED, None
        asked.save(update_fields=["meeting", "state", "answered_at"])
    note("meeting.cancelled", row, actor, {"called": row.called_at is not None}, about="agenda")
    if row.called_at is not None:
        _announce("meeting.cancelled", row, actor, reason=summary_of(reason))
    return row


# --- while it goes on ------------------------------------------------------------------------------------
@transaction.atomic
def open_meeting(*, actor: Person, meeting: Meeting) -> Meeting:
    """Open a meeting that was called. Twice is once."""
    require(actor, "decide.run_meeting", meeting)
    row = locked_meeting(meeting)
    refuse_over(row)
    if row.state in DURING:
        return row
    if row.called_at is None:
        raise ValidationError(_("Send the agenda out first, so that everybody is called."))
    row.state, row.opened_at = MeetingState.OPEN, clock.database_now()
    save(row, "state", "opened_at")
    note("meeting.opened", row, actor, {}, about="agenda")
    return row


@transaction.atomic
def suspend_meeting(*, actor: Person, meeting: Meeting) -> Meeting:
    """Suspend a meeting for a while. Twice is once."""
    return _pause(actor, meeting, MeetingState.OPEN, MeetingState.SUSPENDED, "meeting.suspended")


@transaction.atomic
def resume_meeting(*, actor: Person, meeting: Meeting) -> Meeting:
    """Go on with a meeting that was suspended. Twice is once."""
    return _pause(actor, meeting, MeetingState.SUSPENDED, MeetingState.OPEN, "meeting.resumed")


def _pause(actor: Person, meeting: Meeting, before: str, after: str, verb: str) -> Meeting:
    require(actor, "decide.run_meeting", meeting)
    row = locked_meeting(meeting)
    if row.state == after:
        return row
    if row.state != before:
        raise ValidationError(_("The meeting is not going on now."))
    row.state = after
    save(row, "state")
    note(verb, row, actor, {}, about="agenda")
    return row


@transaction.atomic
def close_meeting(*, actor: Person, meeting: Meeting) -> Meeting:
    """Close a meeting: everybody has left, and who put in what was dealt with without a vote hears what came of it.

    Not while a vote is open or its result was not announced. Twice is once.
    """
    require(actor, "decide.run_meeting", meeting)
    row = locked_meeting(meeting)
    if row.state == MeetingState.CLOSED:
        return row
    if row.state not in DURING:
        raise ValidationError(_("The meeting is not going on now."))
    votes = Vote.objects.filter(meeting=row)
    if votes.filter(state=VoteState.OPEN).exists():
        raise ValidationError(_("A vote in this meeting is open. Close it first."))
    if votes.filter(state=VoteState.CLOSED, announced_at__isnull=True).exists():
        raise ValidationError(_("The result of a vote was not announced yet. Do that first."))
    now = clock.database_now()
    items = row.agenda.filter(state=AgendaState.NOW)
    for item in items:
        item.state, item.ended_at, item.version = AgendaState.DONE, now, item.version + 1
        item.save(update_fields=["state", "ended_at", "version"])
    left = end_stays(row, now)
    row.state, row.closed_at, row.current, row.on_screen = MeetingState.CLOSED, now, None, {}
    save(row, "state", "closed_at", "current", "on_screen")
    told = tell_what_was_dealt_with(row, actor)
    note("meeting.closed", row, actor, {"left": left, "told_of": told}, about="agenda")
    return row


# --- what they share -------------------------------------------------------------------------------------
def _checked(**values: Any) -> dict[str, Any]:
    values |= texts.checked(
        {"title": values["title"], "place": values["place"]}, LENGTHS, one_line=("title", "place")
    )
    check_personal_data({"title": values["title"], "place": values["place"]})
    values["link"] = values["link"].strip()
    errors: dict[str, str] = {}
    if values["form"] not in MeetingForm.values:
        errors["form"] = _("Choose where members take part.")
    if values["ends_at"] <= values["starts_at"]:
        errors["ends_at"] = _("A meeting must end after it begins.")
    if values["link"]:
        try:
            URLValidator(schemes=["https", "http"])(values["link"])
        except ValidationError:
            errors["link"] = _("This is not a web address. It begins with https://.")
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]
    values["reference_date"] = values["reference_date"] or timezone.localdate(values["starts_at"])
    return values


def _locked_request(request: MeetingRequest | None, body: Body) -> MeetingRequest | None:
    if request is None:
        return None
    row = MeetingRequest.objects.select_for_update(no_key=True, of=("self", "item_ptr")).get(pk=request.pk)
    if row.owner_body_id != body.pk:
        raise ValidationError({"body": _("The members ask for a meeting of another body.")})
    if row.state not in (RequestState.OPEN, RequestState.REACHED):
        raise ValidationError(_("This request was answered or withdrawn."))
    return row


def _data(meeting: Meeting) -> dict[str, Any]:
    return {
        "body": meeting.owner_body_id,
        "form": str(meeting.form),
        "extra": meeting.extra,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "reference_date": meeting.reference_date.isoformat(),
        "rules": meeting.rules["key"],
        "rules_version": meeting.rules["version"],
    }


def _announce(milestone: str, meeting: Meeting, actor: Person, once: str = "", **data: Any) -> None:
    announce(
        item=meeting, milestone=milestone, actor=actor, data=data, once=once, audience=people_called(meeting)
    )


def _moment(value: datetime) -> str:
    return date_format(timezone.localtime(value), "d-m-Y H:i")
