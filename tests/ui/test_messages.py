"""The check of the screen texts finds every kind of fault; the catalogue of `ui` has none."""

from pathlib import Path

import pytest

from omkering.ui import messages

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
A = _("Plain")
B = gettext_lazy("Two " "parts")
C = ngettext("%(n)s member", "%(n)s members", n)
D = pgettext("month", "May")
E = not_a_text("Ignored")
F = _now("At once")
G = f"<p>{_('Within a text')}</p>"
"""
HTML = """{% load i18n %}<p title="{% translate 'In an attribute' %}">{% translate 'Quote "here"' %}</p>
{% blocktranslate trimmed with name=x %}
  Hello {{ name }},
  welcome
{% endblocktranslate %}
{% blocktranslate count number=n %}{{ number }} vote{% plural %}{{ number }} votes{% endblocktranslate %}
{{ _("In a variable") }} {{ x|default:_("In a filter") }} {% include "x" with y=_("In a tag") %}
    {% translate "May" context "verb" %} (not a call
"""
HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one app, `room`, that has texts and no catalogue."""
    room = tmp_path / "room"
    (room / "templates" / "room").mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "views.py").write_text(PYTHON)
    (room / "templates" / "room" / "page.html").write_text(HTML)
    return tmp_path


def _catalogue(package: Path, app: str, text: str) -> Path:
    path = messages.catalogue_path(app, package)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + text)
    return path


def test_every_text_is_found(package: Path) -> None:
    found = set(messages.used_texts("room", package))
    assert found == {
        messages.Text("Plain"),
        messages.Text("Two parts"),
        messages.Text("%(n)s member", "%(n)s members"),
        messages.Text("May", context="month"),
        messages.Text("At once"),
        messages.Text("Within a text"),
        messages.Text("May", context="verb"),
        messages.Text("In an attribute"),
        messages.Text('Quote "here"'),
        messages.Text("Hello %(name)s, welcome"),
        messages.Text("%(number)s vote", "%(number)s votes"),
        messages.Text("In a variable"),
        messages.Text("In a filter"),
        messages.Text("In a tag"),
    }


def test_a_stub_lists_all_and_each_stays_a_fault_until_translated(package: Path) -> None:
    assert messages.stub("room", package) == 14
    assert messages.stub("room", package) == 0
    assert [p.kind for p in messages.check(package)] == ["empty"] * 14


def test_a_stub_keeps_what_stands_there(package: Path) -> None:
    path = _catalogue(package, "room", '\nmsgid "Plain"\nmsgstr "Gewoon"\n')
    assert messages.stub("room", package) == 13
    assert 'msgstr "Gewoon"' in path.read_text()
    assert {p.text for p in messages.check(package)} == {
        t.msgid for t in messages.used_texts("room", package)
    } - {"Plain"}


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ('\nmsgid "Gone"\nmsgstr "Weg"\n', "obsolete"),
        ('\n#, fuzzy\nmsgid "Plain"\nmsgstr "Gewoon"\n', "fuzzy"),
        ('\nmsgid "Plain"\nmsgstr ""\n', "empty"),
        ('\nmsgid "Plain"\nmsgstr "Gewoon %(n)s"\n', "placeholders differ"),
        (
            '\nmsgid "%(n)s member"\nmsgid_plural "%(n)s members"\nmsgstr[0] "een lid"\nmsgstr[1] ""\n',
            "empty",
        ),
    ],
)
def test_each_fault_is_reported(package: Path, entry: str, kind: str) -> None:
    _catalogue(package, "room", entry)
    assert kind in {p.kind for p in messages.check(package)}


def test_two_translations_of_one_text_are_reported(package: Path) -> None:
    other = package / "other"
    other.mkdir()
    (other / "__init__.py").write_text('_("Plain")')
    _catalogue(package, "room", '\nmsgid "Plain"\nmsgstr "Gewoon"\n')
    _catalogue(package, "other", '\nmsgid "Plain"\nmsgstr "Simpel"\n')
    assert "translated in two ways" in {p.kind for p in messages.check(package)}


def test_compiling_writes_only_what_is_newer(package: Path) -> None:
    path = _catalogue(package, "room", '\nmsgid "Plain"\nmsgstr "Gewoon"\n')
    assert messages.compile_all(package) == [path.with_suffix(".mo")]
    assert messages.compile_all(package) == []
    assert b"Gewoon" in path.with_suffix(".mo").read_bytes()


def test_the_texts_of_this_app_are_complete() -> None:
    assert [str(p) for p in messages.check() if p.app == "ui"] == []
