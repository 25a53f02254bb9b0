"""The subjects that come up in what is put in: words that more texts have than one would expect from the text that is
asked about. Pure functions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from omkering.engine.similar.terms import is_everyday, stem, tokens

LEAST = 2  # texts that have a word before it is a subject
SHORTEST = 4  # letters of a word that can be one


@dataclass(frozen=True, slots=True)
class Subject:
    """A word, in the form in which it is written most, and in how many texts it stands."""

    word: str
    texts: int


def subjects(texts: Sequence[str], background: Iterable[str] = (), *, most: int = 12) -> list[Subject]:
    """At most so many words that come up in `texts`, the most telling first; ties go by alphabet.

    A word counts once a text. What stands in much of the `background` (the paragraphs that are asked about) tells
    less: its number is weighed by the log of how rare it is there.
    """
    inside: Counter[str] = Counter()
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        forms = defaultdict(list)
        for word in tokens(text):
            if len(word) >= SHORTEST and not is_everyday(word):
                forms[stem(word)].append(word)
        inside.update(forms.keys())
        for root, words in forms.items():
            written[root].update(words)
    outside: Counter[str] = Counter()
    number = 0
    for paragraph in background:
        outside.update({stem(word) for word in tokens(paragraph)})
        number += 1

    def telling(root: str) -> float:
        return inside[root] * log(2 + number / (1 + outside[root]))

    found = [root for root, count in inside.items() if count >= LEAST]
    ranked = sorted(found, key=lambda root: (-telling(root), root))[:most]
    return [
        Subject(min(written[root], key=lambda form: (-written[root][form], form)), inside[root])
        for root in ranked
    ]
