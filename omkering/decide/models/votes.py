"""Proposals, votes on a frozen roll, and ballots: open, at the desk, and secret."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.decide.models.meetings import AgendaItem, Meeting
from omkering.thread.models import Item
from omkering.who.models import Member, Person


class VoteState(models.TextChoices):
    """The life of a vote."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNDONE = "undone", _("Undone")  # opened by mistake or on a wrong roll; the one after it counts


class Choice(models.TextChoices):
    """What a ballot for or against can say."""

    FOR = "for", _("For")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")


class Outcome(models.TextChoices):
    """What a vote came to; the engine's own words."""

    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Rejected")
    TIE = "tie", _("Tie")
    NO_QUORUM = "no_quorum", _("Too few votes")
    ELECTED = "elected", _("Elected")


class ProposalState(models.TextChoices):
    """The life of a proposal: made, voted on, and then what the vote came to."""

    MADE = "made", _("No vote yet")
    VOTING = "voting", _("Being voted on")
    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Rejected")
    TIE = "tie", _("Tie")
    NO_QUORUM = "no_quorum", _("Too few votes")


class Way(models.TextChoices):
    """How a ballot came in."""

    SCREEN = "screen", _("By phone or computer")
    HAND = "hand", _("By show of hands, with the name")
    PAPER = "paper", _("On paper, with the name")


class Procedure(models.TextChoices):
    """How a vote is held."""

    BALLOTS = "ballots", _("By votes")
    ACCLAMATION = "acclamation", _("By acclamation")  # adopted unless somebody objects in time


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
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="votes_held")
    agenda_item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="votes")
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    reference_date = models.DateField(_("reference date"))  # of members and population
    rule = models.JSONField()  # the rule as it stood when the vote was made; see `vote_rule`
    procedure = models.CharField(max_length=12, choices=Procedure, default=Procedure.BALLOTS)
    secret = models.BooleanField(default=False)  # for persons: who voted is known, what was voted is not
    # The advice that is put to the vote in the place of the item itself ("hold", "reject" …); "" is the item.
    on_advice = models.CharField(max_length=12, blank=True)
    together = models.ForeignKey(  # the first of several that stand on one list and are voted on at once
        "self", models.PROTECT, null=True, blank=True, related_name="others_of_list"
    )
    replaces = models.ForeignKey(  # the vote that was undone, and for which this one comes in its place
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    ratifies = models.ForeignKey(  # an earlier remote vote that this one makes formal
        "self", models.PROTECT, null=True, blank=True, related_name="ratified_by"
    )
    roll_note = models.TextField(blank=True)  # why the roll was corrected, where it replaces another vote
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)  # in a meeting: until then it can be undone
    # What the chair decided where the votes were equal and the rule says so: "for", "against", or an option.
    chair_choice = models.CharField(max_length=10, blank=True)
    chair_person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.TextField(blank=True)
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
                    | pgtrigger.Q(old__secret__df=pgtrigger.F("new__secret"))
                    | pgtrigger.Q(old__procedure__df=pgtrigger.F("new__procedure"))
                    | pgtrigger.Q(old__opened_at__df=pgtrigger.F("new__opened_at"))
                ),
            ),
            pgtrigger.Protect(
                name="result_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__closed_at__isnull=False)
                & (
                    pgtrigger.Q(old__result__df=pgtrigger.F("new__result"))
                    | pgtrigger.Q(old__closed_at__df=pgtrigger.F("new__closed_at"))
                    | pgtrigger.Q(old__closes_at__df=pgtrigger.F("new__closes_at"))
                ),
            ),
            pgtrigger.Protect(  # what was announced is not undone
                name="announced_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__announced_at__isnull=False)
                & (
                    pgtrigger.Q(old__announced_at__df=pgtrigger.F("new__announced_at"))
                    | pgtrigger.Q(old__chair_choice__df=pgtrigger.F("new__chair_choice"))
                    | pgtrigger.Q(old__undone_at__df=pgtrigger.F("new__undone_at"))
                ),
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
        """What it came to, with what the chair decided on a tie; None while it is not closed."""
        if not self.result:
            return None
        if self.chair_choice:
            decided = {"for": Outcome.ADOPTED, "against": Outcome.REJECTED}
            return decided.get(self.chair_choice, Outcome.ELECTED)
        return Outcome(self.result["outcome"])

    @property
    def chosen(self) -> list[str]:
        """The options that are chosen, with the one that the chair chose on a tie."""
        elected = list((self.result or {}).get("elected", ()))
        by_chair = self.chair_choice not in ("", "for", "against")
        return [*elected, self.chair_choice] if by_chair else elected

    @property
    def is_known(self) -> bool:
        """Whether everybody may see the result: in a meeting once it is announced."""
        return self.state == VoteState.CLOSED and (self.meeting_id is None or self.announced_at is not None)

    @property
    def waits_for_chair(self) -> bool:
        """Whether the votes were equal and the chair must still decide, by the rule."""
        tied = self.state == VoteState.CLOSED and self.outcome == Outcome.TIE
        return tied and self.rule.get("tie") == "chair" and not self.chair_choice


class RollEntry(models.Model):
    """Who may vote: a member (or in a body of people the holder of a seat), with its weight; written once, at opening.

    `parts` divides the weight of a member over its delegates, as it stood at opening:
    `[{"part": 1, "person": id, "votes": 30}, …]`; empty: undivided.
    """

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="roll")
    voter = models.CharField(max_length=20)  # how ballots and exports name it: "GM0363", "seat-12"
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")  # of a seat
    inhabitants = models.PositiveIntegerField()
    weight = models.PositiveIntegerField()
    groups = models.JSONField(default=dict)  # {"province": ["PV20"], "network": ["G40"], "size_class": ["4"]}
    parts = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "voter"], name="decide_roll_once"),
            models.CheckConstraint(
                condition=Q(member__isnull=False, person__isnull=True)
                | Q(member__isnull=True, person__isnull=False),
                name="decide_roll_member_or_person",
            ),
        ]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.vote_id} {self.voter}: {self.weight}"

    @property
    def name(self) -> str:
        """For whom: the member, or the person on the seat."""
        return str(self.member or self.person)


