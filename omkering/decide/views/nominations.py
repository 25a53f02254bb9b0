"""Nomination rounds: the list, one round, one vacancy, and the steps of a round."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.commands import nominations as commands
from omkering.decide.commands import weighing
from omkering.decide.commands.elections import DECIDED, live_vote
from omkering.decide.forms.bodies import (
    FilterForm,
    PublishForm,
    ReasonForm,
    RoundForm,
    round_values,
)
from omkering.decide.models import CandidacyState, NominationState, Vacancy, VacancyState, Vote
from omkering.decide.observers import observers_of
from omkering.decide.queries import bodies as body_queries
from omkering.decide.queries import nominations as queries
from omkering.decide.queries.bodies import has_seats
from omkering.decide.views.body_common import (
    Nothing,
    body_crumbs,
    body_or_404,
    form_page,
    of_body,
    of_round,
    of_vacancy,
    round_or_404,
    vacancy_or_404,
)
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may, require
from omkering.who.models import Member
from omkering.who.standing import standing_of


@access("insider")
def nominations(request: Request) -> HttpResponse:
    """The rounds that somebody may know of, the newest first."""
    form = FilterForm(request.GET)
    rows = queries.readable_rounds(request.user)
    if form.is_valid() and form.cleaned_data["body"]:
        rows = rows.filter(owner_body__key=form.cleaned_data["body"])
    page = paginate(rows, request.GET, order=["-created_at", "-pk"])
    context = {
        "form": form,
        "page": page,
        "lines": [(row, queries.TONES[NominationState(row.state)]) for row in page.rows],
        "asked": queries.asked_of(request.user),
        "breadcrumbs": body_crumbs((_("Nomination rounds"), "")),
    }
    return render(request, "decide/bodies/nominations.html", context)


@access("insider")
def nomination(request: Request, pk: int) -> HttpResponse:
    """One round: its seats, the candidates that one may know of, and the body as it would become."""
    row = round_or_404(request, pk)
    runs = may(request.user, "decide.run_nomination", row)
    weighs = may(request.user, "decide.weigh_candidates", row)
    vacancies = list(row.vacancies.select_related("seat__network").defer("search").order_by("seat__number"))
    candidates = queries.candidates_of(row, request.user)
    out = row.state in queries.OUT
    shown = out or (weighs and row.state == NominationState.WEIGHING)
    body, today = row.owner_body, timezone.localdate()
    parts: list[body_queries.Part] = []
    if shown and body is not None:
        now = body_queries.holders_on(body, today)
        chosen = (CandidacyState.NOMINATED, CandidacyState.APPOINTED)
        later = body_queries.becoming(body, today, row, chosen=chosen)
        parts = body_queries.composition(now, today, later=later)
    context = {
        "round": row,
        "item": row,
        "tone": queries.TONES[NominationState(row.state)],
        "lines": [
            (vacancy, body_queries.role_name(vacancy.seat.profile), candidates.get(vacancy.pk, []))
            for vacancy in vacancies
        ],
        "weighs": weighs,
        "out": out,
        "taking": row.state == NominationState.OPEN and timezone.now() < row.closes_at,
        "parts": [part for part in parts if part.change],
        "parts_known": bool(parts),
        "observers": observers_of(body) if out and body is not None else [],
        "may": {
            "change": runs and row.state in commands.EDITABLE,
            "open": runs and row.state == NominationState.PLANNED,
            "close": runs and row.state == NominationState.OPEN,
            "publish": weighs and row.state == NominationState.WEIGHING,
            "withdraw": runs and row.state in (*commands.EDITABLE, NominationState.WEIGHING),
        },
        "breadcrumbs": of_round(row),
    }
    return render(request, "decide/bodies/nomination.html", context)


@access("insider")
def vacancy(request: Request, pk: int) -> HttpResponse:
    """One seat to fill: whom it is meant for, who stands as far as one may know, and how it is decided."""
    row = vacancy_or_404(request, pk)
    round, now = row.nomination, timezone.now()
    candidates = queries.candidates_of(round, request.user).get(row.pk, [])
    standing = standing_of(request.user)
    runs = may(request.user, "decide.run_nomination", round)
    weighs = may(request.user, "decide.weigh_candidates", round)
    nominated = round.state == NominationState.NOMINATED and row.state not in DECIDED
    counters_open = (
        nominated
        and row.state == VacancyState.OPEN
        and round.counter_until is not None
        and now < round.counter_until
    )
    vote = live_vote(row) if nominated else None
    ready = nominated and not counters_open and vote is None
    mine = next((one for one in candidates if one.row.person_id == request.user.pk), None)
    context = {
        "vacancy": row,
        "item": row,
        "round": round,
        "tone": queries.VACANCY_TONES[VacancyState(row.state)],
        "profile": body_queries.role_name(row.seat.profile),
        "candidates": candidates,
        "weighs": weighs,
        "out": round.state in queries.OUT,
        "mine": mine,
        "vote": vote,
        "votes": _votes(row),
        "may": {
            "stand": bool(standing.members) and round.state == NominationState.OPEN and now < round.closes_at,
            "nobody": weighs and round.state == NominationState.WEIGHING,
            "plan": runs and ready,
            "acclaim": runs and ready,
            "leave": runs and nominated and vote is None,
            "begin": runs and row.state == VacancyState.FILLED and row.term_id is None,
        },
        "put_up_for": list(Member.objects.filter(pk__in=standing.votes_for)) if counters_open else [],
        "breadcrumbs": of_vacancy(row),
    }
    return render(request, "decide/bodies/vacancy.html", context)


def _votes(row: Vacancy) -> list[Vote]:
    """The votes that were held on a seat."""
    return list(Vote.objects.filter(about_id=row.pk, opened_at__isnull=False).defer("search").order_by("-pk"))


# --- steps of the bureau -----------------------------------------------------------------------------------
@access("bureau")
def plan(request: Request, pk: int) -> HttpResponse:
    """Prepare a round for a body."""
    body = body_or_404(pk)
    if not has_seats(body):
        raise Http404
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    initial = {
        "opens_at": now + timedelta(hours=1),
        "closes_at": now + timedelta(days=28),
        "starts": timezone.localdate() + timedelta(days=120),
        "seats": [line.seat.pk for line in _ending(body)],
    }
    form = RoundForm(request.POST or None, seats=_seat_choices(body), initial=initial)
    return form_page(
        request,
        form,
        heading=_("Prepare a nomination round"),
        button=_("Prepare the round"),
        deed=lambda form: commands.plan_nomination(actor=request.user, body=body, **form.cleaned_data),
        done=_("The round is prepared. It opens by itself; until then the bureau alone sees it."),
        back=reverse("decide:body", args=[pk]),
        way=of_body(body),
        lead=_("Seats that are empty, and seats whose term ends within a year, are chosen already."),
    )


def _ending(body: Any) -> list[body_queries.SeatLine]:
    """Seats that are empty or whose term ends within a year."""
    today = timezone.localdate()
    until = today + timedelta(days=365)
    rows = body_queries.seat_lines(body, today)
    return [line for line in rows if line.term is None or ((line.term.resigns or line.last or until) < until)]


def _seat_choices(body: Any) -> list[tuple[int, str]]:
    today = timezone.localdate()
    found = []
    for line in body_queries.seat_lines(body, today):
        words = [_("Seat %(number)s") % {"number": line.seat.number}]
        if line.seat.chair:
            words.append(_("chair"))
        if line.profile:
            words.append(line.profile)
        words.append(line.term.appointment.person.name if line.term else _("empty"))
        found.append((line.seat.pk, ", ".join(words)))
    return found


@access("bureau")
def change(request: Request, pk: int) -> HttpResponse:
    """Change a round that candidates can still enter."""
    row = round_or_404(request, pk)
    if row.state not in commands.EDITABLE:
        raise Http404

    def renewed() -> RoundForm:
        data = request.POST.copy()
        data["version"] = str(round_or_404(request, pk).version)
        return RoundForm(data)

    return form_page(
        request,
        RoundForm(request.POST or None, initial=round_values(row)),
        heading=_("Change the round"),
        button=_("Save"),
        deed=lambda form: commands.change_nomination(actor=request.user, nomination=row, **form.cleaned_data),
        done=_("The round was changed."),
        back=reverse("decide:nomination", args=[pk]),
        way=of_round(row),
        renewed=renewed,
    )


def _step(
    request: Request, pk: int, heading: str, button: str, deed: Any, done: str, lead: str
) -> HttpResponse:
    row = round_or_404(request, pk)
    return form_page(
        request,
        Nothing(request.POST if request.method == "POST" else None),
        heading=heading,
        button=button,
        deed=lambda form: deed(actor=request.user, nomination=row),
        done=done,
        back=reverse("decide:nomination", args=[pk]),
        way=of_round(row),
        lead=lead,
    )


@access("bureau")
def open_now(request: Request, pk: int) -> HttpResponse:
    """Let candidates come forward now."""
    return _step(
        request,
        pk,
        _("Open the round now"),
        _("Open the round"),
        commands.open_nomination,
        _("Candidates can come forward."),
        _(
            "All members see the round from now on. Who votes for a member, and secretaries of networks, hear of it."
        ),
    )


@access("bureau")
def close_now(request: Request, pk: int) -> HttpResponse:
    """Close a round before its time."""
    return _step(
        request,
        pk,
        _("Close the round for candidates"),
        _("Close it now"),
        commands.close_for_candidates,
        _("The nominations can be made."),
        _("Nobody can come forward after this."),
    )


@access("bureau")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Call a round off."""
    row = round_or_404(request, pk)
    return form_page(
        request,
        ReasonForm(request.POST or None, help_text=_("Candidates and all members read this.")),
        heading=_("Call the round off"),
        button=_("Call it off"),
        deed=lambda form: commands.withdraw_nomination(
            actor=request.user, nomination=row, **form.cleaned_data
        ),
        done=_("The round was called off."),
        back=reverse("decide:nomination", args=[pk]),
        way=of_round(row),
        negative=True,
    )


