"""Maps of members: one hexagon each (`tile_map`) or real shapes (`shape_map`), and the same figures as rows.

Both give a `Map` with the SVG, the legend and the rows of the table beneath; the template `ui/tile_map.html`
shows the three together. Hexagons are pointy-top; odd rows are shifted half a tile to the right. No style
attribute is used: the classes of `app.css` carry the colours.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import cos, radians, sqrt

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from omkering.ui.charts.svg import NO_FIGURE, Number, Scale, attribute, coordinate, finish, make_scale
from omkering.ui.table_rows import table_rows
from omkering.ui.templatetags.ui import number

RADIUS = 10.0  # of a tile, centre to corner, in units of the picture
GAP = 0.5  # left free around each tile
SHAPE_WIDTH = 700.0  # of a map of shapes, in units of the picture


@dataclass(frozen=True)
class Tile:
    """A member's place: column and row count from the north-west. `sort_key` orders the table and the tab
    order.
    """

    key: str
    name: str
    column: int
    row: int
    url: str = ""
    sort_key: str = ""


@dataclass(frozen=True)
class Shape:
    """A member's boundary: polygons, each a list of rings of (longitude, latitude) in degrees."""

    key: str
    name: str
    polygons: Sequence[Sequence[Sequence[Sequence[float]]]]
    url: str = ""
    sort_key: str = ""


@dataclass(frozen=True)
class Unit:
    """The word after a figure, and the one after the figure 1 where that differs."""

    many: str
    one: str = ""

    def __str__(self) -> str:
        return self.many

    def __bool__(self) -> bool:
        return bool(self.many)

    def after(self, figure: str) -> str:
        """The figure with its word: "1 signal", "2 signals"."""
        return f"{figure} {self.one if self.one and figure == '1' else self.many}".rstrip()


@dataclass(frozen=True)
class Row:
    """A line of the table beneath the map; `value` is the text the picture shows too."""

    key: str
    name: str
    url: str
    value: str
    step: str


@dataclass(frozen=True)
class Map:
    """A picture with its legend (CSS class, label) and its table, in order of name."""

    svg: SafeString
    legend: list[tuple[str, str]]
    rows: list[Row]
    caption: str
    unit: Unit = Unit("")
    scale: Scale | None = field(default=None, repr=False)

    @property
    def legend_in_words(self) -> list[tuple[str, str]]:
        """The legend with the word of its figures."""
        return [(css, label if css == NO_FIGURE else self.unit.after(label)) for css, label in self.legend]

    @property
    def table_rows(self) -> SafeString:
        """The rows of the table as HTML."""
        return table_rows(((row.url, row.name, (row.value,)) for row in self.rows), ["number"])


def tile_centre(column: int, row: int) -> tuple[float, float]:
    """Centre of a tile in units of the picture."""
    width = sqrt(3) * RADIUS
    return (column + (0.5 if row % 2 else 0.0)) * width, row * 1.5 * RADIUS


def tile_corners(column: int, row: int) -> list[tuple[float, float]]:
    """The six corners of a drawn tile, from the top, clockwise."""
    x, y = tile_centre(column, row)
    r = RADIUS - GAP
    half = r * sqrt(3) / 2
    return [
        (x, y - r),
        (x + half, y - r / 2),
        (x + half, y + r / 2),
        (x, y + r),
        (x - half, y + r / 2),
        (x - half, y - r / 2),
    ]


def _rows(
    places: Sequence[Tile | Shape],
    values: Mapping[str, Number | None],
    scale: Scale | None,
    decimals: int,
) -> list[Row]:
    nothing = _("no figure")
    texts: dict[Number | None, str] = {None: nothing}
    rows = []
    for place in sorted(places, key=lambda p: (p.sort_key or p.name.casefold(), p.key)):
        value = values.get(place.key)
        if value not in texts:
            texts[value] = number(value, decimals)
        step = scale.step(value) if scale else NO_FIGURE
        rows.append(Row(place.key, place.name, place.url, texts[value], step))
    return rows


def _mark(row: Row, path: str, unit: Unit) -> str:
    """One member in the picture: a link with its name and figure, or the shape alone where it has no page."""
    label = attribute(f"{row.name}: {row.value if row.step == NO_FIGURE else unit.after(row.value)}")
    shape = f'<path class="app-map__shape {row.step}" d="{path}"><title>{label}</title></path>'
    if not row.url:
        return f'<g role="img" aria-label="{label}">{shape}</g>'
    return f'<a href="{attribute(row.url)}" aria-label="{label}">{shape}</a>'


def picture(
    rows: list[Row], paths: Mapping[str, str], box: tuple[float, ...], caption: str, unit: Unit
) -> SafeString:
    """The SVG of members as drawn by `hexagons` or `outlines`, each in the class and words of its row."""
    view = " ".join(coordinate(v) for v in box)
    marks = [_mark(row, paths[row.key], unit) for row in rows]
    return finish(
        [
            f'<svg data-map="" role="group" aria-label="{attribute(caption)}" viewBox="{view}">',
            *marks,
            "</svg>",
        ]
    )


def _build(
    places: Sequence[Tile] | Sequence[Shape],
    paths: Mapping[str, str],
    box: tuple[float, ...],
    values: Mapping[str, Number | None],
    caption: str,
    unit: str | Unit,
    breaks: Sequence[Number] | None,
    decimals: int,
) -> Map:
    unit = unit if isinstance(unit, Unit) else Unit(unit)
    keys = {place.key for place in places}
    if len(keys) != len(places):
        raise ValueError("A member stands on the map twice.")
    scale = make_scale((values.get(key) for key in keys), breaks)
    rows = _rows(places, values, scale, decimals)
    legend = scale.legend(decimals) if scale else []
    if any(row.step == NO_FIGURE for row in rows):
        legend.append((NO_FIGURE, _("no figure")))
    return Map(picture(rows, paths, box, caption, unit), legend, rows, caption, unit, scale)


