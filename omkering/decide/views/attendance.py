"""Who is there: the registration desk, one's own arrival, the presence list; proxies and who votes for a member."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from omkering.decide.commands import attendance as commands
from omkering.decide.commands import proxies as proxy_commands
from omkering.decide.commands.meeting_rows import roll_of_meeting
from omkering.decide.forms.meetings import DelegatesForm, ProxyForm, people_who_may_vote
from omkering.decide.meeting_rules import of_members
from omkering.decide.models import Meeting, MeetingForm, Proxy
from omkering.decide.queries.attendance import AttendanceLine, Voter, attendance_of, voters_of
from omkering.decide.queries.meetings import quorum_from
from omkering.decide.views.live_common import listening, part_or_page
from omkering.decide.views.meeting_common import crumbs_in, deed_and_back, form_page, meeting_or_404
from omkering.decide.views.meetings import OVER, registration_open, ways_of
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.form_pages import sent
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required
from omkering.who.authority import may
from omkering.who.models import Member, Person

DESK_PARTS = {"quorum": "decide/parts/quorum.html", "rows": "decide/attendance_rows.html"}
SHOWN = 30  # lines at the desk; a search finds the others


# --- the desk --------------------------------------------------------------------------------------------
@access("bureau")
def attendance(request: Request, pk: int) -> HttpResponse:
    """The registration desk: search by name, one tap to arrive or leave, and the quorum as it is now."""
    meeting = meeting_or_404(request, pk)
    if meeting.form == MeetingForm.CONSULTATION:
        raise Http404
    context: dict[str, Any] = listening(meeting if meeting.state not in OVER else None)
    typed = request.GET.get("q", "").strip()[:100]
    lines = attendance_of(meeting)
    voters = voters_of(meeting) if any(line.member for line in lines) else {}
    found = [line for line in lines if _matches(line, voters, typed.casefold())]
    if not typed:  # who is still to come goes first
        found.sort(key=lambda line: (line.present, line.member is not None and line.member.pk not in voters))
    shown = found[:SHOWN]
    if (
        request.GET.get("deel") == "rows"
    ):  # what stands on the page stays in its place under somebody's finger
        by_key = {line.key: line for line in lines}
        shown = [by_key[key] for key in request.GET.get("lines", "").split(",")[:SHOWN] if key in by_key]
    here = reverse("decide:attendance", args=[pk])
    query = {"q": typed, "deel": "rows", "lines": ",".join(line.key for line in shown)}
    context |= {
        "meeting": meeting,
        "rows": [_row(line, voters) for line in shown],
        "more": max(0, len(found) - SHOWN),
        "q": typed,
        "here": f"{here}?{urlencode({'q': typed})}" if typed else here,
        "rows_url": f"{here}?{urlencode(query)}",
        "quorum": quorum_from(meeting, lines),
        "open": registration_open(meeting),
        "ways": [
            (way, _("On site") if way == "on_site" else _("Remote")) for way, _words in ways_of(meeting)
        ],
        "breadcrumbs": crumbs_in(meeting, (_("Registration desk"), "")),
    }
    return part_or_page(request, DESK_PARTS, "decide/attendance.html", context)


def _matches(line: AttendanceLine, voters: dict[int, list[tuple[Voter, int | None]]], text: str) -> bool:
    if not text:
        return True
    names = [line.name, line.member.code if line.member else ""]
    names += [person.name for person, _votes in voters.get(line.member.pk if line.member else 0, [])]
    return any(text in name.casefold() for name in names)


def _row(line: AttendanceLine, voters: dict[int, list[tuple[Voter, int | None]]]) -> dict[str, Any]:
    there = {stay.person_id for stay in line.stays}
    own: list[tuple[Person | Voter, int | None]] = [(line.person, None)] if line.person else []
    people = own or voters.get(line.member.pk if line.member else 0, [])
    return {"line": line, "people": [entry for entry in people if entry[0].pk not in there]}


@access("person")
@require_POST
def arrive(request: Request, pk: int) -> HttpResponse:
    """Somebody arrives: at the desk, or with their own phone (without `person`: who is logged in)."""
    meeting = meeting_or_404(request, pk)
    member, person = _who(request)
    return deed_and_back(
        request,
        lambda: commands.arrive(
            actor=request.user,
            meeting=meeting,
            member=member,
            person=person,
            presence=request.POST.get("presence", ""),
        ),
        _("%(person)s is there%(member)s.")
        % {"person": person.name, "member": f" ({member.name})" if member else ""},
        _back(request, meeting),
    )


@access("person")
@require_POST
def leave(request: Request, pk: int) -> HttpResponse:
    """Somebody leaves."""
    meeting = meeting_or_404(request, pk)
    member, person = _who(request)
    return deed_and_back(
        request,
        lambda: commands.leave(actor=request.user, meeting=meeting, member=member, person=person),
        _("%(person)s has left.") % {"person": person.name},
        _back(request, meeting),
    )


def _who(request: Request) -> tuple[Member | None, Person]:
    member, person = (request.POST.get(name, "") for name in ("member", "person"))
    if not all(value == "" or (value.isdecimal() and len(value) < 19) for value in (member, person)):
        raise Http404
    who = get_object_or_404(Person, pk=int(person), is_active=True) if person else request.user
    return (get_object_or_404(Member, pk=int(member)) if member else None), who


def _back(request: Request, meeting: Meeting) -> str:
    """Where the button stood."""
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, None):
        return back
    return reverse("decide:meeting", args=[meeting.pk])


# --- the presence list -----------------------------------------------------------------------------------
@access("insider")
def presence(request: Request, pk: int) -> HttpResponse:
    """Who is present, represented or absent, member by member, with its votes."""
    meeting = meeting_or_404(request, pk)
    context: dict[str, Any] = listening(meeting if meeting.state not in OVER else None)
    lines = attendance_of(meeting)
    context |= {
        "meeting": meeting,
        "rows": list(zip(lines, in_words(lines), strict=True)),
        "quorum": quorum_from(meeting, lines),
        "of_members": of_members(meeting.rules),
        "breadcrumbs": crumbs_in(meeting, (_("Presence list"), "")),
    }
    return part_or_page(request, {"list": "decide/presence_part.html"}, "decide/presence.html", context)


def in_words(lines: list[AttendanceLine]) -> list[str]:
    """How each takes part now, in words."""
    on_site, remote, absent = _("On site"), _("Remote"), _("Absent")
    found = []
    for line in lines:
        if line.present:
            found.append(on_site if line.on_site else remote)
        elif line.represented and line.proxy:
            found.append(_("Represented by %(member)s") % {"member": line.proxy.holder.name})
        else:
            found.append(absent)
    return found


@access("insider")
@require_safe
def presence_file(request: Request, pk: int, form: str) -> HttpResponseBase:
    """The presence list as a table to take away."""
    meeting = meeting_or_404(request, pk)
    if form not in ("csv", "ods"):
        raise Http404
    lines = attendance_of(meeting)
    header = [_("Code"), _("Name"), _("Votes"), _("Takes part"), _("Who")]
    rows = [
        [
            line.member.code if line.member else "",
            line.name,
            line.votes,
            words,
            ", ".join(stay.person.name for stay in line.stays),
        ]
        for line, words in zip(lines, in_words(lines), strict=True)
    ]
    return table_response(form, f"presence-{pk}", header, rows)


# --- proxies and voters ----------------------------------------------------------------------------------
@access("member")
@second_factor_required
def give_proxy(request: Request, pk: int, member: int) -> HttpResponse:
    """Let another member vote in the name of one's own."""
    meeting, giver = meeting_or_404(request, pk), _own_member(request, member, "decide.give_proxy")
    back = reverse("decide:meeting", args=[pk])
    most = meeting.rules.get("proxies_per_holder")
    lead = _("It ends by itself when somebody of %(member)s arrives. You can take it back at any time.") % {
        "member": giver.name
    }
    if most:
        lead += " " + _("A member can hold %(most)s proxies at most.") % {"most": most}
    return form_page(
        request,
        ProxyForm.of(meeting, giver, sent(request)),
        heading=_("Give a proxy"),
        lead=lead,
        button=_("Give the proxy"),
        back=back,
        breadcrumbs=crumbs_in(meeting, (_("Give a proxy"), "")),
        draft=f"proxy-{pk}-{member}",
        deed=lambda data: proxy_commands.give_proxy(actor=request.user, meeting=meeting, giver=giver, **data),
        done=_("The proxy is given."),
    )


