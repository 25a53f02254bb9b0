"""One voice: how positions are carried by members, inhabitants and networks, as table, picture and map."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from omkering.deliberate.queries.voice import Measured, Told, Voice
from omkering.deliberate.views.position_common import crumbs
from omkering.deliberate.voice import KINDS, MIXED, OTHER, SILENT, Verdict
from omkering.deliberate.voice_words import headers, kind_words, table_rows, verdict_words
from omkering.ui.access import access
from omkering.ui.charts import Bar, BarChart, Category, Map, bar_chart
from omkering.ui.export import table_response
from omkering.ui.forms import options
from omkering.ui.member_map import member_category_map
from omkering.ui.request import Request

BARS = 25  # positions in a picture
TABLE = 60  # positions in the table; a theme and the file have the others
CSS = {
    "carries": "app-bar--for",
    "remark": "app-bar--2",
    "neutral": "app-bar--abstain",
    MIXED: "app-bar--3",
    OTHER: "app-bar--against",
    SILENT: "app-bar--absent",
}


def _read(request: Request) -> Voice:
    return Voice(request.user, request.on, theme=request.GET.get("theme", ""))


@access("insider")
def voice(request: Request) -> HttpResponse:
    """Where the association speaks with one voice and where it does not; counted per position, never a ranking of
    members."""
    found = _read(request)
    number = request.GET.get("position", "")
    position = next((row.position for row in found.measured if str(row.position.pk) == number), None)
    names, in_table = headers(), _in_table(found.measured)
    context = {
        "headers": names,
        "body": table_rows(in_table, names),
        "in_table": len(in_table),
        "measured": len(found.measured),
        "choices": found.all_themes,
        "theme": found.theme,
        "positions": options(
            ((told.pk, told.title) for told in found.positions), {str(position.pk)} if position else ()
        ),
        "theme_chart": _theme_chart(found),
        "chart": _chart(found.measured),
        "shown": min(BARS, len(found.measured)),
        "map": _map(found, position),
        "query": request.GET.urlencode(),
        "breadcrumbs": crumbs((_("One voice"), "")),
    }
    return render(request, "deliberate/voice.html", context)


def _in_table(measured: list[Measured]) -> list[Measured]:
    """The positions of the table: all, or of many the first, those without one voice before the others."""
    if len(measured) <= TABLE:
        return measured
    return sorted(measured, key=lambda row: row.verdict is not Verdict.APART)[:TABLE]


def _theme_chart(found: Voice) -> BarChart:
    css = {Verdict.ONE: "app-bar--for", Verdict.APART: "app-bar--against", Verdict.UNKNOWN: "app-bar--absent"}
    bars = [
        Bar(theme.name if theme else "", [counted.verdicts[verdict] for verdict in Verdict])
        for theme, counted in found.themes
    ]
    parts = [(css[verdict], words) for verdict, words in verdict_words().items()]
    return bar_chart(bars, caption=_("Positions by theme"), parts=parts, shares=False)


def _chart(rows: list[Measured]) -> BarChart:
    words = kind_words()
    told = [(row.position, row.measure.members) for row in rows[:BARS]]
    bars = [
        Bar(position.title, [members[kind] for kind in KINDS], f"?position={position.pk}#map")
        for position, members in told
    ]
    parts = [(CSS[kind], words[kind]) for kind in KINDS]
    return bar_chart(bars, caption=_("How members stand to each position"), parts=parts)


def _map(found: Voice, position: Told | None) -> Map:
    words = kind_words()
    shown = [kind for kind in CSS if kind != MIXED or position is None]
    if position is not None:
        caption = _("How members stand to “%(title)s”") % {"title": position.title}
    elif found.theme is not None:
        caption = _("How members stand to the positions on %(theme)s") % {"theme": found.theme.name}
    else:
        caption = _("How members stand to all positions together")
    return member_category_map(
        found.members,
        found.of_members(position),
        [Category(kind, CSS[kind], words[kind]) for kind in shown],
        caption=caption,
    )


@access("insider")
def export(request: Request, kind: str) -> HttpResponseBase:
    """The measures of this view as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    found = _read(request)
    words, verdicts = kind_words(), verdict_words()
    header = [_("Theme"), _("Position"), _("One voice")]
    for what in (_("Members"), _("Inhabitants"), _("Networks")):
        header += [f"{what}: {words[one].lower()}" for one in KINDS]
    header += [_("Messages that depart"), _("Weigh it themselves"), _("Red lines"), _("Reference date")]
    rows = (_row(row, verdicts, found) for row in found.measured)
    return table_response(kind, f"{_('one-voice')}-{found.day}", header, rows)


def _row(row: Measured, verdicts: dict[Verdict, str], found: Voice) -> list[Any]:
    measure = row.measure
    counts = (measure.members, measure.inhabitants, measure.networks)
    return [
        *(row.position.theme.name if row.position.theme else "", row.position.title),
        verdicts[row.verdict],
        *(count[kind] for count in counts for kind in KINDS),
        *(measure.differences, measure.differs, measure.red_lines, found.day),
    ]
