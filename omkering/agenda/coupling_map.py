"""The map of couplings as inline SVG: challenges around an open field, and across it how they hang together.

Challenges stand clockwise in the order of the agenda, so that each keeps its place. Every line stays within the
field, so that none runs through a name. The five kinds differ by dash, by the sign on the line and by colour. Pure
functions; the table beneath the picture says the same in words.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import atan2, degrees, dist
from textwrap import wrap

from django.utils.safestring import SafeString

from omkering.ui.charts.svg import attribute, coordinate, finish

BOX_WIDTH, BOX_HEIGHT = 176.0, 64.0
COLUMN, ROW = 200.0, 84.0  # from one box to the next
LETTERS, LINES = 22, 2  # that fit in a box
MARGIN = 12  # around the whole, for signs on the edge of a box
SIGN = 8.0  # half the size of the sign on a line
KINDS = ("strengthens", "competes_space", "competes_staff", "competes_money", "needs_first")
DIRECTED = "needs_first"

Point = tuple[float, float]


@dataclass(frozen=True)
class Node:
    """A challenge: its title and page; `label` is its name for who hears the picture. `marked` ones stand out,
    `beside` ones less so; `warning` says that aims pull apart.
    """

    key: int
    title: str
    url: str
    label: str
    marked: bool = False
    beside: bool = False
    warning: bool = False


@dataclass(frozen=True)
class Edge:
    """A coupling of one of `KINDS` in words; a `faint` one is there for the whole only."""

    first: int
    second: int
    kind: str
    words: str
    faint: bool = False


@dataclass(frozen=True)
class Place:
    """Where a box stands: its top left corner, and on which side of the field."""

    x: float
    y: float
    side: str  # top, right, bottom or left

    @property
    def centre(self) -> Point:
        """The middle of the box."""
        return self.x + BOX_WIDTH / 2, self.y + BOX_HEIGHT / 2


@dataclass(frozen=True)
class Layout:
    """Places by key, and the size of the whole."""

    places: dict[int, Place]
    width: float
    height: float

    @property
    def field(self) -> tuple[float, float, float, float]:
        """The open field: left, top, right, bottom."""
        return BOX_WIDTH, BOX_HEIGHT, self.width - BOX_WIDTH, self.height - BOX_HEIGHT


def layout(keys: Sequence[int]) -> Layout:
    """Boxes clockwise around the field, in the order given: at most four above and below, the rest beside it."""
    number = len(keys)
    across = min(4, number // 4)
    beside = number - 2 * across
    right = (beside + 1) // 2
    rows = max(right, 4)
    width = (max(across, 2) + 1) * COLUMN + BOX_WIDTH
    height = (rows + 1) * ROW + BOX_HEIGHT
    spots: list[Place] = []
    shift = (width - (across - 1) * COLUMN - BOX_WIDTH) / 2  # the row stands in the middle
    spots += [Place(shift + n * COLUMN, 0.0, "top") for n in range(across)]
    spots += [Place(width - BOX_WIDTH, y, "right") for y in _spread(right, height)]
    spots += [Place(shift + n * COLUMN, height - BOX_HEIGHT, "bottom") for n in reversed(range(across))]
    spots += [Place(0.0, y, "left") for y in reversed(_spread(beside - right, height))]
    return Layout(dict(zip(keys, spots, strict=True)), width, height)


def _spread(number: int, height: float) -> list[float]:
    """The tops of so many boxes beside the field, between the rows above and below."""
    low, room = ROW, height - 2 * ROW - BOX_HEIGHT
    if number == 1:
        return [low + room / 2]
    return [low + n * room / (number - 1) for n in range(number)]


@dataclass(frozen=True)
class Curve:
    """A line as a cubic Bézier curve, from the box of the first challenge to that of the second."""

    start: Point
    bend: Point
    other_bend: Point
    end: Point

    def at(self, t: float) -> Point:
        """The point a part `t` of the way along."""
        s = 1 - t
        a, b, c, d = s**3, 3 * s * s * t, 3 * s * t * t, t**3
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.start, self.bend, self.other_bend, self.end
        return a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3

    def direction(self, t: float) -> float:
        """The direction there, in degrees clockwise from the right."""
        (x1, y1), (x2, y2) = self.at(t - 0.01), self.at(t + 0.01)
        return degrees(atan2(y2 - y1, x2 - x1))


def curves(plan: Layout, edges: Sequence[Edge]) -> list[Curve]:
    """A line for each edge. The lines of a box begin side by side, in the order of where they go, and bend through
    the field.
    """
    ends: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for number, edge in enumerate(edges):
        for here, there in ((edge.first, edge.second), (edge.second, edge.first)):
            x, y = plan.places[there].centre
            ends[here].append((x if plan.places[here].side in ("top", "bottom") else y, there, number))
    anchors: dict[tuple[int, int], Point] = {}
    for key, found in ends.items():
        for place, (_order, _there, number) in enumerate(sorted(found)):
            anchors[key, number] = _anchor(plan.places[key], (place + 1) / (len(found) + 1))
    left, top, right, bottom = plan.field
    made = []
    for number, edge in enumerate(edges):
        start, end = anchors[edge.first, number], anchors[edge.second, number]
        reach = 40 + 0.4 * dist(start, end)
        bends = []
        for key, (x, y) in ((edge.first, start), (edge.second, end)):
            dx, dy = _inward(plan.places[key].side)
            bends.append((min(max(x + dx * reach, left), right), min(max(y + dy * reach, top), bottom)))
        made.append(Curve(start, bends[0], bends[1], end))
    return made


def _inward(side: str) -> tuple[int, int]:
    return {"top": (0, 1), "bottom": (0, -1), "left": (1, 0), "right": (-1, 0)}[side]


def _anchor(place: Place, share: float) -> Point:
    """The point on the box's side to the field, a part of the way along it."""
    if place.side in ("top", "bottom"):
        return place.x + share * BOX_WIDTH, place.y + (BOX_HEIGHT if place.side == "top" else 0)
    return place.x + (BOX_WIDTH if place.side == "left" else 0), place.y + share * BOX_HEIGHT


