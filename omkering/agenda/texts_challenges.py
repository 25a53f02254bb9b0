"""How long the texts about challenges, couplings and conflicts of aims may be; personal data is refused in all."""

from collections.abc import Mapping

from omkering.thread import texts
from omkering.thread.privacy import check_personal_data

# Least and most characters of each text.
LENGTHS: texts.Lengths = {
    "title": (3, 200),
    "summary": (10, 5_000),
    "reason": (10, 2_000),
    "source": (3, 300),
    "first_law": (3, 200),
    "first_aim": (10, 2_000),
    "second_law": (3, 200),
    "second_aim": (10, 2_000),
    "resolution": (10, 5_000),
}
ONE_LINE = ("title", "source", "first_law", "second_law")


def checked(written: Mapping[str, str]) -> dict[str, str]:
    """The texts tidied; ValidationError by field for a wrong length or for personal data."""
    tidied = texts.checked(written, LENGTHS, one_line=ONE_LINE)
    check_personal_data(tidied)
    return tidied
