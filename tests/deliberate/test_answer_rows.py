"""Points in a list: their first words are as Django's own filters have them."""

from django.template.defaultfilters import linebreaksbr, truncatewords_html
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.deliberate.answer_rows import first_words

WORDS = st.text(alphabet=st.sampled_from("ab<&;' \t\r\n"), max_size=24)


@settings(deadline=None)
@given(WORDS, st.integers(1, 6))
def test_the_first_words_are_those_of_django(text, most):
    assert first_words(text, most) == truncatewords_html(linebreaksbr(text, autoescape=True), most)


@given(WORDS)
def test_all_words_are_those_of_django(text):
    assert first_words(text) == linebreaksbr(text, autoescape=True)
