"""The ballot on its page: filled in with and without a script, refused with a sentence, and nothing typed is lost."""

import json
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from omkering.agenda.commands.rounds import close_round
from omkering.agenda.models import PriorityBallot, RoundLine
from omkering.agenda.queries.rounds import rotated, shown_candidates
from omkering.journal.models import Event
from omkering.who.models import Mandate
from tests.agenda.rounds import choose, line_of, make_body, members_with_voters, open_with, past_its_time
from tests.decide.votes import log_in
from tests.people import LONG_AGO, make_adviser, make_person

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    cache.clear()


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


class Ballot:
    """An open round, its candidates, and the page of one member's ballot."""

    def __init__(self, client: Client, *, log: bool = True, **changes) -> None:
        [(self.member, self.voter)] = members_with_voters(12_345)
        self.adviser = make_adviser()
        self.round, self.candidates = open_with(self.adviser, **changes)
        self.line = line_of(self.round, self.member)
        self.client, self.url = client, reverse("agenda:choose", args=[self.round.pk, self.line.pk])
        self.names = [f"c{each.pk}" for each in self.candidates]
        if log:
            log_in(client, self.voter)

    def post(self, values: dict[int, object], **more):
        """What a browser sends: `values` by number of the candidate, and what the page held."""
        data = {self.names[at]: str(value) for at, value in values.items()}
        script = HTMX if more.pop("script", False) else {}
        return self.client.post(self.url, {"page": "p1", "base": "{}", "seen": "0", **data, **more}, **script)

    def kept(self) -> PriorityBallot:
        return PriorityBallot.objects.get(line=self.line)

    def drafted(self) -> dict[int, int]:
        """What is filled in, by number of the candidate."""
        keys = [str(each.pk) for each in self.candidates]
        return {keys.index(key): value for key, value in self.kept().draft.items()}


# --- without a script ------------------------------------------------------------------------------------
def test_without_a_script_a_ballot_is_saved_changed_and_handed_in(client):
    ballot = Ballot(client)
    page = text_of(client.get(ballot.url))
    assert page.count('type="checkbox"') == 3 and "13 votes." in page
    assert "no-store" in client.get(ballot.url).headers["Cache-Control"]
    saved = ballot.post({0: 1, 2: 1}, go="save")
    assert saved.url == ballot.url and ballot.drafted() == {0: 1, 2: 1} and ballot.kept().cast is None
    base = re.search(r'name="base" value="([^"]*)"', client.get(ballot.url).content.decode())
    ballot.post({0: 1}, go="save", base=base[1].replace("&quot;", '"'))  # the third was unticked
    assert ballot.drafted() == {0: 1}
    assert not Event.objects.filter(verb__startswith="priorities").exists()

    done = ballot.post({0: 1, 1: 1}, go="hand_in")
    assert done.url == reverse("agenda:chosen", args=[ballot.round.pk, ballot.line.pk])
    receipt = text_of(client.get(done.url))
    assert "Your choice has been received" in receipt
    assert reverse("web:receipt", args=[ballot.kept().event_id]) in receipt
    assert set(ballot.kept().cast) == {str(each.pk) for each in ballot.candidates[:2]}
    assert "Handed in on" in text_of(client.get(ballot.url))


def test_a_page_that_was_opened_before_keeps_what_was_filled_in_elsewhere_since(client):
    """Only what differs from what the page showed is saved."""
    ballot = Ballot(client)
    ballot.post({0: 1}, go="save", base="{}")
    ballot.post({1: 1}, go="save", base="{}")
    assert ballot.drafted() == {0: 1, 1: 1}


