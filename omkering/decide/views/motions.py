"""Motions to read: the board and the table, tables to take away, one motion, and one's own."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from omkering.decide.models import Admission, AgendaItem, AgendaState, Motion, MotionState
from omkering.decide.motion_steps import BOARD, CARRIED_OUT, ON_THE_TABLE, UNDECIDED
from omkering.decide.motion_texts import points
from omkering.decide.motion_words import (
    ADVICE_TONES,
    COLUMNS,
    SETTLEMENT_TONES,
    admission_badge,
    is_late,
    named,
    state_badge,
)
from omkering.decide.queries.motion_pages import motion_page
from omkering.decide.queries.motions import (
    NAMED,
    SHOWN,
    Filters,
    Line,
    board,
    choices,
    drafts_of,
    lines,
    listed,
    signed_by,
)
from omkering.decide.views.motion_common import motion_crumbs, motion_or_404
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.owners import owners_for
from omkering.who.standing import standing_of

EXPORTED = 5_000  # motions in one file


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def filters_of(request: Request) -> Filters:
    """What the address asks for; what is no filter is left out."""
    given = request.GET
    state = given.get("state", "")
    return Filters(
        state=state if state in BOARD or state in MotionState.values else "",
        year=_number(given.get("year", "")),
        meeting=_number(given.get("meeting", "")),
        filer=given.get("filer", "")[:30],
        theme=_number(given.get("theme", "")),
        words=given.get("q", "").strip()[:200],
    )


def shown(line: Line) -> dict[str, Any]:
    """A motion as a list shows it."""
    row = line.motion
    return {
        "motion": row,
        "name": named(row),
        "badge": state_badge(row.state),
        "admission": admission_badge(row.admission),
        "cosigners": line.cosigners,
        "advice": [
            (one.body, one.get_kind_display(), ADVICE_TONES.get(one.kind, "neutral"))  # type: ignore[call-overload]
            for one in line.advice
        ],
        "late": is_late(row.due_at, row.answered_at),
    }


@access("public")
def listing(request: Request) -> HttpResponse:
    """All motions, on a board by how far they are, or as one table."""
    chosen = filters_of(request)
    as_table = request.GET.get("view") == "table" or bool(chosen.state)
    query = request.GET.copy()
    for name in ("before", "after", "view"):
        query.pop(name, None)
    without = query.copy()
    without.pop("state", None)
    offered = choices(request.user)
    context: dict[str, Any] = {
        "chosen": chosen,
        "any_chosen": bool(query),
        "as_table": as_table,
        "query": query.urlencode(),
        "without_state": without.urlencode(),
        "offered": offered,
        "may_write": request.user.is_authenticated and bool(owners_for(request.user)),
        "breadcrumbs": [*motion_crumbs()[:-1], (_("Motions"), "")],
    }
    if as_table:
        page = paginate(listed(request.user, chosen), request.GET, order=["-filed_at", "-pk"])
        states = [("", _("All states")), *((key, label) for key, label in COLUMNS.items())]
        context |= {
            "page": page,
            "rows": [shown(line) for line in lines(list(page))],
            "states": [(key, label, key == chosen.state) for key, label in states],
        }
    else:
        columns = board(request.user, chosen)
        context |= {
            "columns": [
                (column, COLUMNS[column.key], [shown(line) for line in column.lines]) for column in columns
            ],
            "total": sum(column.count for column in columns),
        }
    return render(request, "decide/motions.html", context)


@access("public")
def export(request: Request, kind: str) -> HttpResponseBase:
    """The motions as the list is filtered, as CSV or ODS."""
    if kind not in ("csv", "ods"):
        raise Http404
    found = listed(request.user, filters_of(request)).select_related(*NAMED, "theme")
    found = found.only(*SHOWN, "requests", "theme__names")
    rows = list(found.order_by("-filed_at", "-pk")[:EXPORTED])
    header = [
        *(_("Number"), _("Title"), _("Filed by"), _("Co-signers"), _("Filed on"), _("Meeting"), _("Theme")),
        *(_("Admission"), _("Advice"), _("State"), _("Decided on"), _("Account by"), _("Requests")),
    ]

    def table() -> Iterator[list[Any]]:
        for line in lines(rows):
            row = line.motion
            yield [
                named(row),
                row.title,
                str(row.owner_member or row.network),
                line.cosigners,
                row.filed_at,
                row.meeting.title if row.meeting else "",
                row.theme.name if row.theme else "",
                str(Admission(row.admission).label) if row.admission else "",
                "; ".join(f"{one.body}: {one.get_kind_display()}" for one in line.advice),
                state_badge(row.state)[0],
                row.decided_at,
                row.due_at,
                row.requests,
            ]

    return table_response(kind, _("motions"), header, table())


@access("insider")
def mine(request: Request) -> HttpResponse:
    """My drafts, and the motions of the members and networks I write for."""
    page = paginate(signed_by(request.user), request.GET, order=["-filed_at", "-pk"])
    context = {
        "drafts": [(row, row.owner_member or row.network) for row in drafts_of(request.user)],
        "page": page,
        "rows": [shown(line) for line in lines(list(page))],
        "may_write": bool(owners_for(request.user)),
        "breadcrumbs": motion_crumbs((_("My motions"), "")),
    }
    return render(request, "decide/my_motions.html", context)


@access("public")
def motion(request: Request, pk: int) -> HttpResponse:
    """A motion: its text, who stands under it, where it came from, its whole life, and what became of it."""
    row = motion_or_404(request, pk)
    user = request.user
    standing = standing_of(user)
    files = may(user, "decide.change_motion", row)
    handles = may(user, "decide.handle_motion", row)
    inside = files or handles
    page = motion_page(row, user, inside=inside)
    last = page.follow_up.settlement
    context = {
        "page": page,
        "motion": row,
        "item": row,
        "name": named(row),
        "badge": state_badge(row.state),
        "admission": admission_badge(row.admission),
        "text": form_of(row),
        "parts": [(part, named(part), state_badge(part.state)) for part in page.parts],
        "merged_from": [(one, named(one)) for one in page.merged_from],
        "into": named(row.merged_into) if row.merged_into else "",
        "whole": named(row.part_of) if row.part_of else "",
        "belongs_to": belongs_to(row),
        "talks": [(talk, talk.other if talk.motion_id == row.pk else talk.motion) for talk in page.talks],
        "advice": [(one, ADVICE_TONES.get(one.kind, "neutral")) for one in page.advice],  # type: ignore[call-overload]
        "settlement": last,
        "settlement_tone": SETTLEMENT_TONES.get(last.state, "neutral") if last else "",  # type: ignore[call-overload]
        "late": is_late(row.due_at, row.answered_at),
        "can_step_out": _can_step_out(row, page.signatures, user),
        "may": may_what(row, user, page, files, handles, standing),
        "breadcrumbs": motion_crumbs((named(row), "")),
    }
    return render(request, "decide/motion.html", context)


def belongs_to(row: Motion) -> AgendaItem | None:
    """The item that a motion was filed at, unless that is its own or was taken off the agenda."""
    item = row.agenda_item
    own = item is not None and item.about_id == row.pk
    return None if item is None or own or item.state == AgendaState.DROPPED else item


def form_of(row: Motion) -> dict[str, Any]:
    """The text of a motion in its usual form."""
    return {
        "body": row.owner_body,
        "meeting": row.meeting,
        "noting": points(row.noting),
        "considering": points(row.considering),
        "requests": points(row.requests),
    }


def _can_step_out(row: Motion, signatures: list[Any], user: Any) -> set[int]:
    """Keys of the signatures that this reader can withdraw."""
    if row.state not in (MotionState.DRAFT, *ON_THE_TABLE) or not user.is_authenticated:
        return set()
    filers = sum(one.filer for one in signatures)
    return {
        one.pk
        for one in signatures
        if (not one.filer or filers > 1) and may(user, "decide.sign_motion", one.member or one.network)
    }


def may_what(row: Motion, user: Any, page: Any, files: bool, handles: bool, standing: Any) -> dict[str, bool]:
    """What this reader may do with a motion now."""
    draft, live = row.state == MotionState.DRAFT, row.state in ON_THE_TABLE
    carried = row.state in CARRIED_OUT
    owner = row.owner_member or row.network
    under = {one.member or one.network for one in page.signatures}
    signs = [] if not (draft or live) or not user.is_authenticated else owners_for(user, mandated=True)
    bodies = bool(standing.bodies)
    last = page.follow_up.settlement
    return {
        "edit": draft and may(user, "decide.edit_motion", row),
        "file": draft and may(user, "decide.file_motion", owner),
        "sign": any(one not in under and one != owner for one in signs),
        "change": live and files,
        "withdraw": (live or row.state == MotionState.NOT_ADMITTED) and files,
        "bring": (live or row.state == MotionState.NOT_ADMITTED) and (files or handles),
        "talk": live and row.part_of_id is None and (files or handles),
        "merge": live and row.part_of_id is None and handles,
        "split": live and row.part_of_id is None and (files or handles) and len(points(row.requests)) > 1,
        "advise": row.state in UNDECIDED and (standing.is_bureau or bodies),
        "urgency": live and row.admission == Admission.ASKED and handles,
        "hold": row.state == MotionState.FILED and handles,
        "take_over": live and row.admission != Admission.ASKED and (standing.is_bureau or bodies),
        "place": row.state == MotionState.FILED and row.meeting is not None and page.agenda is None
        and standing.is_bureau,
        "vote": row.state in UNDECIDED and row.admission != Admission.ASKED and handles,
        "plan": carried and (standing.is_bureau or bodies),
        "report": carried and may(user, "decide.report", row),
        "settle": carried and not page.follow_up.waits and may(user, "decide.report", row),
        "answer": last is not None and last.state == "proposed" and may(user, "decide.answer_settling", row),
        "decide": page.follow_up.waits and standing.is_bureau,
    }  # fmt: skip
