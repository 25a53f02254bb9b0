"""What consultations show on the page of a document: where it is talked about, and how to ask members about it."""

from django.template.loader import render_to_string

from omkering.deliberate.models import Consultation, DocumentState
from omkering.thread.models import Item
from omkering.ui import panels
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.standing import standing_of

MOST = 20


@panels.register("document", order=20)
def asked_about(request: Request, item: Item) -> str:
    """The consultations about a document that this reader may know of, newest first; one query."""
    rows = Consultation.objects.visible_to(standing_of(request.user), getattr(request.user, "pk", None))
    rows = rows.filter(document=item.pk).exclude(state="withdrawn").only("kind", "title", "state")
    found = list(rows.order_by("-created_at", "-pk")[:MOST])
    may_plan = item.state in (DocumentState.PUBLISHED, DocumentState.ADOPTED) and may(
        request.user, "deliberate.plan_consultation"
    )
    if not found and not may_plan:
        return ""
    context = {"item": item, "consultations": found, "may_plan": may_plan}
    return render_to_string("deliberate/consultations_panel.html", context)
