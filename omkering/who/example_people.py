"""The example log-ins of the demo: roles, not people. `lab` makes them, the log-in page shows them."""

from dataclasses import dataclass

from django.utils.translation import get_language

from omkering.who.current import association, roles_by_key
from omkering.who.models import Appointment

DOMAIN = "voorbeeld.example"
PASSWORD = "voorbeeld-omkering"  # noqa: S105 - of example log-ins, in the demo only


@dataclass(frozen=True)
class ExamplePerson:
    """One log-in: its address, its role and for whom it acts, in the reader's language."""

    email: str
    role: str
    holder: str


def example_people() -> list[ExamplePerson]:
    """The example log-ins, one for each role, in the order they were made; one query."""
    seats = (
        Appointment.objects.filter(person__email__endswith=f"@{DOMAIN}", person__is_active=True)
        .select_related("person", "member", "network", "body")
        .order_by("person_id")
    )
    language = get_language() or association().languages[0]
    return [
        ExamplePerson(
            email=seat.person.email,
            role=roles_by_key()[seat.role].names.get_in(language),
            holder=str(
                seat.member or seat.network or seat.body or association().short_names.get_in(language)
            ),
        )
        for seat in seats
        if seat.role in roles_by_key()
    ]
