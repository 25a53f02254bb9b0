"""Priority rounds to read: the list, a round before, during and after, a candidate, and tables to take away."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.agenda import round_words
from omkering.agenda.commands.rounds import too_few
from omkering.agenda.models import Round, RoundState
from omkering.agenda.queries import round_results
from omkering.agenda.queries import rounds as queries
from omkering.ui.access import access
from omkering.ui.export import table_response
from omkering.ui.groupings import division_words
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may
from omkering.who.models import Body
from omkering.who.standing import standing_of

Crumbs = list[tuple[str, str]]
# What is near comes first: what closes soonest, what opens soonest, what was chosen last.
ORDERS = {
    RoundState.OPEN: ["closes_at", "pk"],
    RoundState.PLANNED: ["opens_at", "pk"],
    RoundState.CLOSED: ["-closed_at", "-pk"],
}
TONES = {RoundState.OPEN: "info", RoundState.CLOSED: "positive", RoundState.WITHDRAWN: "warning"}


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way to a page about rounds."""
    return [(_("Agenda"), reverse("agenda:room")), (_("Priority rounds"), reverse("agenda:rounds")), *more]


def crumbs_of(round: Round, *more: tuple[str, str]) -> Crumbs:
    """The way to a page within a round."""
    return crumbs((round.title, reverse("agenda:round", args=[round.pk])), *more)


def readable_round(request: Request, pk: int) -> Round:
    """The round, or a 404 for who may not know of it."""
    rows = queries.visible_rounds(request.user).select_related("network", "electing_body")
    return get_object_or_404(rows.defer("search"), pk=pk)


def badge(round: Round) -> tuple[str, str]:
    """The state of a round with its tone."""
    state = RoundState(round.state)
    return str(state.label), TONES.get(state, "neutral")


@access("public")
def rounds(request: Request) -> HttpResponse:
    """All rounds I may know of: open, planned, closed."""
    text = request.GET.get("q", "").strip()[:200]
    state = request.GET.get("state", "")
    rows = queries.listed_rounds(request.user, text)
    if state in ORDERS:
        rows = rows.filter(state=state)
    order = ORDERS[RoundState(state)] if state in ORDERS else ["-opens_at", "-pk"]
    page = paginate(rows, request.GET, order=order)
    labels = {
        "": _("All rounds"),
        RoundState.OPEN: _("Open rounds"),
        RoundState.PLANNED: _("Planned rounds"),
        RoundState.CLOSED: _("Results"),
    }
    address = reverse("agenda:rounds")
    tabs = [
        {"label": label, "url": f"{address}?state={key}" if key else address, "current": key == state}
        for key, label in labels.items()
    ]
    context = {
        "page": page,
        "rows": [(row, badge(row), queries.electorate_in_words(row)) for row in page],
        "tabs": tabs,
        "q": text,
        "state": state,
        "may_plan": may(request.user, "agenda.plan_round"),
        "breadcrumbs": [*crumbs()[:1], (_("Priority rounds"), "")],
    }
    return render(request, "agenda/rounds.html", context)


@access("public")
def round(request: Request, pk: int) -> HttpResponse:
    """A round: before it opens its candidates, while it is open who has chosen, afterwards what was chosen."""
    item = readable_round(request, pk)
    candidates = queries.shown_candidates(item, request.user)
    context: dict[str, Any] = {
        "round": item,
        "badge": badge(item),
        "candidates": candidates,
        "rule": rule(item, len(candidates)),
        "own": queries.own_lines(item, request.user),
        "breadcrumbs": crumbs((item.title, "")),
    }
    if item.state in (RoundState.PLANNED, RoundState.WITHDRAWN):
        context |= _before(request, item, candidates)
    elif item.state == RoundState.OPEN:
        rows = queries.heads(item)
        context |= {
            "turnout": queries.turnout(rows),
            "map": queries.turnout_map(rows),
            "may_close": may(request.user, "agenda.close_round", item),
        }
    else:
        context |= _after(request, item, candidates, context["own"])
    return render(request, "agenda/round.html", context)


def _before(request: Request, item: Round, candidates: list[queries.Shown]) -> dict[str, Any]:
    may_plan = item.state == RoundState.PLANNED and may(request.user, "agenda.plan_round", item)
    return {
        "turnout": queries.turnout(queries.roll_rows(item)),
        "withdrawn": queries.withdrawn_candidates(item) if request.user.is_authenticated else [],
        "may_plan": may_plan,
        "problem": too_few(len(candidates), item.maximum) if may_plan else "",
    }


