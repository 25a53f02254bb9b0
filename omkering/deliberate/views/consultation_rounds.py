"""The page of a round, planning and changing one, and its life: open, close, extend, remind, call off."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.commands import consultation_rounds as commands
from omkering.deliberate.commands import consultation_times as times
from omkering.deliberate.forms.consultations import ChapterRoundsForm, ExtendForm, ReasonForm, RoundForm
from omkering.deliberate.models import ConsultationRound, ConsultationState
from omkering.deliberate.publics import in_public, reads_round
from omkering.deliberate.queries import consultations as queries
from omkering.deliberate.queries.consultation_response import people_to_remind
from omkering.deliberate.queries.contributions import contributions_of, shown
from omkering.deliberate.queries.questions import questions_of
from omkering.deliberate.views.consultation_common import (
    address,
    badge,
    consultation_or_404,
    crumbs_in,
    crumbs_of,
    form_page,
    round_or_404,
    round_to_read,
    with_new,
)
from omkering.ui.access import access
from omkering.ui.form_pages import sent
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.standing import standing_of

NEWEST = 5


@access("public")
def round(request: Request, pk: int) -> HttpResponse:
    """A round: when, for whom, how to take part, and what came in."""
    row = round_to_read(request, pk)
    person = request.user
    open_now = row.state == ConsultationState.OPEN
    asked = in_public(person, row)
    reads = reads_round(standing_of(person), row)
    newest = list(contributions_of(row, person).order_by("-pk")[:NEWEST]) if reads else []
    counts = queries.counts_of([pk], person)[pk] if reads else {}
    meetings = queries.meetings_of([pk])
    runs = may(person, "deliberate.run_round", row)
    context = {
        "round": row,
        "item": row.consultation,
        "badge": badge(row),
        "public": queries.public_in_words(row),
        "ways": queries.ways_in_words(row),
        "asked": asked,
        "open_now": open_now,
        "takes_part": asked and open_now,
        "own": queries.own_views(row, person),
        "counts": counts,
        "count": sum(counts.values()),
        "newest": shown(newest, person),
        "views": queries.views_of(row, person).count() if row.takes_views and reads else 0,
        "meetings": meetings,
        "may_meet": _may_meet(person, row),
        "questions": questions_of(row) if row.asks_questions else [],
        "document_url": address("deliberate:document", row.consultation.document_id)
        if row.consultation.document_id
        else "",
        "statements_url": address("deliberate:statements", pk) if row.takes_statements and reads else "",
        "amendments_url": address("deliberate:amendments", row.consultation.document_id)
        if row.takes_amendments
        else "",
        "runs": runs,
        "problem": times.lacks(row) if runs and row.state == ConsultationState.PLANNED else "",
        "follows": standing_of(person).is_insider,
        "breadcrumbs": crumbs_of(row.consultation, (row.title, "")),
    }
    return render(request, "deliberate/round.html", context)


def _may_meet(person: Any, row: ConsultationRound) -> bool:
    """Whether this person may plan a meeting in the round."""
    if row.state not in (ConsultationState.PLANNED, ConsultationState.OPEN) or row.public == "body":
        return False
    if row.network is not None:
        return may(person, "deliberate.plan_meeting", row.network)
    standing = standing_of(person)
    return standing.is_bureau or ("network" in standing.powers and bool(standing.networks))


# --- planning --------------------------------------------------------------------------------------------
@access("bureau")
def plan(request: Request, pk: int) -> HttpResponse:
    """Plan a round of a consultation."""
    item = consultation_or_404(request, pk)
    return form_page(
        request,
        RoundForm.for_new(sent(request)),
        heading=_("Plan a round"),
        lead=_(
            "It opens and closes by itself. Who is asked hears of it, and is reminded a week before closing."
        ),
        button=_("Plan the round"),
        back=reverse("deliberate:consultation", args=[pk]),
        breadcrumbs=crumbs_of(item, (_("Plan a round"), "")),
        draft=f"consultation-round-new-{pk}",
        deed=lambda data: commands.plan_round(actor=request.user, consultation=item, **_plan(data)),
        done=_("The round is planned."),
        after=lambda made: reverse("deliberate:round", args=[made.pk]),
    )


@access("bureau")
def plan_for_chapters(request: Request, pk: int) -> HttpResponse:
    """Plan the same round for several chapters or networks at once."""
    item = consultation_or_404(request, pk)
    return form_page(
        request,
        ChapterRoundsForm.for_new(sent(request)),
        heading=_("Plan a round for each chapter"),
        lead=_("Each chapter or network gets a round of its own, in which its secretary plans the meeting."),
        button=_("Plan these rounds"),
        back=reverse("deliberate:consultation", args=[pk]),
        breadcrumbs=crumbs_of(item, (_("Plan a round for each chapter"), "")),
        draft=f"consultation-chapters-{pk}",
        deed=lambda data: commands.plan_chapter_rounds(actor=request.user, consultation=item, **data),
        done=_("The rounds are planned."),
    )


def _plan(data: dict[str, Any]) -> Any:
    return {name: value for name, value in data.items() if name != "revision"}


@access("bureau")
def change(request: Request, pk: int) -> HttpResponse:
    """Change the plan of a round that has not opened."""
    row = round_or_404(request, pk)

    def anew() -> tuple[RoundForm, list[tuple[str, str]]]:
        now = round_or_404(request, pk)
        form = RoundForm.of(now, with_new(request, "revision", now.revision))
        return form, [
            (str(form["title"].label), now.title),
            (_("Who is asked"), queries.public_in_words(now)),
        ]

    return form_page(
        request,
        RoundForm.of(row, sent(request)),
        heading=_("Change the plan"),
        lead=row.title,
        button=_("Save"),
        back=reverse("deliberate:round", args=[pk]),
        breadcrumbs=crumbs_in(row, (_("Change the plan"), "")),
        draft=f"consultation-round-{pk}",
        deed=lambda data: commands.change_round(
            actor=request.user, round=row, revision=data["revision"] or 0, **_plan(data)
        ),
        done=_("The plan was changed."),
        anew=anew,
    )


# --- its life --------------------------------------------------------------------------------------------
@access("bureau")
def extend(request: Request, pk: int) -> HttpResponse:
    """Let a round close later, or open it again, with the reason."""
    row = round_or_404(request, pk)
    return form_page(
        request,
        ExtendForm(sent(request), initial={"closes_at": row.closes_at}),
        heading=_("Keep this round open longer"),
        lead=row.title,
        button=_("Extend the round"),
        back=reverse("deliberate:round", args=[pk]),
        breadcrumbs=crumbs_in(row, (_("Keep this round open longer"), "")),
        draft=f"consultation-extend-{pk}",
        deed=lambda data: times.extend_round(actor=request.user, round=row, **data),
        done=_("The round stays open longer. Who is asked was told until when, and why."),
    )


@access("bureau")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Call a round off, with the reason."""
    row = round_or_404(request, pk)
    return form_page(
        request,
        ReasonForm(sent(request)),
        heading=_("Call this round off"),
        lead=row.title,
        button=_("Call off"),
        negative=True,
        back=reverse("deliberate:round", args=[pk]),
        breadcrumbs=crumbs_in(row, (_("Call this round off"), "")),
        draft=f"consultation-round-off-{pk}",
        deed=lambda data: commands.withdraw_round(actor=request.user, round=row, **data),
        done=_("The round was called off. Who follows it was told why."),
    )


