"""Personal data is found in the forms people write it, and ordinary numbers are left alone."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omkering.engine.personal_data import eleven_test, find


def kinds(text):
    return [(found.kind, found.text) for found in find(text)]


def slow_eleven_test(digits):
    """The rule as it is told: 9×first + 8×second + … + 2×eighth − 1×ninth is a multiple of eleven."""
    if len(digits) == 8:
        digits = "0" + digits
    total = 0
    for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True):
        total += weight * int(digit)
    return total % 11 == 0 and int(digits) >= 10_000_000


@st.composite
def citizen_numbers(draw):
    """A made number that passes the test: eight free digits, the ninth follows (if it is a digit at all)."""
    first = draw(st.integers(1_000_000, 99_999_999).map(lambda n: f"{n:08d}"))
    check = sum((9 - i) * int(digit) for i, digit in enumerate(first)) % 11
    if check == 10:  # no ninth digit exists; shift one step until there is one
        first = f"{int(first) - 1:08d}" if int(first) > 1_000_001 else "01000002"
        check = sum((9 - i) * int(digit) for i, digit in enumerate(first)) % 11
    return first + str(check % 11) if check < 10 else "111222333"


@given(st.text("0123456789", min_size=8, max_size=9))
def test_eleven_test_equals_the_rule(digits):
    assert eleven_test(digits) == slow_eleven_test(digits)


@given(citizen_numbers(), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number, place, step):
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert eleven_test(number)
    assert not eleven_test(wrong)


@given(citizen_numbers(), st.integers(0, 7))
def test_two_swapped_neighbours_are_always_noticed(number, place):
    a, b = number[place], number[place + 1]
    swapped = number[:place] + b + a + number[place + 2 :]
    assert eleven_test(swapped) == (a == b)


@given(citizen_numbers(), st.sampled_from(["solid", "4-2-3", "3.3.3", "3 3 3", "single"]))
def test_a_citizen_number_is_found_as_people_write_it(number, form):
    written = {
        "solid": number,
        "4-2-3": f"{number[:4]}.{number[4:6]}.{number[6:]}",
        "3.3.3": f"{number[:3]}.{number[3:6]}.{number[6:]}",
        "3 3 3": f"{number[:3]} {number[3:6]} {number[6:]}",
        "single": " ".join(number),
    }[form]
    text = f"Mijn cliënt {written} krijgt geen antwoord."
    assert kinds(text) == [("bsn", written)]
    (found,) = find(text)
    assert text[found.start : found.end] == found.text


@given(st.integers(100_000_000, 999_999_999).map(str).filter(lambda n: not slow_eleven_test(n)))
def test_nine_digits_that_fail_are_no_hit(number):
    assert kinds(f"zie nummer {number} van de lijst") == []


@given(st.text(max_size=300))
def test_any_text_gives_ordered_findings_that_do_not_overlap(text):
    findings = find(text)
    assert all(text[f.start : f.end] == f.text for f in findings)
    assert all(a.end <= b.start for a, b in pairwise(findings))


@pytest.mark.parametrize(
    ("text", "kind", "hit"),
    [
        ("bsn 111222333.", "bsn", "111222333"),
        ("BSN: 11122233-3 van mijn cliënt", "bsn", "11122233-3"),
        ("burgerservicenummer 10.000.008?", "bsn", "10.000.008"),
        ("nummer 10000008 belt elke dag", "bsn", "10000008"),
        ("in 2024 111222333 gemeld", "bsn", "111222333"),
        ("3 keer 111 222 333", "bsn", "111 222 333"),
        ("mail j.devries+werk@gemeente-voorbeeld.nl.", "email", "j.devries+werk@gemeente-voorbeeld.nl"),
        ("mail 'a@b.nl' even", "email", "a@b.nl"),
        ("jan (at) voorbeeld.nl", "email", "jan (at) voorbeeld.nl"),
        ("bel 06-12345678", "phone", "06-12345678"),
        ("bel 0612345678 na zes uur", "phone", "0612345678"),
        ("bel 06 12 34 56 78", "phone", "06 12 34 56 78"),
        ("bel 06 - 1234 5678", "phone", "06 - 1234 5678"),
        ("bel +31 6 12345678", "phone", "+31 6 12345678"),
        ("bel +31 (0)6-12 34 56 78", "phone", "+31 (0)6-12 34 56 78"),
        ("bel 0031612345678", "phone", "0031612345678"),
        ("bel 070 373 83 93", "phone", "070 373 83 93"),
        ("bel (0172) 456789", "phone", "(0172) 456789"),
        ("bel 0172-456 789", "phone", "0172-456 789"),
        ("bel +31 20 123 45 67", "phone", "+31 20 123 45 67"),
        ("rekening NL91 ABNA 0417 1643 00 van haar", "iban", "NL91 ABNA 0417 1643 00"),
        ("rekening nl91abna0417164300", "iban", "nl91abna0417164300"),
        ("rekening BE68 5390 0754 7034", "iban", "BE68 5390 0754 7034"),
        *(
            (f"het voertuig met {plate} staat er al weken", "number_plate", plate)
            for plate in (
                "DE-33-44", "33-44-DE", "33-DE-44", "DB-33-FG", "DB-FG-33", "33-DB-FG", "33-DBF-4",
                "3-DBF-44",
                "DB-334-F", "D-334-BF", "DBF-33-G", "D-33-BFG", "3-DB-334", "334-DB-3", "12BDF3", "DB334F",
                "gb-12-tk", "AB 12 34", "AE1234",
            )
        ),
    ],
)  # fmt: skip
def test_found(text, kind, hit):
    assert kinds(text) == [(kind, hit)]


@pytest.mark.parametrize(
    "text",
    [
        "postcode 1234 AB en 2514EA",
        "GM0363 en GM1699 doen mee",
        "op 01-02-2024 10:00 uur, of 06-12-2024 10.30 uur, of 20240115",
        "op 2024-11-30 en 12-mrt-25 en 1-mei-24",
        "van 2019 2020 2021 2022 tot 2030",
        "€ 123456782 en 111.222.333 euro en 111222333 inwoners, €10.000.008,50",
        "artikel 6:162 BW, art. 2.3.5 Wmo 2015, artikel 108 lid 2 Gemeentewet, 4:17 Awb",
        "ECLI:NL:RVS:2023:1234, Stb. 2023, 418, Kamerstukken 36 410 nr. 12",
        "KvK 10000008, zaaknummer 111222333",
        "tussen 12 en 13 uur, 24-en-25 april, groep 3-4-5, 20-tot-30-jarigen",
        "bel 14 070, 0800-1234, 0900-8844, 112 of 116 123",
        "1.234.567,89 en 12.345.678 woningen; 50% van 340 gemeenten",
        "COVID-19, NIS2, BIO2, N2000, A12, N279, CO2, PM2,5, ISO 27001, NEN 7510, Windows 11",
        "een auto van 12 of 13 jaar oud, wagen 3",
        "Wmo@thuis is een project; twitter @gemeente; 5 @ 10 euro",
        "op 06-12-24 10.30 uur",
        "zaak 2024-AB-12-34-X",
        "0,123456782 en 10.1000/123456",
    ],
)
def test_left_alone(text):
    assert kinds(text) == []


def test_several_in_one_text_in_order():
    text = "Mail a.b@c.nl of bel 06-12345678; kenteken 12-DBF-4, bsn 111222333, NL91ABNA0417164300."
    assert [f.kind for f in find(text)] == ["email", "phone", "number_plate", "bsn", "iban"]


@pytest.mark.parametrize("piece", ["1 ", "a.", "06-", "a@b.", "NL91 ", "1", "A1-", "-", "( at )", "€ 1"])
def test_a_hostile_text_does_not_hang(piece):
    """A quadratic search would take minutes here; the limit is wide so that a busy machine passes too."""
    start = time.process_time()
    find(piece * 50_000)
    assert time.process_time() - start < 20


def test_findings_name_characters_not_bytes():
    text = "Ünïcödé 🙂 mail: é@voorbeeld.nl"
    (found,) = find(text)
    assert text[found.start :] == found.text
    assert re.fullmatch(r"é@voorbeeld\.nl", found.text)
