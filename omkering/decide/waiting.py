"""What waits in this room: votes to cast, and for the bureau votes that are late."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.decide.models import Ballot, RollEntry, Vote, VoteState
from omkering.thread.models import Item
from omkering.thread.waiting import Waiting
from omkering.who.models import Person
from omkering.who.standing import Standing

SOON = timedelta(days=7)


def votes_to_cast(person: Person, standing: Standing) -> list[Waiting]:
    """Open votes in which a member this person votes for has not voted; one query, none without a mandate."""
    if not standing.votes_for:
        return []
    voted = Ballot.objects.filter(vote=OuterRef("vote"), member=OuterRef("member"))
    lines = (
        RollEntry.objects.filter(
            ~Exists(voted),
            vote__state=VoteState.OPEN,
            vote__closes_at__gt=timezone.now(),
            vote__in=Item.objects.visible_to(standing, person.pk).filter(kind="vote"),
            member_id__in=standing.votes_for,
        )
        .order_by("vote__closes_at", "vote_id")
        .values_list("vote_id", "vote__title", "vote__closes_at")
    )
    counts: dict[tuple, int] = {}
    for line in lines:
        counts[line] = counts.get(line, 0) + 1
    return [
        Waiting(
            _("Vote on “%(title)s” (closes %(moment)s)") % {"title": title, "moment": _moment(closes_at)},
            number,
            reverse("decide:vote", args=[pk]),
            counted=number > 1,
        )
        for (pk, title, closes_at), number in counts.items()
    ]


def votes_to_tend(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: votes that open or close within a week, and those that should have; one query."""
    if not standing.is_bureau:
        return []
    now = timezone.now()
    votes = Vote.objects.filter(
        Q(state=VoteState.PLANNED, opens_at__lte=now + SOON)
        | Q(state=VoteState.OPEN, closes_at__lte=now + SOON)
    ).only("title", "state", "opens_at", "closes_at")
    found = []
    for vote in votes.order_by("closes_at", "pk"):
        planned = vote.state == VoteState.PLANNED
        at = vote.opens_at if planned else vote.closes_at
        # The clock has two minutes before it counts as late.
        late = at < now - timedelta(minutes=2)
        if late:
            text = _("“%(title)s” should be open") if planned else _("“%(title)s” should be closed")
        else:
            text = _("“%(title)s” opens %(moment)s") if planned else _("“%(title)s” closes %(moment)s")
        found.append(
            Waiting(
                text % {"title": vote.title, "moment": _moment(at)},
                1,
                reverse("decide:vote", args=[vote.pk]),
                late,
                counted=False,
            )
        )
    return found


def _moment(value) -> str:
    return date_format(timezone.localtime(value), "j F, H:i")
