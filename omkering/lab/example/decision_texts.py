"""Texts of the decisions of the example year: motions and proposals, and what was said about them. Made up for it."""

from typing import Any

ENERGY, TASKS, GRID = (
    "Vaste energiehulp in elke gemeente",
    "Nieuwe taken alleen met geld en mensen",
    "Scholen, zorg en woningen eerst op het stroomnet",
)  # titles of positions, and of the proposals that some of them came from

MOTIONS: dict[str, dict[str, Any]] = {
    "winter": {
        "title": "Energiehulp stopt niet na de winter",
        "noting": "Elke gemeente moet vaste energiehulp kunnen geven.\nHet rijk betaalt nu per winter.",
        "considering": "In het voorjaar is een achterstand niet weg.\nMensen weten niet of zij hulp houden.",
        "requests": (
            "Met cijfers van de leden te laten zien wat een heel jaar hulp kost.\n"
            "Die cijfers voor de zomer aan het rijk te geven."
        ),
        "sources": (("position", ENERGY),),
    },
    "bus": {
        "title": "Een bus in elk dorp",
        "noting": "Dorpen verliezen hun laatste buslijn.\nElke provincie kiest zelf wanneer een lijn verdwijnt.",
        "considering": "Zonder bus komt wie geen auto heeft niet op school, op het werk of bij de dokter.",
        "requests": "Met de provincies af te spreken hoe ver een dorp van een bus mag liggen.",
        "sources": (("signal", "Laatste buslijn naar vier dorpen verdwijnt"),),
    },
    "transport": {
        "title": "Ook bus en tram vooraan op het stroomnet",
        "noting": "Scholen, zorg en woningen gaan voor op de wachtlijst van het stroomnet.",
        "considering": "Zonder laadplek rijdt er geen bus.\nEen bus brengt mensen naar school en ziekenhuis.",
        "requests": "Het rijk te vragen om openbaar vervoer dezelfde plek te geven als scholen en zorg.",
        "sources": (("position", GRID),),
    },
    "small": {
        "title": "Kleine gemeenten en nieuwe taken",
        "noting": "Kleine gemeenten krijgen dezelfde nieuwe taken als grote.",
        "considering": "Zij hebben er vaak niet genoeg mensen voor.",
        "requests": (
            "Een rekenhulp te maken waarmee elke gemeente ziet hoeveel mensen een nieuwe taak vraagt.\n"
            "Het rijk te vragen om een vast bedrag voor elke gemeente met minder dan 25.000 inwoners."
        ),
        "sources": (("position", TASKS),),
    },
    "waste": {
        "title": "De vervuiler betaalt het drugsafval",
        "noting": "Gemeenten betalen voor het opruimen van drugsafval.",
        "considering": "Wie de rommel maakt moet betalen, en niet het dorp waar die wordt gevonden.",
        "requests": "Het rijk te vragen om dit geheel te betalen uit geld dat van criminelen is afgepakt.",
        "sources": (("signal", "Gemeente betaalt voor het opruimen van drugsafval"),),
    },
    "school": {
        "title": "Geen nieuwe school zonder stroom",
        "noting": "Nieuwe scholen staan leeg, omdat zij geen aansluiting krijgen.",
        "considering": "Een bouw duurt twee jaar. In die tijd kan een netbeheerder een plek vrijhouden.",
        "requests": "Met de netbeheerders af te spreken dat een school bij de start van de bouw een plek heeft.",
        "sources": (("position", GRID),),
    },
    "power": {
        "title": "Een plek op het stroomnet zodra de bouw begint",
        "noting": "Woningen en scholen zijn klaar, en wachten dan nog jaren op stroom.",
        "considering": "Wie begint met bouwen, moet weten wanneer er stroom is.",
        "requests": "Met de netbeheerders een vaste plek af te spreken voor woningen en scholen die in aanbouw zijn.",
        "sources": (("position", GRID),),
    },
}
PARTS = ("Een rekenhulp voor nieuwe taken", "Een vast bedrag voor kleine gemeenten")  # of the motion "small"

# What the board advises on each motion, and why.
ADVICE: dict[str, tuple[str, str]] = {
    "winter": ("adopt", "Dit past bij het standpunt over vaste energiehulp."),
    "bus": ("take_over", "Het bestuur wil dit meteen doen. Een stemming is niet nodig."),
    "transport": ("reject", "De leden zetten scholen, zorg en woningen voorop."),
    "small": ("adopt", "Het eerste verzoek kan het bestuur uitvoeren. Het tweede kost geld."),
    "waste": ("hold", "De provincies verdelen dit geld. Zij antwoorden binnenkort."),
    "school": ("adopt", "Dit past bij het standpunt over de volgorde op het stroomnet."),
}
# Who speaks on what is voted on: member, for or against, what about.
SPOKEN: dict[str, tuple[tuple[str, str, str], ...]] = {
    TASKS: (("GM0344", "for", "Wat de laatste nieuwe taak ons kostte"),),
    "Eén voorbeeld voor vaste energiehulp": (("GM0796", "for", "Wij willen de uitkomst van de pilots zien"),),
    "Energiehulp stopt niet na de winter": (
        ("GM1680", "for", "Wat wij in een dorp zien"),
        ("GM0796", "against", "Wie dit betaalt"),
    ),
    "Ook bus en tram vooraan op het stroomnet": (
        ("GM0363", "for", "De stad staat stil zonder laadplekken"),
        ("GM1900", "against", "Scholen wachten al te lang"),
    ),
    "Een vast bedrag voor kleine gemeenten": (("GM0088", "for", "Wij zijn met twintig mensen"),),
}

PROPOSALS: dict[str, dict[str, str]] = {
    "tasks": {
        "title": TASKS,
        "text": (
            "De vereniging zegt tegen het rijk dat gemeenten een nieuwe taak pas aannemen als vooraf vaststaat wie "
            "die betaalt en hoeveel mensen er nodig zijn."
        ),
        "explanation": "Als de leden dit aannemen, wordt het een standpunt van de vereniging.",
    },
    "example": {
        "title": "Eén voorbeeld voor vaste energiehulp",
        "text": (
            "De vereniging maakt één voorbeeld van regels voor vaste energiehulp. Elke gemeente kan die regels "
            "overnemen. De twee pilots leveren de cijfers."
        ),
        "explanation": "Nu schrijft elke gemeente haar eigen regels. Dat kost tijd, en inwoners snappen het niet.",
    },
    "youth": {
        "title": "Samen inkopen van zware jeugdzorg",
        "text": (
            "Vanaf volgend jaar kopen regio's de zwaarste jeugdzorg samen in. De vereniging maakt één contract dat "
            "elke regio kan gebruiken."
        ),
        "explanation": (
            "Dit volgt uit de signalen van leden, en past bij ons standpunt over zware jeugdzorg. De volgende "
            "ledenvergadering stemt over de uitslag."
        ),
    },
}
