"""What consultations keep of a person: what they drafted and handed in for a member, replied, and reported.

Reactions are items, so the thread hands those over. All of it stays, under the name of a former participant.
"""

from datetime import datetime
from typing import Any

from omkering.deliberate.models import Consultation, Meeting, Question, Reply, View
from omkering.deliberate.queries.questions import labels_of
from omkering.deliberate.view_drafts import in_lines
from omkering.who.models import Person
from omkering.who.personal_data import part


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@part("views")
def _views(person: Person) -> list[dict[str, Any]]:
    """The views they drafted last, handed in or began; one query."""
    rows = View.objects.filter(drafted_by=person) | View.objects.filter(handed_in_by=person)
    return [
        {
            "id": row.pk,
            "title": row.title,
            "member": row.member.name,
            "state": row.state,
            "text": in_lines(row.draft) if row.drafted_by_id == person.pk else "",
            "made": _iso(row.drafted_at),
            "at": _iso(row.handed_in_at) if row.handed_in_by_id == person.pk else None,
        }
        for row in rows.select_related("member").defer("search", "body").order_by("pk")
    ]


@part("replies")
def _replies(person: Person) -> list[dict[str, Any]]:
    rows = Reply.objects.filter(person=person).select_related("question__in_round__consultation", "member")
    rows = rows.defer("question__in_round__consultation__search", "question__in_round__consultation__body")
    return [
        {
            "id": row.question.in_round_id,
            "title": row.question.in_round.consultation.title,
            "what": row.question.text,
            "choice": _in_words(row.question, row.value),
            "member": row.member.name if row.member else "",
            "made": _iso(row.changed_at),
        }
        for row in rows.order_by("pk")
    ]


def _in_words(question: Question, value: int) -> str:
    return dict(labels_of(question)).get(value, str(value))


@part("meetings")
def _meetings(person: Person) -> list[dict[str, Any]]:
    """The meetings they planned; one query."""
    rows = Meeting.objects.filter(person=person).select_related("network", "in_round__consultation")
    rows = rows.defer("in_round__consultation__search", "in_round__consultation__body", "draft")
    return [
        {
            "id": row.pk,
            "title": row.in_round.consultation.title,
            "where": row.network.key,
            "at": _iso(row.starts_at),
        }
        for row in rows.order_by("pk")
    ]


@part("consultations_owned")
def _consultations(person: Person) -> list[dict[str, Any]]:
    rows = Consultation.objects.filter(owner=person).order_by("pk")
    return [
        {"id": row["pk"], "title": row["title"], "state": row["state"], "made": _iso(row["created_at"])}
        for row in rows.values("pk", "title", "state", "created_at")
    ]