_TRIES = tuple(0.5 + step * sign * 0.05 for step in range(7) for sign in (1, -1))


def sign_places(lines: Sequence[Curve]) -> list[float]:
    """How far along each line its sign stands: near the middle, and clear of the signs before it where it can."""
    taken: list[Point] = []
    found = []
    for line in lines:
        best, widest = 0.5, -1.0
        for t in _TRIES:
            here = line.at(t)
            room = min([dist(here, point) for point in taken], default=1e9)
            if room > widest:
                best, widest = t, room
            if room > 3 * SIGN:
                break
        taken.append(line.at(best))
        found.append(best)
    return found


# --- drawing -----------------------------------------------------------------------------------------------
def _numbers(*values: float) -> str:
    return " ".join(coordinate(value) for value in values)


def _sign(kind: str, point: Point, direction: float) -> str:
    """The sign of a kind: a plus, a square, a triangle, a diamond, or an arrow along the line."""
    x, y, r = *point, SIGN
    css = f'class="app-coupling__sign app-coupling__sign--{kind}"'
    if kind == "strengthens":
        plus = f"M{_numbers(x - r / 2, y)}h{_numbers(r)}M{_numbers(x, y - r / 2)}v{_numbers(r)}"
        circle = f'<circle {css} cx="{coordinate(x)}" cy="{coordinate(y)}" r="{coordinate(r)}"/>'
        return f'{circle}<path {css} d="{plus}"/>'
    shapes = {
        "competes_space": f"M{_numbers(x - 7, y - 7)}h14v14h-14z",
        "competes_staff": f"M{_numbers(x, y - r)}l9 15h-18z",
        "competes_money": f"M{_numbers(x, y - 10)}l10 10l-10 10l-10 -10z",
        "needs_first": f"M{_numbers(x + 9, y)}l-15 8v-16z",
    }
    turn = f' transform="rotate({_numbers(direction, x, y)})"' if kind == DIRECTED else ""
    return f'<path {css} d="{shapes[kind]}"{turn}/>'


def _line(edge: Edge, line: Curve, t: float) -> str:
    path = f"M{_numbers(*line.start)}C{_numbers(*line.bend, *line.other_bend, *line.end)}"
    css = f"app-coupling app-coupling--{edge.kind}{' app-coupling--faint' if edge.faint else ''}"
    drawn = f'<path class="{css}" d="{path}"/>'
    if edge.faint:
        return drawn
    title = f"<title>{attribute(edge.words)}</title>"
    return f"<g>{title}{drawn}{_sign(edge.kind, line.at(t), line.direction(t))}</g>"


