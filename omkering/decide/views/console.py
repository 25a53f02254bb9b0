"""The chair's console: everything that a meeting needs while it goes on, on one page."""

from collections import Counter
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from omkering.decide.autopilot import Do
from omkering.decide.commands import live as running_meeting
from omkering.decide.commands import meetings, speakers, vote_corrections, vote_results, votes
from omkering.decide.commands.motion_admission import decide_urgency
from omkering.decide.commands.quick_votes import quick_vote
from omkering.decide.commands.undertakings import record_undertaking
from omkering.decide.forms.live import QuickVoteForm, SpeakerForm, UndertakingForm
from omkering.decide.live_words import clock_words, read_step, step_in_words
from omkering.decide.models import (
    Admission,
    AgendaItem,
    Meeting,
    Motion,
    MotionState,
    Speech,
    Vote,
)
from omkering.decide.queries import live as queries
from omkering.decide.queries.attendance import AttendanceLine, attendance_of
from omkering.decide.queries.meetings import quorum_from
from omkering.decide.views.live_common import (
    balance_context,
    done,
    item_in,
    live_context,
    part_or_page,
    row_of,
    speech_in,
    vote_in,
)
from omkering.decide.views.meeting_common import badge, crumbs_in, meeting_or_404
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required
from omkering.who.authority import require
from omkering.who.models import Member

PARTS = {
    name: f"decide/live/console_{name}.html"
    for name in ("now", "votes", "speakers", "agenda", "attendance", "motions", "screen")
}
DEFAULT_CLOSE = timedelta(minutes=15)
EXTEND = timedelta(minutes=5)


def _run_by(request: Request, pk: int) -> Meeting:
    meeting = meeting_or_404(request, pk)
    require(request.user, "decide.run_meeting", meeting)
    return meeting


@access("insider")
@never_cache
def console(request: Request, pk: int) -> HttpResponse:
    """The console, or the part of it that `?deel=` names."""
    return _page(request, _run_by(request, pk))


@access("insider")
@second_factor_required
@require_POST
def console_do(request: Request, pk: int) -> HttpResponse:
    """Do one thing in the meeting."""
    meeting = _run_by(request, pk)
    return done(
        request,
        meeting,
        ACTIONS,
        "decide:console",
        lambda text: _page(request, meeting, error=text, status=422),
    )


def _page(request: Request, meeting: Meeting, *, error: str = "", status: int = 200) -> HttpResponse:
    state = queries.running(meeting)
    part = request.GET.get("deel")
    context: dict[str, Any] = {
        **live_context(meeting, state),
        "do_url": reverse("decide:console_do", args=[meeting.pk]),
        "error": error,
    }
    if part in (None, "now"):
        context["step_label"], context["step_words"] = step_in_words(state)
        context["badge"] = badge(meeting)
    if part in (None, "votes"):
        context["votes"] = [(line, line.vote.closes_at + EXTEND) for line in state.votes]
    if part in (None, "speakers"):
        context |= balance_context(meeting, state)
        context["times"] = _times(meeting)
    if part in (None, "attendance"):
        lines = attendance_of(meeting)
        context["quorum"] = quorum_from(meeting, lines)
        context["there"] = _there(lines)
    if part in (None, "motions"):
        context["motions"] = _late(meeting)
    if part is None:
        context |= _forms(request, meeting) | {"breadcrumbs": crumbs_in(meeting, (_("Console"), ""))}
    response = part_or_page(request, PARTS, "decide/live/console.html", context)
    response.status_code = status
    return response


def _times(meeting: Meeting) -> list[tuple[int, str]]:
    """Speaking times to choose from, among them that of now."""
    return [
        (seconds, clock_words(seconds))
        for seconds in sorted({60, 120, 180, 300, 600, meeting.speaking_seconds})
    ]


def _there(lines: list[AttendanceLine]) -> dict[str, int]:
    """How many take part in which way: in the hall, remotely, by proxy, or not."""
    counted = Counter(_where(line) for line in lines)
    return {where: counted[where] for where in ("hall", "remote", "proxy", "away")}


def _where(line: AttendanceLine) -> str:
    if line.stays:
        return "hall" if line.on_site else "remote"
    return "proxy" if line.represented else "away"


def _late(meeting: Meeting) -> list[Motion]:
    rows = Motion.objects.filter(meeting=meeting, admission=Admission.ASKED, state=MotionState.FILED)
    return list(rows.only("title", "urgency_current", "urgency_earlier").order_by("filed_at", "pk"))


