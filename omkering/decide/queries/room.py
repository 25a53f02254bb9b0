"""The page of the room: meetings soon, votes that are open, where the reader may vote, and their motions."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from omkering.decide.models import Ballot, Meeting, Motion, RollEntry, Vote, VoteState
from omkering.decide.queries.meetings import soon
from omkering.decide.queries.votes import visible_votes
from omkering.who.standing import standing_of

SHOWN = 8


@dataclass(frozen=True)
class Overview:
    """What the room shows; votes with whether the reader may still vote in them."""

    meetings: list[Meeting]
    votes: list[tuple[Vote, bool]]
    motions: list[Motion]


def overview(person: Any) -> Overview:
    """What is near in this room, for this reader; four queries at most."""
    standing = standing_of(person)
    votes = list(
        visible_votes(person)
        .filter(state=VoteState.OPEN)
        .select_related("meeting")
        .only("title", "example", "closes_at", "meeting__title")
        .order_by("closes_at", "pk")[:SHOWN]
    )
    mine: set[int] = set()
    if standing.is_insider and votes:
        lines = RollEntry.objects.filter(vote__in=votes).filter(
            Q(member_id__in=standing.votes_for) | Q(person_id=person.pk)
        )
        without = lines.filter(~Exists(Ballot.objects.filter(entry=OuterRef("pk"))))
        mine = set(without.values_list("vote_id", flat=True))
    motions: list[Motion] = []
    if standing.is_insider:
        rows = Motion.objects.filter(
            Q(author_id=person.pk)
            | Q(owner_member_id__in=standing.votes_for)
            | Q(network_id__in=standing.networks)
        )
        motions = list(
            rows.filter(part_of=None).only("kind", "title", "state").order_by("-created_at", "-pk")[:SHOWN]
        )
    return Overview(soon(person), [(vote, vote.pk in mine) for vote in votes], motions)
