"""What stands under each part of a text: the right addresses, and nothing that others wrote goes in as HTML."""

from types import SimpleNamespace

from django.urls import reverse
from django.utils.safestring import SafeString

from omkering.deliberate.part_tools import BASES, add_tools
from omkering.deliberate.queries.consultations import BEGINNING
from omkering.deliberate.queries.consultations import Part as Paragraph
from omkering.deliberate.queries.documents import Part
from omkering.thread.models import Item


def _tools(part, **text):
    shown = {"takes_reactions": False, "takes_amendments": False, **text}
    add_tools(10, SimpleNamespace(parts=[part], **shown))
    return part.tools


def _part(**more):
    return Part(340, 7, "paragraph", 0, "", "Een tekst.", SafeString("Een tekst."), **more)


def test_a_part_says_only_what_is_there():
    made = _tools(_part())
    assert 'href="#p7"' in made
    assert made.count("<li>") == 1


def test_a_part_leads_to_its_own_pages():
    made = _tools(_part(reactions=1, amendments=2), takes_reactions=True, takes_amendments=True)
    for name in ("react", "propose"):
        assert f'href="{reverse(f"deliberate:{name}", args=[340])}"' in made
    assert f'href="{reverse("deliberate:amendments", args=[10])}?paragraph=7"' in made
    assert "1 reactie<" in made
    assert "2 amendementen<" in made


def test_what_others_wrote_is_no_html():
    part = _part(bases=[Item(pk=3, kind="amendment", title="<script>")], amendments=1)
    part.label = "<b>"
    made = _tools(part)
    assert "<script>" not in made
    assert "<b>" not in made
    assert "&lt;script&gt;" in made
    assert "&lt;b&gt;" in made


def test_no_more_than_some_of_what_it_follows_from():
    part = _part(bases=[Item(pk=pk, kind="amendment", title=f"Nummer {pk}") for pk in range(BASES + 1)])
    made = _tools(part)
    assert "Nummer 9”" in made
    assert "Nummer 10”" not in made
    assert made.endswith(" …</li></ul>")


def test_the_beginning_of_a_paragraph():
    assert Paragraph(1, 1, "paragraph", "", "a" * BEGINNING).beginning == "a" * BEGINNING
    long = Paragraph(1, 1, "paragraph", "", "a" * (BEGINNING + 1)).beginning
    assert len(long) == BEGINNING
    assert long.endswith("a…")
