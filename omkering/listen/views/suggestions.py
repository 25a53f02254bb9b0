"""Suggested bundles: what an adviser does with them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from procrastinate.exceptions import AlreadyEnqueued

from omkering.listen.commands import suggestions
from omkering.listen.forms_bundles import AddSignals, MakeBundle
from omkering.listen.models import Bundle, Suggestion
from omkering.listen.queries.bundles import open_suggestions, suggested_signals
from omkering.listen.tasks import suggest_bundles
from omkering.listen.views.bundles import bundle_crumbs, form_page
from omkering.ui.access import access
from omkering.ui.paging import paginate
from omkering.ui.request import Request


@access("bureau")
def suggested(request: Request) -> HttpResponse:
    """Suggestions that wait for an adviser, largest first."""
    page = paginate(open_suggestions(), request.GET, order=["-number", "-pk"])
    crumbs = bundle_crumbs((_("Suggestions"), ""))
    return render(request, "listen/bundle_suggestions.html", {"page": page, "breadcrumbs": crumbs})


@access("bureau")
@require_POST
def renew(request: Request) -> HttpResponse:
    """Look for bundles now, in the background."""
    try:
        suggest_bundles.defer()
    except AlreadyEnqueued:
        messages.info(request, _("We are already looking. Reload this page in a moment."))
    else:
        messages.success(request, _("We are looking for bundles. Reload this page in a moment."))
    return redirect("listen:suggestions")


def _suggestion_or_404(pk: int) -> Suggestion:
    rows = Suggestion.objects.select_related("bundle").filter(state=Suggestion.State.OPEN)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@access("bureau")
def suggestion(request: Request, pk: int) -> HttpResponse:
    """One suggestion: accept it, changed or not."""
    row = _suggestion_or_404(pk)
    signals = suggested_signals(row)
    initial = {"title": row.name}
    form: forms.Form = (
        AddSignals(request.POST or None, signals=signals, ticked=True)
        if row.bundle
        else MakeBundle(request.POST or None, signals=signals, ticked=True, initial=initial)
    )

    def deed(data: dict[str, Any]) -> Bundle:
        kept = {signal.pk for signal in data["signals"]}
        return suggestions.accept_suggestion(
            actor=request.user,
            suggestion=row,
            title=data.get("title", ""),
            summary=data.get("summary", ""),
            leave_out=[signal.pk for signal in signals if signal.pk not in kept],
        )

    heading = row.bundle.title if row.bundle else row.name
    return form_page(
        request,
        form,
        heading=heading,
        button=_("Add to the bundle") if row.bundle else _("Make this bundle"),
        lead=_("These signals look like those in the bundle.")
        if row.bundle
        else _("These signals seem to tell of the same thing. Untick what does not belong here."),
        back=reverse("listen:suggestions"),
        crumbs=bundle_crumbs((_("Suggestions"), reverse("listen:suggestions")), (heading, "")),
        deed=deed,
        done=_("Done. All senders were told."),
        template="listen/bundle_suggestion.html",
        suggestion=row,
        signals=signals,
    )


@access("bureau")
@require_POST
def dismiss(request: Request, pk: int) -> HttpResponse:
    """These signals do not belong together."""
    try:
        suggestions.dismiss_suggestion(actor=request.user, suggestion=_suggestion_or_404(pk))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Dismissed. We suggest it again only when clearly more signals join."))
    return redirect("listen:suggestions")
