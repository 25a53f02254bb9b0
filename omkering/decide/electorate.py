"""Who is on the roll of a vote: the members, those of a network, or the people on the seats of a body."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omkering.decide import vote_rule
from omkering.decide.models import Delegate, Proxy, RollEntry, Term, Vote
from omkering.who import rolls
from omkering.who.models import Network, Person


def roll_of(vote: Vote) -> list[RollEntry]:
    """The roll of a vote as it would be frozen now, not saved, in the order of names.

    ValidationError where a population is missing, where the body has nobody on its seats, or where the parts of a
    member that divides its votes are more than it has.
    """
    electorate = vote_rule.electorate_of(vote.rule)
    if electorate["of"] == "seats":
        return _seats(vote, electorate["body"])
    network = Network.objects.get(key=electorate["network"]) if electorate["of"] == "network" else None
    lines = rolls.roll_on(vote.reference_date, vote.rule["weight"], network=network)
    parts = _parts(vote) if vote_rule.may_divide(vote.rule) else {}
    return [
        RollEntry(
            vote=vote,
            voter=line.member.code,
            member=line.member,
            inhabitants=line.inhabitants,
            weight=line.weight,
            groups=line.groups,
            # A secret ballot is not divided: what parts of a rare size voted could be told apart.
            parts=[] if vote.secret else _fitting(parts.get(line.member.pk, []), line),
        )
        for line in lines
    ]


def _seats(vote: Vote, body: str) -> list[RollEntry]:
    """One line for each seat that somebody holds on the reference date, one vote each."""
    terms = (
        Term.objects.on(vote.reference_date)
        .filter(seat__body__key=body, seat__retired_at__isnull=True)
        .select_related("seat", "appointment__person")
        .order_by("seat__number")
    )
    entries = [
        RollEntry(
            vote=vote,
            voter=f"seat-{term.seat_id}",
            person=term.appointment.person,
            inhabitants=0,
            weight=1,
            groups={},
        )
        for term in terms
    ]
    if not entries:
        raise ValidationError(
            {"reference_date": _("Nobody holds a seat in this body on this date, so nobody could vote.")}
        )
    return entries


def _parts(vote: Vote) -> dict[int, list[Delegate]]:
    """Member → its delegates with votes of their own at the meeting of this vote; not where its proxy is out."""
    if vote.meeting_id is None:
        return {}
    away = Proxy.objects.filter(meeting=vote.meeting_id, ended_at__isnull=True).values("giver_id")
    found: dict[int, list[Delegate]] = {}
    named = Delegate.objects.filter(meeting=vote.meeting_id, ended_at__isnull=True, votes__isnull=False)
    for delegate in named.exclude(member_id__in=away).order_by("pk"):
        found.setdefault(delegate.member_id, []).append(delegate)
    return found


def _fitting(delegates: list[Delegate], line: rolls.RollMember) -> list[dict[str, int]]:
    given = sum(delegate.votes or 0 for delegate in delegates)
    if given > line.weight:
        raise ValidationError(
            _("%(member)s divides %(given)s votes over its delegates, and has %(votes)s.")
            % {"member": line.member.name, "given": given, "votes": line.weight}
        )
    return [
        {"part": number, "person": delegate.person_id, "votes": delegate.votes or 0}
        for number, delegate in enumerate(delegates, start=1)
    ]


def roll_digest(entries: Iterable[RollEntry]) -> str:
    """SHA-256 of the roll as sealed at opening: JSON of [voter, inhabitants, votes] in order of voter."""
    return rolls.digest((entry.voter, entry.inhabitants, entry.weight) for entry in entries)


def rule_digest(rule: dict[str, Any]) -> str:
    """SHA-256 of the rule as sealed at opening: JSON with sorted keys and without spaces."""
    return hashlib.sha256(json.dumps(rule, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def people_of(entries: list[RollEntry]) -> list[int]:
    """Ids of the people who may vote for somebody on this roll, to tell that it is open; one query."""
    people = {entry.person_id for entry in entries if entry.person_id}
    people |= {part["person"] for entry in entries for part in entry.parts}
    members = [entry.member_id for entry in entries if entry.member_id]
    people |= set(rolls.mandated(members)) if members else set()
    return sorted(Person.objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True))
