"""Votes: the list, a vote before, during and after, and its tables to take away."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from omkering.decide import secrecy, vote_rule, words
from omkering.decide.models import AdviceKind, Outcome, Procedure, Proposal, Vote, VoteState
from omkering.decide.queries import results
from omkering.decide.queries import votes as queries
from omkering.decide.queries.roll import RollLine, entries_of, is_divided, roll_lines
from omkering.decide.queries.vote_export import NotExportable, export_text
from omkering.decide.views.common import crumbs, readable_vote
from omkering.thread import kinds
from omkering.ui.access import access
from omkering.ui.export import disposition, table_response
from omkering.ui.groupings import division_words
from omkering.ui.paging import paginate
from omkering.ui.request import Request
from omkering.who.authority import may

MOST_OPTIONS = 5  # whose shares in each group are shown
# What is near comes first: what closes soonest, what opens soonest, what was decided last.
ORDERS = {
    VoteState.OPEN: ["closes_at", "pk"],
    VoteState.PLANNED: ["opens_at", "pk"],
    VoteState.CLOSED: ["-closed_at", "-pk"],
}
TONES = {
    Outcome.ADOPTED: "positive",
    Outcome.ELECTED: "positive",
    Outcome.REJECTED: "negative",
    Outcome.TIE: "warning",
    Outcome.NO_QUORUM: "warning",
}


def tabs(request: Request, current: str) -> list[dict[str, Any]]:
    """The lists of this room."""
    labels = {"": _("All votes"), **{state.value: _votes_words(state) for state in ORDERS}}
    address = reverse("decide:votes")
    shown = [
        {"label": label, "url": f"{address}?state={state}" if state else address, "current": state == current}
        for state, label in labels.items()
    ]
    proposals = {"label": _("Proposals"), "url": reverse("decide:proposals")}
    return [*shown, {**proposals, "current": current == "proposals"}]


def _votes_words(state: VoteState) -> str:
    return {
        VoteState.OPEN: _("Open votes"),
        VoteState.PLANNED: _("Planned votes"),
        VoteState.CLOSED: _("Results"),
    }[state]


@access("public")
def votes(request: Request) -> HttpResponse:
    """All votes I may know of: open, planned, closed."""
    text = request.GET.get("q", "").strip()[:200]
    state = request.GET.get("state", "")
    rows = queries.find(queries.visible_votes(request.user), text).select_related("theme")
    rows = rows.only(*queries.LISTED)
    if state in ORDERS:
        rows = rows.filter(state=state)
    page = paginate(
        rows, request.GET, order=ORDERS[VoteState(state)] if state in ORDERS else ["-opens_at", "-pk"]
    )
    return render(
        request,
        "decide/votes.html",
        {
            "page": page,
            "rows": [(vote, badge(vote), outcome_line(vote)) for vote in page],
            "q": text,
            "state": state,
            "tabs": tabs(request, state if state in ORDERS else ""),
            "breadcrumbs": crumbs(),
        },
    )


def badge(vote: Vote) -> tuple[str, str]:
    """The state of a vote, or its outcome where everybody may know it, with its tone."""
    if vote.is_known and vote.outcome:
        return str(vote.outcome.label), TONES[vote.outcome]
    tones = {VoteState.OPEN: "info", VoteState.UNDONE: "warning"}
    return str(VoteState(vote.state).label), tones.get(VoteState(vote.state), "neutral")


def outcome_line(vote: Vote) -> str:
    """What a vote came to, in one sentence; "" while that is not known to all."""
    if not vote.is_known or not vote.result:
        return ""
    return words.outcome_of(vote)


@access("public")
def vote(request: Request, pk: int) -> HttpResponse:
    """A vote: what it is about, what is needed, who may vote; while open one's own ballots, afterwards the result."""
    item = readable_vote(request, pk)
    entries = entries_of(item)
    runs = may(request.user, "decide.close_vote", item)
    lines = roll_lines(item, entries, with_choices=item.is_known or runs)
    total = sum(line.weight for line in lines)
    label, tone = badge(item)
    related = queries.related_to(item)
    over = item.state in ENDED
    context: dict[str, Any] = {
        "vote": item,
        "badge": (label, tone),
        "about_url": kinds.url(item.about),
        "proposal": Proposal.objects.filter(pk=item.about_id).only("text").first()
        if item.about.kind == "proposal"
        else None,
        "advice": AdviceKind(item.on_advice).label if item.on_advice else "",
        "lines": lines,
        "total": total,
        "rule": rule_in_words(item, total, len(lines)),
        "options": _options(item),
        "division": division_words() if any(line.division for line in lines) else "",
        "of_members": vote_rule.electorate_of(item.rule)["of"] != "seats",
        "rare": secrecy.rare_weights(entries) if item.secret and item.state == VoteState.PLANNED else [],
        "divided": is_divided(item.rule, entries),
        "own": queries.own_ballots(item, request.user),
        "listed": [other for other in related.listed if other.pk != item.pk],
        "list_open": sum(other.takes_ballots for other in related.listed) > 1,
        "acclamation": item.procedure == Procedure.ACCLAMATION,
        "objections": list(item.objections.select_related("entry__member", "entry__person").order_by("pk"))
        if item.procedure == Procedure.ACCLAMATION
        else [],
        "before": item.replaces,
        "earlier": item.ratifies,
        "after": related.after if over else None,
        "formal": related.formal if over else None,
        "breadcrumbs": crumbs((item.title, "")),
        **_steps(request, item, runs),
    }
    if item.state == VoteState.OPEN:
        context["turnout"] = queries.turnout(item)
    if item.result and item.state == VoteState.CLOSED and (item.is_known or runs):
        context.update(_result(item, lines))
    return render(request, "decide/vote.html", context)


