"""Reading votes, rolls and one's own ballots; each function has a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from omkering.decide import voting_rights, words
from omkering.decide.models import (
    Ballot,
    DeskBallot,
    Proposal,
    RollEntry,
    SecretTurnout,
    Vote,
    VoteState,
    Way,
)
from omkering.decide.queries.roll import entries_of
from omkering.decide.voting_rights import Right
from omkering.thread.models import Item
from omkering.thread.search import search_query
from omkering.who.models import Member
from omkering.who.standing import standing_of


# --- lists -----------------------------------------------------------------------------------------------
def visible_votes(person: Any) -> QuerySet[Vote]:
    """The votes that somebody may know of."""
    return Vote.objects.visible_to(standing_of(person), getattr(person, "pk", None))


def visible_proposals(person: Any) -> QuerySet[Proposal]:
    """The proposals that somebody may know of."""
    return Proposal.objects.visible_to(standing_of(person), getattr(person, "pk", None))


Row = TypeVar("Row", Vote, Proposal)


def find(rows: QuerySet[Row], text: str) -> QuerySet[Row]:
    """Those that hold the words; all of them without words."""
    query = search_query(text)
    if text and query is None:
        return rows.none()
    if query is not None:
        rows = rows.filter(search=query)
    return rows


# What a list says of a vote: with its outcome in words, so with its rule and its result.
LISTED = (
    *(
        "kind",
        "title",
        "summary",
        "state",
        "example",
        "theme__names",
        "meeting",
        "rule",
        "result",
        "chair_choice",
    ),
    *("opens_at", "closes_at", "closed_at", "announced_at"),
)


def votes_of(item: Item) -> list[Vote]:
    """The votes on an item, newest first; one query."""
    rows = Vote.objects.filter(about_id=item.pk).order_by("-pk")
    return list(
        rows.only("kind", "state", "opens_at", "opened_at", "closed_at", "about", "result", "chair_choice")
    )


# --- a vote ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Turnout:
    """How many have voted, and of how many: never what."""

    heads: int
    votes: int
    of_heads: int
    of_votes: int


def turnout(vote: Vote) -> Turnout:
    """How many members have voted (a part of theirs is enough) and with how many votes; two queries."""
    lines = list(vote.roll.values_list("pk", "weight", "parts"))
    if vote.secret:
        cast = set(SecretTurnout.objects.filter(entry__vote=vote, voted=True).values_list("entry_id", "part"))
    else:
        cast = set(vote.ballots.values_list("entry_id", "part"))
    weights = {pk: weight for pk, weight, _parts in lines}
    part_votes = {(pk, part["part"]): part["votes"] for pk, _weight, parts in lines for part in parts}
    return Turnout(
        heads=len({entry for entry, _part in cast}),
        votes=sum(part_votes.get(place, weights[place[0]]) for place in cast),
        of_heads=len(lines),
        of_votes=sum(weights.values()),
    )


def needed_now(vote: Vote, total: int | None = None, heads: int | None = None) -> str:
    """What is needed to pass, in figures, as far as it is known now: before, during and after the vote.

    `total` and `heads`: votes and members on the roll, where they are at hand; one query without them.
    """
    if vote.result:
        return words.needed_afterwards(vote.result)
    if total is None or heads is None:
        weights = [entry.weight for entry in entries_of(vote)]
        total, heads = sum(weights), len(weights)
    return words.needed_of(vote.rule, total, heads) if total else ""


# --- one's own ballots -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class OwnBallot:
    """A ballot that somebody may cast (or, once the vote is over, that is of their member), and what it said so far."""

    vote: Vote
    entry: RollEntry
    part: int
    votes: int
    by_proxy: Member | None
    ballot: Ballot | None
    voted: bool  # also in a secret vote, where there is no ballot to show
    right: Right | None = None

    @property
    def voter(self) -> str:
        """How addresses and commands name it."""
        return self.entry.voter

    @property
    def name(self) -> str:
        """For whom: the member, or the person on the seat."""
        return self.entry.name

    @property
    def choice_words(self) -> str:
        """What it voted so far, in words; "" for nothing yet."""
        return words.choice_in_words(self.vote.rule, self.ballot.choice) if self.ballot else ""


def own_ballots(vote: Vote, person: Any) -> list[OwnBallot]:
    """One line for each ballot this person may cast now: of a member, of a part of it, by proxy, of a seat.

    Once the vote is over: those of the members this person votes for today, and what it cast itself. At most eleven
    queries, none without a log-in.
    """
    if not getattr(person, "is_authenticated", False) or vote.opened_at is None:
        return []
    if vote.state == VoteState.OPEN:
        return own_open_ballots([vote], person)
    return _with_ballots([(vote, *place, None) for place in _past_places(vote, person)])


def own_open_ballots(votes: Sequence[Vote], person: Any) -> list[OwnBallot]:
    """The same for votes that are open, in their order; a fixed number of queries for any number of one meeting."""
    rights = voting_rights.rights_of_votes(votes, person.pk)
    return _with_ballots(
        [
            (vote, right.entry, right.part, right.votes, right.by_proxy, right)
            for vote in votes
            for right in rights[vote.pk]
        ]
    )


Place = tuple[Vote, RollEntry, int, int, Member | None, Right | None]


def _with_ballots(places: list[Place]) -> list[OwnBallot]:
    """What was cast in these places so far; at most two queries."""
    secret = [entry.pk for vote, entry, *_rest in places if vote.secret]
    told = [entry.pk for vote, entry, *_rest in places if not vote.secret]
    voted: set[tuple[int, int]] = set()
    cast: dict[tuple[int, int], Ballot] = {}
    if secret:
        voted |= set(
            SecretTurnout.objects.filter(entry__in=secret, voted=True).values_list("entry_id", "part")
        )
    if told:
        kept = Ballot.objects.filter(entry__in=told).select_related("person", "by_proxy")
        own = ("vote", "entry", "part", "choice", "way", "cast_at", "event_id")
        kept = kept.only(*own, "person__name", "by_proxy__name")
        cast = {(ballot.entry_id, ballot.part): ballot for ballot in kept}
        voted |= set(cast)
    return [
        OwnBallot(
            vote=vote,
            entry=entry,
            part=part,
            votes=votes,
            by_proxy=proxy,
            ballot=cast.get((entry.pk, part)),
            voted=(entry.pk, part) in voted,
            right=right,
        )
        for vote, entry, part, votes, proxy, right in places
    ]


def _past_places(vote: Vote, person: Any) -> list[tuple[RollEntry, int, int, Member | None]]:
    mine = Exists(Ballot.objects.filter(entry=OuterRef("pk"), person_id=person.pk).exclude(way__in=DESK))
    entries = (
        vote.roll.filter(Q(mine) | Q(member_id__in=standing_of(person).votes_for) | Q(person_id=person.pk))
        .select_related("member", "person")
        .only("vote", "voter", "weight", "parts", "member__name", "person__name")
        .order_by("member__sort_key", "voter")
    )
    return [
        (entry, part["part"], part["votes"], None)
        for entry in entries
        for part in (entry.parts or [{"part": 0, "votes": entry.weight}])
    ]


DESK = (Way.HAND, Way.PAPER)


def own_ballot(vote: Vote, person: Any, voter: str) -> OwnBallot | None:
    """The same for one line of the roll; None where this person has no ballot there."""
    own = [line for line in own_ballots(vote, person) if line.voter == voter]
    mine = (line for line in own if line.ballot and line.ballot.person_id == person.pk)
    return next(mine, own[0] if own else None)


# --- lists of votes, and the desk ------------------------------------------------------------------------
def list_of(vote: Vote) -> list[Vote]:
    """The votes on the list of this one, in order, or this one alone; one query."""
    first = vote.together_id or vote.pk
    rows = Vote.objects.filter(Q(pk=first) | Q(together=first)).exclude(state=VoteState.WITHDRAWN)
    found = list(rows.select_related("about", "meeting").defer("body", "search").order_by("pk"))
    return found if len(found) > 1 else [vote]


def desk_waiting(vote: Vote) -> list[DeskBallot]:
    """What was taken down at the desk and waits for somebody to confirm it; one query."""
    rows = DeskBallot.objects.filter(vote=vote, confirmed_at__isnull=True, refused_at__isnull=True)
    return list(rows.select_related("entry__member", "entry__person", "entered_by").order_by("pk"))


@dataclass(frozen=True)
class Related:
    """Other votes that hang together with one, as the page of it names them."""

    listed: list[Vote]  # on the same list, in order; this vote among them
    after: Vote | None  # that came in its place
    formal: Vote | None  # that made it formal, or did not


def related_to(vote: Vote) -> Related:
    """The votes on the list of this one, the one that came in its place, and the one that made it formal; one query."""
    first = vote.together_id or vote.pk
    rows = list(
        Vote.objects.filter(Q(pk=first) | Q(together=first) | Q(replaces=vote) | Q(ratifies=vote))
        .only("title", "state", "closes_at", "closed_at", "announced_at", "together", "replaces", "ratifies")
        .order_by("pk")
    )
    listed = [row for row in rows if first in (row.pk, row.together_id) and row.state != VoteState.WITHDRAWN]
    formal = [row for row in rows if row.ratifies_id == vote.pk and row.is_known]
    return Related(
        listed=listed if len(listed) > 1 else [vote],
        after=next((row for row in rows if row.replaces_id == vote.pk), None),
        formal=formal[-1] if formal else None,
    )
