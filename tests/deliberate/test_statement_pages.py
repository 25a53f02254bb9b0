"""Pages of statements and the opinion map: for whom, what they say, and in how many queries."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from omkering.deliberate import opinion_clock
from omkering.deliberate.commands.opinion import renew_map
from omkering.deliberate.commands.statements import refuse_statement, write_statement
from omkering.deliberate.models import Statement, StatementVote
from omkering.thread.waiting import waiting_for
from omkering.who.models import Person
from tests.deliberate.statement_rounds import TEXTS, all_vote, close, make_round, make_voters, with_statements
from tests.people import make_adviser, make_member, make_network, make_person
from tests.world import give_session

pytestmark = pytest.mark.django_db
REASON = "Dit gaat over iets anders dan dit document."


@pytest.fixture(autouse=True)
def _asks_anew():
    opinion_clock._asked.clear()


def session(person: Person) -> Client:
    client = Client()
    give_session(client, person)
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def voter():
    return make_person("councillor", member=make_member())


# --- voting ----------------------------------------------------------------------------------------------
def test_one_at_a_time_without_a_script(voter):
    round = make_round()
    statements = with_statements(round, 3)
    client = session(voter)
    url = reverse("deliberate:vote_statements", args=[round.pk])
    for done in range(3):
        page = text_of(client.get(url))
        (shown,) = [row for row in statements if row.text in page and f"stellingen/{row.pk}/stem/" in page]
        assert f"{done} van 3" in page
        answer = client.post(reverse("deliberate:cast_statement_vote", args=[shown.pk]), {"value": "-1"})
        assert answer.status_code == 302 and answer.url == f"{url}?last={shown.pk}"
        page = text_of(client.get(answer.url))
        assert "Opgeslagen: Oneens" in page and shown.text in page
    assert "op alle stellingen gestemd" in text_of(client.get(url))
    assert set(StatementVote.objects.values_list("person", "value")) == {(voter.pk, -1)}
    again = text_of(client.get(f"{url}?statement={statements[1].pk}"))
    assert "U stemde: Oneens" in again and f"stellingen/{statements[1].pk}/stem/" in again


def test_with_a_script_only_the_next_one_comes(voter):
    round = make_round()
    statements = with_statements(round, 2)
    answer = session(voter).post(
        reverse("deliberate:cast_statement_vote", args=[statements[0].pk]),
        {"value": "1"},
        headers={"HX-Request": "true"},
    )
    page = text_of(answer)
    assert answer.status_code == 200 and "<html" not in page
    assert statements[1].text in page and "Opgeslagen: Eens" in page
    close(round)
    answer = session(voter).post(
        reverse("deliberate:cast_statement_vote", args=[statements[1].pk]),
        {"value": "1"},
        headers={"HX-Request": "true"},
    )
    assert "gesloten" in text_of(answer) and StatementVote.objects.count() == 1


def test_from_the_page_of_a_statement_back_to_it(voter):
    round = make_round()
    statement = with_statements(round, 1)[0]
    client = session(voter)
    url = reverse("deliberate:cast_statement_vote", args=[statement.pk])
    answer = client.post(url, {"value": "0", "back": "statement"})
    assert answer.url == reverse("deliberate:statement", args=[statement.pk])
    assert "U stemde: Geen mening" in text_of(client.get(answer.url))
    for wrong in ("2", "", "eens"):
        client.post(url, {"value": wrong})
    assert StatementVote.objects.get().value == 0


def test_a_vote_takes_a_fixed_number_of_queries(voter):
    round = make_round()
    client = session(voter)
    all_of_them = with_statements(round, 10)

    def count(statement):
        url = reverse("deliberate:cast_statement_vote", args=[statement.pk])
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(url, {"value": "1"}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        return len(queries)

    count(all_of_them[0])  # asks for a map
    assert count(all_of_them[1]) == count(all_of_them[8]) <= 10


def test_who_may_vote_on_the_pages():
    network = make_network("g96", make_member())
    round = make_round(public="network", network=network, visibility="members")
    secretary = make_person("network_secretary", network=network)
    statement = with_statements(round, 1, by=secretary)[0]
    other = make_person("mayor", member=make_member())
    pages = {
        name: reverse(f"deliberate:{name}", args=[round.pk])
        for name in ("statements", "vote_statements", "write_statement", "opinion_map")
    }
    assert {name: session(secretary).get(url).status_code for name, url in pages.items()} == dict.fromkeys(
        pages, 200
    )
    assert {session(other).get(url).status_code for url in pages.values()} == {404}
    bureau = {name: session(make_adviser()).get(url).status_code for name, url in pages.items()}
    assert bureau == {"statements": 200, "vote_statements": 403, "write_statement": 403, "opinion_map": 200}
    vote = reverse("deliberate:cast_statement_vote", args=[statement.pk])
    assert session(other).post(vote, {"value": "1"}).status_code == 403
    assert Client().get(pages["statements"]).status_code == 404
    assert session(secretary).get(vote).status_code == 405


def test_a_visitor_reads_and_is_asked_to_log_in():
    round = make_round(public="everyone")
    shown = with_statements(round, 2)
    client = Client()
    page = text_of(client.get(reverse("deliberate:statements", args=[round.pk])))
    assert shown[0].text in page and "Log in om te stemmen" in page
    answer = client.get(reverse("deliberate:vote_statements", args=[round.pk]))
    assert answer.status_code == 302 and "login" in answer.url
    person = make_person()  # without any role
    assert session(person).get(reverse("deliberate:vote_statements", args=[round.pk])).status_code == 200


# --- writing ---------------------------------------------------------------------------------------------
def test_those_that_are_alike_are_shown_before_it_is_put_in(voter):
    round = make_round()
    shown = with_statements(round)
    client = session(voter)
    url = reverse("deliberate:write_statement", args=[round.pk])
    mine = "Het Rijk hoort de kosten van warmtenetten te dragen."
    before = Statement.objects.count()
    answer = client.post(url, {"text": mine, "looked": ""})
    page = text_of(answer)
    assert answer.status_code == 200 and shown[1].text in page and f"?statement={shown[1].pk}" in page
    assert Statement.objects.count() == before and mine in page
    answer = client.post(url, {"text": mine, "looked": mine})
    assert answer.status_code == 302 and answer.url.endswith("?tab=own")
    page = text_of(client.get(answer.url))
    assert mine in page and "Te bekijken" in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> en nog wat",
        "Kijk op https://vereniging.example nu",
        "👍" * 30,
        "x" * 10_000,
        "",
    ],
)
def test_bad_statements_come_back_with_a_sentence_and_nothing_lost(voter, text):
    round = make_round()
    answer = session(voter).post(reverse("deliberate:write_statement", args=[round.pk]), {"text": text})
    page = answer.content.decode()
    assert answer.status_code == 422 and not Statement.objects.exists()
    assert 'aria-invalid="true"' in page and "<script>alert" not in page
    assert answer.context["form"]["text"].value() == text


def test_others_see_no_author_and_only_the_bureau_a_refused_one(voter):
    round = make_round(public="everyone")
    made = with_statements(round, 1, by=voter)[0]
    url = reverse("deliberate:statement", args=[made.pk])
    assert voter.name not in text_of(Client().get(url))
    refuse_statement(actor=make_adviser(), statement=made, reason=REASON)
    other = make_person("mayor", member=make_member())
    assert Client().get(url).status_code == session(other).get(url).status_code == 404
    assert REASON in text_of(session(voter).get(url)) and REASON in text_of(session(make_adviser()).get(url))
    assert REASON in text_of(
        session(voter).get(reverse("deliberate:statements", args=[round.pk]) + "?tab=own")
    )


# --- moderation ------------------------------------------------------------------------------------------
def test_the_bureau_shows_or_refuses(voter):
    round, adviser = make_round(), make_adviser()
    first, second = (write_statement(actor=voter, round=round, text=text) for text in TEXTS[:2])
    client = session(adviser)
    board = reverse("deliberate:moderate_statements", args=[round.pk])
    page = text_of(client.get(board))
    assert first.text in page and voter.name in page
    client.post(reverse("deliberate:show_statement", args=[first.pk]), {"seen": "waiting"})
    refuse = reverse("deliberate:refuse_statement", args=[second.pk])
    answer = client.post(refuse, {"reason": "Nee", "same_as": "", "seen": "waiting"})
    assert answer.status_code == 422 and "Nee" in text_of(answer)
    answer = client.post(refuse, {"reason": REASON, "same_as": str(first.pk), "seen": "waiting"})
    assert answer.status_code == 302
    states = dict(Statement.objects.values_list("pk", "state"))
    assert states == {first.pk: "shown", second.pk: "refused"}
    stale = client.post(
        reverse("deliberate:show_statement", args=[second.pk]), {"seen": "waiting"}, follow=True
    )
    assert "Intussen heeft iemand anders" in text_of(stale)
    for tab, row in (("shown", first), ("refused", second)):
        assert row.text in text_of(client.get(f"{board}?tab={tab}"))
    assert session(voter).get(board).status_code == 403


def test_what_waits_for_whom(voter):
    round, adviser = make_round(), make_adviser()
    with_statements(round, 3)
    write_statement(actor=voter, round=round, text=TEXTS[5])

    def waits(person):
        person = Person.objects.get(pk=person.pk)
        return {entry.url: entry.count for entry in waiting_for(person) if "stellingen" in entry.url}

    vote = reverse("deliberate:vote_statements", args=[round.pk])
    assert waits(voter) == {vote: 3}
    assert waits(adviser)[reverse("deliberate:moderate_statements", args=[round.pk])] == 1
    all_vote([voter], list(Statement.objects.filter(state="shown")), [1, 0, -1])
    assert waits(voter) == {}
    assert waits(make_person()) == {}  # not asked


# --- the map ---------------------------------------------------------------------------------------------
ONE, OTHER = [1, 1, 1, 1, -1, -1, -1, 0], [1, -1, -1, -1, 1, 1, 1, 1]


def mapped():
    round = make_round(public="everyone")
    statements = with_statements(round)
    some, others, few = make_voters(9), make_voters(7), make_voters(1)
    all_vote(some, statements, ONE)
    all_vote(others, statements, OTHER)
    all_vote(few, statements[:2], [1, 1])
    return round, statements, some, others, renew_map(round_id=round.pk)


def test_the_map_tells_groups_what_divides_and_what_is_shared():
    round, statements, *_rest = mapped()
    answer = Client().get(reverse("deliberate:opinion_map", args=[round.pk]))
    page = text_of(answer)
    assert "Groep A (9 mensen)" in page and "Groep B (7 mensen)" in page
    assert page.count('class="app-opinion__letter"') == 2 and 'class="app-opinion__you"' not in page
    shared = page[page.index("h-shared") : page.index("h-divides")]
    assert statements[0].text in shared and "minstens 100%" in shared
    divides = page[page.index("h-divides") : page.index("h-typical")]
    assert statements[1].text in divides and statements[0].text not in divides
    assert "style=" not in page and "Waar u staat" not in page


def test_where_one_stands_is_told_to_oneself():
    round, statements, some, _others, _run = mapped()
    url = reverse("deliberate:opinion_map", args=[round.pk])
    page = text_of(session(some[0]).get(url))
    assert "U zit in <strong>Groep A</strong>" in page and 'class="app-opinion__you"' in page
    assert "Groep A: u denkt hetzelfde bij 7 van 7" in page
    all_vote([some[0]], statements[1:2], [-1])
    page = text_of(session(some[0]).get(url))
    assert "u anders dan de meesten" in page and "U bent het oneens." in page
    fresh = make_person()
    all_vote([fresh], statements[:3], [1, 1, 1])
    assert "nog over 4 stellingen" in text_of(session(fresh).get(url))


def test_the_page_of_a_statement_tells_it_by_group():
    round, statements, *_rest = mapped()
    page = text_of(Client().get(reverse("deliberate:statement", args=[statements[1].pk])))
    assert "Groep A: Eens 9, Oneens 0, Geen mening 0" in page
    fresh = write_statement(actor=make_adviser(), round=round, text="Een nieuwe stelling zonder stemmen.")
    page = text_of(session(make_adviser()).get(reverse("deliberate:statement", args=[fresh.pk])))
    assert "Wat anderen vinden" not in page


def test_the_figures_to_take_away():
    round, statements, *_rest = mapped()
    answer = Client().get(reverse("deliberate:opinion_file", args=[round.pk, "csv"]))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].lstrip("\ufeff") == "Nummer,Stelling,Van wie,Eens,Oneens,Geen mening"
    # The one person in no group counts in no figure: their vote would follow from it.
    assert f"1,{statements[0].text},Iedereen,16,0,0" in lines
    assert f"1,{statements[0].text},Groep A,9,0,0" in lines
    assert Client().get(reverse("deliberate:opinion_file", args=[round.pk, "ods"])).status_code == 200
    assert Client().get(reverse("deliberate:opinion_file", args=[round.pk, "pdf"])).status_code == 404
    assert (
        Client()
        .get(reverse("deliberate:opinion_file", args=[make_round(public="everyone").pk, "csv"]))
        .status_code
        == 404
    )


def test_before_there_is_anything_to_tell():
    round = make_round(public="everyone")
    statements = with_statements(round, 2)
    all_vote(make_voters(3), statements, [1, -1])
    renew_map(round_id=round.pk)
    page = text_of(Client().get(reverse("deliberate:opinion_map", args=[round.pk])))
    assert "vijf mensen" in page and "app-opinion__dot" not in page


def test_pages_have_a_fixed_number_of_queries(voter):
    round, statements, some, *_rest = mapped()
    names = ("statements", "opinion_map")
    vote = reverse("deliberate:vote_statements", args=[round.pk])
    urls = [reverse(f"deliberate:{name}", args=[round.pk]) for name in names]
    urls.append(reverse("deliberate:statement", args=[statements[0].pk]))
    board = reverse("deliberate:moderate_statements", args=[round.pk])

    def counts():
        found = []
        for client, pages in (
            (session(some[0]), urls),
            (session(voter), [vote]),
            (session(make_adviser()), [board, f"{board}?tab=shown"]),
        ):
            for url in pages:
                client.get(url)
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(url).status_code == 200
                found.append(len(queries))
        return found

    first = counts()
    for number in range(6):
        other = make_person("official", member=make_member())
        write_statement(actor=other, round=round, text=f"Deze stelling heeft nummer {number}.")
        Statement.objects.filter(author=other, number__gt=10).update(state="shown", visibility="public")
    write_statement(actor=voter, round=round, text="Deze stelling wacht nog even.")
    all_vote(make_voters(3), list(Statement.objects.filter(state="shown")), [1] * 12)
    renew_map(round_id=round.pk)
    assert counts() == first
