"""Writing an amendment: change a paragraph in place, keep it as a draft, hand it in, or replace one that was."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from omkering.deliberate.amendment_words import DEEDS
from omkering.deliberate.commands import amendments
from omkering.deliberate.forms.amendments import AmendmentForm
from omkering.deliberate.models import Amendment, AmendmentState, Deed, Paragraph
from omkering.deliberate.queries.amendment_studies import difference, text_of
from omkering.deliberate.queries.amendments import readable_documents
from omkering.deliberate.rules_amendments import owner_of
from omkering.deliberate.views.amendment_common import (
    address,
    amendment_or_404,
    crumbs,
    crumbs_of,
    with_new_version,
)
from omkering.thread.texts import tidy
from omkering.ui.access import access
from omkering.ui.form_pages import is_changed
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors
from omkering.who.authority import may, require
from omkering.who.owners import Owner, owners_for


@access("insider")
def propose(request: Request, pk: int) -> HttpResponse:
    """Another text for a paragraph: change it in place, add one after it, or drop it."""
    documents = readable_documents(request.user)
    rows = Paragraph.objects.filter(document__in=documents).select_related("document")
    at = get_object_or_404(rows.defer("document__search", "document__body"), pk=pk)
    text = text_of(at.document_id)
    block = text.block(at.address) if text is not None else None
    if text is None or block is None:
        messages.error(request, _("This paragraph is no longer in the text."))
        return redirect("deliberate:amendments", at.document_id)
    owners = owners_for(request.user)
    if not owners:
        raise PermissionDenied("deliberate.draft_amendment")
    deed = deed_asked(request)
    form = AmendmentForm(
        request.POST or None,
        owners=owners,
        deed=deed,
        initial={
            "deed": deed,
            "on_version": text.version.number,
            "text": block.text if deed == Deed.CHANGE else "",
        },
    )
    closed = _why_closed(request, at)

    def keep(data: dict[str, Any]) -> Amendment:
        return amendments.draft_amendment(actor=request.user, paragraph=at, owner=form.owner, **form.values())

    return writing(
        request,
        form,
        base=block.text,
        deed=deed,
        keep=keep,
        hand_in=any(may(request.user, "deliberate.submit_amendment", owner) for owner in owners),
        heading=_("Propose an amendment"),
        breadcrumbs=crumbs(at.document, (_("Propose an amendment"), "")),
        closed=closed,
        deeds=[(key, label, f"?deed={key}", key == deed) for key, label in DEEDS.items()],
        anchor=block,
        back=crumbs(at.document)[1][1],
    )


@access("insider")
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a draft; what somebody else saved meanwhile is not overwritten unseen."""
    row = amendment_or_404(request, pk)
    if not may(request.user, "deliberate.edit_amendment", row):
        raise Http404  # a draft is of its own people
    if row.state != AmendmentState.DRAFT:
        messages.info(request, _("This was handed in, so its words stay. Replace it by another one instead."))
        return redirect(address(row))
    deed = deed_asked(request, row.deed)
    form = AmendmentForm(request.POST or None, owners=[_owner(row)], deed=deed, initial=start_of(row, deed))

    def keep(data: dict[str, Any]) -> Amendment:
        return amendments.edit_amendment(
            actor=request.user, amendment=row, version=data["version"] or 0, **form.values()
        )

    return writing(
        request,
        form,
        base=row.base,
        deed=deed,
        keep=keep,
        row=row,
        hand_in=may(request.user, "deliberate.submit_amendment", _owner(row)),
        heading=_("Change the draft"),
        breadcrumbs=crumbs_of(row, (_("Change the draft"), "")),
        deeds=[(key, label, f"?deed={key}", key == deed) for key, label in DEEDS.items()],
        back=address(row),
    )


