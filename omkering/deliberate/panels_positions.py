"""What positions show on the pages of other rooms: those that follow from an item, and those of its theme."""

from django.template.loader import render_to_string

from omkering.deliberate.queries.positions import positions_about
from omkering.thread.models import Item
from omkering.ui import panels
from omkering.ui.request import Request


@panels.register("dossier", "proposal", "bundle", "challenge", order=40)
def about(request: Request, item: Item) -> str:
    """The positions that hold about an item; one query."""
    positions = positions_about(item, request.user)
    if not positions:
        return ""
    return render_to_string("deliberate/positions_about.html", {"item": item, "positions": positions})
