"""Reading the roll of a vote: who may vote with how many votes, and what they voted once everybody may know it.

A roll has hundreds of lines and stands on pages whole, so its lines are plain tuples and not rows of models.
"""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import TextField
from django.db.models.functions import Cast as AsType
from django.utils.translation import gettext as _

from omkering.decide import secrecy, vote_rule, words
from omkering.decide.electorate import roll_of
from omkering.decide.models import RollEntry, Vote, VoteState, Way
from omkering.decide.vote_rule import RuleData
from omkering.ui.member_map import MemberPlace
from omkering.who.current import association
from omkering.who.models import Member
from omkering.who.queries import group_names

NOT_CAST = "absent"
DIVIDED = "divided"  # a member whose parts say different things
VOTED = "voted"  # in a secret vote: that, and nothing else


class Entry(NamedTuple):
    """A line of the roll as `RollEntry` keeps it, to read; `pk` is 0 where it is not frozen yet."""

    pk: int
    voter: str
    name: str  # of the member, or of the person on the seat
    member: MemberPlace | None
    inhabitants: int
    weight: int
    groups: dict[str, list[str]]
    parts: list[dict[str, int]]


class Cast(NamedTuple):
    """One ballot of a line of the roll as everybody may see it after closing: what, how, by whose hand."""

    votes: int
    part: int
    choice: str
    choice_words: str
    way: str  # in words
    by_proxy: str  # the member that cast it for this one
    receipt: int


class RollLine(NamedTuple):
    """A line of the roll. What it voted is there once the result is known ("absent": nothing)."""

    voter: str
    name: str
    member: MemberPlace | None
    division: str
    inhabitants: int
    weight: int
    parts: int  # in how many parts it divides its votes
    choice: str
    choice_words: str
    casts: tuple[Cast, ...]


# --- the roll --------------------------------------------------------------------------------------------
def entries_of(vote: Vote) -> list[Entry]:
    """The roll in the order of names: as frozen (one query), or as it would be now (six).

    A planned vote whose roll cannot be made (a population is missing) has none.
    """
    if vote.opened_at is not None:
        return _frozen(vote)
    try:
        return [_unsaved(row) for row in roll_of(vote)]
    except ValidationError:
        return []


def _frozen(vote: Vote) -> list[Entry]:
    # Many lines have the same groups and most have no parts, so each text is read once; nobody changes what it says.
    read = cache(json.loads)
    groups, parts = (AsType(name, TextField()) for name in ("groups", "parts"))
    rows = vote.roll.order_by("member__sort_key", "voter").values_list(
        "pk",
        "voter",
        "person__name",
        "inhabitants",
        "weight",
        groups,
        parts,
        *MemberPlace.columns("member__"),
    )
    found = []
    for pk, voter, person, inhabitants, weight, in_groups, in_parts, *columns in rows:
        member = None if columns[0] is None else MemberPlace(*columns)
        name = member.name if member else person
        found.append(Entry(pk, voter, name, member, inhabitants, weight, read(in_groups), read(in_parts)))
    return found


def _unsaved(row: RollEntry) -> Entry:
    member = _member(row.member) if row.member else None
    return Entry(0, row.voter, row.name, member, row.inhabitants, row.weight, row.groups, row.parts)


def _member(row: Member) -> MemberPlace:
    return MemberPlace(row.pk, row.code, row.name, row.sort_key, row.tile_column, row.tile_row)


def is_divided(rule: RuleData, entries: Iterable[Entry]) -> bool:
    """Whether somebody on this roll divides its votes."""
    return vote_rule.may_divide(rule) and any(entry.parts for entry in entries)


# --- with what was voted ---------------------------------------------------------------------------------
def choice_words(choice: str) -> str:
    """A choice for or against in the reader's language."""
    return words.choice_in_words(None, choice)


def roll_lines(
    vote: Vote, entries: Iterable[Entry] | None = None, *, with_choices: bool | None = None
) -> list[RollLine]:
    """The roll in the order of names, with what was voted where that is known to all; at most three queries.

    `with_choices` shows it earlier, to who announces the result; `entries` as `entries_of` gives them.
    """
    entries = entries_of(vote) if entries is None else list(entries)
    shown = vote.is_known if with_choices is None else with_choices and vote.state == VoteState.CLOSED
    casts = _casts(vote, entries) if shown and not vote.secret else {}
    voted = secrecy.turnout_of(vote) if shown and vote.secret else {}
    main = association().main_division
    names = group_names().get(main, {})
    # Hundreds of lines say one of a few things: each is put in words once.
    in_words = cache(lambda choice: _line_words(vote.rule, choice))
    division = cache(lambda keys: ", ".join(names.get(key, key) for key in keys))
    lines = []
    for entry in entries:
        own = casts.get(entry.pk, ())
        choice = _choice_of(own) if not vote.secret else (VOTED if voted.get(entry.pk) else NOT_CAST)
        lines.append(
            RollLine(
                voter=entry.voter,
                name=entry.name,
                member=entry.member,
                division=division(tuple(entry.groups.get(main, ()))),
                inhabitants=entry.inhabitants,
                weight=entry.weight,
                parts=len(entry.parts),
                choice=choice if shown else "",
                choice_words=in_words(choice) if shown else "",
                casts=own,
            )
        )
    return lines


def _choice_of(casts: tuple[Cast, ...]) -> str:
    if len(casts) == 1:
        return casts[0].choice
    said = {cast.choice for cast in casts}
    return NOT_CAST if not said else said.pop() if len(said) == 1 else DIVIDED


def _line_words(rule: RuleData, choice: str) -> str:
    if choice == VOTED:
        return _("Voted")
    return _("Divided") if choice == DIVIDED else words.choice_in_words(rule, choice)


def _casts(vote: Vote, entries: Iterable[Entry]) -> dict[int, tuple[Cast, ...]]:
    whole = {entry.pk: entry.weight for entry in entries}
    votes_of = {(entry.pk, part["part"]): part["votes"] for entry in entries for part in entry.parts}
    in_words = cache(lambda choice: words.choice_in_words(vote.rule, choice))
    ways = {way.value: str(way.label) for way in Way}
    found: dict[int, tuple[Cast, ...]] = {}
    rows = vote.ballots.order_by("entry_id", "part").values_list(
        "entry_id", "part", "choice", "way", "by_proxy__name", "event_id"
    )
    for entry, part, choice, way, proxy, receipt in rows:
        votes = votes_of[entry, part] if part else whole[entry]
        cast = Cast(votes, part, choice, in_words(choice), ways[way], proxy or "", receipt)
        found[entry] = (*found.get(entry, ()), cast)
    return found


def choices_of(lines: Iterable[RollLine]) -> dict[str, str]:
    """Voter → what it voted, as ballots write it; a member that divided its votes by its largest part."""
    return {line.voter: _largest(line.casts) for line in lines if line.casts}


def _largest(casts: Sequence[Cast]) -> str:
    return (
        casts[0].choice
        if len(casts) == 1
        else max((cast.votes if cast.part else 0, cast.choice) for cast in casts)[1]
    )
