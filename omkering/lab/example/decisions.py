"""The decisions of the example year: an assembly that was held, one to come, a consultation that is open, a committee.

Texts, fates and figures are made up for it; deadlines follow from the rules of the bodies.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from omkering.decide.commands.advice import advise
from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.attendance import arrive
from omkering.decide.commands.follow_up import plan_execution, propose_settling, report
from omkering.decide.commands.live import go_to
from omkering.decide.commands.meetings import call_meeting, close_meeting, open_meeting, plan_meeting
from omkering.decide.commands.minutes import add_note, propose_minutes
from omkering.decide.commands.motion_outcomes import Part, split_motion, take_over
from omkering.decide.commands.motion_talks import open_talk
from omkering.decide.commands.motions import draft_motion, file_motion, place_on_agenda
from omkering.decide.commands.papers import add_paper
from omkering.decide.commands.proposals import make_proposal
from omkering.decide.commands.proxies import give_proxy
from omkering.decide.commands.signatures import sign_motion
from omkering.decide.commands.speakers import ask_to_speak, call_speaker, end_speech
from omkering.decide.commands.undertakings import record_undertaking
from omkering.decide.commands.vote_plans import plan_vote
from omkering.decide.commands.vote_results import announce_result
from omkering.decide.commands.votes import close_vote, open_vote
from omkering.decide.models import AgendaItem, AgendaKind, Meeting, MeetingForm, Motion, Presence, Vote
from omkering.lab.example.clock import Story
from omkering.lab.example.committee import CommitteeOfTheYear
from omkering.lab.example.decision_texts import MOTIONS, SPOKEN
from omkering.thread.models import Item
from omkering.who.models import Member, Network, Person

if TYPE_CHECKING:
    from omkering.lab.example.year import Year

HELD, COMING = 60, 32  # days ago, days ahead
PRESENT = 3  # of so many members, one is there


def stories(year: "Year") -> list[Story]:
    """What is decided, to be played through the rest of the year."""
    decisions = DecisionsOfTheYear(year)
    return [
        decisions.assembly(),
        decisions.afterwards(),
        decisions.next_assembly(),
        decisions.consultation(),
        decisions.committee(),
    ]


class DecisionsOfTheYear(CommitteeOfTheYear):
    """One playing of meetings, motions and votes."""

    def __init__(self, year: "Year") -> None:
        super().__init__(year)
        self.motions: dict[str, Motion] = {}
        self.held: Meeting | None = None

    # --- an assembly that was held ---------------------------------------------------------------------
    def assembly(self) -> Story:
        """From the first plan to the closing: four motions, each with another fate."""
        on, people = self.year.on, self.year.people
        yield on(HELD + 75, hour=10)
        meeting = self.held = self.plan(
            "alv", "Algemene Ledenvergadering", on(HELD, hour=13), place="Utrecht"
        )
        self.put(meeting, "Opening", kind=AgendaKind.OPENING)
        news = self.put(meeting, "Mededelingen van het bestuur", kind=AgendaKind.INFORMATION)
        add_paper(
            actor=self.adviser, meeting=meeting, agenda_item=news, title="Stand van zaken",
            text="Het rijk werkt aan een brief over energiehulp. De wachtlijst van het stroomnet groeit.",
        )  # fmt: skip
        yield on(HELD + 30, hour=10)
        call_meeting(actor=self.adviser, meeting=meeting)
        yield on(HELD + 20, hour=15)
        self.file("winter", people["wethouder"], self.year.members["GM1680"], meeting)
        self.file("form", people["burgemeester"], self.year.members["GM1900"], meeting)
        self.file("transport", people["griffier"], self.year.members["GM0363"], meeting)
        self.file("small", people["netwerk"], self.networks["k80"], meeting)
        yield on(HELD + 16, hour=11)
        for code in ("GM1900", "GM0106", "GM0088"):
            member = self.year.members[code]
            sign_motion(actor=self.voter(member), motion=self.motions["winter"], owner=member)
        for key, (kind, reason) in {
            "winter": ("adopt", "Dit past bij het standpunt over vaste energiehulp."),
            "form": ("take_over", "Het bestuur wil dit meteen doen. Een stemming is niet nodig."),
            "transport": (
                "reject",
                "De leden zetten scholen, zorg en woningen voorop.",
            ),
            "small": (
                "adopt",
                "Het eerste verzoek kan het bestuur uitvoeren. Het tweede kost geld.",
            ),
        }.items():
            advise(
                actor=self.adviser,
                about=self.motions[key],
                body=self.bodies["bestuur"],
                kind=kind,
                reason=reason,
            )
        small = self.motions["small"]
        small.refresh_from_db()
        first, second = split_motion(
            actor=self.adviser,
            motion=small,
            parts=[
                Part("Een rekenhulp voor nieuwe taken", (0,)),
                Part("Een vast bedrag voor kleine gemeenten", (1,)),
            ],
        )
        give_proxy(
            actor=self.voter(self.year.members["GM0106"]), meeting=meeting, giver=self.year.members["GM0106"],
            holder=self.year.members["GM1680"], text="Wij kunnen er niet bij zijn. Aa en Hunze stemt voor ons.",
        )  # fmt: skip
        yield on(HELD, hour=12)
        self.come(meeting)
        meeting = open_meeting(actor=self.adviser, meeting=meeting)
        for item in list(meeting.agenda.filter(kind__in=(AgendaKind.OPENING, AgendaKind.INFORMATION))):
            go_to(actor=self.adviser, meeting=meeting, agenda_item=item)
        for motion, share, against in (
            (self.motions["winter"], 0.95, 0.1),
            (self.motions["transport"], 0.95, 0.72),
            (first, 0.93, 0.07),
            (second, 0.93, 0.62),
        ):
            self.decide(meeting, motion, share=share, against=against)
        take_over(
            actor=self.adviser, motion=self.motions["form"], body=self.bodies["bestuur"],
            reason="Wij maken dit jaar één formulier, samen met de regio's.",
        )  # fmt: skip
        record_undertaking(
            actor=self.adviser, meeting=meeting, agenda_item=news, title="Brief over het stroomnet binnen drie weken",
            text="Het bestuur stuurt de leden binnen drie weken een brief over de wachtlijst van het stroomnet.",
            asked_by=self.year.members["GM0796"], due=self.today(21), body=self.bodies["bestuur"],
        )  # fmt: skip
        add_note(
            actor=self.adviser, meeting=meeting, agenda_item=news,
            text="Leden vragen hoe lang scholen nog op stroom moeten wachten. Het bestuur kent die cijfers nog niet.",
        )  # fmt: skip
        close_meeting(actor=self.adviser, meeting=meeting)

    def decide(self, meeting: Meeting, motion: Motion, *, share: float, against: float) -> None:
        """Bring a motion to the table, hear two members, and vote on it."""
        item = place_on_agenda(actor=self.adviser, motion=motion)
        go_to(actor=self.adviser, meeting=meeting, agenda_item=item)
        for code, side, subject in SPOKEN.get(motion.title, ()):
            member = self.year.members[code]
            asked = ask_to_speak(
                actor=self.voter(member),
                meeting=meeting,
                member=member,
                agenda_item=item,
                side=side,
                subject=subject,
            )
            end_speech(actor=self.adviser, speech=call_speaker(actor=self.adviser, speech=asked))
        vote = self.vote(meeting, motion, item, until=timezone.now() + timedelta(minutes=30))
        there = set(meeting.attendance.filter(left_at=None).values_list("member_id", flat=True))
        absent = {person for member, person in self.year.voters.items() if member not in there}
        self.year.ballots(vote, share=share, against=against, without=absent)
        close_vote(actor=self.adviser, vote=vote)
        announce_result(actor=self.adviser, vote=vote)

    def come(self, meeting: Meeting) -> None:
        """A third of the members come, one in five of them remote."""
        codes = {"GM1680", "GM1900", "GM0363", "GM0796", "GM0088"}
        members = Member.objects.filter(pk__in=self.year.voters).order_by("code")
        chosen = [one for number, one in enumerate(members) if one.code in codes or number % PRESENT == 0]
        for number, member in enumerate(one for one in chosen if one.code != "GM0106"):
            person = self.voter(member)
            presence = Presence.REMOTE if number % 5 == 4 else Presence.ON_SITE
            arrive(actor=person, meeting=meeting, member=member, person=person, presence=presence)

    def afterwards(self) -> Story:
        """What was adopted is carried out: a plan, reports, and the question whether it is settled."""
        yield self.year.on(HELD - 7, hour=10)
        winter, committee = (
            self.motions["winter"],
            self.bodies["participatie-schuldhulpverlening-en-integratie"],
        )
        plan_execution(
            actor=self.adviser, about=winter, owner_body=committee, owner=self.second, due=self.today(75),
            plan="De commissie maakt met tien leden een rekenvoorbeeld, en het bestuur neemt het mee naar het rijk.",
        )  # fmt: skip
        yield self.year.on(35, hour=10)
        report(
            actor=self.second, about=winter,
            text="Tien leden gaven hun cijfers. Een jaar hulp kost gemiddeld 410 euro per huishouden.",
        )  # fmt: skip
        yield self.year.on(11, hour=10)
        propose_settling(
            actor=self.second, about=winter,
            account="Het rekenvoorbeeld is klaar en ligt bij het ministerie. Wij vragen de indieners of dit genoeg is.",
        )  # fmt: skip

    # --- an assembly to come ---------------------------------------------------------------------------
    def next_assembly(self) -> Story:
        """Called, with two motions that are alike, the minutes of the last one, and papers."""
        yield self.year.on(40, hour=10)
        meeting = self.plan("alv", "Algemene Ledenvergadering", self.ahead(COMING), place="Zwolle")
        self.put(meeting, "Opening", kind=AgendaKind.OPENING)
        assert self.held is not None
        propose_minutes(actor=self.adviser, meeting=self.held, to=meeting)
        budget = self.put(
            meeting, "Geld voor de vereniging in het volgende jaar", kind=AgendaKind.INFORMATION
        )
        yield self.year.on(3, hour=9)
        add_paper(
            actor=self.adviser, meeting=meeting, agenda_item=budget, title="Begroting in één bladzijde",
            text="De bijdrage van de leden stijgt met de prijzen mee. Er komt geld bij voor hulp aan kleine gemeenten.",
        )  # fmt: skip
        call_meeting(actor=self.adviser, meeting=meeting)
        yield self.year.on(2, hour=14)
        people, members = self.year.people, self.year.members
        school = self.file("school", people["burgemeester"], members["GM1900"], meeting)
        power = self.file("power", self.voter(members["GM0796"]), members["GM0796"], meeting)
        advise(
            actor=self.adviser, about=school, body=self.bodies["bestuur"], kind="adopt",
            reason="Dit is een volgende stap na het besluit over de volgorde op het stroomnet.",
        )  # fmt: skip
        yield self.year.on(1, hour=11)
        open_talk(
            actor=people["burgemeester"], motion=school, other=power,
            text="Onze moties vragen bijna hetzelfde. Zullen wij er samen één van maken?",
        )  # fmt: skip
        give_proxy(
            actor=people["griffier"], meeting=meeting, giver=members["GM0363"], holder=members["GM1680"],
            text="Wij zijn die dag verhinderd. Aa en Hunze stemt voor ons.",
        )  # fmt: skip

    # --- over days -------------------------------------------------------------------------------------
    def consultation(self) -> Story:
        """A remote consultation that is open now, and that an assembly makes formal later."""
        yield self.year.on(9, hour=10)
        begins = self.year.start - timedelta(days=3)
        meeting = self.plan(
            "alv", "Ledenraadpleging over zware jeugdzorg", begins,
            ends=begins + timedelta(days=10), form=MeetingForm.CONSULTATION,
        )  # fmt: skip
        position = Item.objects.get(kind="position", title="Zware jeugdzorg regelen regio's samen")
        proposal = make_proposal(
            actor=self.adviser,
            from_item=position,
            title="Samen inkopen van zware jeugdzorg",
            text="Vanaf volgend jaar kopen regio's de zwaarste jeugdzorg samen in. De vereniging maakt één contract.",
            explanation="Dit volgt uit het standpunt. De volgende ledenvergadering bekrachtigt de uitslag.",
        )
        item = add_agenda_item(actor=self.adviser, meeting=meeting, about=proposal, minutes=10)
        call_meeting(actor=self.adviser, meeting=meeting)
        yield begins
        meeting = open_meeting(actor=self.adviser, meeting=meeting)
        go_to(actor=self.adviser, meeting=meeting, agenda_item=item)
        vote = self.vote(meeting, proposal, item, until=meeting.ends_at)
        yield self.year.on(1, hour=12)
        self.year.ballots(vote, share=0.2, against=0.2, without=set(self.year.people.values()))

    # --- steps -----------------------------------------------------------------------------------------
    def plan(
        self, body: str, title: str, begins: datetime, *, ends: datetime | None = None,
        form: str = MeetingForm.HYBRID, place: str = "",
    ) -> Meeting:  # fmt: skip
        """Plan a meeting of a body."""
        return plan_meeting(
            actor=self.adviser, body=self.bodies[body], title=title, starts_at=begins,
            ends_at=ends or begins + timedelta(hours=3), form=form, place=place,
        )  # fmt: skip

    def put(self, meeting: Meeting, title: str, **more: Any) -> AgendaItem:
        """Put an item on the agenda."""
        return add_agenda_item(actor=self.adviser, meeting=meeting, title=title, **more)

    def file(self, key: str, actor: Person, owner: Member | Network, meeting: Meeting) -> Motion:
        """File a motion from the texts of the year, for a meeting and on its agenda."""
        words = dict(MOTIONS[key])
        sources = [Item.objects.get(kind=kind, title=title) for kind, title in words.pop("sources", ())]
        made = draft_motion(actor=actor, owner=owner, sources=sources, **words)
        self.motions[key] = file_motion(actor=actor, motion=made, meeting=meeting)
        place_on_agenda(actor=self.adviser, motion=self.motions[key])
        return self.motions[key]

    def vote(self, meeting: Meeting, about: Item, item: AgendaItem, *, until: datetime) -> Vote:
        """Plan a vote on an item of the agenda, and open it."""
        vote = plan_vote(
            actor=self.adviser, about=about, opens_at=timezone.now() + timedelta(seconds=1), closes_at=until,
            reference_date=meeting.reference_date, meeting=meeting, agenda_item=item,
        )  # fmt: skip
        return open_vote(actor=self.adviser, vote=vote)

    def today(self, later: int = 0) -> date:
        """The day of this moment of the year, or so many days later."""
        return timezone.localdate() + timedelta(days=later)

    def ahead(self, days: int) -> datetime:
        """One o'clock in the afternoon, so many days after the year is played."""
        return (self.year.start + timedelta(days=days)).replace(hour=13, minute=0, second=0, microsecond=0)

    def voter(self, member: Member) -> Person:
        """Who votes for a member."""
        return self.year.voters[member.pk]
