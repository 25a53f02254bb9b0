"""Markdown: what `markdown-it` makes of it, part by part; words keep their emphasis and links."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from omkering.deliberate.reading import labels
from omkering.deliberate.reading.parts import BOX, HEADING, ITEM, PARAGRAPH, TABLE, Parsed, Part

_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_REFERENCE = re.compile(r"\[([^\]]+)\]\[([^\]]*)\]")
_SOFT_BREAK = re.compile(r"(?<!\\)(?<!  )\n")
_HARD_BREAK = re.compile(r"(?:\\| {2,})\n")


def read(source: str) -> Parsed:
    """The parts of a Markdown text. A first heading above all others is its title."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    notes = []
    source, front = _without_front_matter(source)
    if front:
        notes.append(_("The lines about the file itself, at the top between ---, were left out."))
    environment: dict = {}
    tokens = _PARSER.parse(source, environment)
    references = {
        key.casefold(): entry["href"] for key, entry in (environment.get("references") or {}).items()
    }
    parts = _Walk(tokens, source.split("\n"), references).parts()
    title = ""
    if parts and parts[0].kind == HEADING and not parts[0].label:
        levels = [part.level for part in parts if part.kind == HEADING]
        if levels.count(levels[0]) == 1 and levels[0] == min(levels) and len(levels) > 1:
            title, parts = parts[0].text, parts[1:]
    return Parsed(title, tuple(_raised(parts)), tuple(notes))


def _raised(parts: list[Part]) -> list[Part]:
    """The highest heading has level 1."""
    shift = min((part.level for part in parts if part.kind == HEADING), default=1) - 1
    return [
        Part(part.kind, part.level - shift, part.label, part.text) if part.kind == HEADING else part
        for part in parts
    ]


def _without_front_matter(source: str) -> tuple[str, bool]:
    match = re.match(r"---\n(?:[\w-]+:.*\n|[ \t#-].*\n|\n)*?---\n", source)
    return (source[match.end() :], True) if match else (source, False)


class _Walk:
    """One way through the tokens."""

    def __init__(self, tokens: Sequence[Token], lines: list[str], references: dict[str, str]) -> None:
        self.tokens, self.lines, self.references = tokens, lines, references

    def parts(self) -> list[Part]:
        """The parts in order."""
        made: list[Part] = []
        lists: list[str] = []  # the kind of each list we are in
        quotes = 0
        fresh, number = False, ""  # whether the next text begins an item, and the number of that
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.type in ("bullet_list_open", "ordered_list_open"):
                lists.append(token.type)
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                lists.pop()
            elif token.type == "list_item_open":
                fresh = True
                number = f"{token.info}{token.markup}" if lists[-1].startswith("ordered") else ""
            elif token.type == "list_item_close":
                fresh = False
            elif token.type in ("blockquote_open", "blockquote_close"):
                quotes += 1 if token.type.endswith("open") else -1
            elif token.type == "table_open":
                made.append(Part(TABLE, 0, "", self._table(token)))
                while self.tokens[at].type != "table_close":
                    at += 1
            elif token.type == "heading_open":
                made.append(labels.heading(self._inline(self.tokens[at + 1]), int(token.tag[1])))
                at += 2
            elif token.type in ("inline", "fence", "code_block", "html_block"):
                text = self._inline(token) if token.type == "inline" else self._code(token)
                self._add(made, text, len(lists), fresh, number, quotes)
                fresh, number = False, ""
            at += 1
        return made

    def _add(self, made: list[Part], text: str, depth: int, fresh: bool, number: str, quotes: int) -> None:
        if not text.strip():
            return
        if depth and (fresh or not made):
            found = labels.proposal(text)
            made.append(found or Part(ITEM, depth, number, text))
        elif depth and made[-1].kind == ITEM:  # a further paragraph of the item
            last = made.pop()
            made.append(Part(ITEM, last.level, last.label, f"{last.text}\n{text}"))
        elif quotes:
            part = labels.proposal(text) or Part(BOX, 0, "", text)
            made.append(part)
        else:
            part = labels.paragraph(text)
            # Markdown marks its own lists: what is numbered here is a paragraph.
            made.append(Part(PARAGRAPH, 0, part.label, part.text) if part.kind == ITEM else part)

    def _inline(self, token: Token) -> str:
        """The words with their marks, on one line but for breaks that are meant."""
        text = _HARD_BREAK.sub("\0", token.content)
        text = _SOFT_BREAK.sub(" ", text).replace("\0", "\n")
        return _REFERENCE.sub(self._referred, text).strip()

    def _referred(self, match: re.Match[str]) -> str:
        key = (match.group(2) or match.group(1)).casefold()
        url = self.references.get(key) or self.references.get(key.upper().casefold())
        return f"[{match.group(1)}]({url})" if url else match.group()

    def _code(self, token: Token) -> str:
        return token.content.strip("\n")

    def _table(self, token: Token) -> str:
        first, last = token.map or (0, 0)
        return "\n".join(line.strip() for line in self.lines[first:last]).strip()
