"""How long the texts of consultations, reactions, views and reports may be."""

from collections.abc import Mapping

from django.utils.text import Truncator

from omkering.thread import texts
from omkering.thread.privacy import check_personal_data

# Least and most characters of each text.
LENGTHS: texts.Lengths = {
    "title": (5, 200),
    "summary": (20, 2_000),
    "question": (0, 2_000),
    "round_title": (3, 200),
    "reason": (10, 2_000),
    "text": (5, 10_000),
    "place": (0, 200),
    "question_text": (10, 500),
    "report": (0, 50_000),
    "advice": (0, 10_000),
    "view": (0, 20_000),
}
TITLE = 200


def checked(written: Mapping[str, str], **known_as: str) -> dict[str, str]:
    """The texts tidied; ValidationError by field for a wrong length or personal data.

    `known_as` gives the entry of `LENGTHS` for a field that has another name there.
    """
    lengths = {field: LENGTHS[known_as.get(field, field)] for field in written}
    tidied = texts.checked(written, lengths, one_line=("title", "place"))
    check_personal_data(tidied)
    return tidied


def title_of(text: str) -> str:
    """The beginning of a text, as its title."""
    return Truncator(" ".join(text.split())).chars(TITLE)
