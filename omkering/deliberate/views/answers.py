"""The note of answer: as a page, on paper, as a table, and each answer with the points that it answers."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from omkering.deliberate.answer_rows import TONES, answered_groups
from omkering.deliberate.answers_docx import note_document
from omkering.deliberate.forms.answers import NoteForm
from omkering.deliberate.models import Answer, AnswerKind, Consultation
from omkering.deliberate.queries import answers_export
from omkering.deliberate.queries.answer_pages import answer_page
from omkering.deliberate.queries.answer_versions import versions_from
from omkering.deliberate.queries.answers import (
    ARRANGEMENTS,
    Note,
    Progress,
    knows_answers,
    progress_of,
    readable_consultations,
)
from omkering.ui.access import access
from omkering.ui.docx import docx_response
from omkering.ui.export import table_response
from omkering.ui.paging import CURSOR_PARAMETERS
from omkering.ui.pdf import pdf_response
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.current import association

Crumbs = list[tuple[str, str]]
NOTED = ("kind", "title", "state", "document_id", "version_id", "answer_published_at")  # of the consultation
PAPER = 2_000  # points on paper; a larger note is taken along as a table


def consultation_or_404(request: Request, pk: int) -> Consultation:
    """The consultation, or a 404 for who may not know of it."""
    return get_object_or_404(readable_consultations(request.user), pk=pk)


def crumbs(consultation: Consultation, *more: tuple[str, str]) -> Crumbs:
    """The way to a page of the note of a consultation: (words, address) of each step."""
    steps = [(_("Deliberate"), reverse("deliberate:room"))]
    for words, name, arguments in (
        (_("Consultations"), "deliberate:consultations", []),
        (consultation.title, "deliberate:consultation", [consultation.pk]),
    ):
        try:
            steps.append((words, reverse(name, args=arguments)))
        except NoReverseMatch:
            continue
    return [*steps, (_("Note of answer"), reverse("deliberate:answers", args=[consultation.pk])), *more]


def address_with(request: Request, **changes: str) -> str:
    """This view with other filters: "?…"; an empty value takes the filter away."""
    query = request.GET.copy()
    for name in (*CURSOR_PARAMETERS, *changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


@access("public")
def note(request: Request, pk: int) -> HttpResponse:
    """The note of answer by paragraph, kind or contributor; before it is published only its progress is seen."""
    row = get_object_or_404(readable_consultations(request.user).select_related(None).only(*NOTED), pk=pk)
    answers = may(request.user, "deliberate.give_answer", row)
    by = request.GET.get("by", "paragraph")
    form, found = _read(request, row, by)
    page, groups = found.page(request.GET) if found.knows else (None, [])
    progress = progress_of(found.points)
    published = row.answer_published_at is not None
    places = found.filters.by != "paragraph"  # else the heading tells where it is about
    context = {
        "consultation": row,
        "item": row,
        "form": form,
        "note": found,
        "by": found.filters.by,
        "tabs": _tabs(request, found.filters.by),
        "page": page,
        "groups": answered_groups(groups, show_place=places),
        "progress": progress,
        "share": round(100 * progress.answered / progress.total) if progress.total else 0,
        "figures": _figures(progress),
        "published": published,
        "versions": versions_from(row, found.points) if found.knows else [],
        "may": {
            "answer": answers,
            "publish": answers and not published,
            "version": answers and row.document_id is not None,
        },
        "query": address_with(request)[1:],
        "fits_paper": progress.total <= PAPER,
        "breadcrumbs": [*crumbs(row)[:-1], (_("Note of answer"), "")],
    }
    return render(request, "deliberate/answers.html", context)


def _read(request: Request, row: Consultation, by: str) -> tuple[NoteForm, Note]:
    knows = knows_answers(request.user, row)
    form = NoteForm(request.GET, consultation=row, knows=knows, personal=request.user.is_authenticated)
    return form, Note(row, request.user, form.filters(by))


def _tabs(request: Request, by: str) -> list[dict[str, Any]]:
    words = {"paragraph": _("By paragraph"), "kind": _("By kind"), "contributor": _("By who put it in")}
    return [
        {
            "label": words[name],
            "url": address_with(request, by="" if name == "paragraph" else name),
            "current": name == by,
        }
        for name in ARRANGEMENTS
    ]


def _figures(progress: Progress) -> list[tuple[str, int, str]]:
    """(words, how many, address of the list) of each answer."""
    return [
        (str(AnswerKind(kind).label), number, f"?answer={kind}") for kind, number in progress.by_kind.items()
    ]


@access("public")
def answer(request: Request, pk: int) -> HttpResponse:
    """One answer: why, what it answers, and what was said before."""
    row = answer_or_404(request, pk)
    page = answer_page(row, request.user)
    live = bool(page.lines or page.hidden)
    answers = may(request.user, "deliberate.give_answer", row.consultation)
    context = {
        "page": page,
        "answer": row,
        "consultation": row.consultation,
        "live": live,
        "tone": TONES[AnswerKind(row.kind)],
        "may": {
            "change": answers and live,
            "take_back": answers and live and row.consultation.answer_published_at is None,
        },
        "breadcrumbs": crumbs(row.consultation, (_("Answer %(number)s") % {"number": row.pk}, "")),
    }
    return render(request, "deliberate/answer.html", context)


def answer_or_404(request: Request, pk: int) -> Answer:
    """The answer, or a 404 for who may not read it (yet)."""
    row = get_object_or_404(Answer.objects.select_related("person"), pk=pk)
    row.consultation = consultation_or_404(request, row.consultation_id)
    if not knows_answers(request.user, row.consultation):
        raise Http404
    replaced = not row.given.filter(ended_at__isnull=True).exists()
    published = row.consultation.answer_published_at
    bureau = may(request.user, "deliberate.give_answer", row.consultation)
    if replaced and not bureau and not row.given.filter(ended_at__gt=published).exists():
        raise Http404  # it was replaced before anybody outside the bureau could read it
    return row


# --- to take along ---------------------------------------------------------------------------------------------
@access("public")
def print_view(request: Request, pk: int) -> HttpResponse:
    """The note of answer as one clean page to print."""
    return render(request, "deliberate/answers_print.html", _printed(request, pk))


@access("public")
@require_safe
def pdf(request: Request, pk: int) -> HttpResponse:
    """The note of answer as a PDF."""
    context = _printed(request, pk) | {"is_pdf": True}
    name = f"{_('note-of-answer')}-{pk}.pdf"
    return pdf_response(request, "deliberate/answers_print.html", context, name)


def _known(request: Request, pk: int) -> Note:
    """The note, or a 404 for who may not read it yet."""
    row = consultation_or_404(request, pk)
    if not knows_answers(request.user, row):
        raise Http404
    return _read(request, row, request.GET.get("by", "paragraph"))[1]


def _printed(request: Request, pk: int) -> dict[str, Any]:
    found = _known(request, pk)
    if len(found.points) > PAPER:
        raise Http404
    row = found.consultation
    progress = progress_of(found.points)
    return {
        "consultation": row,
        "groups": found.all_groups(),
        "by": found.filters.by,
        "progress": progress,
        "figures": _figures(progress),
        "versions": versions_from(row, found.points),
        "made": date_format(timezone.localtime(), "j F Y, H:i"),
        "address": request.build_absolute_uri(reverse("deliberate:answers", args=[pk])),
        "association_name": str(association().names),
    }


@access("public")
@require_safe
def docx(request: Request, pk: int) -> HttpResponse:
    """The note of answer as a Word document."""
    printed = _printed(request, pk)
    figures = [(words, number) for words, number, _url in printed["figures"]]
    made = note_document(
        printed["consultation"], printed["groups"], figures, places=printed["by"] != "paragraph"
    )
    return docx_response(made, f"{_('note-of-answer')}-{pk}.docx")


@access("public")
@require_safe
def export(request: Request, pk: int, kind: str) -> HttpResponseBase:
    """The note of answer as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    found = _known(request, pk)
    name = f"{_('note-of-answer')}-{pk}-{timezone.localdate()}"
    return table_response(kind, name, answers_export.header(), answers_export.rows(found))
