"""Seats of bodies and how they are filled: vacancies, candidates, recommendations, nominations."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from omkering.thread.models import Item
from omkering.who.models import Appointment, Body, Member, Network, Organisation, Period, Person


@pghistory.track()
class Seat(models.Model):
    """A seat in a body: for whom it is meant, and for how long one sits."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField()
    chair = models.BooleanField(default=False)
    profile = models.CharField(max_length=40, blank=True)  # a role of the association folder; "" is any
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)  # what is looked for
    term_months = models.PositiveSmallIntegerField(default=48)
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "number"], name="decide_seat_once")]
        ordering = ["body", "number"]

    def __str__(self) -> str:
        return f"{self.body_id}/{self.number}"


@pghistory.track()
class Term(Period):
    """Somebody sits on a seat, from–to; `resigns` is the day that the rota sets. The appointment carries the powers."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="terms")
    appointment = models.OneToOneField(Appointment, models.CASCADE, related_name="term")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # comes from
    resigns = models.DateField(null=True, blank=True)
    number = models.PositiveSmallIntegerField(default=1)  # first term, second …
    role = models.CharField(max_length=40, blank=True)  # held at that member when the term began
    party_kind = models.CharField(max_length=20, blank=True)  # as in `PartyKind`, for the composition

    class Meta(Period.Meta):
        indexes = [models.Index(fields=["seat", "starts"], name="decide_term_seat")]


class PartyKind(models.TextChoices):
    """The kind of party somebody is of; which party it is, is not kept."""

    LOCAL = "local", _("Local party")
    NATIONAL = "national", _("Branch of a national party")
    NONE = "none", _("No party")
    UNKNOWN = "unknown", _("Not known")


class NominationState(models.TextChoices):
    """The life of a nomination round."""

    PLANNED = "planned", _("Being prepared")
    OPEN = "open", _("Candidates can come forward")
    WEIGHING = "weighing", _("The nominations are being made")
    NOMINATED = (
        "nominated",
        _("Nominations made"),
    )  # others can put up counter-candidates until `counter_until`
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@pghistory.track()
class NominationRound(Item):
    """Seats of a body (`owner_body`) are filled. Candidates come until `closes_at`, others until `counter_until`."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_nomination_round"
    )
    nominating_body = models.ForeignKey(Body, models.PROTECT, related_name="+")  # alone sees the candidates
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    counter_until = models.DateTimeField(null=True, blank=True)
    starts = models.DateField()  # first day of the terms
    profile_note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class VacancyState(models.TextChoices):
    """The life of a vacancy."""

    OPEN = "open", _("To be filled")
    VOTING = "voting", _("Being elected")
    FILLED = "filled", _("Filled")
    NOT_FILLED = "not_filled", _("Not filled")


class Vacancy(Item):
    """A seat to fill in a round; it is what the members vote on. Its texts never name a candidate."""

    item_ptr = models.OneToOneField(
        Item, models.CASCADE, parent_link=True, primary_key=True, related_name="as_vacancy"
    )
    nomination = models.ForeignKey(NominationRound, models.PROTECT, related_name="vacancies")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="vacancies")
    term = models.OneToOneField(Term, models.SET_NULL, null=True, blank=True, related_name="came_from")
    acclaimed_in = models.ForeignKey(
        "decide.Meeting", models.PROTECT, null=True, blank=True, related_name="acclaimed"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # Why nobody is nominated, or why the seat stays empty.
    open_reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nomination", "seat"], name="decide_vacancy_once")]


class CandidacyState(models.TextChoices):
    """The life of a candidacy."""

    PUT_FORWARD = "put_forward", _("Put forward")
    NOMINATED = "nominated", _("Nominated")
    NOT_NOMINATED = "not_nominated", _("Not nominated")
    ASKED = "asked", _("Asked to stand")  # by a member; nobody else knows until the answer is yes
    COUNTER = "counter", _("Counter-candidate")
    APPOINTED = "appointed", _("Appointed")
    NOT_APPOINTED = "not_appointed", _("Not appointed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Candidacy(models.Model):
    """Somebody stands for a seat. Known to the nominating body, and to all members from the nomination on.

    Without a history of rows: of who was not appointed all of it must be able to go (see `personal_data.bodies`).
    """

    vacancy = models.ForeignKey(Vacancy, models.PROTECT, related_name="standing_candidates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="candidacies")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")  # comes from
    role = models.CharField(max_length=40)  # held at that member
    party_kind = models.CharField(max_length=20, choices=PartyKind, default=PartyKind.UNKNOWN)
    motivation = models.TextField()
    state = models.CharField(max_length=14, choices=CandidacyState, default=CandidacyState.PUT_FORWARD)
    reason = models.TextField(blank=True)  # why nominated, or why not
    put_up_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")  # counter
    at = models.DateTimeField(default=timezone.now)
    nominated_at = models.DateTimeField(null=True, blank=True)  # an observer from then on
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vacancy", "person"],
                condition=~Q(state="withdrawn"),
                name="decide_candidacy_once",
            ),
            models.UniqueConstraint(  # one nomination for each seat
                fields=["vacancy"], condition=Q(state="nominated"), name="decide_nomination_one"
            ),
        ]

    @property
    def answered(self) -> bool:
        """Whether the nominations are out, so that the candidate may read the answer."""
        return self.vacancy.nomination.state in (NominationState.NOMINATED, NominationState.DECIDED)

    @property
    def shown_state(self) -> str:
        """The state as the candidate may know it: no nomination before they are out."""
        hidden = self.state == CandidacyState.NOMINATED and not self.answered
        return CandidacyState.PUT_FORWARD if hidden else self.state

    @property
    def shown_reason(self) -> str:
        """The reason as the candidate may know it."""
        return self.reason if self.answered else ""


class Recommendation(models.Model):
    """A chapter, network or professional association recommends a candidate.

    A candidate asks its networks; only then does their secretary know of the candidacy. Of an association outside,
    the bureau records what it sent.
    """

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="recommendations")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")  # who gave it
    asked_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(network__isnull=False, organisation__isnull=True)
                | Q(network__isnull=True, organisation__isnull=False),
                name="decide_recommendation_by_one",
            ),
            models.UniqueConstraint(
                fields=["candidacy", "network"],
                condition=Q(network__isnull=False, withdrawn_at__isnull=True),
                name="decide_recommendation_network",
            ),
            models.UniqueConstraint(
                fields=["candidacy", "organisation"],
                condition=Q(organisation__isnull=False, withdrawn_at__isnull=True),
                name="decide_recommendation_party",
            ),
        ]
