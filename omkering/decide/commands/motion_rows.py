"""What the commands of motions share: locks, the steps of a motion, who stands under it, and telling them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.decide import live
from omkering.decide.models import (
    AgendaItem,
    AgendaState,
    Meeting,
    Motion,
    MotionState,
    MotionStep,
    MotionText,
    Signature,
    Vote,
    VoteState,
)
from omkering.decide.motion_steps import DECIDED, ON_THE_TABLE, UNDECIDED, can_step
from omkering.decide.motion_texts import FORM, as_one_text
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.journal.models import Event
from omkering.thread.commands import announce
from omkering.thread.models import Follow, Item
from omkering.thread.texts import summary_of
from omkering.who.current import powers_of, roles_by_key
from omkering.who.models import Appointment, Member, Person
from omkering.who.owners import BUREAU, Owner, behalf
from omkering.who.rolls import mandated

NUMBERS = 0x1174  # the lock under which numbers of a year are given out


def locked(motion: Motion | int) -> Motion:
    """The motion as it is now, locked against who changes it or votes on it at the same time."""
    pk = motion if isinstance(motion, int) else motion.pk
    rows = Motion.objects.select_for_update(no_key=True, of=("self", "item_ptr"))
    return rows.select_related("owner_member", "network", "meeting", "part_of").get(pk=pk)


def locked_all(motions: Iterable[Motion]) -> list[Motion]:
    """These motions, each once, locked in one order."""
    return [locked(pk) for pk in sorted({motion.pk for motion in motions})]


def refuse_old(row: Motion, version: int | None) -> None:
    """ValidationError with the code "changed", which says who changed it and when, unless `version` is the newest."""
    if version is None or version == row.version:
        return
    event = Event.objects.filter(subject=row.subject).exclude(verb="news.told").order_by("-pk").first()
    person = Person.objects.filter(pk=event.actor).first() if event and event.actor else None
    raise ValidationError(
        _(
            "%(who)s changed this motion on %(when)s, while you were busy. Look at what it says now, and send yours "
            "again."
        )
        % {
            "who": person.name if person else _("Somebody"),
            "when": date_format(timezone.localtime(event.at if event else row.changed_at), "j F Y, H:i"),
        },
        code="changed",
    )


def refuse_unless(row: Motion, *states: str) -> None:
    """ValidationError for a motion that is in none of these states."""
    if row.state not in states:
        raise ValidationError(
            _("This motion is no longer open to this. How it stands: %(state)s.")
            % {"state": str(MotionState(row.state).label).lower()}
        )


def refuse_unless_on_the_table(row: Motion) -> None:
    """ValidationError for a motion that its filers can no longer do something with, or not yet."""
    if row.state == MotionState.DRAFT:
        raise ValidationError(_("This motion was not filed yet."))
    refuse_unless(row, *ON_THE_TABLE)
    refuse_while_voting(row)


def refuse_while_voting(row: Motion) -> None:
    """ValidationError while a vote on the motion is open, or its result was not announced."""
    votes = Vote.objects.filter(about_id=row.pk)
    running = votes.filter(state=VoteState.OPEN) | votes.filter(
        state=VoteState.CLOSED, announced_at__isnull=True, meeting__isnull=False
    )
    if running.exists():
        raise ValidationError(_("A vote on this motion is open, or its result was not announced yet."))


def refuse_unvotable(about: Item) -> None:
    """ValidationError for a motion that cannot be put to the vote: not admitted, decided, split or merged."""
    row = Motion.objects.filter(pk=about.pk).only("state", "admission").first()
    if row is None:
        return
    refuse_unless(row, *UNDECIDED)
    if row.admission == "asked":
        raise ValidationError(
            _("This motion came late. The body decides first whether it is urgent enough to be dealt with.")
        )


def call_off_planned_votes(row: Motion) -> int:
    """Call off the votes that were planned on a motion that is no longer there to vote on; how many."""
    planned = Vote.objects.filter(about_id=row.pk, state=VoteState.PLANNED)
    for vote in planned.order_by("pk"):
        vote.state, vote.changed_at = VoteState.WITHDRAWN, timezone.now()
        vote.save(update_fields=["state", "changed_at"])
        if vote.meeting_id:
            live.tell(vote.meeting_id, "vote", vote=vote.pk, what="withdrawn")
    return len(planned)


def item_of_agenda(meeting: Meeting | None, agenda_item: AgendaItem | None) -> None:
    """ValidationError for an item that is not on the agenda of this meeting, or was taken off it."""
    if agenda_item is None:
        return
    if meeting is None or agenda_item.meeting_id != meeting.pk:
        raise ValidationError({"agenda_item": _("This item is not on the agenda of this meeting.")})
    if agenda_item.state == AgendaState.DROPPED:
        raise ValidationError({"agenda_item": _("This item was taken off the agenda.")})


def next_number(year: int) -> int:
    """The number of the next motion of a year: one at a time, so that none is left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBERS, year])
    last = Motion.objects.filter(year=year, part_of__isnull=True).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def save(row: Motion, *fields: str) -> None:
    """Save these fields as a new version of the motion, with what lists show and readers search for."""
    row.changed_at = timezone.now()
    row.version += 1
    row.summary = summary_of(row.requests)
    row.body = as_one_text({name: getattr(row, name) for name in FORM})
    row.save(update_fields=[*fields, "summary", "body", "changed_at", "version"])


