"""What is done with a motion: filed, signed, withdrawn, admitted, advised on, held, taken over, split."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from omkering.decide import commands
from omkering.decide.commands.motions import is_late
from omkering.decide.forms.motions import (
    AdviceForm,
    BringMotion,
    FileMotion,
    Sign,
    Split,
    TakeOver,
    Urgency,
    WithReason,
    bodies_for,
)
from omkering.decide.models import Motion, MotionState, Signature
from omkering.decide.motion_texts import points
from omkering.decide.queries.motions import items_for_motions, meetings_for_motions, readable_motions
from omkering.decide.queries.similar_items import alike
from omkering.decide.rules_motions import owner_of
from omkering.decide.views.common import readable_item
from omkering.decide.views.motion_common import form_page, motion_or_404
from omkering.decide.views.motions import form_of
from omkering.journal import clock
from omkering.thread import kinds
from omkering.ui.access import access
from omkering.ui.form_pages import sent
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required
from omkering.ui.text_forms import CommandForm
from omkering.who.authority import may, require
from omkering.who.owners import owners_for
from omkering.who.standing import standing_of


@access("insider")
@second_factor_required
def file(request: Request, pk: int) -> HttpResponse:
    """File a draft: first what is there already, with the lighter road of a signal; then for which meeting."""
    row = motion_or_404(request, pk)
    if not may(request.user, "decide.edit_motion", row) or row.state != MotionState.DRAFT:
        if row.state == MotionState.DRAFT:
            raise Http404
        return redirect("decide:motion", pk)
    files = may(request.user, "decide.file_motion", owner_of(row))
    meetings, now = meetings_for_motions(request.user), clock.database_now()
    form = FileMotion(
        sent(request),
        meetings=meetings,
        items=items_for_motions(meetings),
        initial={
            "version": row.version,
            "meeting": next((str(m.pk) for m in meetings if not m.opened_at and not is_late(m, now)), ""),
        },
    )
    if request.method == "POST":
        require(request.user, "decide.file_motion", owner_of(row))

    def deed(data: dict[str, Any]) -> Motion:
        return commands.file_motion(
            actor=request.user,
            motion=row,
            meeting=form.meeting(),
            agenda_item=form.agenda_item(),
            urgency_current=data["urgency_current"],
            urgency_earlier=data["urgency_earlier"],
            version=data["version"],
        )

    return form_page(
        request,
        row,
        form,
        template="decide/motion_file.html",
        heading=_("File the motion"),
        button=_("File the motion"),
        deed=deed,
        done=_("The motion is filed. Everybody whose input it came from hears of it."),
        files=files,
        text=form_of(row),
        similar=alike(row.title, row.requests or row.noting, request.user, exclude=row.pk),
        committee=row.theme.body if row.theme else None,
    )


@access("insider")
@second_factor_required
def sign(request: Request, pk: int) -> HttpResponse:
    """Stand under a motion in the name of one's member or network."""
    row = motion_or_404(request, pk)
    owners = owners_for(request.user, mandated=True)
    if not owners:
        raise PermissionDenied("decide.sign_motion")
    under = row.signatures.filter(withdrawn_at__isnull=True).values_list("member_id", "network_id")
    there = {("member", member) if member else ("network", network) for member, network in under}
    still = [one for one in owners if (type(one).__name__.lower(), one.pk) not in there]
    if not still and request.method != "POST":
        messages.info(request, _("You stand under this motion already."))
        return redirect("decide:motion", pk)
    form = Sign(sent(request), owners=still or owners)
    return form_page(
        request,
        row,
        form,
        heading=_("Sign the motion"),
        button=_("Sign"),
        deed=lambda data: commands.sign_motion(actor=request.user, motion=row, owner=form.owner),
        done=_("You stand under this motion now, and hear what becomes of it."),
        note=_("You sign in the name of %(owner)s.") % {"owner": still[0]} if len(still) == 1 else "",
        text=form_of(row),
    )


