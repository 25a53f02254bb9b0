"""What motions show on other pages: those of a meeting with its undertakings, and the advice on a proposal."""

from django.template.loader import render_to_string

from omkering.decide.models import Advice, Meeting, Undertaking, UndertakingState
from omkering.decide.motion_words import ADVICE_TONES, named, state_badge
from omkering.decide.queries.motions import Filters, in_brief, listed
from omkering.thread.models import Item
from omkering.ui import panels
from omkering.ui.request import Request
from omkering.who.authority import may

SHOWN = 100


@panels.register("meeting", order=30)
def of_meeting(request: Request, item: Item) -> str:
    """The motions that were filed for a meeting, and what was promised in it; at most three queries."""
    rows = in_brief(listed(request.user, Filters(meeting=item.pk)))[:SHOWN]
    made = Undertaking.objects.filter(meeting_id=item.pk).exclude(state=UndertakingState.WITHDRAWN)
    promised = list(
        made.select_related("owner_body").only("title", "due_at", "owner_body__names").order_by("pk")[:SHOWN]
    )
    meeting = item if isinstance(item, Meeting) else Meeting.objects.get(pk=item.pk)
    records = meeting.opened_at is not None and may(request.user, "decide.record_undertaking", meeting)
    motions = [(row, named(row), state_badge(row.state)) for row in rows]
    if not motions and not promised and not records:
        return ""
    context = {"item": item, "motions": motions, "undertakings": promised, "records": records}
    return render_to_string("decide/parts/meeting_motions.html", context)


@panels.register("proposal", order=35)
def advice(request: Request, item: Item) -> str:
    """The advice of bodies on a proposal; one query."""
    given = Advice.objects.filter(about_id=item.pk, ended_at__isnull=True).select_related("body")
    rows = [(one, ADVICE_TONES.get(one.kind, "neutral")) for one in given.order_by("pk")]  # type: ignore[call-overload]
    gives = item.state in ("made", "voting") and may(request.user, "decide.plan_vote", item)
    if not rows and not gives:
        return ""
    return render_to_string("decide/parts/advice_given.html", {"item": item, "advice": rows, "gives": gives})
