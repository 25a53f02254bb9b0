"""A made room of deliberation of real size: documents, consultations, statements, amendments, positions and lobby.

Written past the commands, like the rest of the made association; what it writes fits together as the commands would
have left it. The opinion map is made as the product makes it. With 20,000 people it has its full size.
"""

import random
from datetime import datetime

from rich.progress import Progress

from omkering.lab.consultations import make_consultations, make_statements
from omkering.lab.documents import make_amendments, make_documents
from omkering.lab.items import Deliberations
from omkering.lab.positions import make_positions
from omkering.thread.models import Theme
from omkering.who.models import Appointment, Body, Member, Network, Organisation

FULL = 20_000  # people, at which there is as much as the makers name
# Kinds of item that are found by their meaning, as the commands see to.
KINDS = (
    *("document", "consultation", "statement", "amendment", "view", "reaction", "view_point"),
    *("position", "contact"),
)


def make_deliberation(
    chance: random.Random,
    now: datetime,
    members: list[Member],
    people: list[tuple[int, int]],
    advisers: list[int],
    bar: Progress,
) -> Deliberations | None:
    """Fill the room; `people` are (person, member). None in an association without themes, bodies or parties."""
    part = (len(people) + len(advisers)) / FULL
    made = Deliberations(chance, now, members, people, advisers, part)
    made.themes = list(Theme.objects.order_by("pk").values_list("pk", flat=True))
    made.bodies = list(Body.objects.filter(kind="committee").order_by("pk").values_list("pk", flat=True))
    made.parties = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    made.networks = list(Network.objects.order_by("pk").values_list("pk", flat=True))
    if not (made.themes and made.bodies and made.parties and people and advisers):
        return None
    make_documents(made, bar)
    make_consultations(made, bar)
    make_amendments(made, bar)
    make_statements(made, bar)
    make_positions(made, bar)
    return made


def add_deliberation(seed: int, now: datetime, bar: Progress) -> None:
    """Fill the room of a made association that was made before it had one."""
    from omkering.lab.bulk import analyze, without_triggers
    from omkering.lab.generate import make_meanings

    advisers = list(
        Appointment.objects.filter(role="adviser").order_by("pk").values_list("person_id", flat=True)
    )
    seats = Appointment.objects.filter(member__isnull=False, person__email__endswith="@lab.example")
    people = list(seats.order_by("pk").values_list("person_id", "member_id"))
    members = list(Member.objects.on(now.date()).order_by("code"))
    with without_triggers():
        make_deliberation(random.Random(seed), now, members, people, advisers, bar)  # noqa: S311 - the same each time
        make_meanings(bar, KINDS)
        analyze()
