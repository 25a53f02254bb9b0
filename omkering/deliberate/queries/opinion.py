"""Reading the opinion map of a round, and where somebody stands on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from omkering.deliberate.models import ConsultationRound, OpinionRun, StatementVote
from omkering.deliberate.opinion_result import share
from omkering.deliberate.queries.statements import in_round
from omkering.deliberate.statement_texts import Line

FEW = 7  # votes from which somebody is placed in a group
DIFFERENT = 5  # statements that are told on which somebody differs from their group


def newest(round: ConsultationRound) -> OpinionRun | None:
    """The newest map of a round, without its memory; one query."""
    return OpinionRun.objects.filter(in_round=round).defer("memory").order_by("-created_at").first()


def statements_of(round: ConsultationRound) -> dict[str, Line]:
    """The shown statements of a round by key, in order of number; one query."""
    rows = in_round(round).order_by("number").values_list("pk", "number", "text")
    return {str(pk): Line(pk, number, text) for pk, number, text in rows}


@dataclass(frozen=True)
class Stand:
    """Where somebody stands: the letter of their group ("" in none, or in one too small to describe), their place, how
    many votes they gave, with how many of the leanings of each group they agree, and where they differ from their own.
    """

    letter: str
    place: tuple[float, float] | None
    votes: int
    needed: int  # votes they still have to give to be placed
    with_groups: list[tuple[str, int, int]] = field(default_factory=list)  # letter, the same, of so many
    different: list[tuple[Line, int]] = field(default_factory=list)  # and what they voted


def stand_of(
    person: Any, run: OpinionRun | None, round: ConsultationRound, statements: Mapping[str, Line]
) -> Stand | None:
    """Where this person stands; None for a visitor and for who did not vote. Two queries."""
    if not person.is_authenticated:
        return None
    own = {
        str(statement): value
        for statement, value in StatementVote.objects.filter(
            person=person, statement__in_round=round
        ).values_list("statement_id", "value")
    }
    if not own:
        return None
    letter, place = _from_memory(run, str(person.pk))
    groups = [] if run is None else run.result["groups"]
    if letter not in {group["name"] for group in groups}:
        letter = ""
    counted = sum(key in statements for key in own)
    needed = 0 if letter else max(0, min(FEW, len(statements)) - counted)
    if run is None:
        return Stand("", None, len(own), needed)
    leanings = {group["name"]: _leanings(run.result, group["name"]) for group in groups}
    with_groups = []
    for name, leaning in leanings.items():
        both = [key for key in leaning if own.get(key)]
        if both:
            with_groups.append((name, sum(own[key] == leaning[key] for key in both), len(both)))
    differs = [
        (statements[key], own[key])
        for key, lean in leanings.get(letter, {}).items()
        if key in statements and own.get(key) == -lean
    ]
    return Stand(letter, place, len(own), needed, with_groups, differs[:DIFFERENT])


def _from_memory(run: OpinionRun | None, key: str) -> tuple[str, tuple[float, float] | None]:
    """The letter and place of one person, read within the database: the memory of all of them is large."""
    if run is None:
        return "", None
    letter, place = (
        OpinionRun.objects.filter(pk=run.pk)
        .values_list(f"memory__letters__{key}", f"memory__places__{key}")
        .get()
    )
    return letter or "", (place[0], place[1]) if place else None


def _leanings(result: Mapping[str, Any], name: str) -> dict[str, int]:
    """Statement → 1 or −1, where most of a group agree or disagree; the clearest first."""
    found = {}
    for key, each in result["statements"].items():
        counts = each["groups"].get(name)
        if counts is None:
            continue
        for direction, value in (("agree", 1), ("disagree", -1)):
            if share(counts, direction) > 0.5:
                found[key] = (share(counts, direction), value)
    return {key: value for key, (_share, value) in sorted(found.items(), key=lambda pair: -pair[1][0])}
