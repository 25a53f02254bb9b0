"""Telling the clients of a meeting that something changed; see `LiveChange`."""

from typing import Any

from django.db import connection

from omkering.decide.models import LiveChange, Meeting

CHANNEL = "decide_live"
ORDER = 0x1173  # the lock


def tell(meeting: Meeting | int, about: str, **data: Any) -> LiveChange:
    """Note a change of a meeting, in the transaction of the change; its clients hear of it when it commits.

    `about`: agenda, speakers, vote, attendance, screen, papers, motions or minutes. `data`: ids and counts only.
    """
    pk = meeting if isinstance(meeting, int) else meeting.pk
    with connection.cursor() as cursor:  # so that keys of one meeting come out in the order of their commits
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ORDER, pk % 2**31])
    change = LiveChange.objects.create(meeting_id=pk, about=about, data=data)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{pk}:{change.pk}"])
    return change
