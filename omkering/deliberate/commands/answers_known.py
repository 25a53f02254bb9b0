"""Publishing the note of answer, and telling everybody who put something in what became of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from omkering.deliberate.models import (
    Answer,
    AnswerKind,
    Backing,
    Consultation,
    ConsultationRound,
    ConsultationState,
    Contribution,
    View,
)
from omkering.deliberate.queries.answer_points import ENDED, HANDED_IN, points_of, rounds_going_on
from omkering.journal.commands import record
from omkering.thread import terms
from omkering.thread.commands import announce, announce_each
from omkering.thread.models import Item
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import Person
from omkering.who.owners import BUREAU

ANSWERED = "answered"  # the state of contributions, views and statements with a published answer


@transaction.atomic
def publish_note(*, actor: Person, consultation: Consultation) -> Consultation:
    """Publish the note of answer: everybody may read it, and who put something in hears what became of each point.

    ValidationError while a round goes on, or while something has no answer. A second time changes nothing.
    """
    require(actor, "deliberate.publish_note", consultation)
    rows = Consultation.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    consultation = rows.defer("search").get(pk=consultation.pk)
    if consultation.answer_published_at is not None:
        return consultation
    if consultation.state != ConsultationState.CLOSED or rounds_going_on(consultation):
        raise ValidationError(
            _("This consultation is not over yet. Publish the note of answer once the last round has closed.")
        )
    points = points_of([consultation.pk])
    if not points:
        raise ValidationError(_("Nothing was put in, so there is nothing to answer."))
    if lacking := sum(1 for point in points if point.answer is None):
        raise ValidationError(
            ngettext(
                "%(n)s point has no answer yet. Answer it first: everybody who put something in gets an answer.",
                "%(n)s points have no answer yet. Answer them first: everybody who put something in gets an answer.",
                lacking,
            )
            % {"n": lacking}
        )
    now = timezone.now()
    consultation.state, consultation.answer_published_at = ConsultationState.ANSWERED, now
    consultation.answered_at = consultation.changed_at = now
    consultation.save(update_fields=["state", "answer_published_at", "answered_at", "changed_at"])
    answers = Answer.objects.in_bulk({point.answer for point in points if point.answer is not None})
    record(
        verb="consultation.answered",
        subject=consultation.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"points": len(points), "answers": len(answers)},
    )
    given = {point.pk: answers[point.answer] for point in points if point.answer is not None}
    make_known(consultation, given, actor)
    # Who put something in hears of each point in words of its own.
    announce(
        item=consultation,
        milestone="consultation.answered",
        actor=actor,
        data={"points": len(points)},
        upstream=False,
    )
    return consultation


def make_known(
    consultation: Consultation, given: Mapping[int, Answer], actor: Person, *, changed: bool = False
) -> None:
    """Mark these items as answered and tell who put them in; inside the transaction of the caller."""
    now = timezone.now()
    rows = Item.objects.filter(pk__in=given)
    rows.update(answered_at=now, changed_at=now)
    # An amendment keeps its state: what became of it, the vote says.
    rows.exclude(kind="amendment").update(state=ANSWERED)
    # A view that is made of points to single parts alone is answered once each of these is.
    open_points = Contribution.objects.filter(
        view__isnull=False, state__in=HANDED_IN, answered_at__isnull=True
    )
    views = View.objects.filter(text="", handed_in_at__isnull=False, points__in=given).exclude(
        pk__in=open_points.values("view_id")
    )
    Item.objects.filter(pk__in=views.values("pk")).update(state=ANSWERED, answered_at=now, changed_at=now)
    items = list(rows.defer("search", "body").order_by("pk"))
    audience = _also_told(list(given))
    for kind in AnswerKind.values:
        told = [item for item in items if given[item.pk].kind == kind]
        words: dict[str, Any] = {"answer": _in_languages(kind)} if changed else {}
        announce_each(
            items=told,
            milestone="answer.changed" if changed else f"answer.{kind}",
            actor=actor,
            subject=consultation.subject,
            data={item.pk: {"reason": summary_of(given[item.pk].reason), **words} for item in told},
            # An answer is news once; another one that takes its place is news again.
            once=str(given[told[0].pk].pk) if changed and told else "",
            audience=audience,
        )


@transaction.atomic
def owe_answers() -> int:
    """Set the day before which an answer is due, at every point of a round that is over that has none yet; returns how
    many. By the system alone, every few minutes; whoever puts something in late waits from that moment.
    """
    ended = ConsultationRound.objects.filter(state__in=ENDED)
    consultations = list(ended.values_list("consultation_id", flat=True).distinct())
    waiting = [point for point in points_of(consultations) if point.answer is None and point.ended]
    items = Item.objects.filter(
        pk__in=[point.pk for point in waiting], due_at__isnull=True, answered_at__isnull=True
    )
    rows = list(items.select_for_update(no_key=True).only("pk", "changed_at").order_by("pk"))
    if not rows:
        return 0
    closed = dict(ended.values_list("pk", "closed_at"))
    round_of = {point.pk: point.in_round for point in waiting}
    late = set(
        Contribution.objects.filter(pk__in=[row.pk for row in rows], late=True).values_list("pk", flat=True)
    )
    term = association().terms.consultation_answer
    for row in rows:
        from_closing = None if row.pk in late else closed[round_of[row.pk]]
        row.due_at = terms.due(term, from_closing or row.changed_at)
    Item.objects.bulk_update(rows, ["due_at"], batch_size=500)
    record(verb="answers.owed", subject="association", data={"items": len(rows)})
    return len(rows)


def _also_told(items: Collection[int]) -> dict[int, set[int]]:
    """Besides the authors: who handed in the view, and who stands behind the amendment for a member or network."""
    told: dict[int, set[int]] = defaultdict(set)
    views = View.objects.filter(handed_in_by__isnull=False)
    for pk, person in (
        *views.filter(pk__in=items).values_list("pk", "handed_in_by_id"),
        *Contribution.objects.filter(pk__in=items, view__handed_in_by__isnull=False).values_list(
            "pk", "view__handed_in_by_id"
        ),
        *Backing.objects.filter(amendment__in=items, ended_at__isnull=True).values_list(
            "amendment_id", "person_id"
        ),
    ):
        told[pk].add(person)
    return told


def _in_languages(kind: str) -> dict[str, str]:
    """What an answer says, in each language of the association."""
    words = {}
    for language in association().languages:
        with override(language):
            words[language] = str(AnswerKind(kind).label)
    return words
