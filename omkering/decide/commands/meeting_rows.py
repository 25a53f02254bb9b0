"""What the commands of meetings share: the locked row, what refuses, who hears of it, and the event."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.live import tell
from omkering.decide.meeting_rules import of_members
from omkering.decide.models import Delegate, Meeting, MeetingState
from omkering.journal.commands import record
from omkering.who import rolls
from omkering.who.current import powers_of, roles_by_key
from omkering.who.models import Appointment, Network, Person
from omkering.who.owners import BUREAU

BEFORE = (MeetingState.PLANNED, MeetingState.CALLED)
DURING = (MeetingState.OPEN, MeetingState.SUSPENDED)
OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)
LENGTHS = {
    "title": (3, 200),
    "place": (0, 200),
    "text": (0, 50_000),
    "reason": (3, 1000),
    "interest": (10, 2000),
    "proxy": (20, 4000),
    "request": (20, 5000),
}


def locked_meeting(meeting: Meeting | int) -> Meeting:
    """The meeting as it stands, with its rows locked; foreign keys to it may still be made."""
    pk = meeting if isinstance(meeting, int) else meeting.pk
    rows = Meeting.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
    return rows.select_related("owner_body").get(pk=pk)


def refuse_over(meeting: Meeting) -> None:
    """ValidationError where the meeting is closed or was called off."""
    if meeting.state == MeetingState.CANCELLED:
        raise ValidationError(_("This meeting does not go on."))
    if meeting.state == MeetingState.CLOSED:
        raise ValidationError(_("This meeting is over. Nothing about it can change."))


def refuse_old(present: int, seen: int | None) -> None:
    """ValidationError with the code "changed" where somebody saved another version meanwhile."""
    if seen is not None and seen != present:
        raise ValidationError(
            _("Somebody else changed this while you were writing. Look at both texts, and save again."),
            code="changed",
        )


def save(meeting: Meeting, *fields: str) -> None:
    """Keep these fields of a meeting, with when it changed."""
    meeting.changed_at = timezone.now()
    names: list[Any] = [*fields, "changed_at"]
    meeting.save(update_fields=names)


def note(
    verb: str,
    meeting: Meeting,
    actor: Person | None,
    data: dict[str, Any],
    *,
    about: str = "",
    on_behalf_of: str = BUREAU,
) -> int:
    """The event of a change of a meeting; its clients hear of it where `about` names a part. Returns its key."""
    event = record(
        verb=verb,
        subject=meeting.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=on_behalf_of,
        data=data,
    )
    if about:
        tell(meeting, about, **{key: value for key, value in data.items() if isinstance(value, int)})
    return event.pk


# --- who hears of it -------------------------------------------------------------------------------------
def people_called(meeting: Meeting) -> list[int]:
    """Ids of the people called to a meeting: with a mandate or delegated, who names voters, and on its seats."""
    today = timezone.localdate()
    people: set[int] = set()
    if of_members(meeting.rules):
        members = [line.member.pk for line in roll_of_meeting(meeting)]
        people |= set(rolls.mandated(members))
        people |= set(
            Delegate.objects.filter(meeting=meeting, ended_at__isnull=True).values_list(
                "person_id", flat=True
            )
        )
        naming = [key for key in roles_by_key() if "mandate" in powers_of([key])]
        held = Appointment.objects.on(today).filter(role__in=naming, member_id__in=members)
        people |= set(held.values_list("person_id", flat=True))
    seats = Appointment.objects.on(today).filter(body_id=meeting.owner_body_id)
    people |= set(seats.values_list("person_id", flat=True))
    return sorted(Person.objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True))


def roll_of_meeting(meeting: Meeting, network: Network | None = None) -> list[rolls.RollMember]:
    """The members that meet, with their votes on the reference date of the meeting, by its rules."""
    return rolls.roll_on(meeting.reference_date, meeting.rules["weight"], network=network)
