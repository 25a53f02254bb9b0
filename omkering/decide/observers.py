"""Observers of a body: those nominated for a seat in it, until they are appointed or not.

An observer is told of the body's meetings and may attend them and read their papers, as who holds a seat; an observer
casts no ballot, does not count for the quorum and holds no power of the body.
"""

from typing import Any

from omkering.decide.models import Candidacy, CandidacyState, NominationState
from omkering.who.models import Body, Person


def observers_of(body: Body) -> list[Person]:
    """The observers of a body now, in the order of their names; one query."""
    return list(
        Person.objects.filter(
            pk__in=_observing(body_id=body.pk).values("person_id"), is_active=True
        ).order_by("name", "pk")
    )


def observes(person: Any) -> frozenset[int]:
    """Ids of the bodies that a person observes now; one query, none for a visitor."""
    if person is None or not person.is_authenticated:
        return frozenset()
    rows = _observing(person_id=person.pk)
    return frozenset(rows.values_list("vacancy__nomination__owner_body_id", flat=True))


def _observing(*, body_id: int | None = None, person_id: int | None = None) -> Any:
    rows = Candidacy.objects.filter(
        state=CandidacyState.NOMINATED,
        nominated_at__isnull=False,
        vacancy__nomination__state=NominationState.NOMINATED,
    )
    if body_id is not None:
        rows = rows.filter(vacancy__nomination__owner_body_id=body_id)
    return rows if person_id is None else rows.filter(person_id=person_id)
