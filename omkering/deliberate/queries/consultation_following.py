"""Following a round while it is going on: how much came in, where, and about what; fixed numbers of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from omkering.deliberate.models import ConsultationRound, Contribution, Reply, Statement, View
from omkering.deliberate.queries.consultations import SHOWN, Part, parts_of
from omkering.deliberate.subjects import Subject, subjects
from omkering.who.standing import standing_of

NEWEST = 1_000  # contributions in which subjects are looked for
BUSIEST = 10


@dataclass(frozen=True)
class Numbers:
    """How much came in."""

    reactions: int
    people: int
    views: int
    report_points: int
    statements: int
    replies: int


def numbers_of(round: ConsultationRound) -> Numbers:
    """How much came in during a round; four queries."""
    rows = Contribution.objects.filter(in_round=round, state__in=SHOWN).order_by()
    kinds = {kind: (number, people) for kind, number, people in _by_kind(rows)}
    reactions, people = kinds.get("reaction", (0, 0))
    return Numbers(
        reactions=reactions,
        people=people,
        views=View.objects.filter(in_round=round, handed_in_at__isnull=False).count(),
        report_points=sum(kinds.get(kind, (0, 0))[0] for kind in ("report_point", "chapter_advice")),
        statements=Statement.objects.filter(in_round=round, state__in=("shown", "answered")).count(),
        replies=Reply.objects.filter(question__in_round=round).values("person").distinct().count(),
    )


def _by_kind(rows: Any) -> list[tuple[str, int, int]]:
    counted = rows.values_list("kind").annotate(n=Count("pk"), people=Count("author", distinct=True))
    return list(counted)


@dataclass(frozen=True)
class Following:
    """What comes up, and the paragraphs that most is said about."""

    subjects: list[Subject]
    busiest: list[tuple[Part, int]]


def following(round: ConsultationRound, person: Any) -> Following:
    """What comes up in what this person may read, and where most came in; three queries."""
    rows = Contribution.objects.visible_to(standing_of(person), getattr(person, "pk", None))
    rows = rows.filter(in_round=round, state__in=SHOWN)
    parts = parts_of(round.consultation)
    texts = list(rows.order_by("-pk").values_list("text", flat=True)[:NEWEST])
    by_paragraph = dict(
        rows.filter(paragraph__isnull=False).order_by().values_list("paragraph_id").annotate(n=Count("pk"))
    )
    busiest = sorted(
        ((part, by_paragraph[part.pk]) for part in parts if part.pk in by_paragraph),
        key=lambda entry: (-entry[1], entry[0].address),
    )
    return Following(subjects(texts, [part.text for part in parts]), busiest[:BUSIEST])
