"""The votes and motions of a meeting as its minutes tell them, with the text as it was voted on."""

import json
from collections import defaultdict
from functools import lru_cache
from typing import Any

from django.db.models import Q

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
from omkering.decide.queries.minutes_words import label, moment, words
from omkering.who.current import association

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
# What was done with a motion without a vote of its own.
WITHOUT_VOTE = (
    MotionState.TAKEN_OVER,
    MotionState.HELD,
    MotionState.MERGED,
    MotionState.WITHDRAWN,
)


def vote_entries(meeting: Meeting, *, roll_calls: bool) -> list[Data]:
    """The votes that were opened in a meeting, in the order in which they were."""
    votes = list(
        Vote.objects.filter(meeting=meeting, opened_at__isnull=False)
        .select_related("about")
        .defer("search", "body", "about__search")
        .order_by("opened_at", "pk")
    )
    texts = _texts(votes)
    objections = _objections(votes)
    languages = tuple(association().languages)
    calls = _roll_calls([vote for vote in votes if _told(vote, meeting)]) if roll_calls else {}
    return [
        {
            "type": "vote",
            "source": f"vote:{vote.pk}",
            "id": vote.pk,
            "item": vote.pk,
            "agenda_item": vote.agenda_item_id,
            "at": moment(vote.opened_at),
            "title": vote.title,
            "about": {"id": vote.about_id, "kind": vote.about.kind, "title": vote.about.title},
            "text": texts[vote.pk],
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
            "objections": objections[vote.pk],
            "options": [{"key": o["key"], "title": o["title"]} for o in vote_rule.options_of(vote.rule)],
            "kind": vote_rule.ballot_of(vote.rule)["kind"],
            **_rule_words(json.dumps(vote.rule, sort_keys=True), languages),
            **_result(vote, meeting),
            "roll_call": calls.get(vote.pk),
        }
        for vote in votes
    ]


@lru_cache(maxsize=500)
def _rule_words(rule: str, languages: tuple[str, ...]) -> Data:
    """What a rule asks, in words; most votes have the same rule, so a process keeps what it said of it."""
    data = json.loads(rule)
    return {
        "needed_words": words(lambda: rule_words.needed_in_words(data)),
        "weight_words": words(lambda: rule_words.weight_in_words(data)),
    }


def _told(vote: Vote, meeting: Meeting) -> bool:
    """Whether what a vote came to may be told: it was announced, or the meeting is over."""
    return vote.result is not None and (vote.announced_at is not None or meeting.closed_at is not None)


def _result(vote: Vote, meeting: Meeting) -> Data:
    """The result in figures and in words; None where it is not known (yet)."""
    if not _told(vote, meeting) or vote.state == VoteState.UNDONE or vote.result is None:
        return {"result": None, "outcome_words": None, "needed_of_words": None, "quorum_words": None}
    result = vote.result
    decided = {"outcome": str(vote.outcome), "elected": vote.chosen, "by_chair": bool(vote.chair_choice)}
    return {
        "result": {**{name: result.get(name) for name in SUMS}, **decided},
        "outcome_words": words(lambda: rule_words.outcome_of(vote)),
        "needed_of_words": words(lambda: rule_words.needed_afterwards(result)),
        "quorum_words": words(
            lambda: rule_words.quorum_in_words(vote.rule, result["roll"]["votes"], result["roll"]["heads"])
        ),
    }


def _texts(votes: list[Vote]) -> dict[int, str]:
    """Each vote → the text that was voted on; at most two queries."""
    about = [vote.about_id for vote in votes]
    proposals = dict(Proposal.objects.filter(pk__in=about).values_list("pk", "text"))
    motions: dict[int, list[MotionText]] = defaultdict(list)
    for row in MotionText.objects.filter(motion_id__in=about).order_by("motion_id", "number"):
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
            found[vote.pk] = proposals.get(vote.about_id) or vote.about.body or vote.about.summary
    return found


def motion_text(text: MotionText) -> str:
    """A motion in its usual form, as one text."""
    return "\n\n".join(part for part in (text.noting, text.considering, text.requests) if part)


def _objections(votes: list[Vote]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for vote in Objection.objects.filter(vote__in=[vote.pk for vote in votes]).values_list(
        "vote_id", flat=True
    ):
        found[vote] += 1
    return found


def _roll_calls(votes: list[Vote]) -> dict[int, list[Data]]:
    """Vote → who voted what, line by line and part by part, by name; never of a secret vote. Two queries."""
    open_votes = [vote.pk for vote in votes if not vote.secret and vote.state == VoteState.CLOSED]
    if not open_votes:
        return {}
    cast = {
        (entry, part): (choice, way, proxy)
        for entry, part, choice, way, proxy in Ballot.objects.filter(vote__in=open_votes).values_list(
            "entry_id", "part", "choice", "way", "by_proxy__name"
        )
    }
    rows = RollEntry.objects.filter(vote__in=open_votes).order_by("member__sort_key", "voter")
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
    rows = rows.select_related("motion").defer("motion__search", "motion__body")
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
    rows = Motion.objects.filter(meeting=meeting, state__in=WITHOUT_VOTE).exclude(pk__in=voted)
    motions = list(rows.defer("search", "body").order_by("year", "number", "pk"))
    texts = {
        row.motion_id: row
        for row in MotionText.objects.filter(motion__in=[m.pk for m in motions]).order_by("number")
    }
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