@access("insider")
def publish(request: Request, pk: int) -> HttpResponse:
    """Make the nominations known; for who weighs the candidates."""
    row = round_or_404(request, pk)
    require(request.user, "decide.weigh_candidates", row)
    until = timezone.localtime() + timedelta(days=14)

    def renewed() -> PublishForm:
        data = request.POST.copy()
        data["version"] = str(round_or_404(request, pk).version)
        return PublishForm(data)

    return form_page(
        request,
        PublishForm(
            request.POST or None,
            initial={"version": row.version, "counter_until": until.replace(hour=12, minute=0, second=0)},
        ),
        heading=_("Make the nominations known"),
        button=_("Make them known"),
        deed=lambda form: weighing.publish_nominations(
            actor=request.user, nomination=row, **form.cleaned_data
        ),
        done=_("The nominations are out. Every candidate got an answer."),
        back=reverse("decide:nomination", args=[pk]),
        way=of_round(row),
        lead=_(
            "All members read who is nominated and why. Who is not nominated reads your answer, and nobody else does."
        ),
        renewed=renewed,
    )


@access("insider")
def nobody(request: Request, pk: int) -> HttpResponse:
    """Nominate nobody for a seat; for who weighs the candidates."""
    row = vacancy_or_404(request, pk)
    require(request.user, "decide.weigh_candidates", row.nomination)
    return form_page(
        request,
        ReasonForm(
            request.POST or None,
            initial={"reason": row.open_reason},
            help_text=_("All members read this. Name no candidate."),
        ),
        heading=_("Nominate nobody for this seat"),
        button=_("Nominate nobody"),
        deed=lambda form: weighing.nominate_nobody(actor=request.user, vacancy=row, **form.cleaned_data),
        done=_("Nobody is nominated for this seat."),
        back=reverse("decide:vacancy", args=[pk]),
        way=of_vacancy(row),
    )
