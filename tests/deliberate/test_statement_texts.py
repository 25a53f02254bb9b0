"""What a statement may be, and in which order people get them."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from omkering.deliberate.statement_order import drawn, in_order
from omkering.deliberate.statement_texts import checked_text, problem, same, title_of

GOOD = (
    "Gemeenten en rijk zijn één overheid.",
    "Minstens 50% van de € 5 mln. gaat naar kleine gemeenten!",
    "Het motto 'wij > ik' past bij de vereniging, en 3 < 4 ook.",
    "Elke inwoner mag meepraten 👍 over de eigen wijk.",
    "Wet- en regelgeving (o.a. de Omgevingswet) moet eenvoudiger.",
)
BAD = {
    "<script>alert('hallo')</script> de gemeente doet dit": "code",
    "Lees dit <b>goed</b> alstublieft allemaal": "code",
    "De gemeente &lt;script&gt; doet dit": "code",
    "javascript:alert(1) is een mening van ons": "code",
    "Kijk op https://vereniging.example/plan voor meer": "link",
    "Kijk op www.vereniging.example voor het plan": "link",
    "Op vereniging.nl staat wat wij vinden": "link",
    "Dit is [ons plan](plan) voor de toekomst": "link",
    "👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍": "zin",
    "1234567890 1234567890 1234": "zin",
    "ja ja 👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍": "zin",
    "!!!!!!!!!!!!!!!!!!!!!!": "zin",
}


@pytest.mark.parametrize("text", GOOD)
def test_what_is_taken_stays_as_it_was_written(text):
    assert checked_text(f"  {text}\n") == text


@pytest.mark.parametrize("text", BAD)
def test_what_is_refused_in_one_sentence(text):
    with pytest.raises(ValidationError) as refused:
        checked_text(text)
    (sentence,) = refused.value.message_dict["text"]
    assert BAD[text] in sentence and sentence == problem(text)


def test_lengths():
    for text in ("x" * 10_000, "woorden " * 36):
        with pytest.raises(ValidationError, match="280"):
            checked_text(text)
    with pytest.raises(ValidationError):
        checked_text("Te kort.")
    assert len(checked_text("woorden " * 35)) == 279


def test_personal_data_is_refused():
    with pytest.raises(ValidationError):
        checked_text("Bel mij op 06-12345678 als u dit ook vindt.")


def test_the_same_words():
    assert same("De vereniging spreekt met één stem.", "de vereniging  spreekt, met één stem!")
    assert not same("De vereniging spreekt met één stem.", "De vereniging spreekt niet met één stem.")
    assert len(title_of("woorden " * 35)) == 200


# --- the order -------------------------------------------------------------------------------------------
def test_an_order_of_ones_own_that_stays():
    votes = [(pk, 3) for pk in range(30)]
    mine = in_order(7, votes)
    assert sorted(mine) == list(range(30)) and mine == in_order(7, reversed(votes))
    assert mine != in_order(8, votes) != list(range(30))


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_what_is_drawn_lies_between(person, statement):
    assert 0 < drawn(person, statement) < 1


def test_every_statement_gets_a_fair_number_of_votes():
    """600 people vote on 10 of 40 each, and the last ten statements come when half of them have voted."""
    counts = dict.fromkeys(range(30), 0)
    seen = dict(counts)
    for person in range(600):
        if person == 300:
            counts |= dict.fromkeys(range(30, 40), 0)
        if person % 10 == 0:
            seen = dict(counts)  # as counted in the background
        for statement in in_order(person, seen.items())[:10]:
            counts[statement] += 1
    mean = sum(counts.values()) / 40
    assert sum(counts.values()) == 6_000
    assert min(counts.values()) > 0.6 * mean and max(counts.values()) < 1.5 * mean


def test_the_least_voted_comes_first():
    first = [in_order(person, [(1, 1_000), (2, 0), (3, 1_000)])[0] for person in range(300)]
    assert first.count(2) > 290
