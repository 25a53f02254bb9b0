"""Motions from draft to settled, and undertakings; what follows on an adopted text is the same for both."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.decide.models.meetings import AgendaItem, Meeting
from omkering.thread.models import Item
from omkering.who.models import Body, Member, Network, Person


class MotionState(models.TextChoices):
    """The life of a motion, and of a part of one."""

    DRAFT = "draft", _("Draft")
    FILED = "filed", _("Filed")
    NOT_ADMITTED = "not_admitted", _("Not admitted")
    VOTING = "voting", _("Being voted on")
    ADOPTED = "adopted", _("Adopted")
    TAKEN_OVER = "taken_over", _("Taken over by the board")
    REJECTED = "rejected", _("Rejected")
    HELD = "held", _("Held over")
    SPLIT = "split", _("Split in parts")  # each part has a fate of its own
    MERGED = "merged", _("Merged into another")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SETTLED = "settled", _("Settled")


class Admission(models.TextChoices):
    """Whether a motion may be dealt with."""

    ON_TIME = "on_time", _("Filed on time")
    ASKED = "asked", _("Late: the body decides")  # the urgency test waits
    URGENT = "urgent", _("Late, admitted as urgent")
    REFUSED = "refused", _("Late, not admitted")


@pghistory.track()
class Motion(Item):
    """A motion in its usual form. It is filed by a member (`owner_member`) or a network (`network`)."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_motion"
    )
    number = models.PositiveIntegerField(null=True, blank=True)  # given at filing, in the year
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="motions")
    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="motions")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="motions")
    noting = models.TextField(blank=True)  # Constaterende dat
    considering = models.TextField(blank=True)  # Overwegende dat
    requests = models.TextField(blank=True)  # Verzoekt; a line for each request
    admission = models.CharField(max_length=10, choices=Admission, blank=True)
    urgency_current = models.TextField(blank=True)  # why it is of now
    urgency_earlier = models.TextField(blank=True)  # why it could not come earlier
    urgency_question = models.ForeignKey(  # the proposal by which the body votes on whether it is admitted
        Item, models.PROTECT, null=True, blank=True, related_name="urgency_of"
    )
    filed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    part_number = models.PositiveSmallIntegerField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"],
                condition=Q(number__isnull=False, part_of__isnull=True),
                name="decide_motion_number",
            )
        ]

    def __str__(self) -> str:
        return self.title


class MotionStep(models.Model):
    """A step in the life of a motion: the state it came in, why, and by which vote; added, never changed."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, choices=MotionState)
    reason = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    caused_by = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]


class MotionText(models.Model):
    """A text of a motion as it was; a vote is on one of them."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    noting = models.TextField(blank=True)
    considering = models.TextField(blank=True)
    requests = models.TextField()
    reason = models.TextField(blank=True)  # why it was changed
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["motion", "number"], name="decide_motion_text_once")]
        ordering = ["number"]


@pghistory.track()
class Signature(models.Model):
    """A member or network stands under a motion; withdrawn, never removed. `came_from`: signed before a merger."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="signatures")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    filer = models.BooleanField(default=False)
    came_from = models.ForeignKey(Motion, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "member"],
                condition=Q(withdrawn_at__isnull=True, member__isnull=False),
                name="decide_signature_member",
            ),
            models.UniqueConstraint(
                fields=["motion", "network"],
                condition=Q(withdrawn_at__isnull=True, network__isnull=False),
                name="decide_signature_network",
            ),
        ]


class AdviceKind(models.TextChoices):
    """What the board advises on a motion or another item."""

    ADOPT = "adopt", _("Adopt it")
    TAKE_OVER = "take_over", _("The board takes it over")
    REJECT = "reject", _("Reject it")
    HOLD = "hold", _("Hold it over")


@pghistory.track()
class Advice(models.Model):
    """The advice of a body on an item; a newer one ends it, and both stay."""

    about = models.ForeignKey(Item, models.PROTECT, related_name="advice_given")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AdviceKind)
    reason = models.TextField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "body"], condition=Q(ended_at__isnull=True), name="decide_advice_once"
            )
        ]


@pghistory.track()
class MotionTalk(models.Model):
    """Those who filed two motions talk about going together."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="talks")
    other = models.ForeignKey(Motion, models.PROTECT, related_name="talks_of_others")
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    common = (
        models.ForeignKey(  # what is proposed to take the place of both: a draft until the other side agrees
            Motion, models.PROTECT, null=True, blank=True, related_name="+"
        )
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "other"], condition=Q(ended_at__isnull=True), name="decide_talk_once"
            )
        ]


class TalkMessage(models.Model):
    """A word in such a talk."""

    talk = models.ForeignKey(MotionTalk, models.PROTECT, related_name="messages")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)


class UndertakingState(models.TextChoices):
    """The life of an undertaking."""

    OPEN = "open", _("Made")
    SETTLED = "settled", _("Settled")
    WITHDRAWN = "withdrawn", _("Recorded by mistake")


@pghistory.track()
class Undertaking(Item):
    """Something promised in a meeting (toezegging), by a body (`owner_body`), to be told of by `due_at`."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_undertaking"
    )
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="undertakings")
    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="undertakings"
    )
    asked_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Execution(models.Model):
    """Who carries out an adopted motion or an undertaking, how, and by when; a newer plan ends it."""

    about = models.ForeignKey(Item, models.PROTECT, related_name="executions")
    owner_body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    plan = models.TextField()
    due = models.DateField(null=True, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about"], condition=Q(ended_at__isnull=True), name="decide_execution_one"
            )
        ]


class Report(models.Model):
    """What was done for an adopted motion or an undertaking; added, never changed."""

    about = models.ForeignKey(Item, models.PROTECT, related_name="reports")
    text = models.TextField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)


class SettlementState(models.TextChoices):
    """How far the settling of a motion or undertaking is."""

    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("The filer agrees")
    OBJECTED = "objected", _("The filer objects")
    SETTLED = "settled", _("Settled")
    REFUSED = "refused", _("Not settled")


@pghistory.track()
class Settlement(models.Model):
    """A motion or undertaking is proposed as settled, with an account; the filer is heard, the assembly decides."""

    about = models.ForeignKey(Item, models.PROTECT, related_name="settlements")
    account = models.TextField()
    state = models.CharField(max_length=10, choices=SettlementState, default=SettlementState.PROPOSED)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    heard_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    heard_at = models.DateTimeField(null=True, blank=True)
    objection = models.TextField(blank=True)
    decided_in = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="settlements_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about"],
                condition=Q(state__in=["proposed", "agreed", "objected"]),
                name="decide_settlement_one",
            )
        ]
