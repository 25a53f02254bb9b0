"""How long the texts of a dossier may be, and that it says in three sentences what it is."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omkering.engine.readability import flesch_douma
from omkering.thread import texts
from omkering.thread.privacy import check_personal_data

MOST_SENTENCES = 3
# Least and most characters of each text.
LENGTHS: texts.Lengths = {
    "title": (5, 200),
    "summary": (20, 1_000),
    "solution": (0, 20_000),
    "asks": (0, 5_000),
    "result": (0, 20_000),
    "note": (10, 3_000),
    "reason": (10, 3_000),
    "name": (2, 200),
    "part": (0, 200),
    "what": (0, 3_000),
}


def checked(written: Mapping[str, str]) -> dict[str, str]:
    """The texts tidied; ValidationError by field for a wrong length, personal data, or a summary that is too long."""
    tidied = texts.checked(written, LENGTHS, one_line=("title", "name", "part"))
    check_personal_data(tidied)
    if (summary := tidied.get("summary", "")) and (number := sentences(summary)) > MOST_SENTENCES:
        problem = _("Say it in at most three sentences: these are %(number)s.") % {"number": number}
        raise ValidationError({"summary": ValidationError(problem, code="sentences")})  # type: ignore[dict-item]
    return tidied


def sentences(text: str) -> int:
    """How many sentences a text has."""
    return flesch_douma(text).sentences


def first_sentences(text: str, most: int = MOST_SENTENCES) -> str:
    """The beginning of a text, of at most so many sentences; to start a summary from."""
    kept = ""
    for word in text.split():
        longer = f"{kept} {word}".strip()
        if sentences(longer) > most or len(longer) > LENGTHS["summary"][1]:
            return kept
        kept = longer
    return kept
