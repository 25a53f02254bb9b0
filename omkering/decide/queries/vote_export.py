"""A closed vote as data that anybody can count anew; `docs/verify_vote.py` does so without this program."""

import json
from typing import Any

from omkering.decide import choices, counting, vote_rule
from omkering.decide.models import Ballot, Objection, RollEntry, SecretBox, SecretTurnout, Vote
from omkering.engine.tally import Rule
from omkering.journal.models import Event
from omkering.journal.queries import proofs
from omkering.who.models import Member

FORMAT = "omkering-vote/1"


class NotExportable(ValueError):
    """This vote has no result yet, or not all of it is sealed; the text says which."""


def export(vote: Vote) -> dict[str, Any]:
    """The vote with its roll, rule, ballots and result, and the proof of each in the sealed log; plain JSON.

    Of an open vote each ballot, with how it came in and its receipt; of a secret one what lies in the box and who has
    voted, which nothing ties. Ids of people stand in the receipts of ballots, and names nowhere: who gets the file can
    look a person up only with the log beside it. A fixed number of queries beside one for each tile of the log.
    """
    if vote.result is None or vote.closed_at is None:
        raise NotExportable("This vote is not closed yet: there is nothing to count anew.")
    lines = list(
        RollEntry.objects.filter(vote=vote)
        .order_by("voter")
        .values_list("pk", "voter", "member_id", "person_id", "weight", "groups", "parts", "inhabitants")
    )
    ballots = list(Ballot.objects.filter(vote=vote).order_by("entry__voter", "part"))
    opened, closed = _events(vote)
    log, receipts = proofs([opened, closed, *(ballot.event_id for ballot in ballots)])
    if lacking := {opened, closed, *(ballot.event_id for ballot in ballots)} - set(receipts):
        raise NotExportable(
            f"{len(lacking)} events of this vote wait to be sealed. Try again in ten seconds."
        )
    voters = {line[0]: line[1] for line in lines}
    turnout = _turnout(vote)
    cast = {voters[ballot.entry_id] for ballot in ballots} | set(turnout)
    here = counting.present(vote, [line[:4] for line in lines], cast, vote.closed_at)
    rule = vote_rule.tally_rule(vote.rule)
    return {
        "format": FORMAT,
        "vote": _facts(vote),
        "rule": vote.rule,
        "roll": [
            {"voter": voter, "inhabitants": people, "weight": weight, "groups": groups, "parts": _bare(parts)}
            for _pk, voter, _member, _person, weight, groups, parts, people in lines
        ],
        "present": None if here is None else sorted(here),
        "ballots": _ballots(ballots, lines, rule, receipts),
        "box": [
            {"weight": weight, "choice": choices.parts_of(rule, choice), "ballots": number}
            for weight, choice, number in SecretBox.objects.filter(vote=vote, ballots__gt=0)
            .order_by("weight", "choice")
            .values_list("weight", "choice", "ballots")
        ],
        "turnout": turnout,
        "objections": sorted(Objection.objects.filter(vote=vote).values_list("entry__voter", flat=True)),
        "result": vote.result,
        "log": log,
        "opened": receipts[opened],
        "closed": receipts[closed],
    }


def export_text(vote: Vote) -> str:
    """The export as the text of a file: the same from the command and from the page of the vote."""
    return json.dumps(export(vote), ensure_ascii=False, indent=1)


def _facts(vote: Vote) -> dict[str, Any]:
    """What the vote is, without its parts."""
    moments = ("opened_at", "closed_at", "announced_at", "undone_at")
    return {
        "id": vote.pk,
        "title": vote.title,
        "about": vote.about_id,
        "meeting": vote.meeting_id,
        "state": vote.state,
        "procedure": vote.procedure,
        "secret": vote.secret,
        "on_advice": vote.on_advice,
        "reference_date": vote.reference_date.isoformat(),
        "replaces": vote.replaces_id,
        "ratifies": vote.ratifies_id,
        **{name: moment.isoformat() if (moment := getattr(vote, name)) else None for name in moments},
    }


def _events(vote: Vote) -> tuple[int, int]:
    """The events of opening and closing."""
    rows = Event.objects.filter(subject=vote.subject, verb__in=["vote.opened", "vote.closed"])
    found = dict(rows.order_by("pk").values_list("verb", "pk"))
    if len(found) < 2:
        raise NotExportable("The log does not tell of the opening and closing of this vote.")
    return found["vote.opened"], found["vote.closed"]


def _turnout(vote: Vote) -> list[str]:
    """Who has voted in a secret vote."""
    rows = SecretTurnout.objects.filter(entry__vote=vote, voted=True)
    return sorted(rows.values_list("entry__voter", flat=True))


def _bare(parts: list[dict[str, int]]) -> list[dict[str, int]]:
    """The parts of a divided line, without who casts them."""
    return [{"part": part["part"], "votes": part["votes"]} for part in parts]


def _ballots(
    ballots: list[Ballot], lines: list[tuple], rule: Rule, receipts: dict[int, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each ballot with its votes, its way and its receipt."""
    votes_of = {(line[0], 0): line[4] for line in lines}
    votes_of |= {(line[0], part["part"]): part["votes"] for line in lines for part in line[6]}
    voters = {line[0]: line[1] for line in lines}
    codes = dict(Member.objects.filter(pk__in={b.by_proxy_id for b in ballots}).values_list("pk", "code"))
    return [
        {
            "voter": voters[ballot.entry_id],
            "part": ballot.part,
            "choice": choices.parts_of(rule, ballot.choice),
            "votes": votes_of[ballot.entry_id, ballot.part],
            "way": ballot.way,
            "by_proxy": ballot.by_proxy_id,
            "holder": codes[ballot.by_proxy_id] if ballot.by_proxy_id else None,
            "at": ballot.cast_at.isoformat(),
            "event": ballot.event_id,
            "receipt": receipts[ballot.event_id],
        }
        for ballot in ballots
    ]
