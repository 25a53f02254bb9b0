"""The word diff: it turns one text into the other, on whole words, as small as it can be, and always ends."""

import itertools
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from omkering.engine.merge import Edit, apply, diff
from omkering.engine.merge.oracle import fewest_changed_words
from omkering.engine.merge.words import TOKEN

words = st.sampled_from(["de", "gemeente", "betaalt", "niet", "meer", "één", "x1", "Rijk"])
signs = st.sampled_from([" ", " ", " ", "\n", ". ", "\n\n", ", ", "  "])
texts = st.lists(st.tuples(words, signs), max_size=40).map(lambda parts: "".join(w + s for w, s in parts))
anything = st.text(max_size=80)
# A word that occurs once moved past others that occur more often.
MOVED = (
    "de de de gemeente gemeente gemeente gemeente ",
    "de de gemeente gemeente gemeente gemeente de ",
)


@pytest.fixture(params=["small", "divided"])
def cut_small(request, monkeypatch):
    """Also lets short texts go through the steps meant for long ones."""
    if request.param == "divided":
        monkeypatch.setattr("omkering.engine.merge.words.SMALL", 0)
        monkeypatch.setattr("omkering.engine.merge.words.PASSAGE", 3)
        monkeypatch.setattr("omkering.engine.merge.words.BLOCK", 4)


def _on_whole_words(text, at):
    return not (0 < at < len(text) and TOKEN.fullmatch(text[at - 1] + text[at]))


@pytest.mark.parametrize("texts", [(texts, texts), (anything, anything)], ids=["words", "anything"])
def test_turns_one_text_into_the_other(texts, cut_small):
    @settings(deadline=None, max_examples=150)
    @given(*texts)
    @example(*MOVED)
    @example("betaalt. niet meer betaalt  gemeente, ", ". niet meer   gemeentebetaalt, betaalt")
    def holds(base, amended):
        edits = diff(base, amended)
        assert apply(base, edits) == amended
        assert diff(base, base) == ()
        for edit in edits:
            assert edit.start < edit.end or edit.text
            assert _on_whole_words(base, edit.start) and _on_whole_words(base, edit.end)
        for before, after in itertools.pairwise(edits):
            assert before.end < after.start

    holds()


def test_is_small(monkeypatch):
    # Without the joining of changes that lie close together, which repeats what is between them.
    monkeypatch.setattr("omkering.engine.merge.words.COINCIDENCE", -1)

    @settings(deadline=None, max_examples=100)
    @given(texts, texts)
    @example(*MOVED)
    def holds(base, amended):
        sizes = [(base[e.start : e.end], e.text) for e in diff(base, amended)]
        changed = sum(len(TOKEN.findall(part)) for pair in sizes for part in pair)
        fewest = fewest_changed_words(base, amended)
        # Anchors on words that occur once may cost a little more than the least.
        assert fewest <= changed <= 3 * fewest + 2

    holds()


def test_a_changed_word_is_one_edit():
    assert diff("De gemeente betaalt alles.", "De gemeente betaalt niets.") == (Edit(20, 25, "niets"),)
    assert diff("a b", "a b c") == (Edit(3, 3, " c"),)
    assert diff("een twee drie", "een drie") == (Edit(4, 9, ""),)
    assert diff("", "nieuw") == (Edit(0, 0, "nieuw"),)


def test_changes_with_a_sign_between_are_one_and_others_stay_apart():
    assert len(diff("rood, groen en verder", "blauw, geel en verder")) == 1
    assert len(diff("rood\ngroen", "blauw\ngeel")) == 2
    assert len(diff("rood wordt altijd groen", "blauw wordt altijd geel")) == 2


def test_edits_that_overlap_or_fall_outside_are_refused():
    with pytest.raises(ValueError, match="overlaps"):
        apply("abc", [Edit(0, 2, ""), Edit(1, 3, "")])
    with pytest.raises(ValueError, match="outside"):
        apply("abc", [Edit(2, 9, "")])


def _hostile():
    chance = random.Random(7)
    size = 20_000
    numbered = [f"w{i}" for i in range(size)]
    yield "one word", "a " * size, "a " * (size - 500) + "b"
    yield "two words", "a b " * size, "b a " * size
    yield "two words at random", *(" ".join(chance.choice("ab") for _ in range(size)) for _ in "ab")
    yield "all different", *(" ".join(f"{n}{chance.random()}" for _ in range(size)) for n in "ab")
    yield "reversed", " ".join(numbered), " ".join(reversed(numbered))
    yield (
        "shuffled",
        " ".join(numbered),
        " ".join(sorted(numbered, key=lambda w: (int(w[1:]) % 7, int(w[1:])))),
    )
    yield "one endless word", "a" * 300_000, "a" * 150_000 + "b" + "a" * 150_000
    yield "nothing but spaces", " " * 300_000, " " * 299_000
    yield "nothing but signs", "." * 100_000 + "x" + "." * 50_000, "." * 70_000 + "y" + "." * 90_000
    yield (
        "every second word",
        " ".join(numbered),
        " ".join(w if i % 2 else "z" for i, w in enumerate(numbered)),
    )


@pytest.mark.parametrize(
    ("name", "base", "amended"), list(_hostile()), ids=lambda v: v if len(str(v)) < 40 else ""
)
def test_a_hostile_text_does_not_make_it_hang(name, base, amended):
    # A method without a bound would not come back from here.
    assert apply(base, diff(base, amended)) == amended
