"""What this room keeps of a person: ballots cast in the name of a member, what they took down at the desk, objections.

All of it stays: it says by whom a decision was made. Of a secret vote it is known that somebody on a seat has voted,
and nothing else.
"""

from typing import Any

from django.db.models import Q

from omkering.decide.models import Ballot, DeskBallot, Objection, RollEntry, Vote
from omkering.who.models import Person
from omkering.who.personal_data import part

HEAVY = ("vote__body", "vote__search", "vote__result", "vote__rule")


@part("ballots")
def _ballots(person: Person) -> list[dict[str, Any]]:
    rows = Ballot.objects.filter(person=person).select_related("vote", "entry__member").order_by("pk")
    return [
        {
            "id": row.vote_id,
            "title": row.vote.title,
            "member": row.entry.member.name if row.entry.member else "",
            "choice": row.choice,
            "made": row.cast_at.isoformat(),
        }
        for row in rows.defer(*HEAVY)
    ]


@part("desk_ballots")
def _desk_ballots(person: Person) -> list[dict[str, Any]]:
    """What they took down, confirmed or refused at the desk; one query."""
    mine = Q(entered_by=person) | Q(confirmed_by=person) | Q(refused_by=person)
    rows = DeskBallot.objects.filter(mine).select_related("vote", "entry__member").order_by("pk")
    return [
        {
            "id": row.vote_id,
            "title": row.vote.title,
            "member": row.entry.member.name if row.entry.member else "",
            "choice": row.choice,
            "made": row.entered_at.isoformat(),
        }
        for row in rows.defer(*HEAVY)
    ]


@part("vote_objections")
def _objections(person: Person) -> list[dict[str, Any]]:
    rows = Objection.objects.filter(person=person).select_related("vote", "entry__member").order_by("pk")
    return [
        {
            "id": row.vote_id,
            "title": row.vote.title,
            "member": row.entry.member.name if row.entry.member else "",
            "text": row.reason,
            "made": row.made_at.isoformat(),
        }
        for row in rows.defer(*HEAVY)
    ]


@part("seats_in_votes")
def _seats(person: Person) -> list[dict[str, Any]]:
    """The votes in which they were on the roll themselves, as who holds a seat; one query."""
    rows = RollEntry.objects.filter(person=person).select_related("vote").order_by("pk")
    return [{"id": row.vote_id, "title": row.vote.title} for row in rows.defer(*HEAVY)]


@part("ties_decided")
def _ties(person: Person) -> list[dict[str, Any]]:
    rows = Vote.objects.filter(chair_person=person).order_by("pk")
    return [
        {"id": row.pk, "title": row.title, "choice": row.chair_choice}
        for row in rows.defer("body", "search", "result", "rule")
    ]
