"""The two general assemblies that were held in the example year, and the board's meeting between them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from omkering.decide.commands.advice import advise
from omkering.decide.commands.agenda_items import drop_agenda_item
from omkering.decide.commands.meetings import close_meeting
from omkering.decide.commands.minutes import add_note, change_note, propose_minutes, record_correction
from omkering.decide.commands.motion_outcomes import Part, split_motion, take_over
from omkering.decide.commands.motions import place_on_agenda, withdraw_motion
from omkering.decide.commands.papers import add_paper
from omkering.decide.commands.proxies import give_proxy
from omkering.decide.commands.signatures import sign_motion
from omkering.decide.commands.undertakings import record_undertaking
from omkering.decide.models import AgendaItem, AgendaKind, Meeting, Motion, Undertaking
from omkering.lab.example.clock import Story
from omkering.lab.example.committee import BOARD, BodiesOfTheYear
from omkering.lab.example.decision_texts import ADVICE, ENERGY, PARTS
from omkering.thread.models import Item

if TYPE_CHECKING:
    from omkering.lab.example.year import Year

EARLIER, HELD = 152, 60  # days ago
SPEAK = ("GM1680", "GM1900", "GM0363", "GM0796", "GM0088", "GM0344")  # members that are at both


class AssembliesOfTheYear(BodiesOfTheYear):
    """One playing of the assemblies that were held."""

    def __init__(self, year: "Year") -> None:
        super().__init__(year)
        self.earlier: Meeting | None = None
        self.held: Meeting | None = None
        self.promises: dict[str, Undertaking] = {}

    # --- the first -------------------------------------------------------------------------------------
    def first_assembly(self) -> Story:
        """One proposal, which becomes a position; its minutes are changed, corrected and adopted in the next one."""
        yield self.year.on(EARLIER + 40, hour=10)
        begins = self.on(EARLIER, hour=13)
        meeting = self.earlier = self.plan("alv", "Algemene Ledenvergadering in Assen", begins, place="Assen")
        self.put(meeting, "Opening", kind=AgendaKind.OPENING)
        proposal = self.propose("tasks", self.item("challenge", "Gezonde gemeentefinanciën"))
        item = self.put(meeting, about=proposal, minutes=30)
        self.end(meeting)
        add_paper(
            actor=self.adviser, meeting=meeting, agenda_item=item, title="Vijf nieuwe taken en wat zij kostten",
            text="Vijf keer kwam er een taak bij. Drie keer was het geld op voordat het jaar om was.",
        )  # fmt: skip
        yield self.year.on(EARLIER + 31, hour=10)
        self.call(meeting)
        yield begins - timedelta(minutes=20)
        meeting = self.open(meeting, self.coming(8, *SPEAK), remote=4)
        yield begins
        opening, _item, questions, closing = list(meeting.agenda.order_by("position"))
        self.go(opening)
        yield begins + timedelta(minutes=10)
        yield from self.decide(item, against=0.08)
        note = add_note(
            actor=self.adviser,
            meeting=meeting,
            agenda_item=item,
            text="Leden noemen vijf taken zonder genoeg geld.",
        )
        for last in (questions, closing):
            yield timezone.localtime() + timedelta(minutes=5)
            self.go(last)
        close_meeting(actor=self.adviser, meeting=meeting)
        yield self.year.on(EARLIER - 3, hour=11)
        change_note(
            actor=self.adviser, note=note, version=note.version,
            text="Leden noemen vijf taken die er bij kwamen zonder genoeg geld. Zij willen vooraf kunnen rekenen.",
        )  # fmt: skip

    # --- the second ------------------------------------------------------------------------------------
    def assembly(self) -> Story:
        """From the first plan to the closing: a proposal from a dossier, and five motions, each with another fate."""
        people, members = self.year.people, self.year.members
        yield self.year.on(HELD + 75, hour=10)
        begins = self.on(HELD, hour=13)
        meeting = self.held = self.plan(
            "alv", "Algemene Ledenvergadering in Utrecht", begins, place="Utrecht"
        )
        assert self.earlier is not None
        self.put(meeting, "Opening", kind=AgendaKind.OPENING)
        propose_minutes(actor=self.adviser, meeting=self.earlier, to=meeting)
        news = self.put(meeting, "Mededelingen van het bestuur", kind=AgendaKind.INFORMATION)
        add_paper(
            actor=self.adviser, meeting=meeting, agenda_item=news, title="Stand van zaken",
            text="Het rijk werkt aan een brief over energiehulp. De wachtlijst van het stroomnet groeit.",
        )  # fmt: skip
        help_ = self.put(meeting, about=self.propose("example", self.item("dossier", ENERGY)), minutes=20)
        motions = self.put(meeting, "Moties", kind=AgendaKind.MOTION)
        self.end(meeting)
        yield self.year.on(HELD + 30, hour=10)
        self.call(meeting)
        record_correction(
            actor=self.adviser, meeting=self.earlier, member=members["GM0344"],
            text="Utrecht vroeg om de cijfers van elk van de vijf taken, en niet alleen om het totaal.",
        )  # fmt: skip
        yield self.year.on(HELD + 25, hour=15)
        self.file("winter", people["wethouder"], members["GM1680"], help_)
        self.file("bus", people["burgemeester"], members["GM1900"], motions)
        self.file("transport", people["griffier"], members["GM0363"], motions)
        self.file("small", people["netwerk"], self.networks["k80"], motions)
        self.file("waste", self.voter("GM0772"), members["GM0772"], motions)
        for code in ("GM1900", "GM0106", "GM0088"):
            sign_motion(actor=self.voter(code), motion=self.motions["winter"], owner=members[code])
        yield from self.board(self.on(HELD + 16, hour=10))
        yield self.year.on(HELD + 10, hour=11)
        small = Motion.objects.get(pk=self.motions["small"].pk)
        parts = split_motion(
            actor=people["netwerk"],
            motion=small,
            parts=[Part(title, (at,)) for at, title in enumerate(PARTS)],
        )
        self.motions |= dict(zip(PARTS, parts, strict=True))
        for part in parts:
            place_on_agenda(actor=self.adviser, motion=part)
        withdraw_motion(
            actor=self.voter("GM0772"), motion=self.motions["waste"],
            reason="De provincies beloofden om de helft te betalen. Wij wachten af of dat genoeg is.",
        )  # fmt: skip
        waste = AgendaItem.objects.get(meeting=meeting, about=self.motions["waste"])
        drop_agenda_item(actor=self.adviser, agenda_item=waste)
        give_proxy(
            actor=self.voter("GM0106"), meeting=meeting, giver=members["GM0106"], holder=members["GM1680"],
            text="Wij kunnen er niet bij zijn. Aa en Hunze stemt voor ons.",
        )  # fmt: skip
        yield begins - timedelta(minutes=30)
        there = [one for one in self.coming(3, *SPEAK, "GM0034") if one[1] != members["GM0106"]]
        meeting = self.open(meeting, there, remote=5)
        yield begins
        yield from self.deal_with(meeting, help_, news)
        close_meeting(actor=self.adviser, meeting=meeting)

    def board(self, begins: datetime) -> Story:
        """The board meets about the motions, and advises on each of them."""
        about = [Item.objects.get(pk=motion.pk) for motion in self.motions.values()]
        meeting, _items = self.gather(BOARD, "Bestuursvergadering over de moties", begins, *about)
        yield begins
        meeting = yield from self.hold(BOARD, meeting)
        for key, motion in self.motions.items():
            kind, reason = ADVICE[key]
            advise(actor=self.adviser, about=motion, body=self.bodies[BOARD], kind=kind, reason=reason)
        close_meeting(actor=self.adviser, meeting=meeting)

    def deal_with(self, meeting: Meeting, help_: AgendaItem, news: AgendaItem) -> Story:
        """The assembly goes through its agenda."""
        against = {help_.about_id: 0.06, self.motions["winter"].pk: 0.1, self.motions["transport"].pk: 0.72}
        against |= {self.motions[title].pk: share for title, share in zip(PARTS, (0.07, 0.62), strict=True)}
        for item in list(meeting.agenda.exclude(state="dropped").order_by("position")):
            item.meeting = meeting
            if item.kind == AgendaKind.MINUTES:
                self.adopt(item)
            elif item.about_id in against:
                yield from self.decide(item, against=against[item.about_id])
            else:
                self.go(item)
            if item.about_id == self.motions["bus"].pk:
                take_over(
                    actor=self.adviser, motion=self.motions["bus"], body=self.bodies[BOARD],
                    reason="Wij beginnen er deze maand mee, en praten eerst met de provincies in het noorden.",
                )  # fmt: skip
            yield timezone.localtime() + timedelta(minutes=4)
            if item.pk in (help_.pk, news.pk):
                self.promise(meeting, item, "grid" if item.pk == news.pk else "pilots")
        add_note(
            actor=self.adviser, meeting=meeting, agenda_item=news,
            text="Leden vragen hoe lang scholen nog op stroom moeten wachten. Het bestuur kent die cijfers nog niet.",
        )  # fmt: skip

    def promise(self, meeting: Meeting, item: AgendaItem, key: str) -> None:
        """The board promises something."""
        title, text, member, days = {
            "grid": (
                "Een brief over het stroomnet binnen drie weken",
                "Het bestuur stuurt de leden binnen drie weken een brief over de wachtlijst van het stroomnet.",
                "GM0034",
                21,
            ),
            "pilots": (
                "De uitkomst van de twee pilots gaat naar alle leden",
                "Het bestuur vertelt alle leden wat de pilots met vaste energiehulp hebben geleerd.",
                "GM0796",
                40,
            ),
        }[key]
        self.promises[key] = record_undertaking(
            actor=self.adviser, meeting=meeting, agenda_item=item, title=title, text=text,
            asked_by=self.year.members[member], due=self.today(days), body=self.bodies[BOARD],
        )  # fmt: skip
