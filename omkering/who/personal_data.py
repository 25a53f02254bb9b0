"""What is kept of one person, over all apps: to hand it over, and to erase it.

Each app registers what its own tables hold of a person (`part`) and what of that is theirs alone and goes when
they leave (`erases`). What they contributed stays, under the name of a former participant.
"""

from collections.abc import Callable, Iterable
from typing import Any

from omkering.journal.models import Event
from omkering.who.models import Person

Part = Callable[[Person], Any]
Eraser = Callable[[Person], None]
Files = Callable[[Person], Iterable[tuple[str, Any]]]  # a name, and the stored file
_parts: dict[str, Part] = {}
_erasers: list[Eraser] = []
_files: list[Files] = []


def part(key: str) -> Callable[[Part], Part]:
    """Decorator: the function gives, as plain data (texts, numbers, lists, dicts), what `key` holds of a person."""

    def register(read: Part) -> Part:
        _parts[key] = read
        return read

    return register


def erases(eraser: Eraser) -> Eraser:
    """Decorator: the function deletes what is a person's alone; called while the address is still known."""
    _erasers.append(eraser)
    return eraser


def files(find: Files) -> Files:
    """Decorator: the function gives the files that a person added, each with a name for the copy."""
    _files.append(find)
    return find


def files_of(person: Person) -> list[tuple[str, Any]]:
    """The files that a person added, with a name for each."""
    return [file for find in _files for file in find(person)]


def personal_data_of(person: Person) -> dict[str, Any]:
    """Everything that is kept of a person (GDPR articles 15 and 20), by kind; a fixed number of queries."""
    return {key: read(person) for key, read in _parts.items()}


def erase_own(person: Person) -> None:
    """Delete what is the person's alone, in every app; inside the caller's transaction."""
    for eraser in _erasers:
        eraser(person)


@part("account")
def _account(person: Person) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "language": person.language,
        "mail": person.digest,
        "joined": person.joined.isoformat(),
        "last_login": person.last_login.isoformat() if person.last_login else None,
        "closed": person.closed_at.isoformat() if person.closed_at else None,
    }


@part("appointments")
def _appointments(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "role": seat.role,
            "where": str(seat.member or seat.network or seat.body or ""),
            "from": seat.starts.isoformat(),
            "until": seat.ends.isoformat() if seat.ends else None,
        }
        for seat in person.appointments.select_related("member", "network", "body").order_by("pk")
    ]


@part("mandates")
def _mandates(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "member": mandate.member.name,
            "from": mandate.starts.isoformat(),
            "until": mandate.ends.isoformat() if mandate.ends else None,
        }
        for mandate in person.mandates.select_related("member").order_by("pk")
    ]


@part("log")
def _log(person: Person) -> list[dict[str, Any]]:
    return [
        {"id": event.pk, "at": event.at.isoformat(), "verb": event.verb, "subject": event.subject}
        for event in Event.objects.filter(actor=person.pk).order_by("pk")
    ]


@part("changes_by_others")
def _changes_by_others(person: Person) -> list[dict[str, Any]]:
    about = Event.objects.filter(subject=f"person:{person.pk}").exclude(actor=person.pk).order_by("pk")
    return [{"id": event.pk, "at": event.at.isoformat(), "verb": event.verb} for event in about]
