"""Changing dossiers: open one, its words, its steps, and its model."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from omkering.agenda.commands import dossiers, steps
from omkering.agenda.commands.dossiers import SOURCES
from omkering.agenda.cooperation import find_way, leader_words, missing, step_name
from omkering.agenda.dossier_texts import first_sentences
from omkering.agenda.forms.dossiers import (
    ChangeModel,
    EditDossier,
    GoBack,
    OpenDossier,
    StopDossier,
    TakeStep,
)
from omkering.agenda.models import Dossier, DossierState
from omkering.agenda.queries.dossiers import facts_of
from omkering.agenda.views.dossier_common import (
    crumbs,
    dossier_or_404,
    form_page,
    places,
    with_new_version,
)
from omkering.thread.models import Item
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors
from omkering.who.association.records import CLOSED
from omkering.who.standing import standing_of


@access("bureau")
def new(request: Request) -> HttpResponse:
    """A dossier that comes from nothing that is here yet."""
    return _open(request, None)


@access("bureau")
def open_from(request: Request, pk: int) -> HttpResponse:
    """A dossier from a bundle, a signal, or something else that is here."""
    rows = Item.objects.visible_to(standing_of(request.user), request.user.pk)
    source = get_object_or_404(rows.select_related("theme", "owner_body").defer("search"), pk=pk)
    if source.kind not in SOURCES:
        raise Http404
    return _open(request, source)


def _open(request: Request, source: Item | None) -> HttpResponse:
    summary = first_sentences(source.summary) if source else ""
    form = OpenDossier.start(source, summary, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        model, _colon, route = data.pop("way").partition(":")
        try:
            made = dossiers.open_dossier(
                actor=request.user, from_item=source, model=model, route=route, **data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request,
                _("The dossier is open. Everybody who put in what it comes from was told.")
                if source
                else _("The dossier is open."),
            )
            return redirect("agenda:dossier", made.pk)
    context = {"form": form, "source": source, "breadcrumbs": crumbs((_("Open a dossier"), ""))}
    return render(request, "agenda/dossier_open.html", context, status=422 if form.errors else 200)


@access("bureau")
def edit(request: Request, pk: int) -> HttpResponse:
    """Change the words of a dossier; what somebody else saved meanwhile is shown beside what was typed."""
    row = dossier_or_404(request, pk)

    def deed(data: dict[str, Any]) -> Dossier:
        values = {name: data[name] for name in EditDossier.FIELDS}
        return dossiers.edit_dossier(actor=request.user, dossier=row, version=data["version"], **values)

    return form_page(
        request,
        row,
        EditDossier.of(row, request.POST or None),
        anew=lambda now: EditDossier.after_change(now, request.POST),
        heading=_("Change the dossier"),
        button=_("Save"),
        deed=deed,
        done=_("The dossier was changed."),
    )


@access("bureau")
def take_step(request: Request, pk: int) -> HttpResponse:
    """Go on to the next step; what it still needs is named, with where to see to it."""
    row = dossier_or_404(request, pk)
    way = find_way(row.model, row.route)
    following = way.following(row.step) if way else None
    if row.state == DossierState.CLOSED or following is None:
        messages.info(request, _("There is no next step for this dossier."))
        return redirect("agenda:dossier", pk)
    facts = facts_of(row)
    lacking = [
        entry
        for entry in missing(following, facts)
        if not (entry.requirement == "result" and following.key == CLOSED)  # it is asked on this very page
    ]

    def deed(data: dict[str, Any]) -> Dossier:
        return steps.take_step(actor=request.user, dossier=row, **data)

    def anew(now: Dossier) -> TakeStep:
        way = find_way(now.model, now.route)
        step = way.following(now.step) if way else None
        data = with_new_version(request, now, to=step.key if step else now.step)
        return TakeStep(data, step=step or following, owner=now.owner)

    initial = {
        "version": row.version,
        "to": following.key,
        "owner_person": row.owner_id,
        "owner_body": row.owner_body_id,
        "result": row.result,
    }
    heading = _("On to the step “%(step)s”") % {"step": step_name(following)}
    if following.key == CLOSED:
        heading = _("Close the dossier")
    return form_page(
        request,
        row,
        TakeStep(request.POST or None, initial=initial, step=following, owner=row.owner),
        anew=anew,
        heading=heading,
        lead=_("This step is led by %(leader)s.") % {"leader": leader_words(following)},
        button=heading,
        lacking=places(lacking, row),
        deed=deed,
        done=_("The dossier is a step further. Everybody behind it was told."),
    )


@access("bureau")
def go_back(request: Request, pk: int) -> HttpResponse:
    """Go back to an earlier step, or open a closed dossier again, with the reason."""
    row = dossier_or_404(request, pk)
    try:
        earlier = steps.steps_back(row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("agenda:dossier", pk)
    if not earlier and request.method != "POST":
        messages.info(request, _("This dossier is at its first step."))
        return redirect("agenda:dossier", pk)
    form = GoBack(
        request.POST or None,
        earlier=earlier,
        initial={"version": row.version, "to": earlier[-1].key if earlier else ""},
    )
    return form_page(
        request,
        row,
        form,
        anew=lambda now: GoBack(with_new_version(request, now), earlier=steps.steps_back(now)),
        heading=_("Go back to an earlier step"),
        lead=_("What was done stays known. The dossier falls due anew by the term of that step."),
        button=_("Go back"),
        deed=lambda data: steps.go_back(actor=request.user, dossier=row, **data),
        done=_("The dossier went back. Everybody behind it was told why."),
    )


@access("bureau")
def change_model(request: Request, pk: int) -> HttpResponse:
    """Go on by another model of co-operation, with the reason."""
    row = dossier_or_404(request, pk)
    present = find_way(row.model, row.route)

    def deed(data: dict[str, Any]) -> Dossier:
        model, route, start = data.pop("way").split(":")
        return dossiers.change_model(
            actor=request.user, dossier=row, model=model, route=route, start=start, **data
        )

    return form_page(
        request,
        row,
        ChangeModel(request.POST or None, present=present, initial={"version": row.version}),
        anew=lambda now: ChangeModel(with_new_version(request, now), present=find_way(now.model, now.route)),
        heading=_("Go on by another model"),
        lead=_("Now: %(model)s. All steps that were taken stay known.")
        % {"model": present.name if present else row.model},
        button=_("Change the model"),
        deed=deed,
        done=_("The dossier goes on by the other model. Everybody behind it was told why."),
    )


@access("bureau")
def stop(request: Request, pk: int) -> HttpResponse:
    """End a dossier before the end of its route."""
    row = dossier_or_404(request, pk)
    return form_page(
        request,
        row,
        StopDossier(request.POST or None, initial={"version": row.version}),
        anew=lambda now: StopDossier(with_new_version(request, now)),
        heading=_("Stop with this dossier"),
        lead=_("The association no longer works on it. You can open it again later."),
        button=_("Stop"),
        negative=True,
        deed=lambda data: steps.stop_dossier(actor=request.user, dossier=row, **data),
        done=_("The dossier is closed. Everybody behind it was told why."),
    )
