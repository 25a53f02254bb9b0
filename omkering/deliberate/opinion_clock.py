"""When the opinion map of a round is made anew: a moment after the last vote, in the background.

A vote only asks for it, at most once a second in each process: the job looks at all votes when it begins, two seconds
later, and a job that waits is not asked for twice. What slips through is found by the clock of each minute (`due`).
"""

import time
from datetime import timedelta

from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from procrastinate import exceptions
from procrastinate.contrib.django import app

from omkering.deliberate.models import ConsultationRound, ConsultationState, OpinionRun, StatementVote

TASK = "omkering.deliberate.opinion_tasks.renew_opinion_map"
ASK_EVERY = 1.0  # seconds; shorter than WAIT, so that a vote between asking and counting is in the count
WAIT = 2  # seconds
SETTLED = timedelta(seconds=5)  # after closing: votes under way have been stored or refused
_asked: dict[int, float] = {}


def changed(round_id: int) -> None:
    """Ask for a new map of a round, unless this process just did."""
    now = time.monotonic()
    if now - _asked.get(round_id, -ASK_EVERY) < ASK_EVERY:
        return
    _asked[round_id] = now
    ask(round_id, wait=WAIT)


def ask(round_id: int, *, wait: int = 0) -> None:
    """Have the map of a round made in the background; once, however often it is asked."""
    name = f"deliberate.opinion.{round_id}"  # as a lock: two maps of a round are never made at the same time
    task = app.configure_task(TASK, queueing_lock=name, lock=name, schedule_in={"seconds": wait})
    try:
        with transaction.atomic():  # a refusal must not spoil the transaction of the caller
            task.defer(round_id=round_id)
    except exceptions.AlreadyEnqueued:
        pass  # the one that waits sees everything that is there now


def due() -> list[int]:
    """Rounds whose newest map is behind: there are votes after it, or the round has closed since. One query."""
    newest = OpinionRun.objects.filter(in_round=OuterRef("pk")).order_by("-created_at")
    votes = StatementVote.objects.filter(statement__in_round=OuterRef("pk"))
    rows = ConsultationRound.objects.filter(takes_statements=True).annotate(
        mapped=Subquery(newest.values("created_at")[:1], output_field=DateTimeField())
    )
    closed = [ConsultationState.CLOSED, ConsultationState.ANSWERED]
    behind = Q(state=ConsultationState.OPEN) & (
        Q(mapped__isnull=True) & Exists(votes) | Exists(votes.filter(changed_at__gt=OuterRef("mapped")))
    )
    last = Q(state__in=closed, closed_at__lte=timezone.now() - SETTLED) & (
        Q(mapped__isnull=True) & Exists(votes) | Q(mapped__lt=F("closed_at"))
    )
    return list(rows.filter(behind | last).order_by("pk").values_list("pk", flat=True))
