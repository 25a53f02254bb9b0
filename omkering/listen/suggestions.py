"""Suggesting bundles: loose signals that seem to belong together, or to a bundle that is there.

What people decided is never touched: accepted bundles keep their name and their signals, an open suggestion
keeps its name as long as most of its signals stay, and a dismissed one comes back only when it has clearly
grown.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from omkering.engine import similar
from omkering.journal.commands import record
from omkering.listen.models import Signal, Suggestion
from omkering.listen.rules_bundles import GROWING, LIVE, LOOSE
from omkering.thread.commands import meaning_text
from omkering.thread.models import Item, Link, LinkKind, Meaning

GROWN_BY = 2  # signals more than were dismissed, from which a suggestion may come back
ALIKE = 0.5  # share of signals in common from which two suggestions are the same one
_ONE_AT_A_TIME = 0x5166


@dataclass(frozen=True)
class Found:
    """A group that the engine found; `bundle` is the accepted one that the signals would join."""

    name: str
    signals: frozenset[int]
    bundle: int | None
    cohesion: int


def suggest() -> int:
    """Look for bundles among the loose signals anew; returns how many suggestions are open afterwards."""
    found = _find()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        return _keep(found)


def loose_signals():
    """Signals that nobody answered or bundled yet."""
    bundled = Link.objects.filter(
        upstream=OuterRef("pk"),
        kind=LinkKind.BUNDLED_IN,
        ended_at__isnull=True,
        downstream__state__in=LIVE,
    )
    return Signal.objects.filter(~Exists(bundled), kind="signal", state__in=LOOSE)


def _find() -> list[Found]:
    loose = list(loose_signals().values_list("pk", flat=True))
    accepted: dict[str, list[str]] = {}
    links = Link.objects.filter(
        kind=LinkKind.BUNDLED_IN, ended_at__isnull=True, downstream__state__in=GROWING
    ).order_by("upstream_id")
    for signal, bundle in links.values_list("upstream_id", "downstream_id"):
        accepted.setdefault(str(bundle), []).append(str(signal))
    ids = sorted({*loose, *(int(pk) for members in accepted.values() for pk in members)})
    if len(loose) < 1 or len(ids) < 2:
        return []
    texts, vectors = _texts_and_vectors(ids)
    outcome = similar.suggest_bundles([str(pk) for pk in ids], texts, vectors, accepted)
    found = []
    for group in outcome.bundles:
        signals = frozenset(int(pk) for pk in (group.joining if group.accepted else group.members))
        if signals:
            found.append(
                Found(
                    name=" ".join(group.name).capitalize()[:150],
                    signals=signals,
                    bundle=int(group.id) if group.accepted else None,
                    cohesion=max(0, min(100, round(group.cohesion * 100))),
                )
            )
    return found


def _texts_and_vectors(ids: list[int]) -> tuple[list[str], np.ndarray]:
    """Texts and sentence vectors in the order of `ids`; vectors that are missing are made and kept."""
    items = Item.objects.filter(pk__in=ids).only("title", "summary").order_by("pk")
    texts = [meaning_text(item) for item in items]
    position = {pk: number for number, pk in enumerate(ids)}
    vectors = np.zeros((len(ids), similar.DIMENSIONS), np.float32)
    known = Meaning.objects.filter(pk__in=ids).values_list("pk", "vector")
    for pk, vector in known.iterator(chunk_size=2000):
        vectors[position.pop(pk)] = vector
    missing = list(position.values())
    if missing:
        vectors[missing] = similar.encode([texts[number] for number in missing])
        Meaning.objects.bulk_create(
            [Meaning(item_id=ids[number], vector=vectors[number]) for number in missing],
            ignore_conflicts=True,
            batch_size=1000,
        )
    return texts, vectors


def _keep(found: Iterable[Found]) -> int:
    """Bring the open suggestions in line with what was found."""
    still_loose = set(loose_signals().values_list("pk", flat=True))
    opened, dismissed = _Groups(Suggestion.State.OPEN), _Groups(Suggestion.State.DISMISSED)
    kept: set[int] = set()
    for group in sorted(found, key=lambda g: (-len(g.signals), min(g.signals))):
        signals = group.signals & still_loose
        if len(signals) < (1 if group.bundle else 2) or _was_dismissed(signals, group.bundle, dismissed):
            continue
        same = _carried_on(signals, group.bundle, opened, kept)
        if same is None:
            same = Suggestion.objects.create(name=group.name, bundle_id=group.bundle, cohesion=group.cohesion)
        elif same.cohesion != group.cohesion:
            same.cohesion = group.cohesion
            same.save(update_fields=["cohesion"])
        if opened.signals.get(same.pk) != signals:
            same.signals.set(signals)
        kept.add(same.pk)
    gone = opened.rows.keys() - kept
    Suggestion.objects.filter(pk__in=gone).delete()
    record(
        verb="suggestions.renewed", subject="association", data={"open": len(kept), "withdrawn": len(gone)}
    )
    return len(kept)


class _Groups:
    """The suggestions in one state with their signals, and which ones share signals with a group."""

    def __init__(self, state: str) -> None:
        self.rows = {row.pk: row for row in Suggestion.objects.filter(state=state)}
        self.signals: dict[int, set[int]] = defaultdict(set)
        self._holding: dict[int, list[int]] = defaultdict(list)
        through = Suggestion.signals.through.objects.filter(suggestion__state=state)
        for suggestion, signal in through.values_list("suggestion_id", "signal_id"):
            self.signals[suggestion].add(signal)
            self._holding[signal].append(suggestion)

    def sharing(self, signals: Set[int], bundle: int | None) -> list[tuple[int, int]]:
        """(how many signals in common, suggestion) of those for the same bundle, most alike first."""
        common = Counter(pk for signal in signals for pk in self._holding.get(signal, ()))
        return sorted(
            ((count, pk) for pk, count in common.items() if self.rows[pk].bundle_id == bundle),
            key=lambda pair: (-pair[0], pair[1]),
        )


def _was_dismissed(signals: Set[int], bundle: int | None, dismissed: _Groups) -> bool:
    """Whether a group is one that was dismissed: mostly the same signals, and hardly any more of them."""
    return any(
        count >= ALIKE * len(signals) and len(signals) < len(dismissed.signals[pk]) + GROWN_BY
        for count, pk in dismissed.sharing(signals, bundle)
    )


def _carried_on(signals: Set[int], bundle: int | None, opened: _Groups, kept: set[int]) -> Suggestion | None:
    """The open suggestion that this group carries on, if any; it keeps its name."""
    for count, pk in opened.sharing(signals, bundle):
        if pk not in kept and count >= ALIKE * len(signals | opened.signals[pk]):
            return opened.rows[pk]
    return None
