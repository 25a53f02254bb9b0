"""Rounds with statements for the tests of this folder."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from omkering.deliberate.commands.statements import show_statement, vote, write_statement
from omkering.deliberate.models import Consultation, ConsultationRound, Statement
from omkering.thread.models import Visibility
from omkering.who.models import Person
from tests.people import make_adviser, make_member, make_person

TEXTS = (
    "De gemeente bepaalt zelf welke wijk het eerst van het gas gaat.",
    "Het rijk betaalt de kosten van warmtenetten.",
    "Jeugdzorg hoort bij het rijk en niet bij gemeenten.",
    "Kleine gemeenten krijgen evenveel stemmen als grote.",
    "De contributie mag omhoog als de vereniging meer doet.",
    "Raadsleden worden eerder bij een standpunt betrokken.",
    "Vergaderen kan vaker op afstand.",
    "Woningen bouwen gaat voor natuur.",
    "Elke regio krijgt een eigen bureau.",
    "De vereniging spreekt met één stem.",
)


def make_round(**fields: Any) -> ConsultationRound:
    """An open round of all members that takes statements."""
    now = timezone.now()
    consultation = fields.pop("consultation", None) or Consultation.objects.create(
        kind="consultation",
        title="Samen vooruit",
        question="Waar staan wij in 2030?",
        state="open",
        visibility=fields.pop("visibility", Visibility.PUBLIC),
    )
    values = {
        "number": 1,
        "title": "Stellingen",
        "takes_statements": True,
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=7),
        "state": "open",
        "opened_at": now - timedelta(days=1),
    }
    return ConsultationRound.objects.create(consultation=consultation, **{**values, **fields})


def close(round: ConsultationRound) -> ConsultationRound:
    """As the clock would have closed it, a minute ago."""
    ConsultationRound.objects.filter(pk=round.pk).update(
        state="closed",
        opens_at=timezone.now() - timedelta(days=2),
        closes_at=timezone.now() - timedelta(minutes=1),
        closed_at=timezone.now() - timedelta(minutes=1),
    )
    return ConsultationRound.objects.get(pk=round.pk)


def with_statements(round: ConsultationRound, number: int = 8, by: Person | None = None) -> list[Statement]:
    """So many statements that are shown."""
    by = by or make_person("official", member=make_member())
    adviser = make_adviser()
    return [
        show_statement(actor=adviser, statement=write_statement(actor=by, round=round, text=text))
        for text in TEXTS[:number]
    ]


def make_voters(number: int, **fields: Any) -> list[Person]:
    """People who work for a member each."""
    return [make_person("councillor", member=make_member(**fields)) for _voter in range(number)]


def all_vote(people: list[Person], statements: list[Statement], values: list[int]) -> None:
    """Each of them votes the same."""
    for person in people:
        for statement, value in zip(statements, values, strict=False):
            vote(actor=person, statement=statement, value=value)
