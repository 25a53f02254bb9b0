"""Import and export of the member register, by an administrator: first a plan, then the deed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from omkering.ui.access import access
from omkering.ui.export import disposition
from omkering.ui.request import Request
from omkering.web.forms import MembersFileForm, MembersPlanForm
from omkering.who.association.members import write_members
from omkering.who.association.plan import Plan, plan
from omkering.who.commands.members import apply_plan
from omkering.who.current import association
from omkering.who.queries import member_records


@access("administrator")
def import_members(request: Request) -> HttpResponse:
    """Upload a CSV, look at the plan, confirm it. The text travels with the plan's form, so that what is
    confirmed is what was shown."""
    if request.method == "POST" and "text" in request.POST:
        return _confirm(request)
    form = MembersFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["file"]
        made = _plan(text, form.cleaned_data["name"])
        return render(
            request,
            "web/members_plan.html",
            {"plan": made, "confirm": MembersPlanForm(initial={"text": text})},
            status=422 if made.faults else 200,
        )
    return render(request, "web/members_import.html", {"form": form}, status=422 if form.errors else 200)


def _plan(text: str, name: str = "members.csv") -> Plan:
    return plan(member_records(), text, association().schema, file=name)


def _confirm(request: Request) -> HttpResponse:
    form = MembersPlanForm(request.POST)
    if not form.is_valid():
        return redirect("web:import_members")
    made = _plan(form.cleaned_data["text"])
    if made.faults:  # the register changed since the plan was shown
        context = {"plan": made, "confirm": form}
        return render(request, "web/members_plan.html", context, status=422)
    count = apply_plan(actor=request.user, plan=made)
    messages.success(request, _("%(n)s members were written.") % {"n": count})
    return redirect("web:members")


@access("administrator")
def export_members(request: Request) -> HttpResponse:
    """All members, past and present, in the format that import reads."""
    text = write_members(member_records(), [kind.key for kind in association().division_kinds])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = disposition("members.csv")
    return response
