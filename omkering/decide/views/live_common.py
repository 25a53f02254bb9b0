"""What the pages of a running meeting share."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from omkering.decide.models import AgendaItem, Meeting, Speech, Vote
from omkering.decide.queries.live import Running, newest_change
from omkering.decide.queries.live_balance import speakers_balance
from omkering.decide.speaking_balance import AGAINST, FOR, NEITHER
from omkering.decide.views.meeting_common import address
from omkering.ui.groupings import groupings
from omkering.ui.request import Request

Do = Callable[[Request, Meeting], str]


def part_or_page(request: Request, parts: dict[str, str], page: str, context: dict[str, Any]) -> HttpResponse:
    """The part that `?deel=` names, by its template, or the whole page. 404 for a part that is not there."""
    part = request.GET.get("deel")
    if part is not None and part not in parts:
        raise Http404
    response = render(request, parts[part] if part else page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def row_of(model: Any, request: Request, field: str, meeting: Meeting) -> Any:
    """The row of this meeting that a form names; 404 for another one's."""
    text = request.POST.get(field, "")
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return get_object_or_404(model, pk=int(text), meeting=meeting)


def speech_in(request: Request, meeting: Meeting) -> Speech:
    """The speech that a form names."""
    return row_of(Speech.objects.select_related("member"), request, "speech", meeting)


def vote_in(request: Request, meeting: Meeting) -> Vote:
    """The vote that a form names."""
    return row_of(Vote.objects.select_related("meeting"), request, "vote", meeting)


def item_in(request: Request, meeting: Meeting) -> AgendaItem:
    """The item on the agenda that a form names."""
    return row_of(AgendaItem.objects.select_related("about"), request, "item", meeting)


def done(
    request: Request,
    meeting: Meeting,
    actions: Mapping[str, Do],
    back: str,
    refused: Callable[[str], HttpResponse],
) -> HttpResponse:
    """Do what a form asks. With our script the answer is one sentence; without it the page comes again."""
    action = actions.get(request.POST.get("do", ""))
    if action is None:
        raise Http404
    try:
        words = action(request, meeting)
    except ValidationError as error:
        text = " ".join(error.messages)
        if request.htmx:
            return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
        return refused(text)
    if request.htmx:
        return HttpResponse(words, content_type="text/plain; charset=utf-8")
    messages.success(request, words)
    return redirect(back, meeting.pk)


def live_context(meeting: Meeting, state: Running) -> dict[str, Any]:
    """What every page needs to keep itself up to date."""
    return {
        "meeting": meeting,
        "live": state,
        "stream": stream_of(meeting),
        "meeting_url": address("decide:meeting", meeting.pk),
    }


def listening(meeting: Meeting | None) -> dict[str, Any]:
    """What a page beside the meeting needs to hear what changes in it; call it before reading what the page shows.

    Without a meeting there is no stream: the page then asks now and then.
    """
    if meeting is None:
        return {"live": {"since": 0}, "stream": ""}
    return {"live": {"since": newest_change(meeting)}, "stream": stream_of(meeting)}


def stream_of(meeting: Meeting) -> str:
    """The address of the stream of a meeting."""
    return f"{reverse('decide:live_now', args=[meeting.pk]).removesuffix('nu/')}stroom/"


def balance_context(meeting: Meeting, state: Running) -> dict[str, Any]:
    """Who has spoken on this item, by side and by group of members."""
    found = speakers_balance(meeting, state.spoken)
    shown = groupings(found.groups) if found.groups else []
    rows = [
        (each.title, [(each.names[key], found.groups[each.key][key]) for key in each.names]) for each in shown
    ]
    names = {FOR: _("For"), AGAINST: _("Against"), NEITHER: _("Neither for nor against")}
    sides = [(name, found.sides[side]) for side, name in names.items()]
    return {"balance": found, "balance_rows": rows, "sides": sides}
