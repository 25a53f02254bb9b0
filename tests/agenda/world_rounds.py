"""Priority rounds for the tests of every address: planned, open and closed, of all members and of a body."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from omkering.agenda.commands.candidates import nominate, withdraw_candidate
from omkering.agenda.commands.departures import depart
from omkering.agenda.commands.priority_ballots import hand_in, save_draft
from omkering.agenda.commands.rounds import close_round, open_round, plan_round
from omkering.agenda.models import Candidate, Challenge, Round, RoundLine
from omkering.thread.models import Item
from omkering.who.models import Member, Person
from tests.people import make_person

REASON = "Het kabinet heeft hier gisteren zelf een wet voor ingediend."
OUT = "Dit gaat op in een andere bundel."

ARGUMENTS: dict[str, dict[str, str]] = {
    "agenda:round": {"pk": "round_closed"},
    "agenda:change_round": {"pk": "round"},
    "agenda:open_round": {"pk": "round"},
    "agenda:withdraw_round": {"pk": "round"},
    "agenda:add_candidates": {"pk": "round"},
    "agenda:withdraw_candidate": {"pk": "round", "candidate": "round_candidate"},
    "agenda:close_round": {"pk": "round_open"},
    "agenda:candidate": {"pk": "round_closed", "candidate": "round_chosen"},
    "agenda:depart": {"pk": "round_closed", "candidate": "round_chosen"},
    "agenda:choose": {"pk": "round_open", "line": "round_line"},
    "agenda:chosen": {"pk": "round_open", "line": "round_line"},
    "agenda:round_roll": {"pk": "round_open"},
    "agenda:round_roll_file": {"pk": "round_open", "form": "csv"},
    "agenda:round_ballots": {"pk": "round_closed", "form": "csv"},
    "agenda:nominate": {"pk": "bundle"},
}
POST_ONLY: set[str] = set()
REDIRECTS: set[str] = set()
FILES: set[str] = {"agenda:round_roll_file", "agenda:round_ballots"}
WITHIN: dict[str, tuple[tuple[str, ...], int]] = {
    "agenda:choose": (("mayor",), 403),  # who votes for the member of the line
    "agenda:chosen": (("mayor",), 403),
    "agenda:depart": (("committee_member", "adviser", "administrator"), 403),
}


def _items(c: SimpleNamespace) -> list[Item]:
    """What can be a candidate: the bundle, the dossier, and challenges."""
    named = [c.bundle.pk, *(c.ids[key] for key in ("dossier", "challenge", "challenge_made") if key in c.ids)]
    more = (
        Challenge.objects.filter(state="active")
        .exclude(pk__in=named)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return list(Item.objects.filter(pk__in=[*named, *more[:3]]).order_by("pk"))


def _plan(c: SimpleNamespace, title: str, **changes: Any) -> Round:
    now = timezone.now()
    plan = {
        "title": title,
        "explanation": "Kies waar de vereniging volgend jaar aan werkt.",
        "maximum": 2,
        "opens_at": now,
        "closes_at": now + timedelta(days=7),
        "reference_date": timezone.localdate(),
    }
    return plan_round(actor=c.people["adviser"], **{**plan, **changes})


def _with_candidates(c: SimpleNamespace, round_: Round, items: list[Item]) -> list[Candidate]:
    return [nominate(actor=c.people["adviser"], round=round_, item=item) for item in items]


def _line(round_: Round, member: Member) -> RoundLine:
    return RoundLine.objects.get(round=round_, member=member)


def _choose(round_: Round, member: Member, person: Person, wanted: list[Candidate]) -> None:
    values = {each.pk: 1 if round_.ballot_kind == "approval" else at for at, each in enumerate(wanted, 1)}
    hand_in(actor=person, line=_line(round_, member), ballot=values)


def build(c: SimpleNamespace) -> dict[str, int]:
    """One of everything, through the commands."""
    adviser, mayor = c.people["adviser"], c.people["mayor"]
    items = _items(c)
    planned = _plan(c, "Prioriteiten van het jaar daarna", opens_at=timezone.now() + timedelta(days=2))
    candidates = _with_candidates(c, planned, items)
    withdraw_candidate(actor=adviser, candidate=candidates.pop(), reason=OUT)

    opened = _plan(c, "Prioriteiten van volgend jaar", ballot_kind="ranking")
    wanted = _with_candidates(c, opened, items)
    opened = open_round(actor=adviser, round=opened)
    _choose(opened, c.own, mayor, wanted[:2])
    save_draft(actor=mayor, line=_line(opened, c.own), changes={wanted[2].pk: 3})

    closed = _plan(c, "Prioriteiten van dit jaar")
    counted = _with_candidates(c, closed, items)
    closed = open_round(actor=adviser, round=closed)
    _choose(closed, c.own, mayor, counted[:2])
    closed = close_round(actor=adviser, round=closed)
    assert set(closed.result["selected"]) == {each.pk for each in counted[:2]}
    depart(
        actor=adviser,
        round=closed,
        candidate=counted[2],
        body=c.body,
        takes_up=True,
        reason=REASON,
        decided_on=timezone.localdate(),
    )

    seats = _plan(
        c,
        "Wat de commissie eerst doet",
        electorate="body",
        electing_body=c.body,
        ballot_kind="points",
        points=10,
    )
    _with_candidates(c, seats, items[:3])
    seats = open_round(actor=adviser, round=seats)
    return {
        "round": planned.pk,
        "round_candidate": candidates[0].pk,
        "round_open": opened.pk,
        "round_line": _line(opened, c.own).pk,
        "round_closed": closed.pk,
        "round_chosen": counted[0].pk,
        "round_not_chosen": counted[-1].pk,
        "round_body": seats.pk,
        "round_seat": RoundLine.objects.get(round=seats, person=c.people["committee_member"]).pk,
    }


def grow(c: SimpleNamespace) -> None:
    """Much more of everything: candidates, rounds in every state, ballots, departures."""
    adviser = c.people["adviser"]
    items = _items(c)
    challenges = Challenge.objects.filter(state="active").order_by("-pk")[:8]
    planned, opened = (Round.objects.get(pk=c.ids[key]) for key in ("round", "round_open"))
    more = _with_candidates(c, planned, [Item.objects.get(pk=row.pk) for row in challenges])
    for candidate in more[:3]:
        withdraw_candidate(actor=adviser, candidate=candidate, reason=OUT)
    others = list(
        Member.objects.on(timezone.localdate()).exclude(pk__in=(c.own.pk, c.other.pk)).order_by("-pk")[:8]
    )
    voters = [make_person("clerk", member=member, votes=True) for member in others]
    wanted = list(opened.candidates.order_by("position"))
    for member, voter in zip(others, voters, strict=True):
        _choose(opened, member, voter, wanted[-2:])
    closed = Round.objects.get(pk=c.ids["round_closed"])
    for candidate in closed.candidates.filter(departures__isnull=True).exclude(
        pk__in=closed.result["selected"]
    ):
        depart(
            actor=adviser,
            round=closed,
            candidate=candidate,
            body=c.body,
            takes_up=True,
            reason=REASON,
            decided_on=timezone.localdate(),
        )
    for number in range(8):
        made = _plan(c, f"Keuze {number}", electorate="network", network=c.network)
        candidates = _with_candidates(c, made, items)
        if number % 3:
            made = open_round(actor=adviser, round=made)
        if number % 3 == 2:
            line = made.roll.filter(member=c.own).first()
            if line is not None:
                _choose(made, c.own, c.people["mayor"], candidates[:1])
            close_round(actor=adviser, round=made)
