"""The red thread: items, the links between them, and who follows what.

A room's own model extends `Item` one to one. A `Link` runs from what came first (upstream) to what came of
it (downstream), so that the way from a signal to a decision and back is one recursive query.
"""

from urllib.parse import urlencode

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from omkering.who.models import Body, Member, Named, Network, Person, in_language


class Theme(Named):
    """A subject under which items hang; from the association folder."""

    key = models.SlugField(max_length=60, unique=True)
    descriptions = models.JSONField(default=dict)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="themes")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "key"]

    @property
    def description(self) -> str:
        """What it is about, in the reader's language."""
        return in_language(self.descriptions)


class Visibility(models.TextChoices):
    """Who may read an item."""

    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("All members")
    NETWORK = "network", _("One network")
    BUREAU = "bureau", _("Only the bureau")


def _beside(standing, person_id: int | None) -> Q:
    """What somebody may read beside what everyone or every insider may: of networks, of members, and their own."""
    may = Q()
    if standing.is_insider:
        may |= Q(visibility=Visibility.NETWORK, audience_id__in=standing.reads_networks)
    if standing.networks:  # who speaks for a network reads what is kept between it and the bureau
        may |= Q(visibility=Visibility.BUREAU, audience_id__in=standing.networks)
    if standing.members:
        may |= Q(owner_member_id__in=standing.members)
    if person_id is not None:
        may |= Q(author_id=person_id)
    return may


class ItemQuerySet(models.QuerySet):
    """Items, and what of them somebody may see."""

    def visible_to(self, standing, person_id: int | None = None):
        """Those that a person with this standing may read; one's own and one's member's always."""
        if standing.is_bureau:
            return self
        may = Q(visibility=Visibility.PUBLIC)
        if standing.is_insider:
            may |= Q(visibility=Visibility.MEMBERS)
        return self.filter(may | _beside(standing, person_id))

    def visible_in_parts(self, standing, person_id: int | None = None) -> list:
        """The same in parts that share nothing, for counting: what everyone with such a standing may read, which
        an index of visibilities counts by itself, and the few that this one may read beside it.
        """
        if standing.is_bureau:
            return [self]
        shared = [Visibility.PUBLIC, Visibility.MEMBERS] if standing.is_insider else [Visibility.PUBLIC]
        parts = [self.filter(visibility__in=shared)]
        if beside := _beside(standing, person_id):
            parts.append(self.filter(beside).exclude(visibility__in=shared))
        return parts

    def debts(self, now=None):
        """Those past their answering term without an answer."""
        return self.filter(due_at__lt=now or timezone.now(), answered_at__isnull=True)


