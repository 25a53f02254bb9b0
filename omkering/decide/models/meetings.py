"""Meetings of bodies: agenda, papers, who is there and for whom, and who speaks."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omkering.thread.models import Item
from omkering.who.models import Member, Person


class MeetingForm(models.TextChoices):
    """Where members take part."""

    ON_SITE = "on_site", _("On site")
    HYBRID = "hybrid", _("On site and remote")
    REMOTE = "remote", _("Remote")
    CONSULTATION = "consultation", _("Remote, over days")  # a written consultation of the members


class MeetingState(models.TextChoices):
    """The life of a meeting."""

    PLANNED = "planned", _("Being prepared")
    CALLED = "called", _("Called")  # the agenda is out
    OPEN = "open", _("Going on")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


@pghistory.track()
class Meeting(Item):
    """A meeting of a body (`owner_body`). Rules and deadlines are as they stood when it was planned."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_meeting"
    )
    form = models.CharField(max_length=12, choices=MeetingForm, default=MeetingForm.ON_SITE)
    extra = models.BooleanField(default=False)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("address to join"), blank=True)
    reference_date = models.DateField(_("reference date"))  # of members and population
    rules = models.JSONField(default=dict)  # the meeting rules of the body, see `meeting_rules`
    # {"agenda": "2026-05-20T12:00:00+02:00", "amendments": …, "motions": …}: moments, computed backwards
    deadlines = models.JSONField(default=dict)
    called_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.TextField(blank=True)
    sequence = models.PositiveIntegerField(default=0)  # of the calendar file
    # --- while it goes on
    current = models.ForeignKey("AgendaItem", models.PROTECT, null=True, blank=True, related_name="+")
    on_screen = models.JSONField(
        default=dict
    )  # what the screen in the hall shows: {"show": "vote", "vote": 12}
    autopilot = models.BooleanField(default=False)
    speaking_seconds = models.PositiveIntegerField(default=180)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class AgendaKind(models.TextChoices):
    """What an item on the agenda is."""

    OPENING = "opening", _("Opening")
    MINUTES = "minutes", _("Minutes of an earlier meeting")
    INFORMATION = "information", _("For information")
    PROPOSAL = "proposal", _("Proposal")
    MOTION = "motion", _("Motion")
    AMENDMENT = "amendment", _("Amendment")
    ELECTION = "election", _("Election")
    SETTLING = "settling", _("Account of earlier motions")
    QUESTIONS = "questions", _("Any other business")
    CLOSING = "closing", _("Closing")


class AgendaState(models.TextChoices):
    """How far an item on the agenda is."""

    WAITING = "waiting", _("Still to come")
    NOW = "now", _("Now")
    DONE = "done", _("Done")
    HELD = "held", _("Held over")
    DROPPED = "dropped", _("Taken off the agenda")


@pghistory.track()
class AgendaItem(models.Model):
    """An item on the agenda of a meeting; its number follows from the order."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    position = models.PositiveIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    kind = models.CharField(max_length=12, choices=AgendaKind, default=AgendaKind.INFORMATION)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)  # what is asked of the body
    about = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="agenda_items")
    minutes = models.PositiveSmallIntegerField(default=10)  # planned
    state = models.CharField(max_length=10, choices=AgendaState, default=AgendaState.WAITING)
    added_late = models.BooleanField(default=False)  # after the agenda went out
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="decide_agenda_position",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Paper(models.Model):
    """A paper for a meeting: a file, a text, or an item that is here already. Sent later than the agenda: numbered."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="meeting_papers")
    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="papers")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)  # Markdown
    file = models.FileField(upload_to="papers/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="papers")
    order = models.PositiveIntegerField(default=0)
    late_number = models.PositiveSmallIntegerField(null=True, blank=True)  # of what was sent on later
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "late_number"],
                condition=Q(late_number__isnull=False),
                name="decide_paper_late_number",
            )
        ]
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def late_words(self) -> str:
        """What a paper that was sent on later is called, with its number; "" for one that was on time."""
        return gettext("Sent on later, %(number)s") % {"number": self.late_number} if self.late_number else ""


@pghistory.track()
class Interest(models.Model):
    """Somebody declares a conflict of interest at an item on the agenda; withdrawn, never removed."""

    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="interests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    declared_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agenda_item", "person"],
                condition=Q(withdrawn_at__isnull=True),
                name="decide_interest_once",
            )
        ]


