"""Signals, who recognises them, what supports them, and the bundles they belong to."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.thread.models import Item, ItemQuerySet
from omkering.who.models import Body, Member, Person


class SignalState(models.TextChoices):
    """The life of a signal; the allowed steps stand in `rules.NEXT_STATES`."""

    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    BUNDLED = "bundled", _("Bundled")
    TAKEN_UP = "taken_up", _("Taken up")
    REFERRED = "referred", _("Referred")
    DECLINED = "declined", _("Declined")


class Draft(models.Model):
    """A report somebody is still writing; kept until it is handed in or thrown away.

    Once handed in it holds nothing but the signal it became, so that handing it in twice makes one signal.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="signal_drafts")
    data = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)
    signal = models.OneToOneField("Signal", models.CASCADE, null=True, blank=True, related_name="draft")

    def __str__(self) -> str:
        return f"{self.pk}"


@pghistory.track(exclude=["supporters"])
class Signal(Item):
    """What a member sees in practice: a concrete case, whom it touches, what would help."""

    case = models.TextField(_("what happens"))
    touches = models.TextField(_("where, and whom it touches"), blank=True)
    helps = models.TextField(_("what would help"), blank=True)
    # Why personal data stays in the text, in the sender's words; empty when none was found.
    personal_data_reason = models.TextField(blank=True)
    # Members that see this, its own included; kept by `commands.counts.recount`.
    supporters = models.PositiveIntegerField(default=0, db_index=True)

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Recognition(models.Model):
    """Another member sees this too, with its own case; stays with the signal through every bundle."""

    signal = models.ForeignKey(Signal, models.PROTECT, related_name="recognitions")
    member = models.ForeignKey(Member, models.PROTECT, related_name="recognitions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="recognitions")
    case = models.TextField(_("your own case"), blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    personal_data_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["signal", "member"],
                condition=Q(withdrawn_at__isnull=True),
                name="listen_recognised_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.signal_id}"


class Evidence(models.Model):
    """A link or a file that shows what a signal says."""

    signal = models.ForeignKey(Signal, models.PROTECT, null=True, related_name="evidence")
    draft = models.ForeignKey(Draft, models.CASCADE, null=True, related_name="evidence")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    url = models.URLField(blank=True, max_length=500)
    file = models.FileField(blank=True, upload_to="evidence/%Y/%m/")
    name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name or self.url


@pghistory.track()
class Bundle(Item):
    """Signals that belong together; which ones, the thread's links say (`bundled_in`)."""

    def __str__(self) -> str:
        return self.title


class Suggestion(models.Model):
    """Signals that seem to belong together, for an adviser to accept, change or dismiss."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DISMISSED = "dismissed", _("Dismissed")

    name = models.CharField(max_length=200)  # three words
    signals = models.ManyToManyField(Signal, related_name="suggestions")
    bundle = models.ForeignKey(Bundle, models.PROTECT, null=True, blank=True, related_name="suggestions")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    cohesion = models.PositiveSmallIntegerField(default=0)  # mean likeness, in percent
    created_at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Answer(models.Model):
    """What the bureau said to a signal or a bundle, with its reason; the newest one holds."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="answers")
    state = models.CharField(max_length=20)
    reason = models.TextField()
    # To whom it was referred: a body of the association, or somebody else in words.
    referred_body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+")
    referred_to = models.CharField(max_length=200, blank=True)
    personal_data_reason = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.item_id} {self.state}"

    @property
    def addressee(self) -> str:
        """To whom it was referred, in words."""
        return self.referred_body.name if self.referred_body else self.referred_to


@pghistory.track()
class Objection(models.Model):
    """The sender does not agree with the answer; once per signal, answered by another person."""

    signal = models.OneToOneField(Signal, models.PROTECT, related_name="objection")
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="objections")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField(_("why you disagree"))
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    personal_data_reason = models.TextField(blank=True)
    reply = models.TextField(blank=True)
    upheld = models.BooleanField(null=True)  # True: the sender is right, the signal is looked at again
    replied_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.signal_id}"


class BoardRow(models.Model):
    """What the board filters, sorts and counts by, in one narrow row a signal.

    A copy: triggers on the tables it comes from keep it (migration `board_triggers`), nothing else writes it.
    A narrow table keeps every filter and count quick, whatever texts the signals hold.
    """

    signal = models.OneToOneField(Signal, models.CASCADE, primary_key=True, related_name="board_row")
    state = models.CharField(max_length=30)
    visibility = models.CharField(max_length=10)
    audience_id = models.BigIntegerField(null=True)
    theme_id = models.BigIntegerField(null=True)
    owner_member_id = models.BigIntegerField(null=True)
    author_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    supporters = models.PositiveIntegerField()
    seen_by = ArrayField(models.BigIntegerField())  # members that sent or recognise it
    recognised_by = ArrayField(models.BigIntegerField())  # people
    bundled = models.BooleanField()  # in a bundle that lives

    objects = ItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-signal"], name="listen_board_newest"),
            models.Index(fields=["state", "-created_at", "-signal"], name="listen_board_state"),
            models.Index(fields=["theme_id", "-created_at", "-signal"], name="listen_board_theme"),
            models.Index(fields=["-supporters", "-signal"], name="listen_board_members"),
            models.Index(
                fields=["due_at", "signal"], condition=Q(answered_at__isnull=True), name="listen_board_due"
            ),
            models.Index(  # counted on each home page of the bureau, without a look at the rows
                fields=["state", "due_at"], condition=Q(answered_at__isnull=True), name="listen_board_owed"
            ),
            GinIndex(fields=["seen_by"], name="listen_board_seen_by"),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id}"
