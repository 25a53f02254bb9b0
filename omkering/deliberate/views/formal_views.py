"""Formal views: the ones that were handed in, and for a member writing, handing in, taking back, and the versions."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.deliberate.commands import formal_views as commands
from omkering.deliberate.forms.contributions import ViewForm
from omkering.deliberate.models import View
from omkering.deliberate.publics import reads_round
from omkering.deliberate.queries.consultations import parts_of, views_of
from omkering.deliberate.queries.view_versions import versions_of
from omkering.deliberate.rules_consultations import writes_for
from omkering.deliberate.view_drafts import is_empty
from omkering.deliberate.views.consultation_common import address, crumbs_in, round_or_404, with_new
from omkering.ui.access import access
from omkering.ui.form_pages import is_changed, sent
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required
from omkering.who.authority import may
from omkering.who.models import Member
from omkering.who.standing import standing_of


def _view_or_404(request: Request, pk: int) -> View:
    """The view: once it is handed in for who may read it, before that for who is of the member."""
    rows = View.objects.visible_to(standing_of(request.user), getattr(request.user, "pk", None))
    rows = rows.select_related(
        *("in_round__consultation__document", "in_round__network", "in_round__of_body"),
        *("member", "handed_in_by", "drafted_by"),
    )
    rows = rows.defer("search", "in_round__consultation__search", "in_round__consultation__document__search")
    view = get_object_or_404(rows, pk=pk)
    if view.handed_in_at is None and not _is_of_member(request, view):
        raise Http404
    return view


def _is_of_member(request: Request, view: View) -> bool:
    standing = standing_of(request.user)
    return view.member_id in standing.members | standing.votes_for


def _own_or_403(request: Request, pk: int) -> View:
    view = _view_or_404(request, pk)
    if not writes_for(request.user, view.member):
        raise PermissionDenied
    return view


@access("public")
def views(request: Request, pk: int) -> HttpResponse:
    """The formal views that were handed in during a round."""
    row = round_or_404(request, pk)
    if not reads_round(standing_of(request.user), row):
        raise Http404
    page = paginate(views_of(row, request.user), request.GET, order=["member__sort_key", "pk"])
    context = {
        "round": row,
        "page": page,
        "breadcrumbs": crumbs_in(row, (_("Formal views"), "")),
    }
    return render(request, "deliberate/views.html", context)


@access("public")
def view(request: Request, pk: int) -> HttpResponse:
    """The formal view of a member, as it was handed in; its own people also see what is being written."""
    row = _view_or_404(request, pk)
    parts = {part.pk: part for part in parts_of(row.in_round.consultation)}
    mine = _is_of_member(request, row)
    live = row.points.filter(state__in=("submitted", "answered")).defer("search", "body")
    writable = commands.may_be_written(row.in_round, row)
    document = row.in_round.consultation.document_id
    context = {
        "item": row,
        "view": row,
        "round": row.in_round,
        "points": [(point, parts.get(point.paragraph_id or 0)) for point in live.order_by("order", "pk")],
        "document_url": address("deliberate:document", document) if document else "",
        "mine": mine,
        "may_write": writable and writes_for(request.user, row.member),
        "may_hand_in": writable and may(request.user, "deliberate.hand_in_view", row.member),
        "may_take_back": row.handed_in_at is not None
        and row.in_round.state == "open"
        and may(request.user, "deliberate.hand_in_view", row.member),
        "changed": mine and commands.has_changes(row),
        "breadcrumbs": crumbs_in(row.in_round, (row.member.name, "")),
    }
    return render(request, "deliberate/view.html", context)


@access("public")
def versions(request: Request, pk: int) -> HttpResponse:
    """The versions of a view: all of them for its own people, those that were handed in for others."""
    row = _view_or_404(request, pk)
    mine = _is_of_member(request, row)
    context = {
        "view": row,
        "round": row.in_round,
        "versions": versions_of(row, handed_in_only=not mine),
        "mine": mine,
        "breadcrumbs": crumbs_in(row.in_round, (row.member.name, _address(row)), (_("Versions"), "")),
    }
    return render(request, "deliberate/view_versions.html", context)


def _address(row: View) -> str:
    return address("deliberate:view", row.pk)


# --- writing ---------------------------------------------------------------------------------------------
@access("person")
@require_POST
def start(request: Request, pk: int, member: int) -> HttpResponse:
    """Begin the view of a member, or go on with the one that is there."""
    row = round_or_404(request, pk)
    of = get_object_or_404(Member, pk=member)
    try:
        made = commands.start_view(actor=request.user, round=row, member=of)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("deliberate:round", pk)
    return redirect("deliberate:write_view", made.pk)


@access("person")
def write(request: Request, pk: int) -> HttpResponse:
    """Write the view together: save the draft, and go on to handing it in."""
    row = _own_or_403(request, pk)
    if request.method != "POST" and not commands.may_be_written(row.in_round, row):
        messages.info(request, _("This round has closed, so the view stays as it was handed in."))
        return redirect("deliberate:view", pk)
    has_text = row.in_round.consultation.version_id is not None
    form = ViewForm(row.draft, row.version, sent(request), has_text=has_text)
    theirs: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        written = form.written()
        try:
            saved = commands.save_view(
                actor=request.user, view=row, version=form.cleaned_data["version"], **written
            )
        except ValidationError as error:
            if is_changed(error):
                row = _own_or_403(request, pk)
                theirs = row.draft
                form = ViewForm(
                    row.draft, row.version, with_new(request, "version", row.version), has_text=has_text
                )
                form.is_valid()
            form.take_errors(error)
        else:
            if request.POST.get("go") == "hand_in":
                return redirect("deliberate:hand_in_view", saved.pk)
            messages.success(request, _("The draft is saved. Your colleagues can go on with it."))
            return redirect("deliberate:write_view", pk)
    context = {
        "view": row,
        "round": row.in_round,
        "form": form,
        "parts": parts_of(row.in_round.consultation),
        "theirs": theirs,
        "back": _address(row),
        "draft_key": f"view-{pk}",
        "may_hand_in": may(request.user, "deliberate.hand_in_view", row.member),
        "late": row.in_round.state == "closed",
        "breadcrumbs": crumbs_in(row.in_round, (row.member.name, _address(row)), (_("Write the view"), "")),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "deliberate/view_write.html", context, status=status)


@access("person")
@second_factor_required
def hand_in(request: Request, pk: int) -> HttpResponse:
    """Look at the draft once more, and hand it in as the view of the member."""
    row = _own_or_403(request, pk)
    if not may(request.user, "deliberate.hand_in_view", row.member):
        raise PermissionDenied
    if request.method != "POST" and not commands.may_be_written(row.in_round, row):
        return redirect("deliberate:view", pk)
    error = ""
    if request.method == "POST":
        version = request.POST.get("version", "")
        seen = int(version) if version.isdecimal() and len(version) < 10 else 0
        try:
            made = commands.hand_in_view(actor=request.user, view=row, version=seen)
        except ValidationError as refused:
            error = " ".join(refused.messages)
            row = _own_or_403(request, pk)
        else:
            done = _("The view was handed in. You can change it until the round closes.")
            if made.late:
                done = _("The view was handed in, after closing. It is marked as late.")
            messages.success(request, done)
            return redirect("deliberate:view", pk)
    parts = {part.address: part for part in parts_of(row.in_round.consultation)}
    context = {
        "view": row,
        "round": row.in_round,
        "draft": row.draft,
        "points": [(point, parts.get(point["paragraph"])) for point in row.draft.get("points", [])],
        "empty": is_empty(row.draft),
        "late": row.in_round.state == "closed",
        "error": error,
        "back": _address(row),
        "breadcrumbs": crumbs_in(row.in_round, (row.member.name, _address(row)), (_("Hand in the view"), "")),
    }
    return render(request, "deliberate/view_hand_in.html", context, status=422 if error else 200)


@access("person")
@second_factor_required
def take_back(request: Request, pk: int) -> HttpResponse:
    """Take the view of the member back while the round is open."""
    row = _own_or_403(request, pk)
    if not may(request.user, "deliberate.hand_in_view", row.member):
        raise PermissionDenied
    error = ""
    if request.method == "POST":
        try:
            commands.take_back_view(actor=request.user, view=row)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, _("The view was taken back. The draft is still there."))
            return redirect("deliberate:view", pk)
    context = {
        "view": row,
        "round": row.in_round,
        "error": error,
        "back": _address(row),
        "breadcrumbs": crumbs_in(
            row.in_round, (row.member.name, _address(row)), (_("Take the view back"), "")
        ),
    }
    return render(request, "deliberate/view_take_back.html", context, status=422 if error else 200)
