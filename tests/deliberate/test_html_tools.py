"""Pieces of long lists: as Django's own would have them, and nothing that others wrote goes in as HTML."""

from django.template.defaultfilters import truncatechars
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.ui.addresses import address_of
from omkering.ui.forms import options
from omkering.ui.text import beginning

WORDS = st.text(alphabet=st.sampled_from("abé e\u0301\u0958🙂"), max_size=12)


@settings(deadline=None)
@given(WORDS, st.integers(1, 10))
def test_a_text_is_shortened_as_django_does(text, most):
    assert beginning(text, most) == truncatechars(text, most)


def test_an_address_by_the_id():
    assert address_of("deliberate:position")(730) == reverse("deliberate:position", args=[730])


def test_what_others_wrote_is_no_html():
    made = options([(1, "<b>"), (2, "Twee")], chosen={"2"})
    assert made == '<option value="1">&lt;b&gt;</option><option value="2" selected>Twee</option>'