@pghistory.track()
class Ballot(models.Model):
    """What a line of the roll votes in an open vote; may change until the vote closes. The event is its receipt.

    `part` 0 is the whole weight; from 1 on it is that part of a divided line. `choice` is as the engine writes it:
    "for", "A|C" (approval), "B>A=C" (ranking), "A:3|B:2" (points).
    """

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="ballots")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="ballots")
    part = models.PositiveSmallIntegerField(default=0)
    choice = models.TextField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="ballots")
    way = models.CharField(max_length=8, choices=Way, default=Way.SCREEN)
    # The member whose people cast it, where that is another one than the entry's: by proxy.
    by_proxy = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    cast_at = models.DateTimeField(default=timezone.now)
    event_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "part"], name="decide_ballot_once")]
        indexes = [models.Index(fields=["vote"], name="decide_ballot_vote")]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.vote_id} {self.entry_id}/{self.part}: {self.choice}"


class DeskBallot(models.Model):
    """A ballot by hand or on paper, entered by one person and confirmed by another (four eyes); counts from then on."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="desk_ballots")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="desk_ballots")
    part = models.PositiveSmallIntegerField(default=0)
    choice = models.TextField()
    way = models.CharField(max_length=8, choices=Way)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "part"],
                condition=Q(confirmed_at__isnull=True, refused_at__isnull=True),
                name="decide_desk_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="decide_desk_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vote_id} {self.entry_id}: {self.choice}"


# What a trigger does on the tables of a secret vote: after closing, or once it was undone, nothing changes in them.
CLOSED_STAYS = """
in_vote := (%s);
IF EXISTS (
    SELECT 1 FROM decide_vote v
    WHERE v.item_ptr_id = in_vote AND (v.closed_at IS NOT NULL OR v.undone_at IS NOT NULL)
) THEN
    RAISE EXCEPTION 'the box of a closed vote stays as it is';
END IF;
IF TG_OP = 'DELETE' THEN
    RETURN OLD;
END IF;
RETURN NEW;
"""


class SecretTurnout(models.Model):
    """Whether a line of the roll has voted in a secret vote: no time, no order, no link to what it voted.

    Rows are made when the vote opens, one for each line and part, so that neither a key nor the place in the
    table tells who came first. It is not tracked in the history of rows.
    """

    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="turnout")
    part = models.PositiveSmallIntegerField(default=0)
    voted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "part"], name="decide_turnout_once")]
        triggers = [
            pgtrigger.Trigger(
                name="closed_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("in_vote", "bigint")],
                func=CLOSED_STAYS
                % "SELECT vote_id FROM decide_rollentry WHERE id = coalesce(NEW.entry_id, OLD.entry_id)",
            ),
            pgtrigger.Protect(  # who has voted has voted
                name="voted_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__voted=True, new__voted=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.part}: {self.voted}"


class SecretBox(models.Model):
    """The box of a secret vote: how many ballots of one weight say one thing. A count: there are no ballots to tie."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="box")
    weight = models.PositiveIntegerField()
    choice = models.TextField()
    ballots = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "weight", "choice"], name="decide_box_once")]
        triggers = [
            pgtrigger.Trigger(
                name="closed_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("in_vote", "bigint")],
                func=CLOSED_STAYS % "SELECT coalesce(NEW.vote_id, OLD.vote_id)",
            )
        ]

    def __str__(self) -> str:
        return f"{self.vote_id} {self.weight} {self.choice}: {self.ballots}"


class Objection(models.Model):
    """Somebody objects to an acclamation within its window: then ballots are cast."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="objections")
    entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vote", "entry"], name="decide_objection_once")]

    def __str__(self) -> str:
        return f"{self.vote_id} {self.entry_id}"
