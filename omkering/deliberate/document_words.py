"""The words of parts as safe HTML, and documents in words and tones."""

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

from omkering.deliberate.models import BlockKind, DocumentState
from omkering.engine.readability import ReadingLevel, flesch_douma
from omkering.ui.docx import table_rows

_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
_TAGS = {"strong", "em", "s", "code", "a", "br"}
TONES = {
    DocumentState.PUBLISHED: "info",
    DocumentState.ADOPTED: "positive",
    DocumentState.WITHDRAWN: "negative",
}
# What a part can be, in the words of the pages where its structure is corrected.
KINDS = {
    "paragraph": _("Paragraph"),
    "heading-1": _("Heading"),
    "heading-2": _("Heading under it"),
    "heading-3": _("Heading of the third level"),
    "heading-4": _("Heading of the fourth level"),
    "item-1": _("Item of a list"),
    "item-2": _("Item under an item"),
    "item-3": _("Item of the third level"),
    "box": _("Box"),
    "proposal": _("Proposal"),
    "table": _("Table"),
}


def state_badge(state: str) -> tuple[str, str]:
    """The state of a document with its tone."""
    known = DocumentState(state)
    return str(known.label), TONES.get(known, "neutral")


@lru_cache(maxsize=20_000)
def words_html(text: str) -> SafeString:
    """The words of a part with their emphasis and links; on one line, so no lists or headings come of them."""
    made = nh3.clean(
        _PARSER.renderInline(text),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(made)  # noqa: S308 - cleaned by nh3


def table_html(text: str) -> tuple[list[SafeString], list[list[SafeString]]]:
    """The head and the rows of a table in Markdown."""
    rows = [[words_html(cell) for cell in row] for row in table_rows(text)]
    return (rows[0], rows[1:]) if rows else ([], [])


def table_words(text: str) -> str:
    """A table in a few words: what stands above its columns."""
    rows = table_rows(text)
    head = ", ".join(plain_words(cell) for cell in rows[0] if cell.strip()) if rows else ""
    return f"{KINDS['table']}: {head}" if head else str(KINDS["table"])


@lru_cache(maxsize=20_000)
def reading_of(text: str) -> ReadingLevel:
    """How hard a text is to read; remembered, because pages ask it again and again."""
    return flesch_douma(text)


@lru_cache(maxsize=20_000)
def plain_words(text: str) -> str:
    """The words without the marks of Markdown."""
    return re.sub(r"\s+", " ", nh3.clean(_PARSER.renderInline(text), tags=set())).strip()


def prose_of(kinds_and_texts: list[tuple[str, str]]) -> str:
    """What of a text is prose: what its reading level is worked out from."""
    skipped = (BlockKind.HEADING, BlockKind.TABLE)
    return "\n\n".join(text for kind, text in kinds_and_texts if kind not in skipped)
