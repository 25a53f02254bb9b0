"""The red thread as a picture: items in columns from where they come from to where they lead."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.utils.safestring import SafeString

from omkering.ui.charts.svg import attribute, coordinate, finish

BOX_WIDTH, BOX_HEIGHT = 176.0, 92.0  # a signal, a bundle, a proposal and a vote fit beside each other
COLUMN_GAP, ROW_GAP = 40.0, 16.0
LETTERS, LINES = 22, 3  # that fit in a box


@dataclass(frozen=True)
class Node:
    """An item: its kind in words, its title, its page; `current` marks the item whose page this is."""

    key: str
    title: str
    kind: str = ""
    url: str = ""
    current: bool = False


def layers(nodes: Sequence[Node], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Column of each node: one beyond the farthest node that leads to it. Edges that close a circle are not
    counted.
    """
    ahead = defaultdict(list)
    for source, target in edges:
        ahead[source].append(target)
    column = {node.key: 0 for node in nodes}
    state: dict[str, int] = {}  # 1: being visited, 2: done
    order: list[str] = []
    for node in nodes:
        if node.key in state:
            continue
        state[node.key] = 1
        stack = [(node.key, iter(ahead[node.key]))]
        while stack:
            key, rest = stack[-1]
            for target in rest:
                if target in column and target not in state:
                    state[target] = 1
                    stack.append((target, iter(ahead[target])))
                    break
            else:
                state[key] = 2
                order.append(key)
                stack.pop()
    rank = {key: place for place, key in enumerate(reversed(order))}
    for key in reversed(order):
        for target in ahead[key]:
            if target in rank and rank[key] < rank[target]:
                column[target] = max(column[target], column[key] + 1)
    return column


def _places(
    nodes: Sequence[Node], edges: Sequence[tuple[str, str]]
) -> tuple[dict[str, tuple[float, float]], float, float]:
    """Top left corner of each box, and the width and height of the whole."""
    column = layers(nodes, edges)
    columns: dict[int, list[str]] = defaultdict(list)
    for node in nodes:
        columns[column[node.key]].append(node.key)
    before = defaultdict(list)
    for source, target in edges:
        before[target].append(source)
    tallest = max((len(keys) for keys in columns.values()), default=0)
    height = tallest * (BOX_HEIGHT + ROW_GAP) - ROW_GAP
    places: dict[str, tuple[float, float]] = {}
    for number in sorted(columns):
        keys = columns[number]
        # Beside what leads to it, so that few lines cross.
        weight = {k: [places[s][1] for s in before[k] if s in places] for k in keys}
        keys.sort(key=lambda k: sum(weight[k]) / len(weight[k]) if weight[k] else 0.0)
        top = (height - (len(keys) * (BOX_HEIGHT + ROW_GAP) - ROW_GAP)) / 2
        for position, key in enumerate(keys):
            places[key] = (number * (BOX_WIDTH + COLUMN_GAP), top + position * (BOX_HEIGHT + ROW_GAP))
    width = len(columns) * (BOX_WIDTH + COLUMN_GAP) - COLUMN_GAP
    return places, width, height


def _box(node: Node, place: tuple[float, float]) -> str:
    x, y = place
    lines = wrap(node.title, LETTERS, max_lines=LINES, placeholder=" …") or [""]
    texts = "".join(
        f'<text x="{coordinate(x + 12)}" y="{coordinate(y + 42 + 18 * number)}">{attribute(line)}</text>'
        for number, line in enumerate(lines)
    )
    corner = f'x="{coordinate(x + 12)}" y="{coordinate(y + 21)}"'
    kind = f'<text class="app-chain__kind" {corner}>{attribute(node.kind)}</text>'
    label = attribute(f"{node.kind}: {node.title}" if node.kind else node.title)
    box = (
        f'<rect x="{coordinate(x)}" y="{coordinate(y)}" width="{coordinate(BOX_WIDTH)}" '
        f'height="{coordinate(BOX_HEIGHT)}" rx="4"><title>{label}</title></rect>'
    )
    css = ' class="app-chain__current"' if node.current else ""
    if node.url and not node.current:
        return f'<a href="{attribute(node.url)}" aria-label="{label}">{box}{kind}{texts}</a>'
    return f'<g{css} role="img" aria-label="{label}">{box}{kind}{texts}</g>'


def _edge(source: tuple[float, float], target: tuple[float, float]) -> str:
    x1, y1 = source[0] + BOX_WIDTH, source[1] + BOX_HEIGHT / 2
    x2, y2 = target[0] - 7, target[1] + BOX_HEIGHT / 2
    bend = max((x2 - x1) / 2, 20.0)
    numbers = [coordinate(v) for v in (x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2)]
    curve = "M{} {}C{} {} {} {} {} {}".format(*numbers)
    tip = f"M{coordinate(x2 - 2)} {coordinate(y2 - 5)}l9 5l-9 5z"
    return f'<path class="app-chain__edge" d="{curve}"/><path class="app-chain__arrow" d="{tip}"/>'


def chain(nodes: Sequence[Node], edges: Sequence[tuple[str, str]], *, caption: str) -> SafeString:
    """SVG of items and what leads to what. edges: (key, key) from upstream to downstream; an edge to an item
    that is not among the nodes is left out. Empty where there are no nodes."""
    if not nodes:
        return finish([])
    if len({node.key for node in nodes}) != len(nodes):
        raise ValueError("An item stands in the chain twice.")
    places, width, height = _places(nodes, edges)
    lines = [_edge(places[s], places[t]) for s, t in edges if s in places and t in places and s != t]
    boxes = [_box(node, places[node.key]) for node in nodes]
    size = [coordinate(v) for v in (width + 8, height + 8)]
    head = (
        f'<svg class="app-chain" role="group" aria-label="{attribute(caption)}" '
        f'viewBox="-4 -4 {size[0]} {size[1]}" width="{size[0]}" height="{size[1]}">'
    )
    return finish([head, *lines, *boxes, "</svg>"])
