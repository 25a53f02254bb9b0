"""From lines on pages to paragraphs, headings and items of lists."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from omkering.deliberate.reading import labels
from omkering.deliberate.reading.hyphens import Vocabulary, is_broken, join
from omkering.deliberate.reading.inline import escaped
from omkering.deliberate.reading.parts import BOX, ITEM, PARAGRAPH, PROPOSAL, TABLE, Part
from omkering.deliberate.reading.pdf_pages import Line, Page
from omkering.deliberate.reading.tables import joined

LARGER = 0.9  # points by which a heading is larger than the text
LONGEST_HEADING = 150
GAP = 1.35  # of the distance between two lines, from which a new paragraph begins


@dataclass(frozen=True)
class Piece:
    """A part, on which page it begins, how far in, and how large a heading is."""

    part: Part
    page: int
    x0: float = 0
    rank: float = 0


@dataclass(frozen=True)
class _Look:
    """What is usual in this text: the size of its letters, and the distance between lines as a share of it."""

    size: float
    pitch: float


def pieces_of(pages: Sequence[Page], words: Vocabulary) -> list[Piece]:
    """The parts of all pages in order; paragraphs that run on over a page or column are one."""
    lines = [line for page in pages for line in page.lines]
    look = _usual(lines)
    rights = _right_edges(lines)
    made: list[Piece] = []
    waiting: list[Line] = []
    tables = {page.number: page.tables for page in pages}
    for line in lines:
        if waiting and (line.table is not None or _begins(waiting, line, look, rights)):
            made += _closed(waiting, look, words)
            waiting = []
        if line.table is not None:
            text = tables[line.page][line.table].text
            last = made[-1] if made else None
            runs_on = last is not None and last.part.kind == TABLE and last.page + 1 == line.page
            if runs_on and (whole := joined(made[-1].part.text, text)) is not None:
                made.pop()
                text = whole
            made.append(Piece(Part(TABLE, 0, "", text), line.page))
        else:
            waiting.append(line)
    if waiting:
        made += _closed(waiting, look, words)
    return _with_levels(made)


def _usual(lines: Sequence[Line]) -> _Look:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    steps = [
        one.y1 - other.y1
        for one, other in pairwise(lines)
        if one.page == other.page and abs(one.size - size) < 1 and 0 < one.y1 - other.y1 < 2.5 * size
    ]
    return _Look(size, (median(steps) if steps else 1.25 * size) / size)


def _right_edges(lines: Sequence[Line]) -> dict[tuple[int, int | None, int], float]:
    """How far lines reach in each column of each page: by page, box, and where they begin."""
    edges: dict[tuple[int, int | None, int], float] = {}
    for line in lines:
        key = _column(line)
        edges[key] = max(edges.get(key, 0), line.x1)
    return edges


def _column(line: Line) -> tuple[int, int | None, int]:
    return line.page, line.box, int(line.x0 // 150)


def _same_style(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= 0.6 and one.bold == other.bold


def _is_heading(line: Line, look: _Look) -> bool:
    larger = line.size > look.size + LARGER
    return larger or (line.bold and line.text[-1:] not in ".;," and len(line.text) <= LONGEST_HEADING)


def _begins(
    waiting: list[Line], line: Line, look: _Look, rights: dict[tuple[int, int | None, int], float]
) -> bool:
    """Whether this line begins something new after the ones that wait."""
    last, first = waiting[-1], waiting[0]
    if (line.box is None) != (last.box is None) or (line.page == last.page and line.box != last.box):
        return True
    if _is_heading(last, look) != _is_heading(line, look) and not _same_style(last, line):
        return True
    if abs(last.size - line.size) > 0.6:
        return True
    if labels.bullet(line.text) is not None or labels.proposal(line.text) is not None:
        return True
    ends = last.text.rstrip("’”\"')")[-1:] in ".!?:;"
    in_list = labels.paragraph(first.text).kind == ITEM or bool(labels.numbered(first.text)[0])
    if labels.numbered(line.text)[0] and (ends or in_list):
        return True
    if line.page != last.page or line.y0 >= last.y1:  # another page or column
        if _is_heading(last, look):
            return ends or not line.text[:1].islower()
        # A paragraph that ends just where the page does, on a full line, cannot be told from one that goes on.
        elsewhere = line.x0 < first.x0 + 2 if in_list else abs(line.x0 - last.x0) > 2
        return ends and (elsewhere or not _is_full(last, line, rights))
    if _is_heading(line, look) and _is_heading(last, look):
        return last.y1 - line.y1 > 1.8 * look.pitch * line.size or bool(labels.depth(line.text.split(" ")[0]))
    if last.y1 - line.y1 > GAP * look.pitch * max(line.size, look.size):
        return True
    if is_broken(last.text):
        return False
    if in_list:
        return line.x0 < first.x0 + 2 and ends and line.x0 < waiting[1].x0 - 2 if len(waiting) > 1 else False
    if line.x0 - last.x0 > 0.8 * look.size and ends:
        return True
    return ends and not _is_full(last, line, rights)


def _is_full(last: Line, line: Line, rights: dict[tuple[int, int | None, int], float]) -> bool:
    """Whether the first word of this line would not have fitted on the one before it."""
    word = len(line.text.split(" ", 1)[0]) + 1
    width = (line.x1 - line.x0) / max(len(line.text), 1) * word
    return last.x1 + width > rights[_column(last)] - last.size


def _closed(lines: list[Line], look: _Look, words: Vocabulary) -> list[Piece]:
    """The part that these lines are."""
    text = ""
    for line in lines:
        text = join(text, line.text, words)
    first = lines[0]
    found = labels.proposal(text)
    heading = all(_is_heading(line, look) for line in lines) and len(text) <= 2 * LONGEST_HEADING
    if found is None and heading and first.box is None and labels.bullet(text) is None:
        part = labels.heading(text, 1)
        rank = round(first.size * 2) / 2 + (0.1 if first.bold else 0)
        return [Piece(_escaped(part), first.page, first.x0, rank)]
    part = found or labels.paragraph(text)
    if first.box is not None and part.kind == PARAGRAPH:
        part = Part(BOX, 0, part.label, part.text)
    return [Piece(_escaped(part), first.page, first.x0)]


def _escaped(part: Part) -> Part:
    return replace(part, text=escaped(part.text))


def _with_levels(pieces: list[Piece]) -> list[Piece]:
    """Items of a list one level deeper for each step to the right, within one run of items."""
    made: list[Piece] = []
    run: list[Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and piece.part.kind == ITEM:
            run.append(piece)
            continue
        steps: list[float] = []
        for place in sorted(one.x0 for one in run):
            if not steps or place - steps[-1] > 4:
                steps.append(place)
        for one in run:
            level = max(i for i, step in enumerate(steps, 1) if one.x0 >= step - 1)
            made.append(replace(one, part=replace(one.part, level=min(level, 6))))
        run = []
        if piece is not None:
            made.append(piece)
    return _titled_boxes(made)


def _titled_boxes(pieces: list[Piece]) -> list[Piece]:
    """A proposal without words of its own takes those of the box under it."""
    made: list[Piece] = []
    for piece in pieces:
        last = made[-1].part if made else None
        if (
            last is not None
            and last.kind == PROPOSAL
            and not last.text
            and piece.part.kind in (BOX, PARAGRAPH)
        ):
            made[-1] = replace(made[-1], part=replace(last, text=piece.part.text))
        else:
            made.append(piece)
    return made
