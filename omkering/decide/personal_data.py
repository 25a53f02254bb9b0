"""What this room keeps of a person: the ballots cast in the name of a member. They stay."""

from typing import Any

from omkering.decide.models import Ballot
from omkering.who.models import Person
from omkering.who.personal_data import part


@part("ballots")
def _ballots(person: Person) -> list[dict[str, Any]]:
    rows = Ballot.objects.filter(person=person).select_related("vote", "member").order_by("pk")
    return [
        {
            "id": row.vote_id,
            "title": row.vote.title,
            "member": row.member.name,
            "choice": row.choice,
            "made": row.cast_at.isoformat(),
        }
        for row in rows.defer("vote__body", "vote__search", "vote__result", "vote__rule")
    ]
