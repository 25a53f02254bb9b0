"""The decisions of the example year: assemblies, a consultation that is open, a committee, and what followed on it.

Texts, fates and figures are made up for it; deadlines follow from the rules of the bodies. Texts stand in
`decision_texts`, bodies and the assemblies that were held in files of their own.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from omkering.decide.commands.advice import advise
from omkering.decide.commands.follow_up import answer_settling, plan_execution, propose_settling, report
from omkering.decide.commands.live import go_to
from omkering.decide.commands.meetings import open_meeting
from omkering.decide.commands.minutes import propose_minutes
from omkering.decide.commands.motion_talks import open_talk, say_in_talk
from omkering.decide.commands.papers import add_paper
from omkering.decide.commands.proxies import give_proxy
from omkering.decide.commands.signatures import sign_motion
from omkering.decide.commands.speakers import ask_to_speak
from omkering.decide.models import AgendaItem, AgendaKind, MeetingForm
from omkering.lab.example.assemblies import HELD, AssembliesOfTheYear
from omkering.lab.example.clock import Story
from omkering.lab.example.committee import BOARD, COMMITTEE
from omkering.lab.example.decision_texts import ADVICE, PARTS
from omkering.listen.commands.bundle_answers import answer_bundle
from omkering.listen.models import Bundle, SignalState
from omkering.thread.models import Item

if TYPE_CHECKING:
    from omkering.lab.example.year import Year

COMING = 32  # days ahead


def stories(year: "Year") -> list[Story]:
    """What is decided, to be played through the rest of the year."""
    decisions = DecisionsOfTheYear(year)
    return [
        decisions.seats(),
        decisions.first_assembly(),
        decisions.assembly(),
        decisions.afterwards(),
        decisions.next_assembly(),
        decisions.consultation(),
        decisions.committee(),
        decisions.vacancy(),
    ]


class DecisionsOfTheYear(AssembliesOfTheYear):
    """One playing of meetings, motions and votes."""

    def afterwards(self) -> Story:
        """What was adopted or promised is carried out: plans, reports, and the question whether it is settled."""
        yield self.year.on(HELD - 7, hour=10)
        winter, tool, promise = self.motions["winter"], self.motions[PARTS[0]], self.promises["pilots"]
        for about, body, days, plan in (
            (winter, COMMITTEE, 75, "De commissie vraagt tien leden om hun cijfers, en het bestuur geeft die aan het "
             "rijk."),
            (tool, BOARD, 90, "Drie kleine gemeenten maken met het bureau een rekenhulp, en proberen die uit."),
            (promise, BOARD, 33, "Het bureau praat met de twee pilots en schrijft op wat zij leerden."),
        ):  # fmt: skip
            plan_execution(
                actor=self.adviser, about=about, owner_body=self.bodies[body], owner=self.second,
                due=self.today(days), plan=plan,
            )  # fmt: skip
        yield self.year.on(35, hour=10)
        self.tell(
            winter, "Tien leden gaven hun cijfers. Een jaar hulp kost gemiddeld 410 euro per huishouden."
        )
        yield self.year.on(31, hour=10)
        self.tell(
            tool, "De eerste rekenhulp is klaar. Drie kleine gemeenten rekenden er twee taken mee door."
        )
        yield self.year.on(27, hour=10)
        self.tell(promise, "Alle leden kregen een verslag van vier bladzijden over de twee pilots.")
        settling = propose_settling(
            actor=self.second, about=promise, account="Het verslag over de pilots is aan alle leden gestuurd."
        )
        yield self.year.on(24, hour=14)
        answer_settling(actor=self.voter("GM0796"), settlement=settling, agrees=True)
        yield self.year.on(14, hour=10)
        settling = propose_settling(
            actor=self.second,
            about=tool,
            account="De rekenhulp staat klaar, en elke gemeente kan haar gebruiken.",
        )
        yield self.year.on(12, hour=16)
        answer_settling(
            actor=self.year.people["netwerk"], settlement=settling, agrees=False,
            objection="De rekenhulp werkt nog niet voor gemeenten die een taak samen doen. Dat is bij ons de helft.",
        )  # fmt: skip
        yield self.year.on(11, hour=10)
        propose_settling(
            actor=self.second, about=winter,
            account="De cijfers zijn klaar en liggen bij het ministerie. Wij vragen de indieners of dit genoeg is.",
        )  # fmt: skip

    def tell(self, about: Item, text: str) -> None:
        """Tell what was done."""
        report(actor=self.second, about=about, text=text)

    # --- an assembly to come ---------------------------------------------------------------------------
    def next_assembly(self) -> Story:
        """Called, with two motions that are alike, the minutes of the last one, accounts, and papers."""
        people, members = self.year.people, self.year.members
        yield self.year.on(40, hour=10)
        meeting = self.plan(
            "alv", "Algemene Ledenvergadering in Zwolle", self.ahead(COMING, hour=13), place="Zwolle"
        )
        self.put(meeting, "Opening", kind=AgendaKind.OPENING)
        assert self.held is not None
        propose_minutes(actor=self.adviser, meeting=self.held, to=meeting)
        yield self.year.on(5, hour=9)
        budget = self.put(
            meeting, "Geld voor de vereniging in het volgende jaar", kind=AgendaKind.INFORMATION
        )
        add_paper(
            actor=self.adviser, meeting=meeting, agenda_item=budget, title="Begroting in één bladzijde",
            text="De bijdrage van de leden stijgt met de prijzen mee. Er komt geld bij voor hulp aan kleine gemeenten.",
        )  # fmt: skip
        accounts = self.put(meeting, "Wat er van moties en toezeggingen kwam", kind=AgendaKind.SETTLING)
        for about in (self.motions["winter"], self.motions[PARTS[0]], self.promises["pilots"]):
            self.put(
                meeting,
                about=Item.objects.get(pk=about.pk),
                kind=AgendaKind.SETTLING,
                parent=accounts,
                minutes=5,
            )
        motions = self.put(meeting, "Moties", kind=AgendaKind.MOTION)
        self.end(meeting)
        self.call(meeting)
        yield self.year.on(2, hour=14)
        school = self.file("school", people["burgemeester"], members["GM1900"], motions)
        power = self.file("power", self.voter("GM0796"), members["GM0796"], motions)
        sign_motion(actor=self.voter("GM0034"), motion=school, owner=members["GM0034"])
        kind, reason = ADVICE["school"]
        advise(actor=self.adviser, about=school, body=self.bodies[BOARD], kind=kind, reason=reason)
        talk = open_talk(
            actor=people["burgemeester"], motion=school, other=power,
            text="Onze moties vragen bijna hetzelfde. Zullen wij er samen één van maken?",
        )  # fmt: skip
        yield self.year.on(1, hour=11)
        say_in_talk(
            actor=self.voter("GM0796"), talk=talk,
            text="Graag. Voor ons moeten ook woningen er in staan, want daar wachten de meeste mensen op.",
        )  # fmt: skip
        for giver, holder, text in (
            ("GM1730", "GM1680", "Wij zijn die dag verhinderd. Aa en Hunze stemt voor ons."),
            ("GM0088", "GM0060", "De boot vaart te laat. Ameland stemt voor ons."),
        ):
            give_proxy(
                actor=self.voter(giver),
                meeting=meeting,
                giver=members[giver],
                holder=members[holder],
                text=text,
            )
        ask_to_speak(
            actor=self.voter("GM0344"), meeting=meeting, member=members["GM0344"],
            agenda_item=AgendaItem.objects.get(meeting=meeting, about=school), side="for",
            subject="Onze nieuwe school staat al een jaar leeg",
        )  # fmt: skip

    # --- over days -------------------------------------------------------------------------------------
    def consultation(self) -> Story:
        """A remote consultation that is open now; it follows from what members saw."""
        yield self.year.on(9, hour=10)
        bundle = Bundle.objects.get(title="Te weinig plekken in de zwaarste jeugdhulp")
        answer_bundle(
            actor=self.adviser, bundle=bundle, state=SignalState.TAKEN_UP,
            reason="Alle leden stemmen over een voorstel om de zwaarste jeugdzorg samen in te kopen.",
        )  # fmt: skip
        begins = self.on(3, hour=9)
        meeting = self.plan(
            "alv", "Ledenraadpleging over zware jeugdzorg", begins,
            ends=self.ahead(8, hour=17), form=MeetingForm.CONSULTATION,
        )  # fmt: skip
        item = self.put(meeting, about=self.propose("youth", bundle), minutes=10)
        self.call(meeting)
        yield begins
        meeting = open_meeting(actor=self.adviser, meeting=meeting)
        go_to(actor=self.adviser, meeting=meeting, agenda_item=item)
        vote = self.vote(item, until=meeting.ends_at - timedelta(minutes=1))
        yield self.year.on(1, hour=12)
        self.year.ballots(vote, share=0.2, against=0.2, without=set(self.year.people.values()))
