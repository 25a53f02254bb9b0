"""Changing seats: make, change and retire them, begin and end terms, and set the rota. For the bureau."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.commands import bodies as commands
from omkering.decide.forms.bodies import (
    EndTermForm,
    ResignationForm,
    RotaForm,
    SeatForm,
    TermForm,
    seat_values,
)
from omkering.decide.models import Seat, Term
from omkering.decide.queries.bodies import has_seats
from omkering.decide.views.body_common import Nothing, body_or_404, form_page, of_body
from omkering.ui.access import access
from omkering.ui.request import Request


def _seat(pk: int) -> Seat:
    return get_object_or_404(
        Seat.objects.filter(retired_at__isnull=True).select_related("body", "network"), pk=pk
    )


def _term(pk: int) -> Term:
    rows = Term.objects.select_related("seat__body", "appointment__person", "member")
    return get_object_or_404(rows, pk=pk)


def _page(body_id: int) -> str:
    return reverse("decide:body", args=[body_id])


@access("bureau")
def add(request: Request, pk: int) -> HttpResponse:
    """A new seat."""
    body = body_or_404(pk)
    if not has_seats(body):
        raise Http404
    return form_page(
        request,
        SeatForm(request.POST or None),
        heading=_("Add a seat"),
        button=_("Add the seat"),
        deed=lambda form: commands.add_seat(actor=request.user, body=body, **form.cleaned_data),
        done=_("The seat is there."),
        back=_page(pk),
        way=of_body(body),
    )


@access("bureau")
def change(request: Request, pk: int) -> HttpResponse:
    """For whom a seat is meant."""
    seat = _seat(pk)
    return form_page(
        request,
        SeatForm(request.POST or None, initial=seat_values(seat)),
        heading=_("Change seat %(number)s") % {"number": seat.number},
        button=_("Save"),
        deed=lambda form: commands.change_seat(actor=request.user, seat=seat, **form.cleaned_data),
        done=_("The seat was changed."),
        back=_page(seat.body_id),
        way=of_body(seat.body),
    )


@access("bureau")
def retire(request: Request, pk: int) -> HttpResponse:
    """A seat is there no more."""
    seat = _seat(pk)
    return form_page(
        request,
        Nothing(request.POST if request.method == "POST" else None),
        heading=_("Retire seat %(number)s") % {"number": seat.number},
        button=_("Retire the seat"),
        deed=lambda form: commands.retire_seat(actor=request.user, seat=seat),
        done=_("The seat is there no more. Who sat on it stays known."),
        back=_page(seat.body_id),
        way=of_body(seat.body),
        lead=_("Its number is not given out again. Who sat on it stays known."),
        negative=True,
    )


@access("bureau")
def begin(request: Request, pk: int) -> HttpResponse:
    """Somebody takes a seat, appointed elsewhere than by a vote here."""
    seat, today = _seat(pk), timezone.localdate()
    return form_page(
        request,
        TermForm(request.POST or None, day=today, initial={"starts": today}),
        heading=_("Somebody takes seat %(number)s") % {"number": seat.number},
        button=_("Begin the term"),
        deed=lambda form: commands.begin_term(
            actor=request.user,
            seat=seat,
            person=form.cleaned_data["email"],
            member=form.cleaned_data["member"],
            starts=form.cleaned_data["starts"],
            party_kind=form.cleaned_data["party_kind"],
        ),
        done=_("The term begins on that day. The role that the seat gives comes with it."),
        back=_page(seat.body_id),
        way=of_body(seat.body),
        lead=_("Who sits there now goes on the first day of this term."),
    )


@access("bureau")
def end(request: Request, pk: int) -> HttpResponse:
    """Somebody leaves a seat."""
    term = _term(pk)
    return form_page(
        request,
        EndTermForm(request.POST or None, initial={"ends": term.resigns or timezone.localdate()}),
        heading=_("A term ends"),
        button=_("End the term"),
        deed=lambda form: commands.end_term(actor=request.user, term=term, ends=form.cleaned_data["ends"]),
        done=_("The term ends on that day, and with it the role that the seat gave."),
        back=_page(term.seat.body_id),
        way=of_body(term.seat.body),
        lead=_("%(person)s, seat %(number)s.")
        % {"person": term.appointment.person, "number": term.seat.number},
        negative=True,
    )


@access("bureau")
def resignation(request: Request, pk: int) -> HttpResponse:
    """Another day for one seat in the rota."""
    term = _term(pk)
    return form_page(
        request,
        ResignationForm(request.POST or None, initial={"resigns": term.resigns}),
        heading=_("Day of resignation"),
        button=_("Save"),
        deed=lambda form: commands.set_resignation(
            actor=request.user, term=term, resigns=form.cleaned_data["resigns"]
        ),
        done=_("The rota was changed."),
        back=_page(term.seat.body_id),
        way=of_body(term.seat.body),
        lead=_("%(person)s, seat %(number)s.")
        % {"person": term.appointment.person, "number": term.seat.number},
    )


@access("bureau")
def rota(request: Request, pk: int) -> HttpResponse:
    """Set who resigns when."""
    body = body_or_404(pk)
    if not has_seats(body):
        raise Http404
    today = timezone.localdate()
    return form_page(
        request,
        RotaForm(request.POST or None, initial={"day": 1, "month": today.month}),
        heading=_("Set the rota of resignation"),
        button=_("Set the rota"),
        deed=lambda form: commands.set_rota(
            actor=request.user,
            body=body,
            day=form.cleaned_data["day"],
            month=form.cleaned_data["month"],
            keep=not form.cleaned_data["anew"],
        ),
        done=_("The rota is set."),
        back=_page(pk),
        way=of_body(body),
        lead=_(
            "Once a year some people resign, so that not all of them go at once. Nobody sits longer than the full "
            "term. Who has sat longest goes first; of who came together, the seat with the highest number."
        ),
    )
