"""Consultations: the list, the page of one, planning, changing and calling off."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.deliberate.commands import consultations as commands
from omkering.deliberate.forms.consultations import ConsultationForm, ReasonForm
from omkering.deliberate.models import Consultation, ConsultationState, Document
from omkering.deliberate.queries import consultations as queries
from omkering.deliberate.views.consultation_common import (
    address,
    badge,
    consultation_or_404,
    consultation_to_read,
    crumbs,
    crumbs_of,
    form_page,
    with_new,
)
from omkering.thread.models import Visibility
from omkering.ui.access import access
from omkering.ui.form_pages import sent
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.standing import standing_of

LISTED = (
    ConsultationState.OPEN,
    ConsultationState.PLANNED,
    ConsultationState.CLOSED,
    ConsultationState.ANSWERED,
)


@access("public")
def consultations(request: Request) -> HttpResponse:
    """All consultations I may know of: open, planned, closed, and those with a note of answer."""
    text = request.GET.get("q", "").strip()[:200]
    state = request.GET.get("state", "")
    rows = queries.listed_consultations(request.user, text)
    if state in LISTED:
        rows = rows.filter(state=state)
    page = paginate(rows, request.GET, order=["-created_at", "-pk"])
    here = reverse("deliberate:consultations")
    labels = {
        "": _("All consultations"),
        ConsultationState.OPEN: _("Open"),
        ConsultationState.PLANNED: _("Planned"),
        ConsultationState.CLOSED: _("Closed"),
        ConsultationState.ANSWERED: _("Answered"),
    }
    tabs = [
        {"label": label, "url": f"{here}?state={key}" if key else here, "current": key == state}
        for key, label in labels.items()
    ]
    context = {
        "page": page,
        "rows": [(row, badge(row)) for row in page],
        "tabs": tabs,
        "q": text,
        "state": state,
        "may_plan": may(request.user, "deliberate.plan_consultation"),
        "breadcrumbs": [*crumbs()[:1], (_("Consultations"), "")],
    }
    return render(request, "deliberate/consultations.html", context)


@access("public")
def consultation(request: Request, pk: int) -> HttpResponse:
    """A consultation: what is asked, in which rounds, and what came of it."""
    item = consultation_to_read(request, pk)
    rounds = queries.rounds_of(item)
    counts = queries.counts_of([row.pk for row in rounds], request.user)
    meetings: dict[int, list] = {}
    for meeting in queries.meetings_of([row.pk for row in rounds]):
        meetings.setdefault(meeting.in_round_id, []).append(meeting)
    asked = set(queries.open_rounds_for(request.user).filter(consultation=item).values_list("pk", flat=True))
    may_plan = may(request.user, "deliberate.plan_consultation", item)
    context = {
        "item": item,
        "badge": badge(item),
        "rounds": [
            {
                "round": row,
                "badge": badge(row),
                "public": queries.public_in_words(row),
                "ways": queries.ways_in_words(row),
                "count": sum(counts[row.pk].values()),
                "asked": row.pk in asked,
                "meetings": meetings.get(row.pk, []),
            }
            for row in rounds
        ],
        "document_url": address("deliberate:document", item.document_id)
        if _reads_document(request, item)
        else "",
        "answers_url": address("deliberate:answers", item.pk) if _note_is_there(item, may_plan) else "",
        "may_plan": may_plan,
        "live": item.state in (ConsultationState.PLANNED, ConsultationState.OPEN),
        "growing": item.state not in (ConsultationState.ANSWERED, ConsultationState.WITHDRAWN),
        "breadcrumbs": crumbs((item.title, "")),
    }
    return render(request, "deliberate/consultation.html", context)


def _reads_document(request: Request, item: Consultation) -> bool:
    if item.document is None:
        return False
    rows = Document.objects.filter(pk=item.document.pk)
    return rows.visible_to(standing_of(request.user), getattr(request.user, "pk", None)).exists()


def _note_is_there(item: Consultation, may_plan: bool) -> bool:
    return item.answer_published_at is not None or (may_plan and item.state == ConsultationState.CLOSED)


# --- the bureau ------------------------------------------------------------------------------------------
@access("bureau")
def plan(request: Request) -> HttpResponse:
    """Plan a consultation; from the page of a document, about that one (`?document=`)."""
    initial: dict[str, Any] = {"visibility": Visibility.MEMBERS, "owner": request.user}
    asked = request.GET.get("document", "")
    if asked.isdecimal() and len(asked) < 19:
        document = get_object_or_404(Document.objects.defer("search", "body"), pk=int(asked))
        initial |= {
            "document": document,
            "visibility": document.visibility,
            "audience": document.audience_id,
            "theme": document.theme_id,
        }
    return form_page(
        request,
        ConsultationForm(sent(request), initial=initial),
        heading=_("Plan a consultation"),
        lead=_(
            "After this you plan its rounds: who is asked, when, and how. It begins when the first one opens."
        ),
        button=_("Plan the consultation"),
        back=reverse("deliberate:consultations"),
        breadcrumbs=crumbs((_("Plan a consultation"), "")),
        draft="consultation-new",
        deed=lambda data: commands.plan_consultation(actor=request.user, **_plan(data)),
        done=_("The consultation is planned. Plan its first round now."),
        after=lambda made: reverse("deliberate:consultation", args=[made.pk]),
    )


def _plan(data: dict[str, Any]) -> Any:
    return {name: value for name, value in data.items() if name != "revision"}


@access("bureau")
def change(request: Request, pk: int) -> HttpResponse:
    """Change the plan; what somebody else saved meanwhile is shown beside what was typed."""
    item = consultation_or_404(request, pk)

    def anew() -> tuple[ConsultationForm, list[tuple[str, str]]]:
        row = consultation_or_404(request, pk)
        form = ConsultationForm.of(row, with_new(request, "revision", row.revision))
        return form, [
            (str(form[name].label), getattr(row, name)) for name in ("title", "summary", "question")
        ]

    return form_page(
        request,
        ConsultationForm.of(item, sent(request)),
        heading=_("Change the plan"),
        lead=item.title,
        button=_("Save"),
        back=reverse("deliberate:consultation", args=[pk]),
        breadcrumbs=crumbs_of(item, (_("Change the plan"), "")),
        draft=f"consultation-{pk}",
        deed=lambda data: commands.change_consultation(
            actor=request.user, consultation=item, revision=data["revision"] or 0, **_plan(data)
        ),
        done=_("The plan was changed."),
        anew=anew,
    )


@access("bureau")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Call a consultation off, with the reason."""
    item = consultation_or_404(request, pk)
    return form_page(
        request,
        ReasonForm(sent(request)),
        heading=_("Call this consultation off"),
        lead=_("Its rounds that are planned or open are called off too. What was put in stays."),
        button=_("Call off"),
        negative=True,
        back=reverse("deliberate:consultation", args=[pk]),
        breadcrumbs=crumbs_of(item, (_("Call this consultation off"), "")),
        draft=f"consultation-off-{pk}",
        deed=lambda data: commands.withdraw_consultation(actor=request.user, consultation=item, **data),
        done=_("The consultation was called off. Who follows it was told why."),
    )
