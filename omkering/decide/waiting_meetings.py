"""What waits around meetings: for members to name who votes, to read, and to be in time; for the bureau to send out."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide import meeting_rules
from omkering.decide.models import Delegate, Meeting, MeetingRequest, MeetingState, RequestState
from omkering.thread.waiting import Waiting, moment_words, register
from omkering.who.models import Mandate, Person
from omkering.who.standing import Standing

NAME_BEFORE = timedelta(days=21)  # before the meeting, that the town secretary is asked who votes
NEAR = timedelta(days=7)
SEND_BEFORE = timedelta(days=14)
MOST = 10
_READ = ("title", "state", "starts_at", "ends_at", "rules", "deadlines")


@register()
def for_members(person: Person, standing: Standing) -> list[Waiting]:
    """For who votes or says who votes: who to name, papers that are out, deadlines within a week; three queries."""
    if not standing.votes_for and not standing.mandates_for and not standing.bodies:
        return []
    now = timezone.now()
    of_body = Q(owner_body_id__in=standing.bodies)
    of_members = Q(rules__electorate="members") if standing.votes_for or standing.mandates_for else Q(pk=None)
    rows = list(
        Meeting.objects.filter(
            of_body | of_members,
            state__in=(MeetingState.PLANNED, MeetingState.CALLED),
            ends_at__gt=now,
            starts_at__lte=now + timedelta(days=45),
        )
        .only(*_READ)
        .order_by("starts_at", "pk")[:MOST]
    )
    if not rows:
        return []
    unnamed = _without_voter(rows, standing, now)
    found = []
    for row in rows:
        url = reverse("decide:meeting", args=[row.pk])
        words = {"title": row.title, "moment": moment_words(row.starts_at)}
        if unnamed.get(row.pk):
            text = _("Name who votes in “%(title)s” (%(moment)s)") % words
            found.append(Waiting(text, unnamed[row.pk], url, counted=unnamed[row.pk] > 1))
        if row.state == MeetingState.CALLED:
            text = _("The agenda of “%(title)s” is out (%(moment)s)") % words
            found.append(Waiting(text, 1, url, counted=False))
        if standing.votes_for and meeting_rules.of_members(row.rules):
            found += _deadlines(row, now, url)
    return found


def _without_voter(rows: list[Meeting], standing: Standing, now: datetime) -> dict[int, int]:
    """Meeting → how many of the reader's members have nobody to vote for them yet: no delegate and no mandate."""
    soon = [
        row.pk for row in rows if meeting_rules.of_members(row.rules) and row.starts_at <= now + NAME_BEFORE
    ]
    if not standing.mandates_for or not soon:
        return {}
    named = set(
        Delegate.objects.filter(
            meeting__in=soon, member_id__in=standing.mandates_for, ended_at__isnull=True
        ).values_list("meeting_id", "member_id")
    )
    mandated = set(
        Mandate.objects.on(standing.day)
        .filter(member_id__in=standing.mandates_for, scope=Mandate.Scope.VOTE, person__is_active=True)
        .values_list("member_id", flat=True)
    )
    lacking = standing.mandates_for - mandated
    return {pk: sum((pk, member) not in named for member in lacking) for pk in soon}


def _deadlines(row: Meeting, now: datetime, url: str) -> list[Waiting]:
    words = {
        "amendments": _("Amendments for “%(title)s” can come in until %(moment)s"),
        "motions": _("Motions for “%(title)s” can come in until %(moment)s"),
    }
    found = []
    for name, text in words.items():
        at = meeting_rules.moment(row.deadlines, name)
        if at is not None and now < at <= now + NEAR:
            found.append(
                Waiting(text % {"title": row.title, "moment": moment_words(at)}, 1, url, counted=False)
            )
    return found


@register(of_bureau=True)
def for_bureau(person: Person, standing: Standing) -> list[Waiting]:
    """For the bureau: agendas to send out, meetings that should be open or over, and requests that are owed one."""
    now = timezone.now()
    rows = Meeting.objects.filter(
        Q(state=MeetingState.PLANNED, starts_at__lte=now + timedelta(days=60))
        | Q(state=MeetingState.CALLED, starts_at__lte=now)
        | Q(state__in=(MeetingState.OPEN, MeetingState.SUSPENDED), ends_at__lte=now - timedelta(hours=6)),
        kind="meeting",
    ).only(*_READ)
    found = []
    for row in rows.order_by("starts_at", "pk")[: MOST * 2]:
        url = reverse("decide:meeting", args=[row.pk])
        if row.state == MeetingState.PLANNED:
            at = meeting_rules.moment(row.deadlines, "agenda") or row.starts_at
            if at > now + SEND_BEFORE:
                continue
            text = _("Send out the agenda of “%(title)s” before %(moment)s")
            late = at < now
        elif row.state == MeetingState.CALLED:
            at, late, text = (
                row.starts_at,
                row.starts_at < now - NEAR / 7,
                _("“%(title)s” was to begin on %(moment)s"),
            )
        else:
            at, late, text = row.ends_at, True, _("“%(title)s” was to end on %(moment)s and is still open")
        found.append(
            Waiting(text % {"title": row.title, "moment": moment_words(at)}, 1, url, late, counted=False)
        )
    owed = MeetingRequest.objects.filter(state=RequestState.REACHED, due_at__isnull=False).order_by(
        "due_at", "pk"
    )
    for pk, title, due in owed.values_list("pk", "title", "due_at")[:MOST]:
        assert due is not None
        text = _("Members ask for an extra meeting: “%(title)s”. Call it before %(moment)s")
        words = {"title": title, "moment": moment_words(due)}
        found.append(
            Waiting(text % words, 1, reverse("decide:meeting_request", args=[pk]), due < now, counted=False)
        )
    return found
