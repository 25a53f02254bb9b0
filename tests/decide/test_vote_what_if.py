"""What if: other rules, voting power and blocs, apart from the official figures."""

from fractions import Fraction
from itertools import permutations

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from omkering.decide import commands
from omkering.decide.models import RollEntry
from omkering.decide.queries import what_if
from omkering.decide.queries.votes import entries_of
from tests.decide.vote_kinds import cast_all, open_of
from tests.decide.votes import make_proposal, members_with_voters, open_vote, plan
from tests.people import make_adviser, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    cache.clear()
    with translation.override("en"):
        yield


def page(client, vote) -> str:
    response = client.get(reverse("decide:what_if", args=[vote.pk]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def by_hand(weights: list[int], quota: int) -> list[Fraction]:
    """Shapley–Shubik, order by order."""
    pivots = [0] * len(weights)
    orders = list(permutations(range(len(weights))))
    for order in orders:
        total = 0
        for one in order:
            total += weights[one]
            if total >= quota:
                pivots[one] += 1
                break
    return [Fraction(number, len(orders)) for number in pivots]


def test_power_is_that_of_every_order_by_hand():
    members_with_voters(5_000, 3_000, 2_000, 2_000)
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser)
    rows = what_if.power_by_votes(vote, entries_of(vote))
    wanted = by_hand([5, 3, 2, 2], 7)
    assert [(row.votes, row.members) for row in rows] == [(5, 1), (3, 1), (2, 2)]
    assert [row.shapley for row in rows] == pytest.approx(
        [float(each) for each in (wanted[0], wanted[1], wanted[2])]
    )
    assert sum(row.banzhaf * row.members for row in rows) == pytest.approx(1)


def test_other_rules_before_a_vote(client):
    members_with_voters(200_000, 10_000, 10_000)
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser)
    rules = what_if.other_rules(vote, entries_of(vote))
    assert [(rule.official, rule.votes) for rule in rules] == [
        (True, 95),  # 75 at most
        (False, 220),
        (False, 3),
        (False, 95),
    ]
    assert rules[3].needed == "at least 48 of 95 and at least 2 of 3 members"
    assert all(rule.outcome == "" for rule in rules)
    text = page(client, vote)
    assert "No official figures" in text
    assert "Shapley" in text


def test_after_a_vote_what_the_same_ballots_would_have_come_to(client):
    people = members_with_voters(60_000, 7_000, 8_000)
    vote = open_vote()
    assert "Adopted" not in page(client, vote)
    cast_all(vote, people, ("for", "against", "against"))
    assert "Adopted" not in page(client, vote)
    vote = commands.close_vote(actor=make_adviser(), vote=vote)
    rules = what_if.other_rules(vote, entries_of(vote))
    assert [rule.outcome.split(":")[0] for rule in rules] == ["Adopted", "Adopted", "Rejected", "Rejected"]
    assert [rule.same for rule in rules] == [True, True, False, False]
    assert "Differs" in page(client, vote)


def test_blocs_by_network_say_who_decides_or_stops_alone(client):
    (one, _a), (two, _b), (three, _c) = members_with_voters(30_000, 30_000, 39_000)
    make_network("pair", one, two)
    make_network("alone", three)
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser, threshold_key="two-thirds")
    [networks] = [each for each in what_if.blocs(vote, entries_of(vote)) if each.title == "Network"]
    assert [(row.votes, row.wins, row.blocks) for row in networks.rows] == [
        (60, False, True),
        (39, False, True),
    ]
    assert "can stop it" in page(client, vote)


@pytest.mark.parametrize("kind", ["ranking", "points", "options"])
def test_every_kind_has_the_page_and_a_secret_vote_tells_nothing(client, kind):
    vote, people = open_of(kind)
    hidden = open_vote(secret=True)
    cast_all(hidden, people, ("for", "against", "for"))
    adviser = make_adviser()
    for each in (vote, hidden):
        commands.close_vote(actor=adviser, vote=each)
        page(client, each)
    rules = what_if.other_rules(type(hidden).objects.get(pk=hidden.pk), entries_of(hidden))
    assert all(rule.outcome == "" for rule in rules)


def test_without_a_majority_there_is_no_power():
    vote, _people = open_of("ranking")
    entries = list(RollEntry.objects.filter(vote=vote))
    assert what_if.power_by_votes(vote, entries) == []
    assert what_if.blocs(vote, entries) == []
