"""Personal data in free text: where it stands and of which kind.

A sender is shown each place before a text is stored. Missing one is a leak, but crying wolf teaches people to
click a warning away; so every kind is matched by its own form and checked where a check exists (eleven-test,
mod 97, the national numbering plan), and forms that also mean something else (a date, an amount, a postcode,
a code of Statistics Netherlands) count only next to a word that says what they are.

Sources: the eleven-test of the citizen service number (Logisch Ontwerp BSN); ISO 13616 for IBAN; the
numbering plan of the Netherlands (ITU-T E.164, national annex); sidecodes 1 to 14 of number plates (RDW).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["bsn", "email", "phone", "number_plate", "iban"]

_CONTEXT = 40  # characters before a hit in which a word may say what it is


@dataclass(frozen=True, slots=True)
class Finding:
    """One place with personal data: `text == source[start:end]`, offsets in characters."""

    kind: Kind
    start: int
    end: int
    text: str


def eleven_test(digits: str) -> bool:
    """Whether 8 or 9 digits form a valid citizen service number.

    The digits are weighed 9, 8, … 2, −1 (an 8-digit number gets a leading zero); the sum must be divisible by
    eleven. Numbers below 10,000,000 are never issued. Anything but 8 or 9 ASCII digits is False.
    """
    if not (digits.isascii() and digits.isdigit() and len(digits) in (8, 9)):
        return False
    number = digits.zfill(9)
    weighed = sum((9 - i) * int(digit) for i, digit in enumerate(number[:8])) - int(number[8])
    return weighed % 11 == 0 and int(number) >= 10_000_000


def find(text: str) -> list[Finding]:
    """All personal data in `text`, in order of place, without overlap. Linear in the length of the text."""
    taken = bytearray(len(text))
    findings: list[Finding] = []
    for finder in (_emails, _ibans, _phones, _number_plates, _citizen_numbers):
        for kind, start, end in finder(text):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                findings.append(Finding(kind, start, end, text[start:end]))
    return sorted(findings, key=lambda found: found.start)


_Hits = Iterator[tuple[Kind, int, int]]


def _before(text: str, start: int, words: re.Pattern[str]) -> bool:
    return words.search(text, max(0, start - _CONTEXT), start) is not None


# --- e-mail ---

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,64}"
    r"(?:@|[ ]?[(\[](?:at|apenstaartje)[)\]][ ]?)"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])",
    re.IGNORECASE,
)


def _emails(text: str) -> _Hits:
    for match in _EMAIL.finditer(text):
        yield "email", match.start(), match.end()


# --- IBAN ---

_IBAN_LENGTH = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24,
    "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21,
    "LT": 20, "LU": 20, "LV": 21, "MA": 28, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip
_IBAN_START = re.compile(rf"(?<![^\W_])(?:{'|'.join(_IBAN_LENGTH)})[ .]?\d\d(?=[ .-]?[^\W_])", re.IGNORECASE)
_IBAN_CHARACTERS = re.compile(r"[A-Z0-9](?:[ .\u00a0-]?[A-Z0-9]){14,33}", re.IGNORECASE)


def _ibans(text: str) -> _Hits:
    for match in _IBAN_START.finditer(text):
        run = _IBAN_CHARACTERS.match(text, match.start())
        if run is None:
            continue
        wanted, plain, end = _IBAN_LENGTH[match.group()[:2].upper()], "", match.start()
        while len(plain) < wanted and end < run.end():
            if text[end].isalnum():
                plain += text[end].upper()
            end += 1
        followed = end < len(text) and text[end].isalnum()
        if len(plain) == wanted and not followed and _mod97(plain):
            yield "iban", match.start(), end


def _mod97(iban: str) -> bool:
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


# --- telephone ---

# Area codes of three and four digits; service numbers (0800, 090x, 14 xxx, 112) belong to no person.
_AREA3 = r"0(?:1[035]|2[0346]|3[03568]|4[03-6]|5[0358]|7\d|8[24578])"
_AREA4 = (
    r"0(?:11[13-8]|16[1-8]|17[24]|18[0-7]|22[2-9]|25[125]|29[479]|31[3-8]|32[01]|34[1-8]|41[1-8]|47[58]"
    r"|48[15-8]|49[234579]|51[1-9]|52[1-57-9]|54[13-8]|56[126]|57[0-8]|59[1-9])"
)
_SEP = r"[ \u00a0.\-/]"
_PHONE = re.compile(
    r"(?<![\w+€])(?<!\d[.,/-])"
    r"(?:(?P<country>\(?(?:\+|00)31\)?[ \u00a0.-]?(?:\(0\)|0)?[ \u00a0.-]?)|(?P<open>\()?0)"
    rf"(?P<rest>[1-9](?:\)?[ \u00a0]?{_SEP}?[ \u00a0]?\d){{8}})(?!\d)(?![.,:/-]\d)"
)
_NATIONAL = re.compile(
    rf"(?:06|{_AREA3}|{_AREA4})\)?(?:\d+|(?:[ \u00a0]?{_SEP}[ \u00a0]?)\d+|"
    rf"(?:[ \u00a0]?{_SEP}[ \u00a0]?)\d{{1,5}}(?P<sep>{_SEP})\d{{1,5}}(?:(?P=sep)\d{{1,3}}){{0,6}})"
)
_DATE_LIKE = re.compile(rf"\d\d?{_SEP}\d\d?{_SEP}(?:19|20)\d\d(?!\d)")


def _phones(text: str) -> _Hits:
    for match in _PHONE.finditer(text):
        national = "0" + match["rest"]
        if _DATE_LIKE.match(national) or not _NATIONAL.fullmatch(national):
            plain = "".join(filter(str.isdigit, national))
            # After +31 the number may be grouped in any way: the country code already says what it is.
            if match["country"] is None or not re.match(rf"06|{_AREA3}|{_AREA4}", plain):
                continue
        yield "phone", match.start(), match.end()


# --- number plates ---

_OLD_SIDECODES = ("XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX")
_NEW_SIDECODES = (
    "99-XXX-9", "9-XXX-99", "XX-999-X", "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
)  # fmt: skip
# Written solid these two are an area code of Statistics Netherlands (GM0363) and a postcode (1234AB).
_AMBIGUOUS_SOLID = ("XX9999", "9999XX")
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"
_PLATE_LETTERS = "BDFGHJKLNPRSTVXZ"  # letters issued since sidecode 4 for cars
_VEHICLE = re.compile(
    r"kenteken|nummerplaat|nummerbord|\b(?:auto|wagen|bestelbus|busje|voertuig|scooter|motor|vrachtwagen"
    r"|aanhanger)\b",
    re.IGNORECASE,
)


def _plate_pattern(sidecodes: tuple[str, ...], letters: str, separator: str) -> str:
    return "|".join(
        "".join(rf"[{letters}]" if sign == "X" else r"\d" if sign == "9" else separator for sign in code)
        for code in sidecodes
    )


def _plate_regex(body: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/€-])(?<!\d[.,:])(?:{body})(?![\w/-])(?![.,:]\d)", flags)


_ALL_SIDECODES = _OLD_SIDECODES + _NEW_SIDECODES
_PLATE_CERTAIN = _plate_regex(
    "|".join(
        (
            _plate_pattern(_OLD_SIDECODES, "A-Z", "-"),
            _plate_pattern(_NEW_SIDECODES, _CONSONANTS, "-"),
            _plate_pattern(
                tuple(c for c in _ALL_SIDECODES if c.replace("-", "") not in _AMBIGUOUS_SOLID),
                _PLATE_LETTERS,
                "",
            ),
        )
    )
)
_PLATE_LOWER = _plate_regex(_plate_pattern(_ALL_SIDECODES, _CONSONANTS.lower(), "-"))
_PLATE_NAMED = _plate_regex(_plate_pattern(_ALL_SIDECODES, "A-Z", r"[ \u00a0.-]?"), re.IGNORECASE)


def _number_plates(text: str) -> _Hits:
    for pattern in (_PLATE_CERTAIN, _PLATE_LOWER):
        for match in pattern.finditer(text):
            if "mrt" not in match.group().lower():  # 12-mrt-5 is a date
                yield "number_plate", match.start(), match.end()
    for match in _PLATE_NAMED.finditer(text):
        letters = "".join(filter(str.isalpha, match.group()))
        # "12 en 13" in a sentence about a car is no plate: letters between blanks must be capitals.
        if (letters.isupper() or " " not in match.group()) and _before(text, match.start(), _VEHICLE):
            yield "number_plate", match.start(), match.end()


# --- citizen service numbers ---

_BSN = tuple(
    re.compile(
        rf"(?<![\w€+])(?<![\d][.,/:-])(?<!€ )(?=(\d(?:[ \u00a0.-]?\d){{{length - 1}}})(?!\w)(?![.,:/-]\d))"
    )
    for length in (9, 8)
)
_BSN_WORD = re.compile(r"\bbsn|burgerservicen|sofi|persoonsn", re.IGNORECASE)
_OTHER_NUMBER = re.compile(
    r"\b(?:kvk|k\.v\.k\.|kamer van koophandel|rsin|btw|zaak(?:nummer)?|dossier(?:nummer)?|factuur(?:nummer)?"
    r"|artikel(?:nummer)?|vestigingsnummer|handelsregister)[ a-z.:-]{0,12}$",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(
    r"[ \u00a0]?(?:€|euro|eur\b|miljoen|mln|miljard|inwoners|kwh|m2|m3|m²|m³)", re.IGNORECASE
)
_AMOUNT_BEFORE = re.compile(r"(?:€|euro|eur)[ \u00a0]?$", re.IGNORECASE)
# How people write the number; (2, 3, 3) is left out because 12.345.678 is an amount.
_GROUPS = {(9,), (8,), (3, 3, 3), (4, 2, 3), (3, 2, 3), (2, 3, 4), (3, 2, 4), (2, 2, 2, 3), (2, 2, 2, 2, 1)}


def _citizen_numbers(text: str) -> _Hits:
    for pattern in _BSN:
        for match in pattern.finditer(text):
            start, end = match.span(1)
            written = match[1]
            digits = "".join(filter(str.isdigit, written))
            if eleven_test(digits) and (
                _before(text, start, _BSN_WORD)
                or (_looks_written_as_number(written) and not _means_something_else(text, start, end, digits))
            ):
                yield "bsn", start, end


def _looks_written_as_number(written: str) -> bool:
    groups = tuple(len(part) for part in re.split(r"[ \u00a0.-]", written))
    separators = {sign for sign in written if not sign.isdigit()}
    return len(separators) <= 1 and (groups in _GROUPS or set(groups) == {1})


def _means_something_else(text: str, start: int, end: int, digits: str) -> bool:
    solid = end - start == len(digits)
    return bool(
        (len(digits) == 8 and _is_date(digits))
        # Groups of digits that are part of a longer row of groups are another number.
        or (
            not solid
            and (
                re.search(r"\d[ .-]$", text[max(0, start - 2) : start])
                or re.match(r"[ .-]\d", text[end : end + 2])
            )
        )
        or _before(text, start, _OTHER_NUMBER)
        or _before(text, start, _AMOUNT_BEFORE)
        or _AMOUNT_AFTER.match(text, end)
    )


def _is_date(digits: str) -> bool:
    for year, month, day in ((digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[2:4], digits[:2])):
        try:
            if 1850 <= date(int(year), int(month), int(day)).year <= 2150:
                return True
        except ValueError:
            continue
    return False
