"""The ballot of a round: filled in on one page, saved as one goes, handed in, and its receipt."""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from omkering.agenda import round_words
from omkering.agenda.commands import priority_ballots as commands
from omkering.agenda.forms.rounds import BallotInput, field_name, read_ballot
from omkering.agenda.models import BallotKind, PriorityBallot, Round, RoundState
from omkering.agenda.queries import rounds as queries
from omkering.agenda.queries.rounds import OwnLine, Shown
from omkering.agenda.views.rounds import crumbs_of, readable_round
from omkering.ui.access import access
from omkering.ui.request import Request
from omkering.ui.second_factor import second_factor_required


@dataclass(frozen=True)
class Row:
    """A candidate on the ballot, with what is filled in and what is wrong with that."""

    candidate: Shown
    name: str
    value: str
    error: str


def _own(request: Request, round: Round, line: int) -> OwnLine:
    """The line of the roll; 404 for one that is not of this round, 403 for somebody else's."""
    own = queries.own_line(round, request.user, line)
    if own is None:
        if round.roll.filter(pk=line).exists():
            raise PermissionDenied
        raise Http404
    return own


@access("person")
@second_factor_required
@never_cache
def choose(request: Request, pk: int, line: int) -> HttpResponse:
    """Fill in a ballot (GET), save it, or hand it in (POST with `go=hand_in`)."""
    item = readable_round(request, pk)
    own = _own(request, item, line)
    candidates = queries.shown_candidates(item, request.user)
    if request.method != "POST":
        if item.state != RoundState.OPEN:
            return redirect("agenda:round", item.pk)
        return _page(request, item, own, candidates)
    sent = read_ballot(request.POST, item, candidates)
    if request.POST.get("go") == "hand_in":
        return _hand_in(request, item, own, candidates, sent)
    return _save(request, item, own, candidates, sent)


def _save(
    request: Request, round: Round, own: OwnLine, candidates: list[Shown], sent: BallotInput
) -> HttpResponse:
    error, saved = "", None
    try:
        saved = commands.save_draft(
            actor=request.user, line=own.line, changes=sent.changes, page=sent.page, number=sent.number
        )
    except ValidationError as refused:
        error = " ".join(refused.messages)
    if request.htmx:
        context = {
            "saved": saved,
            "number": sent.number if not sent.errors else 0,
            "error": error or next(iter(sent.errors.values()), ""),
            "elsewhere": saved is not None and _differs(saved, sent),
        }
        return render(request, "agenda/choose_state.html", context)
    if error or sent.errors:
        return _page(request, round, own, candidates, sent, error)
    messages.success(request, _("What you filled in is saved. It counts once you hand it in."))
    return redirect("agenda:choose", round.pk, own.line.pk)


def _differs(saved: PriorityBallot, sent: BallotInput) -> bool:
    """Whether more is saved than the page shows: something was filled in elsewhere."""
    return saved.draft != {str(candidate): value for candidate, value in sent.values.items() if value}


def _hand_in(
    request: Request, round: Round, own: OwnLine, candidates: list[Shown], sent: BallotInput
) -> HttpResponse:
    if sent.errors:
        return _page(request, round, own, candidates, sent)
    try:
        commands.hand_in(actor=request.user, line=own.line, ballot=sent.values, seen=sent.seen)
    except ValidationError as refused:
        with suppress(ValidationError):  # what cannot be handed in yet is kept all the same
            commands.save_draft(
                actor=request.user, line=own.line, changes=sent.changes, page=sent.page, number=sent.number
            )
        return _page(request, round, own, candidates, sent, " ".join(refused.messages))
    return redirect("agenda:chosen", round.pk, own.line.pk)


def _page(
    request: Request,
    round: Round,
    own: OwnLine,
    candidates: list[Shown],
    sent: BallotInput | None = None,
    error: str = "",
) -> HttpResponse:
    """The ballot; with what was sent where that could not be taken."""
    wrong = error or (sent is not None and sent.errors)
    if sent is not None:
        own = queries.own_line(round, request.user, own.line.pk) or own  # somebody may have handed in since
    rows = [
        Row(
            candidate=each,
            name=field_name(each),
            value=sent.typed[each.pk] if sent else str(own.draft.get(each.key, "")),
            error=sent.errors.get(each.pk, "") if sent else "",
        )
        for each in queries.rotated(candidates, own.line)
    ]
    if round.ballot_kind == BallotKind.APPROVAL:
        rows = [Row(row.candidate, row.name, "1" if row.value in ("1", "on") else "", "") for row in rows]
    filled = [row for row in rows if row.value not in ("", "0")]
    given = sum(int(row.value) for row in filled if row.value.isdecimal())
    problems: list[Any] = [(error, "")] if error else []
    problems += [(f"{row.candidate.title}: {row.error}", f"#{row.name}") for row in rows if row.error]
    context = {
        "round": round,
        "own": own,
        "rows": rows,
        "kind": str(round.ballot_kind),
        "how": round_words.ballot_in_words(round),
        "filled": len(filled),
        "left": (round.points or 0) - given,
        "over": given - (round.points or 0),
        "base": json.dumps(dict(own.draft), separators=(",", ":")),
        "page": secrets.token_hex(6),
        "seen": (own.ballot.event_id if own.ballot else None) or 0,
        "errors": problems,
        "saved": own.ballot,
        "breadcrumbs": crumbs_of(round, (_("Make your choice"), "")),
    }
    return render(request, "agenda/choose.html", context, status=422 if wrong else 200)


@access("person")
@never_cache
def chosen(request: Request, pk: int, line: int) -> HttpResponse:
    """What was handed in as it stands, with the receipt for who handed it in."""
    item = readable_round(request, pk)
    own = _own(request, item, line)
    if own.ballot is None or own.ballot.cast is None:
        return redirect("agenda:round", item.pk)
    titles = {each.key: each for each in queries.shown_candidates(item, request.user)}
    by_place = item.ballot_kind == BallotKind.RANKING
    order = sorted(own.cast.items(), key=lambda pair: pair[1] if by_place else -pair[1])
    context = {
        "round": item,
        "own": own,
        "wishes": [
            (titles[key], round_words.value_in_words(item.ballot_kind, value))
            for key, value in order
            if key in titles
        ],
        "mine": own.ballot.person_id == request.user.pk,
        "digest": commands.ballot_digest(own.cast, own.ballot.salt) if own.line.member_id is None else "",
        "others": [
            other
            for other in queries.own_lines(item, request.user)
            if not other.cast and item.takes_ballots and other.line.pk != own.line.pk
        ],
        "breadcrumbs": crumbs_of(item, (_("What you chose"), "")),
    }
    return render(request, "agenda/choose_received.html", context)
