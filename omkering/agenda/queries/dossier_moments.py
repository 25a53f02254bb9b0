"""What happened to a dossier, newest first: steps, answers on conditions, documents and members."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from omkering.agenda.cooperation import find_way, step_words
from omkering.agenda.models import (
    ConditionAnswer,
    ConditionState,
    DossierDocument,
    DossierStep,
    Participation,
)
from omkering.agenda.queries.conditions import ConditionList
from omkering.ui.addresses import address_of
from omkering.who.association.records import CLOSED


@dataclass(frozen=True)
class Moment:
    """Something that happened to it."""

    at: datetime
    text: str
    detail: str = ""
    url: str = ""


def moments_of(
    conditions: ConditionList,
    stays: Sequence[DossierStep],
    documents: Iterable[DossierDocument],
    takings: Iterable[Participation],
) -> list[Moment]:
    """Steps, answers, documents and members, newest first; one query."""
    found = [_step_moment(stay, before) for before, stay in zip([None, *stays], stays, strict=False)]
    by_id = {line.condition.pk: line.condition for line in conditions.lines}
    answers = ConditionAnswer.objects.filter(condition__among=frozenset(by_id)).values_list(
        "condition_id", "answer", "text", "created_at"
    )
    states = {state.value: str(state.label).lower() for state in ConditionState}
    condition = address_of("agenda:condition")
    found += [
        Moment(
            at,
            _("Answer on condition %(number)s, “%(title)s”: %(answer)s")
            % {"number": by_id[pk].number, "title": by_id[pk].title, "answer": states[answer]},
            text,
            condition(pk),
        )
        for pk, answer, text, at in answers
    ]
    found += [
        Moment(document.created_at, _("Document added: %(name)s") % {"name": document.name})
        for document in documents
        if document.withdrawn_at is None
    ]
    found += [
        Moment(
            taking.created_at,
            _("%(member)s takes part: %(part)s")
            % {"member": taking.member.name, "part": taking.get_part_display()},
        )
        for taking in takings
    ]
    return sorted(found, key=lambda moment: moment.at, reverse=True)


def _step_moment(stay: DossierStep, before: DossierStep | None) -> Moment:
    """A step in words: opened, forward, back, by another model, or stopped."""
    name = step_words(stay.model, stay.route, stay.step)
    way = find_way(stay.model, stay.route)
    words = {"step": name, "model": way.name if way else stay.model}
    if before is None:
        text = _("Opened by the model “%(model)s”, at the step “%(step)s”") % words
    elif (stay.model, stay.route) != (before.model, before.route):
        text = _("On by the model “%(model)s”, at the step “%(step)s”") % words
    elif stay.step == CLOSED:
        text = _("Stopped") if stay.reason else _("Closed")
    elif stay.reason:
        text = _("Back to the step “%(step)s”") % words
    else:
        text = _("On to the step “%(step)s”") % words
    return Moment(stay.started_at, text, stay.reason or stay.note)
