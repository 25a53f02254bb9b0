"""An opinion map in words and bars, for its page, for the page of one statement, and as a table to take away."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.html_tools import escape, safe
from omkering.deliberate.opinion_result import share
from omkering.deliberate.statement_texts import Line
from omkering.ui.addresses import address_of
from omkering.ui.charts import Bar, BarChart, bar_chart
from omkering.ui.groupings import groupings
from omkering.ui.templatetags.ui import number

Counts = Sequence[int]  # agree, disagree, pass


def parts() -> list[tuple[str, str]]:
    """The parts of a bar: (CSS class, label)."""
    return [
        ("app-bar--for", _("Agree")),
        ("app-bar--against", _("Disagree")),
        ("app-bar--abstain", _("Pass")),
    ]


def group_name(letter: str) -> str:
    """What a group is called."""
    return _("Group %(letter)s") % {"letter": letter}


def group_with_size(group: Mapping[str, Any]) -> str:
    """A group with its size: Group A (40 people)."""
    size = group["size"]
    people = ngettext("%(name)s (%(n)s person)", "%(name)s (%(n)s people)", size)
    return people % {"name": group_name(group["name"]), "n": number(size)}


@dataclass(frozen=True)
class PutForward:
    """A statement that the page puts forward, with a few words about it and, where there is room, bars by group."""

    statement: Line
    words: str
    chart: BarChart | None = None


@dataclass(frozen=True)
class TypicalOf:
    """A group with the statements that are typical of it."""

    name: str
    size: int
    statements: list[PutForward]


@dataclass(frozen=True)
class SliceTable:
    """How the people of each group of members stand over the groups of opinion, in whole percents."""

    title: str
    rows: list[
        tuple[str, int, list[int], bool]
    ]  # name, people, percents, whether its list is known in part only

    @property
    def incomplete(self) -> bool:
        """Whether the list of one of its groups is known in part only."""
        return any(row[3] for row in self.rows)


def _bars(result: Mapping[str, Any], key: str, caption: str) -> BarChart:
    each = result["statements"][key]
    rows = [
        Bar(group_name(group["name"]), each["groups"][group["name"]])
        for group in result["groups"]
        if group["name"] in each["groups"]
    ]
    if each["all"] is not None:
        rows.insert(0, Bar(_("Everybody"), each["all"]))
    return bar_chart(rows, caption=caption, parts=parts())


def _lean(counts: Counts, direction: str) -> str:
    text = _("%(percent)s%% agree") if direction == "agree" else _("%(percent)s%% disagree")
    return text % {"percent": round(100 * share(counts, direction))}


def shared(result: Mapping[str, Any], statements: Mapping[str, Line]) -> list[PutForward]:
    """What most of every group agree or disagree with."""
    found = []
    for key, direction in result["shared"]:
        if key not in statements:
            continue
        least = min(share(counts, direction) for counts in result["statements"][key]["groups"].values())
        text = (
            _("In every group at least %(percent)s%% agree.")
            if direction == "agree"
            else _("In every group at least %(percent)s%% disagree.")
        )
        row = statements[key]
        found.append(PutForward(row, text % {"percent": int(100 * least)}, _bars(result, key, row.text)))
    return found


def dividing(result: Mapping[str, Any], statements: Mapping[str, Line]) -> list[PutForward]:
    """On what the groups lie furthest apart."""
    found = []
    for key in result["divides"]:
        if key not in statements:
            continue
        groups = result["statements"][key]["groups"]
        most = max(groups, key=lambda name: share(groups[name], "agree"))
        least = min(groups, key=lambda name: share(groups[name], "agree"))
        if most == least:  # the others are too few on this statement to be told of
            continue
        words = _("%(most)s: %(high)s. %(least)s: %(low)s.") % {
            "most": group_name(most),
            "high": _lean(groups[most], "agree"),
            "least": group_name(least),
            "low": _lean(groups[least], "agree"),
        }
        row = statements[key]
        found.append(PutForward(row, words, _bars(result, key, row.text)))
    return found


def typical(result: Mapping[str, Any], statements: Mapping[str, Line]) -> list[TypicalOf]:
    """What sets each group apart from the others."""
    found = []
    for group in result["groups"]:
        rows = [
            PutForward(
                statements[key],
                _lean(result["statements"][key]["groups"][group["name"]], direction),
            )
            for key, direction in group["typical"]
            if key in statements
        ]
        found.append(TypicalOf(group_name(group["name"]), group["size"], rows))
    return found


def entries(rows: Iterable[PutForward]) -> SafeString:
    """What the page puts forward as entries of a list, each with its bars."""
    page = address_of("deliberate:statement")

    def bars(chart: BarChart) -> str:
        return "".join(
            [
                f'<div class="app-bar-row"><span aria-hidden="true">{escape(row.name)}</span>{row.svg}</div>'
                for row in chart.rows
            ]
        )

    def entry(each: PutForward) -> str:
        statement = each.statement
        return (
            f'<li><h3 class="app-statement"><a class="nl-link" href="{page(statement.pk)}">{escape(statement.text)}</a>'
            f"</h3><p>{escape(each.words)}</p>\n"
            f'<div class="app-bar-rows">{bars(each.chart) if each.chart else ""}</div></li>'
        )

    return safe(map(entry, rows))


def short_entries(rows: Iterable[PutForward]) -> SafeString:
    """The same without bars, each on a line."""
    page = address_of("deliberate:statement")
    return safe(
        f'<li><a class="nl-link" href="{page(each.statement.pk)}">{escape(each.statement.text)}</a> '
        f"<strong>{escape(each.words)}</strong></li>"
        for each in rows
    )


def table_body(result: Mapping[str, Any], statements: Mapping[str, Line]) -> SafeString:
    """The rows of the table of all statements, for everybody and for each group; "–" where it may not be told.

    Written here and not in the template: with hundreds of statements that is several times as quick.
    """
    letters = [group["name"] for group in result["groups"]]
    page, cell = address_of("deliberate:statement"), _cells_in_words()

    def cells(each: Mapping[str, Any]) -> str:
        groups = each["groups"]
        return "".join(
            [cell(counts) for counts in (each["all"], *[groups.get(letter) for letter in letters])]
        )

    found = ((row, result["statements"].get(key)) for key, row in statements.items())
    return safe(
        f'<tr><th scope="row"><a class="nl-link" href="{page(row.pk)}">{row.number}. {escape(row.text)}</a></th>'
        f"{cells(each)}</tr>"
        for row, each in found
        if each is not None
    )


def _cells_in_words() -> Callable[[Counts | None], str]:
    """A cell with the shares of a count, in whole percents; made once for each pair of them."""
    pattern = escape(_("%(agree)s%% agree, %(disagree)s%% disagree"))

    @cache
    def in_words(agree: int, disagree: int) -> str:
        return f"<td>{pattern % {'agree': agree, 'disagree': disagree}}</td>"

    def cell(counts: Counts | None) -> str:
        if counts is None:
            return "<td>–</td>"
        return in_words(round(100 * share(counts, "agree")), round(100 * share(counts, "disagree")))

    return cell


def slice_bodies(tables: Iterable[SliceTable]) -> list[tuple[SliceTable, SafeString]]:
    """Each table with its rows as HTML."""

    def row(name: str, people: int, percents: list[int], incomplete: bool) -> str:
        cells = "".join([f'<td class="app-numeric">{percent}%</td>' for percent in percents])
        return (
            f'<tr><th scope="row">{escape(name)}{" *" if incomplete else ""}</th>'
            f'<td class="app-numeric">{number(people)}</td>{cells}</tr>'
        )

    return [(table, safe(row(*one) for one in table.rows)) for table in tables]


def slice_tables(result: Mapping[str, Any]) -> list[SliceTable]:
    """For each grouping of members how the people of its groups stand over the groups of opinion."""
    if len(result["groups"]) < 2:
        return []
    letters = [group["name"] for group in result["groups"]]
    return [
        SliceTable(
            grouping.title,
            [
                (
                    name,
                    found["people"],
                    [found["groups"].get(letter, 0) for letter in letters],
                    key in grouping.incomplete,
                )
                for key, name in grouping.names.items()
                for found in [result["slices"][grouping.key][key]]
            ],
        )
        for grouping in groupings(result["slices"])
    ]


def statement_charts(result: Mapping[str, Any], key: str) -> list[BarChart]:
    """The votes on one statement: by group, and by network, size and main division; those that may be told."""
    if key not in result["statements"]:
        return []
    charts = [_bars(result, key, _("By group"))]
    present = {
        grouping: [name for name, found in groups.items() if key in found["statements"]]
        for grouping, groups in result["slices"].items()
    }
    for grouping in groupings(present):
        rows = [
            Bar(name, result["slices"][grouping.key][group]["statements"][key])
            for group, name in grouping.names.items()
        ]
        charts.append(bar_chart(rows, caption=grouping.title, parts=parts()))
    return [chart for chart in charts if chart.rows]


def header() -> list[str]:
    """The header of the table to take away."""
    return [_("Number"), _("Statement"), _("Of whom"), _("Agree"), _("Disagree"), _("Pass")]


def file_rows(result: Mapping[str, Any], statements: Mapping[str, Line]) -> Iterator[list[Any]]:
    """Each statement for everybody, each group, and each slice, a row each; what may not be told is left out."""
    named = [(grouping, groups) for grouping, groups in result["slices"].items()]
    titles = {found.key: found for found in groupings(dict(named))}
    for key, row in statements.items():
        each = result["statements"].get(key)
        if each is None:
            continue
        if each["all"] is not None:
            yield [row.number, row.text, _("Everybody"), *each["all"]]
        for letter, counts in sorted(each["groups"].items()):
            yield [row.number, row.text, group_name(letter), *counts]
        for grouping in titles.values():
            for group, name in grouping.names.items():
                counts = result["slices"][grouping.key][group]["statements"].get(key)
                if counts is not None:
                    yield [row.number, row.text, f"{grouping.title}: {name}", *counts]
