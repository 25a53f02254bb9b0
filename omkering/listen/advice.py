"""How readable a text is, in words that help its writer. Advice never blocks."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omkering.engine.readability import flesch_douma

SHOWN = 3  # fragments with each piece of advice
LONGEST_FRAGMENT = 120

_LEVELS: dict[str, tuple[str, str | Promise]] = {
    "A1": ("positive", gettext_lazy("Very easy to read.")),
    "A2": ("positive", gettext_lazy("Easy to read.")),
    "B1": ("positive", gettext_lazy("Good to read: almost everybody understands this.")),
    "B2": ("warning", gettext_lazy("A bit hard to read. Shorter sentences and plain words help.")),
    "C1": ("warning", gettext_lazy("Hard to read. Many people will not understand this at once.")),
    "C2": ("warning", gettext_lazy("Very hard to read. Write it as you would tell it to a neighbour.")),
}
_TIPS = {
    "long_sentences": gettext_lazy("Long sentence. Make two of it:"),
    "long_words": gettext_lazy("Long word. Is there a shorter one?"),
    "passive": gettext_lazy("It is not clear who does this. Name who it is:"),
    "officialese": gettext_lazy("Official language. Write it as you would say it:"),
    "abbreviations": gettext_lazy("Abbreviation. Write it out the first time:"),
}


@dataclass(frozen=True)
class Tip:
    """One piece of advice, and the places it is about."""

    text: str
    fragments: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """The outcome for a writer: a sentence with a tone for a badge, the level ("" when too short), and tips."""

    sentence: str
    tone: str
    level: str
    tips: tuple[Tip, ...]


def reading_of(text: str) -> Reading | None:
    """Advice about a Dutch text; None when it has no words."""
    found = flesch_douma(text)
    if found.level is None:
        return None
    tips = tuple(
        Tip(
            str(_TIPS[advice.code]),
            tuple(dict.fromkeys(_shortened(part.text) for part in advice.fragments))[:SHOWN],
        )
        for advice in found.advice
    )
    if not found.reliable:
        return Reading(_("This text is still too short to tell how easy it reads."), "neutral", "", tips)
    tone, sentence = _LEVELS[found.level]
    return Reading(str(sentence), tone, found.level, tips)


def _shortened(fragment: str) -> str:
    plain = " ".join(fragment.split())
    return plain if len(plain) <= LONGEST_FRAGMENT else f"{plain[:LONGEST_FRAGMENT].rsplit(' ', 1)[0]} …"
