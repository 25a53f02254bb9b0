"""Amendments merged on the parts of a text: nothing undone, nothing dropped, the order plays no part."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from omkering.deliberate.consolidate import (
    ADD,
    CHANGE,
    DROP,
    NOW,
    Change,
    Part,
    Why,
    carry,
    consolidate,
    excluding,
    voting_order,
)
from omkering.deliberate.provenance import trace
from omkering.engine.merge import Kind, apply, diff, merge, merge_edits
from omkering.engine.merge.oracle import collide, slow_merge
from tests.engine_merge.test_words import texts

ONE = "De gemeente betaalt de zorg vanaf 2030 zelf."
TWO = "Het Rijk vergoedt alle kosten van de uitvoering."
PARTS = (Part(1, ONE), Part(2, TWO))


def change(key, text, *, at=1, base=None):
    return Change(str(key), at, CHANGE, base if base is not None else (ONE if at == 1 else TWO), text)


def drop(key, *, at=1, base=None):
    return Change(str(key), at, DROP, base if base is not None else (ONE if at == 1 else TWO), "")


def add(key, text, *, at=1, known=None):
    return Change(str(key), at, ADD, ONE, text, known)


def whole(result):
    return [piece.text for piece in result.pieces if not piece.dropped]


# --- what one part can meet --------------------------------------------------------------------------------
def test_independent_amendments_stand_together():
    result = consolidate(
        PARTS,
        [
            change(1, ONE.replace("betaalt", "regelt")),
            change(2, ONE.replace("2030", "2031")),
            change(3, TWO.replace("alle", "de"), at=2),
            add(4, "Dit geldt ook voor de provincie."),
        ],
    )
    assert whole(result) == [
        "De gemeente regelt de zorg vanaf 2031 zelf.",
        "Dit geldt ook voor de provincie.",
        "Het Rijk vergoedt de kosten van de uitvoering.",
    ]
    assert not result.clashes
    assert result.done == {"1", "2", "3", "4"}
    assert result.pieces[0].by == ("1", "2")
    written = {(span.kind, span.text): span.amendments for span in result.pieces[0].spans}
    assert written[Kind.INSERTED, "regelt"] == ("1",)
    assert written[Kind.DELETED, "2030"] == ("2",)


def test_the_same_words_changed_differently_are_told_with_what_each_makes_of_them():
    result = consolidate(
        PARTS,
        [change(1, ONE.replace("2030", "2031")), change(2, ONE.replace("2030 zelf", "2035 samen"))],
    )
    assert whole(result) == [ONE, TWO]
    (clash,) = result.clashes
    assert (clash.why, clash.words) == (Why.WORDS, "2030 zelf")
    assert clash.proposals == {"1": "2031 zelf", "2": "2035 samen"}
    assert clash.before.endswith("vanaf ") and clash.after == "."
    assert result.done == frozenset()
    assert result.clashes_of("1") == (clash,)


def test_two_that_say_the_same_stand_in_the_name_of_both():
    same = ONE.replace("2030", "2031")
    result = consolidate(PARTS, [change(1, same), change(2, same), add(3, "Zo."), add(4, "Zo.")])
    assert not result.clashes and result.done == {"1", "2", "3", "4"}
    assert [piece.by for piece in result.pieces] == [("1", "2"), ("3", "4"), ()]


def test_dropping_a_part_collides_with_changing_it_but_not_with_adding_after_it():
    changed = change(2, ONE + " En snel.")
    result = consolidate(PARTS, [drop(1), changed, add(3, "Nieuw.")])
    assert whole(result) == [ONE, "Nieuw.", TWO]
    (clash,) = result.clashes
    assert (clash.why, clash.proposals) == (Why.DROPS, {"1": "", "2": ONE + " En snel."})
    dropped = consolidate(PARTS, [drop(1), add(3, "Nieuw."), drop(4)])
    assert whole(dropped) == ["Nieuw.", TWO]
    assert dropped.pieces[0].dropped and dropped.pieces[0].by == ("1", "4")


def test_two_other_texts_at_one_place_wait_for_somebody_to_choose():
    result = consolidate(PARTS, [add(1, "Eerst dit."), add(2, "Eerst dat.")])
    assert whole(result) == [ONE, TWO]
    assert [(clash.why, clash.amendments) for clash in result.clashes] == [(Why.PLACE, ("1", "2"))]


# --- on a newer version -------------------------------------------------------------------------------------
def test_an_amendment_of_before_goes_along_with_the_newer_text():
    now = ONE.replace("betaalt", "regelt")
    result = consolidate((Part(1, now), Part(2, TWO)), [change(1, ONE.replace("2030", "2031"))])
    assert whole(result)[0] == "De gemeente regelt de zorg vanaf 2031 zelf."
    assert result.done == {"1"}


def test_words_that_changed_meanwhile_are_told_and_what_was_adopted_stays():
    now = ONE.replace("2030", "2032")
    result = consolidate(
        (Part(1, now), Part(2, TWO)), [change(1, ONE.replace("2030", "2031").replace("zorg", "hulp"))]
    )
    assert "2032" in whole(result)[0]
    (clash,) = result.clashes
    assert (clash.why, clash.words) == (Why.TEXT, "2030")
    assert clash.proposals == {NOW: "2032", "1": "2031"}
    assert result.done == frozenset()


def test_what_the_text_holds_already_is_done():
    now = ONE.replace("2030", "2031")
    result = consolidate(
        (Part(1, now),), [change(1, now), drop(2, at=9), change(3, ONE.replace("zelf", "samen"))]
    )
    assert whole(result) == ["De gemeente betaalt de zorg vanaf 2031 samen."]
    assert result.done == {"1", "2", "3"}


def test_a_part_that_is_gone_or_was_changed_is_not_silently_dropped():
    result = consolidate(
        (Part(2, TWO.replace("alle", "geen")),), [change(1, "Anders."), drop(2, at=2), add(3, "Ook dit.")]
    )
    assert {(clash.why, clash.amendments) for clash in result.clashes} == {
        (Why.GONE, ("1",)),
        (Why.TEXT, ("2",)),
        (Why.GONE, ("3",)),
    }
    assert whole(result) == ["Het Rijk vergoedt geen kosten van de uitvoering."]


def test_a_text_is_added_at_its_place_unless_another_came_there_since():
    parts = (Part(1, ONE), Part(7, "Van een ander."), Part(2, TWO))
    late = add(1, "Van ons.", known=frozenset({1, 2}))
    (clash,) = consolidate(parts, [late]).clashes
    assert (clash.why, clash.proposals) == (Why.PLACE, {NOW: "Van een ander.", "1": "Van ons."})
    aware = add(1, "Van ons.", known=frozenset({1, 2, 7}))
    assert whole(consolidate(parts, [aware])) == [ONE, "Van ons.", "Van een ander.", TWO]
    same = add(1, "Van een ander.", known=frozenset({1, 2}))
    assert consolidate(parts, [same]).done == {"1"}


def test_keys_must_differ():
    with pytest.raises(ValueError, match="key of its own"):
        consolidate(PARTS, [drop(1), drop(1)])
    with pytest.raises(ValueError, match="key of its own"):
        consolidate(PARTS, [drop("")])


# --- what must always hold ----------------------------------------------------------------------------------
WORDS = ("de", "het", "kosten", "zorg", "2030", "niet", "wel", "samen")
sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(lambda words: " ".join(words) + ".")


@st.composite
def documents(draw):
    """Parts, and amendments on them that were all written on this text."""
    parts = tuple(Part(number, draw(sentence)) for number in range(1, draw(st.integers(1, 3)) + 1))
    changes = []
    for key in range(1, draw(st.integers(0, 6)) + 1):
        part = draw(st.sampled_from(parts))
        deed = draw(st.sampled_from((CHANGE, CHANGE, CHANGE, ADD, DROP)))
        text = "" if deed == DROP else draw(sentence)
        known = frozenset(part.address for part in parts)
        changes.append(Change(str(key), part.address, deed, part.text, text, known))
    return parts, changes


def slow(parts, changes):
    """The obvious version: each part by itself, words by the slow merge, everything else by its definition."""
    out, open_keys = [], set()
    for part in parts:
        here = [one for one in changes if one.address == part.address]
        drops = [one for one in here if one.deed == DROP]
        writes = {
            one.key: diff(part.text, one.text) for one in here if one.deed == CHANGE and one.text != part.text
        }
        text, collisions = slow_merge(part.text, writes)
        open_keys |= {key for _start, _end, keys in collisions for key in keys}
        if drops and writes:
            open_keys |= {one.key for one in drops} | set(writes)
            out.append(part.text)
        elif not drops:
            out.append(text)
        added = {one.text for one in here if one.deed == ADD}
        if len(added) == 1:
            out += added
        elif added:
            open_keys |= {one.key for one in here if one.deed == ADD}
    return out, {one.key for one in changes} - open_keys


@settings(deadline=None, max_examples=300)
@given(documents())
def test_equals_the_slow_version(made):
    parts, changes = made
    result = consolidate(parts, changes)
    assert (whole(result), result.done) == slow(parts, changes)


@settings(deadline=None, max_examples=150)
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_plays_no_part(made, chance):
    parts, changes = made
    shuffled = list(changes)
    chance.shuffle(shuffled)
    assert consolidate(parts, shuffled) == consolidate(parts, changes)
    assert voting_order(parts, shuffled) == voting_order(parts, changes)


@settings(deadline=None, max_examples=150)
@given(documents())
def test_every_amendment_is_in_the_text_or_is_told(made):
    parts, changes = made
    result = consolidate(parts, changes)
    told = {key for clash in result.clashes for key in clash.amendments}
    assert {one.key for one in changes} == result.done | told
    assert not result.done & told
    for clash in result.clashes:
        assert len(clash.amendments) > 1 or NOW in clash.proposals


@settings(deadline=None, max_examples=300)
@given(texts, texts, texts)
@example("gemeente\n", "niet gemeente de\nde ", "")
@example("de\n", "gemeente de\nde ", "")
def test_carrying_over_keeps_what_changed_meanwhile(base, mine, now):
    edits, clashes = carry(base, mine, now)
    since, wanted = set(diff(base, now)), set(diff(base, mine))
    free = {edit for edit in wanted if not any(collide(edit, other) for other in since)}
    # Which of one's own edits are free, and where they come, follows from the slow merge of both on the base.
    if all(not collide(edit, other) for edit in wanted for other in since):
        assert not clashes
        assert apply(now, edits) == slow_merge(base, {"now": since, "mine": wanted})[0]
    else:
        assert clashes and {clash.why for clash in clashes} == {Why.TEXT}
        assert apply(now, edits) == slow_merge(base, {"now": since, "mine": free})[0]


@settings(deadline=None, max_examples=200)
@given(documents())
def test_adopting_the_second_never_undoes_the_first(made):
    """One after the other, each on the text that the ones before it left: all of that stays, or the clash is told."""
    parts, changes = made
    bases = {part.address: part.text for part in parts}
    text, next_address = list(parts), 100
    for one in changes:
        result = consolidate(text, [one])
        before = {part.address: part.text for part in text}
        if one.key not in result.done:
            assert [clash for clash in result.clashes if NOW in clash.proposals]
            continue
        text = []
        for piece in result.pieces:
            if piece.address is None:
                text.append(Part(next_address, piece.text))
                next_address += 1
            elif not piece.dropped:
                text.append(Part(piece.address, piece.text))
        after = {part.address: part.text for part in text}
        assert before.keys() - after.keys() <= ({one.address} if one.deed == DROP else set())
        for address in before.keys() & after.keys():
            if (one.deed, one.address) != (CHANGE, address):
                assert after[address] == before[address]
                continue
            both = merge(bases[address], {"so far": before[address], "new": one.text})
            assert not both.collisions
            assert after[address] == both.text


@settings(deadline=None, max_examples=200)
@given(documents())
def test_who_excludes_whom_is_settled_pair_by_pair(made):
    parts, changes = made
    others = excluding(parts, changes)
    for one in changes:
        for other in changes:
            if one.key < other.key:
                apart = bool(consolidate(parts, [one, other]).clashes)
                assert (other.key in others[one.key]) == apart == (one.key in others[other.key])


# --- voting -------------------------------------------------------------------------------------------------
def test_what_reaches_furthest_is_voted_on_first_and_what_falls_with_it_is_told():
    small = change(1, ONE.replace("2030", "2031"))
    large = change(2, "De gemeente regelt alles vanaf 2032 samen met anderen.")
    loose = change(3, TWO.replace("alle", "de"), at=2)
    turns = voting_order(PARTS, [loose, small, large, drop(4), add(5, "En zo.")])
    assert [turn.key for turn in turns] == ["4", "2", "1", "5", "3"]
    falls = {turn.key: turn.falls for turn in turns}
    assert falls == {"4": ("1", "2"), "2": ("1", "4"), "1": ("2", "4"), "5": (), "3": ()}
    reach = {turn.key: turn.reach for turn in turns}
    assert (reach["1"], reach["4"], reach["5"]) == (2, 8, 2)


# --- where words come from ----------------------------------------------------------------------------------
def test_words_of_the_present_text_know_who_wrote_them():
    first, second, third = "Wij zijn klein.", "Wij zijn groot.", "Zij zijn groot."
    made = [{"3": diff(first, second)}, {"9": diff(second, third), "12": ()}]
    spans = [(span.kind, span.text, span.amendments) for span in trace([first, second, third], made)]
    assert spans == [
        (Kind.DELETED, "Wij", ("9",)),
        (Kind.INSERTED, "Zij", ("9",)),
        (Kind.KEPT, " zijn ", ()),
        (Kind.DELETED, "klein", ("3",)),
        (Kind.INSERTED, "groot", ("3",)),
        (Kind.KEPT, ".", ()),
    ]
    with pytest.raises(ValueError, match="one step"):
        trace([first, second], [])


@settings(deadline=None, max_examples=200)
@given(st.lists(texts, min_size=1, max_size=4))
def test_the_traced_words_are_the_last_text_and_the_first(versions):
    steps = [{str(number): diff(*pair)} for number, pair in enumerate(pairwise(versions), 1)]
    spans = trace(versions, steps)
    assert "".join(span.text for span in spans if span.kind is not Kind.DELETED) == versions[-1]
    assert "".join(span.text for span in spans if span.kind is not Kind.INSERTED) == versions[0]
    assert all(span.amendments for span in spans if span.kind is not Kind.KEPT)


def test_an_edit_that_nobody_wanted_alone_is_of_all_together():
    spans = trace(["a b", "c b"], [{"1": (), "2": ()}])
    assert {span.amendments for span in spans if span.kind is not Kind.KEPT} == {("1", "2")}
    assert merge_edits("a b", {"1": diff("a b", "c b")}).text == "c b"
