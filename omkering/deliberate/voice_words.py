"""One voice in words: kinds and verdicts, and the rows of the table of positions."""

from collections.abc import Iterable, Sequence
from functools import cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.html_tools import escape, safe
from omkering.deliberate.models import StanceKind
from omkering.deliberate.queries.voice import Measured
from omkering.deliberate.voice import MIXED, OTHER, SILENT, Measure, Verdict
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import badge, numbers, percentage

TONES = {Verdict.ONE: "positive", Verdict.APART: "negative", Verdict.UNKNOWN: "neutral"}


def kind_words() -> dict[str, str]:
    """Each kind of stance in words, silence and a mixed picture among them."""
    words = {kind.value: str(kind.label) for kind in StanceKind}
    return {**words, MIXED: _("Carries some, other line in some"), SILENT: _("Has not said so")}


def verdict_words() -> dict[Verdict, str]:
    """Each verdict in words."""
    return {
        Verdict.ONE: _("One voice"),
        Verdict.APART: _("Not one voice"),
        Verdict.UNKNOWN: _("Nobody said so yet"),
    }


def headers() -> list[str]:
    """The headers of the table of positions, in the order of its cells."""
    return [
        *(_("Position"), _("One voice?"), _("Members that carry it"), _("Their inhabitants")),
        *(_("Networks that carry it"), _("Otherwise")),
    ]


def table_rows(rows: Iterable[Measured], names: Sequence[str]) -> SafeString:
    """The rows of the table of positions; `names` has its headers, which stand at each cell on a phone."""
    page = address_of("deliberate:position")
    badges = {verdict: badge(words, TONES[verdict]) for verdict, words in verdict_words().items()}
    cells = [f'<td role="cell" data-label="{name}">' for name in names[1:]]
    written, theme_name = numbers(), cache(lambda theme: escape(theme.name))
    of_all = _("%(n)s of %(all)s")

    def row(found: Measured) -> str:
        position, measured = found.position, found.measure
        texts = (
            badges[found.verdict],
            of_all % {"n": written(measured.carried), "all": written(measured.all_members)},
            percentage(measured.share),
            written(measured.networks_carried),
            "".join([f"<div>{words}</div>" for words in _otherwise(measured)]),
        )
        told = "".join([f"{cell}{text}</td>" for cell, text in zip(cells, texts, strict=True)])
        theme = theme_name(position.theme) if position.theme else ""
        return (
            '<tr role="row"><th scope="row" role="rowheader">'
            f'<a class="nl-link" href="{page(position.pk)}">{escape(position.title)}</a>'
            f'<div class="app-card__meta">{theme}</div></th>{told}</tr>'
        )

    return safe(map(row, rows))


def _otherwise(measured: Measure) -> list[str]:
    """What stands in the way of one voice, in words."""
    told = []
    if n := measured.members[OTHER]:
        words = ngettext("%(n)s member with another line", "%(n)s members with another line", n)
        told.append(words % {"n": n})
    if n := measured.networks[OTHER]:
        words = ngettext("%(n)s network with another line", "%(n)s networks with another line", n)
        told.append(words % {"n": n})
    if n := measured.differences:
        told.append(ngettext("%(n)s message that departs", "%(n)s messages that depart", n) % {"n": n})
    if n := measured.differs:
        told.append(ngettext("%(n)s weighs it itself", "%(n)s weigh it themselves", n) % {"n": n})
    if n := measured.red_lines:
        told.append(ngettext("%(n)s red line", "%(n)s red lines", n) % {"n": n})
    return told
