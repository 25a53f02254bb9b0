"""The life of a motion until its meeting: drafted, changed, filed, brought to another meeting, withdrawn."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.motion_rows import (
    call_off_planned_votes,
    item_of_agenda,
    keep_text,
    locked,
    log,
    move,
    named_owner,
    next_number,
    people_behind,
    put_under,
    refuse_old,
    refuse_unless,
    refuse_unless_on_the_table,
    refuse_while_voting,
    save,
    standing_signatures,
    tell,
    tell_meeting,
)
from omkering.decide.meeting_rules import moment
from omkering.decide.models import (
    Admission,
    AgendaItem,
    Meeting,
    MeetingState,
    Motion,
    MotionState,
    MotionTalk,
    Vote,
    VoteState,
)
from omkering.decide.motion_texts import FORM, as_one_text, checked
from omkering.decide.rules_motions import owner_of
from omkering.journal import clock
from omkering.thread.commands import link, remember_meaning
from omkering.thread.models import Item, LinkKind, Theme, Visibility
from omkering.thread.texts import summary_of
from omkering.who.authority import may, require
from omkering.who.models import Member, Network, NetworkMembership, Person
from omkering.who.owners import Owner
from omkering.who.standing import standing_of

WITHDRAWABLE = (MotionState.FILED, MotionState.HELD, MotionState.NOT_ADMITTED)


# --- drafts --------------------------------------------------------------------------------------------------
@transaction.atomic
def draft_motion(
    *,
    actor: Person,
    owner: Owner,
    title: str,
    noting: str = "",
    considering: str = "",
    requests: str = "",
    sources: Iterable[Item] = (),
    shared_with: Network | None = None,
    theme: Theme | None = None,
) -> Motion:
    """Prepare a motion in the name of a member or a network; only its own people and the bureau read it.

    `shared_with` lets the people of a network that the member is in read it too, and sign it before it is filed.
    `sources` are items that it comes from. The same draft twice is one.
    """
    require(actor, "decide.draft_motion", owner)
    values = checked(
        {"title": title, "noting": noting, "considering": considering, "requests": requests}, draft=True
    )
    sources = list(sources)
    _refuse_hidden(actor, sources)
    same = Motion.objects.filter(state=MotionState.DRAFT, author=actor, **values, **_whose(owner))
    if (there := same.first()) is not None:
        return there
    row = Motion.objects.create(
        kind="motion",
        state=MotionState.DRAFT,
        author=actor,
        summary=summary_of(values["requests"]),
        body=as_one_text(values),
        theme=theme or next((item.theme for item in sources if item.theme_id), None),
        **values,
        **_whose(owner),
        **_shared(owner, shared_with),
    )
    for item in sources:
        link(upstream=item, downstream=row, kind=LinkKind.RAISED_BY, actor=actor)
    log("drafted", row, actor, owner, sources=[item.pk for item in sources])
    return row


@transaction.atomic
def change_motion(
    *,
    actor: Person,
    motion: Motion,
    version: int | None,
    title: str,
    noting: str = "",
    considering: str = "",
    requests: str = "",
    reason: str = "",
    shared_with: Network | None = None,
    theme: Theme | None = None,
) -> Motion:
    """Change the words of a motion. `version` is that of the motion one read: an older one is refused.

    A motion that was filed gets a new text, with the reason; what it said before stays, and who signed it hears of it.
    """
    draft = motion.state == MotionState.DRAFT
    require(actor, "decide.edit_motion" if draft else "decide.change_motion", motion)
    row = locked(motion)
    draft = row.state == MotionState.DRAFT
    refuse_old(row, version)
    if not draft:
        require(actor, "decide.change_motion", row)
        refuse_unless_on_the_table(row)
        refuse_while_voting(row)
    values = checked(
        {"title": title, "noting": noting, "considering": considering, "requests": requests}, draft=draft
    )
    if not draft and all(getattr(row, name) == value for name, value in values.items()):
        return row
    why = "" if draft else checked({"reason": reason})["reason"]
    for name, value in values.items():
        setattr(row, name, value)
    fields = [*values]
    if theme is not None:
        row.theme, fields = theme, [*fields, "theme"]
    owner = owner_of(row)
    if draft and owner is not None:
        for name, value in _shared(owner, shared_with).items():
            setattr(row, name, value)
        fields += ["visibility", "audience"]
    save(row, *fields)
    if draft:
        log("edited", row, actor, owner)
        return row
    text = keep_text(row, actor, why)
    Vote.objects.filter(about_id=row.pk, state=VoteState.PLANNED).update(title=row.title, summary=row.summary)
    remember_meaning(item=row)
    event = log("changed", row, actor, owner, text=text.number)
    tell(row, "changed", actor, once=event, number=text.number)
    tell_meeting(row)
    return row


# --- filing --------------------------------------------------------------------------------------------------
@transaction.atomic
def file_motion(
    *,
    actor: Person,
    motion: Motion,
    meeting: Meeting | None = None,
    agenda_item: AgendaItem | None = None,
    urgency_current: str = "",
    urgency_earlier: str = "",
    version: int | None = None,
) -> Motion:
    """File a draft for a meeting, in the name of its member or network; it gets its number in the year.

    `agenda_item` is the item of the meeting's agenda that it belongs to. After the deadline of the meeting it needs the
    two reasons of urgency, and the body decides whether it is admitted. Everybody upstream hears of it.
    Filed twice is filed once.
    """
    owner = owner_of(motion)
    require(actor, "decide.file_motion", owner)
    assert owner is not None
    row = locked(motion)
    if row.state == MotionState.FILED and row.number is not None:
        return row
    refuse_unless(row, MotionState.DRAFT)
    refuse_old(row, version)
    if MotionTalk.objects.filter(common=row, ended_at__isnull=True).exists():
        raise ValidationError(
            _("This is the common text of talks. It is filed once the other side agrees to it.")
        )
    checked({name: getattr(row, name) for name in FORM})
    meeting = meeting or (agenda_item.meeting if agenda_item else None)
    _set_meeting(
        row, meeting, agenda_item, {"urgency_current": urgency_current, "urgency_earlier": urgency_earlier}
    )
    publish(row, actor, owner)
    put_under(row, owner, actor, filer=True)
    log("filed", row, actor, owner, number=row.number, year=row.year, admission=row.admission)
    tell(row, "filed", actor, upstream=True, who=named_owner(owner))
    return row


def publish(row: Motion, actor: Person, owner: Owner) -> None:
    """Put a locked draft on the table: its number, its first text, and who may read the meeting reads it."""
    now = clock.database_now()
    row.year = timezone.localdate(now).year
    row.number = next_number(row.year)
    row.filed_at = now
    public = row.meeting is not None and row.meeting.visibility == Visibility.PUBLIC
    row.visibility, row.audience = (Visibility.PUBLIC if public else Visibility.MEMBERS), None
    move(row, MotionState.FILED, actor, *FILED_FIELDS)
    keep_text(row, actor)
    remember_meaning(item=row)


FILED_FIELDS = (
    *("year", "number", "filed_at", "visibility", "audience", "meeting", "agenda_item", "owner_body"),
    *("admission", "urgency_current", "urgency_earlier"),
)


def is_late(meeting: Meeting | None, now: datetime | None = None) -> bool:
    """Whether the deadline for motions of a meeting has passed, by the clock that counts (or at `now`)."""
    deadline = moment(meeting.deadlines, "motions") if meeting else None
    return deadline is not None and (now or clock.database_now()) > deadline


def _set_meeting(
    row: Motion, meeting: Meeting | None, agenda_item: AgendaItem | None, urgency: dict[str, str]
) -> None:
    """The meeting of a motion, with whether it came on time for it."""
    if meeting is not None and meeting.state in (MeetingState.CLOSED, MeetingState.CANCELLED):
        raise ValidationError({"meeting": _("This meeting is over or was called off. Choose another one.")})
    item_of_agenda(meeting, agenda_item)
    row.meeting, row.agenda_item = meeting, agenda_item
    row.owner_body_id = meeting.owner_body_id if meeting else row.owner_body_id
    if not is_late(meeting):
        row.admission = Admission.ON_TIME
        return
    for name, value in checked(urgency).items():
        setattr(row, name, value)
    row.admission = Admission.ASKED


@transaction.atomic
def bring_to_meeting(
    *, actor: Person, motion: Motion, meeting: Meeting, agenda_item: AgendaItem | None = None
) -> Motion:
    """Bring a motion to a (later) meeting: one that was held over, not admitted, or had no meeting yet.

    It must be on time for that meeting. `agenda_item` is the item of its agenda that it belongs to. Twice is once.
    """
    filer = may(actor, "decide.change_motion", motion)
    if not filer:
        require(actor, "decide.handle_motion", motion)
    row = locked(motion)
    if row.state == MotionState.FILED and row.meeting_id == meeting.pk:
        return row
    refuse_unless(row, MotionState.FILED, MotionState.HELD, MotionState.NOT_ADMITTED)
    refuse_while_voting(row)
    if is_late(meeting):
        raise ValidationError({"meeting": _("The deadline of this meeting has passed. Choose a later one.")})
    planned = call_off_planned_votes(row)
    was = row.state
    _set_meeting(row, meeting, agenda_item, {})
    public = meeting.visibility == Visibility.PUBLIC
    row.visibility = Visibility.PUBLIC if public else row.visibility
    fields = ("meeting", "agenda_item", "owner_body", "admission", "visibility")
    if was == MotionState.FILED:
        save(row, *fields)
        tell_meeting(row)
    else:
        move(row, MotionState.FILED, actor, *fields)
    event = log("brought", row, actor, owner_of(row) if filer else None, meeting=meeting.pk, votes=planned)
    tell(row, "brought", actor, once=event, meeting=meeting.title)
    return row


@transaction.atomic
def place_on_agenda(*, actor: Person, motion: Motion, parent: AgendaItem | None = None) -> AgendaItem:
    """Put a motion on the agenda of its meeting, by itself or as a part of another item. Twice is once."""
    require(actor, "decide.put_on_agenda", motion)
    row = locked(motion)
    refuse_unless(row, MotionState.FILED, MotionState.VOTING)
    if row.meeting is None:
        raise ValidationError(_("This motion has no meeting yet. Choose its meeting first."))
    about = Item.objects.get(pk=row.pk)
    made = add_agenda_item(actor=actor, meeting=row.meeting, about=about, parent=parent)
    if row.agenda_item_id != made.pk:
        row.agenda_item = made
        save(row, "agenda_item")
        log("placed", row, actor, None, agenda_item=made.pk)
    return made


@transaction.atomic
def withdraw_motion(*, actor: Person, motion: Motion, reason: str = "") -> Motion:
    """Withdraw a motion, or end a draft; it stays readable. Twice is once.

    Where others filed it too one can only take one's own name off: they go on with it.
    """
    draft = motion.state == MotionState.DRAFT
    require(actor, "decide.edit_motion" if draft else "decide.change_motion", motion)
    row = locked(motion)
    if row.state == MotionState.WITHDRAWN:
        return row
    owner = owner_of(row)
    if row.state == MotionState.DRAFT:
        move(row, MotionState.WITHDRAWN, actor)
        log("withdrawn", row, actor, owner, draft=True)
        return row
    require(actor, "decide.change_motion", row)
    refuse_unless(row, *WITHDRAWABLE)
    refuse_while_voting(row)
    why = checked({"reason": reason})["reason"]
    filers = [one.member or one.network for one in standing_signatures(row) if one.filer]
    if any(not may(actor, "decide.sign_motion", one) for one in filers):
        raise ValidationError(
            _("Others filed this motion too. You can withdraw your signature; they then go on with it.")
        )
    behind = people_behind(row)
    planned = call_off_planned_votes(row)
    move(row, MotionState.WITHDRAWN, actor, reason=why)
    log("withdrawn", row, actor, owner, votes=planned)
    tell(row, "withdrawn", actor, audience=behind, upstream=True)
    return row


# --- what these share ----------------------------------------------------------------------------------------
def _whose(owner: Owner) -> dict[str, Any]:
    """How a motion keeps whose it is."""
    return (
        {"owner_member": owner, "network": None}
        if isinstance(owner, Member)
        else {"owner_member": None, "network": owner}
    )


def _shared(owner: Owner, network: Network | None) -> dict[str, Any]:
    """Who reads a draft besides the people of its member and the bureau."""
    if isinstance(owner, Network):
        return {"visibility": Visibility.NETWORK, "audience": owner}
    if network is None:
        return {"visibility": Visibility.BUREAU, "audience": None}
    there = NetworkMembership.objects.on(timezone.localdate()).filter(network=network, member=owner)
    if not there.exists():
        raise ValidationError({"shared_with": _("Choose a network that your member is in.")})
    return {"visibility": Visibility.NETWORK, "audience": network}


def _refuse_hidden(actor: Person, items: list[Item]) -> None:
    readable = Item.objects.visible_to(standing_of(actor), actor.pk)
    if readable.filter(pk__in=[item.pk for item in items]).count() != len({item.pk for item in items}):
        raise PermissionDenied("decide.draft_motion")
