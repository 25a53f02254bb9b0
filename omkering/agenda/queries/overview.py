"""Reading the agenda of a year: what was chosen, what is under way, and what is asked of members next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from omkering.agenda.models import Challenge, DossierState, Round, RoundState
from omkering.agenda.queries.challenges import active_challenges, counts_of
from omkering.agenda.queries.dossiers import Card, cards_of, readable_dossiers
from omkering.agenda.queries.priorities import RoundPriorities, priorities_in
from omkering.thread.models import Item
from omkering.who.standing import standing_of

SHOWN = 10  # dossiers and questions on the page; the others are a click away
ROUNDS_SHOWN = 6  # closed rounds with their priorities; the others are a click away
_ASKED = ("kind", "title", "example")  # columns of what asks something
ASKING = ("vote",)  # kinds of other rooms that ask members for something while they are open


@dataclass(frozen=True)
class Question:
    """Something members are asked to do, until a moment where there is one."""

    item: Item
    until: datetime | None
    words: str  # what is asked, in the words of whoever asks; "" where the kind says it


@dataclass(frozen=True)
class Year:
    """The agenda of one year, as far as the reader may see it."""

    year: int
    years: list[int]  # those there is an agenda of, newest first
    rounds: list[RoundPriorities]  # the newest of them
    more_rounds: int  # how many others were closed in the year
    questions: list[Question]
    dossiers: list[Card]
    open_dossiers: int
    late_dossiers: int
    challenges: list[tuple[Challenge, int]]  # with how much hangs under each


def year_of(year: int | None, person: Any) -> Year:
    """The agenda of `year`, or of the present one; a fixed number of queries."""
    now = timezone.localtime()
    first = Round.objects.order_by("closes_at").values_list("closes_at", flat=True).first()
    years = list(range(now.year, (timezone.localtime(first).year if first else now.year) - 1, -1))
    year = year if year in years else now.year
    closed = _visible(Round, person).filter(state=RoundState.CLOSED, closed_at__year=year)
    # Of the items alone, where all stands that is asked: each of thousands need not be looked up as a dossier.
    dossiers = _visible(Item, person).filter(kind="dossier", state=DossierState.OPEN).order_by()
    counts = dossiers.aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now, answered_at__isnull=True))
    )
    newest = dossiers.order_by("-changed_at", "-pk")
    challenges = list(active_challenges().only("title", "main_theme_id"))
    hanging = counts_of(challenges, person)
    return Year(
        year=year,
        years=years,
        rounds=priorities_in(closed, person, most=ROUNDS_SHOWN),
        more_rounds=max(0, closed.count() - ROUNDS_SHOWN),
        questions=_questions(person),
        dossiers=cards_of(list(newest.values_list("pk", flat=True)[:SHOWN]), now),
        open_dossiers=counts["all"],
        late_dossiers=counts["late"],
        challenges=[(challenge, hanging[challenge.pk]) for challenge in challenges],
    )


def _questions(person: Any) -> list[Question]:
    """Open rounds and votes by when they close, then dossiers that ask something; three queries."""
    rounds = _visible(Round, person).filter(state=RoundState.OPEN).order_by("closes_at", "pk")[:SHOWN]
    found = [Question(row, row.closes_at, "") for row in rounds.only(*_ASKED, "closes_at")]
    others = _visible(Item, person).filter(kind__in=ASKING, state="open").only(*_ASKED)
    found += [Question(row, None, "") for row in others.order_by("created_at", "pk")[:SHOWN]]
    asking = (
        readable_dossiers(person)
        .filter(state=DossierState.OPEN)
        .exclude(asks="")
        .only(*_ASKED, "asks")
        .order_by("-changed_at", "-pk")
    )
    return found + [Question(row, None, row.asks) for row in asking[:SHOWN]]


def _visible(model: Any, person: Any) -> Any:
    return model.objects.visible_to(standing_of(person), getattr(person, "pk", None))
