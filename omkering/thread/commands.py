"""Every change of the thread: link, follow, announce, read.

Rooms call these inside their own commands and transactions.
"""

import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from omkering.engine import similar
from omkering.journal.commands import record
from omkering.thread import milestones
from omkering.thread.chain import downstream_ids, upstream_ids
from omkering.thread.models import Follow, Item, Link, Meaning, Notice, SavedSearch, Theme
from omkering.who.models import Person
from omkering.who.standing import standing_of


@transaction.atomic
def link(*, upstream: Item, downstream: Item, kind: str, actor: Person | None) -> Link:
    """Tie two items together; the same link twice is one link. ValueError for a circle."""
    existing = Link.objects.filter(
        upstream=upstream, downstream=downstream, kind=kind, ended_at__isnull=True
    ).first()
    if existing:
        return existing
    if upstream.pk == downstream.pk or upstream.pk in downstream_ids([downstream.pk]):
        raise ValueError("a thread runs one way: this link would make a circle")
    made = Link.objects.create(upstream=upstream, downstream=downstream, kind=kind)
    record(
        verb="link.made",
        subject=downstream.subject,
        actor=actor.pk if actor else None,
        data={"upstream": upstream.pk, "kind": kind},
    )
    return made


@transaction.atomic
def unlink(*, upstream: Item, downstream: Item, kind: str, actor: Person | None) -> None:
    """End a link; that it was there stays known."""
    ended = Link.objects.filter(
        upstream=upstream, downstream=downstream, kind=kind, ended_at__isnull=True
    ).update(ended_at=timezone.now())
    if ended:
        record(
            verb="link.ended",
            subject=downstream.subject,
            actor=actor.pk if actor else None,
            data={"upstream": upstream.pk, "kind": kind},
        )


_together: ContextVar[dict[int, str] | None] = ContextVar("meanings_together", default=None)


@transaction.atomic
def remember_meaning(*, item: Item) -> None:
    """Keep the sentence vector of an item's text, so that items that mean alike can be found."""
    if (waiting := _together.get()) is not None:
        waiting[item.pk] = meaning_text(item)
        return
    vector = similar.encode([meaning_text(item)])[0]
    Meaning.objects.update_or_create(item=item, defaults={"vector": vector})


@contextmanager
def meanings_together() -> Iterator[None]:
    """Keep the meaning of what comes in meanwhile only at the end, all at once: reading a hundred texts together takes
    a tenth of the time. Until then these items are not found by meaning.
    """
    waiting: dict[int, str] = {}
    token = _together.set(waiting)
    try:
        yield
    finally:
        _together.reset(token)
    vectors = similar.encode(list(waiting.values()))
    Meaning.objects.bulk_create(
        [Meaning(item_id=pk, vector=vector) for pk, vector in zip(waiting, vectors, strict=True)],
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["vector"],
    )


def meaning_text(item: Item) -> str:
    """The text whose meaning counts: title and summary, not the whole story."""
    return meaning_words(item.title, item.summary)


def meaning_words(title: str, summary: str) -> str:
    """The same, of a title and a summary."""
    return f"{title}. {summary}"[:2000]


# --- following -------------------------------------------------------------------------------------------
@transaction.atomic
def follow(
    *, person: Person, item: Item | None = None, theme: Theme | None = None, search: SavedSearch | None = None
) -> Follow:
    """Hear about an item, a theme or a saved search from now on."""
    if item is not None and not _may_read(person, item):
        raise PermissionDenied("thread.follow")
    if search is not None and search.person_id != person.pk:
        raise PermissionDenied("thread.follow")
    made, new = Follow.objects.get_or_create(person=person, item=item, theme=theme, search=search)
    if new:
        record(verb="follow.started", subject=_followed(item, theme, search), actor=person.pk)
    return made


@transaction.atomic
def unfollow(
    *, person: Person, item: Item | None = None, theme: Theme | None = None, search: SavedSearch | None = None
) -> None:
    """No longer hear about it."""
    gone, _rows = Follow.objects.filter(person=person, item=item, theme=theme, search=search).delete()
    if gone:
        record(verb="follow.ended", subject=_followed(item, theme, search), actor=person.pk)


