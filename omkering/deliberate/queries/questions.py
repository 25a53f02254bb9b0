"""What people replied to the questions of a round: counts by answer, and by network and size class."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from omkering.deliberate.models import ConsultationRound, Question, Reply
from omkering.ui.groupings import groupings
from omkering.who.queries import register_on

LEAST = 5  # people; fewer are not described


@dataclass(frozen=True)
class Result:
    """How a question was replied to: each answer with its number and share, and the mean of a scale."""

    question: Question
    total: int
    answers: list[tuple[str, int, float]]
    mean: float | None
    groups: list[
        tuple[str, list[tuple[str, int, list[int]]]]
    ]  # grouping → (group, people, number of each answer)

    @property
    def described(self) -> bool:
        """Whether enough people replied to show what they said."""
        return self.total >= LEAST


def questions_of(round: ConsultationRound) -> list[Question]:
    """The questions of a round in their order; one query."""
    return list(round.questions.filter(withdrawn_at__isnull=True).order_by("order"))


def replies_of(round: ConsultationRound, person: Any) -> dict[int, int]:
    """Question → what this person replied; one query, none for a visitor."""
    if not getattr(person, "pk", None):
        return {}
    rows = Reply.objects.filter(question__in_round=round, person=person)
    return dict(rows.values_list("question_id", "value"))


def labels_of(question: Question) -> list[tuple[int, str]]:
    """The values of a question with their words."""
    if question.kind == Question.Kind.SCALE:
        return [(value, str(value)) for value in range(1, 6)]
    return list(enumerate(question.options))


def results_of(round: ConsultationRound) -> list[Result]:
    """How each question was replied to; seven queries."""
    questions = questions_of(round)
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    by_member: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
    rows = Reply.objects.filter(question__in=[question.pk for question in questions])
    for question, value, member in rows.values_list("question_id", "value", "member_id"):
        counts[question][value] += 1
        if member is not None:
            by_member[question][member, value] += 1
    groups_of, named = _groups(by_member)
    return [
        _result(question, counts[question.pk], by_member[question.pk], groups_of, named)
        for question in questions
    ]


def _groups(by_member: dict[int, Counter[tuple[int, int]]]) -> tuple[dict[int, dict[str, list[str]]], list]:
    """Member → its groups, and the groupings in words with those that are there."""
    members = {member for counter in by_member.values() for member, _value in counter}
    register = register_on(timezone.localdate())
    groups_of = {pk: register.groups(register.by_id[pk]) for pk in members if pk in register.by_id}
    present: dict[str, set[str]] = defaultdict(set)
    for groups in groups_of.values():
        for grouping, keys in groups.items():
            present[grouping].update(keys)
    return groups_of, groupings(present)


def _result(question: Question, counts: Counter[int], by_member: Any, groups_of: Any, named: Any) -> Result:
    labels = labels_of(question)
    total = sum(counts[value] for value, _label in labels)
    of_group: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for (member, value), number in by_member.items():
        for grouping, keys in groups_of.get(member, {}).items():
            for key in keys:
                of_group[grouping, key][value] += number
    groups = []
    for grouping in named:
        rows = []
        for key, name in grouping.names.items():
            found = of_group[grouping.key, key]
            if (people := sum(found.values())) >= LEAST:
                rows.append((name, people, [found[value] for value, _label in labels]))
        if rows:
            groups.append((grouping.title, rows))
    scale = question.kind == Question.Kind.SCALE
    return Result(
        question=question,
        total=total,
        answers=[(label, counts[value], counts[value] / total if total else 0.0) for value, label in labels],
        mean=sum(value * number for value, number in counts.items()) / total if scale and total else None,
        groups=groups,
    )
