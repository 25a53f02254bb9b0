"""The agenda of the year."""

from django.http import HttpResponse
from django.shortcuts import render

from omkering.agenda.queries.overview import year_of
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.who.authority import may


@access("public")
def room(request: Request) -> HttpResponse:
    """What is on the agenda this year, or in the year of the address: `?year=2025`."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else None
    context = {
        "agenda": year_of(year, request.user),
        "may_plan": may(request.user, "agenda.plan_round"),
        "may_open": may(request.user, "agenda.open_dossier"),
    }
    return render(request, "agenda/room.html", context)
