"""The priority rounds of the example year: one of all members that is counted, and one that is open now."""

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from omkering.agenda.commands.candidates import nominate
from omkering.agenda.commands.departures import depart
from omkering.agenda.commands.priority_ballots import hand_in
from omkering.agenda.commands.rounds import close_round, open_round, plan_round
from omkering.agenda.models import Candidate, Challenge, Dossier, Round
from omkering.lab.example.clock import Story
from omkering.thread.models import Item
from omkering.who.models import Body, Organisation, Person

if TYPE_CHECKING:
    from omkering.lab.example.year import Year


class RoundsOfTheYear:
    """What the agenda needs of the year, what it made, and its rounds."""

    def __init__(self, year: "Year") -> None:
        self.year = year
        self.adviser, self.second = year.adviser, year.second
        self.bodies = {body.key: body for body in Body.objects.all()}
        self.parties = {party.key: party for party in Organisation.objects.all()}
        self.challenges = {row.key: row for row in Challenge.objects.all()}
        self.dossiers: dict[str, Dossier] = {}
        self.chance = random.Random(2027)  # noqa: S311 - the same year each time

    def today(self, later: int = 0) -> date:
        """The day of this moment of the year, or so many days later."""
        return timezone.localdate() + timedelta(days=later)

    def fresh(self, dossier: Dossier) -> Dossier:
        """The dossier as it stands now."""
        return Dossier.objects.get(pk=dossier.pk)

    # --- sharp choices ---------------------------------------------------------------------------------
    def priorities(self) -> Story:
        """A round of all members, counted; the board departs from it once, and says why."""
        yield self.year.on(56, hour=12)
        opened = timezone.localtime()
        round_ = plan_round(
            actor=self.adviser,
            title="Waar zetten wij dit jaar op in?",
            explanation="Kies wat in uw gemeente het meeste knelt. De vereniging werkt aan ten hoogste vier zaken.",
            maximum=4,
            opens_at=opened + timedelta(hours=1),
            closes_at=opened + timedelta(days=15),
            reference_date=opened.date(),
        )
        items: list[Item] = [
            *Item.objects.filter(kind="bundle", state__in=("in_review", "taken_up")).order_by("pk"),
            *(self.challenges[key] for key in ("woningbouw", "arbeidskrapte", "vergrijzing", "landelijk-gebied",
                                               "asiel-en-migratie", "crisisopvang", "water")),
        ]  # fmt: skip
        for item in items:
            nominate(actor=self.adviser, round=round_, item=item)
        open_round(actor=self.adviser, round=round_)
        yield self.year.on(46, hour=12)
        self.choose(round_, share=0.81, wishes=3)
        yield self.year.on(41, hour=16)
        close_round(actor=self.adviser, round=round_)
        round_.refresh_from_db()
        yield self.year.on(27, hour=14)
        crisis = Candidate.objects.get(round=round_, item=self.challenges["crisisopvang"])
        selected = set(round_.result["selected"]) if round_.result else set()
        if crisis.pk not in selected:
            depart(
                actor=self.adviser,
                round=round_,
                candidate=crisis,
                body=self.bodies["bestuur"],
                takes_up=True,
                reason="De opvang kan niet wachten tot volgend jaar: de tijdelijke plekken sluiten in het voorjaar.",
                decided_on=self.today(),
            )

    def next_year(self) -> Story:
        """A round that is open now, in which the example log-ins did not choose yet."""
        yield self.year.on(3, hour=10)
        opened = timezone.localtime()
        round_ = plan_round(
            actor=self.adviser,
            title="Wat eerst in het nieuwe jaar?",
            explanation="Verdeel tien punten over wat uw gemeente het eerst opgelost wil zien.",
            maximum=5,
            ballot_kind="points",
            points=10,
            opens_at=opened + timedelta(hours=1),
            closes_at=opened + timedelta(days=17),
            reference_date=opened.date(),
        )
        for key in ("zones", "grid"):
            nominate(actor=self.adviser, round=round_, item=self.fresh(self.dossiers[key]))
        for key in ("woningbouw", "arbeidskrapte", "jeugdzorg", "vergrijzing", "stikstof", "digitalisering", "water",
                    "bestaanszekerheid", "klimaatadaptatie", "landelijk-gebied"):  # fmt: skip
            nominate(actor=self.adviser, round=round_, item=self.challenges[key])
        open_round(actor=self.adviser, round=round_)
        yield self.year.on(1, hour=12)
        self.choose(round_, share=0.3, wishes=3, without=set(self.year.people.values()))

    def choose(self, round_: Round, *, share: float, wishes: int, without: set[Person] | None = None) -> None:
        """A share of the members hands in a ballot; larger and smaller ones lean to other ends of the list."""
        candidates = list(Candidate.objects.filter(round=round_, withdrawn_at__isnull=True).order_by("pk"))
        half = len(candidates) // 2
        for line in round_.roll.select_related("member").order_by("pk"):
            person = self.year.voters.get(line.member_id or 0)
            if person is None or person in (without or set()) or self.chance.random() > share:
                continue
            near, far = (
                (candidates[:half], candidates[half:])
                if line.inhabitants > 40_000
                else (candidates[half:], candidates[:half])
            )
            chosen = [*self.chance.sample(near, wishes - 1), self.chance.choice(far)]
            values = [1] * wishes
            if round_.ballot_kind == "points":
                values = [5, 3, 2][:wishes]
            hand_in(
                actor=person,
                line=line,
                ballot={candidate.pk: value for candidate, value in zip(chosen, values, strict=True)},
            )
