"""Merging amendments: order plays no part, nothing is undone, and every collision is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.engine.merge import Edit, Kind, apply, diff, merge, merge_edits
from omkering.engine.merge.oracle import collide, slow_merge
from tests.engine_merge.test_words import texts

BASE = "De gemeente betaalt de zorg.\n\nHet Rijk vergoedt de kosten.\n\nDit geldt vanaf 2030.\n"

amended = st.dictionaries(st.sampled_from("ABCDE"), texts, max_size=5)


def edits_of(length):
    """Edits of one amendment: in order, not touching."""

    def build(cuts):
        edits, at = [], 0
        for start, size, text in cuts:
            start = at + start
            end = start + size
            if end > length or (not size and not text):
                break
            edits.append(Edit(start, end, text))
            at = end + 1
        return edits

    piece = st.tuples(st.integers(0, 6), st.integers(0, 4), st.sampled_from(["", "X", "Y"]))
    return st.lists(piece, max_size=4).map(build)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from("ABCD"), edits_of(16)))
def test_equals_the_slow_version(amendments):
    base = "abcdefghijklmnop"
    merged = merge_edits(base, amendments)
    text, collisions = slow_merge(base, amendments)
    assert merged.text == text
    assert {(c.base_start, c.base_end, frozenset(c.amendments)) for c in merged.collisions} == collisions


@settings(deadline=None, max_examples=150)
@given(texts, amended, st.randoms(use_true_random=False))
def test_the_order_of_amendments_changes_nothing(base, amendments, chance):
    names = list(amendments)
    chance.shuffle(names)
    assert merge(base, amendments) == merge(base, {name: amendments[name] for name in names})


@settings(deadline=None, max_examples=150)
@given(texts, amended)
def test_every_change_is_either_merged_or_reported(base, amendments):
    merged = merge(base, amendments)
    for name, text in amendments.items():
        told = merged.applied[name] + merged.open[name]
        assert sorted(told) == list(diff(base, text))
        passages = [c for c in merged.collisions if name in c.amendments]
        for edit in merged.open[name]:
            assert any(c.base_start <= edit.start and edit.end <= c.base_end for c in passages)
    free = {edit for edits in merged.applied.values() for edit in edits}
    assert merged.text == apply(base, free)


@settings(deadline=None, max_examples=150)
@given(texts, texts, texts)
def test_adopting_the_second_never_undoes_the_first(base, first, second):
    alone = merge(base, {"A": first})
    assert alone.text == first and not alone.collisions
    both = merge(base, {"A": first, "B": second})
    # What of A does not exclude B stands, and what does is in a collision that names both.
    for edit in diff(base, first):
        excluded = [other for other in diff(base, second) if collide(edit, other)]
        if not excluded and edit not in both.applied["A"]:
            # Then it hangs on to a collision through another change of A.
            assert any(
                "A" in c.amendments and c.base_start <= edit.start <= c.base_end for c in both.collisions
            )
        if excluded:
            assert edit in both.open["A"]
            assert any(set(c.amendments) == {"A", "B"} for c in both.collisions)
    if not both.collisions:
        # The order of adoption does not matter either: adopting B on the text with A gives the same.
        assert merge_edits(base, {"B": diff(base, second), "A": diff(base, first)}).text == both.text
        assert apply(base, {*diff(base, first), *diff(base, second)}) == both.text


@settings(deadline=None, max_examples=100)
@given(texts, amended)
def test_the_marks_make_up_both_texts(base, amendments):
    merged = merge(base, amendments)
    assert "".join(s.text for s in merged.spans if s.kind is not Kind.DELETED) == merged.text
    assert "".join(s.text for s in merged.spans if s.kind is not Kind.INSERTED) == base
    assert all(bool(s.amendments) == (s.kind is not Kind.KEPT) for s in merged.spans)


def test_independent_changes_merge_and_tell_who_wrote_what():
    a = BASE.replace("betaalt", "regelt")
    b = BASE.replace("2030", "2031")
    merged = merge(BASE, {"A": a, "B": b})
    assert merged.text == a.replace("2030", "2031")
    assert merged.collisions == ()
    written = {s.text: s.amendments for s in merged.spans if s.kind is Kind.INSERTED}
    assert written == {"regelt": ("A",), "2031": ("B",)}
    assert [s.text for s in merged.spans if s.kind is Kind.DELETED] == ["betaalt", "2030"]


def test_a_collision_keeps_the_base_and_names_the_words():
    texts = {
        n: BASE.replace("vergoedt de kosten", w) for n, w in (("A", "betaalt alles"), ("B", "betaalt niets"))
    }
    texts["C"] = BASE.replace("2030", "2032")
    merged = merge(BASE, texts)
    assert merged.text == BASE.replace("2030", "2032")
    (collision,) = merged.collisions
    assert collision.amendments == ("A", "B")
    assert BASE[collision.base_start : collision.base_end] == collision.base_text == "vergoedt de kosten"
    assert BASE.split()[collision.word_start : collision.word_end] == ["vergoedt", "de", "kosten."]
    assert dict(collision.proposals) == {"A": "betaalt alles", "B": "betaalt niets"}
    assert merged.open["A"] and not merged.open["C"]


def test_the_same_change_twice_is_merged_once_in_both_names():
    a = BASE.replace("zorg", "jeugdzorg")
    merged = merge(BASE, {"A": a, "B": a})
    assert merged.text == a and not merged.collisions
    assert [s.amendments for s in merged.spans if s.kind is Kind.INSERTED] == [("A", "B")]


def test_two_insertions_at_one_place_are_a_collision():
    merged = merge("een drie", {"A": "een twee drie", "B": "een anderhalf drie"})
    (collision,) = merged.collisions
    assert (collision.base_start, collision.base_end) == (4, 4)
    assert (collision.word_start, collision.word_end) == (1, 1)
    assert merged.text == "een drie"


def test_deleting_a_sentence_and_adding_one_after_it_both_stand():
    base = "Een. Twee. Drie."
    merged = merge_edits(base, {"A": [Edit(5, 11, "")], "B": [Edit(11, 11, "Extra. ")]})
    assert merged.text == "Een. Extra. Drie." and not merged.collisions


def test_edits_outside_the_base_are_refused():
    with pytest.raises(ValueError, match="a change of A at 2"):
        merge_edits("abc", {"A": [Edit(2, 9, "")]})
    with pytest.raises(ValueError, match="a change of B at 1"):
        merge_edits("abc", {"B": [Edit(0, 2, ""), Edit(1, 3, "")]})