def move(
    row: Motion,
    state: str,
    actor: Person | None,
    *fields: str,
    reason: str = "",
    cause: Item | None = None,
) -> MotionStep:
    """Bring a locked motion in a state, along the allowed steps, and keep the step; these fields are saved with it."""
    if not can_step(row.state, state):
        raise ValidationError(
            _("This cannot be done with a motion that is in this state: %(state)s.")
            % {"state": str(MotionState(row.state).label).lower()}
        )
    row.state = state
    row.decided_at = clock.database_now() if state in DECIDED else row.decided_at
    if state == MotionState.FILED:
        row.decided_at = None
    save(row, "state", "decided_at", *fields)
    made = MotionStep.objects.create(
        motion=row, state=state, reason=reason, person=actor, caused_by=cause, at=clock.database_now()
    )
    tell_meeting(row)
    return made


def tell_meeting(row: Motion) -> None:
    """Tell the clients of its meeting that something about the motion changed."""
    if row.meeting_id:
        live.tell(row.meeting_id, "motions", motion=row.pk)


def keep_text(row: Motion, actor: Person, reason: str = "") -> MotionText:
    """Keep the words of a motion as they are now, as its next text."""
    last = row.texts.aggregate(last=Max("number"))["last"] or 0
    return MotionText.objects.create(
        motion=row,
        number=last + 1,
        reason=reason,
        made_by=actor,
        made_at=clock.database_now(),
        **{name: getattr(row, name) for name in FORM},
    )


# --- who stands under it -------------------------------------------------------------------------------------
def standing_signatures(*motions: Motion) -> list[Signature]:
    """Who stands under these now, filers first; one query."""
    rows = Signature.objects.filter(motion__in=motions, withdrawn_at__isnull=True)
    return list(rows.select_related("member", "network").order_by("-filer", "pk"))


def people_behind(*motions: Motion, filers: bool = False) -> list[int]:
    """Ids of who signed (`filers`: filed), holds the mandate of who did, or is secretary of a network that did."""
    rows = [row for row in standing_signatures(*motions) if row.filer or not filers]
    people = {row.person_id for row in rows}
    if not filers:
        people |= {row.author_id for row in motions if row.author_id}
    return sorted(
        people
        | people_speaking(
            {row.member_id for row in rows if row.member_id},
            {row.network_id for row in rows if row.network_id},
        )
    )


def people_speaking(members: set[int], networks: set[int]) -> set[int]:
    """Ids of who hold the mandate of one of these members, or are secretary of one of these networks; two queries."""
    secretaries = [key for key in roles_by_key() if "network" in powers_of([key])]
    held = Appointment.objects.on(timezone.localdate()).filter(
        network_id__in=networks, role__in=secretaries, person__is_active=True
    )
    return set(mandated(members)) | set(held.values_list("person_id", flat=True))


def put_under(
    row: Motion, owner: Owner, person: Person | int, *, filer: bool = False, came_from: Motion | None = None
) -> Signature:
    """Let a member or network stand under a motion, once; who signs hears what becomes of it."""
    of: dict[str, Any] = {"member": owner} if isinstance(owner, Member) else {"network": owner}
    who = person.pk if isinstance(person, Person) else person
    made, new = Signature.objects.get_or_create(
        motion=row,
        withdrawn_at=None,
        **of,
        defaults={"person_id": who, "filer": filer, "came_from": came_from},
    )
    if filer and not made.filer:
        made.filer = True
        made.save(update_fields=["filer"])
    if new:
        Follow.objects.get_or_create(person_id=who, item_id=row.pk)
    return made


def carry_signatures(old: Motion, new: Motion) -> int:
    """Let everybody who stands under `old` stand under `new`, as what they were; how many there were.

    They stay under the old one too: that they signed it stays true.
    """
    rows = standing_signatures(old)
    for row in rows:
        owner = row.member or row.network
        assert owner is not None
        put_under(new, owner, row.person_id, filer=row.filer, came_from=old)
    return len(rows)


# --- telling -------------------------------------------------------------------------------------------------
def log(what: str, row: Motion, actor: Person | None, owner: Owner | None = None, **data: Any) -> int:
    """The one event of a command on a motion, on behalf of `owner` (None: the association); its key."""
    return record(
        verb=f"motion.{what}",
        subject=row.subject,
        actor=actor.pk if actor else None,
        on_behalf_of=behalf(owner, BUREAU),
        data={"version": row.version, **data},
    ).pk


def tell(
    row: Motion,
    what: str,
    actor: Person | None,
    *,
    audience: Iterable[int] | None = None,
    upstream: bool = False,
    once: int | str = "",
    **data: Any,
) -> None:
    """Tell who filed or signed the motion, who follows it, and (`upstream`) who put in what it came from."""
    announce(
        item=row,
        milestone=f"motion.{what}",
        actor=actor,
        data=data,
        once=str(once),
        audience=sorted(set(people_behind(row) if audience is None else audience)),
        upstream=upstream,
    )


def named_owner(owner: Owner | None) -> str:
    """A member or network by its name."""
    return str(owner) if owner is not None else ""
