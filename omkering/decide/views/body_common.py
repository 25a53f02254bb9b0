"""What the pages of bodies and nominations share: finding one, the way to a page, a page with one form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.decide.models import Candidacy, NominationRound, Vacancy
from omkering.decide.queries.bodies import meeting_bodies
from omkering.decide.queries.nominations import readable_candidacies, readable_rounds, readable_vacancies
from omkering.decide.views.common import Crumbs, crumbs
from omkering.ui import form_pages
from omkering.ui.form_pages import is_changed
from omkering.ui.request import Request
from omkering.who.models import Body


def body_crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page among the bodies."""
    return crumbs((_("Bodies"), reverse("decide:bodies")), *more)


def of_body(body: Body, *more: tuple[str, str]) -> Crumbs:
    """The way to a page of one body."""
    return body_crumbs((body.name, reverse("decide:body", args=[body.pk])), *more)


def of_round(round: NominationRound, *more: tuple[str, str]) -> Crumbs:
    """The way to a page of one round."""
    here = (round.title, reverse("decide:nomination", args=[round.pk]))
    way = [here, *more]
    return of_body(round.owner_body, *way) if round.owner_body else body_crumbs(*way)


def of_vacancy(vacancy: Vacancy, *more: tuple[str, str]) -> Crumbs:
    """The way to a page of one vacancy."""
    return of_round(vacancy.nomination, (vacancy.title, reverse("decide:vacancy", args=[vacancy.pk])), *more)


def body_or_404(pk: int) -> Body:
    """A body that comes together; everybody may know of it."""
    return get_object_or_404(meeting_bodies(), pk=pk)


def round_or_404(request: Request, pk: int) -> NominationRound:
    """The round, or a 404 for who may not know of it."""
    return get_object_or_404(readable_rounds(request.user), pk=pk)


def vacancy_or_404(request: Request, pk: int) -> Vacancy:
    """The vacancy, or a 404 for who may not know of it."""
    return get_object_or_404(readable_vacancies(request.user), pk=pk)


def candidacy_or_404(request: Request, pk: int) -> Candidacy:
    """The candidacy, or a 404 for who may not know of it: whether there is one is told to nobody else."""
    of = Candidacy.objects.filter(pk=pk).select_related("vacancy__nomination").first()
    round = of.vacancy.nomination if of else None
    return get_object_or_404(readable_candidacies(request.user, round), pk=pk)


def form_page(
    request: Request,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    deed: Callable[[Any], Any],
    done: str,
    back: str,
    way: Crumbs,
    renewed: Callable[[], forms.Form] | None = None,
    **more: Any,
) -> HttpResponse:
    """Show a form; when it was sent and is right, do the deed with the form and go back.

    `renewed` gives the form with what was typed for the row as it is now, after somebody else's change.
    """

    def stale(form: forms.Form, error: ValidationError) -> tuple[forms.Form, dict[str, Any]]:
        if renewed is not None and is_changed(error):
            form = renewed()
            form.is_valid()
        return form, {}

    def act(form: forms.Form) -> str:
        deed(form)
        return back

    context = {
        "heading": heading,
        "button": button,
        "back": back,
        "breadcrumbs": [*way, (heading, "")],
        **more,
    }
    return form_pages.form_page(
        request,
        form,
        template="decide/bodies/form.html",
        deed=act,
        done=done,
        context=context,
        refused=stale,
    )


class Nothing(forms.Form):
    """A form of one button."""
