"""What an administrator does for somebody who asks for their data, or leaves for good."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.web.personal_copy import archive
from omkering.who.commands.leaving import erase_person, export_person
from omkering.who.models import Person


@access("administrator")
@require_POST
def export(request: Request, pk: int) -> HttpResponseBase:
    """A copy of what is kept of somebody, as a zip; that it was taken is recorded."""
    person = get_object_or_404(Person, pk=pk)
    data = export_person(actor=request.user, person=person)
    return FileResponse(archive(person, data), as_attachment=True, filename=f"person-{pk}.zip")


@access("administrator")
def erase(request: Request, pk: int) -> HttpResponse:
    """Ask once more, and then make somebody unrecognisable."""
    person = get_object_or_404(Person, pk=pk)
    if request.method == "POST":
        try:
            erase_person(actor=request.user, person=person)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Name, address and news are erased. What was contributed stays."))
        return redirect("web:person", pk)
    crumbs = [(_("People"), reverse("web:people")), (person.name, reverse("web:person", args=[pk]))]
    context = {"person": person, "breadcrumbs": [*crumbs, (_("Erase data"), "")]}
    return render(request, "web/people/erase.html", context)
