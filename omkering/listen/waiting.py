"""What waits for somebody in this room: reports not sent yet, signals and objections to answer, bundles to make."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.listen.models import BoardRow, Draft, Objection, SignalState, Suggestion
from omkering.thread.waiting import Waiting, register
from omkering.who.models import Person
from omkering.who.standing import Standing


@register(sign="SELECT FROM listen_suggestion WHERE state = 'open'", of_bureau=True)
def suggestions_to_look_at(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: suggestions for bundles; one query."""
    count = Suggestion.objects.filter(state=Suggestion.State.OPEN).count()
    return [Waiting(_("suggestions for bundles to look at"), count, reverse("listen:suggestions"))]


@register(sign="SELECT FROM listen_draft WHERE person_id = %(person)s AND signal_id IS NULL")
def reports_to_send(person: Person, standing: Standing) -> list[Waiting]:
    """Reports that somebody began and did not send; one query."""
    if not standing.members:
        return []
    drafts = Draft.objects.filter(person=person, signal__isnull=True).count()
    return [Waiting(_("reports that you have not sent yet"), drafts, reverse("listen:report"))]


@register(of_bureau=True)
def signals_to_answer(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: signals past their term, and new ones; one query."""
    now = timezone.now()
    counts = BoardRow.objects.filter(answered_at__isnull=True).aggregate(
        fresh=Count("due_at", filter=Q(state=SignalState.SUBMITTED, due_at__gte=now)),
        late=Count("due_at", filter=Q(due_at__lt=now)),
    )
    board = reverse("listen:board")
    return [
        Waiting(_("signals past their answering term"), counts["late"], f"{board}?late=1", late=True),
        Waiting(_("new signals to look at"), counts["fresh"], f"{board}?state=submitted"),
    ]


@register(sign="SELECT FROM listen_objection WHERE replied_at IS NULL", of_bureau=True)
def objections_to_answer(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: objections that nobody replied to; one query."""
    objections = list(Objection.objects.filter(replied_at__isnull=True).order_by("due_at", "pk")[:100])
    if not objections:
        return []
    first = objections[0]
    return [
        Waiting(
            _("objections to answer"),
            len(objections),
            reverse("listen:signal", args=[first.signal_id]),
            late=first.due_at < timezone.now(),
        )
    ]