def _forms(request: Request, meeting: Meeting) -> dict[str, Any]:
    """The forms in which one types; the one that was sent comes back with what was typed."""
    what = request.POST.get("do", "")
    rows = Member.objects.on(meeting.reference_date).order_by("sort_key", "code")
    members = tuple(rows.values_list("code", "name"))

    def form(do: str, kind: type[forms.Form], prefix: str, **given: Any) -> Any:
        if what == do:
            return kind(request.POST, prefix=prefix, **given)
        return _not_filled_in(get_language(), kind, prefix, **given)

    return {
        "speaker_form": form("add_speaker", SpeakerForm, "speaker", members=members),
        "quick_form": form("quick_vote", QuickVoteForm, "quick"),
        "undertaking_form": form("record_undertaking", UndertakingForm, "undertaking"),
    }


@lru_cache(maxsize=16)
def _not_filled_in(_language: str | None, kind: type[forms.Form], prefix: str, **given: Any) -> SafeString:
    """A form as HTML before anybody typed in it: the same for all who read the present language."""
    return kind(prefix=prefix, **given).render()


# --- what can be done ------------------------------------------------------------------------------------
def _clean(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise ValidationError(
            [f"{form.fields[name].label}: {text}" for name, texts in form.errors.items() for text in texts]
        )
    return form.cleaned_data


def _step(request: Request, meeting: Meeting) -> str:
    """The usual next step, as long as it is still the one that the button named."""
    wanted = read_step(request.POST.get("step", ""))
    state = queries.running(meeting)
    if wanted is None or wanted != state.step:
        raise ValidationError(_("The meeting went on in the meantime. Look at what the button does now."))
    label, about = step_in_words(state)[0], wanted.about
    if wanted.do == Do.OPEN_MEETING:
        meetings.open_meeting(actor=request.user, meeting=meeting)
    elif wanted.do == Do.RESUME:
        meetings.resume_meeting(actor=request.user, meeting=meeting)
    elif wanted.do == Do.GO_TO:
        item = AgendaItem.objects.get(pk=about)
        running_meeting.go_to(actor=request.user, meeting=meeting, agenda_item=item)
    elif wanted.do == Do.CALL_SPEAKER:
        speakers.call_speaker(actor=request.user, speech=Speech.objects.get(pk=about))
    elif wanted.do == Do.END_SPEECH:
        speakers.end_speech(actor=request.user, speech=Speech.objects.get(pk=about))
    elif wanted.do == Do.CLOSE_MEETING:
        meetings.close_meeting(actor=request.user, meeting=meeting)
    else:
        _vote_step(request, wanted.do, Vote.objects.get(pk=about))
    return _("Done: %(step)s") % {"step": label}


def _vote_step(request: Request, do: Do, vote: Vote) -> None:
    if do == Do.OPEN_VOTE:
        _open(request, vote)
    elif do == Do.CLOSE_VOTE:
        votes.close_vote(actor=request.user, vote=vote)
    elif do == Do.ANNOUNCE:
        vote_results.announce_result(actor=request.user, vote=vote)
    else:
        raise ValidationError(_("There is no button for this step."))


def _open(request: Request, vote: Vote) -> None:
    """Open a prepared vote; one whose time is nearly over gets a quarter of an hour."""
    now = timezone.now()
    closes_at = None if vote.closes_at > now + timedelta(minutes=1) else now + DEFAULT_CLOSE
    votes.open_vote(actor=request.user, vote=vote, closes_at=closes_at)


def _open_vote(request: Request, meeting: Meeting) -> str:
    _open(request, vote_in(request, meeting))
    return _("The vote is open.")


def _extend_vote(request: Request, meeting: Meeting) -> str:
    until = parse_datetime(request.POST.get("until", ""))
    if not isinstance(until, datetime) or timezone.is_naive(until):
        raise Http404
    votes.extend_vote(actor=request.user, vote=vote_in(request, meeting), closes_at=until)
    return _("The vote lasts longer.")


def _close_vote(request: Request, meeting: Meeting) -> str:
    votes.close_vote(actor=request.user, vote=vote_in(request, meeting))
    return _("The vote is closed and counted. Announce the result when you are ready.")


def _announce(request: Request, meeting: Meeting) -> str:
    vote_results.announce_result(actor=request.user, vote=vote_in(request, meeting))
    return _("The result is announced.")


def _undo_vote(request: Request, meeting: Meeting) -> str:
    vote = vote_in(request, meeting)
    vote_corrections.undo_vote(actor=request.user, vote=vote, reason=request.POST.get("reason", ""))
    return _("The vote was undone. A new one stands ready in its place; what was voted before is kept apart.")


def _quick_vote(request: Request, meeting: Meeting) -> str:
    form = QuickVoteForm(request.POST, prefix="quick")
    values = _clean(form)
    if meeting.current is None:
        raise ValidationError(_("Go to an item of the agenda first."))
    quick_vote(actor=request.user, meeting=meeting, agenda_item=meeting.current, **values)
    return _("The vote is open.")


def _go_to(request: Request, meeting: Meeting) -> str:
    item = running_meeting.go_to(actor=request.user, meeting=meeting, agenda_item=item_in(request, meeting))
    return _("Now: %(title)s") % {"title": item.title}


def _back(request: Request, meeting: Meeting) -> str:
    return _("Now: %(title)s") % {"title": running_meeting.back(actor=request.user, meeting=meeting).title}


def _add_speaker(request: Request, meeting: Meeting) -> str:
    members = Member.objects.on(meeting.reference_date)
    form = SpeakerForm(request.POST, members=members.values_list("code", "name"), prefix="speaker")
    values = _clean(form)
    member = members.filter(code=values.pop("member")).first()
    made = speakers.ask_to_speak(
        actor=request.user, meeting=meeting, member=member, agenda_item=meeting.current, **values
    )
    return _("%(name)s is on the list.") % {"name": member or made.name}


def _call_speaker(request: Request, meeting: Meeting) -> str:
    speech = speakers.call_speaker(actor=request.user, speech=speech_in(request, meeting))
    return _("%(name)s has the floor.") % {"name": queries.Speaker(speech, 0).name}


def _end_speech(request: Request, meeting: Meeting) -> str:
    speech = speakers.end_speech(actor=request.user, speech=speech_in(request, meeting))
    return _("%(name)s has spoken.") % {"name": queries.Speaker(speech, 0).name}


def _move_speaker(request: Request, meeting: Meeting) -> str:
    place = request.POST.get("place", "")
    if not place.isdecimal() or len(place) > 4:
        raise Http404
    speakers.move_speaker(actor=request.user, speech=speech_in(request, meeting), place=int(place))
    return _("The order was changed.")


def _withdraw_speech(request: Request, meeting: Meeting) -> str:
    speakers.withdraw_speech(actor=request.user, speech=speech_in(request, meeting))
    return _("Taken off the list.")


def _speaking_time(request: Request, meeting: Meeting) -> str:
    seconds = request.POST.get("seconds", "")
    running_meeting.set_speaking_time(
        actor=request.user,
        meeting=meeting,
        seconds=int(seconds) if seconds.isdecimal() and len(seconds) < 6 else 0,
    )
    return _("From now on speakers get this time.")


def _decide_urgency(request: Request, meeting: Meeting) -> str:
    motion = row_of(Motion.objects.all(), request, "motion", meeting)
    admitted = request.POST.get("admitted") == "1"
    decide_urgency(
        actor=request.user, motion=motion, admitted=admitted, reason=request.POST.get("reason", "")
    )
    return _("The motion is admitted.") if admitted else _("The motion is not admitted.")


def _record_undertaking(request: Request, meeting: Meeting) -> str:
    values = _clean(UndertakingForm(request.POST, prefix="undertaking"))
    record_undertaking(actor=request.user, meeting=meeting, agenda_item=meeting.current, **values)
    return _("The undertaking is recorded.")


def _open_meeting(request: Request, meeting: Meeting) -> str:
    meetings.open_meeting(actor=request.user, meeting=meeting)
    return _("The meeting is open.")


def _suspend(request: Request, meeting: Meeting) -> str:
    meetings.suspend_meeting(actor=request.user, meeting=meeting)
    return _("The meeting is suspended.")


def _resume(request: Request, meeting: Meeting) -> str:
    meetings.resume_meeting(actor=request.user, meeting=meeting)
    return _("The meeting goes on.")


def _close_meeting(request: Request, meeting: Meeting) -> str:
    meetings.close_meeting(actor=request.user, meeting=meeting)
    return _("The meeting is closed.")


def _show(request: Request, meeting: Meeting) -> str:
    vote = vote_in(request, meeting) if request.POST.get("vote") else None
    running_meeting.show_on_screen(
        actor=request.user, meeting=meeting, show=request.POST.get("show", ""), vote=vote
    )
    return _("The screen was changed.")


def _autopilot(request: Request, meeting: Meeting) -> str:
    on = request.POST.get("on") == "1"
    running_meeting.set_autopilot(actor=request.user, meeting=meeting, on=on)
    return _("One button takes the usual next step.") if on else _("You take every step yourself.")


ACTIONS = {
    "step": _step,
    "open_meeting": _open_meeting,
    "suspend_meeting": _suspend,
    "resume_meeting": _resume,
    "close_meeting": _close_meeting,
    "go_to": _go_to,
    "back": _back,
    "add_speaker": _add_speaker,
    "call_speaker": _call_speaker,
    "end_speech": _end_speech,
    "move_speaker": _move_speaker,
    "withdraw_speech": _withdraw_speech,
    "speaking_time": _speaking_time,
    "open_vote": _open_vote,
    "extend_vote": _extend_vote,
    "close_vote": _close_vote,
    "announce_result": _announce,
    "undo_vote": _undo_vote,
    "quick_vote": _quick_vote,
    "decide_urgency": _decide_urgency,
    "record_undertaking": _record_undertaking,
    "show": _show,
    "autopilot": _autopilot,
}
