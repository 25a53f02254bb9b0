"""Words that hold no Markdown, written so that Markdown leaves them as they are."""

import re

from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
_SIGNS = re.compile(r"([\\`*_\[\]~<&])")


def escaped(text: str) -> str:
    """The text, with marks escaped where they would mean something: most texts stay as they are."""
    if not _SIGNS.search(text):
        return text
    tokens = _PARSER.parseInline(text)[0].children or []
    shown = "".join(token.content if token.type == "text" else "\n" for token in tokens)
    plain = all(token.type in ("text", "softbreak") for token in tokens)
    return text if plain and shown == text else _SIGNS.sub(r"\\\1", text)
