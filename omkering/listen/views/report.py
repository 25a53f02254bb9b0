"""Reporting a signal in three steps; what was filled in is kept after each of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.listen.advice import reading_of
from omkering.listen.commands import signals as commands
from omkering.listen.forms import TextForm, WhatHappens, WhatHelps, WhereAndWhom
from omkering.listen.models import Draft, Evidence, Signal
from omkering.listen.queries.signals import drafts_of
from omkering.listen.queries.similar import similar_signals, suggest_theme
from omkering.thread.models import Theme
from omkering.thread.privacy import REASON
from omkering.thread.texts import summary_of, tidy
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.who.models import Member
from omkering.who.standing import standing_of

STEPS = 3
ENOUGH = 15  # characters from which it is worth looking for similar signals


def step_labels() -> list[str]:
    """The names of the steps."""
    return [_("What happens"), _("Where and whom"), _("What would help")]


def own_members(request: Request) -> list[Member]:
    """The members of today for which the visitor may report."""
    standing = standing_of(request.user)
    if "report" not in standing.powers:
        return []
    return list(Member.objects.on(timezone.localdate()).filter(pk__in=standing.members).order_by("sort_key"))


@access("member")
def report(request: Request) -> HttpResponse:
    """Begin a report, or go on with one that was kept."""
    return _step(request, None, 1)


@access("member")
def report_step(request: Request, pk: int, step: int) -> HttpResponse:
    """One step of a report that is being written; somebody else's is not found."""
    draft = get_object_or_404(Draft, pk=pk, person=request.user)
    if draft.signal_id:
        return _to_sent(request, draft.signal_id)
    if not 1 <= step <= STEPS:
        return redirect("listen:report_step", pk, 1)
    if step > 1 and not draft.data.get("case"):
        return redirect("listen:report_step", pk, 1)
    return _step(request, draft, step)


@access("member")
@require_POST
def discard_draft(request: Request, pk: int) -> HttpResponse:
    """Throw away a report that was not sent."""
    draft = get_object_or_404(Draft, pk=pk, person=request.user)
    if draft.signal_id:
        return _to_sent(request, draft.signal_id)
    commands.discard_draft(actor=request.user, draft=draft)
    messages.success(request, _("Your report was thrown away."))
    return redirect("listen:report")


@access("member")
@require_POST
def similar(request: Request) -> HttpResponse:
    """Signals like what is being typed, as a piece of page; nothing is kept."""
    title, case = tidy(request.POST.get("title", ""), one_line=True), tidy(request.POST.get("case", ""))
    text = _meaning(title, case)
    found = similar_signals(text, request.user) if len(text) >= ENOUGH else []
    return render(request, "listen/report/similar.html", {"similar": found})


@access("member")
@require_POST
def readability(request: Request) -> HttpResponse:
    """Advice about the text that is being typed, as a piece of page; nothing is kept."""
    number = request.GET.get("melding", "")
    draft = drafts_of(request.user).filter(pk=int(number)).first() if number.isdecimal() else None
    kept = draft.data if draft else {}
    text = "\n\n".join(
        tidy(request.POST.get(name, kept.get(name, ""))) for name in ("case", "touches", "helps")
    )
    return render(request, "listen/report/readability.html", {"reading": reading_of(text)})


# --- the steps -------------------------------------------------------------------------------------------


def _step(request: Request, draft: Draft | None, step: int) -> HttpResponse:
    if request.method != "POST":
        return _page(request, draft, step, _form(request, draft, step, bound=False))
    go = request.POST.get("go", "next")
    form = _form(request, draft, step, bound=True, lenient=go in ("later", "back"))
    form.is_valid()
    stay = _change_evidence(request, draft, form) if draft and step == 2 else False
    if form.is_valid():
        try:
            draft = commands.save_draft(
                actor=request.user,
                draft=draft,
                step=step,
                values=_values(form, step),
                personal_data_reason=form.cleaned_data.get(REASON, ""),
            )
            if stay:
                return redirect(_address(draft, step) + "#evidence")
            if step == STEPS and go == "send":
                return _send(request, draft, form)
            return _onward(request, draft, step, go)
        except ValidationError as error:
            if draft is not None and (sent := Draft.objects.filter(pk=draft.pk).first()) and sent.signal_id:
                return _to_sent(request, sent.signal_id)
            form.take_errors(error)
    return _page(request, draft, step, form, status=422)


def _send(request: Request, draft: Draft, form: TextForm) -> HttpResponse:
    """Hand it in; what is wrong at an earlier step is said with the name of that step."""
    earlier = {"title": 1, "case": 1, "member": 1, "touches": 2, "theme": 2}
    try:
        signal = commands.submit_draft(actor=request.user, draft=draft)
    except ValidationError as error:
        if not hasattr(error, "error_dict") or not earlier.keys() & error.error_dict.keys():
            raise
        for name, errors in error.error_dict.items():
            label = step_labels()[earlier.get(name, STEPS) - 1]
            form.add_error(
                None, [f"{label}: {message}" for problem in errors for message in problem.messages]
            )
        return _page(request, draft, STEPS, form, status=422)
    messages.success(request, _sent_message(signal))
    return redirect("listen:signal", signal.pk)


