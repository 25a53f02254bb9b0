"""The real association: 344 members and 13,263 votes on 1 June 2022, and pages that ask no more at that size."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from omkering.decide import commands
from omkering.decide.models import Ballot, Vote
from omkering.who.commands.association import load_association
from omkering.who.models import Member, Person
from tests.decide.votes import log_in, members_with_voters, open_vote, voter_of
from tests.people import make_adviser

pytestmark = pytest.mark.django_db
CHOICES = ("for", "for", "against", "abstain", "")


def everybody_votes(vote: Vote, person: Person) -> None:
    """Ballots of all members on the roll, put in at once: what is measured here is reading."""
    Ballot.objects.bulk_create(
        Ballot(vote=vote, entry=entry, choice=choice, person=person, event_id=number + 1)
        for number, entry in enumerate(vote.roll.order_by("voter"))
        if (choice := CHOICES[number % len(CHOICES)])
    )


def test_344_members_hold_13263_votes_on_1_june_2022():
    load_association()
    adviser = make_adviser()
    vote = open_vote(adviser, reference_date=date(2022, 6, 1))
    assert vote.roll.count() == 344
    assert sum(vote.roll.values_list("weight", flat=True)) == 13_263
    utrecht = Member.objects.get(code="GM0344")
    voter = voter_of(utrecht)
    commands.cast_ballot(actor=voter, vote=vote, member=utrecht, choice="for")
    result = commands.close_vote(actor=adviser, vote=vote).result
    assert (result["votes"]["for"], result["heads"]["for"], result["absent"]) == (75, 1, 343)
    assert result["slices"]["province"]["PV26"]["for"] == 75
    assert result["slices"]["network"]["g4"]["for"] == 75
    assert sum(row["roll_votes"] for row in result["slice_totals"]["province"].values()) == 13_263


@pytest.mark.parametrize(("day", "members"), [(date(2022, 1, 15), 345), (date(2023, 6, 1), 342)])
def test_the_roll_follows_the_reference_date(day, members):
    load_association()
    vote = open_vote(reference_date=day)
    assert vote.roll.count() == members
    assert {entry.weight for entry in vote.roll.all()} <= set(range(1, 76))


def pages(client, vote: Vote) -> dict[str, int]:
    """Queries per page, and the seconds of the slowest."""
    addresses = {
        "votes": reverse("decide:votes"),
        "proposals": reverse("decide:proposals"),
        "proposal": reverse("decide:proposal", args=[vote.about_id]),
        "vote": reverse("decide:vote", args=[vote.pk]),
        "roll": reverse("decide:roll", args=[vote.pk, "csv"]),
    }
    if vote.result:
        addresses["roll call"] = reverse("decide:roll_call", args=[vote.pk, "csv"])
    queries = {}
    for name, address in addresses.items():
        client.get(address)  # templates and rules are read once
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
            content = response.getvalue()
        assert response.status_code == 200
        assert content
        queries[name] = len(captured)
    return queries


def queries_of_every_state(client, adviser: Person, voter: Person) -> list[dict[str, int]]:
    log_in(client, voter)
    cache.clear()
    found = []
    vote = open_vote(adviser, reference_date=date(2022, 6, 1))
    everybody_votes(vote, voter)
    for closed in (False, True):
        if closed:
            vote = commands.close_vote(actor=adviser, vote=vote)
        found.append(pages(client, vote))
    return found


@pytest.fixture
def few(db, client) -> list[dict[str, int]]:
    """Queries per page, open and closed, with five members; nothing of it is left."""
    with transaction.atomic():
        people = members_with_voters(*[30_000] * 5)
        found = queries_of_every_state(client, make_adviser(), people[0][1])
        transaction.set_rollback(True)
    return found


def test_a_page_takes_as_many_queries_with_344_members_as_with_5(client, few):
    load_association()
    voter = voter_of(Member.objects.get(code="GM0344"))
    many = queries_of_every_state(client, make_adviser(), voter)
    assert many == few
    assert max(max(queries.values()) for queries in many) < 30
