"""Statements and the opinion map for the tests of every address: an open round with some that are shown, one that
waits and one that was refused, votes of twelve people, and a map.
"""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from omkering.deliberate.commands.consultation_rounds import plan_round
from omkering.deliberate.commands.consultation_times import open_round
from omkering.deliberate.commands.consultations import plan_consultation
from omkering.deliberate.commands.opinion import renew_map
from omkering.deliberate.commands.statements import refuse_statement, show_statement, vote, write_statement
from omkering.deliberate.models import ConsultationRound, Statement
from omkering.thread.models import Visibility
from omkering.who.models import Person
from tests.people import make_person

TEXTS = (
    "De gemeente bepaalt zelf welke wijk het eerst van het gas gaat.",
    "Het rijk betaalt de kosten van warmtenetten.",
    "Jeugdzorg hoort bij het rijk en niet bij gemeenten.",
    "Kleine gemeenten krijgen evenveel stemmen als grote.",
    "De contributie mag omhoog als de vereniging meer doet.",
    "Raadsleden worden eerder bij een standpunt betrokken.",
    "Vergaderen kan vaker op afstand.",
)
REASON = "Dit gaat over iets anders dan dit document."

_ROUND = {"pk": "statement_round"}
ARGUMENTS: dict[str, dict[str, str]] = {
    "deliberate:statements": _ROUND,
    "deliberate:vote_statements": _ROUND,
    "deliberate:write_statement": _ROUND,
    "deliberate:moderate_statements": _ROUND,
    "deliberate:opinion_map": _ROUND,
    "deliberate:opinion_file": {**_ROUND, "form": "csv"},
    "deliberate:statement": {"pk": "statement"},
    "deliberate:cast_statement_vote": {"pk": "statement"},
    "deliberate:show_statement": {"pk": "statement_waiting"},
    "deliberate:refuse_statement": {"pk": "statement_waiting"},
}
POST_ONLY: set[str] = {"deliberate:cast_statement_vote", "deliberate:show_statement"}
REDIRECTS: set[str] = set()
FILES: set[str] = {"deliberate:opinion_file"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {}  # the round asks everyone


def _round(adviser: Person) -> ConsultationRound:
    """A round of everyone that is open."""
    now = timezone.now()
    consultation = plan_consultation(
        actor=adviser,
        title="Samen vooruit: stellingen",
        summary="Waar staan de gemeenten in 2030, en wat vraagt dat van ons?",
        question="Waar staan wij in 2030?",
        visibility=Visibility.PUBLIC,
    )
    round = plan_round(
        actor=adviser,
        consultation=consultation,
        title="Stellingen",
        public="everyone",
        opens_at=now,
        closes_at=now + timedelta(days=14),
        takes_reactions=False,
        takes_statements=True,
    )
    return open_round(actor=adviser, round=round)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything."""
    adviser, official = c.people["adviser"], c.people["official"]
    round = _round(adviser)
    shown = [
        show_statement(
            actor=adviser, statement=write_statement(actor=official, round=round, text=text), seen="waiting"
        )
        for text in TEXTS
    ]
    waiting = write_statement(
        actor=c.people["mayor"], round=round, text="Elke regio krijgt een eigen bureau."
    )
    refused = write_statement(actor=c.people["clerk"], round=round, text="Dit is geen goede vraag van u.")
    refuse_statement(actor=adviser, statement=refused, reason=REASON, same_as=shown[0])
    for number in range(12):
        person = make_person("councillor", member=c.own if number % 2 else c.other)
        for at, statement in enumerate(shown):
            vote(actor=person, statement=statement, value=1 if at == 0 or number < 6 else -1)
    vote(actor=c.people["mayor"], statement=shown[0], value=1)
    renew_map(round_id=round.pk)
    return {
        "statement_round": round.pk,
        "statement": shown[1].pk,
        "statement_waiting": waiting.pk,
        "statement_refused": refused.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    adviser = c.people["adviser"]
    round = ConsultationRound.objects.get(pk=c.ids["statement_round"])
    writers = [make_person("official", member=c.other) for _writer in range(3)]
    for number in range(18):
        made = write_statement(
            actor=writers[number % 3],
            round=round,
            text=f"Dit is stelling {number} over de toekomst van gemeenten.",
        )
        if number % 3:
            show_statement(actor=adviser, statement=made)
        elif number % 2:
            refuse_statement(actor=adviser, statement=made, reason=REASON)
    shown = list(Statement.objects.filter(in_round=round, state="shown"))
    for number in range(8):
        person = make_person("councillor", member=c.own if number % 2 else c.other)
        for statement in shown:
            vote(actor=person, statement=statement, value=1 if (statement.pk + number) % 2 else -1)
    renew_map(round_id=round.pk)
