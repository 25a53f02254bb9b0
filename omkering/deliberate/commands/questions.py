"""Questions of a round, and what people reply to them for themselves."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.consultation_rows import (
    check_open,
    locked_round,
    works_for,
)
from omkering.deliberate.consultation_texts import checked
from omkering.deliberate.models import ConsultationRound, ConsultationState, Question, Reply
from omkering.journal.commands import record
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import tidy
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

SCALE = range(1, 6)
LEAST_OPTIONS, MOST_OPTIONS, LONGEST_OPTION = 2, 12, 200
MOST = 50  # questions of a round


@transaction.atomic
def add_question(
    *, actor: Person, round: ConsultationRound, kind: str, text: str, options: Sequence[str] = ()
) -> Question:
    """Add a question to a round that has not opened. `options` are the answers to choose from, one a line or each
    by itself; a scale has none. The same question again is the same question.
    """
    require(actor, "deliberate.plan_consultation", round.consultation)
    text = checked({"text": text}, text="question_text")["text"]
    if kind not in Question.Kind.values:
        raise ValidationError({"kind": _("Choose how the question is answered.")})
    options = _checked_options(options) if kind == Question.Kind.CHOICE else []
    row = locked_round(round)
    _check_planned(row)
    if not row.asks_questions:
        raise ValidationError(_("This round asks no questions. Change its plan first."))
    live = row.questions.filter(withdrawn_at__isnull=True)
    if (same := live.filter(kind=kind, text=text, options=options).first()) is not None:
        return same
    if live.count() >= MOST:
        raise ValidationError({"text": _("A round has at most %(most)s questions.") % {"most": MOST}})
    last = row.questions.aggregate(last=Max("order"))["last"] or 0
    made = Question.objects.create(in_round=row, order=last + 1, kind=kind, text=text, options=options)
    _record("question_added", row, actor, made)
    return made


@transaction.atomic
def withdraw_question(*, actor: Person, question: Question) -> Question:
    """Take a question out of a round that has not opened; twice is once."""
    require(actor, "deliberate.plan_consultation", question.in_round.consultation)
    row = locked_round(question.in_round)
    question = Question.objects.get(pk=question.pk)
    if question.withdrawn_at is not None:
        return question
    _check_planned(row)
    question.withdrawn_at = timezone.now()
    question.save(update_fields=["withdrawn_at"])
    _record("question_withdrawn", row, actor, question)
    return question


@transaction.atomic
def reply(*, actor: Person, round: ConsultationRound, values: Mapping[int, int]) -> int:
    """Reply to questions of an open round, by their ids; the last reply to each counts. Returns how many changed.

    On a scale the value is 1 to 5; of a choice the number of the option from 0.
    """
    require(actor, "deliberate.reply", round)
    questions = {row.pk: row for row in round.questions.filter(withdrawn_at__isnull=True)}
    errors = {
        f"q{pk}": _("Choose one of the answers.")
        for pk, value in values.items()
        if pk in questions and value not in allowed(questions[pk])
    }
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]
    if not values or not set(values) <= set(questions):
        raise ValidationError(_("Answer at least one of the questions on this page."))
    check_open(round)
    mine = Reply.objects.filter(person=actor, question__in=values)
    before = dict(mine.values_list("question_id", "value"))
    changed = sorted(pk for pk, value in values.items() if before.get(pk) != value)
    if not changed:
        return 0
    now, member = timezone.now(), works_for(actor, round)
    Reply.objects.bulk_create(
        [
            Reply(question_id=pk, person=actor, member_id=member, value=values[pk], changed_at=now)
            for pk in changed
        ],
        update_conflicts=True,
        unique_fields=["question", "person"],
        update_fields=["value", "member", "changed_at"],
    )
    record(
        verb="consultation.replied",
        subject=round.consultation.subject,
        actor=actor.pk,
        data={"round": round.pk, "questions": changed},
    )
    return len(changed)


def allowed(question: Question) -> range:
    """The values that a reply to this question may have."""
    return SCALE if question.kind == Question.Kind.SCALE else range(len(question.options))


# --- pieces --------------------------------------------------------------------------------------------------
def _checked_options(options: Sequence[str]) -> list[str]:
    tidied = [
        line for option in options for line in (tidy(part, one_line=True) for part in option.splitlines())
    ]
    tidied = [option for option in tidied if option]
    problem = ""
    if len(set(tidied)) < len(tidied):
        problem = _("Each answer must be another one.")
    elif not LEAST_OPTIONS <= len(tidied) <= MOST_OPTIONS:
        problem = _("Give two to twelve answers to choose from, each on its own line.")
    elif any(len(option) > LONGEST_OPTION for option in tidied):
        problem = _("An answer has at most %(most)s characters.") % {"most": LONGEST_OPTION}
    if problem:
        raise ValidationError({"options": problem})
    check_personal_data({"options": "\n".join(tidied)})
    return tidied


def _check_planned(row: ConsultationRound) -> None:
    if row.state != ConsultationState.PLANNED:
        raise ValidationError(_("This round has opened, so its questions stay as they are."))


def _record(what: str, row: ConsultationRound, actor: Person, question: Question) -> None:
    record(
        verb=f"consultation.{what}",
        subject=row.consultation.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"round": row.pk, "question": question.pk, "kind": str(question.kind)},
    )
