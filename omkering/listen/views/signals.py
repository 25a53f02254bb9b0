"""The page of a signal and what people do with it: recognise, correct, answer, object."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.listen.advice import reading_of
from omkering.listen.commands import answers, recognition, signals
from omkering.listen.forms import (
    AnswerObjection,
    AnswerSignal,
    CorrectSignal,
    MakeObjection,
    RecogniseSignal,
    TextForm,
)
from omkering.listen.models import Draft, Evidence, Objection, Recognition, Signal, SignalState
from omkering.listen.queries.signals import SignalPage, readable_signals, signal_page
from omkering.listen.rules import NEXT_STATES, OBJECTIONABLE
from omkering.listen.views.report import own_members
from omkering.thread import terms
from omkering.thread.privacy import REASON
from omkering.thread.texts import tidy
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.current import association
from omkering.who.standing import standing_of


@access("public")
def room(request: Request) -> HttpResponse:
    """The room opens with the board of signals."""
    return redirect("listen:board")


@access("public")
def signal(request: Request, pk: int) -> HttpResponse:
    """A signal, who sees it, and what became of it."""
    page = signal_page(pk, request.user, request.on)
    if page is None:
        raise Http404
    context = {
        "page": page,
        "item": page.signal,
        "signal": page.signal,
        "may": _allowed(request, page),
        "visibility": visible_to_whom(page.signal),
        "breadcrumbs": [(_("Signals"), reverse("listen:board")), (page.signal.title, "")],
    }
    return render(request, "listen/signal.html", context)


def visible_to_whom(row: Signal) -> str:
    """Who may read a signal, in the association's own words."""
    if row.audience:
        return row.audience.name
    language = get_language() or association().languages[0]
    names = {way.key: way.names.get_in(language) for way in association().visibilities}
    return names.get(row.visibility, row.get_visibility_display())


def _allowed(request: Request, page: SignalPage) -> dict[str, Any]:
    """What this reader can do here, for the buttons; the commands decide again."""
    user, row = request.user, page.signal
    standing = standing_of(user)
    if not standing.is_insider:
        return {}
    own = [r for r in page.recognitions if may(user, "listen.withdraw_recognition", r)]
    recognised = {r.member_id for r in page.recognitions} | {row.owner_member_id}
    reviews = may(user, "listen.review_signal", row)
    sender = may(user, "listen.correct_signal", row)
    answer = page.answer
    window = answer and terms.due(association().terms.objection_window, answer.created_at)
    pending = page.objection is not None and page.objection.replied_at is None
    return {
        "recognise": "report" in standing.powers and bool(standing.members - recognised),
        "withdraw": own,
        "review": reviews and SignalState.IN_REVIEW in NEXT_STATES[row.state] and row.state == "submitted",
        "answer": reviews and SignalState.DECLINED in NEXT_STATES[row.state] and row.state == "in_review",
        "answer_objection": pending and may(user, "listen.answer_objection", page.objection),
        "objection_of_colleague": pending and reviews,
        "correct": sender and row.state == SignalState.SUBMITTED,
        "object": sender and row.state in OBJECTIONABLE and page.objection is None and window,
        "objection_open": window and timezone.now() <= window,
        "objection_until": window,
        "is_sender": sender,
    }


def _readable(request: Request, pk: int) -> Signal:
    """The signal, or a 404 for who may not know of it."""
    rows = readable_signals(request.user).select_related("owner_member", "theme", "audience").defer("search")
    return get_object_or_404(rows, pk=pk)