# --- with a script ---------------------------------------------------------------------------------------
def test_with_a_script_each_change_is_saved_and_confirmed_with_its_number(client):
    ballot = Ballot(client)
    answer = ballot.post({1: 1}, script=True, number="1", changed=ballot.names[1])
    assert answer.status_code == 200 and 'data-number="1"' in text_of(answer) and "saved" in text_of(answer)
    assert ballot.drafted() == {1: 1}
    elsewhere = ballot.post({0: 1}, script=True, number="1", changed=ballot.names[0], page="p2")
    assert "filled in elsewhere too" in text_of(elsewhere)
    assert ballot.drafted() == {0: 1, 1: 1}
    late = ballot.post({1: ""}, script=True, number="1", changed=ballot.names[1])  # the same number again
    assert late.status_code == 200 and ballot.drafted() == {0: 1, 1: 1}


def test_with_a_script_only_what_it_names_changes(client):
    ballot = Ballot(client)
    ballot.post({0: 1, 1: 1, 2: 1}, script=True, number="4", changed=f"{ballot.names[2]} nonsense c0")
    assert ballot.drafted() == {2: 1}


def test_a_number_that_cannot_be_read_is_not_confirmed(client):
    ballot = Ballot(client, ballot_kind="points", points=10)
    answer = text_of(ballot.post({0: "veel"}, script=True, number="3", changed=ballot.names[0]))
    assert "Fill in a whole number" in answer and "data-number" not in answer
    assert not PriorityBallot.objects.filter(draft__has_key=str(ballot.candidates[0].pk)).exists()


# --- points and places -----------------------------------------------------------------------------------
def test_points_above_what_there_is_are_kept_and_told_and_not_handed_in(client):
    ballot = Ballot(client, ballot_kind="points", points=10)
    ballot.post({0: 8, 1: 5}, go="save")
    page = text_of(client.get(ballot.url))
    assert "3 points too many" in page and 'value="8"' in page
    refused = ballot.post({0: 8, 1: 6}, go="hand_in", base=json.dumps(ballot.kept().draft))
    assert refused.status_code == 422
    assert "You gave 4 points more than the 10 there are" in text_of(refused)
    assert ballot.drafted() == {0: 8, 1: 6} and ballot.kept().cast is None
    ballot.post({0: 6, 1: 4}, go="hand_in")
    assert sorted(ballot.kept().cast.values()) == [4, 6]


@pytest.mark.parametrize("typed", ["veel", "1,5", "-1", "99"])
def test_what_cannot_be_a_number_of_points_stays_as_typed_with_a_sentence(client, typed):
    ballot = Ballot(client, ballot_kind="points", points=10)
    for go in ("save", "hand_in"):
        refused = ballot.post({0: typed, 1: 2}, go=go)
        assert refused.status_code == 422
        page = text_of(refused)
        assert f'value="{typed}"' in page and 'value="2"' in page
        assert "whole number" in page
    assert not PriorityBallot.objects.exclude(cast=None).exists()


def test_an_order_is_handed_in_and_told_in_that_order(client):
    ballot = Ballot(client, ballot_kind="ranking")
    refused = ballot.post({0: 1, 1: 1}, go="hand_in")
    assert refused.status_code == 422
    assert "have the same place. Give each a place of its own." in text_of(refused)
    ballot.post({0: 3, 2: 1}, go="hand_in")
    assert ballot.kept().cast == {str(ballot.candidates[0].pk): 2, str(ballot.candidates[2].pk): 1}
    page = text_of(client.get(reverse("agenda:chosen", args=[ballot.round.pk, ballot.line.pk])))
    assert page.index("Opgave 2 (place 1)") < page.index("Opgave 0 (place 2)")


def test_an_empty_ballot_is_refused_with_what_to_do(client):
    refused = Ballot(client).post({}, go="hand_in")
    assert refused.status_code == 422
    assert "Choose at least one candidate before you hand in." in text_of(refused)


# --- twice, and at once ----------------------------------------------------------------------------------
def test_a_double_click_is_one_ballot_with_one_receipt(client):
    ballot = Ballot(client)
    first, second = (ballot.post({0: 1}, go="hand_in") for _click in range(2))
    assert first.url == second.url
    assert Event.objects.filter(verb__startswith="priorities").count() == 1


