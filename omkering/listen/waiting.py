"""What waits for somebody in this room: reports not sent yet, signals and objections to answer."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.listen.models import BoardRow, Draft, Objection, SignalState
from omkering.thread.waiting import Waiting
from omkering.who.models import Person
from omkering.who.standing import Standing


def look(person: Person, standing: Standing) -> list[Waiting]:
    """At most two queries, whatever there is."""
    found = []
    if standing.members:
        drafts = Draft.objects.filter(person=person, signal__isnull=True).count()
        found.append(Waiting(_("reports that you have not sent yet"), drafts, reverse("listen:report")))
    if standing.is_bureau:
        now = timezone.now()
        counts = BoardRow.objects.filter(answered_at__isnull=True).aggregate(
            fresh=Count("pk", filter=Q(state=SignalState.SUBMITTED, due_at__gte=now)),
            late=Count("pk", filter=Q(due_at__lt=now)),
        )
        board = reverse("listen:board")
        found.append(
            Waiting(_("signals past their answering term"), counts["late"], f"{board}?late=1", late=True)
        )
        found.append(Waiting(_("new signals to look at"), counts["fresh"], f"{board}?state=submitted"))
        objections = list(Objection.objects.filter(replied_at__isnull=True).order_by("due_at", "pk")[:100])
        if objections:
            found.append(
                Waiting(
                    _("objections to answer"),
                    len(objections),
                    reverse("listen:signal", args=[objections[0].signal_id]),
                    late=objections[0].due_at < now,
                )
            )
    return found
