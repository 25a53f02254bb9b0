"""The votes and motions of a meeting as its minutes tell them, with the text as it was voted on."""

import json
from collections import defaultdict
from functools import lru_cache
from typing import Any

from django.db.models import Func, Q, TextField
from django.db.models.functions import Cast

from omkering.decide import vote_rule
from omkering.decide import words as rule_words
from omkering.decide.models import (
    Admission,
    AdviceKind,
    Ballot,
    Meeting,
    Motion,
    MotionState,
    MotionStep,
    MotionText,
    Objection,
    Procedure,
    Proposal,
    RollEntry,
    Vote,
    VoteState,
    Way,
)
from omkering.decide.queries.minutes_kinds import WITHOUT_VOTE
from omkering.decide.queries.minutes_words import Languages, all_languages, label, moment, words

Data = dict[str, Any]
SUMS = (
    "votes",
    "heads",
    "base",
    "required",
    "absent",
    "absent_votes",
    "tied",
    "roll",
    "cast",
)
ABSENT = "absent"
# What minutes read of a vote, of a text of a motion and of a motion: these have many columns, and large ones.
OF_A_VOTE = (
    *(
        "pk",
        "title",
        "state",
        "agenda_item_id",
        "secret",
        "procedure",
        "on_advice",
        "replaces_id",
        "ratifies_id",
    ),
    *("opened_at", "closed_at", "announced_at", "undone_reason", "chair_choice"),
    *("about_id", "about__kind", "about__title", "about__summary", "about__body"),
)
OF_A_TEXT = ("motion_id", "noting", "considering", "requests")
OF_A_MOTION = ("title", "agenda_item_id", "admission", "year", "number")


class _Told(Func):
    """What minutes tell of a result: not its figures by group of members, which are nine tenths of it."""

    template = "(%(expressions)s - '{slices,slice_heads,slice_totals}'::text[])::text"
    output_field = TextField()


def vote_entries(
    meeting: Meeting, there: frozenset[str], *, roll_calls: bool, languages: Languages | None = None
) -> list[Data]:
    """The votes that were opened in a meeting, in the order in which they were; their words in these languages. `there`
    are the kinds of things that there are in the meeting (`minutes_kinds`).
    """
    votes = _votes(meeting)
    texts = _texts(votes)
    objections = _objections(votes) if "objection" in there else {}
    languages = languages or all_languages()
    calls = _roll_calls([vote for vote in votes if _told(vote, meeting)]) if roll_calls else {}
    return [
        {
            **_entry(vote, languages),
            "text": texts[vote.pk],
            "objections": objections.get(vote.pk, 0),
            **_result(vote, meeting, languages),
            "roll_call": calls.get(vote.pk),
        }
        for vote in votes
    ]


def _entry(vote: Any, languages: Languages) -> Data:
    """What a row of `_votes` says itself."""
    ballot = vote_rule.ballot_of(_rule(vote.rule_text))
    return {
        "type": "vote",
        "source": f"vote:{vote.pk}",
        "id": vote.pk,
        "item": vote.pk,
        "agenda_item": vote.agenda_item_id,
        "at": moment(vote.opened_at),
        "title": vote.title,
        "about": {"id": vote.about_id, "kind": vote.about__kind, "title": vote.about__title},
        "state": vote.state,
        "secret": vote.secret,
        "procedure": vote.procedure,
        "procedure_words": label(Procedure(vote.procedure)),
        "on_advice_words": label(AdviceKind(vote.on_advice)) if vote.on_advice else None,
        "replaces": vote.replaces_id,
        "ratifies": vote.ratifies_id,
        "undone_reason": vote.undone_reason,
        "closed_at": moment(vote.closed_at),
        "announced_at": moment(vote.announced_at),
        "options": [{"key": o["key"], "title": o["title"]} for o in ballot.get("options", ())],
        "kind": ballot["kind"],
        **_rule_words(vote.rule_text, languages),
    }


