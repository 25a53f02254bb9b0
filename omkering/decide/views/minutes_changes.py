"""Writing in the minutes, and the way to their adoption."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from omkering.decide.commands import minutes as commands
from omkering.decide.forms.minutes import CorrectionForm, NoteForm, ProposeForm
from omkering.decide.models import AgendaItem, Meeting, MinutesNote
from omkering.decide.queries.meetings import TO_COME
from omkering.decide.queries.minutes_reading import minutes_of
from omkering.decide.views.minutes import crumbs, meeting_or_404
from omkering.thread.privacy import REASON
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.text_forms import add_errors
from omkering.who.authority import may


def _writable(request: Request, pk: int) -> Meeting:
    """The meeting whose minutes this person writes."""
    meeting = meeting_or_404(request, pk)
    if not may(request.user, "decide.write_minutes", meeting):
        raise PermissionDenied
    return meeting


def _form_page(
    request: Request,
    meeting: Meeting,
    form: Any,
    *,
    heading: str,
    button: str,
    deed: Callable[[dict[str, Any]], Any],
    done: str,
    lead: str = "",
    place: str = "",
    **more: Any,
) -> HttpResponse:
    """Show a form about the minutes; when it was sent and is right, do the deed and go back to them."""
    if request.method == "POST" and form.is_valid():
        try:
            deed(form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
            more["changed"] = not hasattr(error, "error_dict") and any(
                e.code == "changed" for e in error.error_list
            )
        else:
            messages.success(request, done)
            response = redirect("decide:minutes", meeting.pk)
            response["Location"] += f"#{place}" if place else ""
            return response
    context = {
        "form": form,
        "meeting": meeting,
        "heading": heading,
        "button": button,
        "lead": lead,
        "breadcrumbs": crumbs(meeting, (heading, "")),
        **more,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "decide/minutes/form.html", context, status=status)


@access("bureau")
def add(request: Request, pk: int) -> HttpResponse:
    """Write a note: at an item (`?item=`), or beside one thing that wrote itself (`?source=vote:88`)."""
    meeting = _writable(request, pk)
    item = _item(request, meeting)
    source = request.GET.get("source", "")[:40]
    return _form_page(
        request,
        meeting,
        NoteForm(request.POST or None),
        heading=_("Write a note"),
        lead=item.title if item else "",
        button=_("Keep the note"),
        deed=lambda data: commands.add_note(
            actor=request.user,
            meeting=meeting,
            text=data["text"],
            agenda_item=item,
            source=source,
            personal_data_reason=data.get(REASON, ""),
        ),
        done=_("The note is in the minutes."),
        place=f"item-{item.pk}" if item else "",
    )


def _item(request: Request, meeting: Meeting) -> AgendaItem | None:
    given = request.GET.get("item", "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 12):
        raise Http404
    return get_object_or_404(AgendaItem, pk=int(given), meeting=meeting)


@access("bureau")
def change(request: Request, pk: int) -> HttpResponse:
    """Change a note; who has an older version sees both texts."""
    note = _note_or_404(request, pk)
    meeting = note.minutes.meeting
    form = NoteForm(request.POST or None, initial={"text": note.text, "version": note.version})

    def deed(data: dict[str, Any]) -> None:
        version = data["version"] if data["version"] is not None else 0
        try:
            commands.change_note(
                actor=request.user,
                note=note,
                text=data["text"],
                version=version,
                personal_data_reason=data.get(REASON, ""),
            )
        except ValidationError:
            note.refresh_from_db()
            data_again: Any = request.POST.copy()
            data_again["version"] = str(note.version)  # sending it again saves it
            form.data = data_again
            raise

    return _form_page(
        request,
        meeting,
        form,
        heading=_("Change the note"),
        lead=note.agenda_item.title if note.agenda_item else "",
        button=_("Keep the note"),
        deed=deed,
        done=_("The note was changed."),
        place=f"item-{note.agenda_item_id}" if note.agenda_item_id else "",
        note=note,
    )


@access("bureau")
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take a note out."""
    note = _note_or_404(request, pk)
    given = request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else 0
    try:
        commands.remove_note(actor=request.user, note=note, version=version)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The note was taken out. It stays in the history."))
    return redirect("decide:minutes", note.minutes.meeting_id)


def _note_or_404(request: Request, pk: int) -> MinutesNote:
    rows = MinutesNote.objects.select_related("minutes", "agenda_item").filter(removed_at__isnull=True)
    note = get_object_or_404(rows.defer("minutes__search", "minutes__frozen"), pk=pk)
    note.minutes.meeting = _writable(request, note.minutes.meeting_id)
    return note


@access("bureau")
def correct(request: Request, pk: int) -> HttpResponse:
    """Write down a correction that a member asks for."""
    meeting = _writable(request, pk)
    return _form_page(
        request,
        meeting,
        CorrectionForm(request.POST or None, meeting=meeting),
        heading=_("Write down a correction"),
        lead=_(
            "A member asks for another text before the minutes are adopted. Everybody sees that it was asked for."
        ),
        button=_("Keep this correction"),
        deed=lambda data: commands.record_correction(
            actor=request.user,
            meeting=meeting,
            member=data["member"],
            agenda_item=data["agenda_item"],
            text=data["text"],
            personal_data_reason=data.get(REASON, ""),
        ),
        done=_("The correction is in the minutes."),
    )


@access("bureau")
def propose(request: Request, pk: int) -> HttpResponse:
    """Lay the minutes before a later meeting of the same body."""
    meeting = _writable(request, pk)
    later = Meeting.objects.filter(
        owner_body=meeting.owner_body_id,
        starts_at__gt=meeting.starts_at,
        state__in=TO_COME,
    )
    return _form_page(
        request,
        meeting,
        ProposeForm(request.POST or None, later=later.defer("search", "body").order_by("starts_at", "pk")),
        heading=_("Lay the minutes before a meeting"),
        lead=_(
            "They come on the agenda of that meeting. From now on everybody who may read the meeting reads the notes."
        ),
        button=_("Lay them before this meeting"),
        deed=lambda data: commands.propose_minutes(actor=request.user, meeting=meeting, to=data["to"]),
        done=_("The minutes are on the agenda of that meeting. Who was called hears of it."),
        nothing=not later.exists(),
    )


@access("person")
def adopt(request: Request, pk: int) -> HttpResponse:
    """Adopt the minutes in the meeting that goes on now and that they were laid before."""
    meeting = meeting_or_404(request, pk)
    kept = minutes_of(meeting)
    rows = Meeting.objects.filter(agenda__about_id=kept.pk if kept else None).exclude(agenda__state="dropped")
    adopting = rows.order_by("-starts_at").defer("search", "body").first() if kept else None
    if kept is None or adopting is None or not may(request.user, "decide.adopt_minutes", adopting):
        raise PermissionDenied
    error = ""
    if request.method == "POST":
        try:
            commands.adopt_minutes(actor=request.user, meeting=adopting, minutes=kept)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, _("The minutes are adopted. From now on they stay as they are."))
            return redirect("decide:minutes", meeting.pk)
    context = {
        "meeting": meeting,
        "adopting": adopting,
        "error": error,
        "breadcrumbs": crumbs(meeting, (_("Adopt the minutes"), "")),
    }
    return render(request, "decide/minutes/adopt.html", context, status=422 if error else 200)
