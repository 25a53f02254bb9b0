"""What the pages of consultations share: who may know of one, the way to a page, and pages with one form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from omkering.deliberate.models import Consultation, ConsultationRound, ConsultationState
from omkering.deliberate.queries.consultations import visible_consultations, visible_rounds
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors

Crumbs = list[tuple[str, str]]
TONES = {
    ConsultationState.OPEN: "info",
    ConsultationState.ANSWERED: "positive",
    ConsultationState.WITHDRAWN: "warning",
}


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page among the consultations."""
    return [
        (_("Deliberate"), reverse("deliberate:room")),
        (_("Consultations"), reverse("deliberate:consultations")),
        *more,
    ]


def crumbs_of(consultation: Consultation, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one consultation."""
    return crumbs((consultation.title, reverse("deliberate:consultation", args=[consultation.pk])), *more)


def crumbs_in(round: ConsultationRound, *more: tuple[str, str]) -> Crumbs:
    """The way to a page within a round."""
    here = (round.title, reverse("deliberate:round", args=[round.pk]))
    return crumbs_of(round.consultation, here, *more)


def consultation_or_404(request: Request, pk: int) -> Consultation:
    """The consultation, or a 404 for who may not know of it."""
    rows = visible_consultations(request.user).select_related(
        "document", "version", "theme", "owner", "audience"
    )
    return get_object_or_404(rows.defer("search", "document__search", "document__body"), pk=pk)


def round_or_404(request: Request, pk: int) -> ConsultationRound:
    """The round, or a 404 for who may not know of its consultation."""
    return get_object_or_404(visible_rounds(request.user), pk=pk)


def badge(row: Consultation | ConsultationRound) -> tuple[str, str]:
    """The state of a consultation or round with its tone."""
    state = ConsultationState(row.state)
    return str(state.label), TONES.get(state, "neutral")


def address(name: str, *args: Any) -> str:
    """The address of a page of another part of this room; "" where it is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def sent(request: Request) -> Any:
    """What was sent with a form; None where it is only shown. Also a form without a single value counts as sent."""
    return request.POST if request.method == "POST" else None


def is_changed(error: ValidationError) -> bool:
    """Whether a command refused because somebody else changed it meanwhile."""
    return not hasattr(error, "error_dict") and any(one.code == "changed" for one in error.error_list)


def with_new(request: Request, name: str, value: int) -> Any:
    """What was sent, with the version as it is now, so that sending it again saves it."""
    data = request.POST.copy()
    data[name] = str(value)
    return data


def form_page(
    request: Request,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    deed: Callable[[dict[str, Any]], Any],
    done: str,
    back: str,
    breadcrumbs: Crumbs,
    draft: str,
    lead: str = "",
    negative: bool = False,
    after: Callable[[Any], str] | None = None,
    anew: Callable[[], tuple[forms.Form, list[tuple[str, str]]]] | None = None,
    template: str = "deliberate/consultation_form.html",
    **more: Any,
) -> HttpResponse:
    """Show a form; when it was sent and is right, do the deed and go `back`, or where `after` says.

    `anew` gives the form again with what was typed, for what somebody else left meanwhile, and what that says now.
    `draft` is the key under which what is typed is kept on the device.
    """
    now: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = deed(form.cleaned_data)
        except ValidationError as error:
            if is_changed(error) and anew is not None:
                form, now = anew()
                form.is_valid()
            add_errors(form, error)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(after(made) if after else back)
    context = {
        "form": form,
        "heading": heading,
        "lead": lead,
        "button": button,
        "back": back,
        "negative": negative,
        "draft": draft,
        "now": now,
        "breadcrumbs": breadcrumbs,
        **more,
    }
    return render(request, template, context, status=422 if form.is_bound and form.errors else 200)
