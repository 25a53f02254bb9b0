"""What the word search knows of Dutch and of municipal work: stop words, everyday words, building blocks,
concepts.

Written for this project. A word that is missing only costs a weaker match: unknown words still match
themselves,
their inflections and, through letter groups, the compounds they stand in.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Carry no meaning of their own; never a term.
STOP_WORDS = _words(
    """
    aan aangezien achter af al alle alleen allemaal alles als altijd ander andere anderen anders bij bijna
    bijvoorbeeld binnen blijft blijven boven daar daardoor daarbij daarom daarmee daarna daarvan daarvoor
    dan dat de deze die dit doen doet door doordat dus echt echter een eens eerst eerder elk elke en enige
    enkel enkele er eraan erbij erop eruit ervan ervoor etc even gaan gaat gedaan geen gegaan gehad geweest
    geworden had hadden heb hebben hebt heeft heel hem hen het hier hierdoor hiervoor hij hoe hoewel hun
    ieder iedere iedereen iemand iets ik in inmiddels is ja je jij jou jouw juist jullie kan komen komt kon
    konden krijgen krijgt kunnen kunt laat laten maakt maar maken maakte mag me meer meest meestal men met
    mij mijn moest moesten moet moeten mogelijk mogen na naar naast namelijk nee net niemand niet niets nog
    nooit nou nu of om omdat onder ons onze ook op over overal pas per plaats precies sinds soms staan staat
    steeds straks te tegen terwijl ter tijdens toch toen tot tussen u uit uw vaak van vanaf vandaag vanuit
    vanwege veel vele via volgens voor vooral voordat waar waarbij waardoor waarin waarmee waarom waarop
    waarvan waarvoor wanneer want waren was wat we weer weg wel welke werd werden wie wij wil willen wilt
    wordt worden zal ze zegt zeggen zei zeer zelf zelfs zich zien ziet zij zijn zo zoals zodat zonder zou
    zouden zullen bent ben tien twee drie vier vijf zes zeven acht negen honderd duizend enz bv bijv oa dwz
    ca eigen hele gaf geven geeft neemt nemen ging gingen kwam kwamen kreeg kregen blijkt bleek blijken erg
    vorig vorige volgend volgende eerste tweede derde laatste paar ruim meerdere minder weinig
    """
)

# Stand in every second report of a municipality: they count, but for little.
EVERYDAY_WORDS = _words(
    """
    gemeente gemeentelijk inwoner burger mens persoon bewoner college raad wethouder ambtenaar rijk
    ministerie minister provincie regio jaar maand week dag uur keer tijd probleem oplossing vraag antwoord
    regel regeling wet nieuw oud groot klein lang kort goed slecht hoog laag veel weinig extra zelfde laatst
    vorig volgend half nodig mogelijk duidelijk situatie geval zaak manier deel aantal tweede derde eerste
    vrijwel inzet beleid probeer zoek vind gebruik werk hulp help kost geld duur betaal wacht meld bel stop
    begin start hoor weet denk vertel merk blijk lijk zit lig loop sta kijk bied houd hou breng bestaan
    voldoen gebeur ontsta land dorp stad buurt wijk straat lokaal landelijk steeds snel langzaam moeilijk
    lastig jong ouder wachttijd maanden avond
    """
)

# Parts of which Dutch compounds are built, in the form in which they stand inside a compound.
BUILDING_BLOCKS = _words(
    """
    aanbieder aanbesteding aansluiting aanvraag aanpak adres afval agent algoritme ambtenaar arbeid armoede
    arts asiel auto avond baan bad balie bank basis batterij bedrijf bedrijven begeleiding begroting beheer
    beheerder beleid beroep bescherming besluit bestand bestel bestelbus bestuur betaling beurs beveiliging
    bewaker bewoner bibliotheek bijstand biljet boer boete bomen boom bos bouw brand brief brug buis buiten
    bureau burger bus buurt camera capaciteit casus centrum chauffeur coach code college collectief
    congestie container contract controle corporatie crisis cyber dag data dienst diensten dijk digi
    digitaal docent dokter domein dorp drank drugs duur eenzaam eiland emissie energie examen fabriek fiets
    fonds functie gas gebied gebouw gebruik geld geluid gemeente gezin gezondheid glas golf goot grens groen
    groep grond halte handel handhaving haven heffing herstel hitte hof hoog huis huishouden hulp huur
    huurder huizen ideeën informatie inkomen inkoop inspectie installatie instelling integratie inwoner jaar
    jeugd jongeren kaart kabel kade kamer kanaal kap keten kind kinder kinderen klas kliniek klimaat klus
    koelte koop kosten kracht krediet kunst laad laag label lab lamp land landbouw last leer leerling
    leerlingen leesbaarheid leraar les leven leverancier levering lijn lijst locatie loket loon lokaal lucht
    maand maatregel maaltijd macht man mantel markt meester meld melder melding mensen meter migrant
    migratie milieu minima moeder molen monteur motor muur nacht natuur net netwerk nood norm oever omgeving
    onderhoud onderwijs ondernemer oorlog opgave oplichting opvang organisatie ouder ouderen overheid
    overlast pand paneel park parkeer parkeren partner partij pas perceel personeel perspectief plaats plan
    plank plas plein ploeg politie pomp poort portaal post praktijk preventie prijs prijzen proces product
    programma project provincie punt raad raam rapport recht rechter regel regen regio reis rekening relatie
    restant richtlijn rijden ring riool rivier rol ruil ruimte samenwerking schaarste schade schap schild
    school schouw schuld schulden sector seniore service slaap sloop sluis slot sociaal software speel spoed
    spoor sport spreiding stad staat stal stations stem station status statushouder steden steen steun
    stikstof stof stoep stop storing straat strook stroom structuur studenten studie subsidie systeem taak
    taal tafel tarief taxi team tehuis thuis tekort telefoon teler terrein toegang toelage toeslag toets
    toezicht toezichthouder training transport trein tuin uitkering uitstoot uitvoering vaart vakantie valse
    veen vecht veiligheid veld verbinding verblijf vereniging vergoeding vergrijzing vergunning verhuur
    verkeer verkiezing verkoop verlichting verpleeg verpleging verslaving verzekering verzorging vervoer
    viering vlucht vluchteling voedsel voorraad voorziening vracht vrijwilliger vrijwilligers vrouw waarde
    wacht wachtlijst wachttijd wagen warmte wet water weg wegen welzijn werk werken wering werknemer wijk
    wind winkel woning wonen woon zaal zand zicht ziek ziekte zon zone zonne zorg zout zuivering zwem
    """
)