@access("insider")
@require_POST
@second_factor_required
def unsign(request: Request, pk: int) -> HttpResponse:
    """Take one's name off a motion."""
    readable = readable_motions(request.user)
    signature = get_object_or_404(
        Signature.objects.select_related("motion"), pk=pk, motion__in=readable.values("pk")
    )
    try:
        commands.withdraw_signature(actor=request.user, signature=signature)
        messages.success(request, _("Your signature is withdrawn. That it was there stays known."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("decide:motion", signature.motion_id)


@access("insider")
@second_factor_required
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Withdraw a motion, or end a draft."""
    row = motion_or_404(request, pk)
    draft = row.state == MotionState.DRAFT
    require(request.user, "decide.edit_motion" if draft else "decide.change_motion", row)
    form = CommandForm(sent(request)) if draft else WithReason(sent(request))
    return form_page(
        request,
        row,
        form,
        heading=_("End the draft") if draft else _("Withdraw the motion"),
        button=_("End it") if draft else _("Withdraw it"),
        deed=lambda data: commands.withdraw_motion(
            actor=request.user, motion=row, reason=data.get("reason", "")
        ),
        done=_("The draft was ended.") if draft else _("The motion was withdrawn. It stays readable."),
        negative=True,
    )


# --- what the meeting decides ----------------------------------------------------------------------------------
@access("insider")
def urgency(request: Request, pk: int) -> HttpResponse:
    """Record whether a late motion is admitted, or put that to the vote."""
    row = motion_or_404(request, pk)
    require(request.user, "decide.handle_motion", row)
    form = Urgency(sent(request))
    return form_page(
        request,
        row,
        form,
        template="decide/motion_urgency.html",
        heading=_("Is it urgent?"),
        button=_("Record what was decided"),
        deed=lambda data: commands.decide_urgency(
            actor=request.user, motion=row, admitted=data["admitted"] == "yes", reason=data["reason"]
        ),
        done=_("What was decided is recorded."),
        motion=row,
    )


@access("insider")
@require_POST
def ask_urgency(request: Request, pk: int) -> HttpResponse:
    """Make the question of urgency into something that can be voted on."""
    row = motion_or_404(request, pk)
    try:
        made = commands.ask_urgency(actor=request.user, motion=row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("decide:motion", pk)
    return redirect("decide:plan", made.pk)


@access("insider")
def bring(request: Request, pk: int) -> HttpResponse:
    """Bring a motion to another meeting."""
    row = motion_or_404(request, pk)
    if not may(request.user, "decide.change_motion", row):
        require(request.user, "decide.handle_motion", row)
    meetings = meetings_for_motions(request.user, on_time=True)
    form = BringMotion(sent(request), meetings=meetings, items=items_for_motions(meetings))
    return form_page(
        request,
        row,
        form,
        heading=_("Bring it to a meeting"),
        button=_("Bring it there"),
        deed=lambda data: commands.bring_to_meeting(
            actor=request.user, motion=row, meeting=form.meeting(), agenda_item=form.agenda_item()
        ),
        done=_("The motion is brought to that meeting."),
        note=_("You can choose the meetings whose deadline for motions has not passed."),
    )


@access("bureau")
@require_POST
def place(request: Request, pk: int) -> HttpResponse:
    """Put a motion on the agenda of its meeting."""
    row = motion_or_404(request, pk)
    try:
        item = commands.place_on_agenda(actor=request.user, motion=row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("The motion is on the agenda of “%(meeting)s”.") % {"meeting": item.meeting}
        )
    return redirect("decide:motion", pk)


@access("insider")
def hold(request: Request, pk: int) -> HttpResponse:
    """Hold a motion over."""
    row = motion_or_404(request, pk)
    require(request.user, "decide.handle_motion", row)
    return form_page(
        request,
        row,
        WithReason(sent(request)),
        heading=_("Hold the motion over"),
        button=_("Hold it over"),
        deed=lambda data: commands.hold_motion(actor=request.user, motion=row, reason=data["reason"]),
        done=_("The motion is held over. It can be brought to a later meeting."),
    )


@access("insider")
def take_over(request: Request, pk: int) -> HttpResponse:
    """Let a body take a motion over."""
    row = motion_or_404(request, pk)
    form = TakeOver(sent(request), bodies=_bodies(request, "decide.take_over"))
    return form_page(
        request,
        row,
        form,
        heading=_("Take the motion over"),
        button=_("Take it over"),
        deed=lambda data: commands.take_over(
            actor=request.user, motion=row, body=data["body"], reason=data["reason"]
        ),
        done=_("The motion is taken over. Say who carries it out, and by when."),
    )


@access("insider")
def split(request: Request, pk: int) -> HttpResponse:
    """Split a motion in parts."""
    row = motion_or_404(request, pk)
    require(request.user, "decide.split_motion", row)
    requests = points(row.requests)
    form = Split(sent(request), requests=requests, initial={"version": row.version})

    def deed(data: dict[str, Any]) -> list[Motion]:
        return commands.split_motion(
            actor=request.user, motion=row, parts=form.parts(), version=data["version"]
        )

    return form_page(
        request,
        row,
        form,
        heading=_("Split the motion"),
        button=_("Split it"),
        deed=deed,
        done=_("The motion is split. Each part is decided on by itself."),
        note=ngettext(
            "This motion has %(number)s request, so there is nothing to split.",
            "Choose a part for each of the %(number)s requests. Who signed stands under every part.",
            len(requests),
        )
        % {"number": len(requests)},
    )


# --- advice ----------------------------------------------------------------------------------------------------
@access("insider")
def advise(request: Request, pk: int) -> HttpResponse:
    """Give the advice of a body on a motion or another item."""
    item = readable_item(request, pk)
    row = motion_or_404(request, pk) if item.kind == "motion" else item
    form = AdviceForm(sent(request), bodies=_bodies(request, "decide.advise"))
    return form_page(
        request,
        row,
        form,
        heading=_("Give advice"),
        button=_("Give this advice"),
        deed=lambda data: commands.advise(
            actor=request.user, about=item, body=data["body"], kind=data["kind"], reason=data["reason"]
        ),
        done=_("The advice is given. An earlier advice of the same body stays readable."),
        target=lambda made: kinds.url(item) or reverse("decide:motions"),
    )


def _bodies(request: Request, permission: str) -> Any:
    standing = standing_of(request.user)
    if not standing.is_bureau and not standing.bodies:
        raise PermissionDenied(permission)
    return bodies_for(standing.is_bureau, standing.bodies)
