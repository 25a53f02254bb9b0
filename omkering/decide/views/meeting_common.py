"""What the pages of meetings share: who may know of one, the way to a page, and pages with one form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from omkering.decide.models import AgendaItem, Meeting, MeetingState
from omkering.decide.queries.meetings import visible_meetings
from omkering.decide.views.common import Crumbs, crumbs
from omkering.ui import form_pages
from omkering.ui.form_pages import is_changed
from omkering.ui.request import Request

TONES = {
    MeetingState.CALLED: "info",
    MeetingState.OPEN: "positive",
    MeetingState.SUSPENDED: "warning",
    MeetingState.CANCELLED: "warning",
}


def meeting_crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page among the meetings."""
    return crumbs((_("Meetings of bodies"), reverse("decide:meetings")), *more)


def crumbs_in(meeting: Meeting, *more: tuple[str, str]) -> Crumbs:
    """The way to a page of one meeting."""
    return meeting_crumbs((meeting.title, reverse("decide:meeting", args=[meeting.pk])), *more)


def meeting_or_404(request: Request, pk: int) -> Meeting:
    """The meeting, or a 404 for who may not know of it."""
    rows = visible_meetings(request.user).select_related("owner_body")
    return get_object_or_404(rows, pk=pk)  # one row: to leave columns out costs more than it saves


def agenda_item_or_404(request: Request, pk: int) -> AgendaItem:
    """The item on an agenda, or a 404 for who may not know of the meeting."""
    row = get_object_or_404(AgendaItem.objects.select_related("parent"), pk=pk)
    try:
        row.meeting = meeting_or_404(request, row.meeting_id)
    except Http404:
        raise Http404 from None
    return row


def badge(meeting: Meeting) -> tuple[str, str]:
    """The state of a meeting with its tone."""
    state = MeetingState(meeting.state)
    return str(state.label), TONES.get(state, "neutral")


def address(name: str, *args: Any) -> str:
    """The address of a page of another part of this room; "" where it is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def with_version(request: Request, version: int) -> Any:
    """What was sent, with the version as it is now, so that sending it again saves it."""
    data = request.POST.copy()
    data["version"] = str(version)
    return data


def form_page(
    request: Request,
    form: forms.Form,
    *,
    heading: str,
    button: str,
    deed: Callable[[dict[str, Any]], Any],
    done: str,
    back: str,
    breadcrumbs: Crumbs,
    draft: str,
    lead: str = "",
    negative: bool = False,
    after: Callable[[Any], str] | None = None,
    anew: Callable[[], tuple[forms.Form, list[tuple[str, Any]]]] | None = None,
    template: str = "decide/meeting_form.html",
    **more: Any,
) -> HttpResponse:
    """Show a form; when it was sent and is right, do the deed and go `back`, or where `after` says.

    `anew` gives the form again with what was typed, for what somebody else left meanwhile, and what that says now.
    `draft` is the key under which what is typed is kept on the device.
    """

    def stale(form: forms.Form, error: ValidationError) -> tuple[forms.Form, dict[str, Any]]:
        if anew is None or not is_changed(error):
            return form, {}
        form, now = anew()
        form.is_valid()
        return form, {"now": now}

    def act(form: forms.Form) -> str:
        made = deed(form.cleaned_data)
        return after(made) if after else back

    context = {
        "heading": heading,
        "lead": lead,
        "button": button,
        "back": back,
        "negative": negative,
        "draft": draft,
        "now": [],
        "multipart": form.is_multipart(),
        "breadcrumbs": breadcrumbs,
        **more,
    }
    return form_pages.form_page(
        request, form, template=template, deed=act, done=done, context=context, refused=stale
    )


def deed_and_back(request: Request, deed: Callable[[], Any], done: str, back: str) -> HttpResponse:
    """Do what a button asks for and go back; what the command refuses is said there."""
    try:
        deed()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if done:
            messages.success(request, done)
    return HttpResponseRedirect(back)
