"""What this room shows on the pages of other rooms: the challenges that an item touches."""

from django.template.loader import render_to_string

from omkering.agenda.queries.couplings import touched_by
from omkering.thread.chain import ways_on_page
from omkering.thread.models import Item
from omkering.ui import panels
from omkering.ui.request import Request
from omkering.who.authority import may

OWN = ("challenge", "conflict")  # their pages say it themselves


@panels.register(order=10)
def touches(request: Request, item: Item) -> str:
    """The challenges of an item, what these hang together with and how, and where aims pull apart; five queries
    at most.
    """
    if item.kind in OWN:
        return ""
    touched = touched_by(item, request.user, ways_on_page(request, item).upstream)
    may_place = may(request.user, "agenda.place_item", item)
    if not touched.challenges and not may_place:
        return ""
    context = {"item": item, "touched": touched, "may_place": may_place}
    return render_to_string("agenda/touches.html", context)
