"""What the pages of consultations share: who may know of one, the way to a page, and pages with one form."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from omkering.deliberate.models import Consultation, ConsultationRound, ConsultationState
from omkering.deliberate.queries.consultations import bare_rounds, visible_consultations, visible_rounds
from omkering.ui import form_pages
from omkering.ui.form_pages import is_changed
from omkering.ui.request import Request

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


def consultation_to_read(request: Request, pk: int) -> Consultation:
    """The same for its page: of what stands around it no more than is told there."""
    around = ("document", "version", "theme", "owner", "audience")
    named = ("document__title", "version__number", "theme__names", "owner__name", "audience__names")
    own = _columns(Consultation, "search", "body")
    return get_object_or_404(
        visible_consultations(request.user).select_related(*around).only(*own, *named), pk=pk
    )


def round_or_404(request: Request, pk: int) -> ConsultationRound:
    """The round, or a 404 for who may not know of its consultation."""
    return get_object_or_404(visible_rounds(request.user), pk=pk)


def round_to_read(request: Request, pk: int) -> ConsultationRound:
    """The same for its page and for what was put in: of what stands around it no more than is told there."""
    rows = bare_rounds(request.user).select_related("consultation__document", "network", "of_body")
    above = ("kind", "title", "question", "document", "document__state", "version")
    told = (*(f"consultation__{name}" for name in above), "network__names", "of_body__names")
    return get_object_or_404(rows.only(*_columns(ConsultationRound), *told), pk=pk)


@cache
def _columns(model: type[Model], *but: str) -> tuple[str, ...]:
    """The columns of a model, for `only`; all but these."""
    return tuple(field.name for field in model._meta.concrete_fields if field.name not in but)


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

    def stale(form: forms.Form, error: ValidationError) -> tuple[forms.Form, dict[str, Any]]:
        if anew is None or not is_changed(error):
            return form, {}
        form, now = anew()
        form.is_valid()
        return form, {"now": now}

    def act(form: forms.Form) -> str:
        made = deed(form.cleaned_data)
        return after(made) if after else back

    context = {
        "heading": heading,
        "lead": lead,
        "button": button,
        "back": back,
        "negative": negative,
        "draft": draft,
        "now": [],
        "breadcrumbs": breadcrumbs,
        **more,
    }
    return form_pages.form_page(
        request, form, template=template, deed=act, done=done, context=context, refused=stale
    )
