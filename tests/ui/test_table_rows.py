"""The rows of long tables, put together without a template."""

import pytest
from django.utils.formats import number_format
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from omkering.ui.table_rows import table_rows
from omkering.ui.templatetags.ui import number


def test_the_name_heads_the_row_as_a_link_where_there_is_an_address():
    lines = [("/leden/GM0001/", "Aa", ("13.263", "klein")), ("", "Bee", (0, ""))]
    assert table_rows(lines, ["number", "text"]) == (
        '<tr><th scope="row"><a class="nl-link" href="/leden/GM0001/">Aa</a></th>'
        '<td class="app-numeric">13.263</td><td>klein</td></tr>'
        '<tr><th scope="row">Bee</th><td class="app-numeric">0</td><td></td></tr>'
    )


@given(st.text(), st.text(min_size=1), st.text())
def test_nothing_given_becomes_markup(name, url, cell):
    html = table_rows([(url, f"<b>{name}", (f'"{cell}<i>',))], ["text"])
    assert "<b>" not in html and "<i>" not in html
    assert html.count('"') == 6  # those of scope, class and href


def test_a_cell_too_many_is_a_fault():
    with pytest.raises(ValueError, match="zip"):
        table_rows([("", "a", ("1", "2"))], ["number"])


@given(st.integers())
def test_a_whole_number_is_written_as_the_language_does(value):
    for language in ("nl", "en"):
        with override(language):
            assert number(value) == number_format(value, 0, use_l10n=True, force_grouping=True)
