"""Members ask for an extra meeting: with the share of the votes that the rules name, it must be called in time."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.decide import meeting_rules
from omkering.decide.commands.meeting_rows import LENGTHS
from omkering.decide.models import MeetingRequest, RequestState, RequestSupport
from omkering.journal import clock
from omkering.journal.commands import record
from omkering.thread import texts
from omkering.thread.commands import announce
from omkering.thread.models import Visibility
from omkering.thread.privacy import check_personal_data
from omkering.who import rolls
from omkering.who.authority import require
from omkering.who.current import powers_of, roles_by_key
from omkering.who.models import Appointment, Body, Member, Person


@transaction.atomic
def request_meeting(*, actor: Person, member: Member, body: Body, title: str, reason: str) -> MeetingRequest:
    """Ask in the name of a member for an extra meeting; it stands behind it at once. The same again is the same."""
    require(actor, "decide.request_meeting", member)
    written = texts.checked({"title": title, "reason": reason}, {**LENGTHS, "reason": LENGTHS["request"]})
    check_personal_data(written)
    today = timezone.localdate()
    rules = meeting_rules.snapshot(body, today, extra=True)
    if rules["request"] is None:
        raise ValidationError({"body": _("By its rules members cannot ask for a meeting of this body.")})
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    open_ones = MeetingRequest.objects.filter(owner_body=body, owner_member=member, state=RequestState.OPEN)
    if (there := open_ones.filter(title=written["title"]).first()) is not None:
        return there
    weights = {line.member.pk: line.weight for line in rolls.roll_on(today, rules["weight"])}
    _check_on_roll(member, weights)
    votes = sum(weights.values())
    made = MeetingRequest.objects.create(
        kind="meeting_request",
        state=RequestState.OPEN,
        title=written["title"],
        reason=written["reason"],
        summary=texts.summary_of(written["reason"]),
        body=written["reason"],
        visibility=Visibility.MEMBERS,
        owner_body=body,
        owner_member=member,
        author=actor,
        roll={
            "reference_date": today.isoformat(),
            "votes": votes,
            "required": meeting_rules.needed(votes, rules["request"]),
            "rule": rules["weight"],
            "weeks": rules["request"]["weeks"],
            "share": [rules["request"]["numerator"], rules["request"]["denominator"]],
            "source": rules["source"],
        },
    )
    record(
        verb="meeting_request.made",
        subject=made.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{member.code}",
        data={"body": body.pk, "votes": votes, "required": made.roll["required"]},
    )
    announce(item=made, milestone="meeting_request.made", actor=actor, audience=_who_may_support(weights))
    _add_support(made, member, weights[member.pk], actor)
    return made


@transaction.atomic
def support_request(*, actor: Person, request: MeetingRequest, member: Member) -> RequestSupport:
    """Stand behind a request in the name of a member, with its votes. Twice is once."""
    require(actor, "decide.request_meeting", member)
    row = _locked(request)
    there = row.supports.filter(member=member, withdrawn_at__isnull=True).first()
    if there is not None:
        return there
    if row.state not in (RequestState.OPEN, RequestState.REACHED):
        raise ValidationError(_("This request was answered or withdrawn."))
    day = date.fromisoformat(row.roll["reference_date"])
    weights = {line.member.pk: line.weight for line in rolls.roll_on(day, row.roll["rule"])}
    _check_on_roll(member, weights)
    made = _add_support(row, member, weights[member.pk], actor)
    record(
        verb="meeting_request.supported",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{member.code}",
        data={"support": made.pk, "votes": made.weight},
    )
    return made


@transaction.atomic
def withdraw_support(*, actor: Person, request: MeetingRequest, member: Member) -> RequestSupport | None:
    """No longer stand behind a request; not once it has enough support. Twice is once.

    Where nobody is left the request is withdrawn.
    """
    require(actor, "decide.request_meeting", member)
    row = _locked(request)
    there = row.supports.filter(member=member, withdrawn_at__isnull=True).first()
    if there is None:
        return None
    if row.state != RequestState.OPEN:
        raise ValidationError(
            _("This request has enough support, or is over. Support for it stays as it is.")
        )
    there.withdrawn_at = clock.database_now()
    there.save(update_fields=["withdrawn_at"])
    if not row.supports.filter(withdrawn_at__isnull=True).exists():
        row.state = RequestState.WITHDRAWN
        row.save(update_fields=["state"])
    record(
        verb="meeting_request.support_withdrawn",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{member.code}",
        data={"support": there.pk, "state": row.state},
    )
    return there


def _add_support(row: MeetingRequest, member: Member, weight: int, actor: Person) -> RequestSupport:
    made = RequestSupport.objects.create(
        request=row, member=member, weight=weight, person=actor, given_at=clock.database_now()
    )
    if row.state == RequestState.OPEN and support_of(row) >= row.roll["required"]:
        _reach(row, actor)
    return made


def support_of(row: MeetingRequest) -> int:
    """How many votes stand behind a request; one query."""
    return sum(row.supports.filter(withdrawn_at__isnull=True).values_list("weight", flat=True))


def _reach(row: MeetingRequest, actor: Person) -> None:
    """It has enough support: a meeting is owed within the weeks of the rules, and the bureau hears of it."""
    now = clock.database_now()
    row.state, row.reached_at, row.due_at = (
        RequestState.REACHED,
        now,
        now + timedelta(weeks=row.roll["weeks"]),
    )
    row.save(update_fields=["state", "reached_at", "due_at"])
    staff = [key for key in roles_by_key() if "review" in powers_of([key])]
    people = set(
        Appointment.objects.on(timezone.localdate())
        .filter(role__in=staff, person__is_active=True)
        .values_list("person_id", flat=True)
    )
    people |= set(row.supports.filter(withdrawn_at__isnull=True).values_list("person_id", flat=True))
    announce(
        item=row,
        milestone="meeting_request.reached",
        actor=actor,
        data={"day": timezone.localdate(row.due_at).isoformat()},
        audience=sorted(people),
    )


def _who_may_support(weights: dict[int, int]) -> list[int]:
    return rolls.mandated(weights)


def _check_on_roll(member: Member, weights: dict[int, int]) -> None:
    if member.pk not in weights:
        raise ValidationError({"member": _("This is no member on the reference date of the request.")})


def _locked(request: MeetingRequest) -> MeetingRequest:
    return MeetingRequest.objects.select_for_update(no_key=True, of=("self", "item_ptr")).get(pk=request.pk)