def _sent_message(signal: Signal) -> str:
    day = date_format(timezone.localdate(signal.due_at), "j F Y") if signal.due_at else ""
    return _(
        "Your signal was sent. You get a first answer by %(day)s, and we tell you what becomes of it."
    ) % {"day": day}


def _to_sent(request: Request, signal_id: int) -> HttpResponse:
    messages.success(request, _("This report was sent. Here it is."))
    return redirect("listen:signal", signal_id)


def _onward(request: Request, draft: Draft, step: int, go: str) -> HttpResponse:
    if go == "later":
        messages.success(request, _("Your report is kept. You can go on with it whenever you like."))
        return redirect("listen:report")
    onward = step - 1 if go == "back" else step + 1
    return redirect(_address(draft, max(1, min(onward, STEPS))))


def _address(draft: Draft, step: int) -> str:
    return reverse("listen:report_step", args=[draft.pk, step])


def _form(request: Request, draft: Draft | None, step: int, *, bound: bool, lenient: bool = False) -> Any:
    data = draft.data if draft else {}
    initial = {**data, REASON: data.get("reasons", {}).get(str(step), "")}
    if draft is None:  # another page may give a title to begin with
        initial["title"] = tidy(request.GET.get("title", ""), one_line=True)[:200]
    if step == 2 and "theme" not in data:
        suggested = suggest_theme(_meaning(data.get("title", ""), data.get("case", "")))
        initial["theme"] = suggested.pk if suggested else None
    if not initial.get("visibility"):
        initial.pop("visibility", None)
    arguments: dict[str, Any] = {"initial": initial, "lenient": lenient}
    if bound:
        arguments |= {"data": request.POST, "files": request.FILES}
    if step == 1:
        return WhatHappens(members=own_members(request), **arguments)
    if step == 2:
        return WhereAndWhom(**arguments)
    return WhatHelps(networks=standing_of(request.user).reads_networks, **arguments)


def _values(form: Any, step: int) -> dict[str, Any]:
    """What a step fills in of the draft."""
    cleaned = form.cleaned_data
    if step == 1:
        return {"title": cleaned["title"], "case": cleaned["case"], "member": form.member_id()}
    if step == 2:
        return {"touches": cleaned["touches"], "theme": cleaned["theme"].pk if cleaned["theme"] else None}
    audience = cleaned.get("audience")
    return {
        "helps": cleaned["helps"],
        "visibility": cleaned.get("visibility", ""),
        "audience": audience.pk if audience else None,
    }


def _change_evidence(request: Request, draft: Draft, form: TextForm) -> bool:
    """Add or remove what was asked, whatever else is wrong on the page; True to stay at this step."""
    remove = request.POST.get("remove", "")
    if remove.isdecimal():
        evidence = Evidence.objects.filter(pk=int(remove), draft=draft).select_related("draft").first()
        if evidence is not None:
            commands.remove_evidence(actor=request.user, evidence=evidence)
    url, upload = request.POST.get("url", "").strip(), request.FILES.get("upload")
    try:
        if url:
            commands.add_evidence(actor=request.user, draft=draft, url=url)
            typed = request.POST.copy()
            typed["url"] = ""  # it stands in the list now
            form.data = typed
    except ValidationError as error:
        form.take_errors(error)
    try:
        if upload:
            commands.add_evidence(actor=request.user, draft=draft, upload=upload)
    except ValidationError as error:
        form.take_errors(error)
    return bool(remove) or request.POST.get("go") == "add"


def _meaning(title: str, case: str) -> str:
    """What is compared of a report: as much as is remembered of a signal."""
    return f"{title}. {summary_of(case)}" if case else title


def _page(request: Request, draft: Draft | None, step: int, form: Any, status: int = 200) -> HttpResponse:
    data = draft.data if draft else {}
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "step": step,
        "labels": step_labels(),
        "breadcrumbs": [(_("Signals"), reverse("listen:board")), (_("Report a signal"), "")],
    }
    if step == 1:
        context["drafts"] = [d for d in drafts_of(request.user)[:20] if draft is None or d.pk != draft.pk]
    if step == 2 and draft:
        context["evidence"] = list(draft.evidence.order_by("pk"))
        context["similar"] = similar_signals(
            _meaning(data.get("title", ""), data.get("case", "")), request.user
        )
        context["theme_suggested"] = "theme" not in data and form["theme"].initial
    if step == STEPS and draft:
        helps = form["helps"].value() or ""
        context |= {
            "member": Member.objects.filter(pk=data.get("member") or 0).first(),
            "theme": Theme.objects.filter(pk=data.get("theme") or 0).first(),
            "evidence": list(draft.evidence.order_by("pk")),
            "reading": reading_of("\n\n".join([data.get("case", ""), data.get("touches", ""), tidy(helps)])),
        }
    return render(request, f"listen/report/step{step}.html", context, status=status)
