"""What belongs to a dossier: where it comes from, documents, outside parties, and members that take part."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.agenda.commands import documents, dossiers, participation
from omkering.agenda.forms.dossiers import AddDocument, AddParty, TakePart
from omkering.agenda.models import Dossier, DossierDocument, DossierState, Participation, Party
from omkering.agenda.queries.dossiers import readable_dossiers
from omkering.agenda.views.dossier_common import crumbs_of, dossier_or_404, form_page
from omkering.thread.models import Item, Link, LinkKind
from omkering.thread.queries import search_items
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.models import Member
from omkering.who.standing import standing_of

FOUND = 20  # signals and bundles offered at once


@access("bureau")
def add_source(request: Request, pk: int) -> HttpResponse:
    """Look for signals and bundles that this dossier also comes from, and add one."""
    row = dossier_or_404(request, pk)
    error = ""
    if request.method == "POST":
        number = request.POST.get("item", "")
        items = Item.objects.visible_to(standing_of(request.user), request.user.pk)
        found = items.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
        try:
            if found is None:
                raise ValidationError(_("Choose a signal or a bundle from the list."))
            dossiers.add_source(actor=request.user, dossier=row, item=found)
        except ValidationError as problem:
            error = " ".join(problem.messages)
        else:
            messages.success(request, _("Added: the dossier also comes from this. The senders were told."))
            return redirect("agenda:dossier", pk)
    text = request.GET.get("q", "").strip()[:200]
    taken = Link.objects.filter(downstream=row, kind=LinkKind.RAISED_BY, ended_at__isnull=True)
    rows = search_items(text or row.title, request.user).filter(kind__in=("signal", "bundle"))
    context = {
        "dossier": row,
        "q": text,
        "error": error,
        "found": list(rows.exclude(pk__in=taken.values("upstream_id"))[:FOUND]),
        "breadcrumbs": crumbs_of(row, (_("Add where it comes from"), "")),
    }
    return render(request, "agenda/dossier_source.html", context, status=422 if error else 200)


# --- documents and parties -----------------------------------------------------------------------------------
@access("bureau")
def add_document(request: Request, pk: int) -> HttpResponse:
    """Add a link or a file."""
    row = dossier_or_404(request, pk)
    return form_page(
        request,
        row,
        AddDocument(request.POST or None, request.FILES or None),
        heading=_("Add a document"),
        button=_("Add"),
        lead=_("Who may read the dossier may read its documents."),
        multipart=True,
        deed=lambda data: documents.add_document(actor=request.user, dossier=row, **data),
        done=_("The document was added."),
    )


@access("bureau")
@require_POST
def withdraw_document(request: Request, pk: int) -> HttpResponse:
    """Say that a document no longer counts."""
    rows = DossierDocument.objects.filter(dossier__in=readable_dossiers(request.user).values("pk"))
    row = get_object_or_404(rows.select_related("dossier"), pk=pk)
    documents.withdraw_document(actor=request.user, document=row)
    messages.success(request, _("The document was withdrawn. That it was there stays known."))
    return redirect("agenda:dossier", row.dossier_id)


@access("bureau")
def add_party(request: Request, pk: int) -> HttpResponse:
    """Add an organisation outside the association, and whom one speaks to there."""
    row = dossier_or_404(request, pk)
    taken = list(row.parties.filter(ended_at__isnull=True).values_list("organisation_id", flat=True))
    return form_page(
        request,
        row,
        AddParty(request.POST or None, taken=taken),
        heading=_("Add a party from outside"),
        button=_("Add"),
        lead=_("An organisation, and a function there that one speaks to; not a person."),
        deed=lambda data: documents.add_party(actor=request.user, dossier=row, **data),
        done=_("The party was added."),
    )


@access("bureau")
@require_POST
def end_party(request: Request, pk: int) -> HttpResponse:
    """The organisation no longer has a part in it."""
    rows = Party.objects.filter(dossier__in=readable_dossiers(request.user).values("pk"))
    row = get_object_or_404(rows.select_related("dossier"), pk=pk)
    documents.end_party(actor=request.user, party=row)
    messages.success(request, _("The party has no part in it any more. That it had stays known."))
    return redirect("agenda:dossier", row.dossier_id)


# --- members that take part ------------------------------------------------------------------------------------
@access("insider")
def take_part(request: Request, pk: int) -> HttpResponse:
    """A member takes part: its own people say so, or the bureau for any member."""
    row = dossier_or_404(request, pk)
    standing = standing_of(request.user)
    if not standing.is_bureau and not (standing.members and "report" in standing.powers):
        raise PermissionDenied
    taken = row.participations.filter(ended_at__isnull=True).values("member_id")
    members = Member.objects.on(timezone.localdate()).exclude(pk__in=taken).order_by("sort_key")
    if not standing.is_bureau:
        members = members.filter(pk__in=standing.members)
    found = list(members)
    if not found or row.state != DossierState.OPEN:
        messages.info(request, _("Your member already takes part, or the dossier is closed."))
        return redirect("agenda:dossier", pk)
    form = TakePart(request.POST or None, members=found, initial={"part": Participation.Part.PILOT})

    def deed(data: dict[str, Any]) -> Participation:
        return participation.take_part(
            actor=request.user,
            dossier=row,
            member=form.member(),
            part=data["part"],
            what=data["what"],
            under_way_since=data["under_way_since"],
        )

    one = found[0].name if len(found) == 1 else ""
    return form_page(
        request,
        row,
        form,
        heading=_("Take part"),
        button=_("Take part"),
        lead=_("In the name of %(member)s.") % {"member": one} if one else "",
        deed=deed,
        done=_("The member takes part in this dossier now."),
    )


def _own_part(request: Request, pk: int) -> tuple[Participation, Dossier]:
    """A participation that this person may change; a 404 for a dossier that they may not know of."""
    rows = Participation.objects.filter(
        dossier__in=readable_dossiers(request.user).values("pk"), ended_at__isnull=True
    )
    row = get_object_or_404(rows.select_related("member__successor", "dossier"), pk=pk)
    if not may(request.user, "agenda.take_part", participation.acting_member(row)):
        raise PermissionDenied
    return row, row.dossier


@access("insider")
def change_part(request: Request, pk: int) -> HttpResponse:
    """Change how a member takes part, for example since when its pilot is under way."""
    row, dossier = _own_part(request, pk)
    initial = {"part": row.part, "what": row.what, "under_way_since": row.under_way_since}
    return form_page(
        request,
        dossier,
        TakePart(request.POST or None, initial=initial),
        heading=_("Change how %(member)s takes part") % {"member": row.member.name},
        button=_("Save"),
        taking=row,
        deed=lambda data: participation.change_part(actor=request.user, participation=row, **data),
        done=_("Changed how the member takes part."),
    )


@access("insider")
@require_POST
def end_part(request: Request, pk: int) -> HttpResponse:
    """The member no longer takes part."""
    row, dossier = _own_part(request, pk)
    participation.end_part(actor=request.user, participation=row)
    messages.success(
        request, _("%(member)s no longer takes part. That it did stays known.") % {"member": row.member.name}
    )
    return redirect("agenda:dossier", dossier.pk)
