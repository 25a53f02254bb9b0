"""News for who follows a saved search: new signals that fit it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from omkering.journal.commands import record
from omkering.listen.forms_bundles import board_of
from omkering.thread.models import Follow, Notice

LOOKS_BACK = timedelta(days=2)  # signals older than this were told of, or were there before
MOST = 20  # signals told of at once, for one search


@transaction.atomic
def tell_followers() -> int:
    """Tell followers of new signals that fit their search; returns how many notices were made.

    Nobody hears of a signal twice, nor of their own, however many of their searches it fits.
    """
    since = timezone.now() - LOOKS_BACK
    told = 0
    follows = Follow.objects.filter(search__kind="signal", person__is_active=True)
    for follow in follows.select_related("search__person", "person").order_by("pk"):
        search = follow.search
        if search is None:
            continue
        rows = board_of(search).rows().exclude(author_id=follow.person_id)
        fresh = rows.filter(created_at__gte=max(since, search.created_at)).order_by("-created_at", "-pk")
        news = [
            Notice(
                person_id=follow.person_id,
                item_id=signal,
                milestone="search.found",
                news=f"search.found:{signal}",
                data={"search": search.name},
            )
            for signal in fresh.values_list("pk", flat=True)[:MOST]
        ]
        before = Notice.objects.filter(
            person_id=follow.person_id, news__in=[notice.news for notice in news]
        ).values_list("news", flat=True)
        known = set(before)
        new = [notice for notice in news if notice.news not in known]
        told += len(Notice.objects.bulk_create(new, ignore_conflicts=True))
    if told:
        record(verb="news.told", subject="association", data={"milestone": "search.found", "people": told})
    return told
