"""Consultations: what is asked, in which rounds, of whom, and what everybody put in."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models.documents import Document, Paragraph, Version
from omkering.thread.models import Item
from omkering.who.models import Body, Member, Network, Person


class ConsultationState(models.TextChoices):
    """The life of a consultation, and of a round of it."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    ANSWERED = "answered", _("Answered")  # the note of answer is there
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Public(models.TextChoices):
    """Who is asked."""

    EVERYONE = "everyone", _("Everyone")
    MEMBERS = "members", _("All members")
    NETWORK = "network", _("A network or chapter")
    BODY = "body", _("A committee or other body")


@pghistory.track()
class Consultation(Item):
    """Members are asked what they think of one document, or of one question."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_consultation"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="consultations"
    )  # the text that is asked about
    question = models.TextField(blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="consultations")
    answer_published_at = models.DateTimeField(null=True, blank=True)  # of the note of answer
    withdrawal_reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)  # one more at each change of the plan

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=False) | ~Q(question=""), name="deliberate_consultation_about"
            )
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ConsultationRound(models.Model):
    """A part of a consultation with its own dates, public and ways to take part; opens and closes by itself."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    public = models.CharField(max_length=10, choices=Public, default=Public.MEMBERS)
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    of_body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+")
    takes_reactions = models.BooleanField(default=True)
    takes_statements = models.BooleanField(default=False)
    takes_amendments = models.BooleanField(default=False)
    takes_views = models.BooleanField(default=False)
    asks_questions = models.BooleanField(default=False)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ConsultationState, default=ConsultationState.PLANNED)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    first_closes_at = models.DateTimeField(null=True, blank=True)  # as announced, where it was extended since
    extension_reason = models.TextField(blank=True)
    withdrawal_reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)  # one more at each change of the plan

    class Meta:
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="deliberate_round_number"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="deliberate_round_period"),
            models.CheckConstraint(
                condition=Q(public__in=["everyone", "members"], network__isnull=True, of_body__isnull=True)
                | Q(public="network", network__isnull=False, of_body__isnull=True)
                | Q(public="body", network__isnull=True, of_body__isnull=False),
                name="deliberate_round_public",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ContributionKind(models.TextChoices):
    """What somebody put in; the kinds of items that `Contribution` extends."""

    REACTION = "reaction", _("Reaction")  # somebody's own, on a paragraph or on the whole
    VIEW_POINT = "view_point", _("Point of a view")
    REPORT_POINT = "report_point", _("Point of a report")
    ADVICE = "chapter_advice", _("Advice of a chapter")


class ContributionState(models.TextChoices):
    """The life of a contribution."""

    DRAFT = "draft", _("Not handed in")
    SUBMITTED = "submitted", _("Handed in")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@pghistory.track()
class Contribution(Item):
    """A point that gets an answer. Its words stand in `Item.summary`'s full form, `text`; its title is the beginning.

    A reaction is a person's own; a point of a view is the member's; a point of a report the network's.
    """

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_contribution"
    )
    in_round = models.ForeignKey(ConsultationRound, models.PROTECT, related_name="contributions")
    paragraph = models.ForeignKey(
        Paragraph, models.PROTECT, null=True, blank=True, related_name="contributions"
    )
    view = models.ForeignKey("deliberate.View", models.PROTECT, null=True, blank=True, related_name="points")
    meeting = models.ForeignKey(
        "deliberate.Meeting", models.PROTECT, null=True, blank=True, related_name="points"
    )
    # Which member somebody worked for when they reacted, for counts by member: the words are not the member's.
    works_for = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    order = models.PositiveSmallIntegerField(default=0)
    withdrawal_reason = models.TextField(blank=True)  # where the bureau took it out
    late = models.BooleanField(default=False)  # handed in after closing

    class Meta:
        indexes = [models.Index(fields=["in_round", "paragraph"], name="deliberate_contribution_of")]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class View(Item):
    """The formal view of a member in a round: shared as a draft within the municipality, handed in once, by a mandated
    person, and changeable until closing. Its points are contributions, made from the draft when it is handed in."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_view"
    )
    in_round = models.ForeignKey(ConsultationRound, models.PROTECT, related_name="views")
    member = models.ForeignKey(Member, models.PROTECT, related_name="views")
    text = models.TextField(blank=True)  # what the member thinks of the whole, as handed in
    # What is being written: {"text", "points": [{"point": id or None, "paragraph": address or None, "text"}]}
    draft = models.JSONField(default=dict)
    drafted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    drafted_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    late = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)  # one more at each change of the draft

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["in_round", "member"], name="deliberate_view_once"),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Meeting(models.Model):
    """A chapter or network talks about it: when, where, what was said (its points), and what it advises."""

    in_round = models.ForeignKey(ConsultationRound, models.PROTECT, related_name="meetings")
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(blank=True, max_length=500)
    report = models.TextField(blank=True)
    advice = models.TextField(blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    draft = models.JSONField(default=dict)  # as of a view, with {"report", "advice"} for its text
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="deliberate_meeting_period"),
        ]

    def __str__(self) -> str:
        return f"{self.in_round_id} {self.network_id}"


class Question(models.Model):
    """A question in a round, answered on a scale from 1 to 5 or by a choice; fixed once the round is open."""

    class Kind(models.TextChoices):
        SCALE = "scale", _("A scale from 1 to 5")
        CHOICE = "choice", _("One of several answers")

    in_round = models.ForeignKey(ConsultationRound, models.PROTECT, related_name="questions")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=500)
    options = models.JSONField(default=list)  # of a choice, in words
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["in_round", "order"]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class Reply(models.Model):
    """A person's own answer to a question; the last one counts."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="replies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    value = models.PositiveSmallIntegerField()  # 1–5, or the number of the option from 0
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "person"], name="deliberate_reply_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.value}"


class AnswerKind(models.TextChoices):
    """What the association does with a contribution."""

    TAKEN_OVER = "taken_over", _("Taken over")
    PARTLY = "partly", _("Partly taken over")
    NOT = "not", _("Not taken over")


@pghistory.track()
class Answer(models.Model):
    """One answer of the note of answer, to one contribution or to several that say the same."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="given_answers")
    kind = models.CharField(max_length=12, choices=AnswerKind)
    reason = models.TextField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.kind}"


class Answered(models.Model):
    """An answer given to a contribution (also a statement or an amendment); replaced, never removed."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="given")
    item = models.ForeignKey(Item, models.PROTECT, related_name="answered_in")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(ended_at__isnull=True), name="deliberate_answered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.item_id}"
