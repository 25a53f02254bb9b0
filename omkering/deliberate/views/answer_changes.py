"""What the bureau does for the note of answer: answer points, alone or together, change an answer, publish, and make
the new version.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from omkering.deliberate.commands import answers as commands
from omkering.deliberate.commands.answer_versions import version_from_note
from omkering.deliberate.commands.answers_known import publish_note
from omkering.deliberate.forms.answers import (
    AddPoints,
    ChangeAnswer,
    GiveAnswer,
    MakeVersion,
    NoteForm,
    PublishNote,
)
from omkering.deliberate.models import Answer, Consultation
from omkering.deliberate.queries.answer_bundles import suggestions
from omkering.deliberate.queries.answer_pages import answer_page
from omkering.deliberate.queries.answer_points import consultation_of, rounds_going_on
from omkering.deliberate.queries.answer_versions import draft_of, texts_of
from omkering.deliberate.queries.answers import Line, Note, progress_of, words_of
from omkering.deliberate.views.answers import answer_or_404, consultation_or_404, crumbs
from omkering.thread.models import Item
from omkering.thread.texts import tidy
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors

SUGGESTED = 30  # suggestions on one page; the largest first


# --- what has no answer yet ------------------------------------------------------------------------------------
@access("bureau")
def unanswered(request: Request, pk: int) -> HttpResponse:
    """What has no answer yet, to answer one by one or ticked together."""
    row = consultation_or_404(request, pk)
    form = NoteForm(request.GET, consultation=row, knows=True, personal=False, answers=False)
    note = Note(row, request.user, form.filters(request.GET.get("by", "paragraph")))
    page, groups = note.page(request.GET, open_only=True)
    context = {
        "consultation": row,
        "form": form,
        "page": page,
        "groups": groups,
        "total": note.rows(open_only=True).count(),
        "progress": progress_of(note.points),
        "breadcrumbs": crumbs(row, (_("Without an answer"), "")),
    }
    return render(request, "deliberate/answers_open.html", context)


@access("bureau")
def suggested(request: Request, pk: int) -> HttpResponse:
    """Points that seem to say the same, and points that look like answered ones: largest first."""
    row = consultation_or_404(request, pk)
    found = suggestions(row)
    shown = found[:SUGGESTED]
    lines = _lines(request, row, [item for alike in shown for item in alike.items[:3]])
    by_pk = {line.item.pk: line for line in lines}
    context = {
        "consultation": row,
        "rows": [(alike, [by_pk[item] for item in alike.items[:3] if item in by_pk]) for alike in shown],
        "more": len(found) - len(shown),
        "breadcrumbs": crumbs(row, (_("Points that are alike"), "")),
    }
    return render(request, "deliberate/answers_alike.html", context)


def _asked(values: list[str]) -> list[int]:
    """Ids in an address or a form; what is none is left out."""
    return [int(value) for value in values if value.isdecimal() and len(value) < 19][: commands.MOST]


def _lines(request: Request, row: Consultation, items: list[int]) -> list[Line]:
    """These points of the consultation, in the order that is asked; of anything else nothing."""
    note = Note(row, request.user)
    wanted = [item for item in dict.fromkeys(items) if item in note.by_pk]
    found = (
        Item.objects.filter(pk__in=wanted).select_related("owner_member").defer("search", "body").in_bulk()
    )
    return note.lines([found[item] for item in wanted if item in found])


# --- give, add, change -----------------------------------------------------------------------------------------
@access("bureau")
def give(request: Request, pk: int) -> HttpResponse:
    """Answer the points that were ticked (`?item=…`): all with one reason."""
    row = consultation_or_404(request, pk)
    asked = request.POST.getlist("offered") if request.method == "POST" else request.GET.getlist("item")
    lines = _lines(request, row, _asked(asked))
    if not lines:
        messages.info(request, _("Tick the points that you want to answer."))
        return redirect("deliberate:unanswered", row.pk)
    return _give(request, row, lines)


@access("bureau")
def give_one(request: Request, pk: int) -> HttpResponse:
    """Answer one point."""
    found = consultation_of(pk)
    if found is None:
        raise Http404
    row = consultation_or_404(request, found)
    lines = _lines(request, row, [pk])
    if not lines:
        raise Http404
    answer = lines[0].answer
    if answer is not None and request.method != "POST":
        return redirect("deliberate:answer", answer.pk)
    return _give(request, row, lines)


def _give(request: Request, row: Consultation, lines: list[Line]) -> HttpResponse:
    form = GiveAnswer(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            commands.give_answer(actor=request.user, consultation=row, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            number = len(form.cleaned_data["items"])
            messages.success(
                request,
                ngettext("%(n)s point was answered.", "%(n)s points were answered.", number) % {"n": number},
            )
            return redirect("deliberate:unanswered", row.pk)
    return _form_page(
        request,
        row,
        form,
        heading=ngettext("Answer %(n)s point", "Answer %(n)s points together", len(lines))
        % {"n": len(lines)},
        button=_("Keep this answer"),
        back=reverse("deliberate:unanswered", args=[row.pk]),
        lines=lines,
        lead=_("Who put it in hears this at once.")
        if row.answer_published_at
        else _("Nobody sees this before the note is published."),
    )


@access("bureau")
def add(request: Request, pk: int) -> HttpResponse:
    """Give more points (`?item=…`) an answer that is there."""
    row = _live_or_redirect(request, pk)
    if isinstance(row, HttpResponse):
        return row
    asked = request.POST.getlist("offered") if request.method == "POST" else request.GET.getlist("item")
    lines = _lines(request, row.consultation, _asked(asked))
    if not lines:
        return redirect("deliberate:answer", row.pk)
    form = AddPoints(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            commands.add_to_answer(actor=request.user, answer=row, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("These points have this answer now."))
            return redirect("deliberate:alike", row.consultation_id)
    return _form_page(
        request,
        row.consultation,
        form,
        heading=_("Give these points the same answer"),
        button=_("Give this answer"),
        back=reverse("deliberate:alike", args=[row.consultation_id]),
        lines=lines,
        answer=row,
    )


@access("bureau")
def change(request: Request, pk: int) -> HttpResponse:
    """Let another answer take the place of this one, for all its points or for some."""
    row = _live_or_redirect(request, pk)
    if isinstance(row, HttpResponse):
        return row
    if request.method == "POST":  # the points that were shown, also where they have another answer by now
        lines = _lines(request, row.consultation, _asked(request.POST.getlist("offered")))
    else:
        lines = answer_page(row, request.user).lines
    initial = {"version": row.version, "kind": row.kind, "reason": row.reason}
    form = ChangeAnswer(request.POST or None, lines=lines, initial=initial)
    changed = False
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.change_answer(actor=request.user, answer=row, **form.cleaned_data)
        except ValidationError as error:
            changed = not hasattr(error, "error_dict") and error.code == "changed"
            if changed:
                row = commands.successor(row) or answer_or_404(request, row.pk)
                row.consultation = consultation_or_404(request, row.consultation_id)
                form, lines = _anew(request, row)
            add_errors(form, error)
        else:
            messages.success(request, _("The answer was changed. The old one is kept."))
            return redirect("deliberate:answer", made.pk)
    return _form_page(
        request,
        row.consultation,
        form,
        heading=_("Change the answer"),
        button=_("Keep this answer"),
        back=reverse("deliberate:answer", args=[row.pk]),
        lines=lines,
        action=reverse("deliberate:change_answer", args=[row.pk]),
        lead=_("The old answer is kept. Who put the points in hears of the change.")
        if row.consultation.answer_published_at
        else "",
        changed=changed,
        answer=row if changed else None,
    )


def _anew(request: Request, row: Answer) -> tuple[ChangeAnswer, list[Line]]:
    """The form with what was typed, for the answer as somebody else left it meanwhile, and the points that it has."""
    lines = answer_page(row, request.user).lines
    standing = {str(line.item.pk) for line in lines}
    data = request.POST.copy()
    data["version"] = str(row.version)
    data.setlist("items", [item for item in data.getlist("items") if item in standing])
    form = ChangeAnswer(data, lines=lines)
    form.is_valid()
    return form, lines


def _live_or_redirect(request: Request, pk: int) -> Answer | HttpResponse:
    """The answer; where another one took its place, the way to that one (what is sent is still looked at)."""
    row = answer_or_404(request, pk)
    if request.method != "POST" and not row.given.filter(ended_at__isnull=True).exists():
        later = commands.successor(row)
        messages.info(request, _("Another answer took the place of that one. This is what it says now."))
        return redirect("deliberate:answer", later.pk if later else row.pk)
    return row


@access("bureau")
@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    """One point does not have this answer after all."""
    row = answer_or_404(request, pk)
    items = Item.objects.filter(pk__in=_asked(request.POST.getlist("item")))
    try:
        commands.take_back_answer(actor=request.user, answer=row, items=items)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("This point waits for an answer again."))
    if row.given.filter(ended_at__isnull=True).exists():
        return redirect("deliberate:answer", row.pk)
    return redirect("deliberate:unanswered", row.consultation_id)


# --- publish, and the new version ------------------------------------------------------------------------------
@access("bureau")
def publish(request: Request, pk: int) -> HttpResponse:
    """Publish the note of answer, after one look at what that does."""
    row = consultation_or_404(request, pk)
    if row.answer_published_at is not None:
        return redirect("deliberate:answers", row.pk)
    form = PublishNote(request.POST or None)
    if request.method == "POST":
        form = PublishNote(request.POST)
        form.is_valid()
        try:
            publish_note(actor=request.user, consultation=row)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The note is published. Everybody who put something in hears of it."))
            return redirect("deliberate:answers", row.pk)
    note = Note(row, request.user)
    context = {
        "consultation": row,
        "form": form,
        "progress": progress_of(note.points),
        "going_on": rounds_going_on(row),
        "breadcrumbs": crumbs(row, (_("Publish the note"), "")),
    }
    return render(request, "deliberate/answers_publish.html", context, status=422 if form.errors else 200)


@access("bureau")
def make_version(request: Request, pk: int) -> HttpResponse:
    """The new version of the document: the paragraphs about which something was taken over, to change in place."""
    row = consultation_or_404(request, pk)
    also = _asked((request.POST if request.method == "POST" else request.GET).getlist("also"))
    draft = draft_of(row, request.user, also)
    if draft is None:
        raise Http404
    form = MakeVersion(request.POST or None, draft=draft)
    changed = False
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = version_from_note(
                actor=request.user,
                consultation=row,
                based_on=data["based_on"],
                changes=form.changes,
                note=data["note"],
            )
        except ValidationError as error:
            changed = not hasattr(error, "error_dict") and error.code == "changed"
            if changed:
                form = _on_newest(request, form)
            add_errors(form, error)
        else:
            messages.success(request, _("Version %(number)s is there.") % {"number": made.number})
            return redirect("deliberate:answers", row.pk)
    context = {
        "consultation": row,
        "form": form,
        "draft": draft,
        "changed": changed,
        "also": also,
        "others": [(block.paragraph.address, words_of(block)) for block in draft.others],
        "breadcrumbs": crumbs(row, (_("Make the new version"), "")),
    }
    return render(request, "deliberate/answers_version.html", context, status=422 if form.errors else 200)


def _on_newest(request: Request, form: MakeVersion) -> MakeVersion:
    """The form with what was typed, for the newest version: sending it again writes on that. A paragraph that was not
    touched takes over what it says now.
    """
    data = request.POST.copy()
    before = texts_of(form.draft, form.cleaned_data["based_on"])
    data["based_on"] = str(form.draft.version.number)
    for part in form.draft.parts:
        at = part.block.paragraph.address
        if tidy(data.get(f"text_{at}", "")) == before.get(at):
            data[f"text_{at}"] = part.block.text
    anew = MakeVersion(data, draft=form.draft)
    anew.is_valid()
    return anew


# --- what these share ------------------------------------------------------------------------------------------
def _form_page(
    request: Request,
    row: Consultation,
    form: Any,
    *,
    heading: str,
    button: str,
    back: str,
    lines: list[Line],
    **more: Any,
) -> HttpResponse:
    """A page with one form about these points."""
    context = {
        "consultation": row,
        "form": form,
        "heading": heading,
        "button": button,
        "back": back,
        "lines": lines,
        "breadcrumbs": crumbs(row, (heading, "")),
        **more,
    }
    return render(request, "deliberate/answer_form.html", context, status=422 if form.errors else 200)