def _box(node: Node, place: Place) -> str:
    lines = wrap(node.title, LETTERS, max_lines=LINES, placeholder=" …") or [""]
    first = place.y + BOX_HEIGHT / 2 + 5 - 9 * (len(lines) - 1)
    texts = "".join(
        f'<text x="{coordinate(place.x + 12)}" y="{coordinate(first + 18 * number)}">{attribute(line)}</text>'
        for number, line in enumerate(lines)
    )
    label = attribute(node.label)
    box = (
        f'<rect x="{coordinate(place.x)}" y="{coordinate(place.y)}" width="{coordinate(BOX_WIDTH)}" '
        f'height="{coordinate(BOX_HEIGHT)}" rx="4"><title>{label}</title></rect>'
    )
    corner = place.x + BOX_WIDTH - 16, place.y
    warning = (
        f'<path class="app-coupling__warning" d="M{_numbers(corner[0], corner[1] - 9)}l10 17h-20z"/>'
        f'<text class="app-coupling__warning" x="{coordinate(corner[0])}" y="{coordinate(corner[1] + 6)}">!</text>'
        if node.warning
        else ""
    )
    css = ' class="app-coupling__marked"' if node.marked else ""
    css = css or (' class="app-coupling__beside"' if node.beside else "")
    return f'<a{css} href="{attribute(node.url)}" aria-label="{label}">{box}{texts}{warning}</a>'


def coupling_map(nodes: Sequence[Node], edges: Sequence[Edge], *, title: str, description: str) -> SafeString:
    """SVG of challenges and their couplings; empty where there are no challenges.

    Edges between challenges that are not among the nodes are left out. Raises ValueError for a kind that is not
    one of `KINDS` and for a challenge that stands there twice.
    """
    if not nodes:
        return finish([])
    if len({node.key for node in nodes}) != len(nodes):
        raise ValueError("A challenge stands in the map twice.")
    if unknown := {edge.kind for edge in edges} - set(KINDS):
        raise ValueError(f"There is no kind of coupling {min(unknown)!r}.")
    plan = layout([node.key for node in nodes])
    # What is faint lies beneath.
    shown = sorted(
        (edge for edge in edges if edge.first in plan.places and edge.second in plan.places),
        key=lambda edge: not edge.faint,
    )
    lines = curves(plan, shown)
    clear = [line for edge, line in zip(shown, lines, strict=True) if not edge.faint]
    signs = [0.5] * (len(lines) - len(clear)) + sign_places(clear)
    drawn = [_line(edge, line, t) for edge, line, t in zip(shown, lines, signs, strict=True)]
    boxes = [_box(node, plan.places[node.key]) for node in nodes]
    size = _numbers(plan.width + 2 * MARGIN), _numbers(plan.height + 2 * MARGIN)
    head = (
        f'<svg class="app-chain app-couplings" role="group" aria-labelledby="couplings-title" '
        f'aria-describedby="couplings-description" viewBox="-{MARGIN} -{MARGIN} {size[0]} {size[1]}" width="{size[0]}" '
        f'height="{size[1]}"><title id="couplings-title">{attribute(title)}</title>'
        f'<desc id="couplings-description">{attribute(description)}</desc>'
    )
    return finish([head, '<g aria-hidden="true">', *drawn, "</g>", *boxes, "</svg>"])


def sample(kind: str) -> SafeString:
    """A piece of line with its sign, for the legend."""
    line = Curve((2.0, 12.0), (20.0, 12.0), (44.0, 12.0), (62.0, 12.0))
    drawn = f'<path class="app-coupling app-coupling--{kind}" d="M2 12H62"/>{_sign(kind, line.at(0.5), 0.0)}'
    return finish([f'<svg viewBox="0 0 64 24" aria-hidden="true" focusable="false">{drawn}</svg>'])


def related(edges: Collection[Edge], keys: Collection[int]) -> set[int]:
    """The challenges that are coupled to one of `keys`, and those themselves."""
    found = set(keys)
    for edge in edges:
        if edge.first in keys or edge.second in keys:
            found |= {edge.first, edge.second}
    return found
