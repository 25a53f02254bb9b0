"""Reading level: the formula, the counting under it, and advice that points at the right words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omkering.engine.readability import FEW_WORDS, LEVELS, count_syllables, flesch_douma

PLAIN = (
    "Wij helpen mensen die hun rekening niet kunnen betalen. Ze bellen ons elke dag. Vaak is de brief "
    "moeilijk. "
    "Dan lezen we hem samen. Wij willen dat de brief korter wordt. Dat helpt echt, ook aan de balie."
)
LEGAL = (
    "Indien het college van burgemeester en wethouders ingevolge de Wet maatschappelijke ondersteuning "
    "besluit tot "
    "het verstrekken van een maatwerkvoorziening, wordt de desbetreffende beschikking met inachtneming van "
    "de "
    "verantwoordelijkheidsverdeling door de toezichthouder vastgesteld."
)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("open", 2), ("radio", 3), ("gemeente", 3), ("ideeën", 3), ("elektriciteit", 5), ("situatie", 4),
        ("leeuw", 1), ("nieuwe", 2), ("coördinatie", 5), ("VNG", 3), ("zeeën", 2), ("energierekening", 6),
        ("u", 1), ("zee", 1), ("beleidsmedewerker", 6), ("2.500", 1), ("NIS2-richtlijn", 3), ("auto's", 2),
    ],
)  # fmt: skip
def test_syllables(word, syllables):
    assert count_syllables(word) == syllables


def test_plain_text_is_easier_than_legal_text():
    plain, legal = flesch_douma(PLAIN), flesch_douma(LEGAL)
    assert plain.level in {"A1", "A2", "B1"}
    assert legal.level in {"C1", "C2"}
    assert plain.score > 60 > 35 > legal.score


def test_the_formula_is_douma():
    result = flesch_douma("De zon schijnt. Wij gaan naar buiten.")
    assert (result.sentences, result.words, result.syllables) == (2, 7, 8)
    assert result.score == pytest.approx(206.84 - 77 * 8 / 7 - 0.93 * 3.5)
    assert not result.reliable


def test_advice_points_at_the_words():
    advice = {
        item.code: [fragment.text for fragment in item.fragments] for item in flesch_douma(LEGAL).advice
    }
    assert advice["long_sentences"] == [LEGAL]
    assert advice["officialese"] == ["Indien", "ingevolge", "desbetreffende", "met inachtneming van"]
    assert "verantwoordelijkheidsverdeling" in advice["long_words"]
    assert advice["passive"][0].startswith("wordt") and advice["passive"][0].endswith("vastgesteld")
    assert flesch_douma(PLAIN).advice == ()


@pytest.mark.parametrize(
    ("text", "passive"),
    [
        ("De aanvraag wordt door ons behandeld.", ["wordt door ons behandeld"]),
        ("Het plan is al in mei vastgesteld geworden.", ["vastgesteld geworden"]),
        ("Er werd niet naar ons geluisterd.", ["werd niet naar ons geluisterd"]),
        ("Wij behandelen de aanvraag.", []),
        ("Het wordt druk in de gemeente.", []),
        ("De wachttijd wordt langer. De gemeente heeft gebeld.", []),
    ],
)
def test_passive(text, passive):
    assert [
        f.text for item in flesch_douma(text).advice if item.code == "passive" for f in item.fragments
    ] == passive


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Er zijn o.a. drie punten, bijv. art. 3 en nr. 4.", 1),
        ("Het kost 1.250,50 euro. Dat is veel! Waarom?", 3),
        ("Er zijn drie punten:\n- een huis\n- twee huizen\n- drie", 4),
        ("Kop zonder punt\n\nEn dan een zin.", 2),
        ("", 0),
        ("… !!", 0),
    ],
)
def test_sentences(text, sentences):
    assert flesch_douma(text).sentences == sentences


def test_an_abbreviation_is_named_once_unless_explained():
    text = "De VTH-taken en VTH. De dienst justitiële inrichtingen (DJI) en GGU (samen uitvoeren). De EU."
    (item,) = (item for item in flesch_douma(text).advice if item.code == "abbreviations")
    assert [fragment.text for fragment in item.fragments] == ["VTH"]


def test_an_address_is_no_prose():
    assert flesch_douma("Zie https://voorbeeld.nl/een.lange.weg en mail a@b.nl.").words == 3


def test_no_words_no_score():
    result = flesch_douma(" \n ")
    assert result.score is None and result.level is None and result.advice == ()


def test_levels_descend():
    assert all(a[0] > b[0] for a, b in pairwise(LEVELS))


@given(st.text(max_size=400))
def test_any_text_is_counted_and_every_fragment_is_in_the_text(text):
    result = flesch_douma(text)
    assert (result.score is None) == (result.words == 0)
    assert result.syllables >= result.words >= result.sentences
    assert result.reliable == (result.words >= FEW_WORDS)
    for item in result.advice:
        assert item.fragments
        assert all(text[f.start : f.end] == f.text for f in item.fragments)


@given(st.lists(st.sampled_from(PLAIN.split(". ")), min_size=1, max_size=5))
def test_sentences_add_up(parts):
    whole = flesch_douma(". ".join(part.rstrip(".") for part in parts) + ".")
    single = [flesch_douma(part.rstrip(".") + ".") for part in parts]
    assert whole.words == sum(part.words for part in single)
    assert whole.sentences == sum(part.sentences for part in single)


def test_a_long_text_does_not_hang():
    text = "worden geen " * 20_000
    assert flesch_douma(text).words == 40_000
