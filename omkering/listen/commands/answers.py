"""The bureau answers a signal; the sender may object once, and somebody else answers that."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.journal.commands import record
from omkering.listen.commands.signals import on_behalf_of
from omkering.listen.models import Answer, Objection, Signal, SignalState
from omkering.listen.rules import ANSWERS, NEXT_STATES, OBJECTIONABLE
from omkering.listen.texts import checked
from omkering.thread import terms
from omkering.thread.commands import announce
from omkering.thread.privacy import check_personal_data
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import Body, Person
from omkering.who.owners import BUREAU


def move(*, signal: Signal, state: str) -> None:
    """Take one step in the life of a signal whose row is locked; ValidationError if it may not be taken.

    A signal that is bundled or answered no longer waits for its first answer.
    """
    if state not in NEXT_STATES[signal.state]:
        raise ValidationError(
            _("A signal that is “%(now)s” cannot become “%(then)s”.")
            % {"now": SignalState(signal.state).label.lower(), "then": SignalState(state).label.lower()},
            code="step",
        )
    signal.state = state
    signal.changed_at = timezone.now()
    if state != SignalState.IN_REVIEW and signal.answered_at is None:
        signal.answered_at = signal.changed_at
    signal.save(update_fields=["state", "changed_at", "answered_at"])


@transaction.atomic
def take_into_review(*, actor: Person, signal: Signal) -> Signal:
    """The bureau starts looking at a signal."""
    require(actor, "listen.review_signal", signal)
    signal = Signal.objects.select_for_update().get(pk=signal.pk)
    move(signal=signal, state=SignalState.IN_REVIEW)
    record(verb="signal.in_review", subject=signal.subject, actor=actor.pk, on_behalf_of=BUREAU)
    announce(item=signal, milestone="signal.in_review", actor=actor)
    return signal


@transaction.atomic
def answer_signal(
    *,
    actor: Person,
    signal: Signal,
    state: str,
    reason: str,
    referred_body: Body | None = None,
    referred_to: str = "",
    personal_data_reason: str = "",
) -> Answer:
    """Take a signal up, refer it to somebody, or decline it: always with a reason in words.

    `referred_body` (a body of the association) or `referred_to` (another organisation) says to whom.
    """
    require(actor, "listen.review_signal", signal)
    if state not in ANSWERS:
        raise ValidationError({"state": _("Choose what happens with this signal.")})
    texts = checked({"reason": reason, "referred_to": referred_to})
    check_personal_data(texts, personal_data_reason)
    if state != SignalState.REFERRED:
        referred_body, texts["referred_to"] = None, ""
    elif referred_body is None and not texts["referred_to"]:
        raise ValidationError({"referred_to": _("Say to whom you refer it: choose a body, or write a name.")})
    signal = Signal.objects.select_for_update().get(pk=signal.pk)
    move(signal=signal, state=state)
    if referred_body is not None:
        signal.owner_body = referred_body
        signal.save(update_fields=["owner_body"])
        texts["referred_to"] = ""
    answer = Answer.objects.create(
        item=signal,
        state=state,
        person=actor,
        referred_body=referred_body,
        personal_data_reason=personal_data_reason.strip(),
        **texts,
    )
    record(
        verb=f"signal.{state}",
        subject=signal.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"answer": answer.pk, "state": str(state)},
    )
    announce(
        item=signal,
        milestone=f"signal.{state}",
        actor=actor,
        data={"reason": answer.reason, "addressee": answer.addressee},
        once=str(answer.pk),
    )
    return answer


@transaction.atomic
def object_to_answer(
    *, actor: Person, signal: Signal, text: str, personal_data_reason: str = ""
) -> Objection:
    """The sender does not agree with the answer: once, within the association's term.

    From then on the signal waits for an answer again.
    """
    require(actor, "listen.object", signal)
    text = checked({"text": text})["text"]
    check_personal_data({"text": text}, personal_data_reason)
    signal = Signal.objects.select_for_update().get(pk=signal.pk)
    answer = signal.answers.order_by("-created_at", "-pk").first()
    if signal.state not in OBJECTIONABLE or answer is None:
        raise ValidationError(_("You can object when a signal was declined or referred."))
    if Objection.objects.filter(signal=signal).exists():
        raise ValidationError(_("An objection was made already; you can object once."))
    if timezone.now() > terms.due(association().terms.objection_window, answer.created_at):
        raise ValidationError(_("The term for objecting has passed."))
    objection = Objection.objects.create(
        signal=signal,
        answer=answer,
        person=actor,
        text=text,
        personal_data_reason=personal_data_reason.strip(),
        due_at=terms.due(association().terms.objection_answer),
    )
    _owe(signal, objection)
    record(
        verb="objection.made",
        subject=signal.subject,
        actor=actor.pk,
        on_behalf_of=on_behalf_of(signal),
        data={"objection": objection.pk, "answer": answer.pk},
    )
    announce(item=signal, milestone="objection.made", actor=actor)
    return objection


def _owe(signal: Signal, objection: Objection) -> None:
    """An answer is owed again, before the objection's own term."""
    signal.due_at, signal.answered_at = objection.due_at, None
    signal.changed_at = objection.created_at
    signal.save(update_fields=["due_at", "answered_at", "changed_at"])


@transaction.atomic
def answer_objection(
    *, actor: Person, objection: Objection, reply: str, upheld: bool, personal_data_reason: str = ""
) -> Objection:
    """Answer an objection, by another person than who gave the answer; upheld, it is in review again."""
    require(actor, "listen.answer_objection", objection)
    reply = checked({"reply": reply})["reply"]
    check_personal_data({"reply": reply}, personal_data_reason)
    signal = Signal.objects.select_for_update().get(pk=objection.signal_id)
    objection = Objection.objects.get(pk=objection.pk)
    if objection.replied_at:
        raise ValidationError(_("This objection has been answered."))
    objection.reply, objection.upheld = reply, upheld
    objection.replied_by, objection.replied_at = actor, timezone.now()
    objection.personal_data_reason = "\n".join(
        filter(None, [objection.personal_data_reason, personal_data_reason.strip()])
    )
    objection.save()
    if upheld:
        signal.due_at = terms.due(association().terms.first_reply)
        signal.save(update_fields=["due_at"])
        move(signal=signal, state=SignalState.IN_REVIEW)
    else:
        signal.answered_at = signal.changed_at = objection.replied_at
        signal.save(update_fields=["answered_at", "changed_at"])
    record(
        verb="objection.answered",
        subject=signal.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        result="upheld" if upheld else "rejected",
        data={"objection": objection.pk},
    )
    announce(
        item=signal,
        milestone="objection.upheld" if upheld else "objection.rejected",
        actor=actor,
        data={"reason": reply},
    )
    return objection
