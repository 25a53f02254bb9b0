"""The picture of the opinion map: what stands where, safe, and without inline style."""

import re
from xml.etree import ElementTree

from omkering.deliberate.opinion_picture import HEIGHT, WIDTH, draw
from omkering.deliberate.opinion_result import COLUMNS, ROWS

RESULT = {
    "dots": [[0, 0, "A", 9], [COLUMNS - 1, ROWS - 1, "C", 1], [3, 3, "", 5]],
    "groups": [{"name": "A", "x": -1.0, "y": -1.0}, {"name": "C", "x": 1.0, "y": 1.0}],
}
NAMES = {"A": "Groep A (9)", "C": "Groep C (<6>)"}


def drawn(**more):
    return draw(RESULT, title='Kaart "van" <meningen>', names=NAMES, nobody="geen groep", **more)


def marks(picture, css):
    root = ElementTree.fromstring(picture.svg)
    return [each for each in root if css in each.get("class", "").split()]


def test_everyone_stands_within_the_picture_and_groups_have_their_letter():
    picture = drawn()
    (first,), (last,) = marks(picture, "app-opinion__dot--1"), marks(picture, "app-opinion__dot--2")
    assert (
        float(first.get("cx")) < 20 and float(first.get("cy")) > HEIGHT - 20
    )  # low values are left and below
    x, y = map(float, last.get("points").split()[0].split(","))
    assert WIDTH - 20 < x < WIDTH and 0 < y < 20
    assert [each.text for each in marks(picture, "app-opinion__letter")] == ["A", "C"]
    assert len(marks(picture, "app-opinion__dot")) == 3 and not marks(picture, "app-opinion__you")
    assert [key.label for key in picture.legend] == ["Groep A (9)", "Groep C (<6>)", "geen groep"]


def test_the_reader_stands_on_it():
    picture = drawn(you="U", own=(0.0, 0.0))
    (star,) = marks(picture, "app-opinion__you")
    corners = [tuple(map(float, pair.split(","))) for pair in star.get("points").split()]
    assert abs(sum(x for x, _y in corners) / len(corners) - WIDTH / 2) < 2
    assert picture.legend[-1].label == "U"


def test_it_is_safe_and_has_no_style():
    svg = drawn().svg
    assert "<meningen>" not in svg and "style=" not in svg and not re.search(r"\son\w+=", svg)


def test_nobody_in_no_group_needs_no_key():
    picture = draw({**RESULT, "dots": RESULT["dots"][:2]}, title="x", names=NAMES, nobody="geen groep")
    assert len(picture.legend) == 2
