"""Downloads: formulas are guarded, numbers stay numbers, names are safe."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from omkering.ui.export import csv_lines, disposition, safe_cell, table_response, write_ods

HEADER = ["Gemeente", "Steun", "Toelichting"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+CMD|'/C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-", "=", "--1"]
)
def test_what_would_run_as_a_formula_is_guarded(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-3", "+4", "-3,5", "-3.25", "gewoon", "a=b", "’s-Gravenhage", ""])
def test_plain_text_and_plain_numbers_stay(text: str) -> None:
    assert safe_cell(text) == text


def test_numbers_stay_numbers() -> None:
    assert safe_cell(-5) == -5
    assert safe_cell(Decimal("-1.5")) == Decimal("-1.5")
    assert safe_cell(None) is None
    assert safe_cell(True) is True


def test_csv_is_streamed_row_by_row() -> None:
    drawn = []

    def rows():
        for number in range(3):
            drawn.append(number)
            yield ["=evil", number, 'zei "ja", en ging']

    lines = csv_lines(HEADER, rows())
    assert next(lines) == "\ufeff"
    assert next(lines) == "Gemeente,Steun,Toelichting\r\n"
    assert drawn == []
    assert next(lines) == '\'=evil,0,"zei ""ja"", en ging"\r\n'
    assert drawn == [0]


def test_ods_reads_back_as_written() -> None:
    file = io.BytesIO()
    rows = [
        ["Súdwest-Fryslân", 1482, "=1+1"],
        ["’s-Hertogenbosch", -3.5, "a\x00b"],
        ["leeg", None, date(2026, 12, 12)],
    ]
    write_ods(file, HEADER, rows)
    file.seek(0)
    read = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    assert read[0] == HEADER
    assert read[1] == ["Súdwest-Fryslân", 1482, "'=1+1"]
    assert read[2] == ["’s-Hertogenbosch", -3.5, "ab"]
    assert read[3][0] == "leeg"
    assert read[3][2] == date(2026, 12, 12)


def test_moments_are_written_in_local_time() -> None:
    assert safe_cell(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == datetime(2026, 7, 1, 14, 0)


def test_file_names_cannot_break_the_header() -> None:
    header = disposition('signalen "2026"\r\nX-Evil: 1 – é.csv')
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
    assert header.startswith('attachment; filename="signalen-2026-X-Evil-1-.csv"')


@pytest.mark.parametrize("kind", ["csv", "ods"])
def test_both_forms_answer_with_a_file(kind: str) -> None:
    response = table_response(kind, "signalen", HEADER, [["Goes", 1, "x"]])
    content = b"".join(response.streaming_content)
    for close in response._resource_closers:  # the end of a request would look after the database too
        close()
    assert f'filename="signalen.{kind}"' in response["Content-Disposition"]
    assert b"Goes" in content if kind == "csv" else content[:2] == b"PK"


def test_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="csv or ods"):
        table_response("xls", "signalen", HEADER, [])
