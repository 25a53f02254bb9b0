"""The map of members: shapes where an administrator loaded boundaries, else the tile map."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from omkering.ui.charts import Map, Shape, Tile, shape_map, tile_map
from omkering.who.models import Boundary, Member


def member_map(
    members: Iterable[Member], values: Mapping[int, Any], *, caption: str, unit: str = "", decimals: int = 0
) -> Map:
    """A figure per member (by its id) as picture, legend and table; one query.

    A member without a figure shows "no figure"; one without a place on the map stands in neither.
    """
    members = list(members)
    by_code = {member.code: values.get(member.pk) for member in members}
    boundaries = dict(Boundary.objects.filter(member__in=members).values_list("member_id", "polygons"))
    if boundaries:
        shapes = [
            Shape(member.code, member.name, boundaries[member.pk], _page(member), member.sort_key)
            for member in members
            if member.pk in boundaries
        ]
        return shape_map(shapes, by_code, caption=caption, unit=unit, decimals=decimals)
    tiles = [
        Tile(member.code, member.name, member.tile_column, member.tile_row, _page(member), member.sort_key)
        for member in members
        if member.tile_column is not None and member.tile_row is not None
    ]
    return tile_map(tiles, by_code, caption=caption, unit=unit, decimals=decimals)


def _page(member: Member) -> str:
    return reverse("web:member", args=[member.code])
