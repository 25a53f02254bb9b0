"""Texts of the motions of the example year, and what was said about them. Made up for it."""

from typing import Any

MOTIONS: dict[str, dict[str, Any]] = {
    "winter": {
        "title": "Energiehulp stopt niet na de winter",
        "noting": "Elke gemeente moet vaste energiehulp kunnen geven.\nHet rijk betaalt nu per winter.",
        "considering": "In het voorjaar is een achterstand niet weg.\nMensen weten niet of zij hulp houden.",
        "requests": (
            "Met cijfers van de leden te laten zien wat een heel jaar hulp kost.\n"
            "Die cijfers voor de zomer aan het rijk te geven."
        ),
        "sources": (("position", "Vaste energiehulp in elke gemeente"),),
    },
    "form": {
        "title": "Eén formulier voor leerlingenvervoer",
        "noting": "Elke gemeente heeft een eigen formulier voor leerlingenvervoer.",
        "considering": "Ouders die verhuizen vullen alles opnieuw in.\nScholen helpen daar elk jaar uren bij.",
        "requests": "Samen met de regio's één formulier te maken dat elke gemeente kan gebruiken.",
    },
    "transport": {
        "title": "Ook bus en tram vooraan op het stroomnet",
        "noting": "Scholen, zorg en woningen gaan voor op de wachtlijst van het stroomnet.",
        "considering": "Zonder laadplek rijdt er geen bus.\nEen bus brengt mensen naar school en ziekenhuis.",
        "requests": "Het rijk te vragen om openbaar vervoer dezelfde plek te geven als scholen en zorg.",
        "sources": (("position", "Scholen, zorg en woningen eerst op het stroomnet"),),
    },
    "small": {
        "title": "Kleine gemeenten en nieuwe taken",
        "noting": "Kleine gemeenten krijgen dezelfde nieuwe taken als grote.",
        "considering": "Zij hebben er vaak niet genoeg mensen voor.",
        "requests": (
            "Een rekenhulp te maken waarmee elke gemeente ziet hoeveel mensen een nieuwe taak vraagt.\n"
            "Het rijk te vragen om een vast bedrag voor elke gemeente met minder dan 25.000 inwoners."
        ),
        "sources": (("position", "Nieuwe taken alleen met geld en mensen"),),
    },
    "school": {
        "title": "Geen nieuwe school zonder stroom",
        "noting": "Nieuwe scholen staan leeg, omdat zij geen aansluiting krijgen.",
        "considering": "Een bouw duurt twee jaar. In die tijd kan een netbeheerder een plek vrijhouden.",
        "requests": "Met de netbeheerders af te spreken dat een school bij de start van de bouw een plek heeft.",
        "sources": (("position", "Scholen, zorg en woningen eerst op het stroomnet"),),
    },
    "power": {
        "title": "Een plek op het stroomnet zodra de bouw begint",
        "noting": "Woningen en scholen zijn klaar, en wachten dan nog jaren op stroom.",
        "considering": "Wie begint met bouwen, moet weten wanneer er stroom is.",
        "requests": "Met de netbeheerders een vaste plek af te spreken voor woningen en scholen die in aanbouw zijn.",
        "sources": (("position", "Scholen, zorg en woningen eerst op het stroomnet"),),
    },
}
# Who spoke on a motion: member, for or against, what about.
SPOKEN: dict[str, tuple[tuple[str, str, str], ...]] = {
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
