"""What waits for somebody in the note of answer: points without an answer in the consultations they own."""

from collections import Counter

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.models import Consultation, ConsultationState
from omkering.deliberate.queries.answer_points import points_of
from omkering.thread.models import Item
from omkering.thread.waiting import Waiting, register
from omkering.who.models import Person
from omkering.who.standing import Standing

NAMED = 5  # consultations that are named; the rest stands on the page of consultations
_RUNNING = (ConsultationState.OPEN, ConsultationState.CLOSED, ConsultationState.ANSWERED)


@register(of_bureau=True)
def points_without_an_answer(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: per consultation of this person how much has no answer, and the note that can be published; at
    most four queries.
    """
    own = Consultation.objects.filter(owner=person, state__in=_RUNNING).order_by("pk").only("title", "state")
    rows = list(own)
    points = points_of([row.pk for row in rows])
    waiting = [point for point in points if point.ended and point.answer is None]
    lacking = Counter(point.consultation for point in waiting)
    late_items = (
        set(
            Item.objects.filter(
                pk__in=[point.pk for point in waiting], due_at__lt=timezone.now()
            ).values_list("pk", flat=True)
        )
        if waiting
        else set()
    )
    late = {point.consultation for point in waiting if point.pk in late_items}
    full = {point.consultation for point in points}
    found = []
    for row in rows:
        if lacking[row.pk]:
            words = _("Points without an answer: %(title)s") % {"title": row.title}
            url = reverse("deliberate:unanswered", args=[row.pk])
            found.append(Waiting(words, lacking[row.pk], url, late=row.pk in late))
        elif row.state == ConsultationState.CLOSED and row.pk in full:
            words = _("The note of answer can be published: %(title)s") % {"title": row.title}
            url = reverse("deliberate:publish_note", args=[row.pk])
            found.append(Waiting(words, 1, url, counted=False))
    return found[:NAMED]
