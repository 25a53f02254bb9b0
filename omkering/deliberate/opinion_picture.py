"""The picture of the opinion map as inline SVG: who thinks alike stands together. Pure functions.

People stand in cells of a grid, so that nobody's own place can be read from it. Groups differ by colour, by the form
of their marks and by their letter; the lists and the table beside the picture say the same in words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.utils.safestring import SafeString

from omkering.deliberate.opinion_result import COLUMNS, ROWS
from omkering.ui.charts.svg import attribute, coordinate, finish

CELL = 20.0
WIDTH, HEIGHT = COLUMNS * CELL, ROWS * CELL
SMALLEST, LARGEST = 5.0, 9.0  # half the size of a mark of one person, and of the fullest cell
FORMS = 5  # the engine finds at most five groups


@dataclass(frozen=True)
class Key:
    """A line of the legend: the mark as SVG, and what it stands for."""

    svg: SafeString
    label: str


@dataclass(frozen=True)
class Picture:
    """The whole picture with its legend."""

    svg: SafeString
    legend: list[Key]


def _circle(x: float, y: float, r: float, css: str) -> str:
    return f'<circle class="{css}" cx="{coordinate(x)}" cy="{coordinate(y)}" r="{coordinate(r)}"/>'


def _polygon(*corners: tuple[float, float]) -> Callable[[float, float, float, str], str]:
    """A form by its corners around the middle, of half size 1."""

    def draw(x: float, y: float, r: float, css: str) -> str:
        points = " ".join(f"{coordinate(x + dx * r)},{coordinate(y + dy * r)}" for dx, dy in corners)
        return f'<polygon class="{css}" points="{points}"/>'

    return draw


_FORMS = (
    _circle,
    _polygon((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    _polygon((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    _polygon((0, -1.25), (1.1, 0), (0, 1.25), (-1.1, 0)),
    _polygon((0, 1.15), (1.1, -0.85), (-1.1, -0.85)),
)
_YOU = _polygon(
    *((0, -1.6), (0.4, -0.5), (1.5, -0.5), (0.6, 0.2), (0.95, 1.3)),
    *((0, 0.6), (-0.95, 1.3), (-0.6, 0.2), (-1.5, -0.5), (-0.4, -0.5)),
)


def mark(number: int | None, x: float = 10, y: float = 10, r: float = 7) -> str:
    """The mark of a group by its number from 0, or of people in no group."""
    if number is None:
        return _circle(x, y, r, "app-opinion__dot")
    return _FORMS[number % FORMS](x, y, r, f"app-opinion__dot app-opinion__dot--{number % FORMS + 1}")


def _key(svg: str, label: str) -> Key:
    return Key(finish(['<svg viewBox="0 0 20 20" aria-hidden="true">', svg, "</svg>"]), label)


def draw(
    result: Mapping[str, Any],
    *,
    title: str,
    names: Mapping[str, str],
    nobody: str,
    you: str = "",
    own: Sequence[float] | None = None,
) -> Picture:
    """The picture of a result. `names` are the groups in words, by letter, in their order; `nobody` names people in no
    group, `you` the reader, who stands at `own` (−1 to 1).
    """
    order = {name: number for number, name in enumerate(names)}
    fullest = max((dot[3] for dot in result["dots"]), default=1)
    marks = []
    for column, row, name, people in sorted(result["dots"], key=lambda dot: -dot[3]):
        size = SMALLEST + (LARGEST - SMALLEST) * sqrt((people - 1) / max(1, fullest - 1))
        x, y = (column + 0.5) * CELL, HEIGHT - (row + 0.5) * CELL
        marks.append(mark(order.get(name), x, y, size))
    for group in result["groups"]:
        x, y = _at(group["x"], group["y"])
        marks.append(
            f'<text class="app-opinion__letter" x="{coordinate(x)}" y="{coordinate(y)}">'
            f"{attribute(group['name'])}</text>"
        )
    legend = [_key(mark(number), names[name]) for name, number in order.items()]
    if any(not dot[2] for dot in result["dots"]):
        legend.append(_key(mark(None), nobody))
    if own is not None:
        marks.append(_YOU(*_at(*own), 9, "app-opinion__you"))
        legend.append(_key(_YOU(10, 10, 6, "app-opinion__you"), you))
    head = (
        f'<svg class="app-opinion" role="img" aria-label="{attribute(title)}" '
        f'viewBox="-10 -10 {coordinate(WIDTH + 20)} {coordinate(HEIGHT + 20)}">'
        f'<path class="app-opinion__axes" d="M0 {coordinate(HEIGHT / 2)}H{coordinate(WIDTH)}'
        f'M{coordinate(WIDTH / 2)} 0V{coordinate(HEIGHT)}"/>'
    )
    return Picture(finish([head, *marks, "</svg>"]), legend)


def _at(x: float, y: float) -> tuple[float, float]:
    return (x + 1) / 2 * WIDTH, HEIGHT - (y + 1) / 2 * HEIGHT
