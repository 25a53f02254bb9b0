"""Changes of a document: what is said about it, who may read it, its next version, adopted and withdrawn."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.deliberate.commands import documents as commands
from omkering.deliberate.commands.imports import start_draft
from omkering.deliberate.forms.documents import EditDocument, Publish, WithReason
from omkering.deliberate.models import Document
from omkering.deliberate.views.consultation_common import form_page, with_new
from omkering.deliberate.views.document_common import crumbs_of, document_or_404
from omkering.ui.access import access
from omkering.ui.request import Request


def _back(document: Document) -> str:
    return reverse("deliberate:document", args=[document.pk])


@access("bureau")
def edit(request: Request, pk: int) -> HttpResponse:
    """Change what is said about a document."""
    document = document_or_404(request, pk)

    def anew() -> tuple[EditDocument, list[tuple[str, str]]]:
        now = document_or_404(request, pk)
        form = EditDocument.start(now, with_new(request, "revision", now.revision))
        return form, [(_("Title"), now.title), (_("What it is about"), now.summary)]

    return form_page(
        request,
        EditDocument.start(document, request.POST or None),
        heading=_("Change the document"),
        lead=document.title,
        button=_("Save"),
        deed=lambda data: commands.edit_document(actor=request.user, document=document, **data),
        done=_("The document is changed."),
        back=_back(document),
        breadcrumbs=crumbs_of(document, (_("Change the document"), "")),
        draft=f"document-{pk}-{document.revision}",
        anew=anew,
    )


@access("bureau")
@require_POST
def write(request: Request, pk: int) -> HttpResponse:
    """Begin the next version, or go on with the one that was begun."""
    document = document_or_404(request, pk)
    try:
        draft = start_draft(actor=request.user, document=document)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_back(document))
    return redirect("deliberate:import", draft.pk)


@access("bureau")
def publish(request: Request, pk: int) -> HttpResponse:
    """Let others read it."""
    document = document_or_404(request, pk)
    initial = {"visibility": document.visibility, "audience": document.audience_id}
    return form_page(
        request,
        Publish(request.POST or None, initial=initial),
        heading=_("Publish"),
        lead=document.title,
        button=_("Publish"),
        deed=lambda data: commands.publish_document(actor=request.user, document=document, **data),
        done=_("The document is published."),
        back=_back(document),
        breadcrumbs=crumbs_of(document, (_("Publish"), "")),
        draft=f"document-publish-{pk}",
    )


@access("bureau")
def adopt(request: Request, pk: int) -> HttpResponse:
    """Say that the present text was adopted, and where."""
    document = document_or_404(request, pk)
    return form_page(
        request,
        WithReason(request.POST or None),
        heading=_("This text was adopted"),
        lead=_("Say which body adopted it, and when."),
        button=_("Adopted"),
        deed=lambda data: commands.adopt_document(actor=request.user, document=document, **data),
        done=_("The text is marked as adopted."),
        back=_back(document),
        breadcrumbs=crumbs_of(document, (_("This text was adopted"), "")),
        draft=f"document-adopt-{pk}",
    )


@access("bureau")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Say that a document no longer counts."""
    document = document_or_404(request, pk)
    return form_page(
        request,
        WithReason(request.POST or None),
        heading=_("Withdraw the document"),
        lead=_("Who can read it now can still read it. Its text can no longer change."),
        button=_("Withdraw"),
        negative=True,
        deed=lambda data: commands.withdraw_document(actor=request.user, document=document, **data),
        done=_("The document is withdrawn."),
        back=_back(document),
        breadcrumbs=crumbs_of(document, (_("Withdraw the document"), "")),
        draft=f"document-withdraw-{pk}",
    )
