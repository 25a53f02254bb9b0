"""Matching, comparing, carrying over and correcting texts: what always holds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.deliberate import structure
from omkering.deliberate.carrying import carry_over
from omkering.deliberate.comparing import How, Words, compare
from omkering.deliberate.matching import match_parts
from omkering.engine.merge import Kind

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
_WORDS = st.lists(
    st.sampled_from(["een", "twee", "drie", "vier", "vijf", "zes", "zeven"]), min_size=1, max_size=6
)
_TEXT = _WORDS.map(" ".join)
_TEXTS = st.lists(st.tuples(st.sampled_from(["paragraph", "item"]), _TEXT), max_size=8)


def _part(text: str, address: int | None = None, kind: str = "paragraph") -> dict:
    part = {"kind": kind, "level": 0, "label": "", "text": text}
    return part if address is None else {**part, "address": address}


# --- matching --------------------------------------------------------------------------------------------------
@CALM
@given(_TEXTS, _TEXTS)
def test_every_old_part_is_given_at_most_once(old, new):
    found = match_parts(old, new)
    given_places = [place for place in found if place is not None]
    assert len(found) == len(new)
    assert len(given_places) == len(set(given_places))
    assert all(0 <= place < len(old) for place in given_places)


@CALM
@given(_TEXTS)
def test_a_text_matches_itself(text):
    assert [text[place] for place in match_parts(text, text)] == text
    assert None not in match_parts(text, text)


def test_parts_are_known_again_when_they_move_change_or_are_new():
    old = [
        ("paragraph", text) for text in ("eerst komt de inleiding", "dan komt het plan", "tot slot de kosten")
    ]
    new = [
        ("paragraph", "vooraf iets heel anders"),
        ("paragraph", "tot slot de kosten"),
        ("paragraph", "eerst komt de inleiding"),
        ("paragraph", "dan komt het nieuwe plan"),
    ]
    assert match_parts(old, new) == [None, 2, 0, 1]


# --- comparing -------------------------------------------------------------------------------------------------
_VERSION = st.lists(st.tuples(st.integers(1, 9), _TEXT), max_size=9, unique_by=lambda one: one[0]).map(
    lambda rows: [Words(address, "paragraph", "", text) for address, text in rows]
)


@CALM
@given(_VERSION, _VERSION)
def test_both_versions_can_be_read_from_the_comparison(old, new):
    rows = compare(old, new)
    after = [(row.address, "".join(s.text for s in row.spans if s.kind != Kind.DELETED)) for row in rows]
    before = {row.address: "".join(s.text for s in row.spans if s.kind != Kind.INSERTED) for row in rows}
    gone = {row.address for row in rows if row.how == How.DROPPED}
    assert [one for one in after if one[0] not in gone] == [(part.address, part.text) for part in new]
    there = {part.address: part.text for part in old}
    assert {address: text for address, text in before.items() if address in there} == there


@CALM
@given(_VERSION)
def test_a_version_compared_with_itself_is_the_same(version):
    assert all(row.how == How.SAME and not row.moved for row in compare(version, version))


def test_what_moved_is_told_and_the_rest_stays_in_its_place():
    one, two, three = (Words(i, "paragraph", "", f"tekst {i}") for i in (1, 2, 3))
    rows = compare([one, two, three], [three, one, two])
    assert [(row.address, row.how) for row in rows] == [(3, How.MOVED), (1, How.SAME), (2, How.SAME)]


# --- carrying over ---------------------------------------------------------------------------------------------
_BASE = st.lists(_TEXT, min_size=1, max_size=5)


@CALM
@given(_BASE, st.data())
def test_nothing_of_either_is_lost_without_being_named(base, data):
    texts = dict(enumerate(base, 1))
    mine = [_part(data.draw(_TEXT), address) for address in texts if data.draw(st.booleans())]
    now = [(address, data.draw(_TEXT)) for address in texts if data.draw(st.booleans())]
    carried = carry_over(
        mine,
        {address: ("paragraph", 0, "", text) for address, text in texts.items()},
        [(address, ("paragraph", 0, "", text)) for address, text in now],
    )
    result = {part["address"]: part["text"] for part in carried.parts}
    newest = dict(now)
    for part in mine:
        address, text = part["address"], part["text"]
        if text != texts[address]:  # what I changed is there as I wrote it, or merged with theirs
            assert address in result
            if address in carried.collisions or newest.get(address, texts[address]) == texts[address]:
                assert result[address] == text
        elif address in newest:
            assert result[address] == newest[address]
    for address, text in now:
        if text != texts[address] and address not in {part["address"] for part in mine}:
            assert address in carried.collisions


def test_words_that_do_not_touch_are_merged_and_those_that_do_are_named():
    base = {1: ("paragraph", 0, "", "een twee drie vier"), 2: ("paragraph", 0, "", "vijf zes")}
    now = [
        (1, ("paragraph", 0, "", "een twee drie acht")),
        (3, ("paragraph", 0, "", "nieuw")),
        (2, ("paragraph", 0, "", "vijf negen")),
    ]
    carried = carry_over([_part("nul twee drie vier", 1), _part("vijf tien", 2), _part("los")], base, now)
    assert [part["text"] for part in carried.parts] == ["nul twee drie acht", "nieuw", "vijf tien", "los"]
    assert carried.collisions == (2,)


# --- correcting ------------------------------------------------------------------------------------------------
def test_corrections_leave_the_rest_as_it_is():
    parts = [_part("een", 1), _part("twee", 2), _part("drie", 3)]
    kept = [dict(part) for part in parts]
    joined = structure.joined_up(parts, {1, 2})
    assert joined == [_part("een twee drie", 1)]
    assert structure.without(parts, {1}) == [parts[0], parts[2]]
    assert structure.with_kind(parts, {0}, "heading-2")[0] == {**parts[0], "kind": "heading", "level": 2}
    split = structure.rewritten(parts, 1, "item-1", "a)", "eerst\n \ndan")
    assert [(part["kind"], part["label"], part["text"], part.get("address")) for part in split[1:3]] == [
        ("item", "a)", "eerst", 2),
        ("item", "", "dan", None),
    ]
    assert structure.with_new(parts, -1, "box", "", "vooraf")[0]["text"] == "vooraf"
    assert parts == kept
    with pytest.raises(ValueError, match="song"):
        structure.with_kind(parts, {0}, "song")


def test_what_a_part_is_can_be_chosen_again():
    for choice in structure.CHOICES:
        [part] = structure.with_kind([_part("tekst")], {0}, choice)
        assert structure.choice_of(part) == choice