def _step(request: Request, pk: int, step: str) -> HttpResponse:
    """Ask whether to open, close or remind, and do it."""
    row = round_or_404(request, pk)
    error = ""
    if request.method == "POST":
        try:
            done = _take(request, row, step)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, done)
            return redirect("deliberate:round", pk)
    heading = {
        "open": _("Open this round now?"),
        "close": _("Close this round now?"),
        "remind": _("Remind who is silent?"),
    }[step]
    context = {
        "round": row,
        "step": step,
        "error": error,
        "heading": heading,
        "silent": len(people_to_remind(row)) if step == "remind" else 0,
        "breadcrumbs": crumbs_in(row, (heading, "")),
    }
    return render(request, "deliberate/round_step.html", context, status=422 if error else 200)


def _take(request: Request, row: ConsultationRound, step: str) -> str:
    if step == "open":
        times.open_round(actor=request.user, round=row)
        return _("The round is open. Who is asked was told.")
    if step == "close":
        times.close_round(actor=request.user, round=row)
        return _("The round is closed. Who was asked was told.")
    told = times.remind_round(actor=request.user, round=row)
    return ngettext("%(n)s person was reminded.", "%(n)s people were reminded.", told) % {"n": told}


@access("bureau")
def open_now(request: Request, pk: int) -> HttpResponse:
    """Open a planned round now."""
    return _step(request, pk, "open")


@access("bureau")
def close_now(request: Request, pk: int) -> HttpResponse:
    """Close an open round now."""
    return _step(request, pk, "close")


@access("bureau")
def remind(request: Request, pk: int) -> HttpResponse:
    """Remind those who can speak for the members that are silent."""
    return _step(request, pk, "remind")