class SpeechKind(models.TextChoices):
    """Why somebody asks to speak."""

    SPEAK = "speak", _("To speak")
    ORDER = "order", _("Point of order")  # goes first
    VISITOR = "visitor", _("As a visitor")  # the right of others to be heard


class SpeechState(models.TextChoices):
    """How far a request to speak is."""

    WAITING = "waiting", _("Waits")
    SPEAKING = "speaking", _("Speaks now")
    DONE = "done", _("Has spoken")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@pghistory.track()
class Speech(models.Model):
    """A request to speak, and the speech itself with its times."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="speeches")
    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="speeches"
    )
    kind = models.CharField(max_length=8, choices=SpeechKind, default=SpeechKind.SPEAK)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120, blank=True)  # of a visitor without an account
    side = models.CharField(max_length=8, blank=True)  # for, against: to show the balance
    subject = models.CharField(max_length=200, blank=True)
    order = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=180)  # the limit
    state = models.CharField(max_length=10, choices=SpeechState, default=SpeechState.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="speaking"), name="decide_one_speaker"
            ),
            models.UniqueConstraint(
                fields=["agenda_item", "member", "person", "kind"],
                condition=Q(state="waiting"),
                name="decide_speech_waits_once",
            ),
        ]
        ordering = ["order", "pk"]


class Presence(models.TextChoices):
    """How a member takes part."""

    ON_SITE = "on_site", _("On site")
    REMOTE = "remote", _("Remote")


@pghistory.track()
class Attendance(models.Model):
    """A stay at a meeting: of somebody for a member, or (in a body of people) of the holder of a seat."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="attendance")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendance")
    presence = models.CharField(max_length=8, choices=Presence)
    arrived_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member", "person"],
                condition=Q(left_at__isnull=True),
                nulls_distinct=False,
                name="decide_attendance_once",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at")),
                name="decide_attendance_period",
            ),
        ]
        indexes = [models.Index(fields=["meeting", "member"], name="decide_attendance_member")]


@pghistory.track()
class Proxy(models.Model):
    """A member lets another one vote in its name at a meeting, in writing, from–to; it ends when the member arrives."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="proxies")
    giver = models.ForeignKey(Member, models.PROTECT, related_name="proxies_given")
    holder = models.ForeignKey(Member, models.PROTECT, related_name="proxies_held")
    text = models.TextField()  # the proxy in writing, as signed by who gave it
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # withdrawn, or the giver arrived
    end_reason = models.CharField(max_length=12, blank=True)  # withdrawn, arrived

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "giver"],
                condition=Q(ended_at__isnull=True),
                name="decide_proxy_one_holder",
            ),
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="decide_proxy_to_another"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="decide_proxy_period"),
        ]


@pghistory.track()
class Delegate(models.Model):
    """Who votes for a member at a meeting, named by its college; with `votes` it is a part of the weight."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="delegates")
    member = models.ForeignKey(Member, models.PROTECT, related_name="delegates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    votes = models.PositiveIntegerField(null=True, blank=True)
    named_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member", "person"],
                condition=Q(ended_at__isnull=True),
                name="decide_delegate_once",
            )
        ]


class RequestState(models.TextChoices):
    """The life of a request for an extra meeting."""

    OPEN = "open", _("Gathers support")
    REACHED = "reached", _("Has enough support")
    CALLED = "called", _("Meeting called")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@pghistory.track()
class MeetingRequest(Item):
    """Members ask for an extra meeting of a body (`owner_body`); with a tenth of the votes it must be called."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_meeting_request"
    )
    reason = models.TextField()
    roll = models.JSONField(default=dict)  # {"reference_date", "votes", "required", "rule"} when it was made
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="requests")
    reached_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class RequestSupport(models.Model):
    """A member stands behind a request, with its weight on the reference date."""

    request = models.ForeignKey(MeetingRequest, models.PROTECT, related_name="supports")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    weight = models.PositiveIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "member"],
                condition=Q(withdrawn_at__isnull=True),
                name="decide_support_once",
            )
        ]


class LiveChange(models.Model):
    """Something changed that a client of a meeting must hear of; its key is what a client that comes back starts from.

    `about` names the part to read anew ("agenda", "speakers", "vote", "attendance", "screen", "papers"); `data` has
    ids and counts, never what was voted. Written in the transaction of the change, told by NOTIFY when it commits.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="changes")
    about = models.CharField(max_length=12)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["meeting", "id"], name="decide_livechange_since")]
