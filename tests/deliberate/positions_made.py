"""Positions, contacts and alignments for the tests."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from omkering.deliberate.commands.contacts import record_contact
from omkering.deliberate.commands.positions import add_position, take_position
from omkering.deliberate.models import Alignment, Contact, Position
from omkering.deliberate.queries.related_positions import message_text, related_positions
from omkering.who.models import Organisation, Person
from tests.people import make_adviser, make_theme

_number = count(1)
DECIDED = date(2024, 6, 5)
SUMMARY = "Het rijk betaalt gemeenten voor de kosten van hulp bij een te hoge energierekening."
TEXT = "Gemeenten helpen gezinnen die de energierekening niet betalen. Daar hoort vast geld van het rijk bij."
MESSAGE = "Gemeenten vragen vast geld voor hulp bij de energierekening, want nu betalen zij dit zelf."
OTHER = (
    "Wij vragen geen vast geld voor de energierekening, maar een lagere belasting op energie voor gezinnen."
)
WHY = "Onze leden zien meer in een lagere belasting dan in geld via gemeenten."
SAID = "Wij spraken af dat het netwerk de tekst nog eens bekijkt."


def make_organisation(key: str = "ezk") -> Organisation:
    return Organisation.objects.get_or_create(
        key=key, defaults={"kind": "ministry", "names": {"nl": f"Ministerie {key}", "en": f"Ministry {key}"}}
    )[0]


def make_position(
    *, actor: Person | None = None, title: str = "", readers: str = "members", audience=None, **fields
) -> Position:
    """A position that holds; `readers=""` leaves it a draft."""
    actor = actor or make_adviser()
    made = add_position(
        actor=actor,
        **{
            "title": title or f"Vast geld voor energiehulp {next(_number)}",
            "summary": SUMMARY,
            "text": TEXT,
            "theme": make_theme(),
            "addressees": [make_organisation()],
            "source": "assembly",
            "source_note": "Algemene ledenvergadering van 5 juni 2024, besluit 4",
            "taken_on": DECIDED,
            **fields,
        },
    )
    return take_position(actor=actor, position=made, readers=readers, audience=audience) if readers else made


def say(actor: Person, title: str, message: str, **kinds) -> dict[int, tuple[str, str]]:
    """What the author says of every position that is found: nothing to do with it, unless `kinds` says otherwise."""
    found = {
        entry.position.pk: ("none", "") for entry in related_positions(message_text(title, message), actor)
    }
    return {**found, **{int(key.removeprefix("p")): value for key, value in kinds.items()}}


def make_contact(
    actor: Person,
    party,
    *,
    position: Position | None = None,
    kind: str = "carries",
    note: str = "",
    title: str = "Gesprek over de energierekening",
    message: str = MESSAGE,
    **fields,
) -> Contact:
    """A planned contact; what it says of `position`, and nothing to do with the others that are found."""
    kinds = {f"p{position.pk}": (kind, note)} if position else {}
    return record_contact(
        actor=actor,
        party=party,
        title=title,
        message=message,
        said=say(actor, title, message, **kinds),
        **{"organisation": make_organisation(), "on": timezone.localdate() + timedelta(days=3), **fields},
    )


def make_departure(actor: Person, party, position: Position, **fields) -> Alignment:
    """The alignment of a contact that departs."""
    contact = make_contact(
        actor, party, position=position, kind="departs", note=WHY, **{"message": OTHER, **fields}
    )
    return Alignment.objects.get(relation__contact=contact, relation__position=position)
