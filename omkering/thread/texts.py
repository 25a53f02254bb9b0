"""What people write: tidied, and of a bearable length. Lengths count characters."""

import unicodedata
from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

Lengths = Mapping[str, tuple[int, int]]  # least and most characters of each text
SUMMARY = 300
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(text: str, *, one_line: bool = False) -> str:
    """The text with plain line ends, without control characters and outer blanks.

    On one line also without line ends and without marks that turn the direction of what follows.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    if one_line:
        text = " ".join("".join(sign for sign in text if sign not in _DIRECTION_MARKS).split())
    return text.strip()


def length_problem(text: str, least: int, most: int) -> str:
    """One sentence about a text that is too short or too long; "" when it is neither."""
    if len(text) > most:
        return _("This text has %(length)s characters. At most %(most)s fit: that is %(over)s too many.") % {
            "length": number_format(len(text), force_grouping=True),
            "most": number_format(most, force_grouping=True),
            "over": number_format(len(text) - most, force_grouping=True),
        }
    if least and not text:
        return _("Fill this in.")
    if len(text) < least:
        return _("Write at least %(least)s characters, so that others understand it.") % {"least": least}
    return ""


def checked(
    texts: Mapping[str, str], lengths: Lengths, *, one_line: Collection[str] = ("title",)
) -> dict[str, str]:
    """The texts tidied; ValidationError by field for what is too short or too long."""
    tidied = {field: tidy(text, one_line=field in one_line) for field, text in texts.items()}
    problems = {
        field: ValidationError(problem, code="length")
        for field, text in tidied.items()
        if (problem := length_problem(text, *lengths[field]))
    }
    if problems:
        raise ValidationError(problems)  # type: ignore[arg-type]
    return tidied


def summary_of(text: str) -> str:
    """The beginning of a text, for lists."""
    return Truncator(" ".join(text.split())).chars(SUMMARY)
