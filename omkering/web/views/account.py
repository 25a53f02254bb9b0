"""One's own account: roles, language, mail, ways to log in, sessions, and a copy of one's data."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.ui.access import access
from omkering.ui.export import disposition
from omkering.ui.request import Request
from omkering.web.forms import PreferencesForm
from omkering.web.personal_copy import SHOWN, archive, readable
from omkering.who.commands.leaving import export_person
from omkering.who.commands.people import change_preferences
from omkering.who.current import association, roles_by_key
from omkering.who.models import Appointment, Mandate
from omkering.who.standing import standing_of


@access("person")
def overview(request: Request) -> HttpResponse:
    """What I may do, and how I hear of news; everything about logging in is a link away."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        change_preferences(person=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("web:account")
    today = standing_of(request.user).day
    seats = (
        Appointment.objects.on(today).filter(person=request.user).select_related("member", "network", "body")
    )
    return render(
        request,
        "web/account.html",
        {
            "form": form,
            "seats": [(roles_by_key().get(seat.role), seat) for seat in seats],
            "mandates": Mandate.objects.on(today).filter(person=request.user).select_related("member"),
        },
        status=422 if form.errors else 200,
    )


@access("person")
def export(request: Request) -> HttpResponseBase:
    """All that is kept of me (GDPR articles 15 and 20): to read, as JSON, or as a zip with my files."""
    data = export_person(actor=request.user, person=request.user)
    if request.GET.get("format") == "json":
        response = JsonResponse(data, json_dumps_params={"indent": 1, "ensure_ascii": False})
        response["Content-Disposition"] = disposition("my-data.json")
        return response
    if request.GET.get("format") == "zip":
        return FileResponse(archive(request.user, data), as_attachment=True, filename="my-data.zip")
    context = {
        "sections": readable(data, most=SHOWN),
        "email": association().email,
        "breadcrumbs": [(_("My account"), reverse("web:account")), (_("My data"), "")],
    }
    return render(request, "web/my_data.html", context)
