"""Every kind of vote, from the plan to the result, through the commands and on its pages."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from omkering.decide import commands
from omkering.decide.models import Ballot, Outcome, Proposal, Vote
from omkering.deliberate.models import Amendment  # noqa: F401 - an option can be one
from omkering.thread import milestones
from omkering.thread.models import Notice
from tests.decide.vote_kinds import SAID, TITLES, ballot_of, cast_all, open_of
from tests.decide.votes import log_in, make_proposal, members_with_voters, open_vote, plan
from tests.people import make_adviser, make_member

pytestmark = pytest.mark.django_db
CHOSEN = {"options": ["A"], "approval": ["B"], "ranking": ["A"], "points": ["A"]}


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with translation.override("en"):
        yield


def page(client, name: str, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.status_code
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("kind", CHOSEN)
def test_an_election_counts_and_says_what_is_chosen(client, kind):
    vote, people = open_of(kind)
    cast_all(vote, people, SAID[kind])
    vote = commands.close_vote(actor=make_adviser(), vote=vote)
    assert vote.outcome == Outcome.ELECTED
    assert sorted(vote.chosen) == sorted(CHOSEN[kind])
    text = page(client, "decide:vote", vote.pk)
    assert "Chosen: “" in text
    assert TITLES[0] in text
    news = Notice.objects.get(milestone="vote.elected")  # to who wrote the proposal
    assert news.data["elected"] == CHOSEN[kind]
    call = client.get(reverse("decide:roll_call", args=[vote.pk, "csv"]))
    lines = b"".join(call.streaming_content).decode()
    assert "Fiets" in lines
    assert "By phone or computer" in lines


FILLED = {
    "options": {"choice": "B"},
    "approval": {"choices": ["A", "C"]},
    "ranking": {"place-C": "1", "place-A": "2"},
    "points": {"points-A": "2", "points-B": "4"},
}
KEPT = {"options": "B", "approval": "A|C", "ranking": "C>A", "points": "A:2|B:4"}


@pytest.mark.parametrize("kind", FILLED)
def test_a_ballot_is_filled_in_confirmed_and_kept(client, kind):
    vote, [(member, voter), *_others] = open_of(kind)
    log_in(client, voter)
    address = reverse("decide:ballot", args=[vote.pk, member.code])
    assert address in page(client, "decide:vote", vote.pk)
    assert TITLES[2] in page(client, "decide:ballot", vote.pk, member.code)
    confirm = client.get(address, FILLED[kind])
    assert confirm.status_code == 200
    found = re.search(r'name="choice" value="([^"]+)"', confirm.content.decode())
    assert found is not None
    choice = found[1].replace("&gt;", ">")
    assert choice == KEPT[kind]
    assert not Ballot.objects.exists()
    done = client.post(address, {"choice": choice, "seen": "0"}, follow=True)
    assert Ballot.objects.get().choice == KEPT[kind]
    assert "Your vote has been received" in done.content.decode()
    again = page(client, "decide:ballot", vote.pk, member.code)
    assert "checked" in again or "selected" in again or 'value="4"' in again


WRONG = {
    "options": [{"choice": "Z"}, {"choice": ""}],
    "approval": [{"choices": ["A", "B", "C"]}, {"choices": ["A"], "abstain": "on"}],
    "ranking": [{"place-A": ""}, {"place-A": "9"}],
    "points": [{"points-A": "6"}, {"points-A": "5", "points-B": "5"}, {"points-A": "-1"}],
}


@pytest.mark.parametrize(("kind", "data"), [(kind, data) for kind, all_ in WRONG.items() for data in all_])
def test_what_does_not_fit_is_said_at_the_form(client, kind, data):
    vote, [(member, voter), *_others] = open_of(kind)
    log_in(client, voter)
    address = reverse("decide:ballot", args=[vote.pk, member.code])
    answer = client.get(address, data)
    # A word in the address that is no choice leads back to the vote; a form shows what is wrong.
    assert answer.status_code == (302 if kind == "options" else 422)
    assert client.post(address, {"choice": "A>B>A", "seen": "0"}).status_code == 422
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("kind", SAID)
def test_an_abstention_in_every_kind(kind):
    vote, people = open_of(kind)
    cast_all(vote, people, ("abstain",) * 3)
    result = commands.close_vote(actor=make_adviser(), vote=vote).result
    assert result["votes"]["abstain"] == 6
    assert result["outcome"] == "rejected"


def test_a_vote_with_options_is_planned_on_the_page(client):
    make_member()
    adviser = make_adviser()
    about, other = make_proposal(adviser), make_proposal(adviser, title="Een ander loket")
    log_in(client, adviser)
    address = reverse("decide:proposal", args=[other.pk])
    now = timezone.localtime()
    data = {
        "opens_at": (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (now + timedelta(days=8)).strftime("%Y-%m-%dT%H:%M"),
        "reference_date": "2022-06-01",
        "rule_set_key": "persons",
        "ballot_kind": "options",
        "options": f"Fiets\nhttp://testserver{address}\n\nTrein",
        "relative": "on",
        "secret": "on",
    }
    plan_address = reverse("decide:plan", args=[about.pk])
    wrong = client.post(plan_address, {**data, "options": "http://testserver/besluiten/stemming/9/"})
    assert wrong.status_code == 422
    assert "There is nothing to vote on at" in wrong.content.decode()
    assert client.post(plan_address, data).status_code == 302
    vote = Vote.objects.get()
    options = vote.rule["ballot"]["options"]
    assert [(option["title"], option["item"]) for option in options] == [
        ("Fiets", None),
        ("Een ander loket", other.pk),
        ("Trein", None),
    ]
    assert (vote.secret, vote.rule["set"]["key"], vote.rule["tie"]) == (True, "persons", "revote")
    assert address in page(client, "decide:change_plan", vote.pk)
    assert (
        client.post(reverse("decide:change_plan", args=[vote.pk]), {**data, "secret": ""}).status_code == 302
    )
    assert Vote.objects.get().secret is False


def test_the_item_behind_the_chosen_option_is_adopted_and_the_others_are_not(monkeypatch):
    people = members_with_voters(3_000, 1_000)
    adviser = make_adviser()
    first, second = make_proposal(adviser, title="Loket noord"), make_proposal(adviser, title="Loket zuid")
    ballot = ballot_of("options")
    ballot["options"] = [
        {"key": "A", "title": first.title, "item": first.pk},
        {"key": "B", "title": second.title, "item": second.pk},
    ]
    heard = []

    def listen(key):
        return lambda *, item, cause, actor, data: heard.append((key, item.pk))

    for key in ("vote.adopted", "vote.rejected"):
        monkeypatch.setitem(milestones._handlers, (key, "proposal"), [listen(key)])
    vote = open_vote(adviser, ballot=ballot)
    cast_all(vote, people, ("B", "A"))
    vote = commands.close_vote(actor=adviser, vote=vote)
    assert vote.chosen == ["A"] if vote.result["votes"]["A"] > vote.result["votes"]["B"] else ["B"]
    assert set(heard) == {("vote.adopted", second.pk), ("vote.rejected", first.pk)}


def test_an_option_that_not_everybody_may_read_is_refused():
    make_member()
    adviser = make_adviser()
    hidden = make_proposal(adviser)
    Proposal.objects.filter(pk=hidden.pk).update(visibility="bureau")
    ballot = ballot_of("options")
    ballot["options"][0]["item"] = hidden.pk
    with pytest.raises(ValidationError, match="Not every member can read"):
        plan(make_proposal(adviser), adviser, ballot=ballot)


@pytest.mark.parametrize("tie", ["stays", "rejected", "chair", "revote"])
def test_a_tie_follows_the_rule(client, tie):
    people = members_with_voters(2_000, 2_000)
    adviser = make_adviser()
    vote = open_vote(adviser, tie=tie)
    cast_all(vote, people, ("for", "against"))
    vote = commands.close_vote(actor=adviser, vote=vote)
    text = page(client, "decide:vote", vote.pk)
    state = Proposal.objects.get().state
    if tie == "stays":
        assert (vote.outcome, state) == (Outcome.TIE, "tie")
    elif tie == "rejected":
        assert (vote.outcome, state) == (Outcome.REJECTED, "rejected")
        assert "equal votes reject it" in text
    elif tie == "revote":
        again = Vote.objects.get(replaces=vote)
        assert (again.state, again.rule["tie"], again.opens_at > timezone.now()) == ("planned", "stays", True)
        assert "The votes were equal" in page(client, "decide:vote", again.pk)
    else:
        assert "the chair decides" in text
        assert vote.announced_at is None
        assert state == "voting"
        for wrong in ("abstain", "", "A"):
            with pytest.raises(ValidationError):
                commands.decide_tie(actor=adviser, vote=vote, choice=wrong)
        log_in(client, adviser)
        address = reverse("decide:decide_tie", args=[vote.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {"choice": "for"}).status_code == 302
        vote = Vote.objects.get()
        assert (vote.outcome, Proposal.objects.get().state) == (Outcome.ADOPTED, "adopted")
        assert vote.result["outcome"] == "tie"
        assert "The chair decided: adopted" in page(client, "decide:vote", vote.pk)
        with pytest.raises(ValidationError):
            commands.decide_tie(actor=adviser, vote=vote, choice="against")


def test_a_second_vote_between_options_is_between_those_that_are_tied():
    people = members_with_voters(1_000, 1_000, 1_000, 1_000, 1_000)
    adviser = make_adviser()
    ballot = ballot_of("options", ("Een", "Twee", "Drie"), relative=True)
    vote = open_vote(adviser, ballot=ballot, tie="revote")
    cast_all(vote, people, ("A", "A", "C", "C", "B"))
    vote = commands.close_vote(actor=adviser, vote=vote)
    again = Vote.objects.get(replaces=vote)
    assert [option["title"] for option in again.rule["ballot"]["options"]] == ["Een", "Drie"]
    assert [option["key"] for option in again.rule["ballot"]["options"]] == ["A", "C"]
