"""The map of members: shapes where an administrator loaded boundaries, else the tile map."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.urls import reverse

from omkering.ui.charts import Category, Map, Shape, Tile, Unit, category_map, shape_map, tile_map
from omkering.who.models import Boundary


class Placed(Protocol):
    """A member with what the map needs of it: itself, or a `MemberPlace`."""

    @property
    def pk(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def sort_key(self) -> str: ...
    @property
    def tile_column(self) -> int | None: ...
    @property
    def tile_row(self) -> int | None: ...


class MemberPlace(NamedTuple):
    """A member as read with `values_list`, in this order: a list of hundreds need not make whole rows of them."""

    pk: int
    code: str
    name: str
    sort_key: str
    tile_column: int | None
    tile_row: int | None

    def __str__(self) -> str:
        return self.name

    @classmethod
    def columns(cls, of: str = "") -> list[str]:
        """The names of the columns, for `values_list`; `of` is the way there, such as "member__"."""
        return [f"{of}{name}" for name in cls._fields]


def member_map(
    members: Iterable[Placed],
    values: Mapping[int, Any],
    *,
    caption: str,
    unit: str | Unit = "",
    decimals: int = 0,
) -> Map:
    """A figure per member (by its id) as picture, legend and table; one query.

    A member without a figure shows "no figure"; one without a place on the map stands in neither.
    """
    members = list(members)
    by_code = {member.code: values.get(member.pk) for member in members}
    shapes, tiles = _places(members)
    if shapes:
        return shape_map(shapes, by_code, caption=caption, unit=unit, decimals=decimals)
    return tile_map(tiles, by_code, caption=caption, unit=unit, decimals=decimals)


def member_category_map(
    members: Iterable[Placed], chosen: Mapping[int, str], categories: Sequence[Category], *, caption: str
) -> Map:
    """The category of each member (by its id; without one the last) as picture and legend; one query."""
    members = list(members)
    by_code = {member.code: chosen[member.pk] for member in members if member.pk in chosen}
    shapes, tiles = _places(members)
    return category_map(shapes or tiles, by_code, categories, caption=caption)


def _places(members: Sequence[Placed]) -> tuple[list[Shape], list[Tile]]:
    """The shapes of the members where there are any, and else their tiles; one query."""
    ids = frozenset(member.pk for member in members)
    boundaries = dict(Boundary.objects.filter(member__among=ids).values_list("member_id", "polygons"))
    shapes = [
        Shape(member.code, member.name, boundaries[member.pk], member_page(member.code), member.sort_key)
        for member in members
        if member.pk in boundaries
    ]
    if shapes:
        return shapes, []
    return [], [
        _tile(member.code, member.name, member.tile_column, member.tile_row, member.sort_key)
        for member in members
        if member.tile_column is not None and member.tile_row is not None
    ]


@lru_cache(maxsize=2000)
def _tile(code: str, name: str, column: int, row: int, sort_key: str) -> Tile:
    return Tile(code, name, column, row, member_page(code), sort_key)


@lru_cache(maxsize=2000)
def member_page(code: str) -> str:
    """The address of a member's page."""
    return reverse("web:member", args=[code])
