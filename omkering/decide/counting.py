"""The count of a vote: its frozen roll and its ballots, handed to the engine."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from omkering.decide import vote_rule
from omkering.decide.models import (
    Attendance,
    Ballot,
    MeetingForm,
    Objection,
    Procedure,
    Proxy,
    RollEntry,
    SecretBox,
    SecretTurnout,
    Vote,
)
from omkering.engine import tally


def result_of(vote: Vote) -> dict[str, Any]:
    """What a vote came to now, as it is kept: the engine's count, and what the rule says of a tie that rejects.

    By acclamation, without an objection, it is adopted (or all options are chosen) unless too few are present.
    """
    result = count(vote).as_dict()
    if vote.procedure == Procedure.ACCLAMATION and not Objection.objects.filter(vote=vote).exists():
        return _acclaimed(vote, result)
    rejects = vote_rule.tie_of(vote.rule) == "rejected" and not vote_rule.is_election(vote.rule)
    if result["outcome"] == "tie" and rejects:
        result["outcome"] = "rejected"
        result["reason"] = [*result["reason"], {"code": "tie_rejected", "facts": {}}]
    return result


def _acclaimed(vote: Vote, result: dict[str, Any]) -> dict[str, Any]:
    quorum = [step for step in result["reason"] if step["code"].startswith("quorum_")]
    if vote.meeting is None or vote.meeting.form == MeetingForm.CONSULTATION:
        quorum = []  # who keeps silent agrees: nobody is counted as there
    if any(step["code"] == "quorum_missed" for step in quorum):
        return {**result, "outcome": "no_quorum", "reason": quorum}
    options = [option["key"] for option in vote_rule.options_of(vote.rule)]
    return {
        **result,
        "outcome": "elected" if options else "adopted",
        "elected": options,
        "reason": [*quorum, {"code": "acclamation", "facts": {}}],
    }


def count(vote: Vote) -> tally.Result:
    """The exact count of a vote now, from its frozen roll and the ballots cast; at most five queries.

    In a meeting that one attends, who is present (also by proxy) counts for the quorum; elsewhere who votes is
    present. ValueError where a secret box does not agree with who has voted.
    """
    lines = list(
        RollEntry.objects.filter(vote=vote)
        .order_by("voter")
        .values_list("pk", "voter", "member_id", "person_id", "weight", "groups", "parts")
    )
    rule = vote_rule.tally_rule(vote.rule)
    roll = tally.Roll(tally.Entry(member=line[1], weight=line[4], groups=line[5]) for line in lines)
    if vote.secret:
        return _secret(vote, roll, rule, lines)
    votes_of = {(line[0], part["part"]): part["votes"] for line in lines for part in line[6]}
    voter_of = {line[0]: line[1] for line in lines}
    # Parts of one line that say the same are one ballot: the engine knows a divided line by its different choices.
    parts: dict[tuple[str, str], int | None] = {}
    for entry, part, choice in Ballot.objects.filter(vote=vote).values_list("entry_id", "part", "choice"):
        votes, key = votes_of.get((entry, part)), (voter_of[entry], choice)
        parts[key] = None if votes is None else votes + (parts.get(key) or 0)
    ballots = [
        tally.Ballot(member=voter, choice=choice, votes=votes) for (voter, choice), votes in parts.items()
    ]
    return tally.tally(roll, ballots, rule, present=present(vote, lines, {b.member for b in ballots}))


def present(
    vote: Vote, lines: Iterable[tuple], cast: set[str], at: datetime | None = None
) -> set[str] | None:
    """The voters that are there (or were, at a moment) or have voted; None outside a meeting that one attends.

    `lines`: (pk, voter, member, person, …) of each line of the roll.
    """
    if vote.meeting is None or vote.meeting.form == MeetingForm.CONSULTATION:
        return None
    still, then = Q(left_at__isnull=True), Q(ended_at__isnull=True)
    if at is not None:
        still = Q(arrived_at__lte=at) & (still | Q(left_at__gt=at))
        then = Q(given_at__lte=at) & (then | Q(ended_at__gt=at))
    stays = Attendance.objects.filter(still, meeting=vote.meeting_id)
    here = list(stays.values_list("member_id", "person_id"))
    members = {member for member, _person in here if member}
    people = {person for _member, person in here}
    proxies = Proxy.objects.filter(then, meeting=vote.meeting_id, holder_id__in=members)
    members |= set(proxies.values_list("giver_id", flat=True))
    found = {
        voter
        for _pk, voter, member, person, *_rest in lines
        if (member in members if member else person in people)
    }
    return found | cast


def _secret(vote: Vote, roll: tally.Roll, rule: tally.Rule, lines: Iterable[tuple]) -> tally.Result:
    """The count of a secret box. Which line of the roll stands beside a ballot is made up, among lines of one weight:
    sums over the whole are exact, and slices by group are left out, because they would be made up too."""
    turnout = SecretTurnout.objects.filter(entry__vote=vote, voted=True).order_by("entry__voter", "part")
    weights: dict[int, list[str]] = {}
    for voter, weight in turnout.values_list("entry__voter", "entry__weight"):
        weights.setdefault(weight, []).append(voter)
    ballots = []
    for weight, choice, number in (
        SecretBox.objects.filter(vote=vote)
        .order_by("weight", "choice")
        .values_list("weight", "choice", "ballots")
    ):
        for _one in range(number):
            if not weights.get(weight):
                raise ValueError("the box holds more ballots than members voted")
            ballots.append(tally.Ballot(member=weights[weight].pop(), choice=choice))
    if any(weights.values()):
        raise ValueError("the box holds fewer ballots than members voted")
    bare = tally.Roll(
        tally.Entry(member=m, weight=w) for m, w in zip(roll.members, roll.weights.tolist(), strict=True)
    )
    return tally.tally(bare, ballots, rule, present=present(vote, lines, {b.member for b in ballots}))
