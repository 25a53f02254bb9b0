"""The entries of long lists as HTML: all that can be told of each, and what people wrote made harmless."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.utils import translation

from omkering.deliberate.list_rows import amendment_rows, contribution_rows, document_rows
from omkering.deliberate.queries.amendments import Line
from omkering.deliberate.queries.contributions import Put, Shown, source_of

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_an_amendment_tells_who_stands_behind_it_and_what_it_cannot_stand_with():
    row = SimpleNamespace(
        pk=7,
        number=3,
        title="<Shorter>",
        state="submitted",
        deed="drop",
        late=True,
        owner_member="A & B",
        network=None,
    )
    advice = SimpleNamespace(kind="adopt")
    made = amendment_rows([Line(row, "1.2", 2, (4, 5), True, (advice,))])
    assert ">&lt;Shorter&gt;</a>" in made and "A &amp; B and 2 co-signers · " in made
    assert made.count("<li>") == 6 and "Advice: " in made and "Handed in late" in made
    assert ": 1.2 · cannot stand with 4, 5</p>" in made


def test_a_contribution_keeps_its_lines_and_names_its_place():
    put = Put(9, "reaction", "<b>", "one\r\n<two>", True, AT, 1, "Ann", None, 12, None, None)
    made = contribution_rows([Shown(put, "Somebody & co", ("Personal reaction", "neutral"), 12, "Adopted")])
    assert "<p>one<br>&lt;two&gt;</p>" in made and "Somebody &amp; co · §12 · " in made
    assert made.count("<li>") == 4 and "Late" in made and "Adopted" in made and ": &lt;b&gt;</span>" in made


def test_a_contribution_without_a_place_tells_none():
    put = Put(9, "view_point", "T", "text", False, AT, None, None, None, None, "Member", None)
    made = contribution_rows([Shown(put, "Member", ("Formal view", "info"), None)])
    assert "§" not in made and made.count("<li>") == 2


def test_who_reacts_for_themselves_is_named_to_the_bureau_alone(monkeypatch):
    put = Put(9, "reaction", "T", "text", False, AT, 1, "Ann", "Member", None, None, None)
    for bureau, told in ((True, "Ann, who works"), (False, "Somebody who works")):
        standing = SimpleNamespace(is_bureau=bureau)
        monkeypatch.setattr("omkering.deliberate.queries.contributions.standing_of", lambda _p, s=standing: s)
        assert source_of(put, SimpleNamespace(pk=2)).startswith(told)
    assert source_of(put, SimpleNamespace(pk=1)) == "You, for yourself"


def test_a_document_tells_its_version_and_body_where_it_has_them():
    full = SimpleNamespace(
        pk=3,
        title="T&T",
        summary="S" * 400,
        theme="Water",
        example=True,
        version_number=2,
        changed_at=AT,
        owner_body="Board",
    )
    bare = SimpleNamespace(
        pk=4,
        title="U",
        summary="",
        theme=None,
        example=False,
        version_number=None,
        changed_at=AT,
        owner_body=None,
    )
    made = document_rows([(full, ("Adopted", "positive")), (bare, ("Draft", "neutral"))])
    first, second = made.split("</p></li><li>")
    assert "T&amp;T" in first and "version 2 · <time" in first and " · Board" in first and "…</p>" in first
    assert first.count("<li>") == 4 and second.count("<li>") == 1 and "<p>S" not in second
