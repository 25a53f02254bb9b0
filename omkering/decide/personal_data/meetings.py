"""What meetings keep of a person: their stays, that they vote for a member, proxies given, interests, papers, support.

All of it stays: it says by whom a decision was made. Meetings and requests are items, so the thread hands those over.
"""

from datetime import datetime
from typing import Any

from omkering.decide.models import Attendance, Delegate, Interest, Paper, Proxy, RequestSupport
from omkering.who.models import Person
from omkering.who.personal_data import part

HEAVY = ("meeting__search", "meeting__body", "meeting__rules")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@part("attendance")
def _attendance(person: Person) -> list[dict[str, Any]]:
    rows = Attendance.objects.filter(person=person).select_related("meeting", "member").order_by("pk")
    return [
        {
            "id": row.meeting_id,
            "title": row.meeting.title,
            "member": row.member.name if row.member else "",
            "kind": row.presence,
            "from": _iso(row.arrived_at),
            "until": _iso(row.left_at),
        }
        for row in rows.defer(*HEAVY)
    ]


@part("delegations")
def _delegations(person: Person) -> list[dict[str, Any]]:
    rows = Delegate.objects.filter(person=person) | Delegate.objects.filter(named_by=person)
    return [
        {
            "id": row.meeting_id,
            "title": row.meeting.title,
            "member": row.member.name,
            "what": "named" if row.person_id == person.pk else "named somebody",
            "from": _iso(row.named_at),
            "until": _iso(row.ended_at),
        }
        for row in rows.select_related("meeting", "member").defer(*HEAVY).order_by("pk")
    ]


@part("proxies")
def _proxies(person: Person) -> list[dict[str, Any]]:
    rows = Proxy.objects.filter(given_by=person).select_related("meeting", "giver").order_by("pk")
    return [
        {
            "id": row.meeting_id,
            "title": row.meeting.title,
            "member": row.giver.name,
            "text": row.text,
            "from": _iso(row.starts_at),
            "until": _iso(row.ended_at or row.ends_at),
        }
        for row in rows.defer(*HEAVY)
    ]


@part("interests")
def _interests(person: Person) -> list[dict[str, Any]]:
    rows = Interest.objects.filter(person=person).select_related("agenda_item").order_by("pk")
    return [
        {
            "id": row.agenda_item_id,
            "title": row.agenda_item.title,
            "text": row.text,
            "made": _iso(row.declared_at),
            "until": _iso(row.withdrawn_at),
        }
        for row in rows
    ]


@part("papers")
def _papers(person: Person) -> list[dict[str, Any]]:
    rows = Paper.objects.filter(added_by=person).order_by("pk")
    return [
        {"id": row.meeting_id, "title": row.title, "what": row.file_name, "made": _iso(row.added_at)}
        for row in rows
    ]


@part("supported_requests")
def _supports(person: Person) -> list[dict[str, Any]]:
    rows = RequestSupport.objects.filter(person=person).select_related("request", "member").order_by("pk")
    return [
        {
            "id": row.request_id,
            "title": row.request.title,
            "member": row.member.name,
            "made": _iso(row.given_at),
            "until": _iso(row.withdrawn_at),
        }
        for row in rows.defer("request__search", "request__body")
    ]
