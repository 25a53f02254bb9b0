"""Words that officials use for one another, gathered under a concept.

Two texts about one thing often share no word ("energierekening", "gasprijs"), but they share the concept. A
member is matched by its stem, alone or as a part of a compound. Written for this project from the fields of
work of a Dutch municipality; a word may stand under several concepts, and a word that is missing only costs a
weaker match.
"""

from __future__ import annotations

# Too general to tell two problems apart: they count for less.
GENERAL_CONCEPTS = frozenset(
    {
        "kosten",
        "kind",
        "wachttijd",
        "digitaal",
        "ruimtegebrek",
        "bestuurders",
        "onderwijs",
        "woning",
        "personeel",
        "politie",
        "verkeer",
        "landbouw",
        "ouderen",
        "energie",
    }
)

CONCEPTS: dict[str, str] = {
    "energie": (
        "energie gas gasprijs stroom elektriciteit elektra warmte stoken verwarming verwarmen stookkosten "
        "isolatie isoleren geïsoleerd energielabel tochtstrip meterkast kwh ketel energiearmoede "
        "energieleverancier kou nota"
    ),
    "geldnood": (
        "schuld betalen betaling betalingsachterstand achterstand rekening armoede arm geldzorgen "
        "geldgebrek financieel minima rondkomen onbetaalbaar krediet inkomen koopkracht noodfonds"
    ),
    "schuldhulp": (
        "schuld schuldeiser schuldhulp schuldhulpverlening schuldregeling sanering saneringskrediet "
        "deurwaarder incasso incassokosten aanmaning budgetcoach vroegsignalering beslag bewindvoering "
        "boete wanbetaler kredietbank"
    ),
    "minimaregelingen": (
        "minima minimaregeling toeslag toeslagen terugvordering bijzonder rechthebbende kwijtschelding "
        "inkomenstoeslag armoedebeleid tegoed stadspas kindpakket bestaanszekerheid niet-gebruik "
        "individueel"
    ),
    "stroomnet": (
        "netcongestie congestie netbeheerder stroomnet elektriciteitsnet transportcapaciteit trafo "
        "trafohuisje wachtrij netaansluiting aansluiting grootverbruiker megawatt transformatorhuisje "
        "onderstation tennet liander enexis stedin"
    ),
    "jeugdhulp": (
        "jeugdhulp jeugdzorg jeugdbescherming jeugdbeschermer voogd gezinshuis pleegzorg uithuisplaatsing "
        "ondertoezichtstelling jeugd-ggz jeugdhulpaanbieder jeugdige wijkteam gezinsvoogd crisisplaatsing "
        "autisme eetstoornis hervormingsagenda residentieel jeugdteam behandelplek"
    ),
    "kind": "kind kinderen jongere tiener jeugd scholier baby peuter minderjarig meisje jongen",
    "wachttijd": "wachtlijst wachttijd wachten treeknorm opnamestop intake doorlooptijd wachtende rij",
    "kosten": (
        "kosten tarief tariefsverhoging uitgaven prijs prijsstijging duurder naheffing indexatie index "
        "overschrijding budget"
    ),
    "woning": (
        "woning huis huren huur wonen appartement woningbouw nieuwbouw huisvesting flat woonruimte "
        "woningnood corporatie woningcorporatie huurwoning huurhuis koopwoning rijtjeshuis "
        "eengezinswoning kavel inschrijfduur woningzoekende huisvesten"
    ),
    "starters": (
        "starter starters koopstarter inschrijfduur doorstroming belegger twintiger tiny hypotheek "
        "betaalbaar verkamering seniorenwoning"
    ),
    "asielopvang": (
        "asiel azc asielzoeker asielzoekerscentrum vluchteling oekrainer noodopvang coa spreidingswet "
        "asielopvang opvanglocatie crisisnoodopvang vreemdeling opvangplek"
    ),
    "statushouder": (
        "statushouder vergunninghouder taakstelling gezinshereniging doorstroomlocatie flexwoning "
        "nieuwkomer nareiziger"
    ),
    "inburgering": (
        "inburgering inburgeraar taalles taalschool onderwijsroute inburgeringsexamen nieuwkomer "
        "leerbaarheidstoets inburgeringscursus taalcursus b1-route z-route inburgeringsplicht"
    ),
    "stikstof": (
        "stikstof depositie ammoniak natuurvergunning aerius pas-melder natura intern salderen uitkoop "
        "veehouder habitat emissieruimte rekentool"
    ),
    "landbouw": (
        "boer veehouder stal landbouw landbouwgrond tractor tuinder veehouderij agrarisch agrariër mest"
    ),
    "personeel": (
        "personeel vacature arbeidsmarkt sollicitant inhuur ingehuurd krapte formatie werving "
        "onderbezetting personeelstekort detachering ziekteverzuim pensioen pensionering medewerker "
        "collega bezetting loonsom ambtenaar uitval deskundige"
    ),
    "cyber": (
        "cyber nis2 informatiebeveiliging hack gehackt hacker ransomware phishing cyberaanval datalek bio "
        "bio2 ensia wachtwoord informatieveiligheid cyberwet beveiligingsofficier cyberbeveiliging ciso"
    ),
    "digitaal": (
        "digitaal digitalisering online digid app website computer internet inloggen machtigen uploaden "
        "ict software systeem"
    ),
    "digitale inclusie": (
        "digid machtigen app informatiepunt digibeet balie loket afspraak uploaden computer website "
        "digitaal laaggeletterd formulier"
    ),
    "milieuzone": (
        "milieuzone emissie zero-emissie zero-emissiezone bestelbus diesel dieselbus luchtkwaliteit "
        "stadslogistiek ontheffing uitstoot kenteken uitstootvrij vervuilend marktkoopman nul-emissie "
        "fijnstof"
    ),
    "hoogwater": (
        "dijk overstroming hoogwater waterschap rivier waterveiligheid dijkversterking evacuatie "
        "evacuatieplan uiterwaarden keersluis polder dijkdoorbraak zeeniveau overstromingsrisico "
        "hoogheemraadschap"
    ),
    "wateroverlast": (
        "wateroverlast riool riolering hoosbui stortbui regenbui kelder wolkbreuk regen hemelwater "
        "hemelwaterafvoer ontstenen tegels versteend bui blank onderlopen waterberging overstort wadi"
    ),
    "ouderen": (
        "ouderen oudere senior vergrijzing bejaard tachtigplusser hoogbejaard verpleeghuis "
        "verzorgingshuis dementie alzheimer"
    ),
    "wmo": (
        "wmo huishoudelijk thuiszorg huishulp maatwerkvoorziening traplift abonnementstarief indicatie "
        "eigen bijdrage thuiszorgorganisatie poets rolstoel woningaanpassing keukentafelgesprek "
        "dagbesteding"
    ),
    "mantelzorg": (
        "mantelzorg mantelzorger respijtzorg zorgverlof mantelzorgwoning logeerbed overbelast naaste "
        "logeerhuis"
    ),
    "eenzaamheid": (
        "eenzaam eenzaamheid isolement vereenzamen vereenzaming aanspraak praatje alleenstaand weduwnaar "
        "weduwe bezoekvrijwilliger eettafel koffieochtend geraniums gezelschap"
    ),
    "ondermijning": (
        "drugs ondermijning crimineel criminaliteit hennep hennepkwekerij drugslab witwassen drugsafval "
        "drugsbende bibob malafide uithaler geronseld ronselen dumping gedumpt lab vaten zware "
        "georganiseerd"
    ),
    "leerlingenvervoer": (
        "leerlingenvervoer schooltaxi schoolbus taxibusje busje chauffeur taxibedrijf leerling taxi"
    ),
    "speciaal onderwijs": "speciaal passend autisme leerling",
    "openbaar vervoer": (
        "bus buslijn lijnbus belbus buurtbus streekbus busverbinding halte ov trein station "
        "dienstregeling vervoerder concessie instappen ov-chipkaart opstapplek"
    ),
    "hitte": (
        "hitte hittestress schaduw hittegolf hitteplan koelte koeling verkoeling koel warmte warm graden "
        "droogte droog zomer vergroenen"
    ),
    "sport": (
        "sport zwembad sporthal sportclub kunstgras kunstgrasveld sportveld zwemles gymzaal gymmen "
        "voetbalclub vereniging kantine sportvereniging sportaccommodatie badmeester"
    ),
    "psychisch": (
        "verward onbegrepen psychisch psychose ggz psychiatrisch psychiatrie crisisdienst wvggz stoornis "
        "zorgmijder zorgwekkend machtiging kliniek beveiligd"
    ),
    "zonnepark": (
        "zonnepark zonnepaneel zonneveld zonneweide windmolen windpark windturbine hectare slagschaduw "
        "energiestrategie res lokaal-eigendom opwek ontwikkelaar"
    ),
    "ruimtegebrek": "ruimte ruimtelijk claim schaarse-ruimte grondgebruik",
    "omgevingswet": (
        "omgevingswet omgevingsplan dso bopa omgevingsvergunning omgevingsloket participatie "
        "initiatiefnemer bestemmingsplan omgevingsvisie"
    ),
    "verkiezingen": (
        "verkiezing stembureau stembureaulid stemlokaal stembiljet biljet kiezer stempas stemmen tellen "
        "teller stemmentelling briefstem kiesraad kandidatenlijst"
    ),
    "lezen": (
        "bibliotheek bieb bibliobus laaggeletterd laaggeletterdheid geletterdheid lezen leesvaardigheid "
        "analfabeet taalhuis boek boeken boekenpunt schoolbibliotheek voorlezen"
    ),
    "omgevingsdienst": (
        "vth omgevingsdienst toezicht inspecteur toezichthouder milieutoezicht milieuvergunning lozing "
        "lozen pfas overtreding handhaving robuust controle"
    ),
    "algoritme": (
        "algoritme algoritmeregister ai ai-verordening taalmodel chatbot rekenmodel kunstmatig "
        "intelligentie risicoprofiel machine-learning copilot chatgpt"
    ),
    "gemeentefonds": (
        "gemeentefonds ravijnjaar ravijn begroting bezuiniging bezuinigen tekort meerjarenbegroting "
        "meerjarig sluitend meicirculaire circulaire reserve ozb belastinggebied trap-op-trap-af "
        "preventief financiële-verhoudingswet artikel-2 accres korting"
    ),
    "huisarts": (
        "huisarts huisartsenpost huisartsenpraktijk dokter praktijk patiënt apotheek spoedpost "
        "praktijkhouder eerstelijns"
    ),
    "arbeidsmigrant": (
        "arbeidsmigrant uitzendbureau seizoenarbeider uitzendkracht oost-europa pool polen pools roemeen "
        "roemeens logiesgebouw distributiecentrum kassen brp bulgaar huisjesmelker"
    ),
    "infrastructuur": (
        "brug bruggen kade kademuur viaduct tunnel sluis constructie kunstwerk asfalt damwand "
        "vervangingsopgave vervangingsgolf instorten afgekeurd"
    ),
    "afval": (
        "afval restafval container zwerfvuil zwerfafval afvalinzameling plastic milieustraat "
        "afvalstoffenheffing grofvuil bijplaatsing prullenbak statiegeld verpakking inzamelen gft "
        "scheiden verbrandingsbelasting"
    ),
    "schoolgebouw": (
        "schoolgebouw noodlokaal onderwijshuisvesting ventilatie klaslokaal nieuwbouw renovatie lokaal "
        "normbedrag"
    ),
    "onderwijs": (
        "school onderwijs leerling leraar klas basisschool les leerplicht lerarentekort lerares docent "
        "schoolbestuur"
    ),
    "dakloos": (
        "dakloos thuisloos dakloze bankslaper briefadres nachtopvang beschermd-wonen beschermd "
        "maatschappelijke-opvang daklozenopvang slaapplek"
    ),
    "bedreiging": (
        "bedreiging bedreigen bedreigd intimidatie intimideren agressie dreigmail aangifte uitgescholden "
        "alarm angst geweld doxing"
    ),
    "bestuurders": "wethouder burgemeester raadslid raadsleden bestuurder politiek ambtsdrager",
    "bijstand": (
        "bijstand participatiewet uitkering werkloos bijstandsuitkering re-integratie bijstandsgerechtigde"
    ),
    "kinderopvang": "kinderopvang peuter bso crèche kinderdagverblijf peuterspeelzaal leidster",
    "winkels": "winkel leegstand binnenstad winkelstraat detailhandel winkelier etalage",
    "natuur": "natuur biodiversiteit bijen weidevogel bos boom bomen heide wolf vogel salamander",
    "openbaarmaking": "woo wob informatieverzoek openbaarmaking archief",
    "huiselijk geweld": "mishandeling femicide stalking vrouwenopvang huiselijk",
    "warmtenet": "warmtenet stadsverwarming warmtepomp aardgasvrij warmtebedrijf",
    "horeca": "horeca terras café kroeg uitgaan geluidsoverlast",
    "toerisme": "toerist toerisme camping vakantiepark recreatie b&b toeristenbelasting touringcar",
    "verkeer": (
        "verkeer fietspad fietser auto parkeren verkeersveiligheid kruispunt snelheid vrachtwagen rotonde"
    ),
    "politie": "politie agent boa wijkagent",
    "brandweer": "brandweer natuurbrand hulpdiensten ambulance",
    "burgerzaken": "burgerzaken paspoort rijbewijs akte trouwzaal huwelijk begraafplaats",
    "defensie": "defensie munitie kazerne militair oefenterrein",
    "weerbaarheid": "weerbaarheid noodpakket stroomuitval noodsteunpunt crisisbeheersing",
    "gokken": "gokken gokverslaving gokkast",
    "veenbodem": "bodemdaling fundering paalrot veen grondwater",
    "mobiel bereik": "glasvezel zendmast telefoonbereik bereik",
    "monument": "monument erfgoed kerk kerktoren molen",
    "dieren": "dierenasiel zwerfkat hond dierenarts",
    "vuurwerk": "vuurwerk vuurwerkverbod oud-en-nieuw jaarwisseling",
    "preventie": "leefstijl overgewicht roken vapen vaccinatie ggd gezondheid",
}
