"""Terms of Dutch words: inflections meet, compounds open, different words stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omkering.engine.similar.terms import normalise, parts, stem, word_similarity, words


@pytest.mark.parametrize(
    "forms",
    [
        "huis huizen", "stad steden", "school scholen", "betaal betaalt betalen betaling", "brief brieven",
        "melding meldingen melden", "vergunning vergunningen", "gemeente gemeenten", "kind kinderen",
        "woning woningen", "prijs prijzen", "kost kosten", "mogelijkheid mogelijkheden", "bus bussen",
        "grens grenzen", "gas", "crisis", "proces processen", "probleem problemen", "regeling regelingen",
        "huishouden huishoudens", "auto auto's",
    ],
)  # fmt: skip
def test_forms_of_one_word_share_a_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "different",
    ["huis huur", "stad staat", "water weg", "school schuld", "boom boot", "brug brief", "gas gast"],
)
def test_different_words_stay_apart(different):
    one, other = different.split()
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("compound", "pieces"),
    [
        ("jeugdhulpaanbieders", "jeugd hulp aanbieder"),
        ("energierekening", "energie rekening"),
        ("huurwoningen", "huur woning"),
        ("stembureau", "stem bureau"),
        ("personeelstekort", "personeel tekort"),
        ("schuldhulpverlening", "schuld hulpverlening"),
    ],
)
def test_compounds_open(compound, pieces):
    assert parts(compound) == tuple(stem(piece) for piece in pieces.split())


@pytest.mark.parametrize("simple", ["probleem", "bibliotheek", "belangrijk", "situatie", "overlast"])
def test_simple_words_stay_whole(simple):
    assert parts(simple) == ()


def test_a_part_finds_the_compound():
    assert words("jeugdhulp") & words("jeugdhulpaanbieders") >= {"+jeugd", "+hulp", "=jeugdhulp"}
    assert words("huis") & words("De huizen staan leeg")


def test_stop_words_and_numbers_carry_nothing():
    assert words("de het een 2024 en dat wij kunnen") == frozenset()
    assert word_similarity(words("de"), words("het")) == 0.0


def test_accents_and_capitals_do_not_matter():
    assert words("COÖRDINATIE van financiën") == words("coordinatie van Financien")


@given(st.text(max_size=200), st.text(max_size=200))
def test_similarity_is_symmetric_and_bounded(a, b):
    first, second = words(a), words(b)
    assert word_similarity(first, second) == pytest.approx(word_similarity(second, first))
    assert 0 <= word_similarity(first, second) <= 1 + 1e-9
    if first:
        assert word_similarity(first, first) == pytest.approx(1)


@given(st.text(max_size=60))
def test_any_word_has_a_stem(text):
    for word in normalise(text).split():
        assert stem(word)
