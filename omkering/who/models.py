"""Members and their history, networks, bodies, and the people who act for them.

Every lifetime is half-open: `starts` is the first day, `ends` the first day no more (None: still going on).
"""

from datetime import date
from typing import ClassVar

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class PeriodQuerySet(models.QuerySet):
    """Rows with a lifetime."""

    def on(self, day: date):
        """Those that hold on `day`."""
        return self.filter(Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day)))


class Period(models.Model):
    """A lifetime."""

    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")),
                name="%(app_label)s_%(class)s_period",
            )
        ]

    def holds_on(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return self.starts <= day and (self.ends is None or self.ends > day)


class Named(models.Model):
    """Something with a name in each language of the association."""

    names = models.JSONField(default=dict)  # {"nl": …, "en": …}; the first is the main language's

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language, else in the association's main language."""
        return in_language(self.names)


def in_language(texts: dict[str, str]) -> str:
    """One of the texts per language: the active one's, else the first."""
    language = (get_language() or "").split("-")[0]
    return texts.get(language) or next(iter(texts.values()), "")


@pghistory.track()
class Member(Period):
    """A member of the association (a municipality), by its code, with its lifetime and successor."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=120, db_index=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    tile_column = models.SmallIntegerField(null=True, blank=True)
    tile_row = models.SmallIntegerField(null=True, blank=True)

    class Meta(Period.Meta):
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


class Population(models.Model):
    """Inhabitants of a member on a reference date."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="populations")
    day = models.DateField()
    inhabitants = models.PositiveIntegerField()
    source = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "day"], name="who_population_once")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.day}: {self.inhabitants}"


class Division(Named):
    """A part of a division of the country (a province, a safety region …)."""

    kind = models.CharField(max_length=40)
    code = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="who_division_once")]
        ordering = ["kind", "code"]


class DivisionMembership(Period):
    """A member lies in a part of a division, from–to."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="division_memberships")
    division = models.ForeignKey(Division, models.CASCADE, related_name="memberships")


class Boundary(models.Model):
    """The real outline of a member, loaded by an administrator; the map then shows shapes for tiles."""

    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="boundary")
    polygons = models.JSONField()  # polygons → rings → [longitude, latitude]
    source = models.CharField(max_length=200)


class Neighbour(models.Model):
    """Two members share a border (stored both ways)."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="neighbour_links")
    other = models.ForeignKey(Member, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "other"], name="who_neighbour_once")]


class Network(Named):
    """Members that work together: by size, by province (a chapter), or on a theme."""

    key = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)  # size, chapter, theme
    complete = models.BooleanField(default=True)
    as_of = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=200, blank=True)
    notes = models.JSONField(default=dict)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "key"]

    @property
    def note(self) -> str:
        """What to know of the list, in the reader's language."""
        return in_language(self.notes)


@pghistory.track()
class NetworkMembership(Period):
    """A member takes part in a network, from–to."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="network_memberships")
    network = models.ForeignKey(Network, models.CASCADE, related_name="memberships")
    source = models.CharField(max_length=200, blank=True)


class Body(Named):
    """A body of the association: general assembly, board, committee, college."""

    key = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=30)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "bodies"
        ordering = ["order", "key"]


class OrganisationKind(models.TextChoices):
    """What a party outside the association is; the words of `association.records.ORGANISATION_KINDS`."""

    MINISTRY = "ministry", _("Ministry")
    PROVINCE = "province", _("Province")
    WATER_BOARD = "water_board", _("Water board")
    EU = "eu", _("European Union")
    COMPANY = "company", _("Company")
    CIVIL_SOCIETY = "civil_society", _("Civil society organisation")
    GOVERNMENT = "government", _("Other government")


@pghistory.track()
class Organisation(Named):
    """A party outside the association; from the association folder, or added here. It is retired, never deleted."""

    key = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True)
    website = models.URLField(_("website"), blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)  # added or changed here: the folder keeps off
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["key"]


@pghistory.track()
class ContactRole(Named):
    """A function at an organisation that one speaks to; never a person, and the mail address is the function's."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="contacts")
    key = models.SlugField(max_length=60)
    email = models.EmailField(_("e-mail address of the function"), blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)  # as with organisations

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="who_contact_role_once")]
        ordering = ["organisation", "key"]


class PersonManager(BaseUserManager["Person"]):
    """Makes accounts; the e-mail address is the log-in name."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, email: str | None) -> "Person":
        return self.get(email__iexact=email)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account. What a person may do follows from appointments and mandates alone."""

    class Digest(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")
        NEVER = "never", _("No mail")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, default="nl")
    digest = models.CharField(_("mail about news"), max_length=10, choices=Digest, default=Digest.DAILY)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)  # made unrecognisable; nothing brings that back

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


@pghistory.track()
class Appointment(Period):
    """A person holds a role at a member, a network, a body, or the association itself, from–to."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40)  # a role of the association folder
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="appointments")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="appointments")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="appointments")

    class Meta(Period.Meta):
        indexes = [models.Index(fields=["person"], name="who_appointment_person")]


@pghistory.track()
class Mandate(Period):
    """A member lets a person do something in its name (`vote`), from–to."""

    class Scope(models.TextChoices):
        VOTE = "vote", _("vote")

    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    member = models.ForeignKey(Member, models.PROTECT, related_name="mandates")
    scope = models.CharField(max_length=20, choices=Scope, default=Scope.VOTE)

    class Meta(Period.Meta):
        indexes = [models.Index(fields=["member", "scope"], name="who_mandate_member")]
