"""Filling a seat: plan the vote, record an acclamation, or leave it open. For the bureau."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.commands import elections as commands
from omkering.decide.forms.bodies import AcclaimForm, ElectionForm, ReasonForm
from omkering.decide.views.body_common import form_page, of_vacancy, vacancy_or_404
from omkering.ui.access import access
from omkering.ui.request import Request


@access("bureau")
def plan(request: Request, pk: int) -> HttpResponse:
    """Put a seat to the vote."""
    row = vacancy_or_404(request, pk)
    now, today = timezone.localtime().replace(second=0, microsecond=0), timezone.localdate()
    initial = {
        "opens_at": now + timedelta(hours=1),
        "closes_at": now + timedelta(days=7),
        "reference_date": today,
    }
    return form_page(
        request,
        ElectionForm(request.POST or None, day=today, initial=initial),
        heading=_("Put this seat to the vote"),
        button=_("Plan the vote"),
        deed=lambda form: commands.plan_election(actor=request.user, vacancy=row, **form.cleaned_data),
        done=_("The vote is planned. Who is elected is appointed by it."),
        back=reverse("decide:vacancy", args=[pk]),
        way=of_vacancy(row),
        lead=_("The candidates stand on the ballot by name; these names stay in the record of the vote."),
    )


@access("bureau")
def acclaim(request: Request, pk: int) -> HttpResponse:
    """Record an acclamation."""
    row = vacancy_or_404(request, pk)
    return form_page(
        request,
        AcclaimForm(request.POST if request.method == "POST" else None),
        heading=_("Appointed by acclamation"),
        button=_("Record the acclamation"),
        deed=lambda form: commands.acclaim(actor=request.user, vacancy=row, **form.cleaned_data),
        done=_("The seat is filled."),
        back=reverse("decide:vacancy", args=[pk]),
        way=of_vacancy(row),
        lead=_("There is one candidate, nobody else was put up, and nobody asked for a vote."),
    )


@access("bureau")
def leave(request: Request, pk: int) -> HttpResponse:
    """Leave a seat open in this round."""
    row = vacancy_or_404(request, pk)
    return form_page(
        request,
        ReasonForm(request.POST or None, help_text=_("All members read this.")),
        heading=_("Leave this seat open"),
        button=_("Leave it open"),
        deed=lambda form: commands.leave_open(actor=request.user, vacancy=row, **form.cleaned_data),
        done=_("The seat is left open."),
        back=reverse("decide:vacancy", args=[pk]),
        way=of_vacancy(row),
        negative=True,
    )
