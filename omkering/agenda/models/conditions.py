"""Conditions that a dossier asks of the state or another outside party, the answers, and whether they were met."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.agenda.models.dossiers import Dossier, DossierDocument
from omkering.thread.models import Item
from omkering.who.models import ContactRole, Organisation, Person


class ConditionKind(models.TextChoices):
    """What is asked."""

    LAW = "law", _("Law or rules")
    MONEY = "money", _("Money")
    DATA = "data", _("Data")
    CAPACITY = "capacity", _("People and capacity")
    EXPERIMENT = "experiment", _("Room for experiment")


class ConditionState(models.TextChoices):
    """How a condition stands with the party it is asked of."""

    DRAFT = "draft", _("Not asked yet")
    ASKED = "asked", _("No answer yet")
    AGREED = "agreed", _("Agreed")
    PARTLY = "partly", _("Partly agreed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@pghistory.track()
class Condition(Item):
    """What a dossier asks of one organisation. The title says it in a line, `exactly` in full.

    The signals that are the reason are upstream in the thread. The newest `ConditionAnswer` and `Fulfilment` hold;
    the columns here repeat them, and `answer` repeats the state of the item, so that the monitor reads one narrow
    index. Who may read the dossier may read its conditions.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()  # within the dossier
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="conditions")
    contact = models.ForeignKey(ContactRole, models.PROTECT, null=True, blank=True, related_name="+")
    condition_kind = models.CharField(max_length=12, choices=ConditionKind)
    answer = models.CharField(max_length=10, choices=ConditionState, default=ConditionState.DRAFT)
    exactly = models.TextField(_("what exactly"))
    why = models.TextField(_("why"))
    asked_on = models.DateField(null=True, blank=True)
    answer_due = models.DateField(null=True, blank=True)  # when the other party promised, or ought, to answer
    answered_on = models.DateField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True)  # when it will be there
    met = models.BooleanField(null=True)  # None: not known yet
    met_on = models.DateField(null=True, blank=True)
    owed_on = models.DateField(
        null=True, blank=True
    )  # by when the other party owes something now; see `promises`
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="agenda_condition_number")]
        indexes = [
            models.Index(
                fields=["organisation", "condition_kind"],
                include=["answer", "met", "owed_on", "dossier"],
                name="agenda_condition_counts",
            ),
            models.Index(
                fields=["owed_on"], condition=Q(owed_on__isnull=False), name="agenda_condition_owed"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ConditionAnswer(models.Model):
    """What the other party answered, with its evidence; the newest one holds."""

    condition = models.ForeignKey(Condition, models.PROTECT, related_name="answers_given")
    answer = models.CharField(max_length=10, choices=ConditionState)  # agreed, partly or refused
    text = models.TextField(_("the answer"))
    given_on = models.DateField()
    promised_on = models.DateField(null=True, blank=True)
    evidence_url = models.URLField(blank=True, max_length=500)
    document = models.ForeignKey(DossierDocument, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.condition_id} {self.answer}"


@pghistory.track()
class Fulfilment(models.Model):
    """Whether a promise was kept, with its evidence; the newest one holds."""

    condition = models.ForeignKey(Condition, models.PROTECT, related_name="fulfilments")
    met = models.BooleanField()
    text = models.TextField(_("what happened"))
    seen_on = models.DateField()
    evidence_url = models.URLField(blank=True, max_length=500)
    document = models.ForeignKey(DossierDocument, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.condition_id} {self.met}"