def _form_page(
    request: Request, row: Signal, form: Any, template: str, heading: str, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "signal": row,
        "heading": heading,
        "breadcrumbs": [
            (_("Signals"), reverse("listen:board")),
            (row.title, reverse("listen:signal", args=[row.pk])),
            (heading, ""),
        ],
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


def _reason(form: TextForm) -> str:
    return form.cleaned_data.get(REASON, "")


@access("member")
def recognise(request: Request, pk: int) -> HttpResponse:
    """We see this too."""
    row = _readable(request, pk)
    taken = set(row.recognitions.filter(withdrawn_at__isnull=True).values_list("member_id", flat=True))
    members = [m for m in own_members(request) if m.pk not in taken | {row.owner_member_id}]
    if not members:
        messages.info(request, _("Your member has said this already, or sent this signal itself."))
        return redirect("listen:signal", pk)
    draft = _own_draft(request)
    initial = {"own_case": draft.data.get("case", ""), "discard": True} if draft else {}
    form = RecogniseSignal(
        request.POST or None, members=members, from_draft=draft is not None, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            recognition.recognise(
                actor=request.user,
                signal=row,
                member=next(m for m in members if m.pk == form.member_id()),
                case=form.cleaned_data["own_case"],
                personal_data_reason=_reason(form),
            )
            if draft and form.cleaned_data["discard"]:
                signals.discard_draft(actor=request.user, draft=draft)
            messages.success(request, _("Added: you see this too. We tell you what becomes of this signal."))
            return redirect("listen:signal", pk)
        except ValidationError as error:
            form.take_errors(error)
    return _form_page(
        request, row, form, "listen/signal_recognise.html", _("We see this too"), draft=draft, members=members
    )


def _own_draft(request: Request) -> Draft | None:
    """The report somebody was writing when they found this signal."""
    number = request.GET.get("melding", "")
    if not number.isdecimal():
        return None
    return Draft.objects.filter(pk=int(number), person=request.user, signal__isnull=True).first()


@access("member")
@require_POST
def withdraw_recognition(request: Request, pk: int) -> HttpResponse:
    """We no longer say that we see this; the form names the recognition."""
    row = _readable(request, pk)
    number = request.POST.get("recognition", "")
    rows = Recognition.objects.filter(signal=row).select_related("member__successor")
    found = get_object_or_404(rows, pk=int(number) if number.isdecimal() else 0)
    recognition.withdraw_recognition(actor=request.user, recognition=found)
    messages.success(request, _("Taken off: you no longer say that you see this."))
    return redirect("listen:signal", pk)


@access("member")
def correct(request: Request, pk: int) -> HttpResponse:
    """Correct one's own signal before the bureau looks at it."""
    row = _readable(request, pk)
    if not may(request.user, "listen.correct_signal", row):
        raise PermissionDenied
    if row.state != SignalState.SUBMITTED:
        messages.info(request, _("This signal is being looked at, so it can no longer be corrected."))
        return redirect("listen:signal", pk)
    fields = ("title", "case", "touches", "helps", "visibility", REASON)
    initial = {name: getattr(row, name) for name in fields}
    initial |= {"theme": row.theme_id, "audience": row.audience_id}
    networks = standing_of(request.user).reads_networks
    form = CorrectSignal(request.POST or None, networks=networks, initial=initial)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = {
            name: form.cleaned_data.get(name) for name in (*fields, "theme", "audience")
        }
        try:
            signals.correct_signal(actor=request.user, signal=row, **values)
            messages.success(request, _("The text of your signal was corrected."))
            return redirect("listen:signal", pk)
        except ValidationError as error:
            form.take_errors(error)
    return _form_page(request, row, form, "listen/signal_correct.html", _("Correct the text"))


@access("bureau")
@require_POST
def take_into_review(request: Request, pk: int) -> HttpResponse:
    """The bureau starts looking at it."""
    row = _readable(request, pk)
    try:
        answers.take_into_review(actor=request.user, signal=row)
        messages.success(request, _("The signal is in review. The sender was told."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("listen:signal", pk)


@access("bureau")
def answer(request: Request, pk: int) -> HttpResponse:
    """Take it up, refer it, or decline it, with the reason."""
    row = _readable(request, pk)
    form = AnswerSignal(request.POST or None, initial={"state": request.GET.get("state", "")})
    if request.method == "POST" and form.is_valid():
        names = ("state", "reason", "referred_body", "referred_to", REASON)
        values: dict[str, Any] = {name: form.cleaned_data.get(name) for name in names}
        try:
            answers.answer_signal(actor=request.user, signal=row, **values)
            messages.success(request, _("Your answer was sent to the sender and to who follows this signal."))
            return redirect("listen:signal", pk)
        except ValidationError as error:
            form.take_errors(error)
    return _form_page(request, row, form, "listen/signal_answer.html", _("Answer this signal"))


@access("bureau")
@require_POST
def answer_readability(request: Request) -> HttpResponse:
    """Advice about the answer that is being typed, as a piece of page; nothing is kept."""
    reading = reading_of(tidy(request.POST.get("reason", "")))
    return render(request, "listen/report/readability.html", {"reading": reading})


@access("member")
def make_objection(request: Request, pk: int) -> HttpResponse:
    """The sender does not agree with the answer."""
    row = _readable(request, pk)
    if not may(request.user, "listen.object", row):
        raise PermissionDenied
    form = MakeObjection(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answers.object_to_answer(
                actor=request.user,
                signal=row,
                text=form.cleaned_data["text"],
                personal_data_reason=_reason(form),
            )
            messages.success(request, _("Your objection was sent. Somebody else than before answers it."))
            return redirect("listen:signal", pk)
        except ValidationError as error:
            form.take_errors(error)
    last = row.answers.order_by("-created_at", "-pk").first()
    return _form_page(request, row, form, "listen/signal_object.html", _("Object to the answer"), answer=last)


@access("bureau")
def answer_objection(request: Request, pk: int) -> HttpResponse:
    """Somebody else of the bureau answers an objection."""
    row = _readable(request, pk)
    objection = get_object_or_404(Objection.objects.select_related("answer"), signal=row)
    if not may(request.user, "listen.answer_objection", objection):
        raise PermissionDenied
    form = AnswerObjection(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answers.answer_objection(
                actor=request.user,
                objection=objection,
                reply=form.cleaned_data["reply"],
                upheld=form.cleaned_data["upheld"],
                personal_data_reason=_reason(form),
            )
            messages.success(request, _("Your answer was sent to the sender and to who follows this signal."))
            return redirect("listen:signal", pk)
        except ValidationError as error:
            form.take_errors(error)
    return _form_page(
        request,
        row,
        form,
        "listen/signal_objection.html",
        _("Answer the objection"),
        answer=objection.answer,
        objection=objection,
    )


@access("public")
def evidence(request: Request, pk: int) -> HttpResponseBase:
    """A file that belongs to a signal one may read, or to one's own draft; always as a download."""
    row = get_object_or_404(Evidence.objects.select_related("draft").exclude(file=""), pk=pk)
    if row.draft is not None:
        if row.draft.person_id != request.user.pk:
            raise Http404
    elif not readable_signals(request.user).filter(pk=row.signal_id or 0).exists():
        raise Http404
    try:
        opened = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(opened, as_attachment=True, filename=row.name, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
