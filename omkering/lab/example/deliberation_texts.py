"""What is written in the consultations of the example year. All of it was made up for this project."""

from dataclasses import dataclass

NOTE = """# Van onderop werken: notitie voor gesprek

## 1. Waarom deze notitie

Onze gemeenten verschillen. De kleinste heeft nog geen duizend inwoners, de grootste bijna een miljoen. Toch staan wij
vaak voor dezelfde vragen.

Veel van die vragen zien wij eerder dan het rijk. Aan het loket, in de wijk en in de raad merken wij als eersten of een
wet werkt. Die kennis komt nu te laat op tafel.

In deze notitie staat hoe wij dat willen veranderen. Wij leggen haar voor aan alle leden. Zeg wat u ervan vindt, ook als
u het er niet mee eens bent.

Leeswijzer: er staan vier voorstellen in. Bij elk voorstel kunt u reageren of een andere tekst voorstellen.

## 2. Een standpunt begint bij de leden

Werken van onderop betekent dat een standpunt begint bij wat leden in de praktijk zien. Het bureau verzamelt dat, en de
leden wegen het.

Nu gaat het vaak andersom. Een ministerie stelt een vraag, het bureau schrijft binnen een paar weken een antwoord, en de
leden lezen het in de krant.

In de provinciale afdelingen kennen leden elkaar. Daar zegt een kleine gemeente eerder dat iets niet lukt. Die
gesprekken leiden nu te weinig tot een besluit.

> Voorstel 1: Het bureau vraagt alle provinciale afdelingen om advies voordat de vereniging een standpunt inneemt over
> een groot onderwerp. Een afdeling heeft daarvoor vier weken.

Van elk gesprek komt een kort verslag. Het bureau laat bij elk punt zien wat ermee is gedaan.

## 3. Gemeenten beginnen, het rijk volgt

Bij gewoon medebewind maakt het rijk een wet en voeren gemeenten die uit. Dat past bij veel taken. Soms weten gemeenten
beter wat er nodig is.

Bij omgekeerd medebewind beginnen de gemeenten. Zij proberen een oplossing uit. Daarna zorgt het rijk voor wat zij nodig
hebben: een wet, geld of gegevens.

Dat vraagt drie dingen van ons:

- een paar gemeenten die als eerste willen beginnen;
- een eerlijk verslag van wat wel en niet werkte;
- één lijst met wat wij van het rijk nodig hebben.

De milieuzones laten zien dat het kan. Drie steden begonnen, en nu is er één landelijk bord.

> Voorstel 2: Elk jaar kiezen de leden ten hoogste vier onderwerpen voor omgekeerd medebewind. Per onderwerp doen ten
> minste drie gemeenten mee als pilot.

## 4. Twee onderwerpen om mee te beginnen

### 4.1 Energie

Het stroomnet is vol. Een school kan niet open, een wijk kan niet van het gas af en een bedrijf kan niet groeien. Elke
gemeente zoekt nu zelf naar een oplossing.

Huishoudens die hun rekening niet kunnen betalen, kloppen aan bij de gemeente. Welke hulp zij krijgen, hangt af van waar
zij wonen.

> Voorstel 3: Wij beginnen met energie. Gemeenten maken samen een volgorde voor het stroomnet en vragen het rijk om die
> in de wet te zetten.

### 4.2 Jeugdzorg

Kinderen met de zwaarste problemen wachten te lang op hulp. Aanbieders stoppen, en een regio kan dat niet alleen
opvangen.

Voor lichte hulp ligt dat anders. Daar kan een gemeente veel zelf doen, samen met school en huisarts.

| Hulp | Wie regelt het nu | Wie kan het beter |
|---|---|---|
| Lichte hulp | elke gemeente | elke gemeente, met de school |
| Zware hulp | de regio | regio's samen |
| Gesloten hulp | de regio | het rijk en de gemeenten samen |

## 5. Eén stem, en ruimte voor verschil

Ministeries horen nu soms drie verhalen: van de vereniging, van een netwerk en van een stad. Zij kiezen dan het verhaal
dat hun het beste uitkomt.

Eén stem betekent niet dat iedereen hetzelfde vindt. Wie er anders over denkt, zegt dat eerst tegen de andere leden.

> Voorstel 4: Wie met het rijk gaat praten over een onderwerp waarover wij een standpunt hebben, zet dat vooraf in het
> register. Wijkt de boodschap af, dan praten wij eerst met elkaar.

Over sommige onderwerpen beslist een gemeente liever zelf. Wij schrijven op welke dat zijn, en waarom.

Na het gesprek over deze notitie maakt het bureau een nota van beantwoording. Daarna stemmen de leden.
"""

SUMMARY = (
    "Hoe begint een standpunt bij de leden, wanneer beginnen gemeenten zelf, en hoe spreken wij met één stem? "
    "Met vier voorstellen om over te praten."
)


