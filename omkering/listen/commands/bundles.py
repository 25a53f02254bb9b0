"""Changes of bundles: make, add to, take out of, rename, merge and split.

What belongs to a signal (its author, its case, who recognises it) stays with the signal; a bundle only points
to it, through the thread's links. A signal is in at most one bundle that lives. Signals are locked in the
order of their ids, before their bundles are looked at.
"""

from collections.abc import Iterable, Sequence

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.journal.commands import record
from omkering.listen.models import Answer, Bundle, Signal, SignalState
from omkering.listen.rules_bundles import GROWING, LIVE, LOOSE, BundleState
from omkering.listen.texts import checked
from omkering.thread.chain import downstream_ids
from omkering.thread.commands import announce
from omkering.thread.models import Item, Link, LinkKind, Visibility
from omkering.thread.terms import due
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import Person


@transaction.atomic
def make_bundle(
    *,
    actor: Person,
    title: str,
    signals: Iterable[Signal],
    summary: str = "",
    visibility: str = "",
) -> Bundle:
    """Bundle loose signals under a title; their senders hear it.

    Without `visibility` everyone may read the bundle when everyone may read all its signals, else all
    members.
    Raises ValidationError (`title`, `signals`).
    """
    require(actor, "listen.bundle_signals")
    rows = lock_signals(signals)
    if len(rows) < 2:
        raise ValidationError({"signals": _("Choose at least two signals.")})
    bundle = create(actor=actor, title=title, summary=summary, signals=rows, visibility=visibility)
    put_in(bundle, rows, actor)
    record(
        verb="bundle.made",
        subject=bundle.subject,
        actor=actor.pk,
        data={"signals": [row.pk for row in rows]},
    )
    return bundle


@transaction.atomic
def add_signals(*, actor: Person, bundle: Bundle, signals: Iterable[Signal]) -> None:
    """Put loose signals in a bundle that exists; they share the answer it may have."""
    require(actor, "listen.bundle_signals", bundle)
    rows = lock_signals(signals)
    bundle = lock_bundle(bundle)
    if not rows:
        raise ValidationError({"signals": _("Choose at least one signal.")})
    put_in(bundle, rows, actor)
    record(
        verb="bundle.grown",
        subject=bundle.subject,
        actor=actor.pk,
        data={"signals": [row.pk for row in rows]},
    )


@transaction.atomic
def remove_signal(*, actor: Person, bundle: Bundle, signal: Signal, reason: str) -> None:
    """Take a signal out of its bundle, with a reason; it is in review again and an answer is owed."""
    require(actor, "listen.bundle_signals", bundle)
    (row,) = lock_signals([signal])
    bundle = lock_bundle(bundle)
    reason = checked({"reason": reason})["reason"]
    members = member_ids(bundle)
    if row.pk not in members:
        raise ValidationError({"signal": _("This signal is not in this bundle.")})
    _refuse_when_built_upon(bundle)
    _unbind(bundle, [row.pk])
    now = timezone.now()
    Item.objects.filter(pk=row.pk).update(
        state=SignalState.IN_REVIEW,
        changed_at=now,
        answered_at=None,
        due_at=due(association().terms.first_reply, now),
    )
    if len(members) == 1:
        _set_state(bundle, BundleState.DISSOLVED)
    event = record(verb="bundle.shrunk", subject=bundle.subject, actor=actor.pk, data={"signal": row.pk})
    announce(
        item=row,
        milestone="signal.unbundled",
        actor=actor,
        data={"bundle": bundle.title, "reason": reason},
        once=str(event.pk),
    )


@transaction.atomic
def rename_bundle(*, actor: Person, bundle: Bundle, title: str, reason: str) -> None:
    """Give a bundle another title, with a reason that its history keeps."""
    require(actor, "listen.bundle_signals", bundle)
    bundle = lock_bundle(bundle)
    texts = checked({"title": title, "reason": reason})
    title, reason, old = texts["title"], texts["reason"], bundle.title
    if title == old:
        raise ValidationError({"title": _("This is the name it has.")})
    with pghistory.context(reason=reason):
        Item.objects.filter(pk=bundle.pk).update(title=title, changed_at=timezone.now())
    bundle.title = title
    event = record(verb="bundle.renamed", subject=bundle.subject, actor=actor.pk)
    announce(
        item=bundle,
        milestone="bundle.renamed",
        actor=actor,
        data={"old": old, "reason": reason},
        once=str(event.pk),
    )


