"""Searching in Dutch: inflections, changed letters and compounds are found; nothing typed breaks a query."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.decide.models import Proposal
from omkering.decide.queries.votes import find
from omkering.thread.models import Item
from omkering.thread.queries import best_items, search_items
from omkering.thread.search import search_query, to_tsquery_text
from tests.listen.made import make_signal
from tests.people import make_adviser

pytestmark = pytest.mark.django_db


def found(query: str, text: str) -> bool:
    item = Item.objects.create(kind="signal", state="submitted", title="Los bericht", summary=text)
    return Item.objects.filter(pk=item.pk, search=search_query(query)).exists()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("jeugdhulp", "Te weinig jeugdhulpaanbieders in de regio"),
        ("huis", "Er worden te weinig huizen gebouwd"),
        ("huizen", "Het huis staat leeg"),
        ("huizen", "De huisarts is vol"),
        ("brief", "Inwoners begrijpen onze brieven niet"),
        ("brieven", "De briefgeheimen zijn geschonden"),
        ("stad", "In de steden is het druk"),
        ("binnenstad", "Leegstand in binnensteden"),
        ("steden", "De stad loopt vol"),
        ("raadsleden", "Een raadslid vroeg ernaar"),
        ("boom", "Bomen kappen zonder vergunning"),
        ("boom", "De boomgaarden verdwijnen"),
        ("scholen", "De school is vol"),
        ("school", "Een scholengemeenschap zoekt ruimte"),
        ("kaas", "De boeren maken kazen"),
        ("leven", "De leefbaarheid neemt af"),
        ("betaalt", "Inwoners betalen te veel"),
        ("coöperatie", "Cooperaties van inwoners"),
        ("cooperatie", "Een coöperatie van inwoners"),
        ("energierekening", "Hoge energierekeningen"),
        ("gemeente", "Kleine gemeenten en gemeentehuizen"),
        ("wmo", "De Wmo-hulp loopt vast"),
        ("de rekening van het huis", "Rekeningen voor nieuwe huizen"),
        ("boomgaard jeugdhulp", "Bij de boomgaarden wonen jeugdhulpaanbieders"),
    ],
)
def test_finds(query, text):
    assert found(query, text)


@pytest.mark.parametrize("query", ["kaas", "kazen", "huisvesting"])
def test_the_search_of_everything_and_that_of_proposals_speak_the_same_dutch(query):
    words = {"title": "Kazen op de markt", "summary": "De huisvestingskosten van boeren", "state": "made"}
    item = Proposal.objects.create(kind="proposal", visibility="public", **words)
    Proposal.objects.create(kind="proposal", visibility="public", title="Iets anders", state="made")
    assert [row.pk for row in search_items(query, None)] == [item.pk]
    assert [row.pk for row in find(Proposal.objects.all(), query)] == [item.pk]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("huis fiets", "Er worden te weinig huizen gebouwd"),
        ("hui", "Een hoge heuvel"),
        ("wo", "Woningen en wolven"),
        ("wonen", "Een wonder geschiedt"),
        ("jeugdhulp", "Hulp voor ouderen"),
    ],
)
def test_does_not_find(query, text):
    assert not found(query, text)


def test_words_that_say_nothing_are_left_out():
    assert search_query("de het een !! --") is None
    assert to_tsquery_text("  ") == ""
    assert to_tsquery_text("het huis") == "(huis | huiz)"


def test_a_query_is_kept_within_bounds():
    assert to_tsquery_text(" ".join(f"woord{n}" for n in range(50))).count("&") == 11
    assert len(to_tsquery_text("x" * 10_000)) < 200


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_whatever_is_typed_is_a_good_query(text):
    query = search_query(text)
    if query is not None:
        assert list(Item.objects.filter(search=query)[:1]) == []


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE thread_item; --", "a & | !", "huis:*B", "<-> ''", "\\", "(((", "x\0y"]
)
def test_operators_are_only_text(text):
    query = search_query(text)
    assert query is None or Item.objects.filter(search=query).count() == 0


def test_the_best_are_the_first_of_all_that_are_found():
    adviser = make_adviser()
    for number in range(8):
        make_signal(
            title=f"Woning nummer {number}" + " woning" * (number % 3), summary="Een woning is te duur"
        )
    found = [row.pk for row in search_items("woning", adviser)]
    best = list(best_items("woning", adviser, 5))
    assert [row.pk for row in best] == found[:5]
    assert all("[[woning]]" in row.words for row in best)
    assert list(best_items("woning", adviser, 5, kind="bundle")) == []
    assert list(best_items("de het een", adviser, 5)) == []