@access("member")
@require_POST
@second_factor_required
def withdraw_proxy(request: Request, pk: int) -> HttpResponse:
    """Take a proxy back."""
    proxy = get_object_or_404(Proxy.objects.select_related("giver"), pk=pk)
    meeting = meeting_or_404(request, proxy.meeting_id)
    return deed_and_back(
        request,
        lambda: proxy_commands.withdraw_proxy(actor=request.user, proxy=proxy),
        _("The proxy was taken back."),
        reverse("decide:meeting", args=[meeting.pk]),
    )


@access("member")
@second_factor_required
def name_delegates(request: Request, pk: int, member: int) -> HttpResponse:
    """Say who votes for one's member at a meeting."""
    meeting, own = meeting_or_404(request, pk), _own_member(request, member, "decide.name_delegates")
    if not of_members(meeting.rules):
        raise Http404
    try:
        weight = next((line.weight for line in roll_of_meeting(meeting) if line.member.pk == own.pk), 0)
    except ValidationError:
        weight = 0
    named = {
        entry.person_id: entry.votes for entry in meeting.delegates.filter(member=own, ended_at__isnull=True)
    }
    form = DelegatesForm(
        sent(request),
        people=people_who_may_vote(own),
        named=named,
        split=bool(meeting.rules.get("split")) and weight > 1,
        weight=max(weight, 1),
    )
    return form_page(
        request,
        form,
        heading=_("Who votes for %(member)s") % {"member": own.name},
        lead=_("Nobody marked: who has the mandate votes. %(member)s has %(votes)s votes.")
        % {"member": own.name, "votes": weight},
        button=_("Save"),
        back=reverse("decide:meeting", args=[pk]),
        breadcrumbs=crumbs_in(meeting, (_("Who votes"), "")),
        draft=f"delegates-{pk}-{member}",
        deed=lambda data: proxy_commands.name_delegates(
            actor=request.user, meeting=meeting, member=own, shares=form.shares()
        ),
        done=_("It is noted who votes."),
    )


def _own_member(request: Request, pk: int, permission: str) -> Member:
    member = get_object_or_404(Member, pk=pk)
    if not may(request.user, permission, member):
        raise PermissionDenied(permission)
    return member
