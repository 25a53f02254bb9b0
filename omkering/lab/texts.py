"""Texts of made signals: varied enough that likeness of meaning means something.

A topic has subjects, things that happen to them, and wishes; a signal takes one of each. Signals of one
topic and one happening resemble each other, signals of different topics do not.
"""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A theme's key, and the parts its sentences are made of."""

    theme: str
    subjects: tuple[str, ...]
    happenings: tuple[tuple[str, str], ...]  # title, sentence with {s} for the subject
    wishes: tuple[str, ...]


def _t(theme: str, subjects: str, happenings: str, wishes: str) -> Topic:
    pairs = [tuple(part.split(" | ")) for part in happenings.split("\n") if part.strip()]
    return Topic(
        theme,
        tuple(subjects.split(", ")),
        tuple((title.strip(), sentence.strip()) for title, sentence in pairs),
        tuple(wishes.split("; ")),
    )


TOPICS = (
    _t(
        "bestaanszekerheid",
        "gezinnen met een laag inkomen, alleenstaande ouders, ouderen met alleen AOW, zzp'ers zonder buffer, werkende armen",
        """Energierekening niet meer te betalen | Wij zien dat {s} hun energierekening niet meer kunnen betalen.
        Schulden lopen op door boetes | Bij {s} verdubbelen kleine schulden door boetes en incassokosten.
        Toeslag moet worden terugbetaald | {s} vragen geen toeslag meer aan, uit angst voor terugbetalen.
        Voedselbank kan de vraag niet aan | De voedselbank staat elke week vol met {s}.
        Aanvraag bijstand te ingewikkeld | {s} haken af bij het aanvraagformulier voor bijstand.""",
        "Eén loket voor alle regelingen; Automatisch toekennen waar we al rechten kennen; Stop de verhoging van boetes bij schulden; Laat ons gegevens delen met de energieleverancier",
    ),
    _t(
        "energietransitie",
        "bedrijven op het bedrijventerrein, de basisschool, onze sporthal, bewoners van de nieuwe wijk, de zorginstelling",
        """Geen aansluiting op het stroomnet | {s} krijgen pas over vijf jaar een zwaardere aansluiting op het stroomnet.
        Warmtenet blijkt te duur | Voor {s} is het warmtenet duurder dan gas.
        Zonnepanelen slaan af | Op zonnige dagen slaan de panelen van {s} af door spanningspieken.
        Isoleren loopt vast op vakmensen | {s} willen isoleren, maar er is geen aannemer te vinden.
        Laadpalen wachten op de netbeheerder | Laadpalen bij {s} staan er wel, maar zijn niet aangesloten.""",
        "Geef voorrang aan maatschappelijke functies; Laat ons samen met de netbeheerder plannen; Vergoed een batterij voor de buurt; Maak de vergunning voor een trafohuis eenvoudiger",
    ),
    _t(
        "wonen",
        "starters, spoedzoekers, jongeren uit het dorp, mensen met een urgentie, gescheiden ouders",
        """Wachtlijst sociale huur acht jaar | {s} wachten hier gemiddeld acht jaar op een sociale huurwoning.
        Bouwplan ligt stil door bezwaar | Een plan voor {s} ligt al drie jaar bij de Raad van State.
        Kosten grond maken bouwen onmogelijk | Woningen voor {s} kunnen niet uit door de hoge grondprijs.
        Splitsen van woningen mag niet | {s} zouden geholpen zijn met splitsen, maar de regels staan dat niet toe.
        Vakantiepark als noodwoning | {s} wonen noodgedwongen op een vakantiepark.""",
        "Kortere procedures; Een bijdrage per woning in plaats van per project; Ruimte om tijdelijk anders te bouwen; Maak woningdelen makkelijker",
    ),
    _t(
        "jeugdzorg",
        "kinderen met een eetstoornis, jongeren boven de achttien, gezinnen in echtscheiding, kinderen uit een gezinshuis, jongeren met autisme",
        """Wachttijd specialistische jeugdhulp | {s} wachten langer dan een half jaar op specialistische hulp.
        Jeugdhulpaanbieder stopt ermee | Een jeugdhulpaanbieder stopt, waardoor {s} opnieuw op een lijst komen.
        Tarieven dekken de kosten niet | Voor {s} dekken de regionale tarieven de kosten niet.
        Hulp stopt op de achttiende verjaardag | Bij {s} stopt alle hulp op de achttiende verjaardag.
        Te weinig plekken dicht bij huis | {s} worden geplaatst aan de andere kant van het land.""",
        "Landelijk contracteren van de zwaarste hulp; Een reëel tarief met indexatie; Doorlopende hulp tot drieëntwintig jaar; Geld volgt het kind",
    ),
    _t(
        "asiel-en-migratie",
        "statushouders, Oekraïense gezinnen, alleenstaande minderjarigen, gezinnen in de noodopvang, nareizigers",
        """Doorstroom uit de opvang stokt | {s} blijven in de opvang omdat er geen woning is.
        Noodopvang telkens verlengd | De noodopvang voor {s} is al vijf keer verlengd.
        Inburgering start te laat | {s} beginnen pas na een jaar met de inburgering.
        Onderwijs voor nieuwkomers vol | Voor {s} is geen plek op de taalschool.
        Vergoeding komt te laat | De vergoeding voor de opvang van {s} komt een jaar later.""",
        "Langere contracten voor opvang; Een vaste vergoeding vooraf; Snel mogen werken; Flexwoningen op grond van het rijk",
    ),
    _t(
        "stikstof",
        "melkveehouders, de provincie, natuurorganisaties, jonge boeren, eigenaren langs het natuurgebied",
        """Vergunning al jaren onzeker | {s} wachten al jaren op zekerheid over hun vergunning.
        Woningbouw stilgelegd door stikstof | Door een uitspraak over stikstof ligt een plan stil, waar {s} ook last van hebben.
        Uitkoopregeling sluit niet aan | De regeling voor uitkoop past niet bij {s}.
        Meetgegevens worden betwist | {s} vertrouwen de metingen niet.""",
        "Meten in plaats van rekenen; Een drempelwaarde; Eén gebiedsregisseur; Zekerheid voor tien jaar",
    ),
    _t(
        "werk",
        "vergunningverleners, handhavers, jeugdconsulenten, ict-medewerkers, toezichthouders bouw",
        """Vacature staat een jaar open | Voor {s} staat de vacature al een jaar open.
        Inhuur kost het dubbele | {s} zijn alleen nog in te huren, voor het dubbele.
        Gemeenten kapen elkaars mensen weg | Buurgemeenten bieden meer, waardoor {s} vertrekken.
        Kleine gemeente heeft maar één specialist | Bij ons is er maar één van de {s}; bij ziekte ligt alles stil.""",
        "Een gezamenlijke pool in de regio; Landelijke opleiding; Afspraken om elkaar niet te beconcurreren; Detachering makkelijker maken",
    ),
    _t(
        "digitalisering",
        "inwoners zonder DigiD, mantelzorgers, ondernemers, oudere inwoners, onze baliemedewerkers",
        """Digitaal formulier werkt niet op telefoon | {s} lopen vast omdat formulieren niet op een telefoon werken.
        Machtigen kan niet | {s} kunnen iemand anders niet machtigen.
        Leverancier verhoogt prijs fors | De leverancier van ons zaaksysteem verhoogt de prijs, en {s} merken dat.
        Beveiligingseisen te zwaar voor kleine gemeente | Aan de nieuwe beveiligingseisen voor {s} kunnen wij alleen niet voldoen.""",
        "Samen inkopen; Eén landelijke voorziening; Meer tijd en geld voor kleine gemeenten; Open standaarden afdwingen",
    ),
    _t(
        "vergrijzing",
        "alleenwonende ouderen, mantelzorgers, mensen met dementie, ouderen op het platteland, cliënten van de wijkverpleging",
        """Wachttijd huishoudelijke hulp | {s} wachten maanden op huishoudelijke hulp.
        Geen plek in het verpleeghuis | Voor {s} is geen plek in het verpleeghuis.
        Eigen bijdrage trekt veel aanvragen | Door het abonnementstarief vragen ook {s} met geld hulp aan.
        Huisarts neemt geen patiënten aan | Geen huisarts neemt {s} nog aan.
        Eenzaamheid na verhuizing | {s} raken hun netwerk kwijt na een verhuizing.""",
        "Een inkomensafhankelijke bijdrage; Geclusterd wonen mogelijk maken; Samenwerken met het zorgkantoor; Geld voor ontmoeting",
    ),
    _t(
        "ruimte",
        "de gemeenteraad, agrariërs, bewoners van het buitengebied, ondernemers, ontwikkelaars",
        """Omgevingswet kost meer tijd | Sinds de Omgevingswet zijn {s} langer bezig met een eenvoudige vergunning.
        Alles vraagt dezelfde ruimte | Woningen, natuur en defensie vragen dezelfde grond, en {s} weten niet wat voorgaat.
        Planschade drukt op de begroting | Claims van {s} wegen zwaar voor een kleine begroting.
        Programma's van het rijk spreken elkaar tegen | {s} krijgen tegengestelde opdrachten van twee ministeries.""",
        "Eén rijksloket; Keuzes van het rijk vooraf; Een ontwikkelfonds; Minder regels voor kleine plannen",
    ),
    _t(
        "water",
        "bewoners van de polder, boeren, de camping, de binnenstad, het bedrijventerrein",
        """Wateroverlast na hoosbui | Na een hoosbui staan kelders van {s} blank.
        Drinkwater wordt schaars | Het drinkwaterbedrijf kan {s} niet meer aansluiten.
        Dijkversterking duurt te lang | {s} zitten jaren in onzekerheid over de dijk.
        Bodem daalt onder huizen | Bij {s} verzakken huizen door bodemdaling.""",
        "Geld voor bergen van water; Samen met het waterschap plannen; Een fonds voor funderingen; Regels voor regenwater bij nieuwbouw",
    ),
    _t(
        "klimaatadaptatie",
        "de versteende wijk, schoolpleinen, ouderen in flats, het centrum, sportvelden",
        """Hitte in de wijk | In de zomer is het voor {s} te heet.
        Bomen sterven door droogte | Bij {s} sterven bomen door droogte.
        Vergroenen botst met parkeren | Vergroenen van {s} botst met de parkeernorm.
        Geen geld voor onderhoud van groen | Voor {s} is wel geld voor aanleg, maar niet voor onderhoud.""",
        "Meerjarig geld voor beheer; Soepeler parkeernormen; Een landelijke norm voor hitte; Subsidie voor groene daken",
    ),
    _t(
        "veiligheid",
        "ondernemers in de haven, het uitgaansgebied, bewoners van de wijk, boeren met lege stallen, de wijkagent",
        """Drugslab in leegstaande schuur | Bij {s} is weer een drugslab gevonden.
        Gegevens delen mag niet | Over {s} mogen zorg en politie geen gegevens delen.
        Te weinig wijkagenten | {s} zien de wijkagent bijna niet meer.
        Verwarde personen zonder opvang | {s} bellen steeds vaker over mensen met onbegrepen gedrag.
        Opruimen van gedumpt afval | {s} betalen zelf voor het opruimen van gedumpte vaten.""",
        "Een wettelijke grondslag voor delen; Opvang buiten de cel; Een fonds voor opruimkosten; Meer capaciteit in de regio",
    ),
    _t(
        "mobiliteit",
        "scholieren, ouderen zonder auto, forensen, bewoners van kleine kernen, mensen met een rolstoel",
        """Buslijn opgeheven | De buslijn voor {s} is opgeheven.
        Leerlingenvervoer rijdt niet | Het vervoer voor {s} valt uit door gebrek aan chauffeurs.
        Fietspad te smal voor nieuwe fietsen | {s} voelen zich onveilig naast snelle fietsen.
        Halte niet toegankelijk | {s} kunnen niet instappen bij de halte.
        Milieuzone roept vragen op | {s} weten niet welke regels waar gelden.""",
        "Een landelijke norm voor bereikbaarheid; Geld voor deelvervoer; Dezelfde regels in elke stad; Chauffeurs samen opleiden",
    ),
    _t(
        "financien",
        "kleine gemeenten, onze raad, verenigingen, de bibliotheek, het zwembad",
        """Tekort vanaf volgend jaar | {s} zien de begroting vanaf volgend jaar in het rood.
        Nieuwe taak zonder geld | {s} krijgen een nieuwe taak zonder geld.
        Eenmalig geld voor blijvend werk | {s} krijgen eenmalig geld voor werk dat blijft.
        Herverdeling pakt slecht uit | Door de nieuwe verdeling gaan {s} erop achteruit.
        Voorziening dreigt te sluiten | Zonder structureel geld sluiten {s}.""",
        "Eerst geld, dan de taak; Structurele bekostiging; Een ander verdeelmodel; Groeien met de economie",
    ),
    _t(
        "onderwijs",
        "basisscholen, leerlingen met een beperking, peuters, het praktijkonderwijs, nieuwe leraren",
        """Schoolgebouw verouderd | Het gebouw van {s} is te warm, te koud en te klein.
        Lerarentekort in de wijk | In de wijk zijn geen leraren te vinden voor {s}.
        Kinderopvang vol | Voor {s} is geen plek in de opvang.
        Thuiszitters blijven onbereikbaar | Bij {s} neemt het aantal thuiszitters toe.""",
        "Een normbedrag dat klopt; Bouwen volgens één landelijk ontwerp; Samen met het samenwerkingsverband; Leerrecht vastleggen",
    ),
    _t(
        "dienstverlening",
        "sportverenigingen, het dorpshuis, de muziekschool, vrijwilligers, het museum",
        """Verduurzamen kost te veel | {s} kunnen de verduurzaming niet betalen.
        Vrijwilligers haken af door regels | {s} stoppen door alle regels.
        Zalen verdwijnen | Door nieuwbouw verdwijnt de ruimte van {s}.""",
        "Minder regels voor vrijwilligers; Een fonds voor dorpshuizen; Subsidie voor isolatie",
    ),
    _t(
        "bestuur",
        "raadsleden, stembureaus, inwoners, dorpsraden, de griffie",
        """Te weinig tijd voor raadswerk | {s} hebben te weinig tijd voor het raadswerk.
        Te weinig vrijwilligers op het stembureau | Voor {s} zijn te weinig mensen te vinden.
        Intimidatie van bestuurders | {s} krijgen te maken met bedreiging.
        Regionale samenwerking zonder grip | {s} hebben geen grip op gemeenschappelijke regelingen.""",
        "Betere vergoeding en ondersteuning; Stemmen in kleinere gebouwen toestaan; Eén meldpunt; Zienswijzen eerder in het jaar",
    ),
)

