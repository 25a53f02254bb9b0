"""The room: what is being talked about now."""

from django.http import HttpResponse
from django.shortcuts import render

from omkering.deliberate.queries.overview import overview
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.who.authority import may


@access("public")
def room(request: Request) -> HttpResponse:
    """What is open now, and the ways into the room."""
    context = {
        "overview": overview(request.user),
        "may_read_in": may(request.user, "deliberate.import_document"),
    }
    return render(request, "deliberate/room.html", context)
