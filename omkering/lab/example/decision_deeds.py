"""The small deeds of the decisions of the example year: plan, call, hold a meeting, file, and vote."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.attendance import arrive
from omkering.decide.commands.live import go_to
from omkering.decide.commands.meetings import call_meeting, open_meeting, plan_meeting
from omkering.decide.commands.minutes import adopt_minutes
from omkering.decide.commands.motions import draft_motion, file_motion, place_on_agenda
from omkering.decide.commands.proposals import make_proposal
from omkering.decide.commands.speakers import ask_to_speak, call_speaker, end_speech
from omkering.decide.commands.vote_plans import plan_vote
from omkering.decide.commands.vote_results import announce_result
from omkering.decide.commands.votes import close_vote, open_vote
from omkering.decide.models import (
    AgendaItem,
    AgendaKind,
    Meeting,
    MeetingForm,
    Minutes,
    Motion,
    Presence,
    Vote,
)
from omkering.lab.example.clock import Story
from omkering.lab.example.decision_texts import MOTIONS, PROPOSALS, SPOKEN
from omkering.thread.models import Item
from omkering.who.models import Body, Member, Network, Person

if TYPE_CHECKING:
    from omkering.lab.example.year import Year

VOTE_LASTS, SPEECH_LASTS = timedelta(minutes=4), timedelta(minutes=2)


class DecisionDeeds:
    """What the decisions need of the year, and what they made so far."""

    def __init__(self, year: "Year") -> None:
        self.year = year
        self.adviser, self.second = year.adviser, year.second
        self.bodies = {body.key: body for body in Body.objects.all()}
        self.networks = {network.key: network for network in Network.objects.all()}
        self.motions: dict[str, Motion] = {}
        self.seated: dict[str, list[Person]] = {}  # by the key of the body

    def on(self, days: float, hour: int) -> datetime:
        """A moment of the year on the hour, counted back from its playing."""
        return self.year.on(days, hour).replace(minute=0, second=0, microsecond=0)

    def ahead(self, days: int, hour: int) -> datetime:
        """A moment on the hour, so many days after the year is played."""
        moment = self.year.start + timedelta(days=days)
        return moment.replace(hour=hour, minute=0, second=0, microsecond=0)

    def today(self, later: int = 0) -> date:
        """The day of this moment of the year, or so many days later."""
        return timezone.localdate() + timedelta(days=later)

    def voter(self, code: str) -> Person:
        """Who votes for the member with this code."""
        return self.year.voters[self.year.members[code].pk]

    def item(self, kind: str, title: str) -> Item:
        """Something that was made before."""
        return Item.objects.get(kind=kind, title=title)

    # --- before a meeting ------------------------------------------------------------------------------
    def plan(
        self, body: str, title: str, begins: datetime, *, ends: datetime | None = None,
        form: str = MeetingForm.HYBRID, place: str = "",
    ) -> Meeting:  # fmt: skip
        """Plan a meeting of a body."""
        return plan_meeting(
            actor=self.adviser, body=self.bodies[body], title=title, starts_at=begins,
            ends_at=ends or begins + timedelta(hours=3), form=form, place=place,
        )  # fmt: skip

    def put(self, meeting: Meeting, title: str = "", **more: Any) -> AgendaItem:
        """Put an item on the agenda."""
        return add_agenda_item(actor=self.adviser, meeting=meeting, title=title, **more)

    def end(self, meeting: Meeting) -> None:
        """Put the last two items on the agenda."""
        self.put(meeting, "Rondvraag", kind=AgendaKind.QUESTIONS)
        self.put(meeting, "Sluiting", kind=AgendaKind.CLOSING, minutes=5)

    def call(self, meeting: Meeting) -> Meeting:
        """Send the agenda out."""
        return call_meeting(actor=self.adviser, meeting=meeting)

    def propose(self, key: str, source: Item) -> Item:
        """Make a proposal from the texts of the year."""
        return make_proposal(actor=self.adviser, from_item=source, **PROPOSALS[key])

    def file(self, key: str, actor: Person, owner: Member | Network, item: AgendaItem) -> Motion:
        """File a motion from the texts of the year at an item, and put it on the agenda there."""
        words = dict(MOTIONS[key])
        sources = [self.item(kind, title) for kind, title in words.pop("sources")]
        made = draft_motion(actor=actor, owner=owner, sources=sources, **words)
        made = file_motion(actor=actor, motion=made, meeting=item.meeting, agenda_item=item)
        place_on_agenda(actor=self.adviser, motion=made)
        self.motions[key] = made
        return made

    # --- while it goes on ------------------------------------------------------------------------------
    def open(self, meeting: Meeting, people: Iterable[tuple[Person, Member | None]], remote: int) -> Meeting:
        """Everybody arrives, one in so many of them remote, and the meeting is opened."""
        for number, (person, member) in enumerate(people, start=1):
            presence = Presence.ON_SITE if number % remote else Presence.REMOTE
            arrive(actor=person, meeting=meeting, member=member, person=person, presence=presence)
        return open_meeting(actor=self.adviser, meeting=meeting)

    def go(self, item: AgendaItem) -> Meeting:
        """Go on to an item of the agenda."""
        meeting = Meeting.objects.get(pk=item.meeting_id)
        go_to(actor=self.adviser, meeting=meeting, agenda_item=item)
        return meeting

    def adopt(self, item: AgendaItem) -> None:
        """Go on to the minutes of an earlier meeting, and adopt them."""
        meeting = self.go(item)
        adopt_minutes(actor=self.adviser, meeting=meeting, minutes=Minutes.objects.get(pk=item.about_id or 0))

    def decide(self, item: AgendaItem, *, against: float) -> Story:
        """Bring an item to the table, hear who speaks on it, and vote: those who are there, and by proxy."""
        meeting = self.go(item)
        for code, side, subject in SPOKEN.get(item.title, ()):
            asked = ask_to_speak(
                actor=self.voter(code), meeting=meeting, member=self.year.members[code], agenda_item=item,
                side=side, subject=subject,
            )  # fmt: skip
            speech = call_speaker(actor=self.adviser, speech=asked)
            yield timezone.localtime() + SPEECH_LASTS
            end_speech(actor=self.adviser, speech=speech)
        vote = self.vote(item, until=timezone.now() + timedelta(minutes=30))
        self.year.ballots(vote, share=0.95, against=against)
        yield timezone.localtime() + VOTE_LASTS
        close_vote(actor=self.adviser, vote=vote)
        announce_result(actor=self.adviser, vote=vote)

    def vote(self, item: AgendaItem, *, until: datetime) -> Vote:
        """Plan a vote on an item of the agenda, and open it."""
        assert item.about is not None
        vote = plan_vote(
            actor=self.adviser, about=item.about, opens_at=timezone.now() + timedelta(seconds=1), closes_at=until,
            reference_date=item.meeting.reference_date, meeting=item.meeting, agenda_item=item,
        )  # fmt: skip
        return open_vote(actor=self.adviser, vote=vote)

    def coming(self, one_in: int, *also: str) -> list[tuple[Person, Member | None]]:
        """One in so many members, and those with these codes, each with who votes for it."""
        members = Member.objects.filter(pk__in=self.year.voters).order_by("code")
        return [
            (self.year.voters[member.pk], member)
            for number, member in enumerate(members)
            if member.code in also or not number % one_in
        ]
