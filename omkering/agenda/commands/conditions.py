"""Conditions asked of parties outside: what is asked, what they answered, and whether they kept it.

Answers and fulfilments are added, never changed: the newest by its own date holds, whatever the order in which they
were recorded. The dossier is upstream of its conditions, and so are the signals that are the reason.
"""

from collections.abc import Iterable
from datetime import date
from types import EllipsisType
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.agenda.commands.condition_checks import (
    check_answer_days,
    check_asked_days,
    check_evidence,
    check_party,
    check_seen_day,
    news_of,
    readable_reasons,
    refuse_old,
    texts_of,
)
from omkering.agenda.models import (
    Condition,
    ConditionAnswer,
    ConditionState,
    Dossier,
    DossierDocument,
    DossierState,
    Fulfilment,
)
from omkering.agenda.promises import PROMISED, newest, owed_on
from omkering.journal.commands import record
from omkering.thread.commands import announce, link, remember_meaning, unlink
from omkering.thread.models import Item, Link, LinkKind
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import ContactRole, Organisation, Person
from omkering.who.owners import BUREAU

ANSWERS = (ConditionState.AGREED, ConditionState.PARTLY, ConditionState.REFUSED)
OPEN = (ConditionState.ASKED, *ANSWERS)  # asked and not withdrawn
# What a condition takes over from its dossier, so that who may read that may read this.
_OF_DOSSIER = (
    "visibility",
    "audience_id",
    "owner_body_id",
    "owner_member_id",
    "theme_id",
    "language",
    "example",
)


@transaction.atomic
def add_condition(
    *,
    actor: Person,
    dossier: Dossier,
    organisation: Organisation,
    condition_kind: str,
    title: str,
    exactly: str,
    why: str,
    contact: ContactRole | None = None,
    signals: Iterable[Item] = (),
) -> Condition:
    """Write down a condition, not yet asked; `signals` are the signals and bundles that are the reason.

    Raises ValidationError at the field that does not fit, `signals` for what the actor may not read.
    """
    require(actor, "agenda.ask_condition", dossier)
    texts = texts_of(title=title, exactly=exactly, why=why)
    reasons = readable_reasons(actor, signals)
    dossier = Dossier.objects.select_for_update(of=("self", "item_ptr"), no_key=True).get(pk=dossier.pk)
    if dossier.state == DossierState.CLOSED:
        raise ValidationError(_("This dossier is closed. Open it again before you add a condition."))
    check_party(organisation, contact, condition_kind)
    drafts = Condition.objects.filter(dossier=dossier, author=actor, state=ConditionState.DRAFT)
    if same := drafts.filter(organisation=organisation, condition_kind=condition_kind, **texts).first():
        return same  # a double click is one click
    last = Condition.objects.filter(dossier=dossier).aggregate(last=Max("number"))["last"] or 0
    condition = Condition.objects.create(
        kind="condition",
        state=ConditionState.DRAFT,
        dossier=dossier,
        number=last + 1,
        organisation=organisation,
        contact=contact,
        condition_kind=condition_kind,
        summary=summary_of(texts["exactly"]),
        body=f"{texts['exactly']}\n\n{texts['why']}",
        author=actor,
        **texts,
        **{name: getattr(dossier, name) for name in _OF_DOSSIER},
    )
    link(upstream=dossier, downstream=condition, kind=LinkKind.ASKS, actor=actor)
    for item in reasons:
        link(upstream=item, downstream=condition, kind=LinkKind.ASKS, actor=actor)
    remember_meaning(item=condition)
    _record("made", condition, actor, dossier=dossier.pk, number=condition.number, signals=len(reasons))
    return condition


@transaction.atomic
def edit_condition(
    *,
    actor: Person,
    condition: Condition,
    version: int,
    title: str,
    exactly: str,
    why: str,
    condition_kind: str,
    organisation: Organisation,
    contact: ContactRole | None = None,
    signals: Iterable[Item] | None = None,
    answer_due: date | EllipsisType | None = ...,
    reason: str = "",
) -> Condition:
    """Change a condition: freely while it is a draft; once asked, with a reason that its history keeps.

    `version` is the one that was read. `signals` None leaves the reasons as they are; those that the actor cannot
    see stay in any case. Who is asked does not change once it was asked; by when an answer is due does, as long as
    there is none, and `...` leaves it as it is.
    """
    require(actor, "agenda.ask_condition", condition)
    texts = texts_of(title=title, exactly=exactly, why=why)
    reasons = None if signals is None else readable_reasons(actor, signals)
    condition = _locked(condition)
    refuse_old(condition, version)
    if condition.state == ConditionState.WITHDRAWN:
        raise ValidationError(_("This was withdrawn. It stays in the record as it is."))
    draft = condition.state == ConditionState.DRAFT
    if not draft:
        reason = texts_of(reason=reason)["reason"]
        if organisation.pk != condition.organisation_id:
            raise ValidationError(
                {
                    "organisation": _(
                        "This was asked already, so the party stays. Withdraw it and ask another party anew."
                    )
                }
            )
    check_party(organisation, contact, condition_kind, retired_is_fine=not draft)
    if condition.state == ConditionState.ASKED and condition.asked_on and answer_due is not ...:
        check_asked_days(condition.asked_on, answer_due)
        condition.answer_due = answer_due
    for name, value in texts.items():
        setattr(condition, name, value)
    condition.condition_kind, condition.organisation, condition.contact = (
        condition_kind,
        organisation,
        contact,
    )
    condition.summary = summary_of(condition.exactly)
    condition.version += 1
    with pghistory.context(reason="" if draft else reason):
        condition.body = _words_in(condition)
        condition.owed_on = owed_on(
            condition.state, condition.answer_due, condition.promised_on, condition.met
        )
        _save(
            condition, *texts, "condition_kind", "organisation", "contact", "summary", "version", "body",
            "answer_due", "owed_on",
        )  # fmt: skip
    changed = _relink(condition, reasons, actor) if reasons is not None else 0
    remember_meaning(item=condition)
    event = _record("edited", condition, actor, version=condition.version, signals_changed=changed)
    if not draft:
        _tell(condition, "changed", actor, once=event.pk, reason=reason)
    return condition


