"""Talks about two amendments that collide, and the common text that may take their place."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.deliberate.amendment_words import DEEDS
from omkering.deliberate.commands import amendment_talks
from omkering.deliberate.forms.amendments import AmendmentForm, EndTalks
from omkering.deliberate.models import Amendment, CollisionTalk
from omkering.deliberate.queries.amendment_studies import spans_of, text_of
from omkering.deliberate.queries.amendments import readable_amendments
from omkering.deliberate.views.amendment_common import address, amendment_or_404, crumbs, named
from omkering.deliberate.views.amendment_writing import deed_asked, start_of, writing
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors
from omkering.who.authority import may, require
from omkering.who.owners import owners_for


@access("insider")
@require_POST
def ask_talks(request: Request, pk: int, other: int) -> HttpResponse:
    """Ask for talks about two amendments that collide."""
    first, second = amendment_or_404(request, pk), amendment_or_404(request, other)
    try:
        talk = amendment_talks.ask_talks(actor=request.user, first=first, second=second)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(address(first))
    messages.success(request, _("Both sides were told that you want to talk."))
    return redirect("deliberate:amendment_talk", talk.pk)


def _talk_or_404(request: Request, pk: int) -> CollisionTalk:
    rows = CollisionTalk.objects.select_related(
        *("first__document", "first__paragraph", "second__paragraph", "common__written_on"),
        *("first__owner_member", "first__network", "second__owner_member", "second__network"),
        *("common__owner_member", "common__network"),
    )
    talk = get_object_or_404(rows, pk=pk)
    if readable_amendments(request.user).filter(pk__in=[talk.first_id, talk.second_id]).count() < 2:
        raise Http404
    return talk


@access("insider")
def talk(request: Request, pk: int) -> HttpResponse:
    """Talks about two amendments: both texts, the common text that was proposed, and how they ended.

    The common text is of those who talk until both agree.
    """
    row = _talk_or_404(request, pk)
    inside = may(request.user, "deliberate.talk", row)
    common = row.common if inside or row.ended_at is not None else None
    form = EndTalks(request.POST if request.POST.get("go") == "end" else None)
    problem: list[str] = []
    if request.method == "POST":
        require(request.user, "deliberate.talk", row)
        try:
            if request.POST.get("go") == "agree":
                seen = request.POST.get("version", "")
                version = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
                made = amendment_talks.agree_common(actor=request.user, talk=row, version=version)
                messages.success(request, _("The common amendment takes the place of both."))
                return redirect(address(made))
            if form.is_valid():
                amendment_talks.end_talks(actor=request.user, talk=row, note=form.cleaned_data["why"])
                messages.success(request, _("The talks have ended. Both amendments stay on the table."))
                return redirect(address(row.first))
        except ValidationError as error:
            if request.POST.get("go") == "end":
                add_errors(form, error)
            else:
                problem = error.messages
    words = {"first": row.first.number, "second": row.second.number}
    heading = _("Talks about amendments %(first)s and %(second)s") % words
    context = {
        "talk": row,
        "sides": [(one, named(one), spans_of(one)) for one in (row.first, row.second)],
        "common": common,
        "spans": spans_of(common) if common is not None else (),
        "form": form,
        "problem": problem,
        "inside": inside and row.ended_at is None,
        "may_agree": inside and amendment_talks.may_agree(request.user, row),
        "may_propose": inside and row.ended_at is None and bool(owners_for(request.user, mandated=True)),
        "heading": heading,
        "breadcrumbs": crumbs(row.first.document, (heading, "")),
    }
    status = 422 if problem or form.errors else 200
    return render(request, "deliberate/amendment_talk.html", context, status=status)


@access("insider")
def propose_common(request: Request, pk: int) -> HttpResponse:
    """Propose a common text to the other side."""
    row = _talk_or_404(request, pk)
    require(request.user, "deliberate.talk", row)
    owners = owners_for(request.user, mandated=True)
    if not owners:
        raise PermissionDenied("deliberate.submit_amendment")
    text = text_of(row.first.document_id)
    block = text.block(row.first.paragraph.address) if text is not None else None
    if text is None or block is None or row.ended_at is not None:
        messages.error(request, _("These talks have ended, or the paragraph is no longer in the text."))
        return redirect("deliberate:amendment_talk", pk)
    start = row.common or row.first
    deed = deed_asked(request, start.deed)
    initial = start_of(start, deed) | {"on_version": text.version.number, "version": None}
    form = AmendmentForm(request.POST or None, owners=owners, deed=deed, initial=initial)

    def keep(data: dict[str, Any]) -> Amendment:
        return amendment_talks.propose_common(actor=request.user, talk=row, owner=form.owner, **form.values())

    return writing(
        request,
        form,
        base=block.text,
        deed=deed,
        keep=keep,
        heading=_("Propose a common text"),
        lead=_(
            "It takes the place of both once the other side agrees. All who stand behind either go along."
        ),
        only=_("Propose it to the other side"),
        done=_("The other side was told. It can agree, or propose another text."),
        breadcrumbs=crumbs(row.first.document, (_("Propose a common text"), "")),
        deeds=[(key, label, f"?deed={key}", key == deed) for key, label in DEEDS.items()],
        sides=[(one, named(one), spans_of(one)) for one in (row.first, row.second)],
        after=reverse("deliberate:amendment_talk", args=[row.pk]),
        back=reverse("deliberate:amendment_talk", args=[row.pk]),
    )