@transaction.atomic
def merge_bundles(*, actor: Person, bundles: Iterable[Bundle], title: str, summary: str = "") -> Bundle:
    """Make one bundle of several. The old ones keep their links, so that their senders go on hearing what
    already followed from them; the new one follows from them."""
    require(actor, "listen.bundle_signals")
    wanted = sorted({bundle.pk for bundle in bundles})
    signals = lock_signals(
        Signal.objects.filter(
            downstream_links__downstream__in=wanted,
            downstream_links__kind=LinkKind.BUNDLED_IN,
            downstream_links__ended_at__isnull=True,
        )
    )
    olds = list(Bundle.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    if len(olds) < 2:
        raise ValidationError({"bundles": _("Choose at least two bundles.")})
    if any(old.state not in LIVE for old in olds):
        raise ValidationError({"bundles": _("One of these bundles was merged or dissolved meanwhile.")})
    for old in olds:
        refuse_when_changed(old, signals)
    bundle = create(actor=actor, title=title, summary=summary, signals=signals, visibility="")
    states = {old.state for old in olds}
    if len(states) == 1:
        _inherit_answer(bundle, olds[0])
    _bind(bundle, signals)
    Link.objects.bulk_create(
        Link(upstream=old, downstream=bundle, kind=LinkKind.FOLLOWS_FROM) for old in olds
    )
    for old in olds:
        _set_state(old, BundleState.MERGED)
    record(verb="bundle.merged", subject=bundle.subject, actor=actor.pk, data={"bundles": wanted})
    announce(item=bundle, milestone="bundle.merged", actor=actor, data={"count": len(olds)})
    return bundle


@transaction.atomic
def split_bundle(
    *, actor: Person, bundle: Bundle, title: str, signals: Iterable[Signal], summary: str = ""
) -> Bundle:
    """Move some signals of a bundle to a new one; both keep the answer that was given."""
    require(actor, "listen.bundle_signals", bundle)
    rows = lock_signals(signals)
    bundle = lock_bundle(bundle)
    moved = {row.pk for row in rows}
    members = member_ids(bundle)
    if not moved or not moved <= members:
        raise ValidationError({"signals": _("Choose signals of this bundle.")})
    if moved == members:
        raise ValidationError({"signals": _("Leave at least one signal in the bundle.")})
    _refuse_when_built_upon(bundle)
    new = create(actor=actor, title=title, summary=summary, signals=rows, visibility=bundle.visibility)
    _inherit_answer(new, bundle)
    _unbind(bundle, moved)
    _bind(new, rows)
    record(
        verb="bundle.split",
        subject=new.subject,
        actor=actor.pk,
        data={"from": bundle.pk, "signals": sorted(moved)},
    )
    announce(item=new, milestone="bundle.split", actor=actor, data={"old": bundle.title})
    return new


# --- what these and the commands beside them share ---------------------------------------------------------
def lock_signals(signals: Iterable[Signal]) -> list[Signal]:
    """The signals as they are now, locked in the order of their ids."""
    ids = {signal.pk for signal in signals}
    rows = Signal.objects.select_for_update(of=("self", "item_ptr"))
    return list(rows.filter(pk__in=ids).select_related("theme").order_by("pk"))


def lock_bundle(bundle: Bundle) -> Bundle:
    """The bundle as it is now, locked; ValidationError when it lives no more."""
    row = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if row.state not in LIVE:
        raise ValidationError(_("This bundle was merged or dissolved meanwhile."))
    return row


def member_ids(bundle: Bundle) -> set[int]:
    """Ids of the signals in a bundle."""
    links = Link.objects.filter(downstream=bundle, kind=LinkKind.BUNDLED_IN, ended_at__isnull=True)
    return set(links.values_list("upstream_id", flat=True))


def refuse_when_changed(bundle: Bundle, rows: Iterable[Signal]) -> None:
    """The bundle is locked now: raise ValidationError when it got signals that were not locked before it."""
    if not member_ids(bundle) <= {row.pk for row in rows}:
        raise ValidationError(
            _("This bundle changed while you were busy. Look again, and send it once more.")
        )


def create(*, actor: Person, title: str, summary: str, signals: Sequence[Signal], visibility: str) -> Bundle:
    """A new, empty bundle for these signals: with their theme when they share it."""
    texts = checked({"title": title, "summary": summary})
    themes = {row.theme for row in signals}
    theme = themes.pop() if len(themes) == 1 else None
    open_to_all = all(row.visibility == Visibility.PUBLIC for row in signals)
    return Bundle.objects.create(
        kind="bundle",
        **texts,
        state=BundleState.IN_REVIEW,
        visibility=visibility or (Visibility.PUBLIC if open_to_all else Visibility.MEMBERS),
        theme=theme,
        owner_body=theme.body if theme else None,
        author=actor,
        example=all(row.example for row in signals),
    )


def put_in(bundle: Bundle, rows: Sequence[Signal], actor: Person) -> None:
    """Tie locked, loose signals to a bundle, give them its state, and tell their senders."""
    if bundle.state not in GROWING:
        raise ValidationError(
            {
                "signals": _(
                    "This bundle was declined. Make a new bundle, so that these signals are read first."
                )
            }
        )
    ids = [row.pk for row in rows]
    taken = Link.objects.filter(
        upstream__in=ids,
        kind=LinkKind.BUNDLED_IN,
        ended_at__isnull=True,
        downstream__state__in=LIVE,
    ).exists()
    if taken or any(row.state not in LOOSE for row in rows):
        raise ValidationError(
            {"signals": _("One of these signals is already in a bundle, or already has an answer.")}
        )
    if not downstream_ids([bundle.pk]).keys().isdisjoint(ids):
        raise ValidationError({"signals": _("One of these signals came of this bundle itself.")})
    _bind(bundle, rows)
    now = timezone.now()
    answer = Answer.objects.filter(item=bundle).order_by("-created_at", "-pk").first()
    answered = answer is not None and bundle.state != BundleState.IN_REVIEW
    Item.objects.filter(pk__in=ids).update(
        state=bundle.state if answered else SignalState.BUNDLED,
        changed_at=now,
        answered_at=Coalesce(F("answered_at"), now),
    )
    data: dict[str, object] = {"bundle": bundle.title, "count": len(member_ids(bundle))}
    milestone = "signal.bundled"
    if answered and answer is not None:
        copy_answer(answer, ids)
        milestone = "signal.bundled_answered"
        data["reason"] = answer.reason
    for row in rows:
        announce(item=row, milestone=milestone, actor=actor, data=data, once=str(bundle.pk))


def copy_answer(answer: Answer, items: Iterable[int]) -> None:
    """Let an answer hold for these items too."""
    Answer.objects.bulk_create(
        Answer(
            item_id=item,
            state=answer.state,
            reason=answer.reason,
            referred_body_id=answer.referred_body_id,
            referred_to=answer.referred_to,
            personal_data_reason=answer.personal_data_reason,
            person_id=answer.person_id,
        )
        for item in items
    )


def _inherit_answer(bundle: Bundle, old: Bundle) -> None:
    answer = Answer.objects.filter(item=old).order_by("-created_at", "-pk").first()
    if answer is not None and old.state != BundleState.IN_REVIEW:
        copy_answer(answer, [bundle.pk])
        _set_state(bundle, old.state)


def _set_state(bundle: Bundle, state: str) -> None:
    bundle.state = state
    Item.objects.filter(pk=bundle.pk).update(state=state, changed_at=timezone.now())


def _bind(bundle: Bundle, rows: Iterable[Signal]) -> None:
    Link.objects.bulk_create(Link(upstream=row, downstream=bundle, kind=LinkKind.BUNDLED_IN) for row in rows)


def _unbind(bundle: Bundle, ids: Iterable[int]) -> None:
    Link.objects.filter(
        upstream__in=list(ids), downstream=bundle, kind=LinkKind.BUNDLED_IN, ended_at__isnull=True
    ).update(ended_at=timezone.now())


def _refuse_when_built_upon(bundle: Bundle) -> None:
    """Senders must go on hearing what follows from their signal; so nobody leaves once something does."""
    follows = Link.objects.filter(upstream=bundle, ended_at__isnull=True).exclude(downstream__kind="bundle")
    if follows.exists():
        raise ValidationError(
            _("Something already follows from this bundle, such as a proposal. Its signals stay together.")
        )
