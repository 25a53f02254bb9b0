"""What waits in this room: votes to cast, and for the bureau votes that are late."""

from collections import Counter
from collections.abc import Iterable
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
from omkering.thread.waiting import Waiting, moment_words, register
from omkering.ui.addresses import address_of
from omkering.who.models import Person
from omkering.who.standing import Standing

SOON = timedelta(days=7)
# Closed, and not told to anybody: in a meeting it must be announced, elsewhere the chair must decide a tie.
UNANNOUNCED = Q(announced_at__isnull=True) & (
    Q(meeting__isnull=False) | Q(result__outcome="tie", rule__tie="chair")
)


@register(
    sign="""
    SELECT FROM decide_vote AS vote JOIN thread_item AS item ON item.id = vote.item_ptr_id
    WHERE item.kind = 'vote' AND item.state = 'open' AND vote.closes_at > %(now)s
    """
)
def votes_to_cast(person: Person, standing: Standing) -> list[Waiting]:
    """Open votes in which somebody has a ballot of their own to cast and did not; at most four queries.

    Of their own: for a member they hold the mandate of or are a delegate of, or on a seat; where one must be there to
    vote, once they are. What one holds by proxy is shown at the meeting itself.
    """
    named = Delegate.objects.filter(person_id=person.pk, ended_at__isnull=True)
    if not standing.votes_for and not standing.bodies and not named.exists():
        return []
    votes = (
        Vote.objects.visible_to(standing, person.pk)
        .filter(kind="vote", state=VoteState.OPEN, closes_at__gt=timezone.now(), procedure=Procedure.BALLOTS)
        .order_by("closes_at", "pk")
        .values_list("pk", "title", "closes_at", "meeting_id")
    )
    open_votes = list(votes)
    elsewhere = [pk for pk, _title, _moment, meeting in open_votes if meeting is None]
    in_meetings = [pk for pk, _title, _moment, meeting in open_votes if meeting is not None]
    lines: Counter[int] = Counter()
    if elsewhere:
        own = Q(member_id__in=standing.votes_for) | Q(person_id=person.pk)
        lines.update(_without_ballot(person, elsewhere, own))
    if in_meetings:
        lines.update(_without_ballot(person, in_meetings, *_own_and_there(person, standing)))
    return [
        Waiting(
            _("Vote on “%(title)s” (closes %(moment)s)")
            % {"title": title, "moment": moment_words(closes_at)},
            lines[pk],
            reverse("decide:vote", args=[pk]),
            counted=lines[pk] > 1,
        )
        for pk, title, closes_at, _meeting in open_votes
        if lines[pk]
    ]


def _without_ballot(person: Person, votes: list[int], *conditions: Q) -> Iterable[int]:
    """The vote of each line of their rolls that meets the conditions and that this person has no ballot for."""
    voted = Exists(Ballot.objects.filter(entry=OuterRef("pk")).filter(Q(part=0) | Q(person_id=person.pk)))
    marked = Exists(SecretTurnout.objects.filter(entry=OuterRef("pk"), voted=True))
    rows = RollEntry.objects.filter(*conditions, ~voted, ~marked, vote_id__in=votes)
    return rows.values_list("vote_id", flat=True)


def _own_and_there(person: Person, standing: Standing) -> tuple[Q, Q]:
    """Conditions on a line of the roll of a vote in a meeting: it is this person's, who is there where one must be."""
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
        Q(~Exists(delegates), member_id__in=standing.votes_for)
        | Q(Exists(delegates.filter(person_id=person.pk)))
        | Q(person_id=person.pk)
    )
    there = Q(vote__meeting__form=MeetingForm.CONSULTATION) | Q(person_id=person.pk) | Q(Exists(here))
    return theirs, there


@register(of_bureau=True)
def votes_to_tend(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: votes that open or close within a week or should have, and results that wait; one query."""
    now = timezone.now()
    votes = Vote.objects.filter(
        Q(state=VoteState.PLANNED, opens_at__lte=now + SOON)
        | Q(state=VoteState.OPEN, closes_at__lte=now + SOON)
        | Q(UNANNOUNCED, state=VoteState.CLOSED),
        kind="vote",
    )
    found = []
    address_of_vote = address_of("decide:vote")
    rows = votes.order_by("closes_at", "pk").values_list(
        "pk", "title", "state", "opens_at", "closes_at", "meeting_id"
    )
    for pk, title, state, opens_at, closes_at, meeting in rows:
        address = address_of_vote(pk)
        if state == VoteState.CLOSED:
            text = _("The result of “%(title)s” waits to be announced") % {"title": title}
            found.append(Waiting(text, 1, address, False, counted=False))
            continue
        planned = state == VoteState.PLANNED
        at = opens_at if planned else closes_at
        # The clock has two minutes before it counts as late.
        late = at < now - timedelta(minutes=2) and not (planned and meeting)
        if late:
            text = _("“%(title)s” should be open") if planned else _("“%(title)s” should be closed")
        else:
            text = _("“%(title)s” opens %(moment)s") if planned else _("“%(title)s” closes %(moment)s")
        found.append(
            Waiting(
                text % {"title": title, "moment": moment_words(at)},
                1,
                address,
                late,
                counted=False,
            )
        )
    return found
