"""Texts of made documents: chapters with sections, paragraphs of some sentences, lists and proposals."""

import random
from typing import NamedTuple

SUBJECTS = (
    "De gemeente",
    "Het netwerk",
    "De afdeling",
    "Het bestuur",
    "De commissie",
    "De vereniging",
    "Elk lid",
    "De raad",
    "De regio",
)
VERBS = (
    "onderzoekt",
    "bespreekt",
    "steunt",
    "ontwikkelt",
    "vergelijkt",
    "betaalt",
    "versterkt",
    "beschrijft",
    "regelt",
    "bewaakt",
)
OBJECTS = (
    "de uitvoering van de warmtewet",
    "het gezamenlijke fonds",
    "een plan voor wonen en zorg",
    "de samenwerking in de regio",
    "het toezicht op de jeugdhulp",
    "een nieuwe verdeling van taken",
    "de opvang van nieuwkomers",
    "het tekort aan vakmensen",
    "de aansluiting op het stroomnet",
    "het vervoer in kleine kernen",
)
ENDS = (
    "samen met de inwoners",
    "vóór het einde van het jaar",
    "op basis van cijfers die iedereen kan nakijken",
    "zonder extra regels",
    "in overleg met het rijk en de provincies",
    "zodat kleine gemeenten mee kunnen doen",
    "en doet daar elk jaar verslag van",
)


class MadeBlock(NamedTuple):
    """A part of a made text."""

    kind: str
    level: int
    label: str
    text: str


def sentence(chance: random.Random) -> str:
    """One sentence of four parts; its second word is the verb."""
    return f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(OBJECTS)} {chance.choice(ENDS)}."


def sentences(text: str) -> list[str]:
    """The sentences of a made text."""
    return [f"{part}." for part in text.removesuffix(".").split(". ")]


def other_verb(chance: random.Random, said: str) -> str:
    """The sentence with another verb in it."""
    known = next((verb for verb in VERBS if f" {verb} " in said), None)
    if known is None:
        return f"{said} {sentence(chance)}"
    return said.replace(f" {known} ", f" {chance.choice([verb for verb in VERBS if verb != known])} ", 1)


def make_blocks(chance: random.Random, size: int) -> list[MadeBlock]:
    """A text of `size` parts that are no headings, under numbered chapters and sections."""
    blocks: list[MadeBlock] = []
    chapter = section = proposals = 0
    for made in range(size):
        if made % 20 == 0:
            chapter, section = chapter + 1, 0
            blocks.append(MadeBlock("heading", 1, str(chapter), f"Hoofdstuk over {chance.choice(OBJECTS)}"))
        if made % 10 == 0:
            section += 1
            blocks.append(
                MadeBlock("heading", 2, f"{chapter}.{section}", f"Wat {chance.choice(OBJECTS)} vraagt")
            )
        if made % 10 in (3, 4):
            blocks.append(MadeBlock("item", made % 10 - 2, "", sentence(chance)))
        elif made % 10 == 9:
            proposals += 1
            blocks.append(MadeBlock("proposal", 0, f"Voorstel {proposals}", sentence(chance)))
        else:
            count = chance.randrange(2, 6)
            blocks.append(MadeBlock("paragraph", 0, "", " ".join(sentence(chance) for _ in range(count))))
    return blocks
