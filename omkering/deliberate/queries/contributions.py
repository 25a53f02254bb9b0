"""Reading what was put in: lists of a round, one contribution, one's own; what is personal is told apart everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omkering.deliberate.models import (
    Answered,
    AnswerKind,
    ConsultationRound,
    Contribution,
    ContributionKind,
    Paragraph,
    Reply,
)
from omkering.deliberate.queries.consultations import SHOWN
from omkering.thread.models import Item
from omkering.thread.search import search_query
from omkering.who.models import Person, in_language
from omkering.who.standing import standing_of

# How a kind is told apart: a badge with its tone.
BADGES = {
    ContributionKind.REACTION: (gettext_lazy("Personal reaction"), "neutral"),
    ContributionKind.VIEW_POINT: (gettext_lazy("Formal view"), "info"),
    ContributionKind.REPORT_POINT: (gettext_lazy("Report of a meeting"), "positive"),
    ContributionKind.ADVICE: (gettext_lazy("Advice of a chapter"), "positive"),
}
MINE = ("reaction", "statement")  # kinds of items that somebody puts in for themselves
OF_MEMBERS = ("view", "amendment")  # and those of a member


class Put(NamedTuple):
    """A contribution with no more than a list or a file tells of it: as models, with those around them, 25 of them
    take longer than the rest of the page."""

    pk: int
    kind: str
    title: str
    text: str
    late: bool
    created_at: datetime
    author_id: int | None
    author: str | None
    works_for: str | None
    address: int | None  # of its paragraph
    member: str | None  # whose formal view it stands in
    network: dict[str, str] | None  # in whose meeting it was said, by language

    @classmethod
    def of(cls, row: Contribution) -> "Put":
        """A contribution that is at hand, with what stands around it."""
        return cls(
            *(row.pk, row.kind, row.title, row.text, row.late, row.created_at, row.author_id),
            row.author.name if row.author else None,
            row.works_for.name if row.works_for else None,
            row.paragraph.address if row.paragraph else None,
            row.view.member.name if row.view else None,
            row.meeting.network.names if row.meeting else None,
        )


# The columns of a `Put`, in its order.
_PUT = (
    *("pk", "kind", "title", "text", "late", "created_at", "author_id", "author__name", "works_for__name"),
    *("paragraph__address", "view__member__name", "meeting__network__names"),
)


@dataclass(frozen=True)
class Shown:
    """A contribution as a list shows it: who it is from in words, at which paragraph, and its answer once published."""

    row: Put
    source: str
    badge: tuple[Any, str]
    address: int | None
    answer: str = ""
    own: bool = False


def readable_contributions(person: Any) -> QuerySet[Contribution]:
    """What was put in and may be read by this person, with what a page shows of it."""
    rows = Contribution.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    rows = rows.select_related(
        "in_round__consultation", "paragraph", "works_for", "view__member", "meeting__network", "author"
    )
    return rows.defer(
        *("search", "body", "view__search", "view__body", "view__draft", "meeting__report", "meeting__draft"),
        *("in_round__consultation__search", "in_round__consultation__body"),
    )


def contributions_of(
    round: ConsultationRound, person: Any, *, kind: str = "", paragraph: int | None = None, text: str = ""
) -> QuerySet[Contribution, Any]:
    """The contributions of a round that somebody may read; of a kind, at a paragraph (by address), with the words.
    As rows with the columns of a `Put`.
    """
    rows = _put(person).filter(in_round=round)
    if kind in ContributionKind.values:
        rows = rows.filter(kind=kind)
    if paragraph is not None:
        rows = rows.filter(paragraph__address=paragraph)
    query = search_query(text)
    if text and query is None:
        return rows.none()
    return rows.filter(search=query) if query is not None else rows


def reactions_at(
    rounds: Iterable[ConsultationRound], paragraph: Paragraph | None, person: Any
) -> QuerySet[Contribution, Any]:
    """The reactions in these rounds to a paragraph (None: to the whole) that somebody may read, with the columns of
    a `Put`."""
    rows = _put(person).filter(kind=ContributionKind.REACTION)
    return rows.filter(in_round__in=[round.pk for round in rounds], paragraph=paragraph)


def _put(person: Any) -> QuerySet[Contribution, Any]:
    readable = Contribution.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    return readable.filter(state__in=SHOWN).values_list(*_PUT, named=True)


def shown(found: Iterable[Any], person: Any) -> list[Shown]:
    """These contributions, as rows with the columns of a `Put`, as a list shows them; one query for their answers."""
    rows = [Put(*row) for row in found]
    answers = published_answers([row.pk for row in rows])
    return [
        Shown(
            row=row,
            source=source_of(row, person),
            badge=BADGES[ContributionKind(row.kind)],
            address=row.address,
            answer=answers.get(row.pk, ""),
            own=row.kind == ContributionKind.REACTION and row.author_id == getattr(person, "pk", 0),
        )
        for row in rows
    ]


def source_of(row: Put, person: Any) -> str:
    """Who a contribution is from. Who reacts for themselves is named to themselves and to the bureau alone."""
    if row.member is not None:
        return row.member
    if row.network is not None:
        return in_language(row.network)
    if row.author_id == getattr(person, "pk", 0):
        return _("You, for yourself")
    name = row.author if row.author and standing_of(person).is_bureau else ""
    if name and row.works_for:
        return _("%(name)s, who works for %(member)s, for themselves") % {
            "name": name,
            "member": row.works_for,
        }
    if name:
        return _("%(name)s, for themselves") % {"name": name}
    if row.works_for:
        return _("Somebody who works for %(member)s, for themselves") % {"member": row.works_for}
    return _("Somebody, for themselves")


def published_answers(items: list[int]) -> dict[int, str]:
    """Item → what the association does with it, in words, where the note of answer is published; one query."""
    if not items:
        return {}
    live = Answered.objects.filter(
        item__in=items, ended_at__isnull=True, answer__consultation__answer_published_at__isnull=False
    )
    return {pk: str(AnswerKind(kind).label) for pk, kind in live.values_list("item_id", "answer__kind")}


# --- one's own -------------------------------------------------------------------------------------------
def own_items(person: Person) -> QuerySet[Item]:
    """What somebody put in for themselves, and the views and amendments of the members they work for."""
    standing = standing_of(person)
    members = standing.members | standing.votes_for
    mine = Q(kind__in=MINE, author=person) | Q(kind__in=OF_MEMBERS, owner_member__in=members)
    rows = Item.objects.filter(mine).select_related("owner_member").defer("body", "search")
    return rows.annotate(
        asked_in=F("as_contribution__in_round__consultation__title"),
        view_in=F("as_view__in_round__consultation__title"),
        statement_in=F("as_statement__in_round__consultation__title"),
        amendment_in=F("as_amendment__document__title"),
    )


def own_replies(person: Person) -> list[dict[str, Any]]:
    """The rounds whose questions somebody replied to, newest first; one query."""
    rows = Reply.objects.filter(person=person).values(
        round=F("question__in_round_id"), title=F("question__in_round__consultation__title")
    )
    found = {row["round"]: row["title"] for row in rows.order_by("-changed_at")}
    return [{"round": pk, "title": title} for pk, title in found.items()]
