"""Reading consultations and rounds: lists, one page, what somebody can do in a round; fixed numbers of queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.formal_views import has_changes, may_be_written
from omkering.deliberate.document_words import table_words
from omkering.deliberate.models import (
    Block,
    BlockKind,
    Consultation,
    ConsultationRound,
    ConsultationState,
    Contribution,
    ContributionState,
    Meeting,
    Paragraph,
    Public,
    View,
)
from omkering.deliberate.publics import rounds_asking
from omkering.deliberate.queries.consultation_response import asked_members
from omkering.deliberate.rules_consultations import writes_for
from omkering.thread.models import Item
from omkering.thread.search import search_query
from omkering.who.models import Member
from omkering.who.standing import standing_of

SHOWN = (ContributionState.SUBMITTED, ContributionState.ANSWERED)
BEGINNING = 60  # characters of a paragraph in a list to choose from


# --- lists -----------------------------------------------------------------------------------------------
def visible_consultations(person: Any) -> QuerySet[Consultation]:
    """The consultations that somebody may know of."""
    return Consultation.objects.visible_to(standing_of(person), getattr(person, "pk", None))


def listed_consultations(person: Any, text: str = "") -> QuerySet[Consultation]:
    """The consultations for a list, each with its number of rounds and when the next open one closes."""
    rows, query = visible_consultations(person), search_query(text)
    if text and query is None:
        return rows.none()
    if query is not None:
        rows = rows.filter(search=query)
    live = ~Q(rounds__state=ConsultationState.WITHDRAWN)
    rows = rows.annotate(
        rounds_count=Count("rounds", filter=live, distinct=True),
        closes_next=Min("rounds__closes_at", filter=Q(rounds__state=ConsultationState.OPEN)),
        opens_next=Min("rounds__opens_at", filter=Q(rounds__state=ConsultationState.PLANNED)),
    )
    listed = ("title", "summary", "state", "example", "created_at", "answer_published_at", "document__title")
    return rows.select_related("document").only(*listed)


def bare_rounds(person: Any) -> QuerySet[ConsultationRound]:
    """The rounds of consultations that somebody may know of, and nothing else."""
    readable = Item.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    return ConsultationRound.objects.filter(consultation__in=readable.filter(kind="consultation"))


def visible_rounds(person: Any) -> QuerySet[ConsultationRound]:
    """The rounds of consultations that somebody may know of, with what stands around them."""
    rows = bare_rounds(person).select_related(
        "consultation__document", "consultation__version", "consultation__theme", "network", "of_body"
    )
    return rows.defer(
        "consultation__search", "consultation__document__body", "consultation__document__search"
    )


def open_rounds_for(person: Any) -> QuerySet[ConsultationRound]:
    """The rounds that are open now and ask this person, the one that closes first in front."""
    rows = visible_rounds(person).filter(rounds_asking(person))
    rows = rows.filter(state=ConsultationState.OPEN, closes_at__gt=timezone.now())
    return rows.order_by("closes_at", "pk")


def rounds_of(consultation: Consultation) -> list[ConsultationRound]:
    """The rounds of a consultation in their order; one query."""
    rows = consultation.rounds.select_related("network", "of_body")
    return list(rows.order_by("opens_at", "number"))


def public_in_words(round: ConsultationRound) -> str:
    """Who is asked, in a word or two."""
    if round.public == Public.NETWORK and round.network:
        return round.network.name
    if round.public == Public.BODY and round.of_body:
        return round.of_body.name
    return str(Public(round.public).label)


WAYS = ("takes_reactions", "takes_statements", "takes_amendments", "takes_views", "asks_questions")


def ways_in_words(round: ConsultationRound) -> list[str]:
    """How one can take part, in words."""
    words = (_("reactions"), _("statements"), _("amendments"), _("formal views"), _("questions"))
    return [word for way, word in zip(WAYS, words, strict=True) if getattr(round, way)]


# --- one round -------------------------------------------------------------------------------------------
def counts_of(rounds: Collection[int], person: Any) -> dict[int, dict[str, int]]:
    """Round → kind → how many contributions this person may read; one query."""
    readable = Contribution.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    rows = readable.filter(in_round__in=rounds, state__in=SHOWN).order_by()
    counts: dict[int, dict[str, int]] = {pk: {} for pk in rounds}
    for pk, kind, number in rows.values_list("in_round_id", "kind").annotate(n=Count("pk")):
        counts[pk][kind] = number
    return counts


@dataclass(frozen=True)
class OwnView:
    """A member that somebody writes views for, and its view in a round so far."""

    member: Member
    view: View | None
    votes: bool  # this person may hand it in
    writable: bool
    changed: bool  # the draft says something else than what was handed in

    @property
    def handed_in(self) -> bool:
        """Whether its view counts now."""
        return self.view is not None and self.view.handed_in_at is not None


def own_views(round: ConsultationRound, person: Any) -> list[OwnView]:
    """The members this person writes views for that are asked in a round; at most five queries."""
    standing = standing_of(person)
    mine = standing.members | standing.votes_for
    if not round.takes_views or not mine:
        return []
    members = [member for member in asked_members(round).filter(pk__in=mine) if writes_for(person, member)]
    if not members:
        return []
    rows = View.objects.filter(in_round=round, member__in=members).prefetch_related("points")
    views = {view.member_id: view for view in rows.defer("search")}
    for view in views.values():
        view.in_round = round
    return [
        OwnView(
            member=member,
            view=views.get(member.pk),
            votes=member.pk in standing.votes_for,
            writable=may_be_written(round, views.get(member.pk)),
            changed=bool(views.get(member.pk)) and has_changes(views[member.pk]),
        )
        for member in members
    ]


def views_of(round: ConsultationRound, person: Any) -> QuerySet[View]:
    """The views that were handed in during a round, as far as this person may read them."""
    rows = View.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    rows = rows.filter(in_round=round, handed_in_at__isnull=False, state__in=SHOWN)
    rows = rows.annotate(points_count=Count("points", filter=Q(points__state__in=SHOWN)))
    return rows.select_related("member").defer("search", "body", "draft")


def meetings_of(rounds: Iterable[int]) -> list[Meeting]:
    """The meetings in these rounds for a list, soonest first; one query."""
    rows = Meeting.objects.filter(in_round__in=rounds).select_related("network")
    told = ("in_round_id", "network__names", "starts_at", "place", "link", "reported_at", "cancelled_at")
    return list(rows.only(*told).order_by("starts_at", "pk"))


# --- the text that is asked about ------------------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """A paragraph of the text that is asked about: its address, what it says, and how it is called."""

    pk: int
    address: int
    kind: str
    label: str
    text: str

    @property
    def name(self) -> str:
        """How it is referred to: its own number where it has one, else its address."""
        return self.label or f"§{self.address}"

    @property
    def beginning(self) -> str:
        """How its words begin, in a list to choose from. Django's own way is slow over hundreds of parts."""
        return self.text if len(self.text) <= BEGINNING else f"{self.text[: BEGINNING - 1]}…"


def parts_of(consultation: Consultation) -> list[Part]:
    """The paragraphs of the text that is asked about, in order; one query, none about a question."""
    if consultation.version_id is None:
        return []
    blocks = Block.objects.filter(version_id=consultation.version_id).order_by("position")
    rows = blocks.values_list("paragraph_id", "paragraph__address", "kind", "label", "text")
    return [_part(*row) for row in rows]


def part_of(consultation: Consultation, paragraph: Paragraph | None) -> Part | None:
    """One paragraph of it; one query. None where it does not stand in that text."""
    if paragraph is None or consultation.version_id is None:
        return None
    blocks = Block.objects.filter(version_id=consultation.version_id, paragraph=paragraph)
    row = blocks.values_list("paragraph_id", "paragraph__address", "kind", "label", "text").first()
    return _part(*row) if row else None


def _part(pk: int, address: int, kind: str, label: str, text: str) -> Part:
    """A paragraph in words; of a table what stands above its columns."""
    return Part(pk, address, kind, label, table_words(text) if kind == BlockKind.TABLE else text)
