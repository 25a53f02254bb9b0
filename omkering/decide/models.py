"""Proposals, votes on a frozen roll, and ballots."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.thread.models import Item
from omkering.who.models import Member, Person


class VoteState(models.TextChoices):
    """The life of a vote."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Choice(models.TextChoices):
    """What a ballot can say."""

    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")


class Outcome(models.TextChoices):
    """What a vote came to; the engine's own words."""

    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Rejected")
    TIE = "tie", _("Tie")
    NO_QUORUM = "no_quorum", _("Too few votes")


class ProposalState(models.TextChoices):
    """The life of a proposal: made, voted on, and then what the vote came to."""

    MADE = "made", _("No vote yet")
    VOTING = "voting", _("Being voted on")
    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Rejected")
    TIE = "tie", _("Tie")
    NO_QUORUM = "no_quorum", _("Too few votes")


@pghistory.track()
class Proposal(Item):
    """A text the members are asked to decide on; the thread says which item it follows from."""

    text = models.TextField(_("text of the proposal"))
    explanation = models.TextField(_("explanation"), blank=True)

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Vote(Item):
    """A vote on an item: its rule and its roll do not change once it is open, its result never."""

    about = models.ForeignKey(Item, models.PROTECT, related_name="votes")  # any item can be voted on
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    reference_date = models.DateField(_("reference date"))  # of members and population
    rule = models.JSONField()  # the rule as it stood when the vote was made; see `vote_rule`
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)  # the engine's result, with its trace

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="open_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__opened_at__isnull=False)
                & (
                    pgtrigger.Q(old__rule__df=pgtrigger.F("new__rule"))
                    | pgtrigger.Q(old__reference_date__df=pgtrigger.F("new__reference_date"))
                    | pgtrigger.Q(old__about_id__df=pgtrigger.F("new__about_id"))
                    | pgtrigger.Q(old__opened_at__df=pgtrigger.F("new__opened_at"))
                ),
            ),
            pgtrigger.Protect(
                name="result_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="decide_vote_period")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def takes_ballots(self) -> bool:
        """Whether members can vote now; the command decides by the clock of the database."""
        return self.state == VoteState.OPEN and timezone.now() < self.closes_at

    @property
    def outcome(self) -> Outcome | None:
        """What it came to; None while it is not closed."""
        return Outcome(self.result["outcome"]) if self.result else None


class RollEntry(models.Model):
    """A member that may vote, with the weight it has in this vote; written once, at opening."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="roll")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    inhabitants = models.PositiveIntegerField()
    weight = models.PositiveIntegerField()
    groups = models.JSONField(default=dict)  # {"province": ["PV20"], "network": ["G40"], "size_class": ["4"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "member"], name="decide_roll_once")]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.vote_id} {self.member_id}: {self.weight}"


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
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.vote_id} {self.member_id}: {self.choice}"
