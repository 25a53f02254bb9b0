"""The ruled grids and boxes of a page, from the lines and surfaces that are drawn on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pdfminer.layout import LTCurve, LTLine, LTRect

THIN = 2.5  # points: a surface that is no wider is a line
NEAR = 3.0  # points between ends that meet
LEAST_BOX = 0.3  # of the width of the page
MOST_BOX = 0.9  # of its height


@dataclass(frozen=True)
class Area:
    """A rectangle on the page; a grid has borders of columns (`xs`) and rows (`ys`), both rising."""

    x0: float
    y0: float
    x1: float
    y1: float
    xs: tuple[float, ...] = ()
    ys: tuple[float, ...] = ()

    @property
    def is_grid(self) -> bool:
        """Whether it is a table, or what a page shows of one: two columns at least."""
        return len(self.xs) > 2

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x0 - 1 <= x <= self.x1 + 1 and self.y0 - 1 <= y <= self.y1 + 1


@dataclass(frozen=True)
class _Rule:
    """A line: upright at `at` from `low` to `high`, or level."""

    upright: bool
    at: float
    low: float
    high: float


def areas_of(shapes: Sequence[LTCurve], width: float, height: float) -> list[Area]:
    """The grids and boxes of a page of this size, the smallest first."""
    rules: list[_Rule] = []
    surfaces: list[Area] = []
    for shape in shapes:
        w, h = shape.x1 - shape.x0, shape.y1 - shape.y0
        if w <= THIN < h or (isinstance(shape, LTLine) and w < h and w < 1):
            rules.append(_Rule(True, (shape.x0 + shape.x1) / 2, shape.y0, shape.y1))
        elif h <= THIN < w:
            rules.append(_Rule(False, (shape.y0 + shape.y1) / 2, shape.x0, shape.x1))
        elif isinstance(shape, LTRect) and w > THIN and h > THIN and h < MOST_BOX * height:
            if shape.stroke:
                rules += _sides(shape)
            surfaces.append(Area(shape.x0, shape.y0, shape.x1, shape.y1))
    grids = [area for group in _joined(rules) if (area := _grid(group)) is not None]
    tables = [area for area in grids if area.is_grid]
    boxes = [
        area
        for area in [*(area for area in grids if not area.is_grid), *surfaces]
        if area.x1 - area.x0 >= LEAST_BOX * width and area.y1 - area.y0 < MOST_BOX * height
    ]
    kept: list[Area] = []
    for area in sorted(boxes, key=_size, reverse=True):
        # A surface behind a table, or within another box, is no box of its own.
        if not any(_covers(other, area) for other in kept) and not any(_overlap(area, one) for one in tables):
            kept.append(area)
    return sorted([*tables, *kept], key=_size)


def _sides(shape: LTRect) -> list[_Rule]:
    return [
        _Rule(True, shape.x0, shape.y0, shape.y1),
        _Rule(True, shape.x1, shape.y0, shape.y1),
        _Rule(False, shape.y0, shape.x0, shape.x1),
        _Rule(False, shape.y1, shape.x0, shape.x1),
    ]


def _size(area: Area) -> float:
    return (area.x1 - area.x0) * (area.y1 - area.y0)


def _covers(outer: Area, inner: Area) -> bool:
    return outer.holds(inner.x0, inner.y0) and outer.holds(inner.x1, inner.y1)


def _overlap(one: Area, other: Area) -> bool:
    return (
        min(one.x1, other.x1) > max(one.x0, other.x0) + 1
        and min(one.y1, other.y1) > max(one.y0, other.y0) + 1
    )


def _joined(rules: list[_Rule]) -> Iterable[list[_Rule]]:
    """Lines that touch each other, together."""
    parent = list(range(len(rules)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    upright = [i for i, rule in enumerate(rules) if rule.upright]
    level = sorted((i for i, rule in enumerate(rules) if not rule.upright), key=lambda i: rules[i].at)
    for i in upright:
        for j in level:
            if rules[j].at > rules[i].high + NEAR:
                break
            crosses = rules[j].low - NEAR <= rules[i].at <= rules[j].high + NEAR
            if crosses and rules[j].at >= rules[i].low - NEAR:
                parent[root(i)] = root(j)
    groups: dict[int, list[_Rule]] = defaultdict(list)
    for i, rule in enumerate(rules):
        groups[root(i)].append(rule)
    return groups.values()


def _grid(rules: list[_Rule]) -> Area | None:
    xs = _snapped(rule.at for rule in rules if rule.upright)
    ys = _snapped(rule.at for rule in rules if not rule.upright)
    if len(xs) < 2 or len(ys) < 2:
        return None
    return Area(xs[0], ys[0], xs[-1], ys[-1], xs, ys)


def _snapped(values: Iterable[float]) -> tuple[float, ...]:
    """Places without those that are as good as the same."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > NEAR:
            kept.append(value)
    return tuple(kept)
