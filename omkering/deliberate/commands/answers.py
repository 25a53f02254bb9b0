"""The note of answer: give an answer to one point or to several that say the same, and change it.

An answer is never changed in place: another one takes its place, and who had it keeps both. While one of these runs,
the consultation is locked, so that two advisers answer one after the other.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.commands.answers_known import make_known
from omkering.deliberate.models import Answer, Answered, AnswerKind, Consultation
from omkering.deliberate.queries.answer_points import Point, points_of
from omkering.journal.commands import record
from omkering.thread.models import Item
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import Lengths, checked
from omkering.who.authority import require
from omkering.who.models import Person
from omkering.who.owners import BUREAU

LENGTHS: Lengths = {"reason": (20, 20_000)}  # least and most characters
MOST = 1_000  # points that one answer can be given to at once


@transaction.atomic
def give_answer(
    *, actor: Person, consultation: Consultation, items: Iterable[Item], kind: str, reason: str
) -> Answer:
    """Answer these points with one reason. Once the note is published, who put them in hears it at once.

    The same answer to the same points again is the same answer. ValidationError by field; `items` for what cannot be
    answered, with code `changed` where somebody else answered one of them meanwhile.
    """
    require(actor, "deliberate.give_answer", consultation)
    kind, reason = _checked(kind, reason)
    consultation = locked(consultation)
    points = _points(consultation, items)
    given = {point.answer for point in points.values()}
    if given != {None}:
        if (same := _the_same(given, set(points), actor, kind, reason)) is not None:
            return same
        _refuse_answered(points.values())
    answer = Answer.objects.create(consultation=consultation, kind=kind, reason=reason, person=actor)
    _give(answer, points)
    _record("given", consultation, actor, answer, points)
    if consultation.answer_published_at is not None:
        make_known(consultation, dict.fromkeys(points, answer), actor)
    return answer


@transaction.atomic
def add_to_answer(*, actor: Person, answer: Answer, items: Iterable[Item]) -> Answer:
    """Give these points an answer that is already there. Those that have this very answer stay as they are.

    ValidationError where another answer took its place, or one of the points has another answer.
    """
    require(actor, "deliberate.give_answer", answer.consultation)
    consultation = locked(answer.consultation)
    points = _points(consultation, items)
    points = {pk: point for pk, point in points.items() if point.answer != answer.pk}
    if not points:
        return answer
    answer = Answer.objects.get(pk=answer.pk)
    if not answer.given.filter(ended_at__isnull=True).exists():
        raise ValidationError(
            _("Another answer took the place of this one. Look at what it says now, and choose again."),
            code="changed",
        )
    _refuse_answered(points.values())
    _give(answer, points)
    _next_version(answer)
    _record("extended", consultation, actor, answer, points)
    if consultation.answer_published_at is not None:
        make_known(consultation, dict.fromkeys(points, answer), actor)
    return answer


@transaction.atomic
def change_answer(
    *,
    actor: Person,
    answer: Answer,
    version: int,
    kind: str,
    reason: str,
    items: Iterable[Item] | None = None,
) -> Answer:
    """Let another answer take the place of this one, for all its points or only for `items`; the old one is kept.

    `version` is the one that was read: if somebody changed it since, nothing is written and a ValidationError with
    code `changed` tells who did. Once the note is published, who put the points in hears of it.
    """
    require(actor, "deliberate.give_answer", answer.consultation)
    kind, reason = _checked(kind, reason)
    consultation = locked(answer.consultation)
    answer = Answer.objects.get(pk=answer.pk)
    standing = _standing(answer)
    chosen = standing if items is None else {item.pk for item in items}
    if (repeated := _repeated(answer, version, actor, kind, reason, chosen)) is not None:
        return repeated
    refuse_old(answer, version, standing)
    if not chosen or not chosen <= standing:
        raise ValidationError({"items": _("Choose at least one of the points that have this answer.")})
    if (answer.kind, answer.reason) == (kind, reason):
        return answer
    made = Answer.objects.create(
        consultation=consultation, kind=kind, reason=reason, person=actor, version=answer.version + 1
    )
    _end(answer, chosen)
    _give(made, chosen)
    if chosen != standing:
        _next_version(answer)
    _record("changed", consultation, actor, made, chosen, instead_of=answer.pk)
    if consultation.answer_published_at is not None:
        make_known(consultation, dict.fromkeys(chosen, made), actor, changed=True)
    return made


@transaction.atomic
def take_back_answer(*, actor: Person, answer: Answer, items: Iterable[Item]) -> None:
    """These points do not have this answer after all, and wait for one again. Only before the note is published."""
    require(actor, "deliberate.give_answer", answer.consultation)
    consultation = locked(answer.consultation)
    if consultation.answer_published_at is not None:
        raise ValidationError(
            _("The note is published, so an answer is not taken back. Change it instead: both are kept.")
        )
    answer = Answer.objects.get(pk=answer.pk)
    chosen = _standing(answer) & {item.pk for item in items}
    if not chosen:
        return
    _end(answer, chosen)
    _next_version(answer)
    _record("taken_back", consultation, actor, answer, chosen)


# --- what these share ------------------------------------------------------------------------------------------
def locked(consultation: Consultation) -> Consultation:
    """The consultation as it is now, locked against who answers at the same time."""
    rows = Consultation.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    return rows.defer("search").get(pk=consultation.pk)


def refuse_old(answer: Answer, version: int, standing: Collection[int]) -> None:
    """Raise ValidationError with code `changed`, which tells who changed it and when, unless `version` is new."""
    if version == answer.version and standing:
        return
    later = successor(answer)
    raise ValidationError(
        _(
            "%(who)s changed this answer on %(when)s, while you were busy. Look at what it says now, and send yours "
            "again."
        )
        % {
            "who": later.person.name if later else _("Somebody"),
            "when": date_format(timezone.localtime((later or answer).created_at), "j F Y, H:i"),
        },
        code="changed",
    )


def successor(answer: Answer) -> Answer | None:
    """The answer that its points have now, where that is another one; the newest of them."""
    items = Answered.objects.filter(answer=answer, ended_at__isnull=False).values("item_id")
    later = Answer.objects.filter(given__item__in=items, given__ended_at__isnull=True).exclude(pk=answer.pk)
    return later.select_related("person").order_by("-pk").first()


def _checked(kind: str, reason: str) -> tuple[str, str]:
    if kind not in AnswerKind.values:
        raise ValidationError({"kind": _("Choose what happens with it: taken over, partly, or not.")})
    texts = checked({"reason": reason}, LENGTHS)
    check_personal_data(texts)
    return kind, texts["reason"]


def _points(consultation: Consultation, items: Iterable[Item]) -> dict[int, Point]:
    """The points of a locked consultation that are meant, by id; ValidationError (`items`) where one is none."""
    wanted = {item.pk for item in items}
    if not wanted:
        raise ValidationError({"items": _("Choose at least one point to answer.")})
    if len(wanted) > MOST:
        raise ValidationError({"items": _("Choose at most %(most)s points at once.") % {"most": MOST}})
    found = {point.pk: point for point in points_of([consultation.pk]) if point.pk in wanted}
    if set(found) != wanted:
        raise ValidationError(
            {
                "items": _(
                    "Some of these points were withdrawn, or belong elsewhere. Choose from the list again."
                )
            }
        )
    if not all(point.ended for point in found.values()):
        raise ValidationError(
            {
                "items": _(
                    "The round is still going on, so this may still change. Answer it once the round is over."
                )
            }
        )
    return found


def _refuse_answered(points: Collection[Point]) -> None:
    number = sum(1 for point in points if point.answer is not None)
    if not number:
        return
    raise ValidationError(
        {
            "items": ValidationError(
                ngettext(
                    "%(n)s of these points got an answer meanwhile. Leave it out, or change that answer.",
                    "%(n)s of these points got an answer meanwhile. Leave them out, or change those answers.",
                    number,
                )
                % {"n": number},
                code="changed",
            )
        }
    )


def _the_same(
    given: set[int | None], items: set[int], actor: Person, kind: str, reason: str
) -> Answer | None:
    """The one answer that all these points, and no others, have, if it says the same: a double click."""
    (pk, *others) = given
    if pk is None or others:
        return None
    answer = Answer.objects.get(pk=pk)
    same = (answer.kind, answer.reason, answer.person_id) == (kind, reason, actor.pk)
    return answer if same and _standing(answer) == items else None


def _repeated(
    answer: Answer, version: int, actor: Person, kind: str, reason: str, chosen: set[int]
) -> Answer | None:
    """The answer that this very change made a moment ago: a double click is one click."""
    later = successor(answer)
    if later is None or (later.kind, later.reason, later.person_id) != (kind, reason, actor.pk):
        return None
    return later if later.version == version + 1 and chosen <= _standing(later) else None


def _standing(answer: Answer) -> set[int]:
    """The ids of the items that have this answer now."""
    return set(answer.given.filter(ended_at__isnull=True).values_list("item_id", flat=True))


def _give(answer: Answer, items: Iterable[int]) -> None:
    Answered.objects.bulk_create([Answered(answer=answer, item_id=pk) for pk in sorted(items)])


def _end(answer: Answer, items: Collection[int]) -> None:
    rows = answer.given.filter(item_id__in=items, ended_at__isnull=True)
    rows.update(ended_at=timezone.now())


def _next_version(answer: Answer) -> None:
    answer.version += 1
    answer.save(update_fields=["version"])


def _record(
    what: str, consultation: Consultation, actor: Person, answer: Answer, items: Collection[int], **data: Any
) -> None:
    record(
        verb=f"answer.{what}",
        subject=consultation.subject,
        actor=actor.pk,
        on_behalf_of=BUREAU,
        data={"answer": answer.pk, "kind": str(answer.kind), "items": sorted(items), **data},
    )
