"""Challenges, the couplings between them, conflicts of aims, and what hangs under a challenge."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.thread.models import Item, Theme
from omkering.who.models import Organisation, Person


class ChallengeState(models.TextChoices):
    """Whether the association works on it."""

    ACTIVE = "active", _("On the agenda")
    CLOSED = "closed", _("No longer on the agenda")


@pghistory.track()
class Challenge(Item):
    """A large matter of years (an "opgave"), under which signals, bundles and dossiers hang."""

    key = models.SlugField(max_length=60, unique=True)  # of the association folder, or made from the title
    # What is reported under this theme hangs under the challenge by itself. (`subject` is how events name an item.)
    main_theme = models.OneToOneField(
        Theme, models.PROTECT, null=True, blank=True, related_name="challenge", verbose_name=_("theme")
    )
    position = models.PositiveSmallIntegerField(default=0)
    state_reason = models.TextField(blank=True)  # why it was closed, or put back on the agenda
    version = models.PositiveIntegerField(
        default=1
    )  # one more at each change, so that nobody overwrites unseen

    def __str__(self) -> str:
        return self.title


class CouplingKind(models.TextChoices):
    """How one challenge works on another. All but the last hold both ways."""

    STRENGTHENS = "strengthens", _("strengthens")
    COMPETES_SPACE = "competes_space", _("competes for space with")
    COMPETES_STAFF = "competes_staff", _("competes for staff with")
    COMPETES_MONEY = "competes_money", _("competes for money with")
    NEEDS_FIRST = "needs_first", _("first needs")


@pghistory.track()
class Coupling(models.Model):
    """Two challenges hang together, with the reason in a sentence and where that is found."""

    first = models.ForeignKey(Challenge, models.PROTECT, related_name="couplings_out")
    second = models.ForeignKey(Challenge, models.PROTECT, related_name="couplings_in")
    kind = models.CharField(_("kind"), max_length=20, choices=CouplingKind)
    reason = models.TextField(_("why"))
    source = models.CharField(_("source"), max_length=300)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )  # null: the folder
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second", "kind"],
                condition=Q(ended_at__isnull=True),
                name="agenda_coupling_once",
            ),
            models.CheckConstraint(condition=~Q(first=F("second")), name="agenda_coupling_no_loop"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.kind} {self.second_id}"


class ConflictState(models.TextChoices):
    """Whether two aims still pull apart."""

    OPEN = "open", _("Not solved")
    SOLVED = "solved", _("Solved")


@pghistory.track()
class Conflict(Item):
    """A conflict of aims: two laws or departments pull apart, and members meet the effect in practice.

    The title names it, the summary tells what members meet. It hangs under challenges by `Placement`.
    """

    first_party = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    first_law = models.CharField(_("law or policy"), max_length=200)
    first_aim = models.TextField(_("what it wants"))
    second_party = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    second_law = models.CharField(_("the other law or policy"), max_length=200)
    second_aim = models.TextField(_("what that one wants"))
    source = models.CharField(_("source"), max_length=300)
    key = models.SlugField(max_length=60, blank=True)  # of the association folder; empty when made here
    resolution = models.TextField(blank=True)  # how it was solved
    version = models.PositiveIntegerField(default=1)  # as with challenges

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Placement(models.Model):
    """An item hangs under a challenge, beside what hangs there by its theme; ended, never removed."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="placements")
    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="hanging")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "challenge"], condition=Q(ended_at__isnull=True), name="agenda_placed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.challenge_id}"