@dataclass(frozen=True)
class Said:
    """What somebody puts in: by whom (an example log-in or a member's code), at what part of the text ("": the whole),
    and which of the answers below it gets."""

    who: str
    place: str
    text: str
    answer: str


# --- the first consultation ------------------------------------------------------------------------------
REACTIONS = (
    Said("raadslid", "Voorstel 1", "Vier weken is te kort. Onze raad vergadert maar eens per maand.", "time"),
    Said("ambtenaar", "Voorstel 1", "Op een eiland kost een vergadering een dag reizen. Kan het ook op afstand?",
         "online"),
    Said("GM0060", "Voorstel 1", "Geef afdelingen meer tijd, zeker in de zomer.", "time"),
    Said("GM0855", "Voorstel 2", "Vier onderwerpen is genoeg. Liever twee goed dan zes half.", "agreed"),
    Said("commissielid", "Gemeenten beginnen", "Zet erbij wie betaalt als een pilot mislukt.", "risk"),
    Said("GM0599", "Het stroomnet is vol", "Noem ook bussen en pakketten, want die hebben ook stroom nodig.",
         "transport"),
    Said("secretaris", "Ministeries horen", "Dit herkennen wij. Vorig jaar spraken drie gemeenten elkaar tegen.",
         "agreed"),
    Said("GM1681", "", "Een heldere notitie. Kort, en zonder moeilijke woorden.", "agreed"),
)  # fmt: skip

VIEWS = (
    ("burgemeester", "GM1900",
     "Wij steunen de richting. Afdelingen moeten wel genoeg tijd krijgen, en niet alles hoeft in een zaal.",
     (("Voorstel 1", "Maak er zes weken van. Dan kan elke raad er een keer over praten.", "time"),
      ("Voorstel 4", "Het register moet in vijf minuten in te vullen zijn.", "register"))),
    ("griffier", "GM0363",
     "Een goede start. Grote steden spreken vaak zelf met het rijk. Dat moet mogelijk blijven.",
     (("Over sommige onderwerpen", "Zet erbij dat een stad zelf mag spreken over wat alleen die stad raakt.",
       "own_matters"),
      ("Het stroomnet is vol", "Noem ook het vervoer: zonder stroom rijden er geen bussen.", "transport"))),
    ("GM0014", "GM0014",
     "",
     (("Kinderen met", "Gesloten hulp hoort bij het rijk. Laat gemeenten daar helemaal buiten.", "closed_care"),
      ("Voorstel 2", "Drie pilots per onderwerp is een goed aantal.", "agreed"))),
    ("GM0114", "GM0114",
     "Wij doen graag mee als pilot voor energie.",
     (("Voorstel 3", "Begin met scholen. Daar is iedereen het over eens.", "schools"),)),
)  # fmt: skip

# Chapter, its place, the report, its points and its advice.
MEETINGS = (
    ("afdeling-drenthe", "Gemeentehuis Assen",
     "Negen van de twaalf gemeenten waren er. Wij spraken vooral over tijd en over energie.",
     (("Voorstel 1", "Alle gemeenten vinden vier weken te kort. Zes weken lukt wel.", "time"),
      ("Voorstel 3", "Vijf gemeenten willen samen een pilot beginnen.", "schools")),
     "Neem de notitie aan, en geef afdelingen zes weken de tijd."),
    ("afdeling-fryslan", "Provinciehuis Leeuwarden, en op afstand",
     "Veertien gemeenten deden mee, vier daarvan op afstand. De eilanden vroegen aandacht voor reistijd.",
     (("Voorstel 1", "Maak vergaderen op afstand gewoon. Anders doen de eilanden niet mee.", "online"),
      ("Voorstel 4", "Een register is goed, als het weinig werk is.", "register")),
     "Neem de notitie aan. Zorg dat een afdeling ook op afstand kan vergaderen."),
)  # fmt: skip

QUESTIONS = (
    ("scale", "Hoe goed sluit het werk van de vereniging nu aan op uw praktijk?", ()),
    ("choice", "Waar moeten wij mee beginnen?", ("Energie", "Jeugdzorg", "Wonen", "Iets anders")),
)

# Text, how many of a hundred smaller and larger members agree.
FIRST_STATEMENTS = (
    ("Een provinciale afdeling moet vaker dan twee keer per jaar vergaderen.", 85, 45),
    ("Vergaderen op afstand is net zo goed als in een zaal.", 60, 55),
    ("De vereniging vraagt leden te vaak om een mening.", 40, 30),
    ("Gemeenten beginnen liever zelf dan dat zij op een wet wachten.", 55, 90),
    ("Het rijk betaalt de kosten van een pilot, ook als die mislukt.", 92, 90),
    ("Een standpunt hoort te beginnen bij een signaal van een lid.", 88, 84),
)