@access("insider")
def replace(request: Request, pk: int) -> HttpResponse:
    """Put another amendment in the place of one that was handed in, on the newest version of the text."""
    row = amendment_or_404(request, pk)
    require(request.user, "deliberate.change_amendment", row)
    text = text_of(row.document_id)
    block = text.block(row.paragraph.address) if text is not None else None
    if text is None or block is None:
        messages.error(request, _("This paragraph is no longer in the text. You can only withdraw it."))
        return redirect(address(row))
    deed = deed_asked(request, row.deed)
    initial = start_of(row, deed) | {"on_version": text.version.number}
    form = AmendmentForm(request.POST or None, owners=[_owner(row)], deed=deed, initial=initial)

    def keep(data: dict[str, Any]) -> Amendment:
        return amendments.replace_amendment(
            actor=request.user, amendment=row, version=data["version"] or 0, **form.values()
        )

    return writing(
        request,
        form,
        base=block.text,
        deed=deed,
        keep=keep,
        row=row,
        heading=_("Replace by another amendment"),
        lead=_("Everybody who stands behind this one goes along, is told, and can step out."),
        only=_("Replace it"),
        breadcrumbs=crumbs_of(row, (_("Replace by another amendment"), "")),
        deeds=[(key, label, f"?deed={key}", key == deed) for key, label in DEEDS.items()],
        back=address(row),
    )


def deed_asked(request: Request, otherwise: str = Deed.CHANGE) -> str:
    given = request.POST.get("deed") or request.GET.get("deed") or otherwise
    return given if given in Deed.values else otherwise


def _owner(row: Amendment) -> Owner:
    owner = owner_of(row)
    assert owner is not None
    return owner


def start_of(row: Amendment, deed: str) -> dict[str, Any]:
    """What a form starts with."""
    text = row.text if row.deed == deed else (row.base if deed == Deed.CHANGE else "")
    return {
        "version": row.version,
        "on_version": row.written_on.number,
        "deed": deed,
        "title": row.title,
        "text": text,
        "reason": row.reason,
        "consequences": row.consequences,
    }


def _why_closed(request: Request, at: Paragraph) -> str:
    """Why no amendment can be made now, or ""."""
    try:
        amendments.round_open_to(request.user, at.document)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def writing(
    request: Request,
    form: AmendmentForm,
    *,
    base: str,
    deed: str,
    keep: Any,
    row: Amendment | None = None,
    hand_in: bool = False,
    only: str = "",
    done: str = "",
    after: str = "",
    **more: Any,
) -> HttpResponse:
    """The page to write an amendment on: keep it, hand it in, or look at the difference first."""
    go = request.POST.get("go", "draft")
    if request.method == "POST" and form.is_valid() and go != "look":
        try:
            with transaction.atomic():  # what cannot be handed in is not kept either: it stands in the form
                made = keep(form.cleaned_data)
                if go == "submit":
                    made = amendments.submit_amendment(actor=request.user, amendment=made)
        except ValidationError as error:
            if row is not None and is_changed(error):
                with_new_version(form, row.pk)
            add_errors(form, error)
        else:
            messages.success(request, done or _said(made, go))
            return redirect(after or address(made))
    typed = form["text"].value() if "text" in form.fields else ""
    spans = difference(base, tidy(typed or "")) if deed == Deed.CHANGE else ()
    context = {
        "form": form,
        "base": base,
        "deed": deed,
        "spans": spans,
        "row": row,
        "hand_in": hand_in,
        "only": only,
        "changed": any(span.amendments for span in spans),
        **more,
    }
    return render(
        request,
        "deliberate/amendment_write.html",
        context,
        status=422 if form.is_bound and form.errors else 200,
    )


def _said(made: Amendment, go: str) -> str:
    if made.state == AmendmentState.DRAFT:
        return _("The draft is kept. Only your own people and the bureau can read it.")
    if made.late:
        return _("The amendment is handed in, with the mark that it came after the closing of the round.")
    return _("The amendment is handed in.")