@pghistory.track(exclude=["search"])
class Item(models.Model):
    """Everything that has an author and a life: a signal, a bundle, a proposal, a vote …"""

    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)  # all other text a reader may search for
    state = models.CharField(max_length=30)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.MEMBERS)
    audience = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=5, default="nl")
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="items")
    owner_member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="items")
    owner_body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="items")
    author = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="items")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, blank=True)  # an answer is owed before this moment
    answered_at = models.DateTimeField(null=True, blank=True)
    example = models.BooleanField(default=False)  # written to show the product, and labelled so
    search = models.GeneratedField(
        expression=models.expressions.RawSQL(  # weights: title, summary, the rest
            "setweight(to_tsvector('public.nl', title), 'A') || "
            "setweight(to_tsvector('public.nl', summary), 'B') || "
            "setweight(to_tsvector('public.nl', body), 'C')",
            (),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="thread_item_search"),
            # The words of signals alone, which are more than half of all: a search on their board need not set aside
            # the rest, and finds the same ones of a word that is everywhere each time.
            GinIndex(fields=["search"], condition=Q(kind="signal"), name="thread_item_signals"),
            models.Index(fields=["kind", "state", "-created_at", "-id"], name="thread_item_board"),
            models.Index(fields=["kind", "-created_at", "-id"], name="thread_item_newest"),
            models.Index(fields=["-created_at", "-id"], name="thread_item_latest"),
            # With what says who may read it, so that counting by theme reads the index alone.
            models.Index(
                fields=["theme", "kind", "-created_at"],
                include=["id", "visibility", "audience", "owner_member", "author", "due_at", "answered_at"],
                name="thread_item_by_theme",
            ),
            models.Index(fields=["owner_member", "-created_at"], name="thread_item_member"),
            models.Index(fields=["author", "-created_at"], name="thread_item_author"),
            models.Index(
                fields=["kind", "owner_member"],
                include=["visibility", "audience", "author"],
                name="thread_item_counts",
            ),
            models.Index(fields=["due_at"], condition=Q(answered_at__isnull=True), name="thread_item_debts"),
            # How many hang under a challenge by its theme, of a hundred thousand: small enough to be counted whole.
            models.Index(
                fields=["theme", "visibility"],
                condition=~Q(kind__in=["challenge", "conflict"]),
                name="thread_item_hanging",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(visibility="network") | Q(audience__isnull=False),
                name="thread_item_audience",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """How events name this item."""
        return f"item:{self.pk}"


class LinkKind(models.TextChoices):
    """Why one item follows another; read from upstream to downstream."""

    BUNDLED_IN = "bundled_in", _("bundled in")
    RAISED_BY = "raised_by", _("led to")
    ANSWERS = "answers", _("answered by")
    PROPOSES = "proposes", _("led to the proposal")
    AMENDS = "amends", _("amended by")
    DECIDED_IN = "decided_in", _("decided in")
    ASKS = "asks", _("asked in")
    CARRIES_OUT = "carries_out", _("carried out by")
    ADOPTS = "adopts", _("adopted in")
    MEASURES = "measures", _("measured by")
    FOLLOWS_FROM = "follows_from", _("followed by")


@pghistory.track()
class Link(models.Model):
    """A directed edge between two items; ended, never removed, when it no longer holds."""

    upstream = models.ForeignKey(Item, models.PROTECT, related_name="downstream_links")
    downstream = models.ForeignKey(Item, models.PROTECT, related_name="upstream_links")
    kind = models.CharField(max_length=20, choices=LinkKind)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["upstream", "downstream", "kind"],
                condition=Q(ended_at__isnull=True),
                name="thread_link_once",
            ),
            models.CheckConstraint(condition=~Q(upstream=models.F("downstream")), name="thread_link_no_loop"),
        ]

    def __str__(self) -> str:
        return f"{self.upstream_id} {self.kind} {self.downstream_id}"


class SavedSearch(models.Model):
    """A search somebody keeps: the address of a list with its filters."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(max_length=30)  # the list it searches, for example "signal"
    query = models.JSONField(default=dict)  # the filters, as in the address
    secret = models.CharField(max_length=40, unique=True)  # for its feed
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    @property
    def query_string(self) -> str:
        """The filters as they stand in the address of the list."""
        return urlencode(self.query, doseq=True)


class Follow(models.Model):
    """Somebody wants to hear about an item, a theme or a saved search."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="follows")
    item = models.ForeignKey(Item, models.CASCADE, null=True, blank=True, related_name="follows")
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, blank=True, related_name="follows")
    search = models.ForeignKey(SavedSearch, models.CASCADE, null=True, blank=True, related_name="follows")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, theme__isnull=True, search__isnull=True)
                | Q(item__isnull=True, theme__isnull=False, search__isnull=True)
                | Q(item__isnull=True, theme__isnull=True, search__isnull=False),
                name="thread_follow_one",
            ),
            models.UniqueConstraint(fields=["person", "item"], name="thread_follow_item"),
            models.UniqueConstraint(fields=["person", "theme"], name="thread_follow_theme"),
            models.UniqueConstraint(fields=["person", "search"], name="thread_follow_search"),
        ]


class Notice(models.Model):
    """One piece of news for one person: a milestone of an item, and which of their own it follows from."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    item = models.ForeignKey(Item, models.CASCADE, related_name="notices")  # what happened to
    because = models.ForeignKey(
        Item, models.CASCADE, null=True, related_name="+"
    )  # what they put in or follow
    milestone = models.CharField(max_length=60)  # "signal.declined"
    news = models.CharField(max_length=100)  # the key of this news: nobody gets the same twice
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "news"], name="thread_notice_once")]
        indexes = [
            models.Index(fields=["person", "-id"], name="thread_notice_person"),
            models.Index(
                fields=["person"], condition=Q(mailed_at__isnull=True), name="thread_notice_unmailed"
            ),
        ]


class Meaning(models.Model):
    """The sentence vector of an item's text, for finding items that mean alike."""

    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="meaning")
    vector = HalfVectorField(dimensions=512)

    class Meta:
        indexes = [
            HnswIndex(
                fields=["vector"],
                name="thread_meaning_near",
                m=16,
                ef_construction=64,
                opclasses=["halfvec_ip_ops"],  # unit vectors: the inner product is the cosine
            )
        ]