ANSWERS = {
    "time": ("taken_over", "Veel leden vinden vier weken te kort. Wij maken er zes weken van."),
    "online": ("taken_over", "Een afdeling kan voortaan ook op afstand vergaderen. Dat staat nu in de tekst."),
    "transport": ("taken_over", "Vervoer hoort erbij. Wij noemen nu ook de bus die niet kan laden."),
    "own_matters": (
        "partly",
        "Een gemeente mag zelf spreken over wat alleen haar raakt. Wij noemen geen lijst van steden, want dit geldt "
        "voor elk lid.",
    ),
    "risk": ("partly", "Wij vragen het rijk om de kosten te dragen. Wie in een pilot wat betaalt, verschilt per keer."),
    "register": ("taken_over", "Het register vraagt vijf dingen en kost een paar minuten."),
    "closed_care": (
        "not",
        "De meeste leden willen invloed houden op gesloten hulp, omdat kinderen daarna weer in de gemeente wonen.",
    ),
    "schools": ("partly", "Scholen gaan voor. Zorg en woningen horen daar voor de meeste leden ook bij."),
    "agreed": ("taken_over", "Dank u wel. Dit steunt de tekst zoals die is."),
    "chapters": ("taken_over", "Beide adviezen staan in de tekst: zes weken, en ook op afstand."),
    "views": ("partly", "Wij nemen de hoofdlijn over. Bij elk punt staat wat wij ermee doen."),
    "statements": ("partly", "De uitkomst van de stellingen is gebruikt bij de nieuwe tekst van hoofdstuk 2 en 3."),
}  # fmt: skip

# --- the second consultation -----------------------------------------------------------------------------
REACTIONS_OF_NOW = (
    Said("GM1690", "Voorstel 4", "Het register moet ook open zijn voor raadsleden.", ""),
    Said("raadslid", "Voorstel 4", "Mogen raadsleden het register lezen? Zet dat erbij.", ""),
    Said("GM0599", "Voorstel 3", "Het stroomnet in de stad is anders vol dan op het platteland.", ""),
    Said("GM1681", "Voorstel 3", "Denk bij het stroomnet ook aan dorpen met één kabel.", ""),
    Said("ambtenaar", "Een afdeling mag", "Vergaderen op afstand werkt goed. Houd dit erin.", ""),
)  # fmt: skip

SECOND_REACTIONS = (
    Said("raadslid", "Voorstel 2", "Hoe kiezen wij die onderwerpen? Leg dat uit.", "choice"),
    Said("GM0093", "Voorstel 2", "Wie kiest de vier onderwerpen, en hoe? Dat staat er niet.", "choice"),
    Said("GM0344", "Voorstel 3", "Een volgorde alleen helpt niet. Er moeten ook kabels bij.", "cables"),
    Said("ambtenaar", "Dat vraagt drie dingen", "Kleine gemeenten hebben geen mensen over voor een verslag.", ""),
    Said("GM0114", "Voor lichte hulp", "Goed dat de school hier staat. Noem ook het wijkteam.", ""),
    Said("GM1690", "Voorstel 4", "Geldt het register ook voor een gesprek met een Kamerlid?", ""),
    Said("secretaris", "", "De tekst is beter geworden. Het deel over jeugdzorg mag langer.", ""),
)  # fmt: skip

SECOND_ANSWERS = {
    "choice": (
        "taken_over",
        "De leden kiezen met een ronde van prioriteiten. Dat komt in de tekst te staan.",
    ),
    "cables": (
        "partly",
        "Meer kabels zijn nodig, maar dat is werk van de netbeheerders. Wij noemen het wel.",
    ),
}

STATEMENTS = (
    ("Scholen gaan altijd voor op het stroomnet.", 88, 84),
    ("Een bedrijf dat banen geeft, mag voorgaan op een nieuwe wijk.", 6, 94),
    ("Elke gemeente heeft evenveel te zeggen, hoe klein die ook is.", 97, 5),
    ("Grote steden mogen zelf met een minister afspraken maken.", 5, 95),
    ("Zware jeugdzorg moet het rijk regelen.", 94, 8),
    ("Een kleine gemeente mag een taak aan de buurgemeente overlaten.", 72, 66),
    ("Nieuwe taken nemen wij alleen aan als het geld er is.", 96, 93),
    ("De vereniging mag ook een standpunt innemen als een derde van de leden tegen is.", 7, 92),
    ("Raadsleden moeten een standpunt vooraf kunnen bespreken.", 90, 86),
    ("Wie afwijkt van een standpunt, legt dat uit aan alle leden.", 82, 76),
)
WAITING_STATEMENT = "De afdelingen kiezen voortaan zelf een lid van het bestuur."
SAME_STATEMENT = (
    "Op het stroomnet moeten scholen altijd voorgaan.",
    "Dit is hetzelfde als stelling 1. Stem daar.",
)
