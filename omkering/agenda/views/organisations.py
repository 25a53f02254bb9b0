"""Parties outside the association: the list, a page, and what the bureau changes. Functions are named, never people."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.agenda.forms.organisations import ContactRoleForm, OrganisationForm
from omkering.agenda.queries.organisations import organisation_page, organisations_by_kind
from omkering.agenda.views.monitor import WORDS
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.text_forms import CommandForm
from omkering.who.authority import may
from omkering.who.commands import organisations as commands
from omkering.who.models import ContactRole, Organisation

Crumbs = list[tuple[str, str]]


def _crumbs(*more: tuple[str, str]) -> Crumbs:
    agenda = (_("Agenda"), reverse("agenda:room"))
    return [agenda, (_("Parties"), reverse("agenda:organisations")), *more]


def _address(row: Organisation) -> str:
    return reverse("agenda:organisation", args=[row.key])


@access("public")
def organisations(request: Request) -> HttpResponse:
    """The parties outside, by kind."""
    text = request.GET.get("q", "").strip()[:200]
    retired = request.GET.get("retired") == "on"
    context = {
        "groups": organisations_by_kind(request.user, request.on, text=text, retired=retired),
        "q": text,
        "retired": retired,
        "may_add": may(request.user, "who.manage_organisations"),
        "breadcrumbs": [*_crumbs()[:1], (_("Parties"), "")],
    }
    return render(request, "agenda/organisations.html", context)


@access("public")
def organisation(request: Request, key: str) -> HttpResponse:
    """A party: its functions, what was asked of it and what came of that, and the dossiers it has a part in."""
    row = get_object_or_404(Organisation, key=key)
    page = organisation_page(row, request.user, request.on)
    context = {
        "page": page,
        "party": row,
        "figures": [(words, getattr(page.figures, name)) for name, words in WORDS.items()],
        "may_change": may(request.user, "who.manage_organisations", row),
        "breadcrumbs": _crumbs((row.name, "")),
    }
    return render(request, "agenda/organisation.html", context)


# --- changes ---------------------------------------------------------------------------------------------------
def _form_page(
    request: Request,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    back: str,
    crumbs: Crumbs,
    deed: Callable[[], Organisation],
    done: str,
    lead: str = "",
    negative: bool = False,
) -> HttpResponse:
    """Show a form; when it was sent and is right, do the deed and go to the page of the party."""
    if request.method == "POST" and form.is_valid():
        try:
            row = deed()
        except ValidationError as error:
            form.take_errors(error)  # type: ignore[attr-defined]
        else:
            messages.success(request, done)
            return redirect("agenda:organisation", row.key)
    context = {
        "form": form,
        "heading": heading,
        "button": button,
        "negative": negative,
        "lead": lead,
        "back": back,
        "breadcrumbs": crumbs,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "agenda/organisation_form.html", context, status=status)


@access("bureau")
def add(request: Request) -> HttpResponse:
    """A new party."""
    form = OrganisationForm(request.POST or None)
    return _form_page(
        request,
        form,
        heading=_("Add a party"),
        button=_("Add it"),
        back=reverse("agenda:organisations"),
        crumbs=_crumbs((_("Add a party"), "")),
        deed=lambda: commands.add_organisation(actor=request.user, **form.values),
        done=_("The party was added."),
        lead=_(
            "An organisation outside the association: a ministry, province, water board, EU body, company …"
        ),
    )


@access("bureau")
def change(request: Request, key: str) -> HttpResponse:
    """Change a party."""
    row = get_object_or_404(Organisation, key=key)
    form = OrganisationForm.of(row, request.POST or None)
    return _form_page(
        request,
        form,
        heading=_("Change the party"),
        button=_("Save"),
        back=_address(row),
        crumbs=_crumbs((row.name, _address(row)), (_("Change"), "")),
        deed=lambda: commands.change_organisation(actor=request.user, organisation=row, **form.values),
        done=_("The party was changed."),
    )


@access("bureau")
def retire(request: Request, key: str) -> HttpResponse:
    """It cannot be chosen any more."""
    row = get_object_or_404(Organisation, key=key)
    return _form_page(
        request,
        CommandForm(request.POST if request.method == "POST" else None),
        heading=_("Can this party no longer be chosen?"),
        button=_("It can no longer be chosen"),
        back=_address(row),
        crumbs=_crumbs((row.name, _address(row)), (_("Retire"), "")),
        deed=lambda: commands.retire_organisation(actor=request.user, organisation=row),
        done=_("The party can no longer be chosen. What was asked of it stays."),
        lead=_("For example because it no longer exists. What was asked of it, and what it answered, stays."),
        negative=True,
    )


@access("bureau")
def add_contact(request: Request, key: str) -> HttpResponse:
    """A function that one speaks to at a party."""
    row = get_object_or_404(Organisation, key=key)
    form = ContactRoleForm(request.POST or None)

    def deed() -> Organisation:
        commands.add_contact_role(actor=request.user, organisation=row, **form.values)
        return row

    return _contact_page(
        request, row, form, deed, _("Add a function"), _("Add it"), _("The function was added.")
    )


@access("bureau")
def change_contact(request: Request, key: str, contact: str) -> HttpResponse:
    """Change a function."""
    row = get_object_or_404(Organisation, key=key)
    role = get_object_or_404(ContactRole, organisation=row, key=contact)
    form = ContactRoleForm.of(role, request.POST or None)

    def deed() -> Organisation:
        commands.change_contact_role(actor=request.user, contact=role, **form.values)
        return row

    return _contact_page(
        request, row, form, deed, _("Change the function"), _("Save"), _("The function was changed.")
    )


def _contact_page(
    request: Request, row: Organisation, form: Any, deed: Any, heading: str, button: str, done: str
) -> HttpResponse:
    return _form_page(
        request,
        form,
        heading=heading,
        button=button,
        back=_address(row),
        crumbs=_crumbs((row.name, _address(row)), (heading, "")),
        deed=deed,
        done=done,
        lead=_(
            "A function or department, never a person: people change jobs, and their names do not belong here."
        ),
    )
