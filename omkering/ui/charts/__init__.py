"""Pictures of figures as inline SVG: pure functions, escaped, without inline styles; the figures stand in a
table too.
"""

from omkering.ui.charts.bars import Bar, BarChart, bar_chart, vote_parts
from omkering.ui.charts.categories import Category, category_map
from omkering.ui.charts.chain import Node, chain
from omkering.ui.charts.maps import Map, Shape, Tile, Unit, shape_map, shapes_from_geojson, tile_map

__all__ = [
    "Bar",
    "BarChart",
    "Category",
    "Map",
    "Node",
    "Shape",
    "Tile",
    "Unit",
    "bar_chart",
    "category_map",
    "chain",
    "shape_map",
    "shapes_from_geojson",
    "tile_map",
    "vote_parts",
]
