"""The pages of the room: who sees what, before, during and after; forms that keep what was typed."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omkering.decide import commands
from omkering.decide.models import Ballot, Proposal, Vote, VoteState
from omkering.thread.models import Visibility
from omkering.thread.waiting import waiting_for
from omkering.who.models import Person
from tests.decide.votes import (
    log_in,
    make_proposal,
    make_source,
    mandate,
    members_with_voters,
    open_vote,
    past_its_time,
    plan,
)
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    cache.clear()


def page(client, name: str, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.status_code
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return " ".join(text.split())


# --- who sees what ---------------------------------------------------------------------------------------
def confidential(adviser, state: str) -> Vote:
    """A vote for members only, in a state."""
    source = make_source(visibility=Visibility.MEMBERS)
    vote = plan(make_proposal(adviser, source=source), adviser)
    if state != "planned":
        vote = commands.open_vote(actor=adviser, vote=vote)
    return commands.close_vote(actor=adviser, vote=vote) if state == "closed" else vote


@pytest.mark.parametrize("state", ["planned", "open", "closed"])
def test_a_vote_for_members_does_not_exist_for_a_visitor(client, state):
    member = make_member()
    vote = confidential(make_adviser(), state)
    addresses = [
        reverse("decide:vote", args=[vote.pk]),
        reverse("decide:proposal", args=[vote.about_id]),
        reverse("decide:roll", args=[vote.pk, "csv"]),
        reverse("decide:roll_call", args=[vote.pk, "csv"]),
    ]
    assert [client.get(address).status_code for address in addresses] == [404] * 4
    assert vote.title not in page(client, "decide:votes") + page(client, "decide:proposals")
    log_in(client, make_person("official", member=member))
    closed = 200 if state == "closed" else 404
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200, closed]
    assert vote.title in page(client, "decide:votes")


BUREAU_PAGES = ["decide:propose", "decide:plan", "decide:edit_proposal", "decide:change_plan"]
STEPS = ["decide:open", "decide:close", "decide:withdraw"]


@pytest.mark.parametrize("name", BUREAU_PAGES + STEPS)
def test_pages_of_the_bureau_are_closed_to_others(client, name):
    [(member, voter)] = members_with_voters(1_000)
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser)
    subject = vote.pk if name in ("decide:change_plan", *STEPS) else vote.about_id
    address = reverse(name, args=[subject])
    assert client.get(address).status_code == 302
    for person in (voter, make_person("clerk", member=member)):
        log_in(client, person)
        assert client.get(address).status_code == 403
        assert client.post(address, {"title": "x", "text": "y"}).status_code == 403
    assert Vote.objects.get().state == VoteState.PLANNED


# --- the bureau ------------------------------------------------------------------------------------------
def test_the_bureau_makes_a_proposal_plans_opens_and_closes_a_vote(client):
    make_member(inhabitants=5_500)
    source = make_source()
    log_in(client, make_adviser())
    words = {"title": "Eén loket", "text": "Wij maken **één** loket.", "explanation": "Het duurt nu te lang."}
    made = client.post(reverse("decide:propose", args=[source.pk]), words)
    proposal = Proposal.objects.get()
    assert made.url == reverse("decide:proposal", args=[proposal.pk])
    assert proposal.summary == "Wij maken één loket."
    assert "<strong>één</strong>" in page(client, "decide:proposal", proposal.pk)
    assert "Keuringen duren lang" in page(client, "decide:proposal", proposal.pk)

    now = timezone.localtime()
    times = {
        "opens_at": (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (now + timedelta(days=8)).strftime("%Y-%m-%dT%H:%M"),
        "reference_date": "2022-06-01",
        "weight_rule_key": "per-1000-cap-75",
        "threshold_key": "two-thirds",
        "quorum_key": "half-of-members",
    }
    client.post(reverse("decide:plan", args=[proposal.pk]), times)
    vote = Vote.objects.get()
    text = page(client, "decide:vote", vote.pk)
    assert "As it would be today: 1 member with 6 votes" in text
    assert "At least two thirds of the votes cast, abstentions not counted" in text
    assert "at least 4 of 6" in text
    assert "It has not been verified against the statutes" in text
    client.post(reverse("decide:change_plan", args=[vote.pk]), {**times, "threshold_key": "simple-majority"})
    assert "More than half of the votes cast" in page(client, "decide:vote", vote.pk)
    assert "Open this vote now?" in page(client, "decide:open", vote.pk)
    client.post(reverse("decide:open", args=[vote.pk]))
    assert "0 of 1 members have voted, with 0 of the 6 votes" in page(client, "decide:vote", vote.pk)
    assert client.get(reverse("decide:change_plan", args=[vote.pk])).status_code == 302
    client.post(reverse("decide:close", args=[vote.pk]))
    text = page(client, "decide:vote", vote.pk)
    assert "Too few members voted: 0 of 6 votes were cast" in text or "Rejected: 0 of the 0 votes" in text
    assert "closed this vote before its time" in text


def test_a_form_with_a_fault_keeps_what_was_typed(client):
    make_member()
    adviser = make_adviser()
    proposal = make_proposal(adviser)
    log_in(client, adviser)
    response = client.post(
        reverse("decide:propose", args=[make_source().pk]), {"title": "", "text": "Mijn tekst"}
    )
    assert response.status_code == 422
    assert "Mijn tekst" in response.content.decode()
    plan_data = {
        "opens_at": "2030-01-02T09:00",
        "closes_at": "2030-01-01T09:00",
        "reference_date": "2022-06-01",
        "weight_rule_key": "per-1000-cap-75",
        "threshold_key": "simple-majority",
        "quorum_key": "none",
    }
    response = client.post(reverse("decide:plan", args=[proposal.pk]), plan_data)
    assert response.status_code == 422
    assert 'href="#id_closes_at"' in response.content.decode()
    assert "2030-01-02T09:00" in response.content.decode()
    assert not Vote.objects.exists()


# --- the ballot ------------------------------------------------------------------------------------------
def ballot_address(vote, member) -> str:
    return reverse("decide:ballot", args=[vote.pk, member.code])


def test_a_ballot_in_two_taps_with_a_receipt(client):
    [(member, voter)] = members_with_voters(12_345)
    vote = open_vote()
    log_in(client, voter)
    address = f"{ballot_address(vote, member)}?choice=for"
    assert address in page(client, "decide:vote", vote.pk)
    confirm = client.get(address)
    assert f"{member.name} votes: for" in confirm.content.decode()
    assert "13 votes" in confirm.content.decode()
    assert not Ballot.objects.exists()
    done = client.post(address, {"choice": "for", "seen": "0"}, follow=True)
    text = done.content.decode()
    assert "Your vote has been received" in text
    assert reverse("web:receipt", args=[Ballot.objects.get().event_id]) in text
    assert "no-store" in done.headers["Cache-Control"]
    text = page(client, "decide:vote", vote.pk)
    assert "Voted: <strong>for</strong>" in text
    assert f"{ballot_address(vote, member)}?choice=against" in text
    assert f"{ballot_address(vote, member)}?choice=for" not in text


def test_the_weight_in_the_request_is_not_read(client):
    [(member, voter)] = members_with_voters(12_345)
    adviser = make_adviser()
    vote = open_vote(adviser)
    log_in(client, voter)
    extra = {"weight": "75", "votes": "9999", "member": "GM0363", "person": "1"}
    client.post(ballot_address(vote, member), {"choice": "for", "seen": "0", **extra})
    assert commands.close_vote(actor=adviser, vote=vote).result["votes"]["for"] == 13


def test_the_ballot_of_another_member_is_refused(client):
    (_one, voter), (two, _other) = members_with_voters(1_000, 2_000)
    vote = open_vote()
    log_in(client, voter)
    for address in (ballot_address(vote, two), reverse("decide:cast", args=[vote.pk, two.code])):
        assert client.get(address, {"choice": "for"}).status_code == 403
    assert client.post(ballot_address(vote, two), {"choice": "for"}).status_code == 403
    assert (
        client.post(reverse("decide:ballot", args=[vote.pk, "GM9999"]), {"choice": "for"}).status_code == 404
    )
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("factor", [{"second_factor": False}, {"hours_ago": 13}])
def test_without_a_fresh_second_factor_there_is_no_ballot(client, factor):
    [(member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    log_in(client, voter, **factor)
    assert client.get(ballot_address(vote, member), {"choice": "for"}).status_code == 403
    refused = client.post(ballot_address(vote, member), {"choice": "for"})
    assert refused.status_code == 403
    assert reverse("mfa_index") in refused.content.decode()
    assert not Ballot.objects.exists()


def test_a_form_of_another_site_is_refused(client):
    [(member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    strict = Client(enforce_csrf_checks=True)
    log_in(strict, voter)
    assert strict.post(ballot_address(vote, member), {"choice": "for"}).status_code == 403
    assert not Ballot.objects.exists()


def test_who_is_not_logged_in_comes_back_to_the_ballot_after_logging_in(client):
    [(member, _voter)] = members_with_voters(1_000)
    vote = open_vote()
    response = client.get(ballot_address(vote, member), {"choice": "for"})
    assert response.status_code == 302
    assert "choice%3Dfor" in response.url


def test_a_ballot_after_closing_says_so(client):
    [(member, voter)] = members_with_voters(1_000)
    vote = past_its_time(open_vote())
    log_in(client, voter)
    response = client.post(ballot_address(vote, member), {"choice": "for", "seen": "0"})
    assert response.status_code == 422
    assert "This vote is closed since" in response.content.decode()
    assert not Ballot.objects.exists()


def test_a_repeated_form_does_not_undo_a_later_choice(client):
    [(member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    log_in(client, voter)
    client.post(ballot_address(vote, member), {"choice": "for", "seen": "0"})
    first = Ballot.objects.get().event_id
    client.post(ballot_address(vote, member), {"choice": "against", "seen": str(first)})
    repeated = client.post(ballot_address(vote, member), {"choice": "for", "seen": "0"})
    assert repeated.status_code == 422
    assert Ballot.objects.get().choice == "against"


@pytest.mark.parametrize("choice", ["", "perhaps"])
def test_a_choice_that_is_none_is_refused(client, choice):
    [(member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    log_in(client, voter)
    assert client.get(ballot_address(vote, member), {"choice": choice}).status_code == 302
    assert client.post(ballot_address(vote, member), {"choice": choice}).status_code == 422
    assert not Ballot.objects.exists()


def test_with_two_mandates_there_are_two_ballots_and_a_reminder_of_the_other(client):
    (one, voter), (two, _other) = members_with_voters(1_000, 2_000)
    mandate(voter, two)
    vote = open_vote()
    log_in(client, voter)
    text = page(client, "decide:vote", vote.pk)
    assert ballot_address(vote, one) in text
    assert ballot_address(vote, two) in text
    done = client.post(ballot_address(vote, one), {"choice": "for", "seen": "0"}, follow=True)
    assert "You vote for another member too" in done.content.decode()
    assert two.name in done.content.decode()


def test_a_colleague_sees_what_was_voted_and_not_the_receipt(client):
    [(member, voter)] = members_with_voters(1_000)
    colleague = make_person("mayor", member=member, votes=True)
    vote = open_vote()
    receipt = commands.cast_ballot(actor=voter, vote=vote, member=member, choice="against")
    log_in(client, colleague)
    text = page(client, "decide:cast", vote.pk, member.code)
    assert "Against" in text
    assert reverse("web:receipt", args=[receipt]) not in text


# --- results ---------------------------------------------------------------------------------------------
def test_nothing_of_the_result_shows_before_the_vote_closes(client):
    (one, first), (_two, _second) = members_with_voters(60_000, 7_000)
    vote = open_vote()
    before = page(client, "decide:vote", vote.pk)
    commands.cast_ballot(actor=first, vote=vote, member=one, choice="for")
    as_for = page(client, "decide:vote", vote.pk)
    commands.cast_ballot(actor=first, vote=vote, member=one, choice="against")
    as_against = page(client, "decide:vote", vote.pk)
    assert "1 of 2 members have voted, with 60 of the 67 votes" in as_for
    assert before != as_for == as_against
    assert client.get(reverse("decide:roll_call", args=[vote.pk, "csv"])).status_code == 404
    roll = b"".join(client.get(reverse("decide:roll", args=[vote.pk, "csv"])).streaming_content).decode()
    assert "60" in roll
    assert "gainst" not in roll


def test_the_result_says_what_why_and_how_it_would_be_by_members(client):
    people = members_with_voters(60_000, 7_000, 8_000, 9_000)
    adviser = make_adviser()
    vote = open_vote(adviser)
    for (member, voter), choice in zip(people, ["for", "against", "against", "abstain"], strict=True):
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice=choice)
    commands.close_vote(actor=None, vote=past_its_time(vote))
    text = page(client, "decide:vote", vote.pk)
    assert "Adopted: 60 of the 75 votes that counted were for. 38 were needed." in text
    assert "Those are 75 votes, so at least 38. For: 60." in text
    assert "Counted by members: 1 for, 2 against, 1 abstained" in text
    assert "The outcome would be: <strong>rejected</strong>" in text
    assert "That differs from the outcome by votes" in text
    assert "before its time" not in text
    assert "Adopted" in page(client, "decide:votes", state="closed")
    assert "Adopted" in page(client, "decide:proposal", vote.about_id)


def test_the_roll_call_as_a_file_runs_no_formula(client):
    member = make_member("EV1", name='=HYPERLINK("http://evil.example";"x")')
    voter = make_person("alderman", member=member, votes=True)
    adviser = make_adviser()
    vote = open_vote(adviser)
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    commands.close_vote(actor=adviser, vote=vote)
    response = client.get(reverse("decide:roll_call", args=[vote.pk, "csv"]))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Code,Member,Province,Inhabitants,Votes,Choice,Way,By proxy of,Receipt"
    assert lines[1].startswith("EV1,\"'=HYPERLINK")
    receipt = Ballot.objects.get().event_id
    assert lines[1].endswith(f",30000,30,For,By phone or computer,,{receipt}")
    sheet = client.get(reverse("decide:roll_call", args=[vote.pk, "ods"]))
    assert sheet.getvalue().startswith(b"PK")
    assert client.get(reverse("decide:roll_call", args=[vote.pk, "exe"])).status_code == 404


# --- lists and what waits --------------------------------------------------------------------------------
def test_the_list_filters_by_state_and_words(client):
    make_member()
    adviser = make_adviser()
    open_vote(adviser)
    plan(make_proposal(adviser, title="Schuldhulp binnen vier weken"), adviser)
    everything = page(client, "decide:votes")
    assert "Schuldhulp" in everything
    assert "Eén loket" in everything
    assert "Schuldhulp" not in page(client, "decide:votes", state="open")
    assert "Eén loket" not in page(client, "decide:votes", q="schuldhulp")
    assert "No vote holds these words" in page(client, "decide:votes", q="jeugdzorg")
    assert "There are no votes yet" not in page(client, "decide:votes", state="by-the-moon")
    assert "Schuldhulp" in page(client, "decide:proposals", q="schuldhulp")


def words_waiting(person: Person) -> list[str]:
    return [str(entry.text) for entry in waiting_for(Person.objects.get(pk=person.pk))]


def test_an_open_vote_waits_for_who_has_a_mandate_until_every_ballot_is_cast():
    (one, voter), (two, _other) = members_with_voters(1_000, 2_000)
    mandate(voter, two)
    colleague = make_person("clerk", member=one)
    vote = open_vote()
    [entry] = waiting_for(voter)
    assert entry.count == 2
    assert entry.url == reverse("decide:vote", args=[vote.pk])
    assert words_waiting(colleague) == []
    commands.cast_ballot(actor=voter, vote=vote, member=one, choice="for")
    assert [entry.count for entry in waiting_for(Person.objects.get(pk=voter.pk))] == [1]
    commands.cast_ballot(actor=voter, vote=vote, member=two, choice="for")
    assert words_waiting(voter) == []


def test_the_bureau_sees_what_opens_and_closes_soon_and_what_is_late():
    make_member()
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser, opens_at=timezone.now() + timedelta(hours=5))
    [entry] = waiting_for(adviser)
    assert not entry.late
    Vote.objects.filter(pk=vote.pk).update(opens_at=timezone.now() - timedelta(hours=1))
    [entry] = waiting_for(Person.objects.get(pk=adviser.pk))
    assert entry.late
