"""What stands on every page of a PDF: headers, footers and page numbers."""

import re
from collections import defaultdict
from collections.abc import Sequence

from omkering.deliberate.reading.pdf_pages import Line, Page

MARGIN = 0.12  # of the height of a page, above and below
_NUMBER = re.compile(
    r"(?:[-–|]\s*)?(?:pagina|page|blz\.?|p\.)?\s*(\d{1,4})(?:\s*(?:van|of|/|\|)\s*\d{1,4})?(?:\s*[-–|])?",
    re.IGNORECASE,
)


def without_running_lines(pages: Sequence[Page]) -> tuple[list[Page], list[tuple[str, int]]]:
    """The pages without them, and what was left out: the text where it first stands, and on how many pages."""
    places: dict[tuple[str, bool], list[tuple[int, Line]]] = defaultdict(list)
    for index, page in enumerate(pages):
        for line in page.lines:
            if line.table is None and (side := _side(line, page)) is not None:
                places[_key(line.text), side].append((index, line))
    dropped: set[int] = set()
    told: list[tuple[str, int]] = []
    for (_text, _above), found in places.items():
        on = {index for index, _line in found}
        if _is_running(found, len(pages)):
            dropped |= {id(line) for _index, line in found}
            if not _NUMBER.fullmatch(found[0][1].text):
                told.append((found[0][1].text, len(on)))
    kept = [
        Page(page.number, page.height, [line for line in page.lines if id(line) not in dropped], page.tables)
        for page in pages
    ]
    return kept, told


def _side(line: Line, page: Page) -> bool | None:
    """True in the upper margin, False in the lower one, None in the text."""
    if line.y0 > page.height * (1 - MARGIN):
        return True
    return False if line.y1 < page.height * MARGIN else None


def _key(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold())


def _is_running(found: list[tuple[int, Line]], pages: int) -> bool:
    """Whether lines that say the same stand at the same height of several pages, or number them."""
    on = {index for index, _line in found}
    heights = sorted(line.y0 for _index, line in found)
    if heights[-1] - heights[0] > 12:
        return False
    matches = [(index, _NUMBER.fullmatch(line.text)) for index, line in found]
    if all(match for _index, match in matches):
        shifts = {int(match.group(1)) - index for index, match in matches if match}
        return len(shifts) == 1 and (len(on) > 1 or shifts == {1})
    return len(on) >= 3 or (pages == 2 and len(on) == 2)