def _votes(meeting: Meeting) -> list[Any]:
    """Of each vote the columns OF_A_VOTE, and as texts its rule (`rule_text`) and result (`told`, None without one)."""
    rows = Vote.objects.filter(meeting=meeting, opened_at__isnull=False).order_by("opened_at", "pk")
    rows = rows.annotate(rule_text=Cast("rule", TextField()), told=_Told("result"))
    return list(rows.values_list(*OF_A_VOTE, "rule_text", "told", named=True))


# Most votes have the same rule, and results stay as they are: a process keeps what it said of the newest it read.
@lru_cache(maxsize=500)
def _rule(text: str) -> Data:
    found: Data = json.loads(text)
    return found


@lru_cache(maxsize=500)
def _rule_words(rule: str, languages: Languages) -> Data:
    """What a rule asks, in words."""
    data = _rule(rule)
    return {
        "needed_words": words(lambda: rule_words.needed_in_words(data), languages),
        "weight_words": words(lambda: rule_words.weight_in_words(data), languages),
    }


@lru_cache(maxsize=500)
def _quorum_words(rule: str, votes: int, heads: int, languages: Languages) -> dict[str, str]:
    """The quorum of a rule on a roll of so many votes and members, in words."""
    return words(lambda: rule_words.quorum_in_words(_rule(rule), votes, heads), languages)


def _told(vote: Any, meeting: Meeting) -> bool:
    """Whether what a vote came to may be told: it was announced, or the meeting is over."""
    return vote.told is not None and (vote.announced_at is not None or meeting.closed_at is not None)


def _result(vote: Any, meeting: Meeting, languages: Languages) -> Data:
    """The result in figures and in words; None where it is not known (yet)."""
    if not _told(vote, meeting) or vote.state == VoteState.UNDONE:
        return {"result": None, "outcome_words": None, "needed_of_words": None, "quorum_words": None}
    return _came_to(vote.told, vote.rule_text, vote.chair_choice, languages)


@lru_cache(maxsize=1_000)
def _came_to(told: str, rule: str, chair: str, languages: Languages) -> Data:
    """What a result says under a rule, with what the chair decided on a tie."""
    result = json.loads(told)
    # As read with `only`: a new one would work out what all its other fields are by default.
    vote = Vote.from_db(None, ("rule", "chair_choice", "result"), (_rule(rule), chair, result))
    decided = {"outcome": str(vote.outcome), "elected": vote.chosen, "by_chair": bool(vote.chair_choice)}
    return {
        "result": {**{name: result.get(name) for name in SUMS}, **decided},
        "outcome_words": words(lambda: rule_words.outcome_of(vote), languages),
        "needed_of_words": words(lambda: rule_words.needed_afterwards(result), languages),
        "quorum_words": _quorum_words(rule, result["roll"]["votes"], result["roll"]["heads"], languages),
    }


def _texts(votes: list[Any]) -> dict[int, str]:
    """Each vote → the text that was voted on; at most two queries."""
    proposals: dict[int, str] = {}
    if asked := _about(votes, "proposal"):
        proposals = dict(Proposal.objects.filter(pk__among=asked).values_list("pk", "text"))
    motions: dict[int, list[Any]] = defaultdict(list)
    if asked := _about(votes, "motion"):
        rows = MotionText.objects.filter(motion__among=asked).order_by("motion_id", "number")
        for row in rows.values_list(*OF_A_TEXT, "made_at", named=True):
            motions[row.motion_id].append(row)
    found = {}
    for vote in votes:
        texts = motions.get(vote.about_id, [])
        then = [text for text in texts if vote.opened_at is None or text.made_at <= vote.opened_at] or texts[
            :1
        ]
        if then:
            found[vote.pk] = motion_text(then[-1])
        else:
            found[vote.pk] = proposals.get(vote.about_id) or vote.about__body or vote.about__summary
    return found


def _about(votes: list[Any], kind: str) -> frozenset[int]:
    """What of this kind was voted on."""
    return frozenset(vote.about_id for vote in votes if vote.about__kind == kind)


def motion_text(text: Any) -> str:
    """A motion in its usual form, as one text; `text` is a row with the columns OF_A_TEXT."""
    return "\n\n".join(part for part in (text.noting, text.considering, text.requests) if part)


