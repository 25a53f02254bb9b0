"""The words and addresses of items: one by one, and for a list at once."""

from django.utils.translation import override

from omkering.thread import kinds
from omkering.thread.lookups import array_text
from omkering.thread.models import Item


def test_a_list_says_the_same_as_each_item_by_itself():
    items = [
        Item(pk=4, kind="signal", state="new"),
        Item(pk=5, kind="dossier", state="open"),
        Item(pk=6, kind="dossier", state="of no kind"),
        Item(pk=7, kind="nothing", state="open"),
    ]
    for language in ("nl", "en"):
        with override(language):
            label, state_label, url = kinds.in_a_list()
            for item in items:
                assert (label(item), state_label(item), url(item)) == (
                    kinds.label(item),
                    kinds.state_label(item),
                    kinds.url(item),
                )


def test_ids_become_the_text_of_an_array():
    assert (array_text([3, 1, 2]), array_text(frozenset()), array_text(iter([7]))) == ("{1,2,3}", "{}", "{7}")
