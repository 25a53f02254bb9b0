"""Maps, bars and chains: geometry, the scale, escaping, links, and the table that equals the picture."""

import csv
import json
import re
from itertools import combinations
from math import dist
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omkering.ui.charts import (
    Bar,
    Node,
    Shape,
    Tile,
    Unit,
    bar_chart,
    chain,
    shape_map,
    shapes_from_geojson,
    tile_map,
)
from omkering.ui.charts.chain import layers
from omkering.ui.charts.maps import GAP, RADIUS, tile_centre, tile_corners
from omkering.ui.charts.svg import make_scale

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
EVIL = '"><script>alert(1)</script>&'
pytestmark = pytest.mark.usefixtures("_dutch")


@pytest.fixture(autouse=True)
def _dutch():
    from django.utils.translation import override

    with override("nl"):
        yield


def _real_tiles() -> list[Tile]:
    path = SHARED / "tile_map.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    with path.open() as source:
        return [
            Tile(
                r["gm_code"],
                f"Gemeente {r['gm_code']}",
                int(r["column"]),
                int(r["row"]),
                f"/leden/{r['gm_code']}/",
            )
            for r in csv.DictReader(source)
        ]


def _small() -> list[Tile]:
    return [Tile(f"T{i}", f"Tile {i}", i % 4, i // 4, f"/t/{i}/") for i in range(12)]


def _tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def _inside(point: tuple[float, float], corners: list[tuple[float, float]]) -> bool:
    signs = []
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        signs.append((x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1))
    return all(s > 1e-9 for s in signs) or all(s < -1e-9 for s in signs)


@given(st.tuples(st.integers(0, 40), st.integers(0, 40)), st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_no_two_tiles_overlap(first: tuple[int, int], second: tuple[int, int]) -> None:
    if first == second:
        return
    assert dist(tile_centre(*first), tile_centre(*second)) > 2 * (RADIUS - GAP) * 3**0.5 / 2
    corners = tile_corners(*second)
    assert not any(_inside(corner, corners) for corner in tile_corners(*first))


def test_odd_rows_are_shifted_half_a_tile_to_the_right() -> None:
    width = tile_centre(1, 0)[0] - tile_centre(0, 0)[0]
    assert tile_centre(0, 1)[0] - tile_centre(0, 0)[0] == pytest.approx(width / 2)
    assert tile_centre(0, 2)[0] == tile_centre(0, 0)[0]


def test_drawn_tiles_do_not_overlap_and_lie_within_the_picture() -> None:
    """Read the numbers back from the SVG, so that rounding is judged too."""
    svg = tile_map(_small(), {}, caption="x").svg
    left, top, width, height = map(float, re.search(r'viewBox="([^"]+)"', svg)[1].split())
    hexagons = []
    for path in re.findall(r' d="([^"]+)"', svg):
        n = [float(v) for v in re.findall(r"-?\d+\.?\d*", path)]
        x, y = n[0], n[1]
        corners = [(x, y)]
        for dx, dy in [(n[2], n[3]), (0, n[4]), (n[5], n[6]), (n[7], n[8]), (0, n[9])]:
            x, y = x + dx, y + dy
            corners.append((x, y))
        assert all(left <= cx <= left + width and top <= cy <= top + height for cx, cy in corners)
        hexagons.append(corners)
    assert len(hexagons) == 12
    for a, b in combinations(hexagons, 2):
        assert not any(_inside(corner, b) for corner in a)


def test_the_table_equals_the_picture() -> None:
    values = {f"T{i}": i * 1500 for i in range(11)}
    picture = tile_map(_small(), values, caption="Steun", unit="stemmen")
    labels = [a.get("aria-label") for a in _tree(picture.svg).iter("a")]
    classes = [p.get("class").split()[1] for p in _tree(picture.svg).iter("path")]
    assert labels == [
        f"{r.name}: {r.value}{' stemmen' if r.step != 'app-step-none' else ''}" for r in picture.rows
    ]
    assert classes == [r.step for r in picture.rows]
    assert {r.name: r.value for r in picture.rows}["Tile 10"] == "15.000"
    assert {r.name: r.value for r in picture.rows}["Tile 11"] == "geen cijfer"
    assert [a.get("href") for a in _tree(picture.svg).iter("a")] == [r.url for r in picture.rows]


def test_every_tile_is_a_link_with_a_title_and_rows_follow_the_sort_key() -> None:
    tiles = [Tile("A", "’s-Gravenhage", 0, 0, "/a/", "gravenhage"), Tile("B", "Goes", 1, 0, "/b/", "goes")]
    picture = tile_map(tiles, {"A": 1, "B": 2}, caption="x")
    assert [r.name for r in picture.rows] == ["Goes", "’s-Gravenhage"]
    root = _tree(picture.svg)
    assert root.get("role") == "group"
    assert [t.text for t in root.iter("title")] == ["Goes: 2", "’s-Gravenhage: 1"]


def test_text_is_escaped_and_nothing_is_inline() -> None:
    tiles = [Tile("A", EVIL, 0, 0, f"/{EVIL}/")]
    pictures = [
        tile_map(tiles, {"A": 1}, caption=EVIL, unit=EVIL).svg,
        bar_chart([Bar(EVIL, (1, 2, 3, 4))], caption=EVIL).rows[0].svg,
        chain([Node("a", EVIL, EVIL, EVIL), Node("b", EVIL)], [("a", "b")], caption=EVIL),
    ]
    for svg in pictures:
        assert "<script" not in svg
        assert not re.search(r"\s(style|on\w+)=", svg)
        _tree(svg)


def test_two_tiles_on_one_place_are_refused() -> None:
    with pytest.raises(ValueError, match="same place"):
        tile_map([Tile("A", "A", 1, 1), Tile("B", "B", 1, 1)], {}, caption="x")


def test_equal_count_classes() -> None:
    scale = make_scale(range(100))
    counts = [0] * 6
    for value in range(100):
        counts[int(scale.step(value)[-1])] += 1
    assert counts == [0, 20, 20, 20, 20, 20]
    assert scale.legend() == [
        ("app-step-1", "0 – 19"),
        ("app-step-2", "20 – 39"),
        ("app-step-3", "40 – 59"),
        ("app-step-4", "60 – 79"),
        ("app-step-5", "80 – 99"),
    ]


def test_equal_values_share_a_class_and_the_legend_has_no_empty_class() -> None:
    scale = make_scale([0] * 90 + [5, 7, 9])
    assert {scale.step(v) for v in (0, 5, 7, 9)} <= {css for css, _label in scale.legend()}
    assert len({scale.step(v) for v in (0, 5, 7, 9)}) == 4
    assert make_scale([0] * 340 + [1, 3]).legend()[0][1] == "0"
    assert make_scale([3, 3]).legend() == [("app-step-5", "3")]
    assert make_scale([None]) is None


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=60))
def test_a_larger_value_never_has_a_lower_step(values: list[int]) -> None:
    scale = make_scale(values)
    steps = [scale.step(v) for v in sorted(values)]
    assert steps == sorted(steps)
    assert {css for css, _label in scale.legend()} == set(steps)


def test_given_breaks_keep_their_colours() -> None:
    scale = make_scale([3, 12], [5, 10, 20, 50])
    assert scale.step(3) == "app-step-1"
    assert scale.step(12) == "app-step-3"
    assert [label for _css, label in scale.legend()] == ["< 5", "5 – 9", "10 – 19", "20 – 49", "≥ 50"]
    with pytest.raises(ValueError, match="ascend"):
        make_scale([1], [5, 5])


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        make_scale([float("nan")])


def test_the_whole_country_is_small() -> None:
    tiles = _real_tiles()
    values = {t.key: (i * 37) % 101 for i, t in enumerate(tiles)}
    picture = tile_map(tiles, values, caption="Steun", unit="signalen")
    assert len(picture.rows) == 342
    assert len(picture.svg) < 110_000


def test_one_of_something_has_a_word_of_its_own() -> None:
    tiles = [Tile(key, key, at, 0, f"/{key}/") for at, key in enumerate("ABC")]
    picture = tile_map(tiles, {"A": 1, "B": 2}, caption="x", unit=Unit("signalen", "signaal"))
    labels = [a.get("aria-label") for a in _tree(picture.svg).iter("a")]
    assert labels == ["A: 1 signaal", "B: 2 signalen", "C: geen cijfer"]
    assert [label for _css, label in picture.legend_in_words] == ["1 signaal", "2 signalen", "geen cijfer"]


def test_shapes_have_the_interface_of_tiles() -> None:
    square = [[(5.0, 52.0), (5.1, 52.0), (5.1, 52.1), (5.0, 52.1), (5.0, 52.0)]]
    shapes = [
        Shape("A", "Aa", [square], "/a/"),
        Shape("B", "Bee", [[[(x + 0.1, y) for x, y in square[0]]]], "/b/"),
    ]
    picture = shape_map(shapes, {"A": 1}, caption="x", unit="signalen")
    root = _tree(picture.svg)
    assert [a.get("aria-label") for a in root.iter("a")] == ["Aa: 1 signalen", "Bee: geen cijfer"]
    first, second = ([float(v) for v in re.findall(r"-?\d+\.?\d*", p.get("d"))] for p in root.iter("path"))
    assert max(first[::2]) == pytest.approx(min(second[::2]))
    # A degree of longitude is shorter than one of latitude here: cos(52.05°) of it.
    assert (max(first[::2]) - min(first[::2])) / (max(first[1::2]) - min(first[1::2])) == pytest.approx(
        0.615, abs=0.01
    )


def test_real_boundaries() -> None:
    path = SHARED / "boundaries_2025.geojson"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    features = json.loads(path.read_text())["features"]
    names = {f["properties"]["statcode"]: f["properties"]["statnaam"] for f in features}
    shapes = shapes_from_geojson(features, names, {key: f"/leden/{key}/" for key in names})
    picture = shape_map(shapes, {key: i for i, key in enumerate(names)}, caption="x")
    assert len(picture.rows) == 342
    assert all(p.get("d") for p in _tree(picture.svg).iter("path"))
    assert len(picture.svg) < 200_000
    assert shapes_from_geojson(features, {"GM0014": "Groningen"}, {})[0].name == "Groningen"


def test_bars_add_up_and_say_their_figures() -> None:
    chart = bar_chart([Bar("Noord", (6, 3, 0, 1)), Bar("Leeg", (0, 0, 0, 0))], caption="x")
    root = _tree(chart.rows[0].svg)
    widths = [float(r.get("width")) for r in root.iter("rect")]
    assert widths == [360.0, 180.0, 60.0]
    assert root.get("aria-label") == "Noord: Voor 6, Tegen 3, Onthouding 0, Afwezig 1"
    assert list(_tree(chart.rows[1].svg)) == []
    assert chart.rows[0].figures == ["6", "3", "0", "1"]
    absolute = bar_chart(
        [Bar("A", (5,)), Bar("B", (10,))], caption="x", parts=[("app-bar--1", "x")], shares=False
    )
    assert 'width="300"' in absolute.rows[0].svg


@pytest.mark.parametrize(
    ("bar", "word"), [(Bar("A", (1, 2)), "figures"), (Bar("A", (1, -2, 0, 0)), "below zero")]
)
def test_bars_refuse_nonsense(bar: Bar, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        bar_chart([bar], caption="x")


def test_layers_follow_the_longest_way_and_survive_a_circle() -> None:
    nodes = [Node(k, k) for k in "abcd"]
    assert layers(nodes, [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")]) == {"a": 0, "b": 1, "c": 2, "d": 3}
    circle = layers(nodes, [("a", "b"), ("b", "c"), ("c", "a")])
    assert sorted(circle.values()) == [0, 0, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40))
def test_boxes_of_a_chain_never_overlap(pairs: list[tuple[int, int]]) -> None:
    nodes = [Node(str(i), f"Item {i}", "Signaal", f"/{i}/") for i in range(12)]
    svg = chain(nodes, [(str(a), str(b)) for a, b in pairs], caption="x")
    boxes = [tuple(float(r.get(k)) for k in ("x", "y", "width", "height")) for r in _tree(svg).iter("rect")]
    assert len(boxes) == 12
    for (x1, y1, w, h), (x2, y2, _w, _h) in combinations(boxes, 2):
        assert abs(x1 - x2) >= w or abs(y1 - y2) >= h


def test_the_current_item_is_no_link_and_unknown_edges_are_left_out() -> None:
    svg = chain(
        [Node("a", "Een", "Signaal", "/a/"), Node("b", "Twee", "Bundel", "/b/", current=True)],
        [("a", "b"), ("x", "b")],
        caption="x",
    )
    root = _tree(svg)
    assert [a.get("href") for a in root.iter("a")] == ["/a/"]
    assert len([p for p in root.iter("path") if p.get("class") == "app-chain__edge"]) == 1
    assert chain([], [], caption="x") == ""


def test_the_rows_of_bars_and_of_their_table_are_drawn_safely():
    drawn = bar_chart([Bar(EVIL, (6, 3, 0, 1)), Bar("Noord", (1, 2, 3, 4), "/noord/?a=1&b=2")], caption="x")
    for html in (drawn.bars, drawn.table_rows):
        root = ElementTree.fromstring(f"<div>{html}</div>")
        links = [node.get("href") for node in root.iter("a")]
        assert links == ["/noord/?a=1&b=2"] and EVIL in "".join(root.itertext()) and "<script" not in html
    assert [cell.text for cell in ElementTree.fromstring(f"<t>{drawn.table_rows}</t>").iter("td")] == [
        *("6", "3", "0", "1"),
        *("1", "2", "3", "4"),
    ]
