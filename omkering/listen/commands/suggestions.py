"""An adviser settles a suggestion: accept it, changed or not, or dismiss it."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.journal.commands import record
from omkering.listen.commands.bundles import create, lock_bundle, lock_signals, put_in
from omkering.listen.models import Bundle, Suggestion
from omkering.who.authority import require
from omkering.who.models import Person


@transaction.atomic
def accept_suggestion(
    *,
    actor: Person,
    suggestion: Suggestion,
    title: str = "",
    leave_out: Collection[int] = (),
    summary: str = "",
) -> Bundle:
    """Make the suggested bundle, or let the signals join the bundle they were suggested for.

    `title` replaces the suggested name; `leave_out` holds ids of signals that stay loose.
    Raises ValidationError when too few are left, or one of them was settled meanwhile.
    """
    require(actor, "listen.bundle_signals")
    suggestion = _open(suggestion)
    left_out = set(leave_out)
    rows = lock_signals(row for row in suggestion.signals.all() if row.pk not in left_out)
    joins = suggestion.bundle is not None
    if len(rows) < (1 if joins else 2):
        raise ValidationError({"signals": _("Too few signals are left. Dismiss the suggestion instead.")})
    if suggestion.bundle is not None:
        bundle = lock_bundle(suggestion.bundle)
    else:
        bundle = create(
            actor=actor, title=title or suggestion.name, summary=summary, signals=rows, visibility=""
        )
    put_in(bundle, rows, actor)
    _settle(suggestion, Suggestion.State.ACCEPTED, actor, bundle)
    record(
        verb="bundle.grown" if joins else "bundle.made",
        subject=bundle.subject,
        actor=actor.pk,
        data={
            "suggestion": suggestion.pk,
            "signals": [row.pk for row in rows],
            "left_out": sorted(left_out),
        },
    )
    return bundle


@transaction.atomic
def dismiss_suggestion(*, actor: Person, suggestion: Suggestion) -> None:
    """These signals do not belong together; they are not suggested again unless clearly more join them."""
    require(actor, "listen.bundle_signals")
    suggestion = _open(suggestion)
    _settle(suggestion, Suggestion.State.DISMISSED, actor, suggestion.bundle)
    record(verb="suggestion.dismissed", subject=f"suggestion:{suggestion.pk}", actor=actor.pk)


def _open(suggestion: Suggestion) -> Suggestion:
    row = Suggestion.objects.select_for_update(of=("self",)).filter(pk=suggestion.pk).first()
    if row is None or row.state != Suggestion.State.OPEN:
        raise ValidationError(_("This suggestion was settled or renewed meanwhile."))
    return row


def _settle(suggestion: Suggestion, state: str, actor: Person, bundle: Bundle | None) -> None:
    suggestion.state = state
    suggestion.bundle = bundle
    suggestion.settled_by = actor
    suggestion.settled_at = timezone.now()
    suggestion.save(update_fields=["state", "bundle", "settled_by", "settled_at"])
