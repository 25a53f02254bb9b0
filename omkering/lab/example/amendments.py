"""The amendments of the example year: two that went up in one, one adopted, one withdrawn, and some that are open."""

from omkering.deliberate.commands.amendment_advice import advise
from omkering.deliberate.commands.amendment_decisions import adopt_amendment
from omkering.deliberate.commands.amendment_talks import agree_common, ask_talks, propose_common
from omkering.deliberate.commands.amendments import (
    cosign,
    draft_amendment,
    submit_amendment,
    withdraw_amendment,
)
from omkering.deliberate.models import Amendment
from omkering.lab.example.clock import Story
from omkering.lab.example.deliberation_deeds import Deeds
from omkering.who.models import Member, Network, Person


class AmendmentsOfTheYear(Deeds):
    """The amendments to the note."""

    def amendments(self) -> Story:
        """In the first reading: a collision that ends in a common text, and the advice of the board."""
        on, members = self.year.on, self.year.members
        alderman, clerk = self.person("wethouder"), self.person("griffier")
        small, large = members["GM1680"], members["GM0363"]
        yield on(112, hour=10)
        longer = self.hand_in(
            alderman, small, "Voorstel 1", "Acht weken voor de afdelingen",
            ("zes weken", "acht weken"),
            "Onze raad vergadert eens per maand. In zes weken lukt het niet om er twee keer over te praten.",
            "Een standpunt komt twee weken later.",
        )  # fmt: skip
        yield on(110, hour=15)
        shorter = self.hand_in(
            clerk, large, "Voorstel 1", "Vier weken, en twee bij spoed",
            ("zes weken", "vier weken, en bij spoed twee weken"),
            "De Tweede Kamer wacht niet op ons. Wie te laat is, wordt niet gehoord.",
            "Kleine gemeenten hebben minder tijd.",
        )  # fmt: skip
        yield on(108, hour=9)
        for who, amendment in (
            ("GM1681", longer),
            ("GM1690", longer),
            ("GM0060", longer),
            ("GM0344", shorter),
        ):
            cosign(actor=self.person(who), amendment=amendment, owner=members[who])
        talk = ask_talks(actor=alderman, first=longer, second=shorter)
        yield on(101, hour=11)
        words = self.block("Voorstel 1").text
        common = propose_common(
            actor=alderman,
            talk=talk,
            owner=small,
            title="Zes weken, langer in de zomer en korter bij spoed",
            text=words.replace(
                "zes weken.", "zes weken, en acht weken in de zomervakantie. Bij spoed zijn het er drie."
            ),
            reason="Zo heeft een raad tijd genoeg, en zijn wij op tijd als het echt haast heeft.",
            consequences="Het bureau zegt bij elke vraag of er haast is, en waarom.",
        )
        yield on(97, hour=14)
        talk.refresh_from_db()
        common = agree_common(actor=clerk, talk=talk, version=common.version)
        yield on(75, hour=16)
        advise(
            actor=self.adviser,
            amendment=common,
            body=self.bodies["bestuur"],
            kind="adopt",
            reason="Twee gemeenten die ver uit elkaar lagen, zijn het eens. Dat is hoe wij het graag zien.",
        )

    def decided(self) -> Story:
        """One that was adopted and is in the text now, and one that was withdrawn."""
        on, members = self.year.on, self.year.members
        yield on(93, hour=10)
        island = self.hand_in(
            self.person("GM0093"), members["GM0093"], "Voorstel 2", "Altijd een kleine gemeente bij de pilots",
            ("als pilot.", "als pilot, waarvan er ten minste één klein is."),
            "Wat in een stad werkt, werkt niet vanzelf op een eiland.",
        )  # fmt: skip
        yield on(91, hour=13)
        fewer = self.hand_in(
            self.year.voters[members["GM0796"].pk], members["GM0796"], "Voorstel 2", "Twee onderwerpen per jaar",
            ("vier onderwerpen", "twee onderwerpen"),
            "Vier onderwerpen tegelijk is te veel voor het bureau.",
        )  # fmt: skip
        yield on(84, hour=10)
        for who in ("GM0060", "GM0114", "GM0855"):
            cosign(actor=self.person(who), amendment=island, owner=members[who])
        withdraw_amendment(
            actor=self.year.voters[members["GM0796"].pk],
            amendment=fewer,
            reason="In het gesprek bleek dat vier een maximum is. Minder mag dus ook.",
        )
        yield on(58, hour=17)
        adopt_amendment(
            actor=self.adviser,
            amendment=island,
            version=Amendment.objects.get(pk=island.pk).version,
            reason="Besluit van het bestuur, op advies van de commissie.",
        )

    def amendments_of_now(self) -> Story:
        """In the round that is open: two that collide, with a common text to agree to, one of a network, a draft."""
        on, members = self.year.on, self.year.members
        mayor, utrecht, network = self.person("burgemeester"), self.person("GM0344"), self.networks["k80"]
        yield on(4, hour=10)
        homes = self.hand_in(
            mayor, members["GM1900"], "Voorstel 3", "Scholen, zorg en woningen eerst",
            ("in de wet te zetten.", "in de wet te zetten. Scholen, zorg en woningen gaan voor."),
            "Zonder deze volgorde gaat de plek naar wie het eerst belde.",
        )  # fmt: skip
        buses = self.hand_in(
            utrecht, members["GM0344"], "Voorstel 3", "Scholen, zorg en vervoer eerst",
            ("in de wet te zetten.", "in de wet te zetten. Scholen, zorg en vervoer gaan voor."),
            "Als bussen niet kunnen laden, staat de stad stil.",
            "Nieuwe woningen wachten in sommige steden langer.",
        )  # fmt: skip
        for who, amendment in (("GM0088", homes), ("GM1681", homes), ("GM0599", buses)):
            owner = members[who]
            cosign(actor=self.year.voters[owner.pk], amendment=amendment, owner=owner)
        yield on(3, hour=11)
        soon = self.hand_in(
            self.year.people["netwerk"], network, "Voorstel 4", "Het gesprek is er binnen twee weken",
            ("dan praten wij eerst met elkaar", "dan praten wij binnen twee weken met elkaar"),
            "Een klein netwerk kan niet maanden wachten voor het iets mag zeggen.",
        )  # fmt: skip
        talk = ask_talks(actor=mayor, first=homes, second=buses)
        yield on(2, hour=15)
        advise(
            actor=self.adviser,
            amendment=soon,
            body=self.bodies["bestuur"],
            kind="changed",
            reason="Wij zijn het eens met een vaste tijd. In een vakantie lukt twee weken niet.",
            alternative=soon.text.replace("twee weken", "drie weken"),
        )
        propose_common(
            actor=utrecht,
            talk=talk,
            owner=members["GM0344"],
            title="Scholen en zorg eerst, daarna kiest de regio",
            text=homes.base.replace(
                "in de wet te zetten.",
                "in de wet te zetten. Scholen en zorg gaan voor. Daarna kiest elke regio zelf.",
            ),
            reason="Over scholen en zorg zijn wij het eens. Over de rest verschilt het per streek.",
        )
        yield on(1, hour=10)
        block = self.block("Over sommige onderwerpen")
        draft_amendment(
            actor=self.person("wethouder"),
            paragraph=block.paragraph,
            owner=members["GM1680"],
            title="Elk jaar opnieuw kijken naar de lijst",
            text=f"{block.text} Elk jaar kijken wij of de lijst nog klopt.",
            reason="Wat nu bij een gemeente past, kan volgend jaar anders zijn.",
        )

    # --- the small deeds -------------------------------------------------------------------------------
    def hand_in(
        self,
        actor: Person,
        owner: Member | Network,
        place: str,
        title: str,
        other: tuple[str, str],
        reason: str,
        consequences: str = "",
    ) -> Amendment:
        """An amendment that says `other[1]` where the text says `other[0]`."""
        block = self.block(place)
        assert other[0] in block.text
        row = draft_amendment(
            actor=actor,
            paragraph=block.paragraph,
            owner=owner,
            title=title,
            text=block.text.replace(*other),
            reason=reason,
            consequences=consequences,
        )
        return submit_amendment(actor=actor, amendment=row)
