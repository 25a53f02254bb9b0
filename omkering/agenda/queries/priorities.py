"""Reading what was chosen in priority rounds, with what bodies said when they departed from it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from omkering.agenda.models import Candidate, Departure, Round, RoundState
from omkering.thread.models import Item
from omkering.who.models import Body
from omkering.who.standing import standing_of

ROUNDS_READ = 50  # the newest closed rounds whose priorities are looked at


@dataclass(frozen=True)
class Priority:
    """What was chosen in a round, or taken up though it was not, and what was said when a body departed from that."""

    candidate: Candidate
    chosen: bool
    departure: Departure | None = None

    @property
    def holds(self) -> bool:
        """Whether it is a priority still."""
        return self.departure is None or self.departure.takes_up


@dataclass
class RoundPriorities:
    """The priorities of one round; `own` when the body itself chose."""

    round: Round
    own: bool
    priorities: list[Priority] = field(default_factory=list)


def priorities_of(body: Body, person: Any) -> list[RoundPriorities]:
    """What was chosen in closed rounds: by the body itself, and of what belongs to it; newest first, four queries."""
    found = []
    of_body = Q(round__electing_body=body) | Q(item__owner_body=body)
    closed = _visible(Round, person).filter(state=RoundState.CLOSED)
    for entry in priorities_in(closed, person, only=of_body):
        entry.own = entry.round.electing_body_id == body.pk
        if entry.own or entry.priorities:
            found.append(entry)
    return found


def priorities_in(
    rounds: QuerySet[Round], person: Any, *, most: int = ROUNDS_READ, only: Q | None = None
) -> list[RoundPriorities]:
    """What was chosen in closed rounds, newest first, and what was taken up all the same; four queries.

    The newest `most` rounds, and of the items what the reader may see; `only` chooses among the candidates.
    """
    newest = rounds.order_by("-closed_at", "-pk").only("kind", "title", "closed_at", "electing_body_id")
    found = {row.pk: RoundPriorities(row, own=False) for row in newest[:most]}
    # Only of these: a result is long, and of all rounds the database would unpack every one.
    selected = Round.objects.filter(pk__in=found).order_by().values_list("result__selected", flat=True)
    place = {pk: number for picks in selected for number, pk in enumerate(picks or [])}
    candidates = (
        Candidate.objects.filter(
            Q(pk__among=frozenset(place)) | Q(round__in=found, departures__takes_up=True)
        )
        .filter(only or Q(), item__in=_visible(Item, person))
        .select_related("item__owner_body")
        .prefetch_related("departures")
        .only("round_id", "item__kind", "item__title", "item__owner_body__names")
    )
    for candidate in sorted(candidates, key=lambda row: (place.get(row.pk, len(place)), row.pk)):
        departures = list(candidate.departures.all())
        found[candidate.round_id].priorities.append(
            Priority(candidate, candidate.pk in place, departures[0] if departures else None)
        )
    return list(found.values())


def _visible(model: Any, person: Any) -> Any:
    return model.objects.visible_to(standing_of(person), getattr(person, "pk", None))
