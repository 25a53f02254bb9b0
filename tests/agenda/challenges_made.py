"""Challenges and what hangs under them, for the tests of this folder."""

from itertools import count

from omkering.agenda.commands.challenges import add_challenge
from omkering.agenda.commands.couplings import couple
from omkering.agenda.models import Challenge, Coupling
from omkering.who.models import Person
from tests.people import make_adviser

_number = count(1)
REASON = "Beide opgaven vragen hetzelfde stuk grond."
SOURCE = "Discussienotitie, hoofdstuk 2"


def make_challenge(title: str = "", *, adviser: Person | None = None, **fields) -> Challenge:
    title = title or f"Opgave {next(_number)}"
    values = {"summary": "Een grote opgave van de komende jaren.", **fields}
    return add_challenge(actor=adviser or make_adviser(), title=title, **values)


def make_coupling(first: Challenge, second: Challenge, kind: str = "strengthens", **words) -> Coupling:
    texts = {"reason": REASON, "source": SOURCE, **words}
    return couple(actor=make_adviser(), first=first, second=second, kind=kind, **texts)
