"""Dutch full-text search: the query that finds "huizen" by "huis" and "jeugdhulpaanbieders" by "jeugdhulp".

PostgreSQL's Dutch stemmer joins inflections (boom, bomen), but not where a letter changes (huis, huizen;
brief, brieven; stad, steden), and it knows no compounds. So each word is asked in all its spellings, stemmed,
or as the beginning of a longer word. What somebody types only ever gives letters, digits and operators of our
own.
"""

import re
import unicodedata
from typing import Any

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

WORDS = 12  # of one query; more do not make it clearer
LONGEST = 40  # letters of one word
SHORTEST_BEGINNING = 4  # letters from which a changed spelling may be the beginning of a word
LONG_STEM = 6  # letters from which a stem may be the beginning of a word

_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = """
aan al alle als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens en er ge
geen had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je kan kon kunnen maar me meer
men met mij mijn moet na naar niet niets nog nu of om omdat onder ons onze ook op over reeds te tegen toch
toen tot u uit uw van veel voor want waren was wat we wel werd wezen wie wij wil worden wordt zal ze zelf
zich zij zijn zo zonder zou the and of to for with
"""
_SAY_NOTHING = frozenset(_STOP_WORDS.split())
# Words whose vowel changes, also as the last part of a compound: binnenstad, binnensteden.
_CHANGED = (("stad", "sted"), ("lid", "led"), ("schip", "schep"), ("smid", "smed"))


def to_tsquery_text(text: str) -> str:
    """The text for `to_tsquery('public.nl', …)`: every word in its spellings; "" without words.

    All words must be there. A long word is also asked as a beginning.
    """
    return " & ".join(_stemmed(word) for word in _words(text))


def search_query(text: str) -> CombinedSearchQuery | None:
    """The query to filter `Item.search` with; None when the text holds no word to search for.

    Every word must be there: in one of its inflections, or as the beginning of a compound.
    """
    query: CombinedSearchQuery | None = None
    for word in _words(text):
        stems = SearchQuery(_stemmed(word), config="public.nl", search_type="raw")
        either: Any = stems | SearchQuery(_beginnings(word), config="simple", search_type="raw")
        query = either if query is None else query & either
    return query


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    found = [word[:LONGEST] for word in _WORD.findall(plain)]
    return list(dict.fromkeys(word for word in found if word not in _SAY_NOTHING and len(word) > 1))[:WORDS]


def _stemmed(word: str) -> str:
    forms = [f"{form}:*" if len(form) >= LONG_STEM else form for form in _spellings(word)]
    return f"({' | '.join(forms)})"


def _beginnings(word: str) -> str:
    changed = [form for form in _spellings(word)[1:] if len(form) >= SHORTEST_BEGINNING]
    own = f"{word}:*" if len(word) > 2 else word  # two letters are an abbreviation, not a beginning
    return " | ".join([own, *(f"{form}:*" for form in changed)])


def _spellings(word: str) -> list[str]:
    """The word first, then how its stem is written elsewhere in its inflection."""
    forms = [word]
    for singular, plural in _CHANGED:
        if word.endswith(singular):
            forms.append(word.removesuffix(singular) + plural)
        elif word.endswith((plural, f"{plural}en")):
            forms.append(word[: word.rindex(plural)] + singular)
    if len(word) >= 5 and word.endswith("en"):
        stem = word.removesuffix("en")
        hard = _hardened(stem)
        forms += [stem, hard, _doubled(hard)]
    elif len(word) >= 4:
        forms += [_softened(_single(word)), _single(word)]
        if word[-1] == "t" and word[-2] not in "aeiouyt" and len(word) >= 5:
            forms.append(word[:-1])  # betaalt, betaal
    return list(dict.fromkeys(forms))


def _softened(stem: str) -> str:
    """As before an ending: huis, huiz(en); brief, briev(en)."""
    return stem[:-1] + {"s": "z", "f": "v"}.get(stem[-1], stem[-1])


def _hardened(stem: str) -> str:
    """As without an ending: huiz(en), huis; briev(en), brief; plann(en), plan."""
    if stem[-1] == stem[-2]:
        return stem[:-1]
    return stem[:-1] + {"z": "s", "v": "f"}.get(stem[-1], stem[-1])


def _single(word: str) -> str:
    """As in an open syllable: school, schol(en); kaas, kas (which softens to kaz)."""
    return re.sub(r"(?<![aeiou])([aeou])\1([^aeiouwjhx])$", r"\1\2", word)


def _doubled(stem: str) -> str:
    """As in a closed syllable: schol(en), school; lev(en), leef."""
    return re.sub(r"(?<![aeiou])([aeou])([^aeiouwjhx])$", r"\1\1\2", stem)
