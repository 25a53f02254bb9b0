"""Positions of the example year, how members and networks stand to them, and who speaks with whom."""

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from omkering.deliberate.commands.alignments import end_alignment, log_talk
from omkering.deliberate.commands.contacts import hold_contact, record_contact
from omkering.deliberate.commands.positions import add_position, take_position
from omkering.deliberate.commands.stances import take_stance
from omkering.deliberate.models import Alignment, Contact, Position
from omkering.lab.example.clock import Story
from omkering.thread.models import Item
from omkering.who.models import Body, Member, Network, Organisation, Person
from omkering.who.queries import register_on

if TYPE_CHECKING:
    from omkering.lab.example.year import Year


class PositionsOfTheYear:
    """One playing of positions and lobby."""

    def __init__(self, year: "Year") -> None:
        self.year = year
        self.adviser, self.second = year.adviser, year.second
        self.bodies = {body.key: body for body in Body.objects.all()}
        self.networks = {network.key: network for network in Network.objects.all()}
        self.parties = {party.key: party for party in Organisation.objects.all()}
        self.held: dict[str, Position] = {}
        self.chance = random.Random(2032)  # noqa: S311 - the same year each time

    def today(self, later: int = 0) -> date:
        """The day of this moment of the year, or so many days later."""
        return timezone.localdate() + timedelta(days=later)

    # --- positions -------------------------------------------------------------------------------------
    def positions(self) -> Story:
        """Four positions, each on another theme; two of them follow from a decision of the members."""
        yield self.year.on(200, hour=11)
        self.position(
            "energy",
            owner=self.second,
            title="Vaste energiehulp in elke gemeente",
            summary="Het rijk betaalt elk jaar vast geld, zodat elke gemeente kan helpen met de energierekening.",
            text=(
                "Elke gemeente helpt huishoudens die hun energierekening niet kunnen betalen. Het rijk geeft daar "
                "vast geld voor, met een toeslag waar isoleren duurder is. Een leverancier meldt een afsluiting "
                "zes weken van tevoren."
            ),
            messages="Hulp moet blijven, ook na de winter.\nWaar u woont mag niet uitmaken.",
            figures="Een op de drie huishoudens die zich meldden, heeft een baan (telling van de leden).",
            theme=self.year.themes["bestaanszekerheid"],
            addressees=[self.parties["szw"], self.parties["kgg"]],
            source="assembly",
            source_body=self.bodies["alv"],
            source_item=Item.objects.get(kind="proposal", title="Vaste energiehulp in elke gemeente"),
        )
        yield self.year.on(150, hour=11)
        self.position(
            "money",
            owner=self.second,
            title="Nieuwe taken alleen met geld en mensen",
            summary="Gemeenten nemen een nieuwe taak pas aan als vooraf vaststaat wie die betaalt en uitvoert.",
            text=(
                "Een nieuwe taak begint pas als het geld er is. Vooraf rekenen gemeenten uit hoeveel mensen nodig "
                "zijn. Kleine gemeenten krijgen meer tijd."
            ),
            messages="Geen taak zonder geld.\nEerst rekenen, dan beginnen.",
            theme=self.year.themes["financien"],
            addressees=[self.parties["bzk"], self.parties["fin"]],
            source="assembly",
            source_body=self.bodies["alv"],
            source_item=Item.objects.get(kind="proposal", title="Nieuwe taken alleen met geld en mensen"),
        )
        yield self.year.on(104, hour=11)
        self.position(
            "youth",
            owner=self.adviser,
            title="Zware jeugdzorg regelen regio's samen",
            summary="Regio's kopen de zwaarste jeugdzorg samen in. Het rijk zorgt dat er altijd genoeg plekken zijn.",
            text=(
                "Een kind met zware problemen krijgt binnen vier weken hulp. Regio's kopen die hulp samen in. Het "
                "rijk betaalt plekken die leeg moeten blijven voor nood. Gemeenten houden de leiding."
            ),
            messages="Een kind mag niet wachten.\nGemeenten houden de leiding.",
            theme=self.year.themes["jeugdzorg"],
            addressees=[self.parties["vws"]],
            source="committee",
            source_body=self.bodies["zorg-jeugd-en-onderwijs"],
            source_note="Vergadering van de commissie, besluit 3",
        )
        yield self.year.on(86, hour=11)
        self.position(
            "grid",
            owner=self.adviser,
            title="Scholen, zorg en woningen eerst op het stroomnet",
            summary="Scholen, zorg en woningen krijgen voorrang op de wachtlijst van het volle stroomnet.",
            text=(
                "Wie op een aansluiting wacht, moet weten waarom. Scholen, zorg en woningen gaan voor op de "
                "wachtlijst van het stroomnet. Subsidies lopen door zolang er geen aansluiting is."
            ),
            messages="Een school kan niet wachten.\nEén volgorde voor het hele land.",
            theme=self.year.themes["energietransitie"],
            addressees=[self.parties["kgg"]],
            source="board",
            source_body=self.bodies["bestuur"],
            source_note="Bestuursvergadering, punt 4 van de agenda",
        )

    def position(self, key: str, *, owner: Person, **words: Any) -> None:
        """A position that holds from today."""
        made = add_position(actor=self.adviser, owner=owner, taken_on=self.today(), **words)
        self.held[key] = take_position(actor=self.adviser, position=made, readers="public")

    # --- stances ---------------------------------------------------------------------------------------
    def stances(self) -> Story:
        """Members and networks say how they stand; one declares that it differs, one draws a red line."""
        on, members, people = self.year.on, self.year.members, self.year.people
        yield on(78, hour=14)
        self.stand(
            people["wethouder"], members["GM1680"], "energy", "remark",
            remark="Reken voor een dorp met hogere kosten dan voor een stad.",
            red_line="Geen geld dat elk jaar opnieuw moet worden aangevraagd.",
        )  # fmt: skip
        self.stand(people["burgemeester"], members["GM1900"], "energy", "carries")
        self.stand(people["griffier"], members["GM0363"], "money", "carries")
        self.stand(
            people["griffier"], members["GM0363"], "grid", "other", differs=True,
            remark="In onze stad staan de bussen en trams anders stil. Dit wegen wij liever zelf.",
        )  # fmt: skip
        self.stand(people["netwerk"], self.networks["k80"], "money", "carries")
        self.stand(
            people["netwerk"], self.networks["k80"], "energy", "remark",
            remark="Kleine gemeenten willen dit samen kunnen uitvoeren.",
        )  # fmt: skip
        yield on(70, hour=14)
        examples = set(people.values())
        for number, profile in enumerate(register_on(timezone.localdate()).profiles):
            person = self.year.voters.get(profile.member.pk)
            if number % 17 or person is None or person in examples:
                continue
            for key in ("energy", "money", "youth", "grid"):
                self.lean(person, profile.member, key, large=profile.inhabitants > 90_000)

    def lean(self, person: Person, member: Member, key: str, *, large: bool) -> None:
        """Most carry a position; larger members think differently of the power grid and of youth care."""
        draw = self.chance.random()
        against = 0.6 if large and key in ("grid", "youth") else 0.08
        if draw < 0.2:
            return
        if self.chance.random() < against:
            remark = {
                "grid": "Bij ons moet ook het vervoer voorgaan.",
                "youth": "Wij kopen deze zorg liever zelf in.",
            }.get(key, "Voor ons weegt dit anders.")
            self.stand(person, member, key, "other", remark=remark)
        else:
            self.stand(person, member, key, "neutral" if draw < 0.3 else "carries")

    def stand(self, actor: Person, party: Member | Network, key: str, kind: str, **more: Any) -> None:
        """How somebody stands to a position."""
        take_stance(actor=actor, position=self.held[key], party=party, kind=kind, **more)

    # --- who speaks with whom --------------------------------------------------------------------------
    def contacts(self) -> Story:
        """Contacts that carry the positions: held, planned, one past its day, and a sensitive one."""
        on, people, members = self.year.on, self.year.people, self.year.members
        yield on(66, hour=10)
        held = self.contact(
            self.adviser, None, "szw", "Gesprek over vaste energiehulp",
            "Gemeenten vragen vast geld voor hulp met de energierekening. Hulp per winter komt steeds te laat.",
            {"energy": ("carries", "")}, days=6, function="Directeur Armoede",
        )  # fmt: skip
        yield on(60, hour=17)
        hold_contact(
            actor=self.adviser,
            contact=held,
            on=self.today(),
            outcome="Het ministerie rekent uit wat vast geld kost. In de herfst komt er een brief.",
        )
        yield on(14, hour=11)
        self.contact(
            people["netwerk"], self.networks["k80"], "bzk", "Kleine gemeenten en nieuwe taken",
            "Kleine gemeenten nemen een nieuwe taak pas aan als er geld en mensen voor zijn.",
            {"money": ("carries", "")}, days=9, function="Afdeling Bestuur en Financiën",
        )  # fmt: skip
        yield on(7, hour=10)
        self.contact(
            people["wethouder"], members["GM1680"], "kgg", "Werkbezoek aan de nieuwe school",
            "Onze school staat klaar en heeft geen stroom. Laat zien wat voorrang op het stroomnet betekent.",
            {"grid": ("adds", "Wij laten zien wat het in een dorp betekent.")}, days=15,
            function="Afdeling Elektriciteit",
        )  # fmt: skip
        yield on(2, hour=11)
        self.contact(
            self.adviser, None, "fin", "Verkennend gesprek over geld voor nieuwe taken",
            "Wij verkennen welk bedrag het rijk wil noemen voor nieuwe taken van gemeenten.",
            {"money": ("adds", "Het bedrag staat nog niet in ons standpunt.")}, days=6, readers="involved",
            function="Directie Begrotingszaken",
        )  # fmt: skip

    def differences(self) -> Story:
        """A message that departs: once it ends as an open difference, once the talks are going on."""
        on, people, members = self.year.on, self.year.people, self.year.members
        yield on(64, hour=13)
        brief = self.contact(
            people["griffier"], members["GM0363"], "kgg", "Brief over het stroomnet in de stad",
            "Wij vragen voorrang voor bussen, trams en laadplekken op het stroomnet, naast scholen en zorg.",
            {"grid": ("departs", "Wij zetten vervoer op de plek van nieuwe woningen, want anders staat de stad stil.")},
            days=18, function="Afdeling Elektriciteit",
        )  # fmt: skip
        yield on(59, hour=10)
        alignment = Alignment.objects.get(relation__contact=brief)
        log_talk(
            actor=self.adviser,
            alignment=alignment,
            on=self.today(),
            said="Wij bekeken samen de cijfers. Over scholen en zorg zijn wij het eens, over woningen niet.",
        )
        yield on(50, hour=15)
        alignment.refresh_from_db()
        end_alignment(
            actor=people["griffier"],
            alignment=alignment,
            version=alignment.version,
            outcome="apart",
            reason="De stad houdt vast aan vervoer. Wij melden het ministerie samen waar wij verschillen.",
        )
        yield on(45, hour=16)
        hold_contact(
            actor=people["griffier"],
            contact=brief,
            on=self.today(),
            outcome="Het ministerie heeft beide verhalen gehoord en vraagt om cijfers per wijk.",
        )
        yield on(9, hour=10)
        talks = self.contact(
            people["netwerk"], self.networks["k80"], "vws", "Kleine gemeenten en zware jeugdzorg",
            "Kleine gemeenten willen dat het rijk de zware jeugdzorg zelf inkoopt. Voor ons is het te zwaar.",
            {"youth": ("departs", "Wij willen dat het rijk inkoopt en niet de regio, want ons ontbreken de mensen.")},
            days=16, function="Directie Jeugd",
        )  # fmt: skip
        yield on(6, hour=14)
        log_talk(
            actor=people["netwerk"],
            alignment=Alignment.objects.get(relation__contact=talks),
            on=self.today(),
            said="Wij belden met het bureau. Misschien helpt het als een grotere gemeente voor ons inkoopt.",
        )

    def contact(
        self,
        actor: Person,
        party: Member | Network | None,
        organisation: str,
        title: str,
        message: str,
        said: dict[str, tuple[str, str]],
        *,
        days: int,
        function: str,
        readers: str = "members",
    ) -> Contact:
        """A contact so many days from now."""
        return record_contact(
            actor=actor,
            party=party,
            organisation=self.parties[organisation],
            with_function=function,
            on=self.today(days),
            title=title,
            message=message,
            said={self.held[key].pk: words for key, words in said.items()},
            readers=readers,
        )
