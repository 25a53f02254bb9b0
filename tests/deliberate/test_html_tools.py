"""Pieces of long lists: as Django's own would have them, and nothing that others wrote goes in as HTML."""

from django.template.defaultfilters import truncatechars
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.deliberate.html_tools import addresses, options, shortened

WORDS = st.text(alphabet=st.sampled_from("abé e\u0301\u0958🙂"), max_size=12)


@settings(deadline=None)
@given(WORDS, st.integers(1, 10))
def test_a_text_is_shortened_as_django_does(text, most):
    assert shortened(text, most) == truncatechars(text, most)


def test_an_address_by_the_id():
    assert addresses("deliberate:position")(730) == reverse("deliberate:position", args=[730])


def test_what_others_wrote_is_no_html():
    made = options([(1, "<b>"), (2, "Twee")], chosen=2)
    assert made == '<option value="1">&lt;b&gt;</option><option value="2" selected>Twee</option>'
