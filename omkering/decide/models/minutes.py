"""The minutes of a meeting: they write themselves while it runs, are edited, and are adopted in a later one."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.decide.models.meetings import AgendaItem, Meeting
from omkering.thread.models import Item
from omkering.who.models import Person


class MinutesState(models.TextChoices):
    """The life of minutes."""

    DRAFT = "draft", _("Being written")
    PROPOSED = "proposed", _("Laid before the body")
    ADOPTED = "adopted", _("Adopted")


@pghistory.track()
class Minutes(Item):
    """The minutes of one meeting. What was decided is read from the votes themselves; the text around it is edited."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_minutes"
    )
    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="written_minutes")
    adopted_in = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="minutes_adopted"
    )
    adopted_at = models.DateTimeField(null=True, blank=True)
    frozen = models.JSONField(null=True, blank=True)  # the whole as adopted; see `minutes.document`
    version = models.PositiveIntegerField(default=1)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="adopted_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__frozen__isnull=False)
                & (
                    pgtrigger.Q(old__frozen__df=pgtrigger.F("new__frozen"))
                    | pgtrigger.Q(old__adopted_at__df=pgtrigger.F("new__adopted_at"))
                    | pgtrigger.Q(old__adopted_in_id__df=pgtrigger.F("new__adopted_in_id"))
                ),
            )
        ]


@pghistory.track()
class MinutesNote(models.Model):
    """What the minute taker writes at an item on the agenda, or beside one thing that wrote itself.

    `source` names that thing ("speech:12", "vote:88", "undertaking:4"); "" is a paragraph of its own.
    """

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="notes")
    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="notes")
    source = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "source"],
                condition=Q(removed_at__isnull=True) & ~Q(source=""),
                name="decide_note_once",
            )
        ]
        ordering = ["order", "pk"]
