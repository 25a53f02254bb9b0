"""The example year: signals, bundles and votes, put in through the product's own commands."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation

from omkering.decide import voting_rights
from omkering.decide.commands.ballots import incoming, put_in
from omkering.decide.commands.proposals import make_proposal
from omkering.decide.commands.votes import close_vote, open_vote, plan_vote
from omkering.decide.models import Vote
from omkering.journal.commands import seal_pending
from omkering.lab.example import agenda, clock, decisions, deliberation
from omkering.lab.example.clock import Story, at, days_ago
from omkering.lab.example.people import make_people, make_voters
from omkering.lab.example.signals import SIGNALS, ExampleSignal
from omkering.lab.items import FROM_FOLDER
from omkering.listen.commands.answers import answer_signal, object_to_answer, take_into_review
from omkering.listen.commands.bundle_answers import answer_bundle
from omkering.listen.commands.bundles import make_bundle
from omkering.listen.commands.recognition import recognise
from omkering.listen.commands.signals import submit_signal
from omkering.listen.models import Bundle, Signal, SignalState
from omkering.listen.suggestions import suggest
from omkering.thread.commands import meanings_together
from omkering.thread.models import Item, Theme
from omkering.who.models import Member, Person

Tell = Callable[[str], None]


def load_example_year(tell: Tell = lambda step: None) -> bool:
    """Load the example year once; returns False when there are people already."""
    if Person.objects.exists():
        return False
    tell("Playing the example year (about half a minute)")
    with translation.override("nl"):
        with meanings_together():
            Year().play()
        suggest()
    Item.objects.exclude(kind__in=FROM_FOLDER).update(example=True)
    seal_pending()
    return True


class Year:
    """One playing of the year: who takes part, and what was made so far."""

    def __init__(self) -> None:
        self.start = timezone.localtime()
        with at(days_ago(330, hour=9)):
            self.people = make_people()
            self.voters = make_voters()
        self.members = {member.code: member for member in Member.objects.all()}
        self.themes = {theme.key: theme for theme in Theme.objects.all()}
        self.signals: dict[str, Signal] = {}
        self.adviser, self.second = self.people["adviseur"], self.people["adviseur2"]
        self.chance = random.Random(2030)  # noqa: S311 - the same year each time

    def play(self) -> None:
        """Everything, in the order of time."""
        clock.play(
            [
                *[self.report(signal) for signal in SIGNALS],
                self.energy(),
                self.waste_and_pool(),
                self.power_grid(),
                self.youth(),
                self.shelter_and_bus(),
                *agenda.stories(self),
                *deliberation.stories(self),
                *decisions.stories(self),
            ]
        )

    # --- listening -----------------------------------------------------------------------------------
    def report(self, example: ExampleSignal) -> Story:
        """A member reports, and others say that they see it too."""
        yield self.on(example.days_ago, hour=10)
        member = self.members[example.member]
        signal = self.signals[example.key] = submit_signal(
            actor=self.reporter(member),
            member=member,
            title=example.title,
            case=example.case,
            touches=example.touches,
            helps=example.helps,
            theme=self.themes.get(example.theme),
            visibility=example.visibility,
            example=True,
        )
        for number, (code, case) in enumerate(example.also, start=1):
            yield self.on(max(example.days_ago - number * 1.5, 0.2), hour=14)
            other = self.members[code]
            recognise(actor=self.reporter(other), signal=signal, member=other, case=case)

    def on(self, days: float, hour: int) -> datetime:
        """A moment of the year, counted back from its playing."""
        with at(self.start):
            return days_ago(days, hour)

    def reporter(self, member: Member) -> Person:
        """Who speaks for a member: one of the example log-ins where there is one, else its voter."""
        seats = {"GM1680": "wethouder", "GM1900": "burgemeester", "GM0106": "raadslid", "GM0363": "griffier"}
        seats |= {"GM0796": "secretaris", "GM0088": "ambtenaar"}
        return self.people[seats[member.code]] if member.code in seats else self.voters[member.pk]

    def bundle(self, title: str, summary: str, *keys: str) -> Bundle:
        """An adviser bundles signals."""
        signals = [self.signals[key] for key in keys]
        return make_bundle(actor=self.adviser, title=title, summary=summary, signals=signals)

    # --- what came of it -----------------------------------------------------------------------------
    def energy(self) -> Story:
        """From signals to a decision that was adopted: the whole red thread."""
        yield self.on(270, hour=11)
        bundle = self.bundle(
            "Energiearmoede: hulp die blijft",
            "Huishoudens kunnen de energierekening niet betalen. Hulp komt te laat, past niet of stopt te vroeg.",
            "energie-1", "energie-2", "energie-3", "energie-4",
        )  # fmt: skip
        yield self.on(255, hour=9)
        answer_bundle(
            actor=self.adviser,
            bundle=bundle,
            state=SignalState.TAKEN_UP,
            reason="De commissie nam dit over. Er komt een voorstel voor alle leden over vaste energiehulp.",
        )
        yield self.on(240, hour=13)
        proposal = make_proposal(
            actor=self.adviser,
            from_item=bundle,
            title="Vaste energiehulp in elke gemeente",
            text=(
                "De vereniging vraagt het rijk om vast geld voor energiehulp in elke gemeente, met een toeslag "
                "waar isoleren duurder is, en om een plicht voor leveranciers om een afsluiting zes weken van "
                "tevoren te melden."
            ),
            explanation="Dit voorstel volgt uit vier signalen, die door veel leden zijn herkend.",
        )
        yield self.on(225, hour=9)
        opened = timezone.localtime()
        vote = self.vote(proposal, opens=opened, days=14, reference=opened.date())
        yield self.on(215, hour=12)
        self.ballots(vote, share=0.83, against=0.09)
        yield self.on(210, hour=17)
        close_vote(actor=self.adviser, vote=vote)

    def power_grid(self) -> Story:
        """A vote that is open now, in which the example log-ins did not vote yet."""
        yield self.on(100, hour=11)
        bundle = self.bundle(
            "Vol stroomnet: wat eerst?",
            "Scholen, woningen en bussen wachten jaren op stroom. Er is geen volgorde die iedereen kent.",
            "net-1", "net-2", "net-3", "net-4",
        )  # fmt: skip
        yield self.on(60, hour=11)
        answer_bundle(
            actor=self.second,
            bundle=bundle,
            state=SignalState.TAKEN_UP,
            reason="Het bestuur legt aan alle leden een voorstel voor over de volgorde op het stroomnet.",
        )
        proposal = make_proposal(
            actor=self.second,
            from_item=bundle,
            title="Scholen, zorg en woningen eerst op het stroomnet",
            text=(
                "De vereniging vraagt het rijk om in de wet vast te leggen dat scholen, zorg en woningen voorrang "
                "krijgen op de wachtlijst van het stroomnet, en dat subsidies doorlopen zolang er geen "
                "aansluiting is."
            ),
            explanation="Grote steden vragen ook ruimte voor vervoer en bedrijven. Kijk naar uw eigen praktijk.",
        )
        yield self.on(5, hour=9)
        opened = timezone.localtime()
        vote = self.vote(proposal, opens=opened, days=14, reference=opened.date())
        yield self.on(2, hour=12)
        self.ballots(vote, share=0.35, against=0.25, without=set(self.people.values()))

    def vote(self, proposal: Item, *, opens, days: int, reference: date) -> Vote:
        """Plan a vote that opens now, and open it."""
        vote = plan_vote(
            actor=self.adviser,
            about=proposal,
            opens_at=opens + timedelta(seconds=5),
            closes_at=opens + timedelta(days=days),
            reference_date=reference,
        )
        return open_vote(actor=self.adviser, vote=vote)

    def ballots(
        self, vote: Vote, *, share: float, against: float, without: set[Person] | None = None
    ) -> None:
        """A share of those who may vote now does, at once; smaller members are a little more often against."""
        people = {person.pk: person for person in self.voters.values() if person not in (without or set())}
        found = voting_rights.rights(vote, people)
        lines = [(right, people[pk]) for pk, held in found.items() for right in held]
        given = []
        for right, person in sorted(lines, key=lambda line: line[0].entry.voter):
            if self.chance.random() > share:
                continue
            lean = against * (1.6 if right.entry.inhabitants < 25_000 else 0.7)
            draw = self.chance.random()
            choice = "against" if draw < lean else "abstain" if draw < lean + 0.04 else "for"
            given.append(incoming(vote, right, person, choice, seen=None))
        with transaction.atomic():
            verdicts = put_in(given, secret=vote.secret)
        if not all(verdict.kept for verdict in verdicts):
            raise ValueError(f"a ballot of vote {vote.pk} was refused")

    def youth(self) -> Story:
        """A bundle that is being looked at."""
        yield self.on(40, hour=11)
        self.bundle(
            "Te weinig plekken in de zwaarste jeugdhulp",
            "Kinderen wachten te lang of moeten verhuizen, omdat aanbieders stoppen of geen behandelaars hebben.",
            "jeugd-1", "jeugd-2", "jeugd-3",
        )  # fmt: skip

    def waste_and_pool(self) -> Story:
        """One referred, one declined with an objection that waits for an answer."""
        yield self.on(190, hour=10)
        take_into_review(actor=self.adviser, signal=self.signals["afval"])
        answer_signal(
            actor=self.adviser,
            signal=self.signals["afval"],
            state=SignalState.REFERRED,
            reason="De provincies verdelen dit geld. Wij gaven uw cijfers door en vroegen om antwoord.",
            referred_to="Provincies",
        )
        yield self.on(12, hour=10)
        take_into_review(actor=self.adviser, signal=self.signals["zwembad"])
        answer_signal(
            actor=self.adviser,
            signal=self.signals["zwembad"],
            state=SignalState.DECLINED,
            reason="Er is al een regeling voor het verduurzamen van zwembaden. Die staat tot het voorjaar open.",
        )
        yield self.on(8, hour=20)
        object_to_answer(
            actor=self.people["raadslid"],
            signal=self.signals["zwembad"],
            text="Die regeling betaalt een kwart van de kosten. Voor ons is dat te weinig om te kunnen beginnen.",
        )

    def shelter_and_bus(self) -> Story:
        """In review, one of them past its term."""
        yield self.on(22, hour=15)
        take_into_review(actor=self.adviser, signal=self.signals["opvang-1"])
        yield self.on(85, hour=15)
        take_into_review(actor=self.second, signal=self.signals["bus"])
