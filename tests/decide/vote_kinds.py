"""Votes of every kind, and in a meeting, for the tests of votes."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from omkering.decide import commands, vote_rule
from omkering.decide.models import Meeting, Vote
from omkering.who.models import Member, Person
from tests.decide.running import make_meeting, put_there
from tests.decide.votes import make_proposal, members_with_voters, open_vote, plan
from tests.people import make_adviser

TITLES = ("Fiets", "Bus", "Trein")
KINDS: dict[str, dict[str, Any]] = {
    "for_against_abstain": {},
    "options": {},
    "approval": {"max_choices": 2, "seats": 2},
    "ranking": {},
    "points": {"max_points": 5, "total_points": 6},
}
# What three members say in each kind, and what is chosen then.
SAID = {
    "for_against_abstain": ("for", "for", "against"),
    "options": ("A", "A", "B"),
    "approval": ("A|B", "B|C", "B"),
    "ranking": ("A>B", "A>C", "B>A=C"),
    "points": ("A:5|B:1", "A:3", "C:5"),
}


def ballot_of(kind: str, titles: tuple[str, ...] = TITLES, **changes: Any) -> dict[str, Any]:
    limits = {**KINDS[kind], **changes}
    return vote_rule.ballot_data(kind, [{"title": title} for title in titles], **limits)


def open_of(kind: str, *inhabitants: int, **changes: Any) -> tuple[Vote, list[tuple[Member, Person]]]:
    """An open vote of a kind, with the members on its roll and who votes for them."""
    people = members_with_voters(*(inhabitants or (3_000, 2_000, 1_000)))
    return open_vote(ballot=ballot_of(kind), **changes), people


def cast_all(vote: Vote, people: list[tuple[Member, Person]], said: tuple[str, ...]) -> None:
    for (member, voter), choice in zip(people, said, strict=True):
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice=choice)


def in_meeting(
    *inhabitants: int, meeting: Meeting | None = None, **changes: Any
) -> tuple[Vote, list[tuple[Member, Person]], Person]:
    """An open vote in a meeting at which these members are, who votes for them, and an adviser."""
    people = members_with_voters(*inhabitants)
    meeting = meeting or make_meeting()
    for member, voter in people:
        put_there(meeting, member, voter)
    adviser = make_adviser()
    vote = planned_in(meeting, adviser, **changes)
    return commands.open_vote(actor=adviser, vote=vote), people, adviser


def planned_in(meeting: Meeting, adviser: Person, **changes: Any) -> Vote:
    return plan(
        changes.pop("about", None) or make_proposal(adviser),
        adviser,
        meeting=meeting,
        **{"closes_at": timezone.now() + timedelta(hours=1), **changes},
    )
