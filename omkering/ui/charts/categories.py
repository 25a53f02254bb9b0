"""A map of members by category: what each chose, not how much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omkering.ui.charts.maps import Map, Row, Shape, Tile, Unit, hexagons, outlines, picture


@dataclass(frozen=True)
class Category:
    """A category: its key, the CSS class that fills it (such as `app-bar--for`), and its words."""

    key: str
    css: str
    label: str


def category_map(
    places: Sequence[Tile] | Sequence[Shape],
    chosen: Mapping[str, str],
    categories: Sequence[Category],
    *,
    caption: str,
) -> Map:
    """A map of hexagons or of boundaries (all places of one kind), each filled by its category.

    chosen: the key of a category by member; a member that is not in it stands in the last category. An
    unknown category raises KeyError. The words stand at every member too: colour alone tells nothing.
    """
    by_key = {category.key: category for category in categories}
    tiles = [place for place in places if isinstance(place, Tile)]
    shapes = [place for place in places if isinstance(place, Shape)]
    paths, box = outlines(shapes) if shapes else hexagons(tiles)
    last = categories[-1].key
    every: list[Tile | Shape] = sorted(
        places, key=lambda place: (place.sort_key or place.name.casefold(), place.key)
    )
    of = [by_key[chosen.get(place.key, last)] for place in every]
    rows = [
        Row(place.key, place.name, place.url, category.label, category.css)
        for place, category in zip(every, of, strict=True)
    ]
    legend = [(category.css, category.label) for category in categories]
    return Map(picture(rows, paths, box, caption, Unit("")), legend, rows, caption)