def _objections(votes: list[Any]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    rows = Objection.objects.filter(vote__among=frozenset(vote.pk for vote in votes))
    for vote in rows.values_list("vote_id", flat=True):
        found[vote] += 1
    return found


def _roll_calls(votes: list[Any]) -> dict[int, list[Data]]:
    """Vote → who voted what, line by line and part by part, by name; never of a secret vote. Two queries."""
    open_votes = frozenset(vote.pk for vote in votes if not vote.secret and vote.state == VoteState.CLOSED)
    if not open_votes:
        return {}
    cast = {
        (entry, part): (choice, way, proxy)
        for entry, part, choice, way, proxy in Ballot.objects.filter(vote__among=open_votes).values_list(
            "entry_id", "part", "choice", "way", "by_proxy__name"
        )
    }
    rows = RollEntry.objects.filter(vote__among=open_votes).order_by("member__sort_key", "voter")
    fields = ("pk", "vote_id", "voter", "weight", "parts", "member__name", "person_id")
    found: dict[int, list[Data]] = {vote: [] for vote in open_votes}
    for pk, vote, voter, weight, parts, name, person in rows.values_list(*fields):
        for part, votes_ in [(p["part"], p["votes"]) for p in parts] or [(0, weight)]:
            choice, way, proxy = cast.get((pk, part), (ABSENT, "", None))
            found[vote].append(
                {
                    "voter": voter,
                    "name": name,
                    "person": person,
                    "part": part,
                    "votes": votes_,
                    "choice": choice,
                    "way": "" if way == Way.SCREEN else way,
                    "by_proxy": proxy,
                }
            )
    return found


def admission_entries(meeting: Meeting) -> list[Data]:
    """What the body decided about motions of a meeting that came late, and why; where a vote admitted one, that vote
    tells it.
    """
    admitted = Q(state=MotionState.FILED, caused_by=None, motion__admission=Admission.URGENT) & ~Q(reason="")
    refused = Q(state=MotionState.NOT_ADMITTED, motion__state=MotionState.NOT_ADMITTED)
    rows = MotionStep.objects.filter(admitted | refused, motion__meeting=meeting)
    rows = rows.select_related("motion").only("reason", "at", *(f"motion__{name}" for name in OF_A_MOTION))
    return [
        {
            "type": "motion",
            "source": f"admission:{row.pk}",
            "id": row.motion_id,
            "item": row.motion_id,
            "agenda_item": row.motion.agenda_item_id,
            "at": moment(row.at),
            "title": row.motion.title,
            "number": f"{row.motion.year}-{row.motion.number}" if row.motion.number else "",
            "text": row.reason,
            "tells": True,
            "state": row.motion.admission,
            "state_words": label(Admission(row.motion.admission)),
        }
        for row in rows.order_by("pk")
    ]


def motion_entries(meeting: Meeting, voted: set[int]) -> list[Data]:
    """The motions of a meeting that were dealt with without a vote of their own, with their newest text."""
    rows = Motion.objects.filter(meeting=meeting, state__in=WITHOUT_VOTE)
    rows = rows.only(*OF_A_MOTION, "state", "decided_at", "filed_at", "requests")
    motions = [motion for motion in rows.order_by("year", "number", "pk") if motion.pk not in voted]
    texts: dict[int, Any] = {}
    if motions:
        newest = MotionText.objects.filter(motion__among=frozenset(motion.pk for motion in motions))
        rows_of_texts = newest.order_by("number").values_list(*OF_A_TEXT, named=True)
        texts = {row.motion_id: row for row in rows_of_texts}
    return [
        {
            "type": "motion",
            "source": f"motion:{motion.pk}",
            "id": motion.pk,
            "item": motion.pk,
            "agenda_item": motion.agenda_item_id,
            "at": moment(motion.decided_at or motion.filed_at),
            "title": motion.title,
            "number": f"{motion.year}-{motion.number}" if motion.number else "",
            "text": motion_text(texts[motion.pk]) if motion.pk in texts else motion.requests,
            "state": motion.state,
            "state_words": label(MotionState(motion.state)),
        }
        for motion in motions
    ]
