"""Bodies: the list, one body with its seats and composition, and the composition to take along."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from omkering.decide.queries import bodies as queries
from omkering.decide.queries.nominations import rounds_of
from omkering.decide.views.body_common import body_crumbs, body_or_404, of_body
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.current import association
from omkering.who.standing import standing_of


@access("public")
def bodies(request: Request) -> HttpResponse:
    """All bodies and chapters, with their seats."""
    day = request.on
    context = {
        "groups": queries.body_groups(day),
        "chapters": queries.chapters(day),
        "day": day,
        "insider": standing_of(request.user).is_insider,
        "breadcrumbs": body_crumbs(),
    }
    return render(request, "decide/bodies/bodies.html", context)


@access("public")
def body(request: Request, pk: int) -> HttpResponse:
    """One body: who sits where until when, how it is composed beside the members, and seats to be filled.

    Names are for who holds a role; everybody sees the seats and the figures.
    """
    row, day = body_or_404(pk), request.on
    standing = standing_of(request.user)
    seats = queries.seat_lines(row, day)
    starts, ends = queries.lifetime_of(row)
    context = {
        "body": row,
        "day": day,
        "seats": seats,
        "held": sum(1 for line in seats if line.term),
        "years": queries.rota_lines(seats),
        "seated": queries.has_seats(row),
        "starts": starts,
        "ends": ends,
        "parts": queries.composition(queries.holders_on(row, day), day) if seats else [],
        "main_part": association().main_division,
        "rounds": rounds_of(row.pk, request.user),
        "insider": standing.is_insider,
        "keeps": may(request.user, "decide.keep_seats", row),
        "breadcrumbs": of_body(row),
    }
    return render(request, "decide/bodies/body.html", context)


@access("public")
def export(request: Request, pk: int, form: str) -> HttpResponseBase:
    """The composition as CSV or ODS: figures alone."""
    if form not in ("csv", "ods"):
        raise Http404
    row, day = body_or_404(pk), request.on
    parts = queries.composition(queries.holders_on(row, day), day)
    header = [
        *(_("Grouping"), _("Group"), _("Seats"), _("All seats"), _("Members"), _("All members")),
        *(_("Seats by share of the members"), _("Difference in seats")),
    ]
    return table_response(form, f"{row.key}-{_('composition')}-{day}", header, _rows(parts))


def _rows(parts: list[queries.Part]) -> Iterator[list[Any]]:
    for part in parts:
        for line in part.lines:
            yield [
                *(part.title, line.name, line.seats, line.of_seats, line.members, line.of_members),
                *(_rounded(line.by_share), _rounded(line.difference)),
            ]


def _rounded(value: Any) -> float | None:
    return None if value is None else round(float(value), 2)
