"""The live part on the page of a meeting: what it is at, and the ways to console, own page and screen."""

from django.template.loader import render_to_string

from omkering.decide.models import Meeting, MeetingState
from omkering.decide.queries.live import running
from omkering.decide.views.live_common import live_context
from omkering.decide.views.watching import now_context
from omkering.thread.models import Item
from omkering.ui import panels
from omkering.ui.request import Request
from omkering.who.authority import may

SHOWN = (MeetingState.CALLED, MeetingState.OPEN, MeetingState.SUSPENDED)


@panels.register("meeting", order=1)
def live(request: Request, item: Item) -> str:
    """What the meeting is at, kept up to date; "" before it is called and once it is over. Eight queries."""
    meeting = item if isinstance(item, Meeting) else Meeting.objects.defer("search", "body").get(pk=item.pk)
    if meeting.state not in SHOWN:
        return ""
    state = running(meeting)
    runs = may(request.user, "decide.run_meeting", meeting)
    context = {**live_context(meeting, state), **now_context(meeting, state), "runs": runs}
    return render_to_string("decide/live/panel.html", {**context, "user": request.user})
