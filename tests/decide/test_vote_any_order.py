"""Any order of arriving, leaving, proxies given and withdrawn, casting and changing gives the count of a slow oracle.

The oracle keeps what every rule says in plain sets and adds up one vote at a time.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from omkering.decide import commands, counting
from omkering.decide.commands.attendance import arrive, leave
from omkering.decide.commands.proxies import give_proxy, withdraw_proxy
from omkering.decide.models import Meeting, Proxy, Vote
from omkering.who.models import Member, Person
from tests.decide.running import make_meeting, name_delegate
from tests.decide.vote_kinds import planned_in
from tests.decide.votes import members_with_voters
from tests.people import make_adviser, make_person

pytestmark = pytest.mark.django_db

WEIGHTS = (7, 5, 4, 1)  # the first divides its votes: 4 and 3
PARTS = (4, 3)
CHOICES = ("for", "against", "abstain")
MEMBERS = range(len(WEIGHTS))


@dataclass
class Oracle:
    """Who is there, who gave a proxy to whom, and what was cast: (member, part) → choice."""

    here: set[tuple[int, int]] = field(default_factory=set)  # member, number of its person
    proxies: dict[int, int] = field(default_factory=dict)
    cast: dict[tuple[int, int], str] = field(default_factory=dict)

    def is_here(self, member: int) -> bool:
        return any(one == member for one, _person in self.here)

    def may(self, member: int, person: int, of: int) -> tuple[int, int] | None:
        """The line and part that a person of `member` may cast for the member `of`; None for none."""
        if (member, person) not in self.here:
            return None
        if of == member:
            if member == 0:
                return (0, person + 1)  # frozen parts: also with a proxy out
            return None if member in self.proxies else (of, 0)
        if of == 0 or member in self.proxies or self.proxies.get(of) != member:
            return None  # a divided member votes by its parts alone
        return (of, 0)

    def votes(self, line: int, part: int) -> int:
        return PARTS[part - 1] if part else WEIGHTS[line]

    def totals(self) -> dict[str, Any]:
        votes = dict.fromkeys(CHOICES, 0)
        for (line, part), choice in self.cast.items():
            for _one in range(self.votes(line, part)):
                votes[choice] += 1
        heads = dict.fromkeys(CHOICES, 0)
        for line in {line for line, _part in self.cast}:
            said = [choice for (other, _part), choice in self.cast.items() if other == line]
            real = {choice for choice in said if choice != "abstain"}
            if not real:
                heads["abstain"] += 1
            elif len(real) == 1:
                heads[real.pop()] += 1
        present = {line for line, _part in self.cast} | {
            member for member in MEMBERS if self.is_here(member) or self.is_here(self.proxies.get(member, -1))
        }
        counts = votes["for"] + votes["against"]
        outcome = "adopted" if 2 * votes["for"] > counts else "rejected"
        if counts and votes["for"] == votes["against"]:
            outcome = "tie"
        return {"votes": votes, "heads": heads, "present": len(present), "outcome": outcome}


@dataclass
class World:
    meeting: Meeting
    members: list[Member]
    people: list[list[Person]]
    vote: Vote
    adviser: Person


def world() -> World:
    pairs = members_with_voters(*(weight * 1_000 for weight in WEIGHTS))
    meeting = make_meeting()
    meeting.rules = {"electorate": "members", "proxy": True, "proxies_per_holder": None, "split": True}
    meeting.save(update_fields=["rules"])
    people = [[voter] for _member, voter in pairs]
    people[0].append(make_person("alderman", member=pairs[0][0]))
    for person, votes in zip(people[0], PARTS, strict=True):
        name_delegate(meeting, pairs[0][0], person, votes)
    adviser = make_adviser()
    vote = commands.open_vote(actor=adviser, vote=planned_in(meeting, adviser, tie="stays"))
    return World(meeting, [member for member, _voter in pairs], people, vote, adviser)


member = st.integers(0, len(WEIGHTS) - 1)
person = st.integers(0, 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("arrive"), member, person),
        st.tuples(st.just("leave"), member, person),
        st.tuples(st.just("give"), member, member),
        st.tuples(st.just("withdraw"), member),
        st.tuples(st.just("cast"), member, person, member, st.sampled_from(CHOICES)),
        st.tuples(st.just("cast"), member, person, member, st.sampled_from(CHOICES)),
    ),
    min_size=4,
    max_size=24,
)


def take(there: World, oracle: Oracle, step: tuple) -> None:
    """One step in both; where the product refuses, the oracle must have known."""
    name, first, *rest = step
    if name in ("arrive", "leave"):
        number = min(rest[0], len(there.people[first]) - 1)
        who = there.people[first][number]
        given = {
            "actor": there.adviser,
            "meeting": there.meeting,
            "member": there.members[first],
            "person": who,
        }
        if name == "arrive":
            arrive(**given, presence="on_site")
            oracle.here.add((first, number))
            oracle.proxies.pop(first, None)
        else:
            leave(**given)
            oracle.here.discard((first, number))
    elif name == "give":
        _give(there, oracle, first, rest[0])
    elif name == "withdraw":
        proxy = Proxy.objects.filter(meeting=there.meeting, giver=there.members[first], ended_at=None).first()
        assert (proxy is not None) == (first in oracle.proxies)
        if proxy:
            withdraw_proxy(actor=there.people[first][0], proxy=proxy)
            del oracle.proxies[first]
    else:
        number, of, choice = rest
        _cast(there, oracle, first, min(number, len(there.people[first]) - 1), of, choice)


def _give(there: World, oracle: Oracle, giver: int, holder: int) -> None:
    allowed = (
        giver != holder
        and not oracle.is_here(giver)
        and giver not in oracle.proxies.values()
        and holder not in oracle.proxies
    )
    try:
        with transaction.atomic():
            give_proxy(
                actor=there.people[giver][0],
                meeting=there.meeting,
                giver=there.members[giver],
                holder=there.members[holder],
                text="Wij geven onze stem.",
            )
        done = True
    except ValidationError:
        done = False
    assert done == allowed, (giver, holder)
    if done:
        oracle.proxies[giver] = holder


def _cast(there: World, oracle: Oracle, own: int, number: int, of: int, choice: str) -> None:
    place = oracle.may(own, number, of)
    try:
        with transaction.atomic():
            commands.cast_ballot(
                actor=there.people[own][number], vote=there.vote, member=there.members[of], choice=choice
            )
        done = True
    except (PermissionDenied, ValidationError):
        done = False
    assert done == (place is not None), (own, number, of)
    if place:
        oracle.cast[place] = choice


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=steps)
@example(  # a proxy is used, then its giver arrives and votes otherwise
    steps=[
        ("arrive", 1, 0), ("give", 2, 1), ("cast", 1, 0, 2, "for"), ("arrive", 2, 0), ("cast", 2, 0, 2, "against"),
        ("cast", 1, 0, 2, "for"), ("cast", 1, 0, 1, "for"),
    ]
)  # fmt: skip
@example(  # both parts of a divided member, each its own way, then one of them leaves: a tie
    steps=[
        ("arrive", 0, 0), ("arrive", 0, 1), ("arrive", 3, 0), ("cast", 0, 0, 0, "for"), ("cast", 0, 1, 0, "against"),
        ("leave", 0, 1), ("cast", 0, 1, 0, "for"), ("cast", 3, 0, 3, "against"),
    ]
)  # fmt: skip
@example(  # no chains, and who is away holds nothing
    steps=[
        ("arrive", 1, 0), ("give", 2, 1), ("give", 1, 3), ("give", 3, 2), ("leave", 1, 0), ("cast", 1, 0, 2, "for"),
        ("give", 1, 3), ("withdraw", 2), ("give", 1, 3), ("arrive", 3, 0), ("cast", 3, 0, 1, "abstain"),
    ]
)  # fmt: skip
def test_any_order_gives_the_count_of_the_slow_oracle(steps):
    with transaction.atomic():
        there, oracle = world(), Oracle()
        for step in steps:
            take(there, oracle, step)
        wanted = oracle.totals()
        counted = counting.count(there.vote)
        assert counted.votes == wanted["votes"]
        assert counted.heads == wanted["heads"]
        assert counted.present.heads == wanted["present"]
        closed = commands.close_vote(actor=there.adviser, vote=there.vote)
        assert closed.result["votes"] == wanted["votes"]
        assert closed.result["outcome"] == wanted["outcome"]
        transaction.set_rollback(True)
