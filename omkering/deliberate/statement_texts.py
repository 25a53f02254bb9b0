"""What a statement may be: one plain sentence in words, on which others can agree or disagree. Pure functions."""

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import Lengths, checked

LONGEST = 280
SHORTEST = 15
LENGTHS: Lengths = {"text": (SHORTEST, LONGEST)}
REASON_LENGTHS: Lengths = {"reason": (10, 1_000)}
LEAST_WORDS = 3
TITLE = 200

_CODE = re.compile(
    r"<\s*[a-z/!?]|&(#\d+|#x[0-9a-f]+|[a-z]+);|javascript\s*:|data\s*:\s*text|\bon\w+\s*=", re.IGNORECASE
)
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]*://|\bwww\.|\]\s*\(|\bmailto:"
    r"|\b[a-z0-9][a-z0-9-]*\.(?:nl|com|org|net|eu|be|de|info|gov|io|app|amsterdam|frl)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Line:
    """A statement as pages name it, without the rest of its row."""

    pk: int
    number: int
    text: str


def problem(text: str) -> str:
    """One sentence about a text that cannot be a statement; "" when it can. Its length is not looked at."""
    if _CODE.search(text):
        return _("Write plain text only: this holds code.")
    if _LINK.search(text):
        return _("Leave the link out: a statement must say by itself what you think.")
    letters = sum(unicodedata.category(sign).startswith("L") for sign in text)
    signs = sum(not sign.isspace() for sign in text)
    if len(_WORD.findall(text)) < LEAST_WORDS or letters * 2 < signs:
        return _("Write a sentence in words, so that others can agree or disagree with it.")
    return ""


def checked_text(text: str) -> str:
    """The text tidied, on one line; ValidationError at `text` for what cannot be a statement."""
    tidied = checked({"text": text}, LENGTHS, one_line=("text",))["text"]
    if found := problem(tidied):
        raise ValidationError({"text": found})
    check_personal_data({"text": tidied})
    return tidied


def checked_reason(reason: str) -> str:
    """Why a statement is not shown, tidied; ValidationError at `reason`."""
    tidied = checked({"reason": reason}, REASON_LENGTHS)["reason"]
    check_personal_data({"reason": tidied})
    return tidied


def title_of(text: str) -> str:
    """The statement as a title: its beginning where it is long."""
    return Truncator(text).chars(TITLE)


def same(first: str, second: str) -> bool:
    """Whether two statements have the same words, whatever their capitals and punctuation."""
    return _plain(first) == _plain(second)


def _plain(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
