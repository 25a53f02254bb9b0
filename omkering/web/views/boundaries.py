"""Administrators load real boundaries; the map then shows shapes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.web.forms import BoundariesForm
from omkering.who.boundaries import BoundaryError, read_geojson
from omkering.who.commands.boundaries import load_boundaries, remove_boundaries
from omkering.who.models import Boundary, Member


@access("administrator")
def load(request: Request) -> HttpResponse:
    """Upload a GeoJSON, or go back to tiles."""
    if request.method == "POST" and "remove" in request.POST:
        remove_boundaries(actor=request.user)
        messages.success(request, _("The map shows tiles again."))
        return redirect("web:boundaries")
    form = BoundariesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        codes = set(Member.objects.values_list("code", flat=True))
        try:
            polygons = read_geojson(form.cleaned_data["file"].read(), codes)
        except BoundaryError as error:
            form.add_error("file", str(error))
        else:
            count = load_boundaries(actor=request.user, polygons=polygons, source=form.cleaned_data["source"])
            messages.success(request, _("The map now shows the boundaries of %(n)s members.") % {"n": count})
            return redirect("web:members")
    return render(
        request,
        "web/boundaries.html",
        {"form": form, "count": Boundary.objects.count()},
        status=422 if form.errors else 200,
    )
