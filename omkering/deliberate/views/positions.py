"""Positions: the register, one position, and the register to take along."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.forms.contacts import party_label
from omkering.deliberate.forms.positions import PositionFilterForm, party_key
from omkering.deliberate.models import Position, PositionState
from omkering.deliberate.position_rows import spoken_entries, stance_entries
from omkering.deliberate.queries import positions as queries
from omkering.deliberate.register_rows import position_rows
from omkering.deliberate.views.position_common import (
    crumbs,
    of_position,
    organisation_choices,
    party_choices,
)
from omkering.thread.models import Item, Theme, Visibility
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.paging import CURSOR_PARAMETERS, paginate
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.models import Member, Network
from omkering.who.standing import Standing, standing_of

ORDER = ("theme__order", "theme_id", "-taken_on", "-pk")


def _form(request: Request, standing: Standing) -> PositionFilterForm:
    silent: list[Member | Network] = queries.bound_by(standing)
    choices = {
        "theme": [(theme.key, theme.name) for theme in Theme.objects.all()],
        "organisation": organisation_choices(),
        "silent": party_choices(silent),
    }
    without = [] if silent else ["silent"]
    form = PositionFilterForm(
        request.GET, choices=choices, without=[*without, *([] if standing.is_bureau else ["mine"])]
    )
    if standing.is_bureau:
        form.fields["state"].choices += [(PositionState.DRAFT.value, PositionState.DRAFT.label)]  # type: ignore[attr-defined]
    return form


def _query(request: Request) -> str:
    query = request.GET.copy()
    for name in CURSOR_PARAMETERS:
        query.pop(name, None)
    return query.urlencode()


@access("public")
def positions(request: Request) -> HttpResponse:
    """The register of positions, by theme; every view has its own address."""
    standing = standing_of(request.user)
    form = _form(request, standing)
    rows = queries.positions_found(queries.PositionFilter(**form.chosen), request.user)
    page = paginate(rows, request.GET, order=ORDER)
    context = {
        "form": form,
        "page": page,
        "body": position_rows(queries.lines_of(page.rows, standing), standing.is_insider),
        "count": rows.count(),
        "insider": standing.is_insider,
        "may_keep": may(request.user, "deliberate.keep_position"),
        "query": _query(request),
        "exported": queries.EXPORTED,
        "breadcrumbs": crumbs((_("Positions"), "")),
    }
    return render(request, "deliberate/positions.html", context)


@access("public")
def position(request: Request, pk: int) -> HttpResponse:
    """A position: what it says to whom, since when, who carries it, and what was said about it to others."""
    row = get_object_or_404(queries.position_to_show(request.user), pk=pk)
    page = queries.position_page(row, request.user)
    keeps = may(request.user, "deliberate.keep_position", row)
    standing = standing_of(request.user)
    source = row.source_item
    if source is not None and not _reads(request, source):
        source = None
    context = {
        "position": row,
        "item": row,
        "page": page,
        "stances": _stances(page),
        "contacts": spoken_entries(page.contacts, party_label(None)),
        "tone": queries.TONES[PositionState(row.state)],
        "source": source,
        "mine": [(party, stance, party_key(party)) for party, stance in page.mine],
        "insider": standing.is_insider,
        "messages_lines": [line for line in row.messages.splitlines() if line.strip()],
        "past": row.ends_on is not None and row.state == "active" and row.ends_on < timezone.localdate(),
        "may": {
            "edit": keeps and row.state != PositionState.ENDED,
            "take": keeps and row.state == PositionState.DRAFT,
            "end": keeps and row.state != PositionState.ENDED,
        },
        "breadcrumbs": of_position(row),
    }
    return render(request, "deliberate/position.html", context)


def _stances(page: queries.PositionPage) -> dict[str, Any]:
    """Who carries it, as lists by who they are and how they stand; empty where nobody said so."""
    if not (page.networks or page.members):
        return {}
    return {
        "networks": stance_entries(page.networks),
        "pressing": stance_entries(page.pressing),
        "others": [(words, len(lines), stance_entries(lines)) for words, lines in page.others],
    }


def _reads(request: Request, item: Item) -> bool:
    return Item.objects.visible_to(standing_of(request.user), request.user.pk).filter(pk=item.pk).exists()


@access("public")
def export(request: Request, kind: str) -> HttpResponseBase:
    """The positions of this view as CSV or ODS; how they are carried is for insiders."""
    if kind not in ("csv", "ods"):
        raise Http404
    standing = standing_of(request.user)
    form = _form(request, standing)
    rows = queries.positions_found(queries.PositionFilter(**form.chosen), request.user)
    header = [
        *(_("Number"), _("Theme"), _("Position"), _("In one sentence"), _("The whole text"), _("Messages")),
        *(
            _("Figures"),
            _("Addressed to"),
            _("Decided by"),
            _("Body"),
            _("Where it is found"),
            _("Decided on"),
        ),
        *(_("Last day"), _("State"), _("Owner"), _("Who may read it"), _("Example")),
    ]
    if standing.is_insider:
        header += [_("Members that carry it"), _("Networks that carry it"), _("Other lines")]
    return table_response(kind, f"{_('positions')}-{timezone.localdate()}", header, _rows(rows, standing))


def _rows(rows: Any, standing: Standing) -> Iterator[list[Any]]:
    for line in queries.exported(rows, standing):
        row: Position = line.position
        yield [
            *(row.pk, row.theme.name if row.theme else "", row.title, row.summary, row.text, row.messages),
            *(row.figures, ", ".join(str(one) for one in line.addressees), row.get_source_display()),
            *(str(row.source_body or ""), row.source_note, row.taken_on, row.ends_on),
            *(PositionState(row.state).label, str(row.owner or "") if standing.is_insider else ""),
            *(readers_words(row), _("yes") if row.example else _("no")),
            *((line.carried, line.networks, line.other) if standing.is_insider else ()),
        ]


def readers_words(row: Any) -> str:
    """Who may read a position or contact, in words."""
    if row.sensitive:
        return _("Only those involved (sensitive)")
    return str(Visibility(row.visibility).label)
