"""Dossiers, parties and conditions for the tests, made through the commands where that matters."""

from datetime import date
from itertools import count

from omkering.agenda.commands.conditions import add_condition, ask_condition
from omkering.agenda.models import Condition, Dossier, DossierState
from omkering.thread.models import Visibility
from omkering.who.models import ContactRole, Organisation
from tests.people import make_adviser

_number = count(1)
ASKED = date(2026, 1, 15)
EXACTLY = "Elke gemeente krijgt toegang tot de uitstoot per kenteken."
WHY = "Zonder die gegevens is de zone niet te handhaven."


def make_party(key: str = "", *, kind: str = "ministry", name: str = "") -> Organisation:
    key = key or f"partij-{next(_number)}"
    name = name or f"Ministerie van {key.title()}"
    return Organisation.objects.create(key=key, kind=kind, names={"nl": name, "en": f"Ministry {key}"})


def make_contact(party: Organisation, key: str = "directie") -> ContactRole:
    return ContactRole.objects.create(
        organisation=party, key=key, names={"nl": "Directie", "en": "Directorate"}
    )


def make_dossier(title: str = "Milieuzones", *, visibility=Visibility.MEMBERS, **fields) -> Dossier:
    return Dossier.objects.create(
        **{
            "kind": "dossier",
            "state": DossierState.OPEN,
            "title": title,
            "summary": "Gemeenten willen schone lucht in de stad.",
            "model": "omgekeerd_medebewind",
            "route": "overleg_vooraf",
            "step": "signalled",
            "visibility": visibility,
            **fields,
        }
    )


def make_condition(
    *, actor=None, dossier=None, organisation=None, asked_on=None, answer_due=None, **fields
) -> Condition:
    """A condition, a draft unless `asked_on` is given."""
    actor = actor or make_adviser()
    condition = add_condition(
        **{
            "actor": actor,
            "dossier": dossier or make_dossier(),
            "organisation": organisation or make_party(),
            "condition_kind": "data",
            "title": f"Gegevens over uitstoot {next(_number)}",
            "exactly": EXACTLY,
            "why": WHY,
            **fields,
        }
    )
    if asked_on:
        condition = ask_condition(actor=actor, condition=condition, asked_on=asked_on, answer_due=answer_due)
    return condition
