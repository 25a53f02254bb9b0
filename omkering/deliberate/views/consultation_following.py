"""Following a round while it is going on: who responded, who is silent, and what comes up."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from omkering.deliberate.models import ConsultationRound
from omkering.deliberate.publics import reads_round
from omkering.deliberate.queries import consultation_following as queries
from omkering.deliberate.queries import consultation_response as response
from omkering.deliberate.views.consultation_common import address, crumbs_in, round_or_404
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.standing import standing_of


def _followed_or_404(request: Request, pk: int) -> ConsultationRound:
    row = round_or_404(request, pk)
    if not reads_round(standing_of(request.user), row):
        raise Http404
    return row


@access("insider")
def following(request: Request, pk: int) -> HttpResponse:
    """How a round goes. The numbers come anew by themselves where there is script (`?part=numbers`)."""
    row = _followed_or_404(request, pk)
    context = {"round": row, "numbers": queries.numbers_of(row)}
    if request.GET.get("part") == "numbers" and request.htmx:
        return render(request, "deliberate/following_numbers.html", context)
    rows = response.responses(row)
    context |= {
        "item": row.consultation,
        "rows": rows,
        "responded": sum(1 for entry in rows if entry.kind != response.SILENT),
        "formal": sum(1 for entry in rows if entry.kind == response.FORMAL),
        "silent": [entry.member for entry in rows if response.is_silent(row, entry)],
        "map": response.response_map(row, rows),
        "found": queries.following(row, request.user),
        "document_url": address("deliberate:document", row.consultation.document_id)
        if row.consultation.document_id
        else "",
        "may_remind": row.state == "open" and may(request.user, "deliberate.run_round", row),
        "breadcrumbs": crumbs_in(row, (_("Follow the round"), "")),
    }
    return render(request, "deliberate/following.html", context)


@access("insider")
def response_file(request: Request, pk: int, form: str) -> HttpResponseBase:
    """What came from each member, as a table."""
    row = _followed_or_404(request, pk)
    if form not in ("csv", "ods"):
        raise Http404
    if row.public == "body":
        raise PermissionDenied
    header = [
        _("Code"),
        _("Member"),
        _("Formal view"),
        _("Amendments"),
        _("Personal reactions"),
        _("Replied or voted"),
    ]
    lines = (
        (
            entry.member.code,
            entry.member.name,
            (_("handed in late") if entry.late else _("handed in")) if entry.view is not None else "",
            entry.amendments,
            entry.reactions,
            entry.others,
        )
        for entry in response.responses(row)
    )
    return table_response(form, _("response-%(number)s") % {"number": pk}, header, lines)
