"""What the rounds keep of a person, which stays: nominations, seats, ballots, and departures they recorded."""

from datetime import datetime
from typing import Any

from omkering.agenda.models import Candidate, Departure, PriorityBallot, RoundLine
from omkering.agenda.round_words import value_in_words
from omkering.who.models import Person
from omkering.who.personal_data import part


@part("candidates")
def _candidates(person: Person) -> list[dict[str, Any]]:
    rows = Candidate.objects.filter(person=person).order_by("pk")
    return [
        {
            "id": row["round_id"],
            "title": row["item__title"],
            "what": row["round__title"],
            "made": row["created_at"].isoformat(),
            "until": _iso(row["withdrawn_at"]),
        }
        for row in rows.values("round_id", "round__title", "item__title", "created_at", "withdrawn_at")
    ]


@part("round_seats")
def _seats(person: Person) -> list[dict[str, Any]]:
    rows = RoundLine.objects.filter(person=person).select_related("round").order_by("pk")
    return [
        {"id": row.round_id, "title": row.round.title, "made": _iso(row.round.opened_at)}
        for row in rows.defer("round__body", "round__search", "round__result", "round__weight_rule")
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@part("priority_ballots")
def _ballots(person: Person) -> list[dict[str, Any]]:
    """What they handed in, or filled in and did not hand in yet; two queries."""
    rows = list(
        PriorityBallot.objects.filter(person=person)
        .order_by("pk")
        .values(
            "line__round_id",
            "line__round__title",
            "line__round__ballot_kind",
            "line__member__name",
            "draft",
            "cast",
            "saved_at",
            "cast_at",
        )
    )
    wanted = {key for row in rows for key in row["cast"] or row["draft"]}
    titles = dict(Candidate.objects.filter(pk__in=wanted).values_list("pk", "item__title"))
    return [
        {
            "id": row["line__round_id"],
            "title": row["line__round__title"],
            "member": row["line__member__name"],
            "choice": "; ".join(
                f"{titles[int(key)]} ({words})" if words else titles[int(key)]
                for key, value in (row["cast"] or row["draft"]).items()
                for words in [value_in_words(row["line__round__ballot_kind"], value)]
            ),
            "state": "handed_in" if row["cast"] else "filled_in",
            "made": (row["cast_at"] or row["saved_at"]).isoformat(),
        }
        for row in rows
    ]


@part("departures")
def _departures(person: Person) -> list[dict[str, Any]]:
    rows = Departure.objects.filter(person=person).order_by("pk")
    names = (
        "round_id",
        "candidate__item__title",
        "takes_up",
        "body__key",
        "reason",
        "decided_on",
        "created_at",
    )
    return [
        {
            "id": row["round_id"],
            "title": row["candidate__item__title"],
            "state": "taken_up" if row["takes_up"] else "set_aside",
            "where": row["body__key"],
            "text": row["reason"],
            "at": row["decided_on"].isoformat(),
            "made": row["created_at"].isoformat(),
        }
        for row in rows.values(*names)
    ]
