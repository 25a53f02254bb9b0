"""Reading people and their rights; each function has a fixed number of queries."""

from datetime import date

from django.db.models import Q, QuerySet

from omkering.journal.models import Event
from omkering.who.current import powers_of, roles_by_key
from omkering.who.models import Appointment, Mandate, Member, Person

RECENT = 20


def special_roles() -> list[str]:
    """The roles whose rights are special: those for which a password alone is not enough."""
    return [key for key, role in roles_by_key().items() if role.second_factor]


def people_found(text: str, role: str, day: date) -> QuerySet[Person]:
    """People whose name or address holds `text` and who hold `role` on `day` (each may be empty)."""
    found = Person.objects.all()
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text))
    if role:
        found = found.filter(pk__in=Appointment.objects.on(day).filter(role=role).values("person_id"))
    return found


def rights_on(day: date, *, special_only: bool = False) -> QuerySet[Appointment]:
    """Every role held on `day` with its holder, for the review of rights."""
    rows = Appointment.objects.on(day).select_related("person", "member", "network", "body")
    return rows.filter(role__in=special_roles()) if special_only else rows


def mandates_on(day: date) -> dict[int, Mandate]:
    """Member id → the mandate to vote that holds on `day`; one query."""
    rows = Mandate.objects.on(day).filter(scope=Mandate.Scope.VOTE).select_related("person").order_by("pk")
    return {mandate.member_id: mandate for mandate in rows}


def may_vote_for(member: Member, day: date) -> QuerySet[Person]:
    """Who may be given the mandate: people with a role at the member that may vote."""
    roles = [key for key in roles_by_key() if "vote" in powers_of([key])]
    seats = Appointment.objects.on(day).filter(member=member, role__in=roles)
    return Person.objects.filter(pk__in=seats.values("person_id"), is_active=True).order_by("name", "pk")


def changes_of_special_rights() -> list[tuple[Event, Person | None]]:
    """The newest changes of special rights, with the person whose rights changed; two queries."""
    events = list(
        Event.objects.filter(
            verb__in=("person.appointed", "person.dismissed"), data__role__in=special_roles()
        ).order_by("-pk")[:RECENT]
    )
    numbers = {event.subject.partition(":")[2] for event in events}
    people = {str(person.pk): person for person in Person.objects.filter(pk__in=numbers)}
    return [(event, people.get(event.subject.partition(":")[2])) for event in events]
