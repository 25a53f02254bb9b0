"""What is done with an amendment: handed in, co-signed, withdrawn, advised on, and decided."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.deliberate.commands import amendment_decisions as decisions
from omkering.deliberate.commands import amendments
from omkering.deliberate.commands.amendment_advice import advise as record_advice
from omkering.deliberate.forms.amendments import (
    Adopt,
    Advise,
    Cosign,
    EndIt,
    WithReason,
    WriteIn,
    bodies_for,
)
from omkering.deliberate.models import LIVE, Amendment, AmendmentState, Backing, Version
from omkering.deliberate.queries.amendment_studies import spans_of, text_of
from omkering.deliberate.queries.amendments import amendment_page, readable_amendments
from omkering.deliberate.rules_amendments import owner_of
from omkering.deliberate.views.amendment_common import address, amendment_or_404, form_page
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.text_forms import CommandForm
from omkering.who.authority import may, require
from omkering.who.models import Network
from omkering.who.owners import owners_for
from omkering.who.standing import standing_of


@access("insider")
def submit(request: Request, pk: int) -> HttpResponse:
    """Hand in a draft, after one more look at it."""
    row = amendment_or_404(request, pk)
    if not may(request.user, "deliberate.submit_amendment", owner_of(row)):
        raise Http404
    form = CommandForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        row,
        form,
        heading=_("Hand in the amendment"),
        button=_("Hand it in"),
        deed=lambda data: amendments.submit_amendment(actor=request.user, amendment=row),
        done=_("The amendment is handed in."),
        note=_("From then on everybody who may read the text reads it, and its words stay as they are."),
        spans=spans_of(row),
    )


@access("insider")
def cosign(request: Request, pk: int) -> HttpResponse:
    """Stand behind an amendment in the name of one's member or network."""
    row = amendment_or_404(request, pk)
    behind = Backing.objects.filter(amendment=row, ended_at=None)
    members = {one.member_id for one in behind}
    networks = {one.network_id for one in behind}
    owners = [
        owner
        for owner in owners_for(request.user, mandated=True)
        if owner.pk not in (networks if isinstance(owner, Network) else members)
    ]
    if not owners and request.method != "POST":
        if not owners_for(request.user, mandated=True):
            raise PermissionDenied("deliberate.cosign")
        messages.info(request, _("You stand behind this amendment already."))
        return redirect(address(row))
    owners = owners or owners_for(request.user, mandated=True)
    if not owners:
        raise PermissionDenied("deliberate.cosign")
    form = Cosign(request.POST if request.method == "POST" else None, owners=owners)
    return form_page(
        request,
        row,
        form,
        heading=_("Co-sign the amendment"),
        button=_("Co-sign"),
        deed=lambda data: amendments.cosign(actor=request.user, amendment=row, owner=form.owner),
        done=_("You stand behind this amendment now."),
        note=_("You co-sign in the name of %(owner)s.") % {"owner": owners[0]} if len(owners) == 1 else "",
        spans=spans_of(row),
    )


