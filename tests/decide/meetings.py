"""Meetings for the tests of this folder."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.meetings import call_meeting, open_meeting, plan_meeting
from omkering.decide.models import AgendaItem, Meeting, Seat, Term
from omkering.who.models import Appointment, Body, Member, Person
from tests.people import LONG_AGO, make_adviser, make_person

FAR = 60  # days ahead: before every deadline


def make_body(key: str = "alv", kind: str = "assembly") -> Body:
    return Body.objects.get_or_create(
        key=key, defaults={"names": {"nl": key.upper(), "en": key.upper()}, "kind": kind}
    )[0]


def at(days: int = FAR, hour: int = 10) -> datetime:
    """So many days from today, at this hour, where the association is."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour)))


def plan(adviser: Person | None = None, *, body: Body | None = None, **changes: Any) -> Meeting:
    starts = changes.pop("starts_at", at())
    values = {"title": "Ledenvergadering", "starts_at": starts, "ends_at": starts + timedelta(hours=3)}
    return plan_meeting(actor=adviser or make_adviser(), body=body or make_body(), **{**values, **changes})


def put(meeting: Meeting, adviser: Person, title: str = "Opening", **more: Any) -> AgendaItem:
    return add_agenda_item(actor=adviser, meeting=meeting, title=title, **more)


def called(adviser: Person | None = None, **changes: Any) -> Meeting:
    adviser = adviser or make_adviser()
    meeting = plan(adviser, **changes)
    put(meeting, adviser)
    return call_meeting(actor=adviser, meeting=meeting)


def opened(adviser: Person | None = None, **changes: Any) -> Meeting:
    adviser = adviser or make_adviser()
    return open_meeting(actor=adviser, meeting=called(adviser, **{"form": "hybrid", **changes}))


def secretary_of(member: Member) -> Person:
    return make_person("town_secretary", member=member)


def seat(body: Body, number: int = 1, *, chair: bool = False, member: Member | None = None) -> Person:
    """Somebody on a seat of the body."""
    person = make_person()
    held = Appointment.objects.create(person=person, role="committee_member", body=body, starts=LONG_AGO)
    made = Seat.objects.create(body=body, number=number, chair=chair)
    Term.objects.create(seat=made, appointment=held, member=member, starts=LONG_AGO)
    return person
