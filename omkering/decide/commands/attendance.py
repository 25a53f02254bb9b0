"""Who is there: somebody arrives for a member, on site or remote, and leaves; the proxy of the member then ends.

All of it takes the row of the meeting first, so that a member is never there and represented at once.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.decide.commands.meeting_rows import DURING, locked_meeting, note, refuse_over
from omkering.decide.models import Attendance, Meeting, MeetingForm, MeetingState, Presence, Proxy
from omkering.decide.rules_meetings import Coming, may_come
from omkering.journal import clock
from omkering.who import rolls
from omkering.who.authority import require
from omkering.who.models import Member, Person
from omkering.who.owners import behalf

EARLY = timedelta(hours=12)  # before it begins, that the registration desk is open
WAYS = {
    MeetingForm.ON_SITE: (Presence.ON_SITE,),
    MeetingForm.REMOTE: (Presence.REMOTE,),
    MeetingForm.HYBRID: (Presence.ON_SITE, Presence.REMOTE),
    MeetingForm.CONSULTATION: (),
}


@transaction.atomic
def arrive(
    *, actor: Person, meeting: Meeting, member: Member | None, person: Person, presence: str
) -> Attendance:
    """Somebody arrives: for a member, or (None) on a seat of their own. At the desk, or with their own phone.

    The proxy that the member gave ends. Twice is once; who changes between the hall and remote begins a new stay.
    """
    require(actor, "decide.come", Coming(meeting, member, person))
    row = locked_meeting(meeting)
    _check(row, presence)
    if not may_come(Coming(row, member, person)):
        raise ValidationError({"person": _refusal(row, member)})
    if member is not None:
        _check_on_roll(row, member)
    now = clock.database_now()
    there = _stays(row, member).filter(person=person).first()
    if there is not None and there.presence == presence:
        return there
    if there is not None:
        there.left_at = now
        there.save(update_fields=["left_at"])
    made = Attendance.objects.create(
        meeting=row, member=member, person=person, presence=presence, arrived_at=now
    )
    ended = _end_proxy(row, member, now) if member is not None else 0
    data = {"member": member.pk if member else None, "person": person.pk, "proxies_ended": ended}
    note(
        "attendance.arrived",
        row,
        actor,
        {**data, "presence": str(presence)},
        about="attendance",
        on_behalf_of=behalf(member),
    )
    return made


@transaction.atomic
def leave(*, actor: Person, meeting: Meeting, member: Member | None, person: Person) -> Attendance | None:
    """Somebody leaves; nothing changes where they are not there. The member can give a proxy then."""
    require(actor, "decide.come", Coming(meeting, member, person))
    row = locked_meeting(meeting)
    refuse_over(row)
    there = _stays(row, member).filter(person=person).first()
    if there is None:
        return None
    end_stay(row, there, actor)
    return there


def end_stay(meeting: Meeting, stay: Attendance, actor: Person) -> None:
    """End a stay that is going on, in the caller's transaction."""
    stay.left_at = clock.database_now()
    stay.save(update_fields=["left_at"])
    data = {"member": stay.member_id, "person": stay.person_id}
    note("attendance.left", meeting, actor, data, about="attendance", on_behalf_of=behalf(stay.member))


def _stays(meeting: Meeting, member: Member | None):
    rows = Attendance.objects.filter(meeting=meeting, left_at__isnull=True).select_related("member")
    return rows.filter(member=member) if member is not None else rows.filter(member__isnull=True)


def _check(meeting: Meeting, presence: str) -> None:
    refuse_over(meeting)
    if meeting.form == MeetingForm.CONSULTATION:
        raise ValidationError(_("Nobody needs to be there: members vote from where they are, over days."))
    if presence not in WAYS[MeetingForm(meeting.form)]:
        raise ValidationError({"presence": _("One cannot take part in this meeting that way.")})
    opens = meeting.starts_at - EARLY
    if meeting.state not in DURING and (meeting.state != MeetingState.CALLED or clock.database_now() < opens):
        raise ValidationError(_("The registration opens twelve hours before the meeting begins."))


def _check_on_roll(meeting: Meeting, member: Member) -> None:
    if not Member.objects.on(meeting.reference_date).filter(pk=member.pk).exists():
        raise ValidationError({"member": _("This is no member on the reference date of the meeting.")})


def _refusal(meeting: Meeting, member: Member | None) -> str:
    if member is None:
        return _("This person holds no seat in the body that meets.")
    if member.pk in {
        entry.member_id for entry in meeting.delegates.filter(member=member, ended_at__isnull=True)
    }:
        return _("Others were named to vote for %(member)s. Its town secretary can change that.") % {
            "member": member.name
        }
    if rolls.mandated([member.pk]):
        return _("This person does not vote for %(member)s.") % {"member": member.name}
    return _("Nobody votes for %(member)s yet. Its town secretary names somebody.") % {"member": member.name}


def _end_proxy(meeting: Meeting, member: Member, now) -> int:
    """The proxy that this member gave ends: it is here itself."""
    given = Proxy.objects.filter(meeting=meeting, giver=member, ended_at__isnull=True)
    return given.update(ended_at=now, end_reason="arrived")
