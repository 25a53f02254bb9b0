"""What members report in the example year. Written for this project, about subjects of the discussion paper."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExampleSignal:
    """A signal: who reports it (member code), how many days ago, and who sees it too (code → own case)."""

    key: str
    member: str
    days_ago: int
    theme: str
    title: str
    case: str
    touches: str
    helps: str
    visibility: str = "public"
    also: tuple[tuple[str, str], ...] = ()


SIGNALS = (
    ExampleSignal(
        "lucht-1", "GM0344", 322, "mobiliteit",
        "Kinderen met astma langs de drukke invalsweg",
        "Langs onze drukste invalsweg staan twee basisscholen. De schoolarts ziet daar elke winter meer kinderen met "
        "astma. Oude bestelbussen geven de meeste roet.",
        "Ongeveer 800 leerlingen en 3.000 bewoners langs één weg.",
        "Een zone waar de vuilste bestelbussen niet meer in mogen.",
        also=(
            ("GM0599", "Wij meten op vier straten meer roet dan gezond is."),
            ("GM0202", "Bij ons gaat het om de singels."),
            ("GM0518", ""),
            ("GM0772", "Wij meten het bij drie scholen."),
        ),
    ),
    ExampleSignal(
        "lucht-2", "GM0202", 318, "mobiliteit",
        "Iedere stad heeft een ander bord voor de milieuzone",
        "Ondernemers uit onze stad krijgen in een andere stad een boete, omdat daar een andere regel geldt. Zij vragen "
        "ons welk busje zij nu moeten kopen. Wij kunnen dat niet zeggen.",
        "Ruim 2.000 ondernemers met een bestelbus.",
        "Eén landelijk bord met dezelfde klassen, en een plek waar je je kenteken kunt nazien.",
        also=(("GM0344", "Wij krijgen elke week zulke vragen."), ("GM0363", "Bij ons ook, vooral van klussers.")),
    ),
    ExampleSignal(
        "lucht-3", "GM0599", 312, "mobiliteit",
        "Kentekens nazien mag de gemeente niet zelf",
        "Om een milieuzone te handhaven moeten wij kentekens nazien in het landelijk register. Dat mag nu alleen via "
        "een omweg die per stad opnieuw moet worden aangevraagd. Dat duurde bij ons veertien maanden.",
        "Alle steden met een milieuzone.",
        "Toegang tot het register voor handhaving, geregeld in de wet.",
        also=(("GM0363", "Wij wachtten een jaar."), ("GM0344", ""), ("GM0772", "Wij zijn er nog mee bezig.")),
    ),
    ExampleSignal(
        "energie-1", "GM1680", 300, "bestaanszekerheid",
        "Huishoudens in financiële problemen door hoge gasprijzen",
        "Deze winter meldden zich 140 huishoudens bij ons loket die hun gasrekening niet kunnen betalen. Een op de "
        "drie heeft een baan. De bijzondere bijstand past niet: hun inkomen ligt net boven de grens.",
        "Vooral huurders in oude rijtjeshuizen in de dorpen.",
        "Een landelijke regeling met één inkomensgrens, die wij mogen toepassen zonder bewijsstukken op papier.",
        also=(
            ("GM0106", "Bij ons gaat het om ruim 400 huishoudens, ook in nieuwe wijken met stadsverwarming."),
            ("GM1699", "Wij zien hetzelfde in de dorpen zonder gasnet: propaan is nog duurder."),
            ("GM1730", ""),
            ("GM1891", "In onze dorpen is bijna elk huis slecht geïsoleerd."),
            ("GM1773", "Wij zien vooral zelfstandigen."),
            ("GM0109", "Onze maatjes gaan nu zelf langs de deuren, maar het geld is op."),
        ),
    ),
    ExampleSignal(
        "energie-2", "GM0363", 296, "bestaanszekerheid",
        "Afsluiting dreigt voor gezinnen met een betalingsregeling",
        "Gezinnen met een betalingsregeling worden toch afgesloten als zij één termijn missen. De leverancier meldt "
        "dat pas achteraf bij ons. Onze schuldhulp komt dan te laat.",
        "Ongeveer 900 adressen in de stad in één jaar.",
        "Een plicht voor leveranciers om ons zes weken van tevoren te waarschuwen.",
        also=(("GM0599", "Wij telden 1.100 afsluitingen."), ("GM0344", "Ook hier, vooral in de hoogbouw.")),
    ),
    ExampleSignal(
        "energie-3", "GM0088", 291, "bestaanszekerheid",
        "Op het eiland is isoleren dubbel zo duur",
        "Materiaal en vakmensen moeten met de boot. Een inwoner kreeg een offerte die twee keer zo hoog was als op de "
        "wal. De landelijke subsidie gaat uit van één gemiddelde prijs.",
        "Alle 400 woningen op het eiland.",
        "Een toeslag op de subsidie voor eilanden en afgelegen dorpen.",
        also=(("GM0060", "Op Ameland precies zo."), ("GM0093", ""), ("GM0096", "Wij wachten al twee jaar.")),
    ),
    ExampleSignal(
        "energie-4", "GM1900", 280, "energietransitie",
        "Energiecoaches zijn weg zodra het geld op is",
        "Met tijdelijk geld namen wij zes energiecoaches aan. Zij hielpen 1.200 huizen met kleine maatregelen. Het "
        "geld stopt in december en de coaches zoeken nu al ander werk.",
        "Vooral oude boerderijen en huurhuizen in de kleine kernen.",
        "Vast geld voor energiehulp, niet elk jaar opnieuw aanvragen.",
        also=(("GM0072", "Onze coach vertrekt over een maand."), ("GM0085", ""), ("GM0796", "Hetzelfde bij ons.")),
    ),
    ExampleSignal(
        "net-1", "GM0796", 150, "energietransitie",
        "Nieuwe basisschool krijgt geen stroomaansluiting",
        "De nieuwe school is in augustus klaar, maar de netbeheerder kan pas over vier jaar aansluiten. Wij huren nu "
        "een aggregaat op diesel voor 310 kinderen.",
        "Eén wijk met 2.300 woningen; de sporthal ernaast wacht ook.",
        "Voorrang voor scholen, zorg en woningen op de wachtlijst van het stroomnet.",
        also=(
            ("GM0772", "Bij ons wacht een zorgcentrum voor 80 ouderen."),
            ("GM0855", "Een brandweerkazerne kan niet open."),
            ("GM0758", ""),
            ("GM0794", "Een wijk met 600 woningen ligt stil."),
            ("GM0865", "Wij zien het bij twee scholen."),
            ("GM0798", "Ons nieuwe gezondheidscentrum wacht."),
            ("GM0743", ""),
        ),
    ),
    ExampleSignal(
        "net-2", "GM0034", 143, "energietransitie",
        "Wijk van 600 woningen stil door vol stroomnet",
        "De eerste paal zou in mei de grond in gaan. Nu zegt de netbeheerder dat de wijk tot 2031 moet wachten. De "
        "ontwikkelaar stapt op als er geen zicht is op een datum.",
        "Starters en ouderen op onze wachtlijst.",
        "Een vaste volgorde, door gemeenten en netbeheerder samen gemaakt.",
        also=(("GM0995", "Bij ons 450 woningen."), ("GM0050", "Wij zien dit ook in Zeewolde.")),
    ),
    ExampleSignal(
        "net-3", "GM1680", 138, "energietransitie",
        "Dorpshuis kan niet van het gas af",
        "Vrijwilligers sparen al jaren voor een warmtepomp in het dorpshuis. De zwaardere aansluiting mag niet meer "
        "worden aangevraagd. De subsidie vervalt aan het eind van het jaar.",
        "Drie dorpshuizen in onze gemeente.",
        "Laat subsidies doorlopen zolang de netbeheerder niet kan leveren.",
        also=(("GM0109", ""), ("GM1701", "Bij ons de sportkantine."), ("GM1690", "Ook een zwembad wacht.")),
    ),
    ExampleSignal(
        "net-4", "GM0363", 131, "energietransitie",
        "Elektrische bussen rijden op diesel omdat de remise wacht",
        "Er staan 40 elektrische bussen klaar, maar de remise krijgt pas in 2029 genoeg stroom. Tot die tijd rijden "
        "de oude dieselbussen langer door.",
        "Reizigers in de hele stad, en de luchtkwaliteit langs de lijnen.",
        "Ruimte om samen met de vervoerder een grote batterij te plaatsen zonder nieuwe vergunning.",
    ),
    ExampleSignal(
        "jeugd-1", "GM0106", 60, "jeugdzorg",
        "Een half jaar wachten op hulp bij een eetstoornis",
        "Zes jongeren wachten langer dan een half jaar op een behandelplek. Eén van hen lag intussen twee keer in het "
        "ziekenhuis. De jeugdhulpaanbieder heeft geen behandelaars.",
        "Jongeren van 13 tot 19 jaar, en hun ouders.",
        "De zwaarste hulp landelijk inkopen, met één wachtlijst.",
        visibility="members",
        also=(("GM0114", "Wij hebben vier jongeren op de lijst."), ("GM1680", ""), ("GM0118", "Ook bij ons.")),
    ),
    ExampleSignal(
        "jeugd-2", "GM0153", 52, "jeugdzorg",
        "Gezinshuis stopt omdat het tarief de kosten niet dekt",
        "Een gezinshuis met vier kinderen stopt. De vergoeding is lager dan de kosten van eten, energie en een tweede "
        "begeleider in het weekend. De kinderen moeten opnieuw verhuizen.",
        "Vier kinderen; in de regio twijfelen nog drie gezinshuizen.",
        "Een landelijk tarief dat elk jaar meegroeit.",
        visibility="members",
        also=(("GM0141", "Bij ons stopte er een in het voorjaar."), ("GM1742", "")),
    ),
    ExampleSignal(
        "jeugd-3", "GM1900", 47, "jeugdzorg",
        "Jeugdhulpaanbieder gaat weg uit de regio",
        "De grootste jeugdhulpaanbieder in onze regio neemt geen nieuwe kinderen aan. Wij belden elf anderen; bij "
        "negen is de wachttijd langer dan vier maanden.",
        "Ongeveer 300 gezinnen in de regio.",
        "Sneller mogen contracteren buiten de regio, met hulp van een landelijk bureau.",
        visibility="members",
    ),
    ExampleSignal(
        "opvang-1", "GM0014", 26, "asiel-en-migratie",
        "Statushouders zitten in de opvang omdat er geen woning is",
        "In onze opvang wonen 210 mensen die al een vergunning hebben. Zij kunnen niet weg, en nieuwe mensen kunnen "
        "er niet in. Zes gezinnen wachten al langer dan een jaar.",
        "210 statushouders, onder wie 74 kinderen op de noodschool.",
        "Grond van het rijk voor flexwoningen, met een snelle vergunning.",
        also=(("GM1979", "Wij zien dit ook in Delfzijl."), ("GM1966", "")),
    ),
    ExampleSignal(
        "opvang-2", "GM0518", 24, "asiel-en-migratie",
        "Noodopvang steeds met drie maanden verlengd",
        "Ons contract voor de noodopvang is vijf keer met drie maanden verlengd. Zo kunnen wij geen personeel "
        "vasthouden en geen school regelen.",
        "450 mensen op een schip.",
        "Contracten van ten minste twee jaar.",
        visibility="members",
    ),
    ExampleSignal(
        "vervoer-1", "GM0796", 20, "mobiliteit",
        "Leerlingenvervoer valt uit: geen chauffeurs",
        "Elke week blijven er kinderen thuis omdat het busje niet komt. Vorige maand 63 keer. Ouders brengen hun kind "
        "nu zelf en melden zich ziek op hun werk.",
        "180 kinderen in het speciaal onderwijs.",
        "Samen chauffeurs opleiden in de regio.",
        also=(("GM0828", "Bij ons 40 keer in een maand."), ("GM1674", "")),
    ),
    ExampleSignal(
        "vervoer-2", "GM1699", 18, "mobiliteit",
        "Kinderen zitten twee uur in het schoolbusje",
        "Door te weinig chauffeurs worden ritten samengevoegd. Een jongen van acht zit nu elke dag ruim twee uur in "
        "het busje.",
        "Kinderen uit de buitendorpen.",
        "Een norm voor de langste reistijd, met geld om die te halen.",
        also=(("GM1731", "Hier anderhalf uur."),),
    ),
    ExampleSignal(
        "cyber-1", "GM0088", 16, "digitalisering",
        "Beveiligingseisen zijn te zwaar voor één medewerker",
        "Bij ons doet één medewerker alle automatisering, drie dagen per week. De nieuwe eisen voor beveiliging vragen "
        "werk van ten minste twee mensen.",
        "Alle kleine gemeenten.",
        "Een gezamenlijke dienst die dit voor kleine gemeenten doet.",
        also=(("GM0060", "Wij delen nu al iemand met een buurgemeente."), ("GM0093", ""), ("GM0096", "")),
    ),
    ExampleSignal(
        "cyber-2", "GM1680", 12, "digitalisering",
        "Toezichthouder vraagt vijf keer hetzelfde bewijs",
        "Voor vijf verschillende toezichthouders leveren wij elk jaar bijna hetzelfde bewijs over onze beveiliging, "
        "telkens in een andere vorm. Dat kost 30 dagen werk.",
        "Onze twee beveiligingsmensen.",
        "Eén verantwoording voor alle toezichthouders.",
    ),
    ExampleSignal(
        "afval", "GM0772", 200, "veiligheid",
        "Gemeente betaalt voor het opruimen van drugsafval",
        "In een half jaar vonden wij elf keer vaten met drugsafval. Opruimen kostte 190.000 euro. Van de regeling "
        "kregen wij een derde terug.",
        "Boeren en natuurgebieden aan de rand van de stad.",
        "Alle kosten betalen uit afgepakt crimineel geld.",
        also=(("GM0758", "Bij ons zeven keer."), ("GM0855", "")),
    ),
    ExampleSignal(
        "zwembad", "GM0106", 120, "financien",
        "Zwembad dicht door hoge energiekosten",
        "De energiekosten van het zwembad zijn verdubbeld. De raad moet kiezen tussen het zwembad en de bibliotheek.",
        "De hele stad, vooral kinderen met zwemles.",
        "Eenmalig geld om te verduurzamen.",
    ),
    ExampleSignal(
        "bus", "GM1900", 90, "mobiliteit",
        "Laatste buslijn naar vier dorpen verdwijnt",
        "De vervoerder schrapt de laatste lijn naar vier dorpen. De provincie zegt dat er te weinig reizigers zijn; "
        "inwoners zeggen dat er te weinig bussen zijn.",
        "2.100 inwoners, vooral ouderen en scholieren.",
        "Een landelijke norm voor bereikbaarheid van dorpen.",
        also=(("GM1949", ""), ("GM0059", "Bij ons zijn het drie dorpen.")),
    ),
    ExampleSignal(
        "onbegrepen", "GM0599", 5, "veiligheid",
        "Politie brengt verwarde mensen naar de cel omdat er geen plek is",
        "In een kwartaal zaten 48 mensen met onbegrepen gedrag een nacht in de cel. De crisisdienst had geen plek.",
        "Mensen met psychische problemen, en de agenten die hen vervoeren.",
        "Een opvangplek in elke regio, dag en nacht.",
        also=(("GM0363", "Wij zien dit ook."), ("GM0518", ""), ("GM0344", "")),
    ),
    ExampleSignal(
        "stembureau", "GM0363", 3, "bestuur",
        "Te weinig mensen voor de stembureaus",
        "Voor de laatste verkiezing kwamen wij 160 mensen tekort. De vergoeding is laag en de dag duurt 16 uur.",
        "Alle stembureaus in de stad.",
        "Twee ploegen per dag, en een landelijke oproep.",
    ),
)  # fmt: skip
