"""What meetings show on the page of any item: on which agenda it is or was, and what came of it there."""

from django.template.loader import render_to_string

from omkering.decide.models import AgendaState
from omkering.decide.queries.meetings import agenda_places
from omkering.thread.models import Item
from omkering.ui import panels
from omkering.ui.request import Request

TONES = {AgendaState.DONE: "positive", AgendaState.NOW: "info", AgendaState.HELD: "warning"}
KINDS = (
    *("signal", "bundle", "proposal", "motion", "amendment", "dossier", "challenge", "conflict", "condition"),
    *("document", "position", "consultation", "undertaking", "minutes", "nomination_round", "vacancy"),
)


@panels.register(*KINDS, order=30)
def on_agendas(request: Request, item: Item) -> str:
    """The agendas on which an item is or was; at most two queries."""
    rows = agenda_places(item, request.user)
    if not rows:
        return ""
    entries = [
        (row, AgendaState(row.state).label, TONES.get(AgendaState(row.state), "neutral")) for row in rows
    ]
    return render_to_string("decide/on_agendas.html", {"entries": entries})
