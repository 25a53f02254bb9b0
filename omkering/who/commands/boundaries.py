"""Real boundaries of members: load and take away."""

from typing import Any

from django.db import transaction

from omkering.journal.commands import record
from omkering.who.authority import require
from omkering.who.models import Boundary, Member, Person


@transaction.atomic
def load_boundaries(*, actor: Person, polygons: dict[str, list[Any]], source: str) -> int:
    """Replace all boundaries by these (member code → polygons); returns how many there are."""
    require(actor, "who.load_boundaries")
    ids = dict(Member.objects.filter(code__in=polygons).values_list("code", "pk"))
    Boundary.objects.all().delete()
    Boundary.objects.bulk_create(
        Boundary(member_id=ids[code], polygons=shape, source=source[:200])
        for code, shape in polygons.items()
        if code in ids
    )
    record(verb="boundaries.loaded", subject="association", actor=actor.pk, data={"count": len(ids)})
    return len(ids)


@transaction.atomic
def remove_boundaries(*, actor: Person) -> None:
    """Back to the tile map."""
    require(actor, "who.load_boundaries")
    Boundary.objects.all().delete()
    record(verb="boundaries.removed", subject="association", actor=actor.pk)
