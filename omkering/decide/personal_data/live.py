"""What this part keeps of a person: when it asked to speak and spoke. It belongs to the minutes and stays."""

from typing import Any

from omkering.decide.models import Speech
from omkering.who.models import Person
from omkering.who.personal_data import part


@part("speeches")
def _speeches(person: Person) -> list[dict[str, Any]]:
    rows = Speech.objects.filter(person=person).select_related("meeting", "member").order_by("pk")
    return [
        {
            "id": row.meeting_id,
            "title": row.meeting.title,
            "member": row.member.name if row.member else "",
            "text": row.subject,
            "state": row.state,
            "made": row.asked_at.isoformat(),
        }
        for row in rows.defer("meeting__body", "meeting__search")
    ]
