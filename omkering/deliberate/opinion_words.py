"""An opinion map in words and bars, for its page, for the page of one statement, and as a table to take away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.opinion_result import share
from omkering.deliberate.statement_texts import Line
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


def table_body(result: Mapping[str, Any], statements: Mapping[str, Line]) -> SafeString:
    """The rows of the table of all statements, for everybody and for each group; "–" where it may not be told.

    Written here and not in the template: with hundreds of statements that is several times as quick.
    """
    letters = [group["name"] for group in result["groups"]]
    pattern = escape(_("%(agree)s%% agree, %(disagree)s%% disagree"))
    page = reverse("deliberate:statement", args=[0])
    found = ((row, result["statements"].get(key)) for key, row in statements.items())
    return format_html_join(
        "",
        '<tr><th scope="row"><a class="nl-link" href="{}">{}. {}</a></th>{}</tr>',
        (
            (page.replace("/0/", f"/{row.pk}/"), row.number, row.text, _cells(each, letters, pattern))
            for row, each in found
            if each is not None
        ),
    )


def _cells(each: Mapping[str, Any], letters: Sequence[str], pattern: str) -> SafeString:
    cells = []
    for counts in (each["all"], *(each["groups"].get(letter) for letter in letters)):
        if counts is None:
            cells.append("<td>–</td>")
            continue
        words = pattern % {
            "agree": round(100 * share(counts, "agree")),
            "disagree": round(100 * share(counts, "disagree")),
        }
        cells.append(f"<td>{words}</td>")
    return mark_safe("".join(cells))  # noqa: S308 - whole numbers in an escaped pattern


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
