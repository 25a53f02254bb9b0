"""Conditions for the tests of every address: one in each state, asked of two organisations."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from omkering.agenda.commands.conditions import (
    add_condition,
    answer_condition,
    ask_condition,
    fulfil_condition,
    withdraw_condition,
)
from omkering.agenda.models import Condition, Dossier
from omkering.thread.models import Item
from omkering.who.models import ContactRole, Organisation

EXACTLY = "Leg in de wet vast wat elke gemeente mag doen, en vanaf wanneer."
WHY = "Zonder deze regel kan een gemeente dit niet alleen."

ARGUMENTS: dict[str, dict[str, str]] = {
    "agenda:export_conditions": {"kind": "csv"},
    "agenda:export_figures": {"kind": "ods"},
    "agenda:add_condition": {"pk": "dossier"},
    "agenda:condition": {"pk": "condition_met"},
    "agenda:edit_condition": {"pk": "condition"},
    "agenda:ask_condition": {"pk": "condition"},
    "agenda:answer_condition": {"pk": "condition_asked"},
    "agenda:fulfil_condition": {"pk": "condition_agreed"},
    "agenda:withdraw_condition": {"pk": "condition_asked"},
    "agenda:organisation": {"key": "ienw"},
    "agenda:change_organisation": {"key": "ienw"},
    "agenda:retire_organisation": {"key": "ienw"},
    "agenda:add_contact_role": {"key": "ienw"},
    "agenda:change_contact_role": {"key": "ienw", "contact": "luchtkwaliteit"},
}
POST_ONLY: set[str] = set()
REDIRECTS: set[str] = set()
FILES: set[str] = {"agenda:export_conditions", "agenda:export_figures"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {}


def _add(c: SimpleNamespace, title: str, *, party: str = "ienw", kind: str = "law") -> Condition:
    return add_condition(
        actor=c.people["adviser"],
        dossier=Dossier.objects.get(pk=c.ids["dossier"]),
        organisation=Organisation.objects.get(key=party),
        condition_kind=kind,
        title=title,
        exactly=EXACTLY,
        why=WHY,
        contact=ContactRole.objects.filter(organisation__key=party).order_by("key").first(),
        signals=[Item.objects.get(pk=c.signals[0].pk)],
    )


def _asked(c: SimpleNamespace, title: str, **more: str) -> Condition:
    today = timezone.localdate()
    return ask_condition(
        actor=c.people["adviser"],
        condition=_add(c, title, **more),
        asked_on=today - timedelta(days=60),
        answer_due=today - timedelta(days=5),
    )


def _answered(c: SimpleNamespace, title: str, answer: str, **more: str) -> Condition:
    condition = _asked(c, title, **more)
    today = timezone.localdate()
    answer_condition(
        actor=c.people["adviser"],
        condition=condition,
        answer=answer,
        text="Het ministerie schreef dit in een brief.",
        given_on=today - timedelta(days=40),
        promised_on=None if answer == "refused" else today - timedelta(days=2),
        evidence_url="https://vereniging.example/brief",
    )
    return Condition.objects.get(pk=condition.pk)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    draft = _add(c, "Nog niet gevraagd")
    asked = _asked(c, "Gevraagd en niet beantwoord", kind="data")
    agreed = _answered(c, "Toegezegd en te laat", "agreed", kind="money")
    _answered(c, "Deels toegezegd", "partly", party="bzk", kind="capacity")
    _answered(c, "Geweigerd", "refused", party="bzk", kind="experiment")
    met = _answered(c, "Toegezegd en nagekomen", "agreed")
    fulfil_condition(
        actor=c.people["adviser"],
        condition=met,
        met=True,
        text="Het staat in de wet.",
        seen_on=timezone.localdate(),
    )
    withdrawn = _asked(c, "Gevraagd en ingetrokken")
    withdraw_condition(
        actor=c.people["adviser"],
        condition=withdrawn,
        reason="Een andere wet regelt dit intussen.",
    )
    return {
        "condition": draft.pk,
        "condition_asked": asked.pk,
        "condition_agreed": agreed.pk,
        "condition_met": met.pk,
        "condition_withdrawn": withdrawn.pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything."""
    for number in range(8):
        _asked(c, f"Gevraagd {number}", party=("ienw", "bzk")[number % 2])
        _answered(c, f"Toegezegd {number}", "agreed", party="kgg", kind="data")
        _answered(c, f"Geweigerd {number}", "refused", kind="money")
