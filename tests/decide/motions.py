"""Motions for the tests of this folder: a meeting of the assembly, members that file and sign, a network, a board."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from omkering.decide import commands
from omkering.decide.models import Meeting, MeetingState, Motion, Vote
from tests.decide.running import make_body, make_meeting
from tests.people import make_adviser, make_member, make_network, make_person

NOTING = "De wachttijd voor een keuring is veertien weken."
CONSIDERING = "Inwoners wachten op een aansluiting.\nGemeenten betalen de kosten."
REQUESTS = "Met de netbeheerders een termijn af te spreken.\nDe leden elk kwartaal te vertellen hoe het gaat."
REASON = "Dit past bij de afspraken van vorig jaar."


def called(days: int = 60, **changes: Any) -> Meeting:
    """A meeting to come of the assembly; motions can be filed for it until a week before."""
    starts = timezone.now() + timedelta(days=days)
    values = {
        "state": MeetingState.CALLED,
        "opened_at": None,
        "called_at": timezone.now(),
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "reference_date": starts.date(),
        "deadlines": {"motions": (starts - timedelta(days=7)).isoformat()},
    }
    return make_meeting(**{**values, **changes})


def make_world(**meeting: Any) -> SimpleNamespace:
    """Three members with a mandated person each, an official, a network and its secretary, and a meeting to come."""
    own, other, third = make_member(), make_member(), make_member()
    network = make_network("g9", own, other)
    adviser = make_adviser()
    board = make_body("bestuur")
    return SimpleNamespace(
        own=own,
        other=other,
        third=third,
        network=network,
        adviser=adviser,
        board=board,
        mayor=make_person("mayor", member=own, votes=True),
        official=make_person("official", member=own),
        theirs=make_person("mayor", member=other, votes=True),
        far=make_person("mayor", member=third, votes=True),
        secretary=make_person("network_secretary", network=network),
        on_board=make_person("board_member", body=board),
        stranger=make_person("official", member=make_member()),
        meeting=called(**meeting),
    )


def draft(w: SimpleNamespace, *, by=None, owner=None, **changes: Any) -> Motion:
    values = {
        "title": "Sneller keuren",
        "noting": NOTING,
        "considering": CONSIDERING,
        "requests": REQUESTS,
    }
    return commands.draft_motion(actor=by or w.mayor, owner=owner or w.own, **{**values, **changes})


def filed(
    w: SimpleNamespace, *, by=None, owner=None, meeting: Meeting | None = None, **changes: Any
) -> Motion:
    actor = by or w.mayor
    row = draft(w, by=actor, owner=owner, **changes)
    return commands.file_motion(actor=actor, motion=row, meeting=meeting or w.meeting)


def late(w: SimpleNamespace, **changes: Any) -> Motion:
    """A motion that came after the deadline of its meeting, with the reasons of its urgency."""
    meeting = past_deadline(w)
    return commands.file_motion(
        actor=w.mayor,
        motion=draft(w, **changes),
        meeting=meeting,
        urgency_current="Het Rijk besluit hierover volgende week al.",
        urgency_earlier="Het voorstel van het Rijk kwam gisteren pas.",
    )


def past_deadline(w: SimpleNamespace) -> Meeting:
    moment = (timezone.now() - timedelta(days=1)).isoformat()
    w.meeting.deadlines = {**w.meeting.deadlines, "motions": moment}
    w.meeting.save(update_fields=["deadlines"])
    return w.meeting


def going_on(w: SimpleNamespace) -> Meeting:
    """A meeting of the same body that has begun."""
    return make_meeting(title="De ledenvergadering van nu")


def voted(w: SimpleNamespace, motion: Motion, choice: str = "for", **changes: Any) -> Vote:
    """A vote on a motion outside a meeting in which the three members vote, alike or as three words say, closed."""
    now = timezone.now()
    values = {"opens_at": now, "closes_at": now + timedelta(days=1), "reference_date": now.date()}
    vote = commands.plan_vote(actor=w.adviser, about=motion.item_ptr, **{**values, **changes})
    vote = commands.open_vote(actor=w.adviser, vote=vote)
    choices = choice.split() if " " in choice else [choice] * 3
    people = ((w.own, w.mayor), (w.other, w.theirs), (w.third, w.far))
    for (member, person), said in zip(people, choices, strict=True):
        commands.cast_ballot(actor=person, vote=vote, member=member, choice=said)
    return commands.close_vote(actor=w.adviser, vote=vote)


def names(motion: Motion) -> set[str]:
    """Who stands under a motion now."""
    rows = motion.signatures.filter(withdrawn_at__isnull=True).select_related("member", "network")
    return {str(row.member or row.network) for row in rows}
