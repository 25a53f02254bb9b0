"""Bodies of the example year: the board and a committee with their seats, their meetings, and a seat that is filled."""

from collections.abc import Generator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from omkering.decide.commands.bodies import add_seat, begin_term, set_rota
from omkering.decide.commands.follow_up import answer_settling, decide_settling, propose_settling, report
from omkering.decide.commands.meetings import close_meeting
from omkering.decide.commands.minutes import add_note, propose_minutes
from omkering.decide.commands.nominations import open_nomination, plan_nomination
from omkering.decide.commands.undertakings import record_undertaking
from omkering.decide.models import AgendaItem, AgendaKind, Meeting
from omkering.lab.example.clock import Story
from omkering.lab.example.decision_deeds import DecisionDeeds
from omkering.lab.example.decision_texts import ENERGY
from omkering.thread.models import Item
from omkering.who.models import Body, Person

COMMITTEE, BOARD = "participatie-schuldhulpverlening-en-integratie", "bestuur"
# Members of several sizes and provinces, each with how many days ago its seat was taken.
IN_COMMITTEE = (("GM0014", 830), ("GM0034", 830), ("GM0193", 465), ("GM0855", 465), ("GM0988", 465))
IN_BOARD = (
    ("GM0080", 1195),
    ("GM0150", 1195),
    ("GM0518", 830),
    ("GM0654", 830),
    ("GM0935", 465),
    ("GM1681", 465),
)


