"""The text with amendments in it: what was adopted, any choice of them, what collides, and in which order to vote."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.deliberate.commands.amendment_decisions import adopt_amendments
from omkering.deliberate.forms.amendments import AdoptSeveral
from omkering.deliberate.models import Amendment, Block, Deed, Document
from omkering.deliberate.queries.amendment_studies import (
    Text,
    first_amended,
    study,
    text_of,
    traced,
    unwritten,
    voting_order,
)
from omkering.deliberate.queries.amendments import clash_list, live_seen, place_of, shown
from omkering.deliberate.queries.documents import laid_out
from omkering.deliberate.views.amendment_common import crumbs, document_or_404
from omkering.engine.merge import Span
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors
from omkering.who.authority import may

Row = tuple[Block | None, tuple[Span, ...], list[Amendment], list[Any]]


def _text_or_404(document: Document) -> Text:
    text = text_of(document.pk)
    if text is None:
        raise Http404
    return text


def _chosen(request: Request, rows: list[Amendment]) -> list[Amendment]:
    """The amendments that the address names, by their numbers."""
    wanted = set(request.GET.getlist("a")[:2000])
    return [row for row in rows if str(row.number) in wanted]


@access("public")
def consolidated(request: Request, pk: int) -> HttpResponse:
    """The text as it is with what was adopted, with a choice of amendments, or with all that is on the table.

    Each word that is not of the text itself says which amendment wrote it. What collides stays as it is, and is told.
    """
    document = document_or_404(request, pk)
    text = _text_or_404(document)
    live = live_seen(document, request.user)
    how = request.GET.get("with", "")
    chosen = live if how == "all" else _chosen(request, live)
    clashes: list[Any] = []
    since = None
    if how == "all" or "a" in request.GET or how == "choice":
        looked = study(text, chosen)
        at = {block.paragraph.address: block for block in text.blocks}
        rows: list[Row] = []
        for piece in looked.result.pieces:
            here = [shown(clash, looked) for clash in piece.clashes]
            by = [looked.amendments[key] for key in piece.by]
            rows.append((at.get(piece.address) if piece.address is not None else None, piece.spans, by, here))
            clashes += here
        clashes += [shown(clash, looked) for clash in looked.result.clashes if clash.address not in at]
        current = "all" if how == "all" else "choice"
    else:
        since = first_amended(document.pk)
        pieces, amendments = traced(text, since if since is not None else text.version.number)
        rows = [(one.block, one.spans, [amendments[key] for key in one.by], []) for one in pieces]
        current = ""
    laid_out([block for block, _spans, _by, _here in rows if block is not None])
    own = reverse("deliberate:consolidated", args=[pk])
    labels = {
        "": _("What was adopted"),
        "choice": _("A choice of amendments"),
        "all": _("Everything on the table"),
    }
    context = {
        "document": document,
        "text": text,
        "rows": rows,
        "clashes": clashes,
        "current": current,
        "since": since,
        "live": live,
        "numbers": {row.number for row in chosen} if current == "choice" else set(),
        "places": [(row, place_of(text, row.paragraph.address)) for row in live]
        if current == "choice"
        else [],
        "unwritten": list(unwritten(document).order_by("number")),
        "tabs": [
            {
                "label": label,
                "url": f"{own}?with={key}" if key else own,
                "current": key == current,
                "count": None,
            }
            for key, label in labels.items()
        ],
        "breadcrumbs": crumbs(document, (_("Consolidated text"), "")),
    }
    return render(request, "deliberate/consolidated.html", context)


@access("public")
def collisions(request: Request, pk: int) -> HttpResponse:
    """All amendments to a document that cannot stand together, with the exact words."""
    document = document_or_404(request, pk)
    _text, _looked, found = clash_list(document, request.user)
    context = {
        "document": document,
        "found": found,
        "breadcrumbs": crumbs(document, (_("Collisions"), "")),
    }
    return render(request, "deliberate/amendment_collisions.html", context)


def _order(document: Document, request: Request) -> list[dict[str, Any]]:
    text = _text_or_404(document)
    rows = {str(row.number): row for row in live_seen(document, request.user)}
    return [
        {
            "row": rows[turn.key],
            "place": place_of(text, turn.address),
            "deed": Deed(rows[turn.key].deed).label,
            "reach": turn.reach,
            "falls": [rows[key] for key in turn.falls],
        }
        for turn in voting_order(text, rows.values())
    ]


@access("public")
def order(request: Request, pk: int) -> HttpResponse:
    """The order in which to put the amendments to the vote, with what falls when one is adopted."""
    document = document_or_404(request, pk)
    turns = _order(document, request)
    context = {
        "document": document,
        "turns": turns,
        "loose": sum(not turn["falls"] for turn in turns),
        "bureau": may(request.user, "deliberate.settle_amendment"),
        "breadcrumbs": crumbs(document, (_("Order of voting"), "")),
    }
    return render(request, "deliberate/amendment_order.html", context)


@access("public")
def export_order(request: Request, pk: int, kind: str) -> HttpResponseBase:
    """The order of voting as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    document = document_or_404(request, pk)
    header = [
        *(_("Order"), _("Amendment"), _("Paragraph"), _("Handed in by"), _("What it does")),
        *(_("Words that it touches"), _("Falls when this is adopted")),
    ]

    def table() -> Iterator[list[Any]]:
        for place, turn in enumerate(_order(document, request), 1):
            row = turn["row"]
            yield [
                place,
                row.number,
                turn["place"],
                str(row.owner_member or row.network),
                str(turn["deed"]),
                turn["reach"],
                ", ".join(str(other.number) for other in turn["falls"]),
            ]

    return table_response(kind, _("order of voting"), header, table())


@access("bureau")
def adopt_several(request: Request, pk: int) -> HttpResponse:
    """Record that several amendments were adopted together: one new version holds them all."""
    document = document_or_404(request, pk)
    text = _text_or_404(document)
    live = live_seen(document, request.user)
    form = AdoptSeveral(request.POST or None, initial={"based_on": text.version.number})
    wanted = set(request.POST.getlist("a") or request.GET.getlist("a"))
    chosen = [row for row in live if str(row.number) in wanted]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            adopt_amendments(
                actor=request.user,
                amendments=chosen,
                reason=data["note"],
                decided_in=data["decided_in"],
                based_on=data["based_on"],
            )
        except ValidationError as error:
            sent: Any = form.data
            again = sent.copy()
            again["based_on"] = str(text.version.number)
            form.data = again
            add_errors(form, error)
        else:
            messages.success(request, _("The amendments are in the text, in one new version."))
            return redirect("deliberate:consolidated", pk)
    looked = study(text, live)
    context = {
        "document": document,
        "form": form,
        "offered": [
            (
                row,
                place_of(text, row.paragraph.address),
                looked.stands_against(row.number),
                looked.with_text(row.number),
                row in chosen,
            )
            for row in live
        ],
        "breadcrumbs": crumbs(document, (_("Adopt several"), "")),
    }
    return render(
        request, "deliberate/amendment_adopt_several.html", context, status=422 if form.errors else 200
    )
