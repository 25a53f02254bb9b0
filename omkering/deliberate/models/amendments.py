"""Amendments to a document: what they change, who stands behind them, and what came of them."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models.consultations import ConsultationRound
from omkering.deliberate.models.documents import Document, Paragraph, Version
from omkering.thread.models import Item
from omkering.who.models import Body, Member, Network, Person


class AmendmentState(models.TextChoices):
    """The life of an amendment."""

    DRAFT = "draft", _("Not handed in")
    SUBMITTED = "submitted", _("Handed in")
    HELD = "held", _("Held")
    REPLACED = "replaced", _("Replaced by another one")
    JOINED = "joined", _("Went up in a common one")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Rejected")
    FALLEN = "fallen", _("Fell, because another one was adopted")


LIVE = (AmendmentState.SUBMITTED, AmendmentState.HELD)


class Deed(models.TextChoices):
    """What an amendment does at its paragraph."""

    CHANGE = "change", _("Changes this text")
    ADD = "add", _("Adds a text after this one")
    DROP = "drop", _("Drops this text")


@pghistory.track()
class Amendment(Item):
    """Another text for one paragraph, proposed by a member (`owner_member`) or a network (`network`).

    `text` is the whole new text of the paragraph; for a text that is added, that text. `base` is what the paragraph
    said in `version`, when it was written: what the words are compared with.
    """

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_amendment"
    )
    document = models.ForeignKey(Document, models.PROTECT, related_name="amendments")
    in_round = models.ForeignKey(
        ConsultationRound, models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    paragraph = models.ForeignKey(Paragraph, models.PROTECT, related_name="amendments")
    written_on = models.ForeignKey(Version, models.PROTECT, related_name="+")
    deed = models.CharField(max_length=10, choices=Deed, default=Deed.CHANGE)
    number = models.PositiveIntegerField()  # 1, 2, 3 … in its document
    base = models.TextField(blank=True)
    text = models.TextField(blank=True)
    reason = models.TextField()
    consequences = models.TextField(blank=True)  # costs and what else it brings about
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="amendments")
    late = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # What came of it: when, in words, and where that was decided, if that is an item here.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.TextField(blank=True)
    settled_in = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(
        default=1
    )  # one more at each change, so that nobody overwrites unseen

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="deliberate_amendment_number"),
        ]
        indexes = [models.Index(fields=["paragraph"], name="deliberate_amendment_of")]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Backing(models.Model):
    """A member or network stands behind an amendment: as an author or co-signer; ended, never removed."""

    class Part(models.TextChoices):
        AUTHOR = "author", _("author")
        COSIGNS = "cosigns", _("co-signs")

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="backings")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    part = models.CharField(max_length=10, choices=Part)
    came_from = models.ForeignKey(
        Amendment, models.PROTECT, null=True, blank=True, related_name="+"
    )  # where it stood before that was replaced or went up in this one
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "member"],
                condition=Q(ended_at__isnull=True, member__isnull=False),
                name="deliberate_backing_member",
            ),
            models.UniqueConstraint(
                fields=["amendment", "network"],
                condition=Q(ended_at__isnull=True, network__isnull=False),
                name="deliberate_backing_network",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True, network__isnull=False)
                | Q(member__isnull=False, network__isnull=True),
                name="deliberate_backing_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id} {self.member_id or self.network_id}"


@pghistory.track()
class AmendmentAdvice(models.Model):
    """What the board or a committee advises on an amendment, with an alternative text where it has one."""

    class Kind(models.TextChoices):
        ADOPT = "adopt", _("Adopt")
        CHANGED = "changed", _("Adopt with a change")
        REJECT = "reject", _("Reject")
        HOLD = "hold", _("Hold")

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="advices")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField()
    alternative = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)  # when the body gave another one

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["amendment", "body"],
                condition=Q(ended_at__isnull=True),
                name="deliberate_advice_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amendment_id} {self.kind}"


@pghistory.track()
class CollisionTalk(models.Model):
    """Two amendments whose words exclude each other: somebody asked for talks, and how these ended."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("Talks are going on")
        COMMON = "common", _("A common text took their place")
        APART = "apart", _("They stay apart")

    first = models.ForeignKey(Amendment, models.PROTECT, related_name="+")
    second = models.ForeignKey(Amendment, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    note = models.TextField(blank=True)
    common = models.ForeignKey(Amendment, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(ended_at__isnull=True), name="deliberate_talk_once"
            ),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="deliberate_talk_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"
