"""Dossiers: the case file of a concrete matter, its steps, documents, members and outside parties."""

from pathlib import PurePath

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.thread.models import Item
from omkering.who.models import Body, ContactRole, Member, Organisation, Person


class DossierState(models.TextChoices):
    """Whether the association works on it; where it stands is its step."""

    OPEN = "open", _("Under way")
    CLOSED = "closed", _("Closed")


@pghistory.track()
class Dossier(Item):
    """The case file of a concrete matter, in one of the association's models of co-operation.

    The summary says in three sentences what it is. `due_at` is the end of the term of the present step where
    the association or its members lead it: past it, the step is a debt.
    """

    # Named apart, because a condition is an item too and has a dossier.
    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_dossier"
    )
    model = models.CharField(max_length=40)  # keys of the association folder's co-operation models
    route = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    solution = models.TextField(_("the solution"), blank=True)
    asks = models.TextField(_("what is asked of whom now"), blank=True)
    result = models.TextField(_("what came of it"), blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="dossiers")
    version = models.PositiveIntegerField(
        default=1
    )  # one more at each change, so that nobody overwrites unseen

    class Meta:
        indexes = [
            models.Index(fields=["model", "route", "step"], name="agenda_dossier_step"),
            models.Index(fields=["owner"], name="agenda_dossier_owner"),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class DossierStep(models.Model):
    """One stay in a step: who leads it, who owns it, its term, and what was done. The newest one is the present."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()  # 1, 2, 3 … in the order of time
    model = models.CharField(max_length=40)
    route = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    owner_person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    owner_body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)  # what was done in the step before, in words
    reason = models.TextField(blank=True)  # why it went back, or to another model
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")  # who took the step
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="agenda_step_number"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(ended_at__isnull=True), name="agenda_step_present"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.number} {self.step}"


class DossierDocument(models.Model):
    """A link or a file in a dossier, with the step it belongs to; withdrawn, never removed."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="documents")
    step = models.ForeignKey(DossierStep, models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    url = models.URLField(blank=True, max_length=500)
    file = models.FileField(blank=True, upload_to="dossiers/%Y/%m/")
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def file_name(self) -> str:
        """The name under which its file is taken along: safe in any folder, with the extension of what it is."""
        extension = PurePath(self.file.name or "").suffix
        stem = "".join("-" if sign in '/\\:*?"<>|' else sign for sign in self.name).strip(" .")
        return stem if stem.lower().endswith(extension) else f"{stem or self.pk}{extension}"


@pghistory.track()
class Participation(models.Model):
    """A member takes part in a dossier; ended, never removed."""

    class Part(models.TextChoices):
        PILOT = "pilot", _("pilot")
        FOLLOWS = "follows", _("wants to join later")
        CARRIES_OUT = "carries_out", _("carries it out")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="participations")
    member = models.ForeignKey(Member, models.PROTECT, related_name="participations")
    part = models.CharField(max_length=12, choices=Part, default=Part.PILOT)
    what = models.TextField(_("what you do"), blank=True)
    under_way_since = models.DateField(null=True, blank=True)  # the pilot has begun in practice
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "member"], condition=Q(ended_at__isnull=True), name="agenda_member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.member_id}"


@pghistory.track()
class Party(models.Model):
    """An organisation outside the association that has a part in a dossier; ended, never removed."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    contact = models.ForeignKey(ContactRole, models.PROTECT, null=True, blank=True, related_name="+")
    part = models.CharField(_("part in the dossier"), max_length=200, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="agenda_party_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.organisation_id}"
