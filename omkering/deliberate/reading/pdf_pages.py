"""A page of a PDF: its lines in reading order, its tables and its boxes.

Coordinates are points from the lower left corner, as PDF has them.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTAnno, LTChar, LTContainer, LTCurve, LTPage, LTTextLine
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from omkering.deliberate.reading import labels
from omkering.deliberate.reading.pdf_grids import Area, areas_of
from omkering.deliberate.reading.tables import markdown_table

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ĳ": "ij", "Ĳ": "IJ"})
GUTTER = 9.0  # points between two columns, at least
COLUMN = 4  # lines that a column has, at least


@dataclass(frozen=True)
class Line:
    """A line of text: its place, the size of its letters, whether all are bold, and the box it stands in."""

    page: int
    x0: float
    x1: float
    y0: float
    y1: float
    text: str
    size: float
    bold: bool
    box: int | None = None
    table: int | None = None  # the number of a table that stands at this place


@dataclass(frozen=True)
class Table:
    """A table as Markdown, and its words."""

    text: str


@dataclass
class Page:
    """A page: its height, its lines in reading order, and its tables."""

    number: int
    height: float
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def layouts(stream: io.BytesIO) -> Iterator[LTPage]:
    """The layout of each page, one at a time."""
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams(boxes_flow=None, all_texts=True))
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.get_pages(stream):
        interpreter.process_page(page)
        yield device.get_result()


def page_of(layout: LTPage, number: int) -> Page:
    """The lines of a page in reading order; what stands in a table is there as one."""
    found: list[LTTextLine] = []
    shapes: list[LTCurve] = []
    _gather(layout, found, shapes)
    areas = areas_of(shapes, layout.width, layout.height)
    grids = [area for area in areas if area.is_grid]
    page = Page(number, layout.height)
    cells: list[list[LTChar]] = [[] for _grid in grids]
    lines: list[Line] = []
    for one in found:
        rest: list[LTChar | LTAnno] = []
        for sign in one:
            place = next((i for i, grid in enumerate(grids) if _inside(sign, grid)), None)
            if place is not None and isinstance(sign, LTChar):
                cells[place].append(sign)
            else:
                rest.append(sign)
        if (line := _line(rest, number, areas)) is not None:
            lines.append(line)
    for grid, signs in zip(grids, cells, strict=True):
        if text := _table(grid, signs):
            mark = Line(number, grid.x0, grid.x1, grid.y0, grid.y1, "", 0, False, None, len(page.tables))
            lines.append(mark)
            page.tables.append(Table(text))
    page.lines = _in_order(_in_rows(lines))
    return page


def _gather(item: LTContainer, lines: list[LTTextLine], shapes: list[LTCurve]) -> None:
    for child in item:
        if isinstance(child, LTTextLine):
            lines.append(child)
        elif isinstance(child, LTCurve):
            shapes.append(child)
        elif isinstance(child, LTContainer):
            _gather(child, lines, shapes)


def _inside(sign: LTChar | LTAnno, area: Area) -> bool:
    if not isinstance(sign, LTChar):
        return False
    return area.holds((sign.x0 + sign.x1) / 2, (sign.y0 + sign.y1) / 2)


def _line(signs: list[LTChar | LTAnno], number: int, areas: list[Area]) -> Line | None:
    letters = [sign for sign in signs if isinstance(sign, LTChar) and sign.get_text().strip()]
    text = "".join(sign.get_text() for sign in signs).translate(_LIGATURES).replace("\u00a0", " ")
    text = " ".join(text.split())
    if not letters or not text:
        return None
    sizes = sorted(sign.size for sign in letters)
    x0, x1 = min(sign.x0 for sign in letters), max(sign.x1 for sign in letters)
    y0, y1 = min(sign.y0 for sign in letters), max(sign.y1 for sign in letters)
    middle = (x0 + x1) / 2, (y0 + y1) / 2
    box = next((i for i, area in enumerate(areas) if not area.is_grid and area.holds(*middle)), None)
    bold = all(_is_bold(sign) for sign in letters if sign.get_text().isalnum())
    return Line(number, x0, x1, y0, y1, text, round(sizes[len(sizes) // 2], 1), bold, box)


def _is_bold(sign: LTChar) -> bool:
    name = sign.fontname.casefold()
    return any(word in name for word in ("bold", "black", "heavy", "semibold", "demi"))


def _table(grid: Area, signs: list[LTChar]) -> str:
    """The cells of a grid as a Markdown table."""
    rows: list[list[list[LTChar]]] = [[[] for _x in grid.xs[1:]] for _y in grid.ys[1:]]
    for sign in signs:
        column = _slot(grid.xs, (sign.x0 + sign.x1) / 2)
        row = len(grid.ys) - 2 - _slot(grid.ys, (sign.y0 + sign.y1) / 2)
        rows[row][column].append(sign)
    words = [[_words(cell) for cell in row] for row in rows]
    return markdown_table(words) if any(any(row) for row in words) else ""


def _slot(borders: tuple[float, ...], at: float) -> int:
    place = sum(border <= at for border in borders) - 1
    return min(max(place, 0), len(borders) - 2)


def _words(signs: list[LTChar]) -> str:
    """The letters of a cell as lines of words."""
    lines: list[list[LTChar]] = []
    for sign in sorted(signs, key=lambda sign: (-round(sign.y0), sign.x0)):
        if lines and abs(lines[-1][0].y0 - sign.y0) < sign.size / 2:
            lines[-1].append(sign)
        else:
            lines.append([sign])
    text = []
    for line in lines:
        end = None
        for sign in sorted(line, key=lambda sign: sign.x0):
            if end is not None and sign.x0 - end > sign.size * 0.15:
                text.append(" ")
            text.append(sign.get_text())
            end = sign.x1
        text.append("\n")
    return "".join(text).translate(_LIGATURES).strip()


# --- reading order -----------------------------------------------------------------------------------------------
def _in_rows(lines: list[Line]) -> list[Line]:
    """Marks and numbers joined with the words they stand before."""
    joined: list[Line] = []
    taken: set[int] = set()
    ordered = sorted(lines, key=lambda line: line.x0)
    for i, line in enumerate(ordered):
        if i in taken:
            continue
        if line.table is None and _is_mark(line.text):
            after = [
                j
                for j, other in enumerate(ordered)
                if j not in taken
                and other.table is None
                and other.x0 >= line.x1 - 1
                and _same_row(line, other)
            ]
            if after and ordered[after[0]].x0 - line.x1 < 5 * line.size:
                other = ordered[after[0]]
                taken.add(after[0])
                text = f"{line.text} {other.text}"
                line = Line(
                    line.page, line.x0, other.x1, other.y0, other.y1, text, other.size, other.bold, other.box
                )
        joined.append(line)
    return joined


def _is_mark(text: str) -> bool:
    return (
        labels.bullet(f"{text} x") == "x"
        or labels.numbered(f"{text} X")[1] == "X"
        or bool(labels.depth(text))
    )


def _same_row(one: Line, other: Line) -> bool:
    shared = min(one.y1, other.y1) - max(one.y0, other.y0)
    return shared > 0.5 * min(one.y1 - one.y0, other.y1 - other.y0)


def _in_order(lines: list[Line]) -> list[Line]:
    """Column by column where there are columns, else from top to bottom: the page is cut where it is empty."""
    if len(lines) < 2 * COLUMN:
        return _from_top(lines)
    if (cut := _gutter(lines)) is not None:
        return _in_order([one for one in lines if one.x1 <= cut]) + _in_order(
            [one for one in lines if one.x0 >= cut]
        )
    gaps = _gaps(sorted(lines, key=lambda line: -line.y1))
    for _gap, cut in sorted(gaps, reverse=True)[:3]:
        upper, lower = [one for one in lines if one.y0 >= cut], [one for one in lines if one.y1 <= cut]
        if _gutter(upper) is not None or _gutter(lower) is not None:
            return _in_order(upper) + _in_order(lower)
    return _from_top(lines)


def _from_top(lines: Iterable[Line]) -> list[Line]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-line.y1, line.x0)):
        if rows and _same_row(rows[-1][0], line) and line.table is None and rows[-1][0].table is None:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.x0)]


def _gaps(lines: list[Line]) -> list[tuple[float, float]]:
    """Empty stretches across all lines, from top to bottom: how high, and where."""
    gaps = []
    bottom = lines[0].y0
    for line in lines[1:]:
        if line.y1 <= bottom:
            gaps.append((bottom - line.y1, (bottom + line.y1) / 2))
        bottom = min(bottom, line.y0)
    return gaps


def _gutter(lines: list[Line]) -> float | None:
    """Where an empty strip divides the lines into two columns of some lines each; None where none does."""
    if len(lines) < 2 * COLUMN:
        return None
    spans = sorted((line.x0, line.x1) for line in lines)
    end, best = spans[0][1], None
    whole = max(x1 for _x0, x1 in spans) - spans[0][0]
    for x0, x1 in spans[1:]:
        if x0 - end >= GUTTER:
            cut = (x0 + end) / 2
            left, right = [one for one in lines if one.x1 <= cut], [one for one in lines if one.x0 >= cut]
            wide = min(max(one.x1 - one.x0 for one in side) for side in (left, right)) > whole / 5
            if min(len(left), len(right)) >= COLUMN and wide:
                best = cut
                break
        end = max(end, x1)
    return best
