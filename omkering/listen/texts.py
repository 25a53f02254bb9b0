"""How long the texts of this room may be."""

from collections.abc import Mapping

from omkering.thread import texts

# Least and most characters of each text.
LENGTHS: texts.Lengths = {
    "title": (5, 150),
    "summary": (0, 1_000),
    "case": (20, 5_000),
    "touches": (0, 2_000),
    "helps": (0, 2_000),
    "own_case": (0, 3_000),
    "reason": (20, 3_000),
    "referred_to": (0, 200),
    "text": (20, 3_000),
    "reply": (20, 3_000),
    "personal_data_reason": (0, 1_000),
}


def checked(written: Mapping[str, str]) -> dict[str, str]:
    """The texts tidied; ValidationError by field for what is too short or too long."""
    return texts.checked(written, LENGTHS, one_line=("title", "referred_to"))
