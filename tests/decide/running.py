"""A meeting that is going on, for the tests of the live part."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from omkering.decide.models import (
    AgendaItem,
    AgendaKind,
    Attendance,
    Delegate,
    Meeting,
    MeetingForm,
    MeetingState,
    Presence,
    Proxy,
    Seat,
    Term,
)
from omkering.thread.models import Visibility
from omkering.who.models import Body, Member, Person
from tests.people import LONG_AGO, make_adviser, make_person


def make_body(key: str = "alv") -> Body:
    return Body.objects.get_or_create(key=key, defaults={"names": {"nl": key.upper(), "en": key.upper()}})[0]


def make_meeting(*titles: str, body: Body | None = None, **changes: Any) -> Meeting:
    """A meeting with these items on its agenda, going on, at none of them yet."""
    now = timezone.now()
    values = {
        "kind": "meeting",
        "title": "Ledenvergadering",
        "state": MeetingState.OPEN,
        "visibility": Visibility.PUBLIC,
        "form": MeetingForm.HYBRID,
        "starts_at": now,
        "ends_at": now + timedelta(hours=3),
        "reference_date": now.date(),
        "owner_body": body or make_body(),
        "opened_at": now,
        "called_at": now,
        "rules": {"electorate": "members", "weight": None},
    }
    meeting = Meeting.objects.create(**{**values, **changes})
    for position, title in enumerate(titles or ("Opening", "Visie", "Sluiting"), 1):
        AgendaItem.objects.create(meeting=meeting, position=position, title=title, kind=AgendaKind.PROPOSAL)
    return meeting


def items(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.agenda.order_by("position"))


def put_there(
    meeting: Meeting, member: Member, person: Person, presence: str = Presence.ON_SITE
) -> Attendance:
    return Attendance.objects.create(meeting=meeting, member=member, person=person, presence=presence)


def give_proxy(meeting: Meeting, giver: Member, holder: Member, person: Person) -> Proxy:
    now = timezone.now()
    return Proxy.objects.create(
        meeting=meeting, giver=giver, holder=holder, text="Wij geven onze stem.", given_by=person,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=1),
    )  # fmt: skip


def name_delegate(meeting: Meeting, member: Member, person: Person, votes: int | None = None) -> Delegate:
    return Delegate.objects.create(
        meeting=meeting, member=member, person=person, votes=votes, named_by=make_adviser()
    )


def make_chair(body: Body) -> Person:
    """Somebody who holds the chair's seat of a body, and is not of the bureau."""
    person = make_person("board_member", body=body)
    seat = Seat.objects.create(body=body, number=1, chair=True)
    Term.objects.create(seat=seat, appointment=person.appointments.get(), starts=LONG_AGO)
    return person