ENDED = (VoteState.UNDONE, VoteState.CLOSED)


def _steps(request: Request, vote: Vote, runs: bool) -> dict[str, bool]:
    """What this reader may do with the vote now."""
    plans = may(request.user, "decide.plan_vote", vote)
    unannounced = vote.state == VoteState.CLOSED and not vote.is_known
    return {
        "may_plan": plans and vote.state == VoteState.PLANNED,
        "may_open": runs and vote.state == VoteState.PLANNED,
        "may_close": runs and vote.state == VoteState.OPEN,
        "may_extend": runs and vote.takes_ballots,
        "may_announce": runs and unannounced and not vote.waits_for_chair,
        "may_undo": runs and (vote.state == VoteState.OPEN or unannounced),
        "may_decide": runs and vote.waits_for_chair,
        "may_desk": may(request.user, "decide.desk_ballots", vote)
        and vote.state == VoteState.OPEN
        and not vote.secret,
    }


def _options(vote: Vote) -> list[dict[str, Any]]:
    """The options with the address of what they stand for; one query where any does."""
    options = vote_rule.options_of(vote.rule)
    items = [option["item"] for option in options if option.get("item")]
    rows = type(vote.about).objects.filter(pk__in=items).defer("search", "body") if items else ()
    from_items = {item.pk: kinds.url(item) for item in rows}
    return [{**option, "url": from_items.get(option.get("item") or 0, "")} for option in options]


def rule_in_words(vote: Vote, total: int, heads: int) -> dict[str, Any]:
    """The rule in words, with its figures for a roll of so many votes and members."""
    rule = vote.rule
    chosen = rule.get("set")
    return {
        "set": words.rule_name(chosen) if chosen else "",
        "set_version": chosen["version"] if chosen else "",
        "weight": words.weight_in_words(rule),
        "weight_name": words.rule_name(rule["weight"]) if rule["weight"] else "",
        "verified": rule["weight"] is None or rule["weight"]["verified"],
        "sources": words.sources_of(rule),
        "version": rule["weight"]["version"] if rule["weight"] else "",
        "needed": words.needed_in_words(rule),
        "needed_of": words.needed_of(rule, total, heads),
        "needed_now": queries.needed_now(vote, total, heads),
        "quorum": words.quorum_in_words(rule, total, heads),
        "tie": words.tie_in_words(rule),
        "ballot": words.ballot_in_words(rule),
        "electorate": words.electorate_in_words(rule),
        "election": vote_rule.is_election(rule),
    }


