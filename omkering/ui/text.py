"""Markdown to safe HTML: what people wrote is Markdown, what pages show is sanitised."""

import re
import unicodedata
from functools import lru_cache

import nh3
from django.utils.text import Truncator
from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_TAGS = {
    *("p", "br", "strong", "em", "s", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "a"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SHORT = 4_000  # characters: a process keeps what it made of the newest texts up to this length, 10 MB at most


def render_markdown(source: str, top: int = 3) -> str:
    """Safe HTML of a Markdown text; headings start at level `top`, images and raw HTML are not let through."""
    source = source or ""
    return _kept(source, top) if len(source) <= SHORT else _render(source, top)


@lru_cache(maxsize=1_000)
def _kept(source: str, top: int) -> str:
    return _render(source, top)


def _render(source: str, top: int) -> str:
    tokens = _PARSER.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + top - 1, 6)}"
        if token.type in ("th_open", "td_open"):
            token.attrs.pop("style", None)
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


# Letters below the combining signs, and the dashes, dots and quotation marks of texts.
_ONE_EACH = re.compile(r"[\x00-\u02ff\u2000-\u206f\u20ac]*")


def beginning(text: str, length: int) -> str:
    """The text, or its beginning with an ellipsis: `length` characters together, as Django's `Truncator` cuts it."""
    text = unicodedata.normalize("NFC", text)
    if len(text) <= length:
        return text
    if length < 1 or not _ONE_EACH.fullmatch(text, 0, length + 1):
        return Truncator(text).chars(length)  # signs that stand on another take no place
    return f"{text[: length - 1]}…"
