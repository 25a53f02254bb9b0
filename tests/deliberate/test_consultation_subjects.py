"""The subjects that come up in a round: pure, whatever the order of the texts."""

from hypothesis import given
from hypothesis import strategies as st

from omkering.deliberate.subjects import LEAST, subjects

WORDS = st.sampled_from(
    ["warmtenet", "warmtenetten", "jeugdhulp", "stikstof", "vergunning", "de", "het", "windmolen", "zwembad"]
)
TEXTS = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=12)


def test_a_word_is_a_subject_once_several_texts_have_it_and_its_forms_count_as_one():
    texts = ["Het warmtenet is te duur.", "Onze warmtenetten vallen stil.", "Jeugdhulp is ver weg."]
    found = [(subject.word, subject.texts) for subject in subjects(texts)]
    assert found == [("warmtenet", 2)]


def test_what_stands_in_the_text_itself_tells_less():
    texts = ["De regio wil een zwembad.", "Een zwembad in de regio.", "Zwembad of regio."]
    paragraphs = [f"De regio doet iets in alinea {number}." for number in range(30)]
    assert subjects(texts, paragraphs)[0].word == "zwembad"


@given(TEXTS, TEXTS, st.randoms())
def test_order_does_not_matter_and_every_subject_stands_in_several_texts(texts, background, chance):
    found = subjects(texts, background, most=4)
    mixed = list(texts)
    chance.shuffle(mixed)
    assert subjects(mixed, background, most=4) == found
    assert len(found) <= 4 and all(subject.texts >= LEAST for subject in found)
    assert all(subject.texts <= len(texts) for subject in found)