def _result(vote: Vote, lines: Sequence[RollLine]) -> dict[str, Any]:
    """What the page of a closed vote shows beside the roll."""
    result, rule = vote.result or {}, vote.rule
    for_or_against = not vote_rule.is_election(rule)
    found: dict[str, Any] = {
        "result": result,
        "passed": vote.outcome in (Outcome.ADOPTED, Outcome.ELECTED),
        "outcome": words.outcome_of(vote),
        "reasons": words.reasons_in_words(result, rule),
        "early": vote.closed_at is not None and vote.closed_at < vote.closes_at,
        "chart": results.result_chart(result, rule),
        "chosen": vote.chosen,
        "for_or_against": for_or_against,
        "absentees": result["roll"]["heads"] - result["cast"]["heads"],
    }
    if vote.secret:
        return found
    if for_or_against:
        found |= {
            "map": results.choice_map(list(lines)) if any(line.member for line in lines) else None,
            "parts": results.parts(),
            "slices": results.slices(vote),
        }
    else:
        found["option_slices"] = results.option_slices(vote, MOST_OPTIONS)
    if rule["weight"] is not None:
        compared = results.one_member_one_vote(vote, list(lines))
        same = compared.outcome == result["outcome"] and list(compared.elected) == list(result["elected"])
        found |= {
            "compared": compared,
            "compared_words": words.outcome_in_words(compared.as_dict(), rule),
            "compared_outcome": Outcome(compared.outcome).label,
            "compared_same": same,
        }
    return found


# --- tables to take away ---------------------------------------------------------------------------------
@access("public")
def roll(request: Request, pk: int, form: str) -> HttpResponseBase:
    """The roll as a file: who may vote, with how many votes."""
    if form not in ("csv", "ods"):
        raise Http404
    lines = roll_lines(readable_vote(request, pk))
    header = [_("Code"), _("Member"), division_words(), _("Inhabitants"), _("Votes")]
    rows = ((x.voter, x.name, x.division, x.inhabitants, x.weight) for x in lines)
    return table_response(form, _("roll-%(number)s") % {"number": pk}, header, rows)


@access("public")
def roll_call(request: Request, pk: int, form: str) -> HttpResponseBase:
    """Who voted what, in which way and by whose hand, as a file; there once the result is known.

    A line for each part of a member that divides its votes; of a secret vote who voted, and nothing else.
    """
    item = readable_vote(request, pk)
    if form not in ("csv", "ods") or not item.is_known:
        raise Http404
    header = [
        _("Code"), _("Member"), division_words(), _("Inhabitants"), _("Votes"), _("Choice"), _("Way"),
        _("By proxy of"), _("Receipt"),
    ]  # fmt: skip
    rows: list[tuple[Any, ...]] = []
    for line in roll_lines(item):
        start = (line.voter, line.name, line.division, line.inhabitants)
        for cast in line.casts:
            rows.append((*start, cast.votes, cast.choice_words, cast.way, cast.by_proxy, cast.receipt))
        if not line.casts:
            rows.append((*start, line.weight, line.choice_words, "", "", ""))
    return table_response(form, _("roll-call-%(number)s") % {"number": pk}, header, rows)


@access("public")
def vote_export(request: Request, pk: int) -> HttpResponse:
    """The whole vote as one file that anybody can count anew; there once the result is known, as the roll-call.

    Of a secret vote what lies in the box and who has voted, which nothing ties; see `queries.vote_export`.
    """
    item = readable_vote(request, pk)
    if not item.is_known:
        raise Http404
    try:
        text = export_text(item)
    except NotExportable:
        messages.warning(request, _("The receipts of this vote are being sealed. Try again in ten seconds."))
        return redirect("decide:vote", pk)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = disposition(_("vote-%(number)s.json") % {"number": pk})
    return response