@access("insider")
@require_POST
def end_backing(request: Request, pk: int) -> HttpResponse:
    """No longer stand behind an amendment."""
    readable = readable_amendments(request.user)
    backing = get_object_or_404(Backing.objects.select_related("amendment"), pk=pk, amendment__in=readable)
    try:
        amendments.end_backing(actor=request.user, backing=backing)
        messages.success(request, _("You no longer stand behind this amendment."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(address(backing.amendment))


@access("insider")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take an amendment off the table, or end a draft."""
    row = amendment_or_404(request, pk)
    draft = row.state == AmendmentState.DRAFT
    require(request.user, "deliberate.edit_amendment" if draft else "deliberate.change_amendment", row)
    sent = request.POST if request.method == "POST" else None
    form = CommandForm(sent) if draft else WithReason(sent)
    return form_page(
        request,
        row,
        form,
        heading=_("End the draft") if draft else _("Withdraw the amendment"),
        button=_("End it") if draft else _("Withdraw it"),
        deed=lambda data: amendments.withdraw_amendment(
            actor=request.user, amendment=row, reason=data.get("why", "")
        ),
        done=_("The draft was ended.") if draft else _("The amendment was withdrawn. It stays readable."),
        negative=True,
    )


# --- advice and decisions --------------------------------------------------------------------------------------
@access("insider")
def advise(request: Request, pk: int) -> HttpResponse:
    """Record what a body advises on an amendment."""
    row = amendment_or_404(request, pk)
    bureau = may(request.user, "deliberate.settle_amendment", row)
    seats = standing_of(request.user).bodies
    if not bureau and not seats:
        raise PermissionDenied("deliberate.advise")
    form = Advise(
        request.POST or None,
        bodies=bodies_for(request.user, bureau, seats),
        initial={"alternative": "", "body": next(iter(seats), None) if not bureau else None},
    )

    def deed(data: dict[str, Any]) -> Any:
        return record_advice(
            actor=request.user,
            amendment=row,
            body=data["body"],
            kind=data["kind"],
            reason=data["why"],
            alternative=data["alternative"],
        )

    return form_page(
        request,
        row,
        form,
        heading=_("Advice on the amendment"),
        button=_("Record the advice"),
        deed=deed,
        done=_("The advice is recorded. Those who stand behind the amendment were told."),
        spans=spans_of(row),
    )


@access("bureau")
def adopt(request: Request, pk: int) -> HttpResponse:
    """Record that an amendment was adopted: it is in the text from then on."""
    row = amendment_or_404(request, pk)
    if row.state not in LIVE:
        return redirect(address(row))
    page = amendment_page(row, request.user)
    against = [other for other, _talk in page.against]
    form = Adopt(
        request.POST or None,
        against=against,
        needs_text=page.with_text,
        initial={"version": row.version, "falls": [str(other.pk) for other in against]},
    )

    def deed(data: dict[str, Any]) -> Version:
        falls = Amendment.objects.filter(pk__in=data.get("falls", []), document_id=row.document_id)
        return decisions.adopt_amendment(
            actor=request.user,
            amendment=row,
            version=data["version"] or 0,
            reason=data["note"],
            decided_in=data["decided_in"],
            text=data["text"] or None,
            falls=falls,
        )

    return form_page(
        request,
        row,
        form,
        heading=_("Adopt the amendment"),
        button=_("It was adopted"),
        deed=deed,
        done=_("The amendment is in the text. Those who stand behind it were told."),
        note=_("There is a newer text with which this collides, so write what was decided.")
        if page.with_text
        else "",
        spans=spans_of(row),
        clashes=page.clashes,
    )


def _ended(request: Request, pk: int, command: Any, words: tuple[str, str, str]) -> HttpResponse:
    row = amendment_or_404(request, pk)
    form = EndIt(request.POST or None, initial={"version": row.version})
    return form_page(
        request,
        row,
        form,
        heading=words[0],
        button=words[1],
        deed=lambda data: command(
            actor=request.user,
            amendment=row,
            version=data["version"] or 0,
            reason=data["why"],
            decided_in=data["decided_in"],
        ),
        done=words[2],
        spans=spans_of(row),
    )


@access("bureau")
def reject(request: Request, pk: int) -> HttpResponse:
    """Record that an amendment was rejected."""
    words = (
        _("Reject the amendment"),
        _("It was rejected"),
        _("Recorded. Those who stand behind it were told."),
    )
    return _ended(request, pk, decisions.reject_amendment, words)


@access("bureau")
def hold(request: Request, pk: int) -> HttpResponse:
    """Record that an amendment is held for later."""
    words = _("Hold the amendment"), _("It is held"), _("Recorded. Those who stand behind it were told.")
    return _ended(request, pk, decisions.hold_amendment, words)


@access("bureau")
@require_POST
def fall(request: Request, pk: int, because: int) -> HttpResponse:
    """Record that an amendment falls with one that was adopted."""
    row, other = amendment_or_404(request, pk), amendment_or_404(request, because)
    try:
        decisions.fall_amendment(actor=request.user, amendment=row, because=other)
        messages.success(request, _("Recorded. Those who stand behind it were told."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(address(row))


@access("bureau")
def write_in(request: Request, pk: int) -> HttpResponse:
    """Write an adopted amendment that collided with the text into it."""
    row = amendment_or_404(request, pk)
    if row.state != AmendmentState.ADOPTED:
        return redirect(address(row))
    text = text_of(row.document_id)
    block = text.block(row.paragraph.address) if text is not None else None
    now = block.text if block is not None and row.deed != "add" else row.text
    return form_page(
        request,
        row,
        WriteIn(request.POST or None, initial={"text": now}),
        heading=_("Write it into the text"),
        button=_("Write it in"),
        deed=lambda data: decisions.write_in(
            actor=request.user, amendment=row, text=data["text"], note=data["note"]
        ),
        done=_("It is in the text now, in a new version."),
        note=_("This was adopted, but collided with the text. Below stands the paragraph as it is now."),
        spans=spans_of(row),
        target=lambda made: reverse("deliberate:consolidated", args=[row.document_id]),
    )
