"""Meetings of a chapter or network in a round: planned, changed, called off, and reported with points and advice."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.consultation_rows import (
    check_errors,
    hold_open,
    locked_round,
    moment_for_news,
    refuse_old,
)
from omkering.deliberate.commands.points import addresses_of, hand_in_points, known_points
from omkering.deliberate.consultation_texts import checked
from omkering.deliberate.models import (
    ConsultationRound,
    ConsultationState,
    ContributionKind,
    Meeting,
    Public,
)
from omkering.deliberate.view_drafts import Point, is_empty, same
from omkering.deliberate.view_drafts import checked as checked_draft
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Appointment, Network, NetworkMembership, Person
from omkering.who.owners import BUREAU
from omkering.who.standing import standing_of

LENGTHS = {"report": "report", "advice": "advice"}


@transaction.atomic
def plan_meeting(
    *,
    actor: Person,
    round: ConsultationRound,
    network: Network,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    link: str = "",
) -> Meeting:
    """Plan a meeting of a chapter or network in a round; its people hear of it. The same meeting again is the same."""
    require(actor, "deliberate.plan_meeting", network)
    values = _checked(starts_at, ends_at, place, link)
    row = locked_round(round)
    _check_round(row, network)
    live = row.meetings.filter(network=network, cancelled_at__isnull=True)
    if (there := live.filter(**values).first()) is not None:
        return there
    made = Meeting.objects.create(in_round=row, network=network, person=actor, **values)
    _record("meeting_planned", made, actor)
    _tell("meeting_planned", made, actor)
    return made


@transaction.atomic
def change_meeting(
    *,
    actor: Person,
    meeting: Meeting,
    version: int,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    link: str = "",
) -> Meeting:
    """Change when and where a meeting is; its people hear of it."""
    require(actor, "deliberate.plan_meeting", meeting)
    values = _checked(starts_at, ends_at, place, link)
    row = _locked(meeting)
    _refuse_cancelled(row)
    if all(getattr(row, name) == value for name, value in values.items()):
        return row
    _refuse_old(row, version)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])
    event = _record("meeting_changed", row, actor)
    _tell("meeting_changed", row, actor, once=event)
    return row


@transaction.atomic
def cancel_meeting(*, actor: Person, meeting: Meeting, reason: str) -> Meeting:
    """Call a meeting off, with a reason; its people hear of it. Twice is once."""
    require(actor, "deliberate.plan_meeting", meeting)
    reason = checked({"reason": reason})["reason"]
    row = _locked(meeting)
    if row.cancelled_at is not None:
        return row
    if row.reported_at is not None:
        raise ValidationError(_("This meeting was held and reported, so it cannot be called off."))
    row.cancelled_at, row.cancel_reason, row.version = timezone.now(), reason, row.version + 1
    row.save(update_fields=["cancelled_at", "cancel_reason", "version"])
    _record("meeting_cancelled", row, actor)
    _tell("meeting_cancelled", row, actor, reason=summary_of(reason))
    return row


@transaction.atomic
def save_report(
    *,
    actor: Person,
    meeting: Meeting,
    version: int,
    report: str,
    advice: str,
    points: Iterable[Mapping[str, Any]],
) -> Meeting:
    """Save the draft of a report; what was published stays as it is. What is empty is left out."""
    require(actor, "deliberate.plan_meeting", meeting)
    row = _locked(meeting)
    _refuse_cancelled(row)
    draft = checked_draft(
        {"report": report, "advice": advice},
        points,
        lengths=LENGTHS,
        addresses=addresses_of(row.in_round),
        known=known_points(row),
    )
    if draft == row.draft:
        return row
    _refuse_old(row, version)
    _check_time(row)
    row.draft, row.version = draft, row.version + 1
    row.save(update_fields=["draft", "version"])
    _record("report_saved", row, actor, points=len(draft["points"]))
    return row


@transaction.atomic
def publish_report(*, actor: Person, meeting: Meeting, version: int) -> Meeting:
    """Publish the draft as the report of the meeting: its points and its advice are put in with it.

    It can be done again until the note of answer is there. After the round closed it is marked late; the same draft
    again changes nothing.
    """
    require(actor, "deliberate.plan_meeting", meeting)
    in_time = hold_open(meeting.in_round)
    row = _locked(meeting)
    _refuse_cancelled(row)
    if row.reported_at is not None and same(row.draft, published(row)):
        return row
    _refuse_old(row, version)
    _check_time(row)
    draft = checked_draft(
        {"report": row.draft.get("report", ""), "advice": row.draft.get("advice", "")},
        row.draft.get("points", []),
        lengths=LENGTHS,
        addresses=addresses_of(row.in_round),
        known=known_points(row),
        complete=True,
    )
    if is_empty(draft):
        raise ValidationError(_("Write the report first: there is nothing to publish yet."))
    advice = row.points.filter(kind=ContributionKind.ADVICE).values_list("pk", flat=True).first()
    advised: list[Point] = []
    if draft["advice"]:
        advised = [{"point": advice, "paragraph": None, "text": draft["advice"]}]
    put_in = partial(hand_in_points, whole=row, actor=actor, late=not in_time)
    draft["points"] = put_in(kind=ContributionKind.REPORT_POINT, points=draft["points"])
    put_in(kind=ContributionKind.ADVICE, points=advised)
    first = row.reported_at is None
    row.draft, row.report, row.advice = draft, draft["report"], draft["advice"]
    row.reported_at, row.version = timezone.now(), row.version + 1
    row.save(update_fields=["draft", "report", "advice", "reported_at", "version"])
    _record("meeting_reported", row, actor, points=len(draft["points"]), late=not in_time)
    if first:
        _tell("meeting_reported", row, actor)
    return row


def published(row: Meeting) -> dict[str, Any]:
    """What is published now, in the form of a draft."""
    addresses = {pk: address for address, pk in addresses_of(row.in_round).items()}
    live = row.points.filter(kind=ContributionKind.REPORT_POINT, state__in=("submitted", "answered"))
    points = live.order_by("order", "pk").values_list("pk", "paragraph_id", "text")
    return {
        "report": row.report,
        "advice": row.advice,
        "points": [
            {"point": pk, "paragraph": addresses.get(paragraph), "text": text}
            for pk, paragraph, text in points
        ],
    }


# --- pieces --------------------------------------------------------------------------------------------------
def _checked(starts_at: datetime, ends_at: datetime, place: str, link: str) -> dict[str, Any]:
    texts = checked({"place": place})
    link = link.strip()
    errors: dict[str, str] = {}
    if ends_at <= starts_at:
        errors["ends_at"] = _("The meeting must end after it begins.")
    if not texts["place"] and not link:
        errors["place"] = _("Say where it is, or give the link to take part online.")
    if link:
        try:
            URLValidator(schemes=["https", "http"])(link)
        except ValidationError:
            errors["link"] = _("This is not a web address. It begins with https://.")
        if len(link) > 500:
            errors["link"] = _("This address is too long.")
    check_errors(errors)
    return {"starts_at": starts_at, "ends_at": ends_at, "place": texts["place"], "link": link}


def _check_round(row: ConsultationRound, network: Network) -> None:
    if row.public == Public.BODY:
        raise ValidationError(_("This round asks a body, so no chapter or network meets in it."))
    if row.public == Public.NETWORK and row.network_id != network.pk:
        raise ValidationError({"network": _("This round asks another chapter or network.")})
    if row.state not in (ConsultationState.PLANNED, ConsultationState.OPEN):
        raise ValidationError(_("This round is over, so no meeting can be planned in it."))


def _check_time(row: Meeting) -> None:
    if row.in_round.state == ConsultationState.PLANNED:
        raise ValidationError(_("This round has not opened yet."))
    if row.in_round.state == ConsultationState.WITHDRAWN:
        raise ValidationError(_("This round was called off."))
    if row.in_round.consultation.answer_published_at is not None:
        raise ValidationError(_("The note of answer is there, so the report stays as it is."))


def _refuse_cancelled(row: Meeting) -> None:
    if row.cancelled_at is not None:
        raise ValidationError(_("This meeting was called off."))


def _refuse_old(row: Meeting, version: int) -> None:
    refuse_old(seen=version, present=row.version, subject=row.in_round.consultation.subject, meeting=row.pk)


def _locked(meeting: Meeting) -> Meeting:
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("in_round__consultation", "network")
    return rows.defer("in_round__consultation__search").get(pk=meeting.pk)


def _record(what: str, row: Meeting, actor: Person, **data: Any) -> str:
    bureau = standing_of(actor).is_bureau
    event = record(
        verb=f"consultation.{what}",
        subject=row.in_round.consultation.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU if bureau else f"network:{row.network.key}",
        data={"meeting": row.pk, "round": row.in_round_id, "version": row.version, **data},
    )
    return str(event.pk)


def people_of(network: Network) -> list[int]:
    """Ids of the people of a network: at it, or at a member that takes part in it today; one query."""
    today = timezone.localdate()
    members = NetworkMembership.objects.on(today).filter(network=network).values("member_id")
    seats = Appointment.objects.on(today).filter(person__is_active=True)
    seats = seats.filter(network=network) | seats.filter(member_id__in=members)
    return list(seats.order_by("person_id").values_list("person_id", flat=True).distinct())


def _tell(what: str, row: Meeting, actor: Person, *, once: str = "", **data: str) -> None:
    announce(
        item=row.in_round.consultation,
        milestone=f"consultation.{what}",
        actor=actor,
        data={"network": dict(row.network.names), "starts": moment_for_news(row.starts_at), **data},
        once=f"{row.pk}:{once}",
        audience=people_of(row.network),
        upstream=False,
    )
