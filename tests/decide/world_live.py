"""A meeting that is going on, for the tests of every address: an item, speakers, and a vote that is open."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.attendance import arrive
from omkering.decide.commands.live import go_to, set_autopilot
from omkering.decide.commands.meetings import call_meeting, open_meeting, plan_meeting
from omkering.decide.commands.proposals import make_proposal
from omkering.decide.commands.quick_votes import quick_vote
from omkering.decide.commands.speakers import ask_to_speak, call_speaker
from omkering.decide.commands.vote_plans import plan_vote
from omkering.decide.commands.votes import open_vote
from omkering.decide.models import AgendaItem, Meeting
from omkering.who.models import Body, Member

BUREAU = ("adviser", "administrator")

ARGUMENTS: dict[str, dict[str, str]] = {
    "decide:desk_hands": {"pk": "live_vote"},
    **{
        name: {"pk": "live_meeting"}
        for name in (
            "decide:live_now",
            "decide:console",
            "decide:console_do",
            "decide:delegate",
            "decide:delegate_do",
            "decide:screen",
        )
    },
}
POST_ONLY: set[str] = {"decide:console_do", "decide:delegate_do"}
REDIRECTS: set[str] = set()
FILES: set[str] = set()
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {
    "decide:console": (BUREAU, 403),
    "decide:desk_hands": (BUREAU, 403),
}


def running_meeting(c: SimpleNamespace, title: str, *titles: str) -> Meeting:
    """A meeting of the assembly with these items, open, at none of them."""
    adviser = c.people["adviser"]
    starts = timezone.now() + timedelta(hours=1)
    meeting = plan_meeting(
        actor=adviser,
        body=Body.objects.get(key="alv"),
        title=title,
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
        form="hybrid",
    )
    for each in titles:
        add_agenda_item(actor=adviser, meeting=meeting, title=each)
    call_meeting(actor=adviser, meeting=meeting)
    return open_meeting(actor=adviser, meeting=meeting)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    adviser, mayor = c.people["adviser"], c.people["mayor"]
    meeting = running_meeting(c, "Ledenvergadering die bezig is", "Opening", "Visie op 2030", "Sluiting")
    item = AgendaItem.objects.get(meeting=meeting, position=2)
    go_to(actor=adviser, meeting=meeting, agenda_item=item)
    arrive(actor=mayor, meeting=meeting, member=c.own, person=mayor, presence="on_site")
    speech = ask_to_speak(actor=mayor, meeting=meeting, member=c.own, agenda_item=item, side="for")
    ask_to_speak(actor=adviser, meeting=meeting, kind="visitor", name="Inwoner", agenda_item=item)
    call_speaker(actor=adviser, speech=speech)
    vote = quick_vote(actor=adviser, meeting=meeting, agenda_item=item, minutes=120)
    set_autopilot(actor=adviser, meeting=meeting, on=True)
    return {"live_meeting": meeting.pk, "live_item": item.pk, "live_vote": vote.pk}


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    adviser, mayor = c.people["adviser"], c.people["mayor"]
    meeting, item = (
        Meeting.objects.get(pk=c.ids["live_meeting"]),
        AgendaItem.objects.get(pk=c.ids["live_item"]),
    )
    members = list(Member.objects.on(timezone.localdate()).exclude(pk=c.own.pk).order_by("pk")[:8])
    now = timezone.now()
    for number, member in enumerate(members):
        add_agenda_item(actor=adviser, meeting=meeting, title=f"Later punt {number}")
        speech = ask_to_speak(actor=adviser, meeting=meeting, member=member, agenda_item=item, side="against")
        if number < 4:
            call_speaker(actor=adviser, speech=speech)
        ask_to_speak(actor=mayor, meeting=meeting, member=c.own, agenda_item=item, subject=f"Deel {number}")
        proposal = make_proposal(
            actor=adviser, from_item=meeting, title=f"Voorstel {number}", text="Eén loket."
        )
        vote = plan_vote(
            actor=adviser,
            about=proposal,
            opens_at=now + timedelta(hours=1),
            closes_at=now + timedelta(hours=2),
            reference_date=meeting.reference_date,
            meeting=meeting,
            agenda_item=item,
        )
        if number < 5:
            open_vote(actor=adviser, vote=vote)
