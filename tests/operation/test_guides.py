"""The guides say what is on the screen: each bold text is a text of the product, and both guides tell the same."""

import re
from pathlib import Path

import yaml
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
GUIDES = {language: (ROOT / "docs" / "guide" / f"{language}.md").read_text() for language in ("nl", "en")}

FILLED_IN = re.compile(r"%\(\w+\)[sd]")


def texts() -> dict[str, set[str]]:
    """Every text of the screen in each language; what is filled in there stands in a guide as "…"."""
    found: dict[str, set[str]] = {"nl": set(), "en": set()}
    for path in (ROOT / "omkering").glob("*/locale/nl/LC_MESSAGES/django.po"):
        with path.open("rb") as source:
            for message in read_po(source):
                if message.id and isinstance(message.id, str):
                    found["en"].add(FILLED_IN.sub("…", message.id))
                    found["nl"].add(FILLED_IN.sub("…", str(message.string)))
    return found


def bold(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.findall(r"\*\*([^*]+)\*\*", text)]


def test_every_bold_text_is_on_the_screen():
    known = texts()
    for language, guide in GUIDES.items():
        named = [text for text in bold(guide) if text not in ("vet", "bold")]
        assert len(named) > 50
        assert [text for text in named if text not in known[language]] == [], language


def test_both_guides_have_the_same_parts_and_steps():
    shapes = {language: re.findall(r"^(#+ |\d\. |- |\| )", guide, re.M) for language, guide in GUIDES.items()}
    assert shapes["nl"] == shapes["en"]
    counts = {language: len(bold(guide)) for language, guide in GUIDES.items()}
    assert counts["nl"] == counts["en"]


def test_every_page_of_the_documentation_is_in_its_menu():
    menu = (ROOT / "mkdocs.yml").read_text().partition("\nnav:")[2]
    for path in (ROOT / "docs").rglob("*.md"):
        assert f"{path.relative_to(ROOT / 'docs')}" in menu, path
    assert yaml.safe_load("nav:" + menu)["nav"]
