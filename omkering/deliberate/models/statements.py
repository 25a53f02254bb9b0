"""Statements to agree or disagree with, the votes on them, and the opinion map."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models.consultations import ConsultationRound
from omkering.thread.models import Item
from omkering.who.models import Member, Person


class StatementState(models.TextChoices):
    """The life of a statement."""

    WAITING = "waiting", _("To be looked at")
    SHOWN = "shown", _("Shown")
    REFUSED = "refused", _("Not shown")
    ANSWERED = "answered", _("Answered")


SHOWN = (StatementState.SHOWN, StatementState.ANSWERED)  # that everybody in the round's public may read


@pghistory.track(exclude=["vote_count"])
class Statement(Item):
    """One sentence that others agree or disagree with."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_statement"
    )
    in_round = models.ForeignKey(ConsultationRound, models.PROTECT, related_name="statements")
    text = models.CharField(max_length=280)
    moderation_reason = models.TextField(blank=True)
    moderated_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    moderated_at = models.DateTimeField(null=True, blank=True)
    number = models.PositiveIntegerField()  # 1, 2, 3 … in its round
    # How many voted, as last counted in the background: what the order of voting goes by. No history is kept of it.
    vote_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["in_round", "number"], name="deliberate_statement_number"),
        ]

    def __str__(self) -> str:
        return self.text


class StatementVote(models.Model):
    """What somebody thinks of a statement; the last one counts. Which member they work for stands at the moment of
    voting, for the slices by network and size class."""

    class Value(models.IntegerChoices):
        AGREE = 1, _("Agree")
        PASS = 0, _("Pass")
        DISAGREE = -1, _("Disagree")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="opinions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    value = models.SmallIntegerField(choices=Value)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "person"], name="deliberate_statement_vote_once"),
            models.CheckConstraint(condition=Q(value__in=[-1, 0, 1]), name="deliberate_statement_vote_value"),
        ]
        indexes = [
            models.Index(fields=["person", "statement"], name="deliberate_vote_of"),
            models.Index(fields=["changed_at"], name="deliberate_vote_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.value}"


class OpinionRun(models.Model):
    """The opinion map of a round at a moment; the newest is shown, and its memory starts the next."""

    in_round = models.ForeignKey(ConsultationRound, models.PROTECT, related_name="opinion_runs")
    votes = models.PositiveIntegerField()  # how many votes it knew
    participants = models.PositiveIntegerField()
    result = models.JSONField()  # what pages show
    memory = models.JSONField(null=True, blank=True)  # the engine's, so that groups keep their names
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["in_round", "-created_at"], name="deliberate_opinion_newest")]

    def __str__(self) -> str:
        return f"{self.in_round_id} {self.created_at:%Y-%m-%d %H:%M}"
