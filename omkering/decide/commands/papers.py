"""Papers of a meeting: a file, a text, or an item that is here; what comes after the agenda is numbered as late.

And conflicts of interest that people declare at an item.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from omkering.decide.commands.meeting_rows import (
    LENGTHS,
    locked_meeting,
    note,
    people_called,
    refuse_over,
)
from omkering.decide.models import AgendaItem, Interest, Meeting, Paper
from omkering.journal import clock
from omkering.thread import texts
from omkering.thread.commands import announce
from omkering.thread.models import Item, Visibility
from omkering.thread.privacy import check_personal_data
from omkering.thread.uploads import check_upload, random_name
from omkering.who.authority import require
from omkering.who.models import Member, Person


@transaction.atomic
def add_paper(
    *,
    actor: Person,
    meeting: Meeting,
    title: str = "",
    agenda_item: AgendaItem | None = None,
    text: str = "",
    upload: UploadedFile | None = None,
    item: Item | None = None,
) -> Paper:
    """Add a paper to a meeting or to an item on its agenda: a text (Markdown), a file, or an item that is here.

    Once the agenda is out it is late: it gets the next number, and everybody who was called hears of it. The same
    paper twice is once.
    """
    require(actor, "decide.keep_agenda", meeting)
    if item is not None and not title:
        title = item.title
    if upload is not None and not title:
        title = (upload.name or "").rpartition(".")[0]
    written = texts.checked({"title": title, "text": text}, LENGTHS)
    check_personal_data(written)
    if sum((bool(written["text"]), upload is not None, item is not None)) != 1:
        raise ValidationError(
            {"text": _("Write a text, add a file, or choose an item that is here: one of these.")}
        )
    if item is not None and item.visibility not in (Visibility.PUBLIC, Visibility.MEMBERS):
        raise ValidationError(
            {"item": _("Not everybody who meets can read this. Open it to all members first.")}
        )
    row = locked_meeting(meeting)
    refuse_over(row)
    if agenda_item is not None and agenda_item.meeting_id != row.pk:
        raise ValidationError({"agenda_item": _("This item is not on the agenda of this meeting.")})
    papers = row.meeting_papers.filter(withdrawn_at__isnull=True, agenda_item=agenda_item)
    if upload is None and (there := papers.filter(item=item, file="", **written).first()) is not None:
        return there
    made = Paper(
        meeting=row,
        agenda_item=agenda_item,
        item=item,
        order=(row.meeting_papers.aggregate(last=Max("order"))["last"] or 0) + 1,
        late_number=_late_number(row),
        added_by=actor,
        added_at=clock.database_now(),
        **written,
    )
    if upload is not None:
        sound = check_upload(upload)
        made.file_name = sound.name
        made.file.save(random_name(sound), upload, save=False)
    made.save()
    data = {"paper": made.pk, "agenda_item": made.agenda_item_id, "late_number": made.late_number}
    note("paper.added", row, actor, data, about="papers")
    if made.late_number is not None:
        announce(
            item=row,
            milestone="meeting.paper_late",
            actor=actor,
            data={"number": made.late_number, "paper": made.title},
            once=str(made.pk),
            audience=people_called(row),
        )
    return made


def _late_number(meeting: Meeting) -> int | None:
    if meeting.called_at is None:
        return None
    return (meeting.meeting_papers.aggregate(last=Max("late_number"))["last"] or 0) + 1


@transaction.atomic
def withdraw_paper(*, actor: Person, paper: Paper) -> Paper:
    """Take a paper back; that it was there stays known, and its number is not given again. Twice is once."""
    require(actor, "decide.keep_agenda", paper.meeting)
    meeting = locked_meeting(paper.meeting_id)
    refuse_over(meeting)
    row = Paper.objects.select_for_update(no_key=True).get(pk=paper.pk)
    if row.withdrawn_at is not None:
        return row
    row.withdrawn_at = clock.database_now()
    row.save(update_fields=["withdrawn_at"])
    note("paper.withdrawn", meeting, actor, {"paper": row.pk}, about="papers")
    return row


# --- conflicts of interest -------------------------------------------------------------------------------
@transaction.atomic
def declare_interest(
    *, actor: Person, agenda_item: AgendaItem, text: str, member: Member | None = None
) -> Interest:
    """Declare that one has an interest of one's own in an item; who meets can read it. Once for each item."""
    require(actor, "decide.take_part", (agenda_item.meeting, member))
    written = texts.checked({"text": text}, {"text": LENGTHS["interest"]})["text"]
    check_personal_data({"text": written})
    meeting = locked_meeting(agenda_item.meeting_id)
    refuse_over(meeting)
    there = Interest.objects.filter(agenda_item=agenda_item, person=actor, withdrawn_at__isnull=True).first()
    if there is not None:
        return there
    made = Interest.objects.create(
        agenda_item=agenda_item, person=actor, member=member, text=written, declared_at=clock.database_now()
    )
    _note_interest("interest.declared", meeting, actor, made)
    return made


@transaction.atomic
def withdraw_interest(*, actor: Person, interest: Interest) -> Interest:
    """Take back what one declared; that it was declared stays known. Twice is once."""
    require(actor, "decide.withdraw_interest", interest)
    meeting = locked_meeting(interest.agenda_item.meeting_id)
    refuse_over(meeting)
    row = Interest.objects.select_for_update(no_key=True, of=("self",)).get(pk=interest.pk)
    if row.withdrawn_at is not None:
        return row
    row.withdrawn_at = clock.database_now()
    row.save(update_fields=["withdrawn_at"])
    _note_interest("interest.withdrawn", meeting, actor, row)
    return row


def _note_interest(verb: str, meeting: Meeting, actor: Person, row: Interest) -> None:
    data: dict[str, Any] = {"interest": row.pk, "agenda_item": row.agenda_item_id}
    behalf = f"member:{row.member.code}" if row.member else ""
    note(verb, meeting, actor, data, about="agenda", on_behalf_of=behalf)
