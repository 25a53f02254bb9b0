"""The review of rights: when it is due, that it was done, and telling of changes of special rights.

Special rights are those of roles for which a password alone is not enough (the bureau's). BIO2 5.18 and 8.02: all
rights are looked through once a year, special ones each quarter, and changes of them are reported.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.journal.commands import record
from omkering.journal.models import Event
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import Appointment, Person
from omkering.who.people_queries import rights_on, special_roles

SCOPES = ("all_rights", "special_rights")  # keys of [review] in the association folder
CHANGES = ("person.appointed", "person.dismissed")

# Called with the person, the role and whether it was given, in the transaction of the change.
Listener = Callable[[Person, str, bool], None]
_listeners: list[Listener] = []


def on_special_change(listener: Listener) -> Listener:
    """Decorator: call the function when somebody gets or loses a special right."""
    _listeners.append(listener)
    return listener


def tell_of_change(person: Person, role: str, *, given: bool) -> None:
    """Tell the listeners, when the role is a special one; inside the caller's transaction."""
    if role in special_roles():
        for listener in _listeners:
            listener(person, role, given)


# Called with the appointment and the first day that it holds no more, before that is written.
EndListener = Callable[[Appointment, date], None]
_end_listeners: list[EndListener] = []


def on_end(listener: EndListener) -> EndListener:
    """Decorator: call the function when an appointment ends, also when it is taken back before it began."""
    _end_listeners.append(listener)
    return listener


def tell_of_end(appointment: Appointment, ends: date) -> None:
    """Tell the listeners that an appointment ends; inside the caller's transaction."""
    for listener in _end_listeners:
        listener(appointment, ends)


@dataclass(frozen=True)
class Review:
    """The state of one kind of review: when it was last done (None: never), and since when its term runs."""

    scope: str
    done_at: datetime | None
    runs_from: datetime | None


def reviews() -> dict[str, Review]:
    """Each kind of review; a review of all rights counts for the special ones too. Two queries."""
    done: dict[str, datetime] = {}
    for subject, at in (
        Event.objects.filter(subject__in=[f"rights:{scope}" for scope in SCOPES], verb="rights.reviewed")
        .order_by("subject", "-pk")
        .distinct("subject")
        .values_list("subject", "at")
    ):
        done[subject.partition(":")[2]] = at
    if "all_rights" in done:
        done["special_rights"] = max(done["all_rights"], done.get("special_rights", done["all_rights"]))
    first = Event.objects.order_by("pk").values_list("at", flat=True).first()
    return {scope: Review(scope, done.get(scope), done.get(scope) or first) for scope in SCOPES}


def changes_since(moment: datetime | None) -> int:
    """How many special rights were given or ended since then (None: ever); one query."""
    changes = Event.objects.filter(verb__in=CHANGES, data__role__in=special_roles())
    return (changes.filter(at__gt=moment) if moment else changes).count()


@transaction.atomic
def review_rights(*, actor: Person, scope: str) -> None:
    """Record that all rights, or the special ones, were looked through today; by an administrator."""
    require(actor, "who.manage_people")
    if scope not in SCOPES:
        raise ValidationError(_("Choose which rights you looked through."))
    looked_at = rights_on(timezone.localdate(), special_only=scope == "special_rights").count()
    record(
        verb="rights.reviewed", subject=f"rights:{scope}", actor=actor.pk, data={"appointments": looked_at}
    )


def administrators() -> list[Person]:
    """Who is administrator today and may log in; one query."""
    roles = [role.key for role in association().roles_with("administer")]
    seats = Appointment.objects.on(timezone.localdate()).filter(role__in=roles)
    return list(Person.objects.filter(pk__in=seats.values("person_id"), is_active=True).order_by("pk"))