class BodiesOfTheYear(DecisionDeeds):
    """One playing of the board and of a committee."""

    # --- seats -----------------------------------------------------------------------------------------
    def seats(self) -> Story:
        """The board and the committee have their seats, and it is set who resigns when."""
        yield self.year.on(310, hour=10)
        board, committee = self.bodies[BOARD], self.bodies[COMMITTEE]
        self.sit(board, self.voter("GM0268"), "GM0268", 830, chair=True)
        for code, days in IN_BOARD:
            self.sit(board, self.voter(code), code, days, profile="alderman")
        self.sit(committee, self.voter("GM0344"), "GM0344", 830, profile="alderman", chair=True)
        for code, days in IN_COMMITTEE:
            self.sit(committee, self.voter(code), code, days, profile="alderman")
        self.sit(committee, self.voter("GM0200"), "GM0200", 465)
        for body in (board, committee):
            set_rota(actor=self.adviser, body=body, month=6, day=15)

    def sit(
        self, body: Body, person: Person, code: str, days: int, *, profile: str = "", chair: bool = False
    ) -> None:
        """Somebody has had a seat in a body since so many days before the year was played."""
        begin_term(
            actor=self.adviser,
            seat=add_seat(actor=self.adviser, body=body, profile=profile, chair=chair),
            person=person,
            member=self.year.members.get(code),
            starts=self.year.start.date() - timedelta(days=days),
        )
        self.seated.setdefault(body.key, []).append(person)

    def vacancy(self) -> Story:
        """A seat for a councillor is being filled: candidates can come forward now."""
        yield self.year.on(13, hour=10)
        body = self.bodies[COMMITTEE]
        seat = add_seat(
            actor=self.adviser, body=body, profile="councillor", note="Liefst uit een kleine gemeente."
        )
        nomination = plan_nomination(
            actor=self.adviser,
            body=body,
            nominating_body=self.bodies[BOARD],
            seats=[seat],
            title="Een raadslid voor de commissie",
            opens_at=timezone.now() + timedelta(minutes=1),
            closes_at=self.ahead(20, hour=17),
            starts=self.today(60),
            profile_note="Wij zoeken een raadslid dat schuldhulp goed kent, liefst uit een kleine gemeente.",
        )
        open_nomination(actor=self.adviser, nomination=nomination)

    # --- meetings --------------------------------------------------------------------------------------
    def committee(self) -> Story:
        """Two meetings: the minutes of the first and what was promised there come back in the second."""
        body = self.bodies[COMMITTEE]
        yield self.year.on(64, hour=10)
        begins = self.on(46, hour=14)
        first, items = self.gather(
            COMMITTEE, "Commissievergadering over energiehulp", begins, self.item("position", ENERGY)
        )
        yield begins
        first = yield from self.hold(COMMITTEE, first)
        add_note(
            actor=self.adviser, meeting=first, agenda_item=items[0],
            text="De commissie wil eerst de cijfers van de leden zien, en dan pas een bedrag noemen.",
        )  # fmt: skip
        promise = record_undertaking(
            actor=self.adviser, meeting=first, agenda_item=items[0], body=body, due=self.today(21),
            title="Cijfers van tien leden over energiehulp", asked_by=self.year.members["GM0855"],
            text="Het bureau vraagt tien leden wat een jaar energiehulp kost, en vertelt wat daar uit komt.",
        )  # fmt: skip
        close_meeting(actor=self.adviser, meeting=first)

        yield self.year.on(34, hour=10)
        begins = self.on(18, hour=14)
        second, items = self.gather(
            COMMITTEE,
            "Commissievergadering over de pilots",
            begins,
            self.item("dossier", ENERGY),
            earlier=first,
        )
        account = self.put(second, kind=AgendaKind.SETTLING, about=Item.objects.get(pk=promise.pk))
        yield self.year.on(28, hour=15)
        report(
            actor=self.second, about=promise,
            text="Tien leden gaven hun cijfers. Een jaar hulp kost gemiddeld 410 euro per huishouden.",
        )  # fmt: skip
        settling = propose_settling(
            actor=self.second, about=promise,
            account="De cijfers van tien leden staan in het bericht, en gaan mee naar het gesprek met het rijk.",
        )  # fmt: skip
        yield self.year.on(25, hour=9)
        answer_settling(actor=self.voter("GM0855"), settlement=settling, agrees=True)
        yield begins
        second = yield from self.hold(COMMITTEE, second)
        add_note(
            actor=self.adviser, meeting=second, agenda_item=items[0],
            text="De pilots vinden meer mensen dan gedacht. De commissie wil weten wie er nog wordt gemist.",
        )  # fmt: skip
        decide_settling(actor=self.adviser, settlement=settling, meeting=second, settled=True)
        add_note(
            actor=self.adviser, meeting=second, agenda_item=account, text="De toezegging is hiermee afgedaan."
        )
        record_undertaking(
            actor=self.adviser, meeting=second, agenda_item=items[0], body=body, due=self.today(40),
            title="Een tussenstand van de twee pilots", asked_by=self.year.members["GM0014"],
        )  # fmt: skip
        close_meeting(actor=self.adviser, meeting=second)

    def gather(
        self, body: str, title: str, begins: datetime, *about: Item, earlier: Meeting | None = None
    ) -> tuple[Meeting, Sequence[AgendaItem]]:
        """Plan and call a meeting of a body about these items, and lay the minutes of an earlier one before it."""
        meeting = self.plan(body, title, begins, ends=begins + timedelta(hours=2), place="Den Haag")
        self.put(meeting, "Opening", kind=AgendaKind.OPENING)
        if earlier is not None:
            propose_minutes(actor=self.adviser, meeting=earlier, to=meeting)
        items = [self.put(meeting, about=item, minutes=20) for item in about]
        return self.call(meeting), items

    def hold(self, body: str, meeting: Meeting) -> Generator[datetime, None, Meeting]:
        """Hold a meeting until its last item: all but one are there, and earlier minutes are adopted."""
        there = [(person, None) for person in self.seated[body][:-1]]
        meeting = self.open(meeting, there, remote=3)
        for item in list(meeting.agenda.order_by("position")):
            if item.kind == AgendaKind.MINUTES:
                self.adopt(item)
            else:
                self.go(item)
            yield timezone.localtime() + timedelta(minutes=item.minutes)
        return Meeting.objects.get(pk=meeting.pk)
