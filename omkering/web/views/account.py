"""One's own account: roles, language, mail, ways to log in, sessions, and a copy of one's data."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.web.forms import PreferencesForm
from omkering.who.commands.people import change_preferences
from omkering.who.current import roles_by_key
from omkering.who.models import Appointment, Mandate
from omkering.who.queries import personal_data_of
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
def export(request: Request) -> HttpResponse:
    """All that is kept of me, as JSON (GDPR articles 15 and 20)."""
    response = JsonResponse(
        personal_data_of(request.user), json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response
