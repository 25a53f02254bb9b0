"""What the commands of a running meeting share."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omkering.decide.models import AgendaItem, Meeting, MeetingState

GOING_ON = (MeetingState.OPEN,)
STILL_TO_END = (MeetingState.CALLED, MeetingState.OPEN, MeetingState.SUSPENDED)


def locked_meeting(meeting: Meeting) -> Meeting:
    """The meeting as it stands, its row locked: two at the console do one thing after the other."""
    return Meeting.objects.select_for_update(no_key=True, of=("self",)).get(pk=meeting.pk)


def refuse_not_going_on(meeting: Meeting) -> None:
    """ValidationError where the meeting is not going on now."""
    if meeting.state == MeetingState.SUSPENDED:
        raise ValidationError(_("The meeting is suspended. Resume it first."))
    if meeting.state not in GOING_ON:
        raise ValidationError(_("The meeting is not going on now."))


def item_of(
    meeting: Meeting, agenda_item: AgendaItem | None, field: str = "agenda_item"
) -> AgendaItem | None:
    """The item, or a ValidationError at the field where it stands on another agenda."""
    if agenda_item is not None and agenda_item.meeting_id != meeting.pk:
        raise ValidationError({field: _("This item is not on the agenda of this meeting.")})
    return agenda_item
