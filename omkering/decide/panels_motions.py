"""What motions show on other pages: the advice on a proposal."""

from django.template.loader import render_to_string

from omkering.decide.models import Advice
from omkering.decide.motion_words import ADVICE_TONES
from omkering.thread.models import Item
from omkering.ui import panels
from omkering.ui.request import Request
from omkering.who.authority import may


@panels.register("proposal", order=35)
def advice(request: Request, item: Item) -> str:
    """The advice of bodies on a proposal; one query."""
    given = Advice.objects.filter(about_id=item.pk, ended_at__isnull=True).select_related("body")
    rows = [(one, ADVICE_TONES.get(one.kind, "neutral")) for one in given.order_by("pk")]  # type: ignore[call-overload]
    gives = item.state in ("made", "voting") and may(request.user, "decide.plan_vote", item)
    if not rows and not gives:
        return ""
    return render_to_string("decide/parts/advice_given.html", {"item": item, "advice": rows, "gives": gives})
