"""Positions, who carries them, and the register of who speaks with whom about what."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.thread.models import Item
from omkering.who.models import Body, Member, Network, Organisation, Person


class PositionState(models.TextChoices):
    """The life of a position."""

    DRAFT = "draft", _("Being prepared")
    ACTIVE = "active", _("Holds")
    ENDED = "ended", _("No longer holds")


class PositionSource(models.TextChoices):
    """Who took the position."""

    ASSEMBLY = "assembly", _("Decision of the general assembly")
    BOARD = "board", _("Decision of the board")
    COMMITTEE = "committee", _("Decision of a committee")


@pghistory.track()
class Position(Item):
    """What the association says to somebody about something, and since when. Its summary is the position in one
    sentence."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_position"
    )
    text = models.TextField()
    messages = models.TextField(blank=True)  # what one says, in plain words, a line each
    figures = models.TextField(blank=True)  # with their sources
    source = models.CharField(max_length=10, choices=PositionSource)
    source_body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+")
    source_item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="+"
    )  # a decision here
    source_note = models.CharField(max_length=300, blank=True)  # one that is not here
    taken_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # the last day it holds, where that is known
    end_reason = models.TextField(blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="positions")
    sensitive = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class PositionAddressee(models.Model):
    """To whom a position is addressed."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="addressees")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["position", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="deliberate_addressee_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.position_id} {self.organisation_id}"


class StanceKind(models.TextChoices):
    """How a member or network stands to a position."""

    CARRIES = "carries", _("Carries it")
    REMARK = "remark", _("Carries it, with a remark")
    NEUTRAL = "neutral", _("Neutral")
    OTHER = "other", _("Takes another line")


class Stance(models.Model):
    """The stance of a member or network from a day on; a newer one ends it, and all of them stay."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="stances")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="stances")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="stances")
    kind = models.CharField(max_length=10, choices=StanceKind)
    remark = models.TextField(blank=True)
    red_line = models.TextField(blank=True)  # what must not happen, whatever comes of it
    differs = models.BooleanField(default=False)  # declares the right to weigh this itself
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["position", "member"],
                condition=Q(ended_at__isnull=True, member__isnull=False),
                name="deliberate_stance_member",
            ),
            models.UniqueConstraint(
                fields=["position", "network"],
                condition=Q(ended_at__isnull=True, network__isnull=False),
                name="deliberate_stance_network",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True, network__isnull=False)
                | Q(member__isnull=False, network__isnull=True),
                name="deliberate_stance_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} {self.kind}"


class ContactState(models.TextChoices):
    """The life of a contact."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Took place")
    CANCELLED = "cancelled", _("Did not take place")


@pghistory.track()
class Contact(Item):
    """Who speaks, when, with whom, about what, on whose behalf, and what came of it.

    Spoken on behalf of a member (`owner_member`), of a network, or of the association where both are empty. A sensitive
    one is read by those involved only.
    """

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_contact"
    )
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="lobby_contacts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="lobby_contacts")
    with_function = models.CharField(max_length=200, blank=True)  # a function there, never a person
    on = models.DateField()
    message = models.TextField()
    outcome = models.TextField(blank=True)
    sensitive = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["-on", "-item_ptr"], name="deliberate_contact_on")]

    def __str__(self) -> str:
        return self.title


class RelationKind(models.TextChoices):
    """How a message stands to a position, as its author says."""

    CARRIES = "carries", _("Carries it")
    ADDS = "adds", _("Adds to it")
    DEPARTS = "departs", _("Departs from it")


class Relation(models.Model):
    """What the author of a contact says about one position; ended, never removed."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="relations")
    position = models.ForeignKey(Position, models.PROTECT, related_name="relations")
    kind = models.CharField(max_length=10, choices=RelationKind)
    note = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "position"],
                condition=Q(ended_at__isnull=True),
                name="deliberate_relation_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.kind} {self.position_id}"


class AlignmentState(models.TextChoices):
    """How an alignment stands."""

    OPEN = "open", _("Talks are going on")
    ALIGNED = "aligned", _("The message was aligned with the position")
    JOINT = "joint", _("A joint text took its place")
    APART = "apart", _("An open difference, with reasons")


@pghistory.track()
class Alignment(Item):
    """Talks about a message that departs from a position; those involved were told. Ends in one of three ways."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_alignment"
    )
    relation = models.OneToOneField(Relation, models.PROTECT, related_name="alignment")
    text = models.TextField(blank=True)  # the aligned or joint text
    reason = models.TextField(blank=True)  # of an open difference, or of the agreement
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class Talk(models.Model):
    """What was said in an alignment, when, on behalf of whom."""

    alignment = models.ForeignKey(Alignment, models.PROTECT, related_name="talks")
    on = models.DateField()
    text = models.TextField()
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.alignment_id} {self.on}"