@transaction.atomic
def ask_condition(
    *, actor: Person, condition: Condition, asked_on: date, answer_due: date | None = None
) -> Condition:
    """Say that it was asked, on which day, and before the end of which day an answer is due, if that is known.

    Raises ValidationError at `asked_on` or `answer_due`.
    """
    require(actor, "agenda.ask_condition", condition)
    condition = _locked(condition)
    if condition.state != ConditionState.DRAFT:
        same = (condition.asked_on, condition.answer_due) == (asked_on, answer_due)
        if condition.state in OPEN and same:
            return condition  # a double click is one click
        raise ValidationError(_("This was asked already, or withdrawn meanwhile."))
    check_asked_days(asked_on, answer_due)
    condition.asked_on, condition.answer_due = asked_on, answer_due
    _move(condition, ConditionState.ASKED)
    _save(condition, "asked_on", "answer_due")
    _record("asked", condition, actor, organisation=condition.organisation_id)
    _tell(condition, "asked", actor, day=asked_on)
    return condition


@transaction.atomic
def answer_condition(
    *,
    actor: Person,
    condition: Condition,
    answer: str,
    text: str,
    given_on: date,
    promised_on: date | None = None,
    evidence_url: str = "",
    document: DossierDocument | None = None,
) -> ConditionAnswer:
    """Record what the other party answered: agreed, partly or refused, with its words and where they are found.

    Another answer may follow later; the one given last holds, and all stay. Raises ValidationError at the field.
    """
    require(actor, "agenda.ask_condition", condition)
    text = texts_of(text=text)["text"]
    condition = _locked(condition)
    _refuse_unless_open(condition)
    if answer not in ANSWERS:
        raise ValidationError({"answer": _("Choose what they answered: agreed, partly agreed or refused.")})
    check_answer_days(condition, answer, given_on, promised_on)
    evidence_url = check_evidence(condition, evidence_url, document)
    said = {"answer": str(answer), "text": text, "given_on": given_on, "promised_on": promised_on}
    said |= {"evidence_url": evidence_url, "document": document, "person": actor}
    if same := ConditionAnswer.objects.filter(condition=condition, **said).first():
        return same  # a double click is one click
    made = ConditionAnswer.objects.create(condition=condition, **said)
    holds = _settle(condition)[0] == made
    _record("answered", condition, actor, answer=made.pk, state=str(answer), holds=holds)
    if holds:
        _tell(condition, answer, actor, once=made.pk, day=given_on)
    return made


@transaction.atomic
def fulfil_condition(
    *,
    actor: Person,
    condition: Condition,
    met: bool,
    text: str,
    seen_on: date,
    evidence_url: str = "",
    document: DossierDocument | None = None,
) -> Fulfilment:
    """Record whether it is there: met or not, what was seen, on which day, and where that is found.

    It may change later; what was seen last holds, and all stays. Raises ValidationError at the field.
    """
    require(actor, "agenda.ask_condition", condition)
    text = texts_of(text=text)["text"]
    condition = _locked(condition)
    _refuse_unless_open(condition)
    if not met and condition.state not in PROMISED:
        raise ValidationError(
            {"met": _("Nothing was promised, so it cannot be unkept. Record the answer they gave first.")}
        )
    check_seen_day(condition, seen_on)
    evidence_url = check_evidence(condition, evidence_url, document)
    seen = {"met": met, "text": text, "seen_on": seen_on}
    seen |= {"evidence_url": evidence_url, "document": document, "person": actor}
    if same := Fulfilment.objects.filter(condition=condition, **seen).first():
        return same  # a double click is one click
    made = Fulfilment.objects.create(condition=condition, **seen)
    holds = _settle(condition)[1] == made
    _record("met" if met else "not_met", condition, actor, fulfilment=made.pk, holds=holds)
    if holds:
        _tell(condition, "met" if met else "not_met", actor, once=made.pk, day=seen_on)
    return made


