"""What becomes of a motion: split in parts, held over, taken over, or decided by a vote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from omkering.decide.commands.motion_admission import settle_urgency
from omkering.decide.commands.motion_rows import (
    call_off_planned_votes,
    carry_signatures,
    keep_text,
    locked,
    log,
    move,
    refuse_unless_on_the_table,
    tell,
)
from omkering.decide.models import Admission, Motion, MotionState, MotionStep, Vote
from omkering.decide.motion_steps import can_step
from omkering.decide.motion_texts import as_one_text, checked, points
from omkering.decide.rules_motions import filed_it, owner_of
from omkering.journal import clock
from omkering.thread.commands import link, remember_meaning
from omkering.thread.models import Item, Link, LinkKind
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Body, Person


# --- split ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Part:
    """A part of a motion: its title, and which of the requests (counted from 0) it takes."""

    title: str
    requests: tuple[int, ...]


@transaction.atomic
def split_motion(
    *, actor: Person, motion: Motion, parts: Sequence[Part], version: int | None = None
) -> list[Motion]:
    """Split a motion in parts with a fate each: every request goes to exactly one of them. Twice is once.

    Whoever stands under the whole stands under each part, and can take their name off one of them.
    """
    require(actor, "decide.split_motion", motion)
    row = locked(motion)
    if row.state == MotionState.SPLIT:
        return list(row.parts.order_by("part_number"))
    refuse_unless_on_the_table(row)
    if row.part_of_id is not None:
        raise ValidationError(_("This is a part of a motion already. It cannot be split again."))
    if version is not None and version != row.version:
        raise ValidationError(_("This motion was changed meanwhile. Look at it again before you split it."))
    requests = points(row.requests)
    _check_parts(parts, len(requests))
    planned = call_off_planned_votes(row)
    made = [_make_part(row, number, part, requests, actor) for number, part in enumerate(parts, start=1)]
    move(row, MotionState.SPLIT, actor)
    log(
        "split", row, actor, owner_of(row) if filed_it(actor, row) else None,
        parts=[part.pk for part in made], votes=planned,
    )  # fmt: skip
    tell(row, "split", actor, upstream=True, parts=len(made))
    return made


def _check_parts(parts: Sequence[Part], requests: int) -> None:
    if requests < 2:
        raise ValidationError(
            _("This motion has one request, so there is nothing to split. Put each on a line.")
        )
    taken = sorted(number for part in parts for number in part.requests)
    if len(parts) < 2 or any(not part.requests for part in parts) or taken != list(range(requests)):
        raise ValidationError(_("Give every request to one of the parts, and each part at least one."))


def _make_part(whole: Motion, number: int, part: Part, requests: list[str], actor: Person) -> Motion:
    title = part.title.strip() or _("%(title)s, part %(number)s") % {
        "title": whole.title[:180],
        "number": number,
    }
    values = checked(
        {
            "title": title,
            "noting": whole.noting,
            "considering": whole.considering,
            "requests": "\n".join(requests[at] for at in sorted(part.requests)),
        }
    )
    made = Motion.objects.create(
        kind="motion",
        state=MotionState.FILED,
        author_id=whole.author_id,
        part_of=whole,
        part_number=number,
        summary=summary_of(values["requests"]),
        body=as_one_text(values),
        **values,
        **{name: getattr(whole, name) for name in CARRIED},
    )
    keep_text(made, actor)
    MotionStep.objects.create(motion=made, state=made.state, person=actor, at=clock.database_now())
    link(upstream=whole, downstream=made, kind=LinkKind.FOLLOWS_FROM, actor=actor)
    carry_signatures(whole, made)
    remember_meaning(item=made)
    return made


# What a part, or what takes the place of several, has of the motion that it came from.
CARRIED = (
    *("year", "number", "filed_at", "meeting_id", "agenda_item_id", "owner_body_id", "owner_member_id"),
    *("network_id", "theme_id", "visibility", "audience_id", "language", "admission", "example"),
)


# --- held, taken over ----------------------------------------------------------------------------------------
@transaction.atomic
def hold_motion(*, actor: Person, motion: Motion, reason: str) -> Motion:
    """Hold a motion over to a later meeting, and why. Twice is once."""
    require(actor, "decide.handle_motion", motion)
    reason = checked({"reason": reason})["reason"]
    row = locked(motion)
    if row.state == MotionState.HELD:
        return row
    refuse_unless_on_the_table(row)
    planned = call_off_planned_votes(row)
    move(row, MotionState.HELD, actor, reason=reason)
    event = log("held", row, actor, None, votes=planned)
    tell(row, "held", actor, upstream=True, once=event, reason=reason)
    return row


@transaction.atomic
def take_over(*, actor: Person, motion: Motion, body: Body, reason: str) -> Motion:
    """A body takes a motion over: it does what is asked without a vote, and must give account of it. Twice is once."""
    require(actor, "decide.take_over", body)
    reason = checked({"reason": reason})["reason"]
    row = locked(motion)
    if row.state == MotionState.TAKEN_OVER:
        return row
    refuse_unless_on_the_table(row)
    if row.admission == Admission.ASKED:
        raise ValidationError(_("This motion came late. First decide whether it is admitted."))
    planned = call_off_planned_votes(row)
    move(row, MotionState.TAKEN_OVER, actor, reason=reason)
    event = log("taken_over", row, actor, None, body=body.pk, votes=planned)
    tell(row, "taken_over", actor, upstream=True, once=event, body=dict(body.names), reason=reason)
    return row


# --- decided by a vote ---------------------------------------------------------------------------------------
AFTER_VOTE = {
    "opened": MotionState.VOTING,
    "adopted": MotionState.ADOPTED,
    "rejected": MotionState.REJECTED,
    "held": MotionState.HELD,
    "taken_over": MotionState.TAKEN_OVER,
    "elected": MotionState.ADOPTED,
    # Nothing was decided: it is on the table again.
    **dict.fromkeys(
        ("tie", "no_quorum", "undone", "advice_rejected", "options_tied", "none_elected"), MotionState.FILED
    ),
}


@transaction.atomic
def voted_on(*, item: Item, cause: Item, actor: Person | None, what: str, data: Mapping[str, Any]) -> None:
    """What happened to a vote that this very motion, or its admission, is put to; in the same transaction.

    Votes on what came of a motion (a part, a merger) are not votes on it, nor is one that makes an earlier one formal.
    """
    vote = Vote.objects.filter(pk=cause.pk).only("about_id", "ratifies_id", "rule").first()
    if vote is None or vote.ratifies_id is not None:
        return
    row = locked(item.pk)
    if row.urgency_question_id is not None and vote.about_id == row.urgency_question_id:
        if what in ("adopted", "rejected") and row.admission == Admission.ASKED:
            settle_urgency(row, actor, admitted=what == "adopted", reason="", cause=cause)
        return
    direct = Link.objects.filter(
        upstream=item, downstream=cause, kind=LinkKind.DECIDED_IN, ended_at__isnull=True
    )
    if not direct.exists() or (what == "elected" and not _stands_for_itself(vote, row)):
        return
    state = AFTER_VOTE[what]
    if state == row.state or not can_step(row.state, state):
        return
    move(row, state, actor, cause=cause)
    log(_VERBS.get(state, str(state)), row, actor, None, vote=vote.pk)


_VERBS = {MotionState.FILED: "not_decided"}


def _stands_for_itself(vote: Vote, row: Motion) -> bool:
    """Whether a choice between options was about this motion itself, and not between it and others."""
    options = vote.rule.get("ballot", {}).get("options", ())
    return vote.about_id == row.pk and all(option.get("item") != row.pk for option in options)
