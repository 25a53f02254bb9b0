"""The page of this room."""

from django.http import HttpResponse
from django.shortcuts import render

from omkering.decide.queries.room import overview
from omkering.decide.views.meeting_common import address, badge
from omkering.thread import kinds
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.who.authority import may


@access("public")
def room(request: Request) -> HttpResponse:
    """Meetings soon, votes that are open, where I may vote, and my motions."""
    found = overview(request.user)
    places = ("meetings", "votes", "motions", "undertakings", "bodies", "proposals")
    context = {
        "meetings": [(row, badge(row)) for row in found.meetings],
        "votes": found.votes,
        "motions": [(row, kinds.state_label(row), kinds.url(row)) for row in found.motions],
        "places": {name: address(f"decide:{name}") for name in places},
        "may_plan": may(request.user, "decide.plan_meeting"),
    }
    return render(request, "decide/room.html", context)
