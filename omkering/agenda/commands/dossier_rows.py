"""What the commands of dossiers share: lock, refuse what changed meanwhile, and enter a step."""

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from omkering.agenda.cooperation import STATE, Way
from omkering.agenda.models import Dossier, DossierState, DossierStep
from omkering.journal.models import Event
from omkering.thread.terms import last_day
from omkering.who.association.agenda_records import StepRecord
from omkering.who.association.records import CLOSED
from omkering.who.current import association
from omkering.who.models import Body, Person

NAMED = 3  # changes that the refusal of an old version names

# What an event of a dossier changed, and its fields, in words.
CHANGES = {
    "dossier.step": gettext_lazy("took the next step"),
    "dossier.went_back": gettext_lazy("went back a step"),
    "dossier.model_changed": gettext_lazy("changed the model"),
    "dossier.closed": gettext_lazy("closed it"),
    "dossier.stopped": gettext_lazy("stopped it"),
}
FIELDS = {
    "title": gettext_lazy("the title"),
    "summary": gettext_lazy("what it is"),
    "solution": gettext_lazy("the solution"),
    "asks": gettext_lazy("what is asked of whom"),
    "result": gettext_lazy("the result"),
    "owner": gettext_lazy("the owner"),
    "owner_body": gettext_lazy("the body"),
    "theme": gettext_lazy("the theme"),
    "visibility": gettext_lazy("who may read it"),
    "audience": gettext_lazy("which network may read it"),
}


def locked(dossier: Dossier) -> Dossier:
    """The dossier as it is now, locked against who changes it at the same time."""
    rows = Dossier.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    return rows.select_related("theme").get(pk=dossier.pk)


def refuse_old(row: Dossier, version: int) -> None:
    """Raise ValidationError with code `changed`, which tells who changed what and when, unless `version` is new.

    What was typed is not lost: the page shows it beside what is there now.
    """
    if version == row.version:
        return
    events = list(
        Event.objects.filter(subject=row.subject, data__version__gt=version).order_by("-pk")[: NAMED + 1]
    )
    people = Person.objects.in_bulk([event.actor for event in events if event.actor])
    told = [_change_in_words(event, people) for event in events[:NAMED]]
    more = row.version - version - len(told)
    if told and more > 0:
        told.append(ngettext("and %(n)s change more", "and %(n)s changes more", more) % {"n": more})
    raise ValidationError(
        _(
            "This dossier changed while you were busy: %(changes)s. Look at what it says now, and send it again."
        )
        % {"changes": "; ".join(told) or _("somebody saved it")},
        code="changed",
    )


def _change_in_words(event: Event, people: dict[int, Person]) -> str:
    fields = [str(FIELDS[name]) for name in event.data.get("fields", []) if name in FIELDS]
    what = str(CHANGES.get(event.verb, "")) or _("changed %(fields)s") % {
        "fields": ", ".join(fields) or _("something")
    }
    person = people.get(event.actor or 0)
    return _("%(who)s %(what)s on %(when)s") % {
        "who": person.name if person else _("somebody"),
        "what": what,
        "when": date_format(timezone.localtime(event.at), "j F Y, H:i"),
    }


def refuse_closed(row: Dossier) -> None:
    """Raise ValidationError when the dossier is closed: it stays as it is, until it is opened again."""
    if row.state == DossierState.CLOSED:
        raise ValidationError(_("This dossier is closed. Go back a step first to work on it again."))


def is_repetition(row: Dossier, version: int, actor: Person, step: str, **texts: str) -> bool:
    """Whether this very step was just taken by this person: a double click is one click."""
    last = row.steps.order_by("-number").first()
    return (
        last is not None
        and row.version == version + 1
        and (last.step, last.person_id) == (step, actor.pk)
        and all(getattr(last, name) == text for name, text in texts.items())
    )


def refuse_gone(person: Person | None, field: str) -> None:
    """Raise ValidationError, at `field`, for somebody whose account is closed."""
    if person is not None and not person.is_active:
        raise ValidationError({field: _("%(name)s no longer works here.") % {"name": person.name}})


def in_main_language() -> translation.override:
    """Words that are kept for others are those of the association's main language, whoever writes them."""
    return translation.override(association().languages[0])


def term_of(step: StepRecord, due_on: date | None) -> date | None:
    """The last day for a step: the given one, else by its term; ValidationError for a day that is over."""
    today = timezone.localdate()
    if due_on is not None and due_on < today:
        raise ValidationError({"due_on": _("Choose today or a later day.")})
    return due_on or (last_day(step.term, today) if step.term else None)


def end_of(day: date | None) -> datetime | None:
    """The last moment of a day."""
    return timezone.make_aware(datetime.combine(day, time.max)) if day else None


def enter(
    row: Dossier,
    way: Way,
    step: StepRecord,
    *,
    actor: Person,
    note: str = "",
    reason: str = "",
    owner_person: Person | None = None,
    owner_body: Body | None = None,
    due_on: date | None = None,
) -> DossierStep:
    """Put a locked dossier in a step of a route, end the stay before it, and save it as a new version.

    A step always has an owner: the one that is given, else the dossier's, else who takes the step. What the state
    leads is no debt of the association, so the dossier then falls due on no day.
    """
    now = timezone.now()
    refuse_gone(owner_person, "owner_person")
    if owner_person is None and owner_body is None:
        owner_person, owner_body = row.owner, row.owner_body
    if owner_person is None and owner_body is None:
        owner_person = actor
    due_on = term_of(step, due_on)
    last = row.steps.order_by("-number").first()
    row.steps.filter(ended_at__isnull=True).update(ended_at=now)
    stay = DossierStep.objects.create(
        dossier=row,
        number=last.number + 1 if last else 1,
        model=way.model.key,
        route=way.route.key,
        step=step.key,
        owner_person=owner_person,
        owner_body=owner_body,
        due_on=due_on,
        note=note,
        reason=reason,
        person=actor,
        started_at=now,
    )
    closed = step.key == CLOSED
    row.model, row.route, row.step = way.model.key, way.route.key, step.key
    row.state = DossierState.CLOSED if closed else DossierState.OPEN
    row.due_at = None if closed or step.leader == STATE else end_of(due_on)
    row.answered_at = now if closed else None
    save(row, "model", "route", "step", "state", "due_at", "answered_at", "result", new=last is None)
    return stay


def save(row: Dossier, *fields: str, new: bool = False) -> None:
    """Save these fields as a new version, and what readers search for with them."""
    row.changed_at = timezone.now()
    if not new:
        row.version += 1
    row.body = "\n\n".join(text for text in (row.solution, row.asks, row.result) if text)
    row.save(update_fields=[*fields, "body", "changed_at", "version"])


def data_of(row: Dossier, **more: Any) -> dict[str, Any]:
    """What an event of a dossier holds: its version, and keys and counts."""
    return {"version": row.version, **more}
