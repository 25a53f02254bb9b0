"""How somebody takes part in a meeting: for which members, who votes for these, their proxies, and what can be done."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from omkering.decide.meeting_rules import of_members
from omkering.decide.models import Attendance, Meeting, Proxy
from omkering.decide.queries.attendance import Voter, voters_of
from omkering.decide.rules_meetings import sits_in
from omkering.who.models import Member
from omkering.who.standing import standing_of

MOST = 12  # members of one person that a page shows


@dataclass
class Part:
    """A member of the reader (None: their own seat) at a meeting."""

    member: Member | None
    voters: list[tuple[Voter, int | None]] = field(default_factory=list)
    gives: Proxy | None = None
    holds: list[Proxy] = field(default_factory=list)
    here: Attendance | None = None  # the reader's own stay
    votes_myself: bool = False
    may_name: bool = False
    may_give: bool = False


def parts_of(meeting: Meeting, person: Any) -> list[Part]:
    """How somebody takes part; at most six queries, none for a visitor."""
    standing = standing_of(person)
    if not standing.is_insider:
        return []
    stays = Attendance.objects.filter(meeting=meeting, person_id=person.pk, left_at__isnull=True)
    if not of_members(meeting.rules):
        if meeting.owner_body_id not in standing.bodies or not sits_in(person, meeting):
            return []
        return [Part(None, here=stays.first(), votes_myself=True)]
    own = standing.votes_for | standing.mandates_for
    rows = Member.objects.on(meeting.reference_date).filter(
        Q(pk__in=own)
        | Q(delegates__meeting=meeting, delegates__person_id=person.pk, delegates__ended_at=None)
    )
    members = list(rows.order_by("sort_key", "pk").distinct()[:MOST])
    if not members:
        return []
    ids = [member.pk for member in members]
    voters = voters_of(meeting, ids)
    here = {stay.member_id: stay for stay in stays}
    held = Proxy.objects.filter(meeting=meeting, ended_at__isnull=True).filter(
        Q(giver_id__in=ids) | Q(holder_id__in=ids)
    )
    brief = ("starts_at", "ends_at", "giver__name", "holder__name")
    proxies = list(held.select_related("giver", "holder").only(*brief).order_by("pk"))
    return [
        Part(
            member,
            voters=voters.get(member.pk, []),
            gives=next((proxy for proxy in proxies if proxy.giver_id == member.pk), None),
            holds=[proxy for proxy in proxies if proxy.holder_id == member.pk],
            here=here.get(member.pk),
            votes_myself=any(voter.pk == person.pk for voter, _votes in voters.get(member.pk, [])),
            may_name=member.pk in standing.mandates_for,
            may_give=bool(meeting.rules.get("proxy")) and member.pk in standing.votes_for,
        )
        for member in members
    ]
