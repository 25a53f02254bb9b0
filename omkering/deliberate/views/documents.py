"""Documents to read: the list, one text, two versions compared, and what to take along."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from omkering.deliberate.document_html import contents_html, parts_html
from omkering.deliberate.document_words import state_badge
from omkering.deliberate.forms.documents import Filter
from omkering.deliberate.list_rows import document_rows
from omkering.deliberate.models import BlockKind, Document, DocumentState
from omkering.deliberate.part_tools import add_tools
from omkering.deliberate.queries.documents import Text, compared, listed_documents, text_of, waiting_imports
from omkering.deliberate.views.document_common import (
    crumbs,
    crumbs_of,
    document_or_404,
    document_to_read,
    number_of,
    visible_to_whom,
)
from omkering.ui.access import access
from omkering.ui.docx import WordDocument, docx_response
from omkering.ui.paging import paginate
from omkering.ui.pdf import pdf_response
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.current import association

WAITING = 20  # texts to look at that the list names


@access("public")
def documents(request: Request) -> HttpResponse:
    """The documents that one may read, the newest first."""
    form = Filter(request.GET if request.GET else None)
    page = paginate(listed_documents(request.user, **form.chosen), request.GET, order=["-changed_at", "-pk"])
    edits = may(request.user, "deliberate.import_document")
    context = {
        "form": form,
        "chosen": any(form.chosen.values()),
        "page": page,
        "rows": document_rows((row, state_badge(row.state)) for row in page),
        "edits": edits,
        "imports": list(waiting_imports(request.user)[:WAITING]) if edits else [],
        "breadcrumbs": crumbs(),
    }
    return render(request, "deliberate/documents.html", context)


@access("public")
def document(request: Request, pk: int) -> HttpResponse:
    """A text to read, with what was put in at each part; `?version=2` an older one, `?levels=on` how hard each is."""
    row = document_to_read(request, pk)
    levels = request.GET.get("levels") == "on"
    text = _text(request, row, levels=levels)
    if text is not None and text.is_present:
        add_tools(row.pk, text)
    context = {
        "document": row,
        "item": row,
        "text": text,
        "contents": contents_html(text.contents) if text else "",
        "parts": parts_html(text.parts) if text else "",
        "levels": levels,
        "state": state_badge(row.state),
        "visibility": visible_to_whom(row),
        "may": _allowed(request, row),
        "breadcrumbs": crumbs((row.title, "")),
    }
    return render(request, "deliberate/document.html", context)


def _text(request: Request, row: Document, **how: Any) -> Text | None:
    """The version of the address; a 404 for one that is not there."""
    number = number_of(request, "version")
    text = text_of(row, request.user, number=number, **how)
    if text is None and (number is not None or request.GET.get("version")):
        raise Http404
    return text


def _allowed(request: Request, row: Document) -> dict[str, bool]:
    """What this reader can do here, for the buttons; the commands decide again."""
    edits = may(request.user, "deliberate.edit_document", row)
    withdrawn = row.state == DocumentState.WITHDRAWN
    return {
        "edit": edits,
        "write": edits and not withdrawn,
        "publish": edits and not withdrawn,
        "adopt": edits and row.state == DocumentState.PUBLISHED,
        "withdraw": edits and not withdrawn,
    }


@access("public")
def compare(request: Request, pk: int) -> HttpResponse:
    """Two versions word by word, by default the last two: `?from=1&to=3`; `?all=on` shows what stayed the same too."""
    row = document_or_404(request, pk)
    versions = list(row.versions.select_related("person").order_by("-number"))
    if not versions:
        raise Http404
    numbers = {one.number: one for one in versions}
    new = numbers.get(number_of(request, "to") or versions[0].number, versions[0])
    old = numbers.get(number_of(request, "from") or max(new.number - 1, 1), versions[-1])
    if old.number > new.number:
        old, new = new, old
    context = {
        "document": row,
        "versions": versions,
        "compared": compared(versions, old, new, request.user),
        "whole": request.GET.get("all") == "on",
        "breadcrumbs": crumbs_of(row, (_("Compare versions"), "")),
    }
    return render(request, "deliberate/document_compare.html", context)


# --- to take along ---------------------------------------------------------------------------------------------
@access("public")
def print_view(request: Request, pk: int) -> HttpResponse:
    """A text as one clean page to print."""
    return render(request, "deliberate/document_print.html", _printed(request, pk))


@access("public")
@require_safe
def pdf(request: Request, pk: int) -> HttpResponse:
    """A text as a PDF that a screen reader can read."""
    context = _printed(request, pk) | {"is_pdf": True}
    name = f"{_('document')}-{pk}-{context['text'].version.number}.pdf"
    return pdf_response(request, "deliberate/document_print.html", context, name)


def _printed(request: Request, pk: int) -> dict[str, Any]:
    row = document_or_404(request, pk)
    text = _text(request, row, bare=True)
    if text is None:
        raise Http404
    return {
        "document": row,
        "text": text,
        "state": state_badge(row.state),
        "visibility": visible_to_whom(row),
        "made": date_format(timezone.localtime(), "j F Y, H:i"),
        "address": request.build_absolute_uri(reverse("deliberate:document", args=[pk])),
        "association_name": str(association().names),
    }


@access("public")
@require_safe
def docx(request: Request, pk: int) -> HttpResponse:
    """A text as a Word document."""
    row = document_or_404(request, pk)
    text = _text(request, row, bare=True)
    if text is None:
        raise Http404
    made = WordDocument(row.title, language=row.language)
    made.paragraph(
        _("%(state)s, version %(number)s of %(day)s")
        % {
            "state": state_badge(row.state)[0],
            "number": text.version.number,
            "day": date_format(timezone.localtime(text.version.created_at), "j F Y"),
        }
    )
    for part in text.parts:
        if part.kind == BlockKind.HEADING:
            made.heading(part.text, part.shown_level - 1, label=part.label)
        elif part.kind == BlockKind.ITEM:
            made.item(part.text, part.level, label=part.label)
        elif part.kind == BlockKind.TABLE:
            made.markdown_table(part.text)
        elif part.kind in (BlockKind.BOX, BlockKind.PROPOSAL):
            made.box(part.text, label=f"{part.label}:" if part.label else "")
        else:
            made.paragraph(part.text, label=part.label)
    return docx_response(made, f"{_('document')}-{pk}-{text.version.number}.docx")