def _after(
    request: Request, item: Round, candidates: list[queries.Shown], own: list[queries.OwnLine]
) -> dict[str, Any]:
    departures = queries.departures_of(item)
    result = round_results.result_of(item, candidates, departures)
    assert result is not None
    rows = round_results.ballot_rows(item)
    priorities = result.priorities()
    wished = [
        (line.name, round_results.wishes(item, result, line.cast), bool(line.cast), line.not_handed_in)
        for line in own
    ]
    asked = next((row for row in rows if row.code and row.code == request.GET.get("member")), None)
    if asked is not None and asked.code not in {line.line.member.code for line in own if line.line.member}:
        wished.insert(
            0, (asked.name, round_results.wishes(item, result, asked.cast or {}), bool(asked.cast), False)
        )
    groups = result.groups()
    return {
        "result": result,
        "cast": item.result["cast"] if item.result else {},
        "on_roll": item.result["roll"] if item.result else {},
        "needed": item.result["needed"] if item.result else 0,
        "plain": item.result["plain"] if item.result else {},
        "priorities": priorities,
        "left_places": item.maximum - len(priorities),
        "not_chosen": result.not_chosen(),
        "departed": [
            (departure, next(each for each in candidates if each.pk == pk))
            for pk, departure in departures.items()
        ],
        "in_force": result.in_force() if departures else [],
        "plain_rows": result.plain_rows(),
        "plain_same": {row.candidate.pk for row in result.plain_rows() if not row.tied}
        == {row.candidate.pk for row in priorities},
        "matrices": result.matrices() if priorities else [],
        "groups": groups,
        "less": [group for group in groups if group.less],
        "wished": wished,
        "members": [row for row in rows if row.code],
        "asked": asked,
        "map": round_results.wishes_map(result, rows),
        "early": item.closed_at is not None and item.closed_at < item.closes_at,
        "may_depart": _may_depart(request),
    }


def _may_depart(request: Request) -> bool:
    return bool(bodies_of(request))


def bodies_of(request: Request) -> Any:
    """The bodies in whose name this reader may depart from a result."""
    standing = standing_of(request.user)
    if standing.is_bureau:
        return Body.objects.exclude(kind="bureau")
    return Body.objects.filter(pk__in=standing.bodies)


def rule(item: Round, candidates: int) -> dict[str, Any]:
    """The rule of a round in words."""
    part = item.weight_rule or {}
    return {
        "who": round_words.who_in_words(item),
        "votes": round_words.votes_in_words(item),
        "ballot": round_words.ballot_in_words(item),
        "counting": round_words.counting_in_words(item, candidates),
        "unverified": bool(part) and not part["verified"],
        "source": part.get("source", ""),
    }


@access("public")
def candidate(request: Request, pk: int, candidate: int) -> HttpResponse:
    """A candidate of a closed round: who stands behind it, and what it lacked."""
    item = readable_round(request, pk)
    candidates = queries.shown_candidates(item, request.user)
    shown = next((each for each in candidates if each.pk == candidate), None)
    departures = queries.departures_of(item)
    result = round_results.result_of(item, candidates, departures)
    if shown is None or result is None:
        raise Http404
    rows = round_results.ballot_rows(item)
    priority = next((each for each in result.priorities() if each.candidate == shown), None)
    short = next((each for each in result.not_chosen() if each.candidate == shown), None)
    context = {
        "round": item,
        "candidate": shown,
        "priority": priority,
        "short": short,
        "cast": result.data["cast"],
        "needed": result.data["needed"],
        "departure": departures.get(shown.pk),
        "slices": result.slices(shown),
        "behind": [row for row in rows if row.code and shown.key in (row.cast or {})],
        "map": round_results.support_map(rows, shown),
        "may_depart": _may_depart(request) and shown.pk not in departures,
        "breadcrumbs": crumbs_of(item, (shown.title, "")),
    }
    return render(request, "agenda/round_candidate.html", context)


# --- who may choose, and what they chose -----------------------------------------------------------------
@access("public")
def roll(request: Request, pk: int) -> HttpResponse:
    """Who may choose, with how many votes; once it is open also who has, and after closing how to read what."""
    item = readable_round(request, pk)
    rows = queries.roll_rows(item)
    context = {
        "round": item,
        "rows": rows,
        "turnout": queries.turnout(rows),
        "division": division_words(),
        "breadcrumbs": crumbs_of(item, (_("Who may choose"), "")),
    }
    return render(request, "agenda/round_roll.html", context)


@access("public")
def roll_file(request: Request, pk: int, form: str) -> HttpResponseBase:
    """The roll as a file: who may choose, with how many votes. Of a body the seats, without names."""
    if form not in ("csv", "ods"):
        raise Http404
    rows = queries.roll_rows(readable_round(request, pk))
    header = [_("Code"), _("Member or seat"), division_words(), _("Inhabitants"), _("Votes")]
    lines = ((row.code, row.name, row.division, row.inhabitants, row.weight) for row in rows)
    return table_response(form, _("roll-%(number)s") % {"number": pk}, header, lines)


@access("public")
def ballots_file(request: Request, pk: int, form: str) -> HttpResponseBase:
    """What each chose, as a file; there once the round is closed. Of a body the seats, without names."""
    item = readable_round(request, pk)
    if form not in ("csv", "ods") or item.state != RoundState.CLOSED:
        raise Http404
    candidates = queries.shown_candidates(item, request.user)
    header = [_("Code"), _("Member or seat"), _("Votes"), *(each.title for each in candidates)]
    lines = (
        (row.code, row.name, row.weight, *((row.cast or {}).get(each.key, "") for each in candidates))
        for row in round_results.ballot_rows(item)
    )
    return table_response(form, _("ballots-%(number)s") % {"number": pk}, header, lines)
