"""Alignment: one alignment with its talks and how it ended, and the differences that stand."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.alignments import UNSETTLED, end_alignment, log_talk
from omkering.deliberate.forms.contacts import EndAlignmentForm, TalkForm, party_label
from omkering.deliberate.models import Alignment, AlignmentState
from omkering.deliberate.queries import alignments as queries
from omkering.deliberate.register_rows import difference_rows, other_rows
from omkering.deliberate.rules_positions import party_of
from omkering.deliberate.views.position_common import alignment_or_404, crumbs, form_page, of_alignment
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may, require
from omkering.who.standing import standing_of


@access("insider")
def alignment(request: Request, pk: int) -> HttpResponse:
    """What departs from which position, the talks about it, and how they ended."""
    row = alignment_or_404(request, pk)
    takes_part = may(request.user, "deliberate.align", row) and row.state in UNSETTLED
    reads = queries.may_read_position(row, request.user)
    context = {
        "alignment": row,
        "item": row,
        "contact": row.relation.contact,
        "position": row.relation.position if reads else None,
        "speaker": party_label(party_of(row.relation.contact)),
        "us": party_label(None),
        "tone": queries.TONES[AlignmentState(row.state)],
        "talks": queries.talks_of(row),
        "may_talk": takes_part,
        "may_edit_position": reads and may(request.user, "deliberate.keep_position", row),
        "may_edit_contact": may(request.user, "deliberate.edit_contact", row.relation.contact),
        "breadcrumbs": of_alignment(row),
    }
    return render(request, "deliberate/alignment.html", context)


def _page(row: Alignment) -> str:
    return reverse("deliberate:alignment", args=[row.pk])


@access("insider")
def talk(request: Request, pk: int) -> HttpResponse:
    """Write down a talk."""
    row = alignment_or_404(request, pk)
    require(request.user, "deliberate.align", row)
    if row.state not in UNSETTLED:
        messages.info(request, _("This alignment has ended. It stays in the register as it is."))
        return redirect("deliberate:alignment", pk)
    return form_page(
        request,
        TalkForm(request.POST or None, initial={"on": timezone.localdate()}),
        heading=_("Write down a talk"),
        button=_("Write it down"),
        deed=lambda form: log_talk(actor=request.user, alignment=row, **form.cleaned_data),
        done=_("Written down. The other side was told."),
        back=_page(row),
        way=of_alignment(row),
        lead=row.title,
    )


@access("insider")
def end(request: Request, pk: int) -> HttpResponse:
    """Say how it ends."""
    row = alignment_or_404(request, pk)
    require(request.user, "deliberate.align", row)
    if row.state not in UNSETTLED:
        messages.info(request, _("This alignment has ended. It stays in the register as it is."))
        return redirect("deliberate:alignment", pk)
    speaks = may(request.user, "deliberate.change_own_message", row)

    def form_of(now: Alignment, data: Any) -> EndAlignmentForm:
        return EndAlignmentForm(data, alignment=now, speaks=speaks, initial={"version": now.version})

    def anew() -> tuple[EndAlignmentForm, dict[str, str]]:
        now = alignment_or_404(request, pk)
        data = request.POST.copy()
        data["version"] = str(now.version)
        form = form_of(now, data)
        form.is_valid()
        return form, {"text": now.text, "reason": now.reason}

    return form_page(
        request,
        form_of(row, request.POST or None),
        heading=_("How it ends"),
        button=_("Record how it ends"),
        deed=lambda form: end_alignment(actor=request.user, alignment=row, **form.cleaned_data),
        done=_("Recorded. Everybody involved was told."),
        back=_page(row),
        way=of_alignment(row),
        lead=row.title,
        anew=anew,
    )


@access("insider")
def differences(request: Request) -> HttpResponse:
    """The contradictions that stand, oldest first: what the state could play off."""
    rows = queries.standing_differences(queries.readable_alignments(request.user))
    page = paginate(queries.in_a_list(rows), request.GET, order=("created_at", "pk"))
    count = rows.count()
    others, other_count = queries.other_lines(request.user)
    context = {
        "page": page,
        "body": difference_rows(
            (line, party_label(party_of(line.relation.contact)))
            for line in queries.differences_of(page.rows, request.user)
        ),
        "count": count,
        "hidden": queries.hidden_differences(request.user, count),
        "other_body": other_rows(others),
        "shown_count": len(others),
        "other_count": other_count,
        "insider": standing_of(request.user).is_insider,
        "breadcrumbs": crumbs((_("Differences"), "")),
    }
    return render(request, "deliberate/differences.html", context)
