"""What waits in this room: votes to cast, and for the bureau votes that are late."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.models import (
    Attendance,
    Ballot,
    Delegate,
    MeetingForm,
    Procedure,
    RollEntry,
    SecretTurnout,
    Vote,
    VoteState,
)
from omkering.thread.models import Item
from omkering.thread.waiting import Waiting, moment_words
from omkering.who.models import Person
from omkering.who.standing import Standing

SOON = timedelta(days=7)
# Closed, and not told to anybody: in a meeting it must be announced, elsewhere the chair must decide a tie.
UNANNOUNCED = Q(announced_at__isnull=True) & (
    Q(meeting__isnull=False) | Q(result__outcome="tie", rule__tie="chair")
)


def votes_to_cast(person: Person, standing: Standing) -> list[Waiting]:
    """Open votes in which somebody has a ballot of their own to cast and did not; two queries, one without a mandate.

    Of their own: for a member they hold the mandate of or are a delegate of, or on a seat; where one must be there to
    vote, once they are. What one holds by proxy is shown at the meeting itself.
    """
    named = Delegate.objects.filter(person_id=person.pk, ended_at__isnull=True).values_list(
        "member_id", "meeting_id"
    )
    delegations = list(named)
    if not standing.votes_for and not delegations and not standing.bodies:
        return []
    delegates = Delegate.objects.filter(
        meeting=OuterRef("vote__meeting"), member=OuterRef("member"), ended_at__isnull=True
    )
    here = Attendance.objects.filter(
        meeting=OuterRef("vote__meeting"),
        member=OuterRef("member"),
        person_id=person.pk,
        left_at__isnull=True,
    )
    theirs = (
        Q(member_id__in=standing.votes_for, vote__meeting__isnull=True)
        | Q(~Exists(delegates), member_id__in=standing.votes_for, vote__meeting__isnull=False)
        | Q(Exists(delegates.filter(person_id=person.pk)))
        | Q(person_id=person.pk)
    )
    there = (
        Q(vote__meeting__isnull=True)
        | Q(vote__meeting__form=MeetingForm.CONSULTATION)
        | Q(person_id=person.pk)
        | Q(Exists(here))
    )
    voted = Exists(Ballot.objects.filter(entry=OuterRef("pk")).filter(Q(part=0) | Q(person_id=person.pk)))
    marked = Exists(SecretTurnout.objects.filter(entry=OuterRef("pk"), voted=True))
    lines = (
        RollEntry.objects.filter(
            theirs,
            there,
            ~voted,
            ~marked,
            vote__state=VoteState.OPEN,
            vote__closes_at__gt=timezone.now(),
            vote__procedure=Procedure.BALLOTS,
            vote__in=Item.objects.visible_to(standing, person.pk).filter(kind="vote"),
        )
        .order_by("vote__closes_at", "vote_id")
        .values_list("vote_id", "vote__title", "vote__closes_at")
    )
    counts: dict[tuple, int] = {}
    for line in lines:
        counts[line] = counts.get(line, 0) + 1
    return [
        Waiting(
            _("Vote on “%(title)s” (closes %(moment)s)")
            % {"title": title, "moment": moment_words(closes_at)},
            number,
            reverse("decide:vote", args=[pk]),
            counted=number > 1,
        )
        for (pk, title, closes_at), number in counts.items()
    ]


def votes_to_tend(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: votes that open or close within a week or should have, and results that wait; one query."""
    if not standing.is_bureau:
        return []
    now = timezone.now()
    votes = Vote.objects.filter(
        Q(state=VoteState.PLANNED, opens_at__lte=now + SOON)
        | Q(state=VoteState.OPEN, closes_at__lte=now + SOON)
        | Q(UNANNOUNCED, state=VoteState.CLOSED)
    ).only("title", "state", "opens_at", "closes_at", "meeting_id")
    found = []
    for vote in votes.order_by("closes_at", "pk"):
        address = reverse("decide:vote", args=[vote.pk])
        if vote.state == VoteState.CLOSED:
            text = _("The result of “%(title)s” waits to be announced") % {"title": vote.title}
            found.append(Waiting(text, 1, address, False, counted=False))
            continue
        planned = vote.state == VoteState.PLANNED
        at = vote.opens_at if planned else vote.closes_at
        # The clock has two minutes before it counts as late.
        late = at < now - timedelta(minutes=2) and not (planned and vote.meeting_id)
        if late:
            text = _("“%(title)s” should be open") if planned else _("“%(title)s” should be closed")
        else:
            text = _("“%(title)s” opens %(moment)s") if planned else _("“%(title)s” closes %(moment)s")
        found.append(
            Waiting(
                text % {"title": vote.title, "moment": moment_words(at)},
                1,
                address,
                late,
                counted=False,
            )
        )
    return found
