"""The formal view of a member: written together, and handed in by somebody with the member's mandate.

What is being written stands in `View.draft`, which only the member reads. Handing in makes it the view, and its points
contributions; until closing that can be done again. Locks: the round is held open, then the view is locked.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.consultation_rows import hold_open, in_main_language, refuse_old
from omkering.deliberate.commands.points import (
    addresses_of,
    hand_in_points,
    known_points,
    withdraw_point,
)
from omkering.deliberate.consultation_texts import title_of
from omkering.deliberate.models import (
    ConsultationRound,
    ConsultationState,
    ContributionKind,
    ContributionState,
    View,
)
from omkering.deliberate.publics import visibility_of
from omkering.deliberate.queries.consultation_response import asked_members
from omkering.deliberate.view_drafts import checked, is_empty, same
from omkering.journal.commands import record
from omkering.thread.commands import announce, remember_meaning
from omkering.thread.models import Visibility
from omkering.thread.texts import summary_of
from omkering.who.authority import require
from omkering.who.models import Member, Person

LENGTHS = {"text": "view"}


@transaction.atomic
def start_view(*, actor: Person, round: ConsultationRound, member: Member) -> View:
    """Begin the view of a member, or find the one that is there: a member has one in each round."""
    require(actor, "deliberate.draft_view", member)
    there = View.objects.filter(in_round=round, member=member).defer("search").first()
    if there is not None:
        return there
    if not round.takes_views:
        raise ValidationError(_("This round takes no formal views."))
    if not asked_members(round).filter(pk=member.pk).exists():
        raise ValidationError(_("%(member)s is not asked in this round.") % {"member": member.name})
    _check_writable(round, None)
    with in_main_language():
        title = _("View of %(member)s on “%(title)s”") % {
            "member": member.name,
            "title": round.consultation.title,
        }
    # Two colleagues who begin at once: the second waits here, and finds the view of the first.
    member_row = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    made, new = View.objects.get_or_create(
        in_round=round,
        member=member_row,
        defaults={
            "kind": "view",
            "title": title_of(title),
            "state": ContributionState.DRAFT,
            "visibility": Visibility.BUREAU,  # and the member's own people, until it is handed in
            "theme_id": round.consultation.theme_id,
            "owner_member": member_row,
            "author": actor,
            "draft": {"text": "", "points": []},
        },
    )
    if new:
        _record("begun", made, actor)
    return made


@transaction.atomic
def save_view(
    *, actor: Person, view: View, version: int, text: str, points: Iterable[Mapping[str, Any]]
) -> View:
    """Save the draft; the view itself stays as it was handed in. What is empty is left out.

    `version` is that of the draft one looked at: if a colleague saved another one since, nothing is written, and a
    ValidationError with code `changed` tells who did.
    """
    require(actor, "deliberate.draft_view", view.member)
    row = _locked(view)
    draft = checked(
        {"text": text},
        points,
        lengths=LENGTHS,
        addresses=addresses_of(row.in_round),
        known=known_points(row),
    )
    if draft == row.draft:
        return row
    refuse_old(seen=version, present=row.version, subject=row.subject)
    _check_writable(row.in_round, row)
    row.draft, row.drafted_by, row.drafted_at = draft, actor, timezone.now()
    row.version += 1
    row.save(update_fields=["draft", "drafted_by", "drafted_at", "version"])
    _record("saved", row, actor, points=len(draft["points"]))
    return row


@transaction.atomic
def hand_in_view(*, actor: Person, view: View, version: int) -> View:
    """Hand in the draft as the view of the member; until closing it can be done again, and the last one counts.

    After closing a view that was never handed in still can be, until the note of answer is there; it is marked late.
    The same draft again changes nothing.
    """
    require(actor, "deliberate.hand_in_view", view.member)
    in_time = hold_open(view.in_round)
    row = _locked(view)
    if row.handed_in_at is not None and same(row.draft, _handed_in(row)):
        return row
    refuse_old(seen=version, present=row.version, subject=row.subject)
    _check_writable(row.in_round, row, in_time=in_time)
    draft = checked(
        {"text": row.draft.get("text", "")},
        row.draft.get("points", []),
        lengths=LENGTHS,
        addresses=addresses_of(row.in_round),
        known=known_points(row),
        complete=True,
    )
    if is_empty(draft):
        raise ValidationError(_("Write what the member thinks first: there is nothing to hand in yet."))
    row.late = not in_time
    draft["points"] = hand_in_points(
        whole=row,
        kind=ContributionKind.VIEW_POINT,
        points=draft["points"],
        actor=actor,
        late=row.late,
        member=row.member,
    )
    row.visibility, row.audience_id = visibility_of(row.in_round)
    row.draft, row.text = draft, draft["text"]
    row.summary = summary_of(draft["text"] or draft["points"][0]["text"])
    row.body, row.state = draft["text"], ContributionState.SUBMITTED
    row.handed_in_at = row.changed_at = timezone.now()
    row.handed_in_by = actor
    row.version += 1
    row.save()
    remember_meaning(item=row)
    event = _record("handed_in", row, actor, points=len(draft["points"]), late=row.late)
    announce(
        item=row,
        milestone="view.handed_in",
        actor=actor,
        once=str(event),
        audience=[row.drafted_by_id] if row.drafted_by_id else [],
        upstream=False,
    )
    return row


@transaction.atomic
def take_back_view(*, actor: Person, view: View) -> View:
    """Take a view back while its round is open: it no longer counts. The draft stays, to hand in again."""
    require(actor, "deliberate.hand_in_view", view.member)
    in_time = hold_open(view.in_round)
    row = _locked(view)
    if row.handed_in_at is None:
        return row
    if not in_time:
        raise ValidationError(_("This round has closed, so the view stays as it was handed in."))
    for point in row.points.filter(state=ContributionState.SUBMITTED).defer("search", "body"):
        withdraw_point(point)
    row.state, row.handed_in_at, row.handed_in_by = ContributionState.WITHDRAWN, None, None
    row.visibility, row.audience, row.text, row.body, row.summary = Visibility.BUREAU, None, "", "", ""
    row.changed_at, row.version = timezone.now(), row.version + 1
    row.save()
    _record("taken_back", row, actor)
    return row


def has_changes(view: View) -> bool:
    """Whether the draft says something else than what was handed in; no query where the points are fetched."""
    return not same(view.draft, _handed_in(view))


# --- pieces --------------------------------------------------------------------------------------------------
def _handed_in(row: View) -> dict[str, Any]:
    """What counts now, in the form of a draft."""
    live = [point for point in row.points.all() if point.state in ("submitted", "answered")]
    live.sort(key=lambda point: (point.order, point.pk))
    addresses = {pk: address for address, pk in addresses_of(row.in_round).items()}
    return {
        "text": row.text,
        "points": [
            {
                "point": point.pk,
                "paragraph": addresses.get(point.paragraph_id) if point.paragraph_id else None,
                "text": point.text,
            }
            for point in live
        ],
    }


def may_be_written(round: ConsultationRound, view: View | None) -> bool:
    """Whether a view may be written or handed in now; late only where it never was."""
    if round.state == ConsultationState.OPEN:
        return True
    handed_in = view is not None and view.handed_in_at is not None
    return (
        round.state == ConsultationState.CLOSED
        and round.consultation.answer_published_at is None
        and not handed_in
    )


def _check_writable(round: ConsultationRound, view: View | None, *, in_time: bool | None = None) -> None:
    """ValidationError unless the view may be written now. `in_time` False: the closing time has passed."""
    handed_in = view is not None and view.handed_in_at is not None
    if round.state == ConsultationState.PLANNED:
        raise ValidationError(_("This round has not opened yet."))
    if handed_in and in_time is False:
        raise ValidationError(_("This round has closed, so the view stays as it was handed in."))
    if may_be_written(round, view):
        return
    if handed_in:
        raise ValidationError(_("This round has closed, so the view stays as it was handed in."))
    raise ValidationError(_("This round is over. Nothing can be handed in any more, also not late."))


def _locked(view: View) -> View:
    rows = View.objects.select_for_update(of=("self", "item_ptr"), no_key=True)
    rows = rows.select_related("in_round__consultation", "in_round__network", "member")
    return rows.defer("search", "in_round__consultation__search").get(pk=view.pk)


def _record(what: str, row: View, actor: Person, **data: Any) -> int:
    event = record(
        verb=f"view.{what}",
        subject=row.subject,
        actor=actor.pk,
        on_behalf_of=f"member:{row.member.code}",
        data={"version": row.version, "round": row.in_round_id, **data},
    )
    return event.pk
