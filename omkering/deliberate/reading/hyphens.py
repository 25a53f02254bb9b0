"""Words that were broken at the end of a line: joined again, with or without their hyphen.

A hyphen at the end of a line may be the printer's ("opstel-/len") or the word's own ("zonne-/energie"). In this
order decide: what follows, the same word elsewhere in the text, and the rules of Dutch spelling.
"""

import re
from collections import Counter
from collections.abc import Iterable

import pyphen

HYPHENS = ("-", "\u2010", "\u00ad")  # the last one is soft: it is only seen at the end of a line
_BROKEN = re.compile(r"(?P<left>[^\W_][\w'’.-]*)[-\u2010]$")
_RIGHT = re.compile(r"[^\W\d_][\w'’]*")
_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# After a hyphen that stands for a part left out: "wet- en regelgeving".
_SUSPENDED = frozenset({"en", "of", "tot", "als", "naar", "and", "or", "noch", "plus"})
_CLASHES = ("aa", "ee", "oo", "uu", "ei", "ie", "oe", "eu", "ui", "ou", "au", "ai", "oi")
# Endings that begin with a vowel and belong to the word before them: "essenti-eel", "individu-ele".
_ENDINGS = re.compile(
    r"(?:eel|ele|ën|e|en|er|ers|aal|ale|eus|euze|us|um|at|aat|ist|isme|uur|iteit|ety|ity|ant|ent|air|aire)$"
)
_KEEPS = frozenset(
    {"niet", "oud", "ex", "non", "vice", "anti", "pro", "semi", "quasi", "adjunct", "kandidaat"}
)
_SOFT = HYPHENS[-1]
_DUTCH = pyphen.Pyphen(lang="nl_NL", left=2, right=2)


class Vocabulary:
    """The words of a text that stand whole on a line: what a broken word is compared with."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        for line in lines:
            found = [(match.group().casefold(), match.end()) for match in _TOKEN.finditer(line)]
            # The last word of a line may be half a word.
            broken = is_broken(line)
            self._words.update(word for word, _end in (found[:-1] if broken else found))

    def count(self, word: str) -> int:
        """How often this word stands in the text."""
        return self._words[word.casefold()]


def is_broken(line: str) -> bool:
    """Whether a line seems to end within a word."""
    line = line.rstrip()
    return line.endswith(HYPHENS) and line[-2:-1].isalpha()


def join(first: str, second: str, words: Vocabulary) -> str:
    """Two lines of one paragraph as one text."""
    first, second = first.rstrip(), second.lstrip()
    if not first or not second:
        return first or second
    if first.endswith(_SOFT):
        return first.rstrip(_SOFT) + second
    broken = _BROKEN.search(first)
    if broken is None:
        return f"{first} {second}"
    right = _RIGHT.match(second)
    if right is None:  # "top-/10", and anything else that is no word
        return first + second if second[0].isdigit() else f"{first} {second}"
    if right.group().casefold() in _SUSPENDED:
        return f"{first} {second}"
    if _is_printers(broken.group("left"), right.group(), words):
        return first[:-1] + second
    return first + second


def _is_printers(left: str, right: str, words: Vocabulary) -> bool:
    """Whether the hyphen between these halves only stands there because the line was full."""
    if right[0].isupper() or left[-1].isdigit():
        return False
    last = left.rsplit("-", 1)[-1]
    if len(last) > 1 and last.isupper():  # an abbreviation: "VNG-/bestuur"
        return False
    whole, hyphened = words.count(left + right), words.count(f"{left}-{right}")
    if whole != hyphened:
        return whole > hyphened
    if left.casefold() in _KEEPS:
        return False
    clash = (last[-1] + right[0]).casefold()
    if clash in _CLASHES:
        return bool(_ENDINGS.match(right.casefold()))
    # A printer breaks where a word may be broken; elsewhere the hyphen is the writer's.
    joined = (last + right).casefold()
    return len(last) in _DUTCH.positions(joined) or len(right) > 2
