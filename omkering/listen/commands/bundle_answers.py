"""The bureau answers a bundle: one answer for all the signals in it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.journal.commands import record
from omkering.listen.commands.bundles import (
    copy_answer,
    lock_bundle,
    lock_signals,
    member_ids,
    refuse_when_changed,
)
from omkering.listen.models import Answer, Bundle, Signal, SignalState
from omkering.listen.rules_bundles import ANSWERS, BundleState
from omkering.listen.texts import checked
from omkering.thread.commands import announce
from omkering.thread.models import Item
from omkering.thread.privacy import check_personal_data
from omkering.who.authority import require
from omkering.who.models import Body, Person

# Signals of a bundle that wait for its answer; others had one of their own before.
_WAITING = (SignalState.SUBMITTED, SignalState.IN_REVIEW, SignalState.BUNDLED)


@transaction.atomic
def answer_bundle(
    *,
    actor: Person,
    bundle: Bundle,
    state: str,
    reason: str,
    referred_body: Body | None = None,
    referred_to: str = "",
    personal_data_reason: str = "",
) -> Answer:
    """Take a bundle up, refer it (to a body, or to somebody in words) or decline it, with a reason.

    The answer holds for every signal in it that has none yet; all senders hear it once.
    Raises ValidationError (`state`, `reason`, `referred_to`).
    """
    require(actor, "listen.answer_bundle", bundle)
    if state not in ANSWERS:
        raise ValidationError({"state": _("Choose what happens with this bundle.")})
    texts = checked({"reason": reason, "referred_to": referred_to})
    check_personal_data(texts, personal_data_reason)
    if state != BundleState.REFERRED:
        referred_body, texts["referred_to"] = None, ""
    elif referred_body is not None:
        texts["referred_to"] = ""
    elif not texts["referred_to"]:
        raise ValidationError({"referred_to": _("Say to whom you refer it: choose a body, or write a name.")})
    rows = lock_signals(Signal.objects.filter(pk__in=member_ids(bundle)))
    bundle = lock_bundle(bundle)
    refuse_when_changed(bundle, rows)
    if bundle.state != BundleState.IN_REVIEW:
        raise ValidationError({"state": _("This bundle already has an answer.")})
    answer = Answer.objects.create(
        item=bundle,
        state=state,
        referred_body=referred_body,
        personal_data_reason=personal_data_reason.strip(),
        person=actor,
        **texts,
    )
    waiting = [row.pk for row in rows if row.state in _WAITING]
    copy_answer(answer, waiting)
    now = timezone.now()
    # As with a signal: what is referred to a body of the association is that body's from then on.
    owner = {"owner_body": referred_body} if referred_body is not None else {}
    Item.objects.filter(pk__in=[*waiting, bundle.pk]).update(
        state=state, changed_at=now, answered_at=Coalesce(F("answered_at"), now), **owner
    )
    bundle.state = state
    record(
        verb=f"bundle.{state}",
        subject=bundle.subject,
        actor=actor.pk,
        data={"answer": answer.pk, "signals": waiting},
    )
    announce(
        item=bundle,
        milestone=f"bundle.{state}",
        actor=actor,
        data={"reason": answer.reason, "addressee": answer.addressee},
    )
    return answer
