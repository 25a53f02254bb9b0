"""Stacked horizontal bars, one a row: for, against, abstain and absent, or other parts of a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from omkering.ui.charts.svg import Number, attribute, coordinate, finish
from omkering.ui.templatetags.ui import number

WIDTH, HEIGHT = 600.0, 24.0


@dataclass(frozen=True)
class Bar:
    """A row: its name, its figures in the order of the parts, and an address where it has a page.

    With an address the whole row is one link, so that the bar can be pressed too.
    """

    name: str
    values: Sequence[Number]
    url: str = ""


@dataclass(frozen=True)
class BarRow:
    """A row as shown: the picture, and the same figures as texts."""

    name: str
    url: str
    svg: SafeString
    figures: list[str]


@dataclass(frozen=True)
class BarChart:
    """Rows with a legend of (CSS class, label); shown by `ui/bar_chart.html`."""

    rows: list[BarRow]
    legend: list[tuple[str, str]]
    caption: str

    @property
    def bars(self) -> SafeString:
        """The rows with their pictures; put together here, for a template feels each of fifty."""
        return finish(map(_drawn, self.rows))

    @property
    def table_rows(self) -> SafeString:
        """The same figures as rows of a table."""
        return finish(map(_written, self.rows))


def _drawn(row: BarRow) -> str:
    inside = f"<span>{conditional_escape(row.name)}</span>{row.svg}"
    if row.url:
        return f'\n    <a class="app-bar-row nl-link" href="{attribute(row.url)}">{inside}</a>'
    return f'\n    <div class="app-bar-row">{inside}</div>'


def _written(row: BarRow) -> str:
    name: str = conditional_escape(row.name)
    if row.url:
        name = f'<a class="nl-link" href="{attribute(row.url)}">{name}</a>'
    cells = "".join([f'<td class="app-numeric">{attribute(figure)}</td>' for figure in row.figures])
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'


def vote_parts() -> list[tuple[str, str]]:
    """The parts of a count: (CSS class, label)."""
    return [
        ("app-bar--for", _("For")),
        ("app-bar--against", _("Against")),
        ("app-bar--abstain", _("Abstain")),
        ("app-bar--absent", _("Absent")),
    ]


def _bar(bar: Bar, parts: Sequence[tuple[str, str]], whole: float, decimals: int) -> BarRow:
    figures = [number(value, decimals) for value in bar.values]
    told = ", ".join(f"{name} {text}" for (_css, name), text in zip(parts, figures, strict=True))
    label = attribute(told if bar.url else f"{bar.name}: {told}")  # a link says its name already
    marks, x = [], 0.0
    for (css, _name), value in zip(parts, bar.values, strict=True):
        width = float(value) / whole * WIDTH if whole else 0.0
        if width > 0:
            marks.append(
                f'<rect class="app-bar {attribute(css)}" x="{coordinate(x)}" y="0" '
                f'width="{coordinate(width)}" height="{coordinate(HEIGHT)}"/>'
            )
        x += width
    head = (
        f'<svg class="app-bars" role="img" aria-label="{label}" preserveAspectRatio="none" '
        f'viewBox="0 0 {coordinate(WIDTH)} {coordinate(HEIGHT)}">'
    )
    return BarRow(bar.name, bar.url, finish([head, *marks, "</svg>"]), figures)


def bar_chart(
    rows: Sequence[Bar],
    *,
    caption: str,
    parts: Sequence[tuple[str, str]] | None = None,
    shares: bool = True,
    decimals: int = 0,
) -> BarChart:
    """Stacked bars. parts: (CSS class, label) of each figure, by default those of a count. shares: every bar
    has the full width; otherwise the widest is the largest total. A negative figure raises ValueError."""
    parts = vote_parts() if parts is None else list(parts)
    for row in rows:
        if len(row.values) != len(parts):
            raise ValueError(f"{row.name} has {len(row.values)} figures for {len(parts)} parts.")
        if any(value < 0 for value in row.values):
            raise ValueError(f"{row.name} has a figure below zero.")
    totals = [float(sum(row.values)) for row in rows]
    widest = max(totals, default=0.0)
    shown = [
        _bar(row, parts, total if shares else widest, decimals)
        for row, total in zip(rows, totals, strict=True)
    ]
    return BarChart(shown, list(parts), caption)
