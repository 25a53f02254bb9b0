"""The agenda of the example year: low-emission zones from signal to answer of the state, and two priority rounds.

The example is the paper's own of the third model: municipalities started, and the state joined later. Dates, answers
and figures are made up for it.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from omkering.agenda.commands.conditions import (
    add_condition,
    answer_condition,
    ask_condition,
    fulfil_condition,
)
from omkering.agenda.commands.documents import add_document, add_party
from omkering.agenda.commands.dossiers import edit_dossier, open_dossier
from omkering.agenda.commands.participation import change_part, take_part
from omkering.agenda.commands.placements import place_item
from omkering.agenda.commands.steps import take_step
from omkering.agenda.models import Condition, Dossier
from omkering.lab.example.clock import Story
from omkering.lab.example.rounds import RoundsOfTheYear
from omkering.listen.commands.bundle_answers import answer_bundle
from omkering.listen.models import SignalState
from omkering.thread.models import Item

if TYPE_CHECKING:
    from omkering.lab.example.year import Year

REVERSED, START_FIRST, CONSULT_FIRST = "omgekeerd_medebewind", "eerst_beginnen", "overleg_vooraf"


def stories(year: "Year") -> list[Story]:
    """What happens on the agenda, to be played through the rest of the year."""
    agenda = AgendaOfTheYear(year)
    return [
        agenda.zones(),
        agenda.energy_help(),
        agenda.grid(),
        agenda.safety_rules(),
        agenda.priorities(),
        agenda.next_year(),
    ]


class AgendaOfTheYear(RoundsOfTheYear):
    """One playing of the agenda."""

    # --- the worked example of the third model -------------------------------------------------------
    def zones(self) -> Story:
        """Municipalities start with low-emission zones, ask for what they need, and the state joins."""
        on, adviser = self.year.on, self.adviser
        yield on(305, hour=11)
        bundle = self.year.bundle(
            "Schone lucht in de stad: één soort milieuzone",
            "Steden willen oude bestelbussen weren. Nu heeft elke stad eigen regels, en handhaven lukt niet.",
            "lucht-1", "lucht-2", "lucht-3",
        )  # fmt: skip
        yield on(298, hour=9)
        answer_bundle(
            actor=adviser,
            bundle=bundle,
            state=SignalState.TAKEN_UP,
            reason="De commissie pakt dit op. Steden die willen, beginnen alvast. Wij vragen het rijk om één regel.",
        )
        dossier = open_dossier(
            actor=adviser,
            from_item=bundle,
            title="Milieuzones voor bestelbussen",
            summary=(
                "Steden weren oude bestelbussen om de lucht schoner te maken. Nu gelden in elke stad andere regels. "
                "Gemeenten beginnen, en het rijk maakt er één landelijke regel van."
            ),
            model=REVERSED,
            route=START_FIRST,
            owner=adviser,
            owner_body=self.bodies["economie-klimaat-energie-en-milieu"],
            challenges=[self.challenges["mobiliteit"], self.challenges["ruimte"]],
            visibility="public",
        )  # fmt: skip
        self.dossiers["zones"] = dossier
        yield on(290, hour=10)
        self.step(
            dossier, "owner_found", "De commissie Economie, Klimaat, Energie en Milieu trekt dit dossier."
        )
        yield on(280, hour=14)
        for code, what in (
            ("GM0344", "Een zone binnen de singel, met borden en camera's."),
            ("GM0599", "Een zone in het centrum, met een loket voor ondernemers."),
            ("GM0202", "Een zone binnen de singels, eerst zonder boetes."),
        ):
            self.join(dossier, code, "pilot", what)
        self.step(dossier, "pilot_members", "Drie steden doen mee als pilot.")
        yield on(262, hour=11)
        edit_dossier(
            actor=adviser,
            dossier=dossier,
            version=self.fresh(dossier).version,
            solution=(
                "Eén bord, dezelfde vier klassen in elke stad, en één plek waar een ondernemer zijn kenteken kan "
                "nazien. Steden kiezen zelf waar de zone ligt en wanneer die begint."
            ),
        )
        self.step(dossier, "solution", "De pilotsteden zijn het eens over één bord en vier klassen.")
        yield on(236, hour=9)
        for code in ("GM0344", "GM0599", "GM0202"):
            self.start(dossier, code)
        self.step(dossier, "in_practice", "In drie steden is de zone begonnen. De eerste metingen lopen.")
        yield on(228, hour=15)
        self.party(dossier, "ienw", "maakt de landelijke regel")
        self.party(dossier, "bzk", "geeft toegang tot gegevens")
        signals = self.year.signals
        board = self.condition(
            dossier, "ienw", "law", "Eén landelijk bord met vier klassen",
            "Een verkeersbord voor milieuzones met vier klassen, vastgelegd in het reglement voor verkeersregels.",
            "Ondernemers weten nu niet met welk voertuig zij in welke stad mogen komen.", signals["lucht-2"],
        )  # fmt: skip
        register = self.condition(
            dossier, "ienw", "data", "Toegang tot kentekens voor handhaving",
            "Gemeenten mogen kentekens nazien in het landelijk register om de zone te handhaven, zonder aanvraag.",
            "De aanvraag per stad duurde tot veertien maanden.", signals["lucht-3"],
        )  # fmt: skip
        money = self.condition(
            dossier, "ienw", "money", "Vergoeding voor borden en camera's",
            "Een vaste vergoeding per zone voor borden, camera's en het loket voor ondernemers.",
            "De zone dient ook een landelijk doel; kleine steden kunnen de kosten niet dragen.", signals["lucht-1"],
        )  # fmt: skip
        room = self.condition(
            dossier, "bzk", "experiment", "Ruimte om een jaar zonder boetes te beginnen",
            "Gemeenten mogen een jaar lang waarschuwen in plaats van beboeten.",
            "Ondernemers moeten de tijd krijgen om hun voertuig te vervangen.", signals["lucht-2"],
        )  # fmt: skip
        self.step(
            dossier,
            "conditions_asked",
            "Wij vroegen het rijk om vier dingen: een bord, gegevens, geld en tijd.",
        )
        for condition in (board, register, money, room):
            ask_condition(
                actor=adviser, condition=condition, asked_on=self.today(), answer_due=self.today(90)
            )
        yield on(200, hour=10)
        add_document(
            actor=adviser,
            dossier=dossier,
            name="Verslag van het eerste gesprek",
            url="https://vereniging.example/verslag-1",
        )
        self.step(
            dossier, "talks", "Het eerste gesprek met het ministerie was goed. Er volgt een tweede over geld."
        )
        yield on(150, hour=13)
        self.answer(board, "agreed", "Het bord komt er, met vier klassen.", promised=self.today(60))
        self.answer(room, "agreed", "Gemeenten mogen een jaar waarschuwen.", promised=self.today(30))
        yield on(132, hour=11)
        self.answer(
            register, "partly", "Toegang kan, eerst voor de drie pilotsteden.", promised=self.today(60)
        )
        self.answer(money, "refused", "Hier is in deze begroting geen geld voor.")
        self.step(dossier, "answer_of_state", "Het rijk zei twee keer ja, één keer deels en één keer nee.")
        yield on(118, hour=10)
        fulfil_condition(
            actor=adviser,
            condition=room,
            met=True,
            text="De brief met de ruimte staat op papier.",
            seen_on=self.today(),
        )
        yield on(88, hour=10)
        fulfil_condition(
            actor=adviser,
            condition=board,
            met=True,
            text="Het bord staat in het reglement.",
            seen_on=self.today(),
        )
        for code, what in (
            ("GM0363", "Wij maken onze zone gelijk aan de landelijke."),
            ("GM0772", "Wij bereiden het voor."),
        ):
            self.join(dossier, code, "carries_out", what)
        yield on(80, hour=14)
        add_document(
            actor=adviser,
            dossier=dossier,
            name="Landelijke regels voor milieuzones",
            url="https://vereniging.example/regels",
        )
        self.step(dossier, "policy", "De landelijke regels staan vast. Nieuwe steden kunnen ze zo gebruiken.")
        edit_dossier(
            actor=adviser,
            dossier=dossier,
            version=self.fresh(dossier).version,
            asks="Heeft uw gemeente een zone, of wilt u er een? Meld u aan. Wij maken samen een draaiboek.",
        )

    # --- others, on their way --------------------------------------------------------------------------
    def energy_help(self) -> Story:
        """Model three by the other route: consult first. Its step is past its term."""
        yield self.year.on(205, hour=10)
        bundle = Item.objects.get(kind="bundle", title="Energiearmoede: hulp die blijft")
        dossier = open_dossier(
            actor=self.adviser,
            from_item=bundle,
            title="Vaste energiehulp in elke gemeente",
            summary=(
                "Huishoudens kunnen de energierekening niet betalen. Gemeenten willen vaste hulp in plaats van elk "
                "jaar een nieuwe regeling. Het rijk moet het geld en de gegevens regelen."
            ),
            model=REVERSED,
            route=CONSULT_FIRST,
            owner=self.second,
            challenges=[self.challenges["energietransitie"]],
        )
        self.dossiers["energy"] = dossier
        yield self.year.on(195, hour=10)
        self.step(
            dossier,
            "owner_found",
            "De commissie Participatie, Schuldhulpverlening en Integratie neemt dit op zich.",
        )
        yield self.year.on(170, hour=15)
        for code, part, what in (
            ("GM1680", "pilot", "Vaste energiecoaches in drie dorpen."),
            ("GM0106", "pilot", "Hulp via het loket in de wijk."),
            ("GM0088", "follows", ""),
            ("GM1900", "follows", ""),
        ):
            self.join(dossier, code, part, what)
        self.step(dossier, "pilot_members", "Twee gemeenten doen mee als pilot, twee wachten op de uitkomst.")
        edit_dossier(
            actor=self.second,
            dossier=dossier,
            version=self.fresh(dossier).version,
            asks="Doe mee als pilot, of stuur uw ervaring met energiecoaches. Wij schrijven de oplossing samen.",
        )

    def grid(self) -> Story:
        """Model two: state and members as equals."""
        yield self.year.on(58, hour=15)
        bundle = Item.objects.get(kind="bundle", title="Vol stroomnet: wat eerst?")
        dossier = open_dossier(
            actor=self.second,
            from_item=bundle,
            title="Volgorde op het stroomnet",
            summary=(
                "Het stroomnet is vol. Er is geen volgorde die iedereen kent. Rijk, netbeheerders en gemeenten maken "
                "er samen een."
            ),
            model="een_overheid",
            route="standaard",
            owner=self.second,
            challenges=[self.challenges["energietransitie"], self.challenges["woningbouw"]],
        )
        self.dossiers["grid"] = dossier
        place_item(actor=self.second, item=bundle, challenge=self.challenges["woningbouw"])
        yield self.year.on(50, hour=11)
        self.party(dossier, "kgg", "beslist over de wet")
        self.party(dossier, "netbeheer-nederland", "weet waar ruimte is")
        self.step(dossier, "tafel", "Rijk, netbeheerders en gemeenten zitten aan één tafel.")
        priority = self.condition(
            dossier, "kgg", "law", "Voorrang voor scholen en zorg in de wet",
            "Leg in de wet vast dat scholen, zorg en woningen voorgaan op de wachtlijst.",
            "Een nieuwe school staat al een jaar zonder stroom.", self.year.signals["net-1"],
        )  # fmt: skip
        map_ = self.condition(
            dossier, "netbeheer-nederland", "data", "Een kaart met ruimte per wijk",
            "Geef elke gemeente elk kwartaal een kaart van de ruimte op het net per wijk.",
            "Zonder kaart plant de gemeente wijken die geen stroom krijgen.", self.year.signals["net-2"],
        )  # fmt: skip
        for condition in (priority, map_):
            ask_condition(
                actor=self.second, condition=condition, asked_on=self.today(), answer_due=self.today(30)
            )
        yield self.year.on(30, hour=16)
        self.answer(map_, "agreed", "De kaart komt er, elk kwartaal.", promised=self.today(20))

    def safety_rules(self) -> Story:
        """Model one: the state decides, and members say what it means to carry it out."""
        yield self.year.on(10, hour=11)
        dossier = open_dossier(
            actor=self.adviser,
            from_item=Item.objects.get(pk=self.year.signals["cyber-1"].pk),
            title="Nieuwe beveiligingseisen: wat vraagt dat van kleine gemeenten?",
            summary=(
                "Het rijk maakt een wet met strengere eisen voor beveiliging. Kleine gemeenten hebben daar te weinig "
                "mensen voor. Wij zoeken uit wat de wet in de praktijk vraagt."
            ),
            model="medebewind",
            route="standaard",
            owner=self.adviser,
            visibility="public",
        )
        self.dossiers["safety"] = dossier
        yield self.year.on(4, hour=10)
        for code in ("GM0088", "GM1680", "GM0060"):
            self.join(dossier, code, "carries_out", "Wij tellen de uren die het kost.")
        self.step(
            dossier, "uitvoeringstoets", "Drie kleine gemeenten tellen wat de eisen aan uren en geld kosten."
        )

    # --- the small deeds -------------------------------------------------------------------------------
    def step(self, dossier: Dossier, to: str, note: str) -> None:
        """The next step of a dossier."""
        row = self.fresh(dossier)
        take_step(actor=row.owner or self.adviser, dossier=row, to=to, note=note, version=row.version)

    def join(self, dossier: Dossier, code: str, part: str, what: str) -> None:
        """A member takes part."""
        member = self.year.members[code]
        take_part(actor=self.adviser, dossier=dossier, member=member, part=part, what=what)

    def start(self, dossier: Dossier, code: str) -> None:
        """The pilot of a member is under way from today."""
        row = dossier.participations.get(member=self.year.members[code], ended_at__isnull=True)
        change_part(
            actor=self.adviser, participation=row, part=row.part, what=row.what, under_way_since=self.today()
        )

    def party(self, dossier: Dossier, key: str, part: str) -> None:
        """An organisation outside the association has a part in it; one speaks to its first function."""
        organisation = self.parties[key]
        add_party(
            actor=self.adviser,
            dossier=dossier,
            organisation=organisation,
            contact=organisation.contacts.first(),
            part=part,
        )

    def condition(
        self, dossier: Dossier, party: str, kind: str, title: str, exactly: str, why: str, signal: Item
    ) -> Condition:
        """Something asked, with the signal that is its reason."""
        return add_condition(
            actor=self.adviser,
            dossier=dossier,
            organisation=self.parties[party],
            condition_kind=kind,
            title=title,
            exactly=exactly,
            why=why,
            signals=[Item.objects.get(pk=signal.pk)],
        )

    def answer(self, condition: Condition, answer: str, text: str, promised: date | None = None) -> None:
        """What the other party said."""
        more: dict[str, Any] = {"promised_on": promised} if promised else {}
        answer_condition(
            actor=self.adviser, condition=condition, answer=answer, text=text, given_on=self.today(), **more
        )
