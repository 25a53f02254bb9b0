"""Changing positions: write one down, take it, change and end it, and say how one stands to it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from omkering.deliberate.commands.positions import add_position, edit_position, end_position, take_position
from omkering.deliberate.commands.stances import take_stance
from omkering.deliberate.forms.position_fields import TextForm
from omkering.deliberate.forms.positions import (
    TEXTS,
    EndForm,
    PositionForm,
    StanceForm,
    TakeForm,
    party_key,
    values_of,
)
from omkering.deliberate.models import Position, PositionSource, PositionState, Stance
from omkering.deliberate.queries.positions import bound_by
from omkering.deliberate.views.position_common import (
    form_page,
    of_position,
    position_crumbs,
    position_or_404,
)
from omkering.thread.models import Item, Visibility
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors
from omkering.who.models import Member
from omkering.who.standing import standing_of

SOURCES = ("proposal", "vote", "dossier", "document")  # what a position may follow from


@access("bureau")
def add(request: Request) -> HttpResponse:
    """A position whose decision is not here."""
    return _add(request, None)


@access("bureau")
def add_from(request: Request, pk: int) -> HttpResponse:
    """A position that follows from a decision here."""
    rows = Item.objects.visible_to(standing_of(request.user), request.user.pk)
    source = get_object_or_404(rows.select_related("theme").defer("search", "body"), pk=pk)
    if source.kind not in SOURCES:
        raise Http404
    return _add(request, source)


def _add(request: Request, source: Item | None) -> HttpResponse:
    initial: dict[str, Any] = {"owner": request.user.pk}
    if source is not None:
        initial |= {
            "title": source.title,
            "summary": source.summary,
            "theme": source.theme_id,
            "source": PositionSource.ASSEMBLY,
        }
    form = PositionForm(request.POST or None, source_item=source, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_position(actor=request.user, source_item=source, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request, _("The position is kept. It holds once you say so, with who may read it.")
            )
            return redirect("deliberate:position", made.pk)
    heading = _("Add a position")
    context = {
        "form": form,
        "heading": heading,
        "button": _("Keep the position"),
        "source": source,
        "lead": source.title if source else "",
        "back": reverse("deliberate:positions"),
        "breadcrumbs": position_crumbs((heading, "")),
    }
    return render(request, "deliberate/position_form.html", context, status=422 if form.errors else 200)


@access("bureau")
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a position; what somebody else saved meanwhile is shown beside what was typed."""
    row = position_or_404(request, pk)
    if row.state == PositionState.ENDED:
        messages.info(request, _("This position no longer holds. It stays in the register as it is."))
        return redirect("deliberate:position", pk)
    named = _addressees(row)

    def form_of(now: Position, data: Any) -> PositionForm:
        return PositionForm(
            data, position=now, addressees=named, source_item=now.source_item, initial=values_of(now, named)
        )

    def anew() -> tuple[PositionForm, dict[str, str]]:
        now = position_or_404(request, pk)
        data = request.POST.copy()
        data["version"] = str(now.version)
        form = form_of(now, data)
        form.is_valid()
        return form, {name: getattr(now, name) for name in TEXTS}

    return form_page(
        request,
        form_of(row, request.POST or None),
        heading=_("Change the position"),
        button=_("Save"),
        deed=lambda form: edit_position(
            actor=request.user, position=row, source_item=row.source_item, **form.cleaned_data
        ),
        done=_("The position was changed."),
        back=_page(row),
        way=of_position(row),
        lead=row.title,
        anew=anew,
    )


def _addressees(row: Position) -> list[int]:
    live = row.addressees.filter(ended_at__isnull=True)
    return list(live.order_by("pk").values_list("organisation_id", flat=True))


def _page(row: Position) -> str:
    return reverse("deliberate:position", args=[row.pk])


@access("bureau")
def take(request: Request, pk: int) -> HttpResponse:
    """Say that it holds, and who may read it."""
    row = position_or_404(request, pk)
    if row.state != PositionState.DRAFT:
        return redirect("deliberate:position", pk)
    return form_page(
        request,
        TakeForm(request.POST or None, initial={"readers": Visibility.PUBLIC}),
        heading=_("The position holds"),
        button=_("It holds from now on"),
        deed=lambda form: take_position(actor=request.user, position=row, **form.cleaned_data),
        done=_("The position holds. Who put in what it follows from was told."),
        back=_page(row),
        way=of_position(row),
        lead=row.title,
    )


@access("bureau")
def end(request: Request, pk: int) -> HttpResponse:
    """It no longer holds."""
    row = position_or_404(request, pk)
    if row.state == PositionState.ENDED:
        return redirect("deliberate:position", pk)
    initial = {"version": row.version, "ends_on": timezone.localdate()}

    def anew() -> tuple[TextForm, dict[str, str]]:
        return EndForm(request.POST).renewed(position_or_404(request, pk).version), {}

    return form_page(
        request,
        EndForm(request.POST or None, initial=initial),
        heading=_("The position no longer holds"),
        button=_("It no longer holds"),
        deed=lambda form: end_position(actor=request.user, position=row, **form.cleaned_data),
        done=_("The position no longer holds. It stays in the register."),
        back=_page(row),
        way=of_position(row),
        lead=row.title,
        anew=anew,
        negative=True,
    )


# --- stances ---------------------------------------------------------------------------------------------------
@access("insider")
def stance(request: Request, pk: int, party: str) -> HttpResponse:
    """Say how a member or network stands to a position: for who holds its mandate, or is its secretary."""
    row = position_or_404(request, pk)
    found = next((one for one in bound_by(standing_of(request.user)) if party_key(one) == party), None)
    if found is None:
        raise PermissionDenied
    if row.state != PositionState.ACTIVE:
        messages.info(request, _("This position does not hold, so nobody can say how they stand to it."))
        return redirect("deliberate:position", pk)
    who = {"member": found} if isinstance(found, Member) else {"network": found}
    now = Stance.objects.filter(position=row, ended_at__isnull=True, **who).first()
    return form_page(
        request,
        StanceForm.of(now, request.POST or None),
        heading=_("How %(party)s stands to it") % {"party": found},
        button=_("Say it for %(party)s") % {"party": found},
        deed=lambda form: take_stance(actor=request.user, position=row, party=found, **form.cleaned_data),
        done=_("Kept. You can change it whenever you like; what you said before stays known."),
        back=_page(row),
        way=of_position(row),
        lead=row.title,
        position=row,
    )
