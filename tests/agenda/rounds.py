"""Rounds for the tests of this folder."""

from datetime import date, timedelta

from django.utils import timezone

from omkering.agenda.commands.candidates import nominate
from omkering.agenda.commands.priority_ballots import hand_in
from omkering.agenda.commands.rounds import open_round, plan_round
from omkering.agenda.models import Candidate, Round, RoundLine
from omkering.thread.models import Item, Link, LinkKind, Visibility
from omkering.who.models import Body, Member, Person
from tests.people import make_adviser, make_member, make_person

DAY = date(2022, 6, 1)


def make_bundle(title: str = "Dure warmtenetten", **fields) -> Item:
    """Something that can be a candidate, as the room of signals would have made it."""
    values = {"kind": "bundle", "title": title, "state": "in_review", "visibility": Visibility.PUBLIC}
    return Item.objects.create(**{**values, **fields})


def with_sender(bundle: Item, **fields) -> Person:
    """Somebody whose signal is in this bundle."""
    sender = make_person("official", member=make_member())
    signal = Item.objects.create(
        kind="signal", title="Warmte is te duur", state="bundled", author=sender, visibility=Visibility.PUBLIC
    )
    Link.objects.create(upstream=signal, downstream=bundle, kind=LinkKind.BUNDLED_IN)
    return sender


def make_body(key: str = "commissie-zorg", seats: int = 0) -> Body:
    body = Body.objects.create(key=key, names={"nl": "Commissie Zorg", "en": "Committee"}, kind="committee")
    for _seat in range(seats):
        make_person("committee_member", body=body)
    return body


def plan(adviser: Person, **changes) -> Round:
    now = timezone.now()
    values = {
        "title": "Prioriteiten van 2027",
        "maximum": 1,
        "opens_at": now,
        "closes_at": now + timedelta(days=1),
        "reference_date": DAY,
    }
    return plan_round(actor=adviser, **{**values, **changes})


def with_candidates(round: Round, adviser: Person, number: int = 3) -> list[Candidate]:
    bundles = [make_bundle(f"Opgave {name}") for name in range(number)]
    return [nominate(actor=adviser, round=round, item=bundle) for bundle in bundles]


def open_with(
    adviser: Person | None = None, *, candidates: int = 3, **changes
) -> tuple[Round, list[Candidate]]:
    """An open round, with all members there are on its roll."""
    adviser = adviser or make_adviser()
    round = plan(adviser, **changes)
    made = with_candidates(round, adviser, candidates)
    return open_round(actor=adviser, round=round), made


def members_with_voters(*inhabitants: int) -> list[tuple[Member, Person]]:
    members = [make_member(inhabitants=number) for number in inhabitants]
    return [(member, make_person("alderman", member=member, votes=True)) for member in members]


def line_of(round: Round, member: Member) -> RoundLine:
    return RoundLine.objects.get(round=round, member=member)


def choose(round: Round, member: Member, voter: Person, *wanted: Candidate) -> int:
    """Hand in ticks; in an order the first stands first, of points each gets one."""
    ranking = round.ballot_kind == "ranking"
    ballot = {each.pk: place if ranking else 1 for place, each in enumerate(wanted, 1)}
    return hand_in(actor=voter, line=line_of(round, member), ballot=ballot)


def past_its_time(round: Round) -> Round:
    """The same round once its closing time is over and the clock has not come by yet."""
    moment = timezone.now() - timedelta(seconds=1)
    Round.objects.filter(pk=round.pk).update(opens_at=moment - timedelta(days=1), closes_at=moment)
    return Round.objects.get(pk=round.pk)
