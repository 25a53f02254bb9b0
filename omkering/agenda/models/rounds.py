"""Priority rounds: what may be chosen, who chooses with which weight, the ballots, and what came of them."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.thread.models import Item
from omkering.who.models import Body, Member, Network, Person


class RoundState(models.TextChoices):
    """The life of a round."""

    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Electorate(models.TextChoices):
    """Who chooses."""

    MEMBERS = "members", _("All members")
    NETWORK = "network", _("A network or chapter")
    BODY = "body", _("A committee or other body")


class BallotKind(models.TextChoices):
    """What a ballot says."""

    APPROVAL = "approval", _("Tick what you want")
    POINTS = "points", _("Divide points")
    RANKING = "ranking", _("Put in order")


@pghistory.track()
class Round(Item):
    """A choice of at most `maximum` priorities; its rule and roll do not change once it is open, its result never."""

    maximum = models.PositiveSmallIntegerField(_("at most"))
    electorate = models.CharField(max_length=10, choices=Electorate, default=Electorate.MEMBERS)
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    electing_body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+")
    ballot_kind = models.CharField(max_length=10, choices=BallotKind, default=BallotKind.APPROVAL)
    points = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # each ballot's, where points are divided
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    reference_date = models.DateField(_("reference date"))
    weight_rule = models.JSONField(
        null=True, blank=True
    )  # as it stood when made; null: everyone counts as one
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
                    pgtrigger.Q(old__weight_rule__df=pgtrigger.F("new__weight_rule"))
                    | pgtrigger.Q(old__reference_date__df=pgtrigger.F("new__reference_date"))
                    | pgtrigger.Q(old__maximum__df=pgtrigger.F("new__maximum"))
                    | pgtrigger.Q(old__ballot_kind__df=pgtrigger.F("new__ballot_kind"))
                    | pgtrigger.Q(old__points__df=pgtrigger.F("new__points"))
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
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="agenda_round_period"),
            models.CheckConstraint(condition=Q(maximum__gte=1), name="agenda_round_maximum"),
            models.CheckConstraint(
                condition=Q(electorate="members", network__isnull=True, electing_body__isnull=True)
                | Q(electorate="network", network__isnull=False, electing_body__isnull=True)
                | Q(electorate="body", network__isnull=True, electing_body__isnull=False),
                name="agenda_round_electorate",
            ),
            models.CheckConstraint(
                condition=Q(ballot_kind="points", points__isnull=False)
                | (~Q(ballot_kind="points") & Q(points__isnull=True)),
                name="agenda_round_points",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def takes_ballots(self) -> bool:
        """Whether one can choose now; the command decides by the clock of the database."""
        return self.state == RoundState.OPEN and timezone.now() < self.closes_at


@pghistory.track()
class Candidate(models.Model):
    """An item that may be chosen in a round; withdrawn before opening, never removed."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="candidates")
    item = models.ForeignKey(Item, models.PROTECT, related_name="candidacies")
    position = models.PositiveSmallIntegerField(default=0)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.TextField(_("the reason"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "item"], condition=Q(withdrawn_at__isnull=True), name="agenda_candidate_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.item_id}"


class RoundLine(models.Model):
    """Who may choose, with the weight it has in this round; written once, at opening."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="roll")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")  # in a body
    inhabitants = models.PositiveIntegerField(default=0)
    weight = models.PositiveIntegerField()
    groups = models.JSONField(default=dict)  # {"province": ["PV20"], "network": ["g40"], "size_class": ["4"]}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member"], condition=Q(member__isnull=False), name="agenda_line_member"
            ),
            models.UniqueConstraint(
                fields=["round", "person"], condition=Q(person__isnull=False), name="agenda_line_person"
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=True, person__isnull=False)
                | Q(member__isnull=False, person__isnull=True),
                name="agenda_line_one",
            ),
        ]
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.round_id} {self.member_id or self.person_id}: {self.weight}"


@pghistory.track(exclude=["draft", "marks", "saved_at"])
class PriorityBallot(models.Model):
    """What one line of the roll chooses: saved as it is filled in, counted once it is handed in.

    Both hold candidate id (as text) → 1 for a tick, the points, or the place in the order (1 is first).
    `marks` holds, for each page it is filled in on, the number of the last change saved from there.
    """

    line = models.OneToOneField(RoundLine, models.PROTECT, related_name="ballot")
    draft = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)
    cast = models.JSONField(null=True, blank=True)
    # Who handed it in; until then who filled it in last.
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    cast_at = models.DateTimeField(null=True, blank=True)
    event_id = models.BigIntegerField(null=True, blank=True)  # the receipt of what was handed in last
    # Hashed with a person's ballot, so that the log does not give away which of the published ballots it is.
    salt = models.CharField(max_length=32, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.line_id}"


@pghistory.track()
class Departure(models.Model):
    """A body departs from the result of a round for one candidate, with a reason that everybody sees."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="departures")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="departures")
    takes_up = models.BooleanField()  # True: a priority though it was not chosen; False: none though it was
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    reason = models.TextField(_("the reason"))
    decided_on = models.DateField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["candidate"], name="agenda_departure_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.candidate_id}"
