"""Who votes for a member that is away, and who of a member that comes: proxies, and the delegates that it names."""

from collections.abc import Sequence
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide.commands.attendance import end_stay
from omkering.decide.commands.meeting_rows import (
    LENGTHS,
    locked_meeting,
    note,
    refuse_over,
    roll_of_meeting,
)
from omkering.decide.meeting_rules import of_members
from omkering.decide.models import Attendance, Delegate, Meeting, Proxy
from omkering.journal import clock
from omkering.thread import texts
from omkering.thread.privacy import check_personal_data
from omkering.who.authority import require
from omkering.who.current import powers_of
from omkering.who.models import Appointment, Member, Person
from omkering.who.owners import behalf

MOST_DELEGATES = 10


# --- proxies ---------------------------------------------------------------------------------------------
@transaction.atomic
def give_proxy(
    *,
    actor: Person,
    meeting: Meeting,
    giver: Member,
    holder: Member,
    text: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Proxy:
    """Let another member vote in the name of this one at a meeting, in writing, from–to (else now to its last day).

    No chains: who holds a proxy gives none, and who gave one holds none. A holder has at most as many as the rules
    allow. It ends when the giver arrives. The same proxy twice is once; another holder takes the place of the first.
    """
    require(actor, "decide.give_proxy", giver)
    written = texts.checked({"text": text}, {"text": LENGTHS["proxy"]})["text"]
    check_personal_data({"text": written})
    row = locked_meeting(meeting)
    refuse_over(row)
    now = clock.database_now()
    starts_at, ends_at = starts_at or now, ends_at or _end_of_day(row.ends_at)
    _check_period(row, starts_at, ends_at, now)
    _check_allowed(row, giver, holder)
    held = Proxy.objects.filter(meeting=row, ended_at__isnull=True)
    held.filter(ends_at__lte=now).update(ended_at=now, end_reason="over")
    there = held.filter(giver=giver).first()
    if there is not None and (there.holder_id, there.text) == (holder.pk, written):
        return there
    if held.filter(holder=giver).exists():
        raise ValidationError(
            {
                "holder": _("%(member)s holds a proxy of another member, so it cannot give its own away.")
                % {"member": giver.name}
            }
        )
    if held.filter(giver=holder).exists():
        raise ValidationError(
            {
                "holder": _("%(member)s gave its own proxy away, so it cannot hold one.")
                % {"member": holder.name}
            }
        )
    most = row.rules.get("proxies_per_holder")
    if most is not None and held.filter(holder=holder).exclude(giver=giver).count() >= most:
        raise ValidationError(
            {
                "holder": _("%(member)s holds as many proxies as one may: %(most)s.")
                % {"member": holder.name, "most": most}
            }
        )
    replaced = None
    if there is not None:
        there.ended_at, there.end_reason, replaced = now, "replaced", there.pk
        there.save(update_fields=["ended_at", "end_reason"])
    made = Proxy.objects.create(
        meeting=row,
        giver=giver,
        holder=holder,
        text=written,
        given_by=actor,
        given_at=now,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    data = {"proxy": made.pk, "giver": giver.pk, "holder": holder.pk, "replaces": replaced}
    note("proxy.given", row, actor, data, about="attendance", on_behalf_of=behalf(giver))
    return made


@transaction.atomic
def withdraw_proxy(*, actor: Person, proxy: Proxy) -> Proxy:
    """Take a proxy back; that it was given stays known. Twice is once."""
    require(actor, "decide.give_proxy", proxy.giver)
    row = locked_meeting(proxy.meeting_id)
    refuse_over(row)
    held = Proxy.objects.select_for_update(no_key=True, of=("self",)).select_related("giver").get(pk=proxy.pk)
    if held.ended_at is not None:
        return held
    held.ended_at, held.end_reason = clock.database_now(), "withdrawn"
    held.save(update_fields=["ended_at", "end_reason"])
    data = {"proxy": held.pk, "giver": held.giver_id, "holder": held.holder_id}
    note("proxy.withdrawn", row, actor, data, about="attendance", on_behalf_of=behalf(held.giver))
    return held


def _end_of_day(moment: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(moment), time(23, 59)))


def _check_period(meeting: Meeting, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at or ends_at <= now:
        raise ValidationError({"ends_at": _("The proxy must end after it begins, and not have ended yet.")})
    if starts_at >= meeting.ends_at or ends_at <= meeting.starts_at:
        raise ValidationError({"starts_at": _("The proxy does not hold at any moment of the meeting.")})


def _check_allowed(meeting: Meeting, giver: Member, holder: Member) -> None:
    if not of_members(meeting.rules) or not meeting.rules.get("proxy"):
        raise ValidationError(_("The rules of this meeting allow no proxies."))
    if giver.pk == holder.pk:
        raise ValidationError({"holder": _("Choose another member.")})
    here = Member.objects.on(meeting.reference_date)
    if not here.filter(pk=giver.pk).exists():
        raise ValidationError({"giver": _("This is no member on the reference date of the meeting.")})
    if not here.filter(pk=holder.pk).exists():
        raise ValidationError({"holder": _("This is no member on the reference date of the meeting.")})
    if Attendance.objects.filter(meeting=meeting, member=giver, left_at__isnull=True).exists():
        raise ValidationError(
            _("Somebody of %(member)s is there. Leave first, then give the proxy.") % {"member": giver.name}
        )


# --- delegates -------------------------------------------------------------------------------------------
@transaction.atomic
def name_delegates(
    *, actor: Person, meeting: Meeting, member: Member, shares: Sequence[tuple[Person, int | None]]
) -> list[Delegate]:
    """Say who votes for a member at a meeting, in the place of who was named before; nobody: who holds its mandate.

    With numbers of votes the member divides its weight over them, where the rules allow: for each one, and together at
    most the weight. Who is no longer named and was there has left. The same again changes nothing.
    """
    require(actor, "decide.name_delegates", member)
    row = locked_meeting(meeting)
    refuse_over(row)
    weight = _weight(row, member)
    _check_shares(row, member, shares, weight)
    wanted = {person.pk: votes for person, votes in shares}
    now = clock.database_now()
    named = {
        entry.person_id: entry
        for entry in Delegate.objects.select_for_update(no_key=True, of=("self",)).filter(
            meeting=row, member=member, ended_at__isnull=True
        )
    }
    gone = [entry for pk, entry in named.items() if pk not in wanted or wanted[pk] != entry.votes]
    stays = [entry for entry in named.values() if entry not in gone]
    new = [pk for pk in wanted if pk not in {entry.person_id for entry in stays}]
    if not gone and not new:
        return _in_order(stays, wanted)
    for entry in gone:
        entry.ended_at = now
        entry.save(update_fields=["ended_at"])
    made = [
        Delegate.objects.create(
            meeting=row, member=member, person_id=pk, votes=wanted[pk], named_by=actor, named_at=now
        )
        for pk in new
    ]
    note(
        "delegates.named",
        row,
        actor,
        {
            "member": member.pk,
            "delegates": [{"person": pk, "votes": votes} for pk, votes in wanted.items()],
            "weight": weight,
        },
        about="attendance",
        on_behalf_of=behalf(member),
    )
    if wanted:
        here = Attendance.objects.filter(meeting=row, member=member, left_at__isnull=True)
        for stay in here.exclude(person_id__in=wanted).select_related("member"):
            end_stay(row, stay, actor)
    return _in_order([*stays, *made], wanted)


def _in_order(rows: list[Delegate], wanted: dict[int, int | None]) -> list[Delegate]:
    order = list(wanted)
    return sorted(rows, key=lambda entry: order.index(entry.person_id))


def _weight(meeting: Meeting, member: Member) -> int:
    if not of_members(meeting.rules):
        raise ValidationError(_("In this body people hold seats, so members name nobody."))
    for line in roll_of_meeting(meeting):
        if line.member.pk == member.pk:
            return line.weight
    raise ValidationError(_("This is no member on the reference date of the meeting."))


def _check_shares(
    meeting: Meeting, member: Member, shares: Sequence[tuple[Person, int | None]], weight: int
) -> None:
    people = [person.pk for person, _votes in shares]
    if len(set(people)) < len(people):
        raise ValidationError({"shares": _("Name each person once.")})
    if len(people) > MOST_DELEGATES:
        raise ValidationError({"shares": _("Name at most %(most)s people.") % {"most": MOST_DELEGATES}})
    roles: dict[int, set[str]] = {}
    held = Appointment.objects.on(timezone.localdate()).filter(
        member=member, person_id__in=people, person__is_active=True
    )
    for person, role in held.values_list("person_id", "role"):
        roles.setdefault(person, set()).add(role)
    for person, _votes in shares:
        if "vote" not in powers_of(roles.get(person.pk, ())):
            raise ValidationError(
                {"shares": _("%(person)s has no role at the member that may vote.") % {"person": person.name}}
            )
    divided = [votes for _person, votes in shares if votes is not None]
    if not divided:
        return
    if not meeting.rules.get("split"):
        raise ValidationError(
            {"shares": _("The rules of this meeting do not let a member divide its votes.")}
        )
    if len(divided) < len(shares) or min(divided) < 1:
        raise ValidationError({"shares": _("Give each person at least one vote, or leave all numbers out.")})
    if sum(divided) > weight:
        raise ValidationError(
            {
                "shares": _("%(member)s divides %(given)s votes over its delegates, and has %(votes)s.")
                % {"member": member.name, "given": sum(divided), "votes": weight}
            }
        )
