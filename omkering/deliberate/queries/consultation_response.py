"""How members respond to a round while it is going on: for the map, the list of who is silent, and reminders.

A member responded when it handed in a formal view or an amendment, or when somebody who works for it reacted, replied
or voted. What somebody says for themselves is counted apart: it is never the member's word.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.models import (
    LIVE,
    Amendment,
    ConsultationRound,
    Contribution,
    ContributionKind,
    ContributionState,
    Public,
    Reply,
    StatementVote,
    View,
)
from omkering.ui.charts import Category, Map
from omkering.ui.member_map import member_category_map
from omkering.who import rolls
from omkering.who.models import Appointment, Member, NetworkMembership

HANDED_IN = (ContributionState.SUBMITTED, ContributionState.ANSWERED)
FORMAL, PERSONAL, SILENT = "formal", "personal", "silent"


@dataclass(frozen=True, slots=True)
class Response:
    """What came from one member: its formal word, and how much people put in for themselves."""

    member: Member
    view: int | None  # the id of its view, once handed in
    late: bool
    amendments: int
    reactions: int
    others: int  # people who replied to questions or voted on statements

    @property
    def kind(self) -> str:
        """In which category it stands on the map."""
        if self.view is not None or self.amendments:
            return FORMAL
        return PERSONAL if self.reactions or self.others else SILENT


def asked_members(round: ConsultationRound) -> QuerySet[Member]:
    """The members of today that are asked in a round; none where a body is asked."""
    today = timezone.localdate()
    rows = Member.objects.on(today)
    if round.public == Public.BODY:
        return rows.none()
    if round.public == Public.NETWORK:
        inside = NetworkMembership.objects.on(today).filter(network_id=round.network_id)
        rows = rows.filter(pk__in=inside.values("member_id"))
    return rows.order_by("sort_key", "code")


def responses(round: ConsultationRound) -> list[Response]:
    """What came from each member that is asked, in the order of their names; five queries, less for what a round does
    not take.
    """
    voted = StatementVote.objects.filter(member=OuterRef("pk"), statement__in_round=round)
    members = asked_members(round)
    if round.takes_statements:
        members = members.annotate(voted=Exists(voted))
    found = list(members)
    if not found:
        return []
    views: dict[int, tuple[int, bool]] = {}
    amendments: Counter[int] = Counter()
    replied: Counter[int] = Counter()
    if round.takes_views:
        handed_in = View.objects.filter(in_round=round, handed_in_at__isnull=False, state__in=HANDED_IN)
        views = {member: (pk, late) for member, pk, late in handed_in.values_list("member_id", "pk", "late")}
    if round.takes_amendments:
        rows = Amendment.objects.filter(in_round=round, owner_member__isnull=False, state__in=LIVE)
        amendments = _counted(rows.values("owner_member").annotate(n=Count("pk")), "owner_member")
    reacted = Contribution.objects.filter(
        in_round=round, kind=ContributionKind.REACTION, state__in=HANDED_IN, works_for__isnull=False
    )
    reactions = _counted(reacted.order_by().values("works_for").annotate(n=Count("pk")), "works_for")
    if round.asks_questions:
        replies = Reply.objects.filter(question__in_round=round, member__isnull=False)
        replied = _counted(replies.values("member").annotate(n=Count("person", distinct=True)), "member")
    return [
        Response(
            member=member,
            view=views.get(member.pk, (None, False))[0],
            late=views.get(member.pk, (None, False))[1],
            amendments=amendments[member.pk],
            reactions=reactions[member.pk],
            others=replied[member.pk] + int(getattr(member, "voted", False)),
        )
        for member in found
    ]


def _counted(rows: Iterable[Any], key: str) -> Counter[int]:
    return Counter({row[key]: row["n"] for row in rows})


def response_map(round: ConsultationRound, rows: list[Response]) -> Map | None:
    """Which members responded, and how; one query. None where no members are asked."""
    if not rows:
        return None
    categories = [
        Category(FORMAL, "app-bar--1", _("The member itself put something in")),
        Category(PERSONAL, "app-bar--2", _("Only people for themselves")),
        Category(SILENT, "app-bar--absent", _("Silent until now")),
    ]
    if not (round.takes_views or round.takes_amendments):
        categories = [
            Category(PERSONAL, "app-bar--1", _("People put something in")),
            Category(SILENT, "app-bar--absent", _("Silent until now")),
        ]
    return member_category_map(
        [row.member for row in rows],
        {row.member.pk: row.kind for row in rows},
        categories,
        caption=_("Which members responded"),
    )


def is_silent(round: ConsultationRound, row: Response) -> bool:
    """Whether a member is to be reminded: where formal views are asked only such a view counts."""
    return row.view is None if round.takes_views else row.kind == SILENT


def silent_members(round: ConsultationRound, rows: list[Response]) -> list[Member]:
    """The members to remind."""
    return [row.member for row in rows if is_silent(round, row)]


def people_to_remind(round: ConsultationRound) -> list[int]:
    """Ids of the people who can speak for the members that are silent, or of the seats of a body that put in nothing.

    Where formal views are asked those are the people with the member's mandate, else everybody with a role there.
    """
    today = timezone.localdate()
    seats = Appointment.objects.on(today).filter(person__is_active=True)
    if round.public == Public.BODY:
        reacted = Contribution.objects.filter(in_round=round, state__in=HANDED_IN).values("author")
        replied = Reply.objects.filter(question__in_round=round).values("person")
        voted = StatementVote.objects.filter(statement__in_round=round).values("person")
        silent = seats.filter(body_id=round.of_body_id).exclude(
            Q(person__in=reacted) | Q(person__in=replied) | Q(person__in=voted)
        )
        return list(silent.order_by("person_id").values_list("person_id", flat=True).distinct())
    members = [member.pk for member in silent_members(round, responses(round))]
    if not members:
        return []
    if round.takes_views:
        return rolls.mandated(members)
    people = seats.filter(member_id__in=members)
    return list(people.order_by("person_id").values_list("person_id", flat=True).distinct())
