"""What is kept of a person in statements: what they wrote is among their items; here is what they voted, and what
they decided about statements of others.

Votes stay when somebody goes, under the name of a former participant: they are part of what the members said.
"""

from typing import Any

from omkering.deliberate.models import Statement, StatementVote
from omkering.who.models import Person
from omkering.who.personal_data import part

_WORDS = {1: "agree", 0: "pass", -1: "disagree"}


@part("statement_votes")
def _votes(person: Person) -> list[dict[str, Any]]:
    rows = StatementVote.objects.filter(person=person).order_by("pk")
    return [
        {
            "id": row["statement_id"],
            "title": row["statement__text"],
            "member": row["member__name"],
            "choice": _WORDS[row["value"]],
            "made": row["changed_at"].isoformat(),
        }
        for row in rows.values("statement_id", "statement__text", "member__name", "value", "changed_at")
    ]


@part("moderated_statements")
def _moderated(person: Person) -> list[dict[str, Any]]:
    rows = Statement.objects.filter(moderated_by=person).order_by("pk")
    return [
        {
            "id": row["pk"],
            "title": row["text"],
            "state": row["state"],
            "text": row["moderation_reason"],
            "made": row["moderated_at"].isoformat() if row["moderated_at"] else None,
        }
        for row in rows.values("pk", "text", "state", "moderation_reason", "moderated_at")
    ]
