"""Proposals, votes on a frozen roll, and ballots."""

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.thread.models import Item
from omkering.who.models import Member, Person


class VoteState(models.TextChoices):
    """The life of a vote."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Choice(models.TextChoices):
    """What a ballot can say."""

    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")


@pghistory.track()
class Proposal(Item):
    """A text the members are asked to decide on; the thread says which item it follows from."""

    text = models.TextField(_("text of the proposal"))
    explanation = models.TextField(_("explanation"), blank=True)

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Vote(Item):
    """A vote on an item: its rule and its roll do not change once it is open."""

    about = models.ForeignKey(Item, models.PROTECT, related_name="votes")  # any item can be voted on
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    reference_date = models.DateField(_("reference date"))  # of members and population
    rule = models.JSONField()  # the rule as it stood when the vote was made, with its key, version and source
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)  # the engine's result, with its trace

    def __str__(self) -> str:
        return self.title


class RollEntry(models.Model):
    """A member that may vote, with the weight it has in this vote; written once, at opening."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="roll")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    inhabitants = models.PositiveIntegerField()
    weight = models.PositiveIntegerField()
    groups = models.JSONField(default=dict)  # {"province": ["Drenthe"], "network": ["G40"], "size_class": ["4"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "member"], name="decide_roll_once")]


@pghistory.track()
class Ballot(models.Model):
    """What a member votes; may change until the vote closes. The event is its receipt."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="ballots")
    member = models.ForeignKey(Member, models.PROTECT, related_name="ballots")
    choice = models.CharField(max_length=10, choices=Choice)
    person = models.ForeignKey(Person, models.PROTECT, related_name="ballots")
    cast_at = models.DateTimeField(default=timezone.now)
    event_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "member"], name="decide_ballot_once")]
