"""The steps of a dossier: forward one at a time, back with a reason, and to its end."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.agenda.commands.dossier_rows import (
    data_of,
    enter,
    in_main_language,
    is_repetition,
    locked,
    refuse_closed,
    refuse_old,
)
from omkering.agenda.cooperation import Way, find_way, leader_words, missing, refusal, step_name
from omkering.agenda.dossier_texts import checked
from omkering.agenda.models import Dossier, DossierState
from omkering.agenda.queries.dossiers import facts_of
from omkering.journal.commands import record
from omkering.thread.commands import announce
from omkering.thread.texts import summary_of
from omkering.who.association.agenda_records import StepRecord
from omkering.who.association.records import CLOSED
from omkering.who.authority import require
from omkering.who.models import Body, Person
from omkering.who.owners import BUREAU


@transaction.atomic
def take_step(
    *,
    actor: Person,
    dossier: Dossier,
    to: str,
    note: str,
    version: int,
    owner_person: Person | None = None,
    owner_body: Body | None = None,
    due_on: date | None = None,
    result: str = "",
) -> Dossier:
    """Go on to the next step of the route: exactly one, and only when what it needs is there.

    `note` says what was done; everybody upstream hears it. Without `due_on` the step's own term holds. The last
    step, `closed`, also takes the `result`. A skipped step is refused with sentences that say what comes next
    and what that needs (code `step`); the same step twice is once.
    """
    require(actor, "agenda.edit_dossier", dossier)
    texts = checked({"note": note, "result": result})
    row = locked(dossier)
    if is_repetition(row, version, actor, to, note=texts["note"]):
        return row
    refuse_old(row, version)
    refuse_closed(row)
    way = way_of(row)
    if to == CLOSED and texts["result"]:
        row.result = texts["result"]
    if reasons := refusal(way, row.step, to, facts_of(row)):
        raise ValidationError([ValidationError(reason, code="step") for reason in reasons])
    step = _step(way, to)
    enter(
        row, way, step, actor=actor, note=texts["note"], owner_person=owner_person, owner_body=owner_body,
        due_on=due_on,
    )  # fmt: skip
    if step.key == CLOSED:
        _tell_end(row, actor, "dossier.closed", {"result": summary_of(row.result)})
        return row
    event = _record(row, actor, "dossier.step")
    with in_main_language():
        data = {"step": step_name(step), "leader": leader_words(step), "done": summary_of(texts["note"])}
    announce(item=row, milestone="dossier.step", actor=actor, data=data, once=str(event))
    return row


def close_dossier(*, actor: Person, dossier: Dossier, result: str, note: str, version: int) -> Dossier:
    """Close a dossier with what came of it: the step `closed`, from the step before it."""
    return take_step(actor=actor, dossier=dossier, to=CLOSED, note=note, result=result, version=version)


@transaction.atomic
def stop_dossier(*, actor: Person, dossier: Dossier, reason: str, version: int) -> Dossier:
    """End a dossier before the end of its route, with the reason that everybody hears; no step counts as taken."""
    require(actor, "agenda.edit_dossier", dossier)
    reason = checked({"reason": reason})["reason"]
    row = locked(dossier)
    if is_repetition(row, version, actor, CLOSED, reason=reason):
        return row
    refuse_old(row, version)
    refuse_closed(row)
    way = way_of(row)
    row.result = row.result or reason
    enter(row, way, way.steps[-1], actor=actor, reason=reason)
    _tell_end(row, actor, "dossier.stopped", {"reason": summary_of(reason)})
    return row


@transaction.atomic
def go_back(*, actor: Person, dossier: Dossier, reason: str, version: int, to: str = "") -> Dossier:
    """Go back to an earlier step of the route, with a reason; without `to` the nearest one that may be entered.

    A closed dossier is opened again by it. What the step needs must be there here too.
    """
    require(actor, "agenda.edit_dossier", dossier)
    reason = checked({"reason": reason})["reason"]
    row = locked(dossier)
    earlier, facts = steps_back(row), facts_of(row)
    if to == "":
        open_ones = [step for step in earlier if not missing(step, facts)]
        to = open_ones[-1].key if open_ones else ""
    # Repeated after going back one step, `to` is no longer earlier: so this comes before the check.
    if is_repetition(row, version, actor, row.step, reason=reason):
        return row
    refuse_old(row, version)
    step = next((step for step in earlier if step.key == to), None)
    if step is None:
        raise ValidationError(
            {"to": _("Choose an earlier step of this dossier.") if earlier else _("This is the first step.")}
        )
    if lacking := missing(step, facts):
        raise ValidationError({"to": [entry.sentence for entry in lacking]})
    enter(row, way_of(row), step, actor=actor, reason=reason)
    event = _record(row, actor, "dossier.went_back")
    with in_main_language():
        data = {"step": step_name(step), "reason": summary_of(reason)}
    announce(item=row, milestone="dossier.went_back", actor=actor, data=data, once=str(event))
    return row


def steps_back(row: Dossier) -> tuple[StepRecord, ...]:
    """The steps a dossier can go back to, in their order; a closed one also to the step that it closed at."""
    way = way_of(row)
    if row.state != DossierState.CLOSED:
        return way.before(row.step)
    last = row.steps.exclude(step=CLOSED).order_by("-number").first()
    at = way.step(last.step) if last else None
    return (*way.before(at.key), at) if at else ()


def way_of(row: Dossier) -> Way:
    """The route that a dossier goes; ValidationError where the association no longer has it."""
    way = find_way(row.model, row.route)
    if way is None or way.step(row.step) is None:
        raise ValidationError(
            _(
                "The association no longer has this model with this step. Choose another model for this dossier."
            )
        )
    return way


def _step(way: Way, key: str) -> StepRecord:
    return next(step for step in way.steps if step.key == key)


def _record(row: Dossier, actor: Person, verb: str) -> int:
    data = data_of(row, step=row.step, state=row.state)
    event = record(verb=verb, subject=row.subject, actor=actor.pk, on_behalf_of=BUREAU, data=data)
    return event.pk


def _tell_end(row: Dossier, actor: Person, verb: str, data: dict[str, str]) -> None:
    event = _record(row, actor, verb)
    announce(item=row, milestone=verb, actor=actor, data=data, once=str(event))