def _followed(item: Item | None, theme: Theme | None, search: SavedSearch | None) -> str:
    if item is not None:
        return item.subject
    return f"theme:{theme.pk}" if theme is not None else f"search:{search.pk if search else 0}"


def _may_read(person: Person, item: Item) -> bool:
    return Item.objects.filter(pk=item.pk).visible_to(standing_of(person), person.pk).exists()


@transaction.atomic
def save_search(*, person: Person, name: str, kind: str, query: dict[str, Any]) -> SavedSearch:
    """Keep a search under a name, with a feed address of its own, and follow it."""
    search = SavedSearch.objects.create(
        person=person, name=name.strip(), kind=kind, query=query, secret=secrets.token_urlsafe(24)
    )
    follow(person=person, search=search)
    return search


@transaction.atomic
def remove_search(*, person: Person, search: SavedSearch) -> None:
    """Throw away a saved search of one's own."""
    if search.person_id != person.pk:
        raise PermissionDenied("thread.remove_search")
    record(verb="search.removed", subject=f"search:{search.pk}", actor=person.pk)
    search.delete()


# --- news ------------------------------------------------------------------------------------------------
@transaction.atomic
def announce(
    *,
    item: Item,
    milestone: str,
    actor: Person | None,
    data: dict[str, Any] | None = None,
    once: str = "",
    audience: list[int] | None = None,
    upstream: bool = True,
    followers: bool = True,
) -> int:
    """Tell everyone upstream that `item` reached a milestone; returns how many people were told.

    Told are the authors and followers of the item and of everything upstream of it, and the followers of
    its theme; each person once, for the nearest item of theirs, and never who did it. `once` tells apart
    repetitions of one milestone of one item (default: the milestone happens once). `audience` adds people
    by id (for example all with a mandate to vote). Without `upstream` only who wrote or follows the item itself
    is told, for when those upstream hear it in words of their own. Without `followers` only `audience` is told, for
    what is theirs alone.
    Other rooms' reactions run first, in the same transaction.
    """
    milestones.get(milestone)
    data = data or {}
    depth = {item.pk: 0, **(upstream_ids([item.pk]) if upstream else {})}
    milestones.run_handlers(
        milestone,
        upstream=list(Item.objects.filter(pk__in=[pk for pk in depth if pk != item.pk]))
        if milestones.has_handlers(milestone)
        else [],
        cause=item,
        actor=actor,
        data=data,
    )
    reasons = _people_upstream(depth, item) if followers else {}
    for person_id in audience or []:
        reasons.setdefault(person_id, item.pk)
    if actor is not None:
        reasons.pop(actor.pk, None)
    news = f"{milestone}:{item.pk}:{once}"[:100]
    people = sorted(reasons)
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {
                "item": item.pk,
                "milestone": milestone,
                "news": news,
                "data": json.dumps(data),
                "now": timezone.now(),
                "people": people,
                "because": [reasons[person] for person in people],
            },
        )
        told = cursor.rowcount
    record(
        verb="news.told",
        subject=item.subject,
        actor=actor.pk if actor else None,
        data={"milestone": milestone, "people": told},
    )
    return told


@transaction.atomic
def announce_each(
    *,
    items: Collection[Item],
    milestone: str,
    actor: Person | None,
    subject: str,
    data: Mapping[int, dict[str, Any]],
    once: str = "",
    audience: Mapping[int, Collection[int]] | None = None,
) -> int:
    """As `announce`, for many items that reach the same milestone at once: a fixed number of queries.

    `data` and `audience` (people to tell besides) are by the id of the item. `subject` is what the one event in the
    log is about. Returns how many pieces of news there are.
    """
    if not items:
        return 0
    milestones.get(milestone)
    if milestones.has_handlers(milestone):
        for item in items:
            upstream = list(Item.objects.filter(pk__in=upstream_ids([item.pk])))
            milestones.run_handlers(
                milestone, upstream=upstream, cause=item, actor=actor, data=data.get(item.pk, {})
            )
    ids = sorted({item.pk for item in items})
    also = [(pk, person) for pk in ids for person in sorted((audience or {}).get(pk, ()))]
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL_EACH,
            {
                "ids": ids,
                "data": [json.dumps(data.get(pk, {})) for pk in ids],
                "also_items": [pk for pk, _person in also],
                "also_people": [person for _pk, person in also],
                "milestone": milestone,
                "once": once,
                "actor": actor.pk if actor else None,
                "now": timezone.now(),
            },
        )
        told = cursor.rowcount
    record(
        verb="news.told",
        subject=subject,
        actor=actor.pk if actor else None,
        data={"milestone": milestone, "items": len(ids), "notices": told},
    )
    return told


