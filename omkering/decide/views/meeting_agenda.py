"""The agenda: putting it together, the page of an item with what constituents said, and interests of one's own."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.decide.commands import agenda_items as commands
from omkering.decide.commands import papers as paper_commands
from omkering.decide.forms.meetings import AgendaItemForm, InterestForm, PutOnAgendaForm
from omkering.decide.models import AgendaItem, AgendaKind, Interest, VoteState
from omkering.decide.motion_words import named, state_badge
from omkering.decide.queries import meetings as queries
from omkering.decide.queries.heard import heard_about
from omkering.decide.queries.motions import at_items, filed_for
from omkering.decide.views.common import crumbs_of, readable_item
from omkering.decide.views.meeting_common import (
    address,
    agenda_item_or_404,
    crumbs_in,
    deed_and_back,
    form_page,
    meeting_or_404,
    with_version,
)
from omkering.decide.views.meetings import OVER
from omkering.thread import kinds
from omkering.thread.turns import has_turns
from omkering.ui.access import access
from omkering.ui.form_pages import sent
from omkering.ui.groupings import division_words
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.standing import standing_of


@access("public")
def agenda_item(request: Request, pk: int) -> HttpResponse:
    """An item on an agenda: what is asked, its papers and votes, what constituents said, and what came of it."""
    item = agenda_item_or_404(request, pk)
    meeting = item.meeting
    lines = queries.numbered_agenda(meeting)
    place = next((number for number, line in enumerate(lines) if line.item.pk == pk), None)
    if place is None:
        raise Http404  # taken off before the agenda went out
    line = lines[place]
    queries.complete(line, meeting, request.user)
    division = request.GET.get("division", "")[:12]
    heard = heard_about(line.about, request.user, division) if line.about else None
    motions = at_items([item], filed_for(meeting, request.user).filter(agenda_item=pk)).get(pk, [])
    insider = standing_of(request.user).is_insider
    context = {
        "meeting": meeting,
        "line": line,
        "item": line.item,
        "motions": [(one, named(one), state_badge(one.state)) for one in motions],
        "parts": [entry for entry in lines if entry.item.parent_id == pk],
        "before": lines[place - 1] if place else None,
        "next": lines[place + 1] if place + 1 < len(lines) else None,
        "about_kind": kinds.label(line.about) if line.about else "",
        "about_url": kinds.url(line.about) if line.about else "",
        "heard": heard,
        "division": division,
        "division_words": division_words(),
        "votes": [(vote, vote.state == VoteState.CLOSED and bool(vote.announced_at)) for vote in line.votes],
        "insider": insider,
        "mine": [entry for entry in line.interests if entry.person_id == getattr(request.user, "pk", None)],
        "may_declare": meeting.state not in OVER and may(request.user, "decide.take_part", (meeting, None)),
        "may_keep": meeting.state not in OVER and may(request.user, "decide.keep_agenda", meeting),
        "speak_url": address("decide:delegate", meeting.pk) if insider and meeting.state not in OVER else "",
        "breadcrumbs": crumbs_in(meeting, (item.title, "")),
    }
    return render(request, "decide/agenda_item.html", context)


# --- putting it together ---------------------------------------------------------------------------------
@access("bureau")
def edit_agenda(request: Request, pk: int) -> HttpResponse:
    """The agenda to put together: order, times, papers."""
    meeting = meeting_or_404(request, pk)
    lines = queries.agenda_of(meeting, request.user)
    counts: dict[int | None, int] = {}
    for line in lines:
        if not line.dropped:
            counts[line.item.parent_id] = counts.get(line.item.parent_id, 0) + 1
    places: dict[int | None, int] = {}
    rows = []
    for line in lines:
        place = places[line.item.parent_id] = places.get(line.item.parent_id, 0) + 1
        rows.append(
            {
                "line": line,
                "up": place - 1 if place > 1 else 0,
                "down": place + 1 if place < counts.get(line.item.parent_id, 0) else 0,
                "turns": line.about is not None and line.item.parent_id is None and has_turns(line.about),
            }
        )
    last = max((line.starts_at for line in lines if line.starts_at), default=None)
    context = {
        "meeting": meeting,
        "rows": rows,
        "minutes": sum(line.item.minutes for line in lines if not line.dropped),
        "last": last,
        "over": meeting.state in OVER,
        "breadcrumbs": crumbs_in(meeting, (_("Agenda"), "")),
    }
    return render(request, "decide/agenda_edit.html", context)


@access("bureau")
def add_agenda_item(request: Request, pk: int) -> HttpResponse:
    """Put something on the agenda."""
    meeting = meeting_or_404(request, pk)
    back = reverse("decide:edit_agenda", args=[pk])
    late = _("The agenda is out: what you add now is marked as added later.") if meeting.called_at else ""
    return form_page(
        request,
        AgendaItemForm(sent(request), meeting=meeting, initial={"kind": AgendaKind.INFORMATION}),
        heading=_("New item on the agenda"),
        lead=late,
        button=_("Put it on the agenda"),
        back=back,
        breadcrumbs=crumbs_in(meeting, (_("Agenda"), back), (_("New item"), "")),
        draft=f"agenda-new-{pk}",
        deed=lambda data: commands.add_agenda_item(actor=request.user, meeting=meeting, **data),
        done=_("It is on the agenda."),
    )


@access("bureau")
def change_agenda_item(request: Request, pk: int) -> HttpResponse:
    """Change the words, the kind or the minutes of an item."""
    item = agenda_item_or_404(request, pk)

    def anew() -> tuple[AgendaItemForm, list[tuple[str, Any]]]:
        there = agenda_item_or_404(request, pk)
        form = AgendaItemForm.of(there, with_version(request, there.version))
        return form, [(str(form[name].label), getattr(there, name)) for name in ("title", "minutes", "text")]

    back = reverse("decide:edit_agenda", args=[item.meeting_id])
    return form_page(
        request,
        AgendaItemForm.of(item, sent(request)),
        heading=_("Change the item"),
        lead=item.title,
        button=_("Save"),
        back=back,
        breadcrumbs=crumbs_in(item.meeting, (_("Agenda"), back), (_("Change the item"), "")),
        draft=f"agenda-{pk}",
        deed=lambda data: commands.change_agenda_item(actor=request.user, agenda_item=item, **data),
        done=_("The item was changed."),
        anew=anew,
    )


@access("bureau")
@require_POST
def move_agenda_item(request: Request, pk: int) -> HttpResponse:
    """Give an item another place."""
    item = agenda_item_or_404(request, pk)
    given = request.POST.get("position", "")
    place = int(given) if given.isdecimal() and len(given) < 6 else 1
    back = f"{reverse('decide:edit_agenda', args=[item.meeting_id])}#item-{pk}"
    return deed_and_back(
        request,
        lambda: commands.move_agenda_item(actor=request.user, agenda_item=item, position=place),
        "",
        back,
    )


@access("bureau")
@require_POST
def add_turns(request: Request, pk: int) -> HttpResponse:
    """Put what is voted on before an item on the agenda, in the order of voting."""
    item = agenda_item_or_404(request, pk)
    return deed_and_back(
        request,
        lambda: commands.add_turns(actor=request.user, agenda_item=item),
        _("The amendments stand on the agenda in the order of voting."),
        f"{reverse('decide:edit_agenda', args=[item.meeting_id])}#item-{pk}",
    )


@access("bureau")
@require_POST
def drop_agenda_item(request: Request, pk: int) -> HttpResponse:
    """Take an item off the agenda."""
    item = agenda_item_or_404(request, pk)
    return deed_and_back(
        request,
        lambda: commands.drop_agenda_item(actor=request.user, agenda_item=item),
        _("“%(title)s” is off the agenda.") % {"title": item.title},
        reverse("decide:edit_agenda", args=[item.meeting_id]),
    )


@access("bureau")
def put_on_agenda(request: Request, pk: int) -> HttpResponse:
    """Put an item that is here on the agenda of a meeting."""
    about = readable_item(request, pk)
    kind = commands.KIND_OF.get(about.kind, AgendaKind.INFORMATION)
    return form_page(
        request,
        PutOnAgendaForm(sent(request), initial={"kind": kind}),
        heading=_("Put on the agenda"),
        lead=about.title,
        button=_("Put it on the agenda"),
        back=kinds.url(about),
        breadcrumbs=crumbs_of(about, (_("Put on the agenda"), "")),
        draft=f"agenda-about-{pk}",
        deed=lambda data: commands.add_agenda_item(actor=request.user, about=about, **data),
        done=_("It is on the agenda."),
        after=lambda made: reverse("decide:agenda_item", args=[made.pk]),
    )


# --- interests -------------------------------------------------------------------------------------------
@access("insider")
def declare_interest(request: Request, pk: int) -> HttpResponse:
    """Declare an interest of one's own in an item."""
    item: AgendaItem = agenda_item_or_404(request, pk)
    if not may(request.user, "decide.take_part", (item.meeting, None)):
        raise PermissionDenied("decide.take_part")
    back = reverse("decide:agenda_item", args=[pk])
    return form_page(
        request,
        InterestForm(sent(request)),
        heading=_("Declare an interest"),
        lead=item.title,
        button=_("Declare it"),
        back=back,
        breadcrumbs=crumbs_in(item.meeting, (item.title, back), (_("Declare an interest"), "")),
        draft=f"interest-{pk}",
        deed=lambda data: paper_commands.declare_interest(actor=request.user, agenda_item=item, **data),
        done=_("Your interest is noted. Who meets can read it."),
    )


@access("insider")
@require_POST
def withdraw_interest(request: Request, pk: int) -> HttpResponse:
    """Take back an interest that one declared."""
    interest = get_object_or_404(Interest.objects.select_related("agenda_item__meeting", "member"), pk=pk)
    item = agenda_item_or_404(request, interest.agenda_item_id)
    return deed_and_back(
        request,
        lambda: paper_commands.withdraw_interest(actor=request.user, interest=interest),
        _("Your interest was taken back."),
        reverse("decide:agenda_item", args=[item.pk]),
    )