@transaction.atomic
def withdraw_condition(*, actor: Person, condition: Condition, reason: str) -> Condition:
    """It is asked no more, with the reason; it stays in the record. What was met is not withdrawn."""
    require(actor, "agenda.ask_condition", condition)
    reason = texts_of(reason=reason)["reason"]
    condition = _locked(condition)
    if condition.state == ConditionState.WITHDRAWN:
        if condition.withdraw_reason == reason:
            return condition
        raise ValidationError(_("This was withdrawn already."))
    if condition.met:
        raise ValidationError(_("This was met. It stays in the record as it is."))
    was_asked = condition.state != ConditionState.DRAFT
    condition.withdrawn_at, condition.withdraw_reason = timezone.now(), reason
    _move(condition, ConditionState.WITHDRAWN)
    _save(condition, "withdrawn_at", "withdraw_reason")
    _record("withdrawn", condition, actor)
    if was_asked:
        _tell(condition, "withdrawn", actor, reason=reason)
    return condition


# --- what these share ------------------------------------------------------------------------------------------
def _locked(condition: Condition) -> Condition:
    """The condition as it is now, locked."""
    rows = Condition.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    return rows.select_related("organisation").get(pk=condition.pk)


def _refuse_unless_open(condition: Condition) -> None:
    if condition.state not in OPEN:
        raise ValidationError(
            _("This was withdrawn. Ask it anew as another condition.")
            if condition.state == ConditionState.WITHDRAWN
            else _("This was not asked yet. Record first when it was asked.")
        )


def _move(condition: Condition, state: str) -> None:
    """Give a locked condition its state, in both places where it stands, and with it what is owed."""
    condition.state = condition.answer = state
    condition.owed_on = owed_on(state, condition.answer_due, condition.promised_on, condition.met)
    _save(condition, "state", "answer", "owed_on")


def _settle(condition: Condition) -> tuple[ConditionAnswer | None, Fulfilment | None]:
    """Let the newest answer and fulfilment of a locked condition hold; returns them."""
    answers = list(ConditionAnswer.objects.filter(condition=condition))
    seen = list(Fulfilment.objects.filter(condition=condition))
    answer = newest(answers, lambda row: row.given_on)
    fulfilment = newest(seen, lambda row: row.seen_on)
    if answer is not None:
        condition.answered_on, condition.promised_on = answer.given_on, answer.promised_on
        condition.answered_at = condition.answered_at or timezone.now()
    if fulfilment is not None:
        condition.met, condition.met_on = fulfilment.met, fulfilment.seen_on
    condition.body = _words_in(condition)
    _move(condition, answer.answer if answer is not None else ConditionState.ASKED)
    _save(condition, "answered_on", "promised_on", "answered_at", "met", "met_on", "body")
    return answer, fulfilment


def _words_in(condition: Condition) -> str:
    """All text of a condition that somebody may search for."""
    said: list[Any] = [*condition.answers_given.order_by("pk"), *condition.fulfilments.order_by("pk")]
    return "\n\n".join([condition.exactly, condition.why, *(row.text for row in said)])


def _save(condition: Condition, *fields: str) -> None:
    condition.changed_at = timezone.now()
    condition.save(update_fields=[*fields, "changed_at"])


def _relink(condition: Condition, reasons: list[Item], actor: Person) -> int:
    """Make these the reasons, as far as the actor can see; returns how many came or went."""
    standing = reasons_linked(condition)
    visible = {item.pk for item in readable_reasons(actor, standing, strict=False)}
    wanted = {item.pk: item for item in reasons}
    present = {item.pk: item for item in standing}
    came = [item for pk, item in wanted.items() if pk not in present]
    went = [item for pk, item in present.items() if pk in visible and pk not in wanted]
    for item in came:
        try:
            link(upstream=item, downstream=condition, kind=LinkKind.ASKS, actor=actor)
        except ValueError:
            raise ValidationError(
                {"signals": _("“%(title)s” came of this condition itself.") % {"title": item.title}}
            ) from None
    for item in went:
        unlink(upstream=item, downstream=condition, kind=LinkKind.ASKS, actor=actor)
    return len(came) + len(went)


def reasons_linked(condition: Condition) -> list[Item]:
    """The signals and bundles that are the reason of a condition; one query."""
    links = Link.objects.filter(downstream=condition, kind=LinkKind.ASKS, ended_at__isnull=True)
    return list(
        Item.objects.filter(pk__in=links.values("upstream_id")).exclude(kind="dossier").order_by("pk")
    )


def _record(what: str, condition: Condition, actor: Person, **data: Any) -> Any:
    return record(
        verb=f"condition.{what}", subject=condition.subject, actor=actor.pk, on_behalf_of=BUREAU, data=data
    )


def _tell(
    condition: Condition,
    what: str,
    actor: Person,
    *,
    once: int | str = "",
    day: date | None = None,
    reason: str = "",
) -> None:
    """Tell who put in what is behind the condition."""
    announce(
        item=condition,
        milestone=f"condition.{what}",
        actor=actor,
        data=news_of(condition, day=day, reason=reason),
        once=str(once),
    )