# The nearest item of theirs for each person and item, as in `announce`.
_TELL_EACH = """
WITH RECURSIVE walk(root, id, depth) AS (
    SELECT unnest(%(ids)s::bigint[]), unnest(%(ids)s::bigint[]), 0
  UNION
    SELECT w.root, l.upstream_id, w.depth + 1
    FROM walk w JOIN thread_link l ON l.downstream_id = w.id AND l.ended_at IS NULL
    WHERE w.depth < 20
), reached AS (
    SELECT i.author_id AS person, w.root, w.id AS because, w.depth
    FROM walk w JOIN thread_item i ON i.id = w.id WHERE i.author_id IS NOT NULL
  UNION ALL
    SELECT f.person_id, w.root, w.id, w.depth FROM walk w JOIN thread_follow f ON f.item_id = w.id
  UNION ALL
    SELECT f.person_id, i.id, i.id, 0
    FROM thread_item i JOIN thread_follow f ON f.theme_id = i.theme_id WHERE i.id = ANY(%(ids)s::bigint[])
  UNION ALL
    SELECT person, item, item, 1000
    FROM unnest(%(also_people)s::bigint[], %(also_items)s::bigint[]) AS also (person, item)
), nearest AS (
    SELECT DISTINCT ON (person, root) person, root, because
    FROM reached WHERE person IS DISTINCT FROM %(actor)s ORDER BY person, root, depth, because
)
INSERT INTO thread_notice (person_id, item_id, because_id, milestone, news, data, created_at)
SELECT person, root, because, %(milestone)s, left(%(milestone)s || ':' || root || ':' || %(once)s, 100),
       given.data::jsonb, %(now)s
FROM nearest JOIN unnest(%(ids)s::bigint[], %(data)s::text[]) AS given (item, data) ON given.item = root
ORDER BY person, root
ON CONFLICT (person_id, news) DO NOTHING
"""


_TELL = """
INSERT INTO thread_notice (person_id, item_id, because_id, milestone, news, data, created_at)
SELECT person, %(item)s, because, %(milestone)s, %(news)s, %(data)s, %(now)s
FROM unnest(%(people)s::bigint[], %(because)s::bigint[]) AS told (person, because)
ON CONFLICT (person_id, news) DO NOTHING
"""

_PEOPLE = """
SELECT person, item FROM (
    SELECT author_id AS person, id AS item FROM thread_item WHERE id = ANY(%(ids)s) AND author_id IS NOT NULL
  UNION ALL
    SELECT person_id, item_id FROM thread_follow WHERE item_id = ANY(%(ids)s)
  UNION ALL
    SELECT person_id, %(item)s FROM thread_follow WHERE theme_id = %(theme)s
) AS told
"""


def _people_upstream(depth: dict[int, int], item: Item) -> dict[int, int]:
    """Person id → the nearest item of theirs; who may not read the item itself hears nothing of it."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"ids": list(depth), "item": item.pk, "theme": item.theme_id})
        rows = cursor.fetchall()
    reasons: dict[int, int] = {}
    for person, because in rows:
        if person not in reasons or (depth[because], because) < (depth[reasons[person]], reasons[person]):
            reasons[person] = because
    return reasons


@transaction.atomic
def mark_read(*, person: Person, notices: list[int] | None = None) -> int:
    """Mark one's own news as read (all of it when none are named)."""
    unread = Notice.objects.filter(person=person, read_at__isnull=True)
    if notices is not None:
        unread = unread.filter(pk__in=notices)
    return unread.update(read_at=timezone.now())