CASES = (
    "Vorige maand ging het om {n} gevallen in {place}.",
    "In {place} meldden zich {n} inwoners.",
    "Onze medewerkers in {place} zien dit {n} keer per week.",
    "Het speelt in {place} en de dorpen eromheen, bij ongeveer {n} adressen.",
    "Wij hielden gesprekken met {n} mensen in {place}.",
    "Bij de laatste telling kwamen wij in {place} op {n}.",
)
DETAILS = (
    "Vorig jaar waren het er {n}, en het worden er meer.",
    "Per maand gaat het om {n} gevallen.",
    "Wij maken hier {n} uur per week voor vrij.",
    "Van de {n} mensen die wij spraken, zegt de helft hetzelfde.",
    "Dat kost ons ongeveer {n} duizend euro per jaar.",
    "De raad stelde er {n} keer vragen over.",
)
AMOUNTS = (3, 5, 8, 12, 20, 35, 60, 120)
TOUCHES = ("De hele gemeente.", "Vooral {place}.", "{subject} in {place}.", "Ongeveer {n} huishoudens.")


@dataclass(frozen=True)
class MadeText:
    """The texts of one made signal, and the number of its kind (equal numbers mean the same problem)."""

    theme: str
    title: str
    summary: str
    case: str
    touches: str
    helps: str
    kind: int


def make_text(chance: random.Random, place: str) -> MadeText:
    """One signal for a place, drawn with `chance`."""
    topic_number = chance.randrange(len(TOPICS))
    topic = TOPICS[topic_number]
    happening_number = chance.randrange(len(topic.happenings))
    title, sentence = topic.happenings[happening_number]
    subject = chance.choice(topic.subjects)
    wish = chance.choice(topic.wishes)
    n = chance.randrange(3, 400)
    summary = sentence.format(s=subject)
    detail = chance.choice(DETAILS).format(n=chance.choice(AMOUNTS))
    summary = f"{summary[0].upper()}{summary[1:]} {detail}"
    first, second = chance.sample(CASES, 2)
    case = f"{summary} {first.format(n=n, place=place)} {second.format(n=n // 2 + 1, place=place)}"
    return MadeText(
        theme=topic.theme,
        title=title if chance.random() < 0.4 else f"{title}: {subject}",
        summary=summary,
        case=case,
        touches=chance.choice(TOUCHES).format(place=place, subject=subject.capitalize(), n=n),
        helps=wish + ".",
        kind=topic_number * 10 + happening_number,
    )
