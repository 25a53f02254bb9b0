"""The agenda of a meeting: items put on it, changed, moved, and taken off; any item of the thread can be one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from omkering.decide.commands.meeting_rows import (
    LENGTHS,
    locked_meeting,
    note,
    refuse_old,
    refuse_over,
)
from omkering.decide.models import AgendaItem, AgendaKind, AgendaState, Meeting, Motion, Vote, VoteState
from omkering.journal import clock
from omkering.thread import texts
from omkering.thread.models import Item, Visibility
from omkering.thread.privacy import check_personal_data
from omkering.thread.turns import turns_of
from omkering.who.authority import require
from omkering.who.models import Person

LONGEST = 600  # minutes
TURN = 5  # minutes planned for what is voted on before an item
KIND_OF = {
    "motion": AgendaKind.MOTION,
    "amendment": AgendaKind.AMENDMENT,
    "proposal": AgendaKind.PROPOSAL,
    "minutes": AgendaKind.MINUTES,
    "vacancy": AgendaKind.ELECTION,
    "nomination_round": AgendaKind.ELECTION,
    "undertaking": AgendaKind.SETTLING,
}
NOT_ON_AN_AGENDA = ("vote", "meeting")
READ_BY_THOSE_WHO_MEET = (Visibility.PUBLIC, Visibility.MEMBERS)


@transaction.atomic
def add_agenda_item(
    *,
    actor: Person,
    meeting: Meeting,
    title: str = "",
    kind: str | None = None,
    text: str = "",
    about: Item | None = None,
    minutes: int = 10,
    parent: AgendaItem | None = None,
) -> AgendaItem:
    """Put something on the agenda, at its end or as the last part of another item.

    `about` is an item that is here; it gives the title and the kind where these are not said. A motion that was filed
    at an item becomes a part of it. Once the agenda is out what is added is late. The same item twice is once.
    """
    require(actor, "decide.keep_agenda", meeting)
    row = locked_meeting(meeting)
    refuse_over(row)
    if about is not None:
        _check_about(about)
        if (there := row.agenda.filter(about=about).exclude(state=AgendaState.DROPPED).first()) is not None:
            return there
        title, kind = title or about.title, kind or KIND_OF.get(about.kind)
        parent = parent or _belongs_to(about, row)
    values = _checked(title, kind or AgendaKind.INFORMATION, text, minutes)
    if parent is not None and (parent.meeting_id != row.pk or parent.parent_id is not None):
        raise ValidationError({"parent": _("Choose an item of this agenda that is not a part itself.")})
    if about is None:
        same = (
            row.agenda.filter(parent=parent, about=None, **values).exclude(state=AgendaState.DROPPED).first()
        )
        if same is not None:
            return same
    last = row.agenda.aggregate(last=Max("position"))["last"] or 0
    made = AgendaItem.objects.create(
        meeting=row,
        position=last + 1,
        parent=parent,
        about=about,
        added_late=row.called_at is not None,
        **values,
    )
    if about is not None and about.kind == "motion":
        Motion.objects.filter(Q(meeting=None) | Q(meeting=row), pk=about.pk).update(
            meeting=row, agenda_item=made
        )
    if parent is not None:
        _renumber(row)
        made.refresh_from_db(fields=["position"])
    note("agenda.added", row, actor, _data(made), about="agenda")
    return made


@transaction.atomic
def change_agenda_item(
    *,
    actor: Person,
    agenda_item: AgendaItem,
    title: str,
    kind: str,
    text: str = "",
    minutes: int = 10,
    version: int | None = None,
) -> AgendaItem:
    """Change the words, the kind or the planned minutes of an item."""
    require(actor, "decide.keep_agenda", agenda_item.meeting)
    values = _checked(title, kind, text, minutes)
    meeting = locked_meeting(agenda_item.meeting_id)
    refuse_over(meeting)
    row = _locked(agenda_item)
    fields = [name for name, value in values.items() if getattr(row, name) != value]
    if not fields:
        return row
    refuse_old(row.version, version)
    for name in fields:
        setattr(row, name, values[name])
    row.version += 1
    row.save(update_fields=[*fields, "version"])
    note("agenda.changed", meeting, actor, {**_data(row), "fields": fields}, about="agenda")
    return row


@transaction.atomic
def move_agenda_item(*, actor: Person, agenda_item: AgendaItem, position: int) -> AgendaItem:
    """Give an item another place: 1 is the first among the items, or among the parts of the same item."""
    require(actor, "decide.keep_agenda", agenda_item.meeting)
    meeting = locked_meeting(agenda_item.meeting_id)
    refuse_over(meeting)
    row = _locked(agenda_item)
    beside = [entry.pk for entry in meeting.agenda.filter(parent_id=row.parent_id).order_by("position")]
    place = min(max(position, 1), len(beside)) - 1
    if beside.index(row.pk) == place:
        return row
    beside.remove(row.pk)
    beside.insert(place, row.pk)
    _renumber(meeting, {pk: order for order, pk in enumerate(beside)})
    row.refresh_from_db(fields=["position"])
    note("agenda.moved", meeting, actor, _data(row), about="agenda")
    return row


@transaction.atomic
def drop_agenda_item(*, actor: Person, agenda_item: AgendaItem) -> AgendaItem:
    """Take an item off the agenda, with its parts; once the agenda is out it stays to be seen as taken off. Twice is
    once. Not while a vote on it is planned or open.
    """
    require(actor, "decide.keep_agenda", agenda_item.meeting)
    meeting = locked_meeting(agenda_item.meeting_id)
    refuse_over(meeting)
    row = _locked(agenda_item)
    if row.state == AgendaState.DROPPED:
        return row
    if row.state in (AgendaState.NOW, AgendaState.DONE):
        raise ValidationError(_("This item is being dealt with, or was. It can no longer be taken off."))
    rows = [row, *row.parts.exclude(state=AgendaState.DROPPED)]
    if Vote.objects.filter(agenda_item__in=rows, state__in=(VoteState.PLANNED, VoteState.OPEN)).exists():
        raise ValidationError(_("A vote on this item is planned or open. Withdraw it first."))
    now = clock.database_now()
    for entry in rows:
        entry.state, entry.ended_at, entry.version = AgendaState.DROPPED, now, entry.version + 1
        entry.save(update_fields=["state", "ended_at", "version"])
    note("agenda.dropped", meeting, actor, _data(row), about="agenda")
    return row


@transaction.atomic
def add_turns(*, actor: Person, agenda_item: AgendaItem) -> list[AgendaItem]:
    """Put what is voted on before an item (the amendments to a text) on the agenda as its parts, in voting order.

    What stands on the agenda elsewhere stays there. Done again it adds what came since, and puts all in order anew.
    Returns what it added.
    """
    meeting = agenda_item.meeting
    require(actor, "decide.keep_agenda", meeting)
    if agenda_item.parent_id is not None:
        raise ValidationError(_("This is a part of another item. It cannot have parts of its own."))
    found = turns_of(agenda_item.about) if agenda_item.about else ()
    if not found:
        raise ValidationError(_("There is nothing to put to the vote before this item."))
    there = set(meeting.agenda.exclude(state=AgendaState.DROPPED).values_list("about_id", flat=True))
    rows = [
        add_agenda_item(actor=actor, meeting=meeting, about=item, minutes=TURN, parent=agenda_item)
        for item in found
    ]
    parts = [row.pk for row in rows if row.parent_id == agenda_item.pk]
    _renumber(meeting, {pk: order for order, pk in enumerate(parts, start=1)})
    return [row for row in rows if row.about_id not in there]


def _renumber(meeting: Meeting, order: dict[int, int] | None = None) -> None:
    """Give every item its place: each followed by its parts. `order` says it anew for some that stand together."""
    order = order or {}
    rows = sorted(meeting.agenda.all(), key=lambda row: (order.get(row.pk, 0), row.position))
    parts: dict[int | None, list[AgendaItem]] = {}
    for row in rows:
        parts.setdefault(row.parent_id, []).append(row)
    places = [entry for row in parts.get(None, []) for entry in (row, *parts.get(row.pk, []))]
    moved = []
    for position, row in enumerate(places, start=1):
        if row.position != position:
            row.position = position
            moved.append(row)
    AgendaItem.objects.bulk_update(moved, ["position"])


def _checked(title: str, kind: str, text: str, minutes: int) -> dict[str, Any]:
    values: dict[str, Any] = texts.checked({"title": title, "text": text}, LENGTHS)
    check_personal_data(values)
    if kind not in AgendaKind.values:
        raise ValidationError({"kind": _("Choose what kind of item it is.")})
    if not 0 <= minutes <= LONGEST:
        raise ValidationError({"minutes": _("Plan between 0 and %(most)s minutes.") % {"most": LONGEST}})
    return {**values, "kind": kind, "minutes": minutes}


def _check_about(about: Item) -> None:
    if about.kind in NOT_ON_AN_AGENDA:
        raise ValidationError({"about": _("This cannot be an item on an agenda.")})
    if about.visibility not in READ_BY_THOSE_WHO_MEET:
        raise ValidationError(
            {
                "about": _(
                    "Not everybody who meets can read this. Open it to all members before it is on the agenda."
                )
            }
        )


def _belongs_to(about: Item, meeting: Meeting) -> AgendaItem | None:
    """The item of this agenda that a motion was filed at, or the one that that is a part of."""
    motions = Motion.objects.filter(pk=about.pk, agenda_item__meeting=meeting)
    motion = motions.select_related("agenda_item__parent").only("agenda_item").first()
    chosen = motion.agenda_item if motion else None
    top = chosen.parent or chosen if chosen else None
    return top if top is not None and top.state != AgendaState.DROPPED else None


def _locked(agenda_item: AgendaItem) -> AgendaItem:
    return AgendaItem.objects.select_for_update(no_key=True).get(pk=agenda_item.pk)


def _data(row: AgendaItem) -> dict[str, Any]:
    return {
        "agenda_item": row.pk,
        "kind": str(row.kind),
        "position": row.position,
        "about_item": row.about_id,
        "late": row.added_late,
    }