@lru_cache(maxsize=2048)
def _tile_path(column: int, row: int) -> str:
    # Relative steps keep the path short and the hexagons alike to the last decimal.
    x, y = tile_corners(column, row)[0]
    r = RADIUS - GAP
    half, quarter, side = coordinate(r * sqrt(3) / 2), coordinate(r / 2), coordinate(r)
    return f"M{coordinate(x)} {coordinate(y)}l{half} {quarter}v{side}l-{half} {quarter}l-{half}-{quarter}v-{side}z"


def hexagons(tiles: Sequence[Tile]) -> tuple[dict[str, str], tuple[float, ...]]:
    """Path by key and the view box of tiles; two on one place raise ValueError."""
    if len({(t.column, t.row) for t in tiles}) != len(tiles):
        raise ValueError("Two tiles of the map have the same place.")
    paths = {tile.key: _tile_path(tile.column, tile.row) for tile in tiles}
    xs, ys = zip(*(tile_centre(t.column, t.row) for t in tiles), strict=True) if tiles else ((0.0,), (0.0,))
    margin = RADIUS + 2
    return paths, (
        *(min(xs) - margin, min(ys) - margin),
        *(max(xs) - min(xs) + 2 * margin, max(ys) - min(ys) + 2 * margin),
    )


def tile_map(
    tiles: Sequence[Tile],
    values: Mapping[str, Number | None],
    *,
    caption: str,
    unit: str | Unit = "",
    breaks: Sequence[Number] | None = None,
    decimals: int = 0,
) -> Map:
    """A map of hexagons, one per member.

    values: a figure per key; a member that is not in it shows "no figure". unit: word after the figure, such
    as "signals", or two. breaks: lower bounds of steps 2 to 5; without them five classes of equal count. Two tiles
    on one place raise ValueError.
    """
    paths, box = hexagons(tiles)
    return _build(tiles, paths, box, values, caption, unit, breaks, decimals)


def _simplify(points: list[tuple[float, float]], tolerance: float) -> list[tuple[float, float]]:
    """Ramer–Douglas–Peucker on a closed ring, without recursion; always keeps at least a triangle's worth."""
    if len(points) < 5:
        return points
    keep = {0, len(points) - 1, len(points) // 2}
    stack = [(0, len(points) // 2), (len(points) // 2, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        (x1, y1), (x2, y2) = points[first], points[last]
        dx, dy = x2 - x1, y2 - y1
        length = sqrt(dx * dx + dy * dy) or 1.0
        far, distance = first, 0.0
        for i in range(first + 1, last):
            x, y = points[i]
            away = abs(dy * (x - x1) - dx * (y - y1)) / length
            if away > distance:
                far, distance = i, away
        if distance > tolerance:
            keep.add(far)
            stack += [(first, far), (far, last)]
    return [points[i] for i in sorted(keep)]


@lru_cache(maxsize=4)
def _outlines(geometry: str, tolerance: float) -> tuple[dict[str, str], tuple[float, ...]]:
    """Path by key and the view box of the boundaries in a JSON text; kept, because boundaries seldom change."""
    features = json.loads(geometry)
    points = [p for _key, polygons in features for polygon in polygons for ring in polygon for p in ring]
    if not points:
        return {key: "" for key, _polygons in features}, (0.0, 0.0, 1.0, 1.0)
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = cos(radians((south + north) / 2))
    factor = SHAPE_WIDTH / ((east - west) * squeeze or 1.0)
    paths = {}
    for key, polygons in features:
        parts = []
        for ring in (ring for polygon in polygons for ring in polygon):
            placed = [((p[0] - west) * squeeze * factor, (north - p[1]) * factor) for p in ring]
            thin = _simplify(placed, tolerance)
            if len(thin) >= 4:
                parts.append("M" + "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in thin[:-1]) + "z")
        paths[key] = "".join(parts)
    return paths, (-2.0, -2.0, SHAPE_WIDTH + 4, (north - south) * factor + 4)


def outlines(features: Sequence[Shape], tolerance: float = 0.4) -> tuple[dict[str, str], tuple[float, ...]]:
    """Path by key and the view box of real boundaries; `tolerance` as in `shape_map`."""
    return _outlines(json.dumps([(f.key, f.polygons) for f in features]), tolerance)


def shape_map(
    features: Sequence[Shape],
    values: Mapping[str, Number | None],
    *,
    caption: str,
    unit: str | Unit = "",
    breaks: Sequence[Number] | None = None,
    decimals: int = 0,
    tolerance: float = 0.4,
) -> Map:
    """A map of real boundaries with the interface of `tile_map`.

    Degrees are projected equirectangularly around the middle latitude, right enough for a country of a few
    hundred kilometres. tolerance: how far a simplified line may lie from the real one, in units of a picture
    700 wide.
    """
    paths, box = outlines(features, tolerance)
    return _build(features, paths, box, values, caption, unit, breaks, decimals)


def shapes_from_geojson(
    features: Iterable[Mapping], names: Mapping[str, str], urls: Mapping[str, str], *, code: str = "statcode"
) -> list[Shape]:
    """Shapes of the GeoJSON features whose property `code` is a known key; others are left out."""
    shapes = []
    for feature in features:
        key = (feature.get("properties") or {}).get(code, "")
        geometry = feature.get("geometry") or {}
        if key not in names or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            continue
        coordinates = geometry["coordinates"]
        polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
        shapes.append(Shape(key, names[key], polygons, urls.get(key, "")))
    return shapes
