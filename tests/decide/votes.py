"""Votes for the tests of this folder."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from omkering.decide import commands
from omkering.decide.models import Proposal, Vote
from omkering.thread.models import Item, Visibility
from omkering.who.models import Mandate, Member, Person
from tests.people import LONG_AGO, make_adviser, make_member, make_person

DAY = date(2022, 6, 1)


def make_source(**fields) -> Item:
    """Something members put in, from which a proposal can follow."""
    values = {
        "kind": "signal",
        "title": "Keuringen duren lang",
        "state": "bundled",
        "visibility": Visibility.PUBLIC,
    }
    return Item.objects.create(**{**values, **fields})


def make_proposal(adviser: Person | None = None, *, source: Item | None = None, **texts) -> Proposal:
    return commands.make_proposal(
        actor=adviser or make_adviser(),
        from_item=source or make_source(),
        **{"title": "Eén loket voor keuringen", "text": "De vereniging maakt één loket.", **texts},
    )


def plan(about: Item, adviser: Person, **settings) -> Vote:
    now = timezone.now()
    values = {"opens_at": now, "closes_at": now + timedelta(days=1), "reference_date": DAY}
    return commands.plan_vote(actor=adviser, about=about, **{**values, **settings})


def open_vote(adviser: Person | None = None, *, source: Item | None = None, **settings) -> Vote:
    """An open vote on a proposal, with all members there are on its roll."""
    adviser = adviser or make_adviser()
    vote = plan(make_proposal(adviser, source=source), adviser, **settings)
    return commands.open_vote(actor=adviser, vote=vote)


def voter_of(member: Member) -> Person:
    return make_person("alderman", member=member, votes=True)


def members_with_voters(*inhabitants: int) -> list[tuple[Member, Person]]:
    members = [make_member(inhabitants=number) for number in inhabitants]
    return [(member, voter_of(member)) for member in members]


def mandate(person: Person, member: Member, **period) -> Mandate:
    return Mandate.objects.create(person=person, member=member, **{"starts": LONG_AGO, **period})


def past_its_time(vote: Vote) -> Vote:
    """The same vote once its closing time is over and the clock has not come by yet."""
    moment: datetime = timezone.now() - timedelta(seconds=1)
    Vote.objects.filter(pk=vote.pk).update(opens_at=moment - timedelta(days=1), closes_at=moment)
    return Vote.objects.get(pk=vote.pk)
