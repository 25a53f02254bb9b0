"""Plain text: what its blank lines, indents, numbers and line ends say of its structure."""

import re
from dataclasses import dataclass

from omkering.deliberate.reading import labels
from omkering.deliberate.reading.hyphens import Vocabulary, is_broken, join
from omkering.deliberate.reading.parts import HEADING, ITEM, PARAGRAPH, Parsed, Part

SHORT = 80  # characters that a heading has at most
SLACK = 7  # characters by which full lines differ: letters are not all equally wide
FULL = 40  # lines of at least so many characters are wrapped text
_CHAPTER = re.compile(r"\s*\d{1,2}(?:\.\d{1,2})*\.?\s+\S")
_BLANKS = re.compile(r"[ \t\u00a0\u200b]+")


@dataclass(frozen=True)
class _Line:
    """A line without its indent, and how far that was."""

    indent: int
    text: str


def read(source: str) -> Parsed:
    """The parts of a plain text. Lines of one paragraph are joined, words broken at their end too."""
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    lines = [_line(raw) for raw in source.split("\n")]
    words = Vocabulary(line.text for line in lines)
    parts: list[Part] = []
    for group in _groups(lines):
        parts += _parts(group, words, parts)
    return Parsed("", tuple(parts))


def _line(raw: str) -> _Line:
    raw = raw.rstrip().expandtabs(4) if raw[:1] in " \t" else raw.rstrip()
    text = raw.lstrip(" \u00a0")
    return _Line(len(raw) - len(text), _BLANKS.sub(" ", text))


def _groups(lines: list[_Line]) -> list[list[_Line]]:
    """Lines between blank ones."""
    groups: list[list[_Line]] = [[]]
    for line in lines:
        if line.text:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _parts(group: list[_Line], words: Vocabulary, before: list[Part]) -> list[Part]:
    """The parts of one group of lines."""
    made: list[Part] = []
    width = max(len(line.text) for line in group)
    waiting: list[_Line] = []

    def close(last: bool) -> None:
        if waiting:
            made.append(_part(waiting, words, before + made, alone=last and len(waiting) == len(group)))
            waiting.clear()

    for place, line in enumerate(group):
        if waiting and _begins(waiting, line, width):
            close(False)
        if not waiting and len(group) > 1 and _is_heading(line, indented=True):
            waiting.append(line)
            # A heading of more than one line goes on while its line is as good as full.
            if place == len(group) - 2 and _goes_on(group[-1]):
                continue
            text = _joined(waiting, words)
            made.append(labels.heading(text, _level(text, line, before + made, alone=line is group[-1])))
            waiting.clear()
            continue
        waiting.append(line)
    close(True)
    return made


def _goes_on(second: _Line) -> bool:
    return len(second.text) < SHORT // 2 and second.text[:1].islower() and second.indent < 2


def _begins(waiting: list[_Line], line: _Line, width: int) -> bool:
    """Whether this line begins something new: by a mark, an indented heading, or because its first word would have
    fitted on the line before it.
    """
    if labels.bullet(line.text) is not None or labels.proposal(line.text) is not None:
        return True
    last = waiting[-1].text
    in_list = labels.paragraph(waiting[0].text).kind == ITEM
    if labels.numbered(line.text)[0] and (in_list or last[-1:] in ".;:!?"):
        return True
    if labels.bullet(waiting[0].text) is not None and line.indent >= waiting[0].indent + 1:
        return False
    if _is_heading(line, indented=True) and (line.indent >= 2 or _CHAPTER.match(line.text)):
        return True
    if is_broken(last):
        return False
    ends = last.rstrip("’”\"')")[-1:] in ".!?:;"
    if not ends and line.text[:1].islower():
        return False
    first_word = line.text.split(" ", 1)[0]
    fits = len(last) + 1 + len(first_word) < width - (SLACK // 2 if ends else SLACK)
    return fits and (width >= FULL or ends)


def _is_heading(line: _Line, *, indented: bool) -> bool:
    """Whether a line looks like a heading: short, no end of a sentence, and indented or with a number."""
    text = line.text
    if len(text) > SHORT or text[-1:] in ".;:," or labels.bullet(text) is not None:
        return False
    if labels.proposal(text) is not None or not any(sign.isalpha() for sign in text):
        return False
    if _CHAPTER.match(text):
        label, rest = text.split(" ", 1)
        return line.indent >= 1 and rest[:1].isupper() and bool(labels.depth(label))
    return line.indent >= 2 and text[:1].isupper() if indented else text[:1].isupper()


def _level(text: str, line: _Line, before: list[Part], *, alone: bool) -> int:
    """A number says how deep a heading is; without one, it is a chapter when it stands alone and far in."""
    if found := labels.depth(labels.heading(text, 1).label):
        return found
    if alone and line.indent >= 3:
        return 1
    numbered = [part for part in before if part.kind == HEADING and labels.depth(part.label)]
    return labels.depth(numbered[-1].label) + 1 if numbered else (1 if alone else 2)


def _joined(lines: list[_Line], words: Vocabulary) -> str:
    text = ""
    for line in lines:
        text = join(text, line.text, words)
    return text


def _part(waiting: list[_Line], words: Vocabulary, before: list[Part], *, alone: bool) -> Part:
    text = _joined(waiting, words)
    first = waiting[0]
    if (alone or _is_heading(first, indented=True)) and _is_heading(_Line(first.indent, text), indented=True):
        return labels.heading(text, _level(text, first, before, alone=True))
    part = labels.paragraph(text)
    if part.kind == ITEM:
        return Part(ITEM, 1 + min(first.indent // 4, 5), part.label, part.text)
    return part if part.kind != PARAGRAPH else Part(PARAGRAPH, 0, part.label, part.text)