def test_what_a_colleague_handed_in_since_is_shown_before_it_is_replaced(client):
    ballot = Ballot(client)
    colleague = make_person("mayor", member=ballot.member, votes=True)
    theirs = choose(ballot.round, ballot.member, colleague, ballot.candidates[1])
    refused = ballot.post({0: 1}, go="hand_in")
    assert refused.status_code == 422
    page = text_of(refused)
    assert "Somebody handed in a ballot in the meantime" in page and f'name="seen" value="{theirs}"' in page
    assert ballot.post({0: 1}, go="hand_in", seen=str(theirs)).status_code == 302
    assert ballot.kept().person == ballot.voter


def test_a_colleague_sees_what_was_chosen_and_not_the_receipt(client):
    ballot = Ballot(client, log=False)
    colleague = make_person("mayor", member=ballot.member, votes=True)
    receipt = choose(ballot.round, ballot.member, ballot.voter, ballot.candidates[0])
    log_in(client, colleague)
    page = text_of(client.get(reverse("agenda:chosen", args=[ballot.round.pk, ballot.line.pk])))
    assert "Your member has chosen" in page and "Opgave 0" in page
    assert reverse("web:receipt", args=[receipt]) not in page


# --- who, and when ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("factor", [{"second_factor": False}, {"hours_ago": 13}])
def test_without_a_fresh_second_factor_there_is_no_ballot(client, factor):
    ballot = Ballot(client, log=False)
    log_in(client, ballot.voter, **factor)
    assert client.get(ballot.url).status_code == 403
    refused = ballot.post({0: 1}, go="hand_in")
    assert refused.status_code == 403 and reverse("mfa_index") in text_of(refused)
    assert not PriorityBallot.objects.exists()


def test_the_ballot_of_another_is_refused_and_one_that_is_not_of_this_round_is_not_there(client):
    ballot = Ballot(client, log=False)
    [(_other, stranger)] = members_with_voters(2_000)
    elsewhere, _candidates = open_with(ballot.adviser, title="Een andere ronde")
    for person in (stranger, ballot.adviser, make_person("clerk", member=ballot.member)):
        log_in(client, person)
        for name in ("agenda:choose", "agenda:chosen"):
            address = reverse(name, args=[ballot.round.pk, ballot.line.pk])
            assert client.get(address).status_code == 403
            assert client.get(reverse(name, args=[elsewhere.pk, ballot.line.pk])).status_code == 404
            assert client.get(reverse(name, args=[ballot.round.pk, 999_999])).status_code == 404
        assert ballot.post({0: 1}, go="hand_in").status_code == 403
        assert ballot.post({0: 1}, script=True, number="1", changed=ballot.names[0]).status_code == 403
    assert not PriorityBallot.objects.exists()


def test_a_visitor_logs_in_first(client):
    ballot = Ballot(client, log=False)
    assert client.get(ballot.url).status_code == 302
    assert ballot.post({0: 1}, go="hand_in").status_code == 302
    assert not PriorityBallot.objects.exists()


def test_a_form_of_another_site_is_refused():
    strict = Client(enforce_csrf_checks=True)
    assert Ballot(strict).post({0: 1}, go="hand_in").status_code == 403
    assert not PriorityBallot.objects.exists()


def test_the_weight_and_the_line_in_the_request_are_not_read(client):
    ballot = Ballot(client)
    ballot.post({0: 1}, go="hand_in", weight="75", votes="9999", line="1", member="GM0363")
    assert Event.objects.get(pk=ballot.kept().event_id).data["votes"] == 13


