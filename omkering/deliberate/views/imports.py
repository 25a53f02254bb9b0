"""Read a file in, look at its structure, correct it, and make it count."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.deliberate import structure
from omkering.deliberate.commands import imports as commands
from omkering.deliberate.commands.documents import confirm_import
from omkering.deliberate.document_words import words_html
from omkering.deliberate.forms.documents import Confirm, ConfirmVersion, CorrectParts, OnePart, TakeFile
from omkering.deliberate.models import Document, Import
from omkering.deliberate.queries.documents import Part, laid_out
from omkering.deliberate.views.consultation_common import form_page, with_new
from omkering.deliberate.views.document_common import (
    Crumbs,
    crumbs,
    crumbs_of,
    document_or_404,
    import_or_404,
    number_of,
)
from omkering.engine.personal_data import find
from omkering.ui.access import access
from omkering.ui.form_pages import is_changed
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors

ON_A_PAGE = 200  # parts, so that ticking all of them stays within what a form may send


def _crumbs(row: Import, *more: tuple[str, str]) -> Crumbs:
    here = (_("Look at the text"), reverse("deliberate:import", args=[row.pk]))
    return crumbs_of(row.document, here, *more) if row.document else crumbs(here, *more)


@access("bureau")
def take(request: Request) -> HttpResponse:
    """Read a file in; with `?document=` it becomes the next version of that one."""
    pk = number_of(request, "document")
    document: Document | None = document_or_404(request, pk) if pk is not None else None
    form = TakeFile(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.take_file(actor=request.user, document=document, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect("deliberate:import", made.pk)
    context = {
        "form": form,
        "document": document,
        "breadcrumbs": crumbs_of(document, (_("Read a file"), ""))
        if document
        else crumbs((_("Read a file"), "")),
    }
    return render(request, "deliberate/import_take.html", context, status=422 if form.errors else 200)


@access("bureau")
def look(request: Request, pk: int) -> HttpResponse:
    """The structure of a text before it counts; ticked parts are corrected together."""
    row = import_or_404(request, pk)
    if row.state != Import.State.WAITING:
        return _ended(request, row)
    form = CorrectParts(request.POST or None, initial={"version": row.version})
    ticked: set[int] = set()
    if request.method == "POST" and form.is_valid():
        ticked = {int(one) for one in request.POST.getlist("at") if one.isdecimal() and len(one) < 6}
        try:
            _correct(request, row, form, ticked)
        except ValidationError as error:
            if is_changed(error):
                row, ticked = import_or_404(request, pk), set()
                form = CorrectParts(with_new(request, "version", row.version))
                form.is_valid()
            add_errors(form, error)
        else:
            messages.success(request, _("The structure is corrected."))
            return redirect(f"{reverse('deliberate:import', args=[pk])}?{request.GET.urlencode()}")
    page, pages = _page(request, row)
    first = (page - 1) * ON_A_PAGE
    parts = _preview(row.blocks)[first : first + ON_A_PAGE]
    newest = row.document.versions.order_by("-number").first() if row.document and row.based_on else None
    context = {
        "form": form,
        "imported": row,
        "parts": [(first + i, part, first + i in ticked) for i, part in enumerate(parts)],
        "page_number": page,
        "pages": range(1, pages + 1) if pages > 1 else [],
        "count": len(row.blocks),
        "overtaken": newest if newest is not None and newest != row.based_on else None,
        "breadcrumbs": [*_crumbs(row)[:-1], (_("Look at the text"), "")],
    }
    return render(request, "deliberate/import.html", context, status=422 if form.errors else 200)


def _page(request: Request, row: Import) -> tuple[int, int]:
    pages = max(1, -(-len(row.blocks) // ON_A_PAGE))
    return min(max(number_of(request, "page") or 1, 1), pages), pages


def _preview(blocks: list[dict[str, Any]]) -> list[Part]:
    parts = [
        Part(
            0,
            block.get("address") or 0,
            block["kind"],
            block["level"],
            block["label"],
            block["text"],
            words_html(block["text"]),
        )
        for block in blocks
    ]
    laid_out(parts)
    return parts


def _correct(request: Request, row: Import, form: CorrectParts, ticked: set[int]) -> None:
    deed = form.cleaned_data["deed"]
    if not ticked or not deed:
        raise ValidationError({"deed": _("Tick at least one part, and choose what it is.")})
    if deed == "join":
        blocks = structure.joined_up(row.blocks, ticked)
    elif deed == "out":
        blocks = structure.without(row.blocks, ticked)
    else:
        blocks = structure.with_kind(row.blocks, ticked, deed)
    commands.correct_import(
        actor=request.user, imported=row, version=form.cleaned_data["version"], blocks=blocks
    )


@access("bureau")
def part(request: Request, pk: int, place: int) -> HttpResponse:
    """The words of one part."""
    row = import_or_404(request, pk)
    if row.state != Import.State.WAITING:
        return _ended(request, row)
    if place >= len(row.blocks):
        raise Http404
    block = row.blocks[place]
    initial = {
        "version": row.version,
        "kind": structure.choice_of(block),
        "label": block["label"],
        "blocks": block["text"],
    }

    def rewrite(data: dict[str, Any]) -> Any:
        blocks = structure.rewritten(row.blocks, place, data["kind"], data["label"], data["blocks"])
        return _keep(request, row, data, blocks)

    return _part_form(request, row, initial, rewrite, _("Change this part"), place)


@access("bureau")
def add(request: Request, pk: int, place: int) -> HttpResponse:
    """A new part, before the one at this place."""
    row = import_or_404(request, pk)
    if row.state != Import.State.WAITING:
        return _ended(request, row)
    if place > len(row.blocks):
        raise Http404

    def insert(data: dict[str, Any]) -> Any:
        blocks = structure.with_new(row.blocks, place - 1, data["kind"], data["label"], data["blocks"])
        return _keep(request, row, data, blocks)

    return _part_form(request, row, {"version": row.version}, insert, _("Add a part"), place)


def _keep(request: Request, row: Import, data: dict[str, Any], blocks: list[dict[str, Any]]) -> Import:
    return commands.correct_import(actor=request.user, imported=row, version=data["version"], blocks=blocks)


def _part_form(
    request: Request,
    row: Import,
    initial: dict[str, Any],
    deed: Callable[[dict[str, Any]], Any],
    heading: str,
    place: int,
) -> HttpResponse:
    page = place // ON_A_PAGE + 1
    back = f"{reverse('deliberate:import', args=[row.pk])}{f'?page={page}' if page > 1 else ''}#part-{place}"

    def anew() -> tuple[OnePart, list[tuple[str, str]]]:
        now = import_or_404(request, row.pk)
        form = OnePart(with_new(request, "version", now.version))
        there = now.blocks[place]["text"] if place < len(now.blocks) else ""
        row.blocks = now.blocks
        return form, [(_("Text"), there)]

    return form_page(
        request,
        OnePart(request.POST or None, initial=initial),
        heading=heading,
        lead=row.title,
        button=_("Save"),
        deed=deed,
        done=_("The part is saved."),
        back=back,
        breadcrumbs=_crumbs(row, (heading, "")),
        draft=f"import-{row.pk}-{place}-{row.version}",
        anew=anew,
    )


@access("bureau")
def confirm(request: Request, pk: int) -> HttpResponse:
    """Make it count: a document that only the bureau sees yet, or the next version of one."""
    row = import_or_404(request, pk)
    if row.state != Import.State.WAITING:
        return _ended(request, row)
    asks = bool(find("\n\n".join(block["text"] for block in row.blocks)))
    if row.document is None:
        form: Any = Confirm(
            request.POST or None, initial={"version": row.version, "title": row.title}, asks_reason=asks
        )
        heading, button, done = _("Make it a document"), _("Make the document"), _("The document is there.")
    else:
        form = ConfirmVersion(request.POST or None, initial={"version": row.version}, asks_reason=asks)
        heading, button, done = (
            _("Make it the next version"),
            _("Make the version"),
            _("The version is there."),
        )

    def anew() -> tuple[Any, list[tuple[str, str]]]:
        now = import_or_404(request, pk)
        made = type(form)(with_new(request, "version", now.version), asks_reason=asks)
        return made, []

    return form_page(
        request,
        form,
        heading=heading,
        lead=row.title,
        button=button,
        deed=lambda data: confirm_import(actor=request.user, imported=row, **data),
        done=done,
        back=reverse("deliberate:import", args=[pk]),
        after=lambda document: reverse("deliberate:document", args=[document.pk]),
        breadcrumbs=_crumbs(row, (heading, "")),
        draft=f"import-confirm-{pk}-{row.version}",
        anew=anew,
    )


@access("bureau")
@require_POST
def renew(request: Request, pk: int) -> HttpResponse:
    """Carry the text over to the version that came meanwhile."""
    row = import_or_404(request, pk)
    try:
        commands.renew_draft(actor=request.user, imported=row, version=row.version)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Your text now goes on from the newest version."))
    return redirect("deliberate:import", pk)


@access("bureau")
@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    """Let go of it."""
    row = import_or_404(request, pk)
    commands.drop_import(actor=request.user, imported=row)
    messages.success(request, _("The text is dropped."))
    return (
        redirect("deliberate:document", row.document_id)
        if row.document_id
        else redirect("deliberate:documents")
    )


@access("bureau")
def file(request: Request, pk: int) -> HttpResponseBase:
    """The file that was read; always as a download."""
    import_or_404(request, pk)
    row = get_object_or_404(Import.objects.exclude(file=""), pk=pk)
    try:
        opened = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, as_attachment=True, filename=row.file_name, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _ended(request: Request, row: Import) -> HttpResponse:
    """Where a text went that no longer waits."""
    if row.state == Import.State.DONE and row.document_id:
        messages.info(request, _("This text became a document already."))
        return redirect("deliberate:document", row.document_id)
    messages.info(request, _("This text was dropped."))
    return redirect("deliberate:documents")
