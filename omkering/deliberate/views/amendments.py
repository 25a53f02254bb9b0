"""Amendments to read: the list of a document, one amendment, and tables to take away."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.deliberate.amendment_words import ADVICE_TONES, state_badge
from omkering.deliberate.list_rows import amendment_rows
from omkering.deliberate.models import LIVE, AmendmentState, Deed, DocumentState
from omkering.deliberate.queries.amendment_studies import talks_over, unwritten
from omkering.deliberate.queries.amendments import (
    amendment_page,
    amendment_to_show,
    falls_with,
    in_a_list,
    lines,
    listed,
)
from omkering.deliberate.views.amendment_common import (
    crumbs,
    crumbs_of,
    document_or_404,
    named,
)
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.owners import owners_for
from omkering.who.standing import standing_of

EXPORTED = 5_000  # amendments in one file


def _filters(request: Request) -> dict[str, Any]:
    state = request.GET.get("state", "")
    place = request.GET.get("paragraph", "")
    return {
        "state": state if state == "live" or state in AmendmentState.values else "",
        "paragraph": int(place) if place.isdecimal() and len(place) < 9 else None,
        "words": request.GET.get("q", "").strip()[:200],
    }


@access("public")
def listing(request: Request, pk: int) -> HttpResponse:
    """The amendments to a document: what is on the table, what collides, and what came of them."""
    document = document_or_404(request, pk)
    chosen = _filters(request)
    rows = in_a_list(listed(document, request.user, **chosen))
    page = paginate(rows, request.GET, order=["number", "pk"])
    own = reverse("deliberate:amendments", args=[pk])
    tabs = [
        {
            "label": label,
            "url": f"{own}?state={key}" if key else own,
            "current": key == chosen["state"],
            "count": None,
        }
        for key, label in (
            ("", _("All amendments")),
            ("live", _("On the table")),
            (AmendmentState.ADOPTED, _("Adopted")),
            (AmendmentState.REJECTED, _("Rejected")),
        )
    ]
    context = {
        "document": document,
        "page": page,
        "lines": amendment_rows(lines(document, list(page), request.user)),
        "tabs": tabs,
        "chosen": chosen,
        "query": request.GET.urlencode(),
        "bureau": may(request.user, "deliberate.settle_amendment"),
        "breadcrumbs": [*crumbs(document)[:-1], (_("Amendments"), "")],
    }
    return render(request, "deliberate/amendments.html", context)


@access("public")
def export(request: Request, pk: int, kind: str) -> HttpResponseBase:
    """The amendments as the list is filtered, as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    document = document_or_404(request, pk)
    rows = list(listed(document, request.user, **_filters(request)).order_by("number")[:EXPORTED])
    header = [
        *(_("Number"), _("Paragraph"), _("Handed in by"), _("Co-signers"), _("What it does"), _("Title")),
        *(_("The text until then"), _("The text as proposed"), _("Why"), _("Consequences"), _("State")),
        *(_("Cannot stand with"), _("Handed in on")),
    ]

    def table() -> Iterator[list[Any]]:
        for line in lines(document, rows, request.user):
            row = line.amendment
            yield [
                row.number,
                line.place,
                str(row.owner_member or row.network),
                line.supporters,
                str(Deed(row.deed).label),
                row.title,
                row.base,
                row.text,
                row.reason,
                row.consequences,
                state_badge(row.state)[0],
                ", ".join(map(str, line.against)),
                row.submitted_at,
            ]

    return table_response(kind, _("amendments"), header, table())


@access("public")
def amendment(request: Request, pk: int) -> HttpResponse:
    """An amendment: what it changes, who stands behind it, what it collides with, and what became of it."""
    row = get_object_or_404(amendment_to_show(request.user), pk=pk)
    page = amendment_page(row, request.user)
    user = request.user
    live, draft = row.state in LIVE, row.state == AmendmentState.DRAFT
    common_of = talks_over(row) if draft else None
    decides = may(user, "deliberate.change_amendment", row)
    bureau = may(user, "deliberate.settle_amendment", row)
    behind = {(one.member_id, one.network_id) for one in page.backings}
    cosigners = [
        owner
        for owner in (owners_for(user, mandated=True) if live and user.is_authenticated else [])
        if not any(owner == (one.member or one.network) for one in page.backings)
    ]
    standing = standing_of(user)
    context = {
        "page": page,
        "amendment": row,
        "common_of": common_of,
        "item": row,
        "name": named(row),
        "state": state_badge(row.state),
        "deed": Deed(row.deed).label,
        "advices": [(one, ADVICE_TONES[one.kind]) for one in page.advices],  # type: ignore[index]
        "unwritten": row.state == AmendmentState.ADOPTED and unwritten().filter(pk=row.pk).exists(),
        "can_step_out": {
            one.pk
            for one in page.backings
            if live
            and len(behind) > 1
            and may(user, "deliberate.cosign", one.member or one.network)
            and (one.part != "author" or sum(other.part == "author" for other in page.backings) > 1)
        },
        "may": {
            "edit": draft and may(user, "deliberate.edit_amendment", row),
            "submit": draft
            and common_of is None
            and may(user, "deliberate.submit_amendment", row.owner_member or row.network),
            "cosign": bool(cosigners),
            "replace": live and decides and row.document.state == DocumentState.PUBLISHED,
            "withdraw": live and decides,
            "talk": live and (decides or bureau),
            "advise": live and (bureau or bool(standing.bodies)),
            "settle": live and bureau,
            "write_in": bureau,
        },
        "falls_with": falls_with(row) if page.with_text and live and bureau else [],
        "breadcrumbs": [*crumbs_of(row)[:-1], (named(row), "")],
    }
    return render(request, "deliberate/amendment.html", context)