def test_after_its_time_nothing_is_taken_and_what_was_typed_is_still_there(client):
    ballot = Ballot(client)
    ballot.post({0: 1}, go="hand_in")
    past_its_time(ballot.round)  # the clock has not come by yet
    page = text_of(client.get(ballot.url))
    assert 'value="hand_in"' not in page
    refused = ballot.post({1: 1}, go="hand_in")
    assert refused.status_code == 422 and "This round is closed since" in text_of(refused)
    assert f'name="{ballot.names[1]}" value="1" checked' in text_of(refused)
    live = ballot.post({1: 1}, script=True, number="2", changed=ballot.names[1])
    assert "This round is closed since" in text_of(live) and "data-number" not in text_of(live)
    assert ballot.drafted() == {0: 1}
    close_round(actor=None, round=ballot.round)
    round_page = reverse("agenda:round", args=[ballot.round.pk])
    assert client.get(ballot.url).url == round_page
    assert "This round is closed since" in text_of(ballot.post({1: 1}, go="hand_in"))


def test_with_two_mandates_there_are_two_ballots_and_a_reminder_of_the_other(client):
    (one, voter), (two, _other) = members_with_voters(1_000, 2_000)
    Mandate.objects.create(person=voter, member=two, starts=LONG_AGO)
    round_, (first, *_more) = open_with()
    log_in(client, voter)
    page = text_of(client.get(reverse("agenda:round", args=[round_.pk])))
    for member in (one, two):
        assert reverse("agenda:choose", args=[round_.pk, line_of(round_, member).pk]) in page
    choose(round_, one, voter, first)
    received = text_of(client.get(reverse("agenda:chosen", args=[round_.pk, line_of(round_, one).pk])))
    assert "You choose for another member too" in received and two.name in received


def test_in_a_body_the_page_says_that_the_choice_is_ones_own_and_gives_what_proves_it(client):
    body = make_body(seats=2)
    round_, (first, *_more) = open_with(electorate="body", electing_body=body)
    line = round_.roll.select_related("person").first()
    log_in(client, line.person)
    page = client.get(reverse("agenda:choose", args=[round_.pk, line.pk]))
    assert "never what you chose" in text_of(page)
    client.post(page.request["PATH_INFO"], {f"c{first.pk}": "1", "go": "hand_in"})
    received = text_of(client.get(reverse("agenda:chosen", args=[round_.pk, line.pk])))
    assert Event.objects.get(verb="priorities.handed_in").data["ballot_sha256"] in received


def test_before_anything_is_handed_in_there_is_no_receipt(client):
    ballot = Ballot(client)
    address = reverse("agenda:chosen", args=[ballot.round.pk, ballot.line.pk])
    assert client.get(address).url == reverse("agenda:round", args=[ballot.round.pk])


# --- what no page sends ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "odd",
    [
        {"base": "no json"},
        {"base": "[1, 2]"},
        {"base": '{"1": {"2": null}}'},
        {"page": "\x00\x01", "number": "1"},
        {"page": "x" * 5_000},
        {"number": "9" * 40},
        {"number": "²", "changed": "\x00"},
        {"seen": "-1"},
        {"seen": "9" * 18},
        {"go": "\x00"},
    ],
)
@pytest.mark.parametrize("script", [False, True])
def test_odd_requests_break_nothing(client, odd, script):
    ballot = Ballot(client)
    assert ballot.post({0: 1}, script=script, **odd).status_code < 500
    assert ballot.post({0: "\x00"}, script=script, **odd).status_code < 500
    assert ballot.post({0: "٣"}, script=script, **{"go": "hand_in", **odd}).status_code < 500


def test_the_list_begins_elsewhere_for_each_line_and_always_holds_all(client):
    members_with_voters(*[1_000] * 6)
    round_, _candidates = open_with(candidates=5)
    shown = shown_candidates(round_, None)
    orders = {line.pk: rotated(shown, line) for line in RoundLine.objects.filter(round=round_)}
    assert all({each.pk for each in order} == {each.pk for each in shown} for order in orders.values())
    assert len({order[0].pk for order in orders.values()}) == 5
    assert rotated([], RoundLine(pk=3)) == []
