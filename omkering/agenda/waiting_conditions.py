"""What waits for somebody in the conditions: what others owe in the dossiers that this person owns."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.agenda.models import Condition
from omkering.thread.waiting import Waiting, register
from omkering.who.models import Person
from omkering.who.standing import Standing


@register(of_bureau=True)
def late_in_own_dossiers(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: answers and promises past their day in the dossiers that this person owns; one query."""
    rows = Condition.objects.filter(
        dossier__owner=person, owed_on__isnull=False, owed_on__lt=timezone.localdate()
    )
    url = f"{reverse('agenda:conditions')}?late=on&mine=on"
    return [Waiting(_("Agreements in your dossiers that are late"), rows.count(), url, late=True)]
