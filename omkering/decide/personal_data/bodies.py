"""What this part keeps of a person: candidacies, and recommendations that they gave.

A candidacy that did not lead to an appointment is personal, and confidential where it was not nominated: it goes with
what others wrote of it after the period `candidacies` of the association, counted from the end of the round, and at
once when the person leaves. No history of these rows is kept, and the log knows a candidacy by its number alone.

What stays: that somebody was appointed and why they were nominated, as part of who decided for the members when; and
the names on the ballot of an election, as part of what the members voted on.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q

from omkering.decide.models import Candidacy, CandidacyState, NominationState, Recommendation
from omkering.decide.models import Term as SeatTerm
from omkering.who import retention
from omkering.who.models import Person
from omkering.who.personal_data import erases, part


@part("candidacies")
def _candidacies(person: Person) -> list[dict[str, Any]]:
    """What they wrote, and the reason they may read; two queries."""
    rows = Candidacy.objects.filter(person=person).select_related("vacancy__nomination", "member")
    return [
        {
            "id": row.vacancy_id,
            "title": row.vacancy.title,
            "member": row.member.name,
            "role": row.role,
            "state": row.shown_state,
            "text": "\n\n".join(
                filter(None, (row.motivation, row.shown_reason, *(one.text for one in _given(row))))
            ),
            "made": row.at.isoformat(),
        }
        for row in rows.defer("vacancy__body", "vacancy__search", "vacancy__nomination__body")
        .prefetch_related("recommendations")
        .order_by("pk")
    ]


def _given(row: Candidacy) -> list[Recommendation]:
    return [one for one in row.recommendations.all() if one.given_at and not one.withdrawn_at]


@part("recommendations")
def _recommendations(person: Person) -> list[dict[str, Any]]:
    """What they wrote of others, without saying of whom; one query."""
    rows = Recommendation.objects.filter(person=person).select_related(
        "candidacy__vacancy", "network", "organisation"
    )
    return [
        {
            "id": row.candidacy.vacancy_id,
            "title": row.candidacy.vacancy.title,
            "where": str(row.network or row.organisation),
            "text": row.text,
            "made": row.given_at.isoformat() if row.given_at else None,
        }
        for row in rows.defer("candidacy__vacancy__body", "candidacy__vacancy__search").order_by("pk")
    ]


@part("terms")
def _terms(person: Person) -> list[dict[str, Any]]:
    rows = (
        SeatTerm.objects.filter(appointment__person=person)
        .select_related("seat__body", "member")
        .order_by("pk")
    )
    return [
        {
            "where": str(row.seat.body),
            "member": str(row.member or ""),
            "from": row.starts.isoformat(),
            "until": row.ends.isoformat() if row.ends else None,
        }
        for row in rows
    ]


@erases
def _erase(person: Person) -> None:
    """Whoever leaves: candidacies that came to nothing go at once; one that runs is withdrawn by going."""
    _delete(Candidacy.objects.filter(person=person).exclude(state=CandidacyState.APPOINTED))
    # Of who was appointed it stays that they were, not what they wrote to be so.
    kept = Candidacy.objects.filter(person=person)
    Recommendation.objects.filter(candidacy__in=kept).delete()
    kept.update(motivation="", party_kind="unknown")


@retention.rule("candidacies", period="candidacies")
def _old_candidacies(cutoff: datetime) -> int:
    """Those that were not appointed, so long after the round ended (or they withdrew and it ended)."""
    over = Q(vacancy__nomination__state__in=(NominationState.DECIDED, NominationState.WITHDRAWN))
    old = Candidacy.objects.filter(over, vacancy__nomination__changed_at__lt=cutoff)
    return _delete(old.exclude(state=CandidacyState.APPOINTED))


def _delete(rows: Any) -> int:
    found = list(rows.values_list("pk", flat=True))
    Recommendation.objects.filter(candidacy_id__in=found).delete()
    Candidacy.objects.filter(pk__in=found).delete()
    return len(found)
