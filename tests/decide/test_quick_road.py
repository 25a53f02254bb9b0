"""The quick road for ballots: what it takes, once, and everything that it refuses."""

import pytest
from django.core import signing
from django.utils import timezone

from omkering.decide import commands, passes
from omkering.decide.models import Ballot
from omkering.journal.models import Event
from omkering.who.models import Mandate, Person
from tests.decide.quick import pass_for, send, send_all
from tests.decide.votes import (
    make_proposal,
    mandate,
    members_with_voters,
    open_vote,
    past_its_time,
    plan,
    session_of,
)
from tests.people import make_adviser

pytestmark = pytest.mark.django_db(transaction=True)


def ready(*inhabitants: int):
    """An open vote, and of each member its voter with a session and a pass."""
    people = members_with_voters(*inhabitants)
    vote = open_vote()
    return vote, [
        (voter, session, pass_for(vote, voter, session))
        for _member, voter in people
        for session in [session_of(voter)]
    ]


def test_a_ballot_is_kept_with_an_event_that_is_its_receipt():
    vote, [(voter, session, ticket)] = ready(12_500)
    status, answer = send({"pass": ticket, "choice": "for", "seen": 0}, session)
    ballot = Ballot.objects.get()
    event = Event.objects.get(pk=answer["receipt"])
    assert (status, answer["ok"], answer["code"], answer["choice"]) == (200, True, "cast", "for")
    assert (ballot.choice, ballot.person, ballot.event_id) == ("for", voter, event.pk)
    assert (event.verb, event.subject, event.actor) == ("ballot.cast", vote.subject, voter.pk)
    assert event.data == {"choice": "for", "votes": 13}
    assert event.on_behalf_of == f"member:{ballot.entry.voter}"
    assert event.origin.startswith("web:")


def test_the_same_ballot_sent_twice_gives_the_same_receipt_and_one_event():
    _vote, [(_voter, session, ticket)] = ready(1_000)
    body = {"pass": ticket, "choice": "for", "seen": 0}
    answers = send_all([(body, session)] * 5)
    again = send(body, session)
    assert {status for status, _answer in [*answers, again]} == {200}
    assert len({answer["receipt"] for _status, answer in [*answers, again]}) == 1
    assert Event.objects.filter(verb__startswith="ballot.").count() == Ballot.objects.count() == 1


def test_an_old_ballot_sent_again_does_not_undo_the_change():
    _vote, [(_voter, session, ticket)] = ready(1_000)
    old = {"pass": ticket, "choice": "for", "seen": 0}
    _status, first = send(old, session)
    send({"pass": ticket, "choice": "against", "seen": first["receipt"]}, session)
    status, answer = send(old, session)
    assert (status, answer["code"]) == (409, "overtaken")
    assert "op" in answer["words"] or answer["words"]
    assert Ballot.objects.get().choice == "against"


def test_many_at_the_same_moment_are_all_kept_each_with_a_receipt_of_its_own():
    vote, people = ready(*[2_000] * 40)
    bodies = [
        ({"pass": ticket, "choice": ("for", "against", "abstain")[number % 3], "seen": 0}, session)
        for number, (_voter, session, ticket) in enumerate(people)
    ]
    answers = send_all(bodies)
    assert {status for status, _answer in answers} == {200}
    assert len({answer["receipt"] for _status, answer in answers}) == 40
    result = commands.close_vote(actor=make_adviser(), vote=vote).result
    assert result["heads"] == {"for": 14, "against": 13, "abstain": 13}
    assert result["cast"] == {"votes": 80, "heads": 40}


@pytest.mark.parametrize("extra", [{"votes": 9_000}, {"weight": 9_000}, {"part": 2}, {"entry": 1}])
def test_a_weight_in_the_request_weighs_nothing(extra):
    _vote, [(_voter, session, ticket)] = ready(1_000)
    status, answer = send({"pass": ticket, "choice": "for", "seen": 0, **extra}, session)
    assert status == 200
    assert Event.objects.get(pk=answer["receipt"]).data == {"choice": "for", "votes": 1}


def refused(body, session) -> tuple[int, str]:
    status, answer = send(body, session)
    assert not answer["ok"]
    assert answer["words"].endswith(".")
    assert not Ballot.objects.exists()
    assert not Event.objects.filter(verb__startswith="ballot.").exists()
    return status, answer["code"]


def test_after_closing():
    vote, [(_voter, session, ticket)] = ready(1_000)
    commands.close_vote(actor=make_adviser(), vote=vote)
    assert refused({"pass": ticket, "choice": "for", "seen": 0}, session) == (409, "closed")


def test_after_the_closing_time_though_the_clock_did_not_come_by():
    vote, [(_voter, session, ticket)] = ready(1_000)
    past_its_time(vote)
    assert refused({"pass": ticket, "choice": "for", "seen": 0}, session) == (409, "closed")


def test_before_opening():
    _vote, [(_voter, session, ticket)] = ready(1_000)
    later = plan(make_proposal(), make_adviser(), opens_at=timezone.now())
    told = {**signing.Signer(salt=passes.SALT).unsign_object(ticket), "vote": later.pk}
    forged = signing.Signer(salt=passes.SALT).sign_object(told)
    assert refused({"pass": forged, "choice": "for", "seen": 0}, session) == (409, "planned")


def test_with_a_pass_for_a_line_of_another_roll():
    _vote, [(_voter, session, ticket)] = ready(1_000)
    other = open_vote()
    told = {**signing.Signer(salt=passes.SALT).unsign_object(ticket), "vote": other.pk}
    mixed = signing.Signer(salt=passes.SALT).sign_object(told)
    assert refused({"pass": mixed, "choice": "for", "seen": 0}, session) == (403, "not_on_roll")


def test_with_the_pass_of_somebody_else():
    _vote, [(_one, _session, ticket), (_two, theirs, _other)] = ready(1_000, 1_000)
    assert refused({"pass": ticket, "choice": "for", "seen": 0}, theirs) == (401, "no_session")


def test_without_a_session_as_from_a_page_of_a_stranger():
    _vote, [(_voter, session, ticket)] = ready(1_000)
    assert refused({"pass": ticket, "choice": "for", "seen": 0}, None) == (401, "no_session")
    assert refused({"choice": "for", "seen": 0}, session) == (401, "no_session")


def test_with_a_pass_that_was_changed():
    _vote, [(_voter, session, ticket)] = ready(1_000)
    for wrong in (ticket[:-1], ticket.replace(ticket[5], "x", 1), f"x{ticket}", "", "a:b"):
        assert refused({"pass": wrong, "choice": "for", "seen": 0}, session) == (401, "no_session")


def test_after_the_second_factor_ended():
    [(_member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    late = session_of(voter, seconds_ago=12 * 3600 + 1)
    bare = session_of(voter, second_factor=False)
    for session in (late, bare):
        ticket = pass_for(vote, voter, session)
        assert refused({"pass": ticket, "choice": "for", "seen": 0}, session) == (401, "no_session")


def test_after_logging_out():
    _vote, [(_voter, session, ticket)] = ready(1_000)
    session.delete()
    assert refused({"pass": ticket, "choice": "for", "seen": 0}, session) == (401, "no_session")


def test_after_the_password_changed():
    _vote, [(voter, session, ticket)] = ready(1_000)
    voter.set_password("een heel ander wachtwoord")
    voter.save()
    assert refused({"pass": ticket, "choice": "for", "seen": 0}, session) == (403, "no_right")


def test_after_the_mandate_was_withdrawn():
    _vote, [(voter, session, ticket)] = ready(1_000)
    Mandate.objects.filter(person=voter).update(ends=timezone.localdate())
    assert refused({"pass": ticket, "choice": "for", "seen": 0}, session) == (403, "no_right")


def test_after_the_account_was_closed():
    _vote, [(voter, session, ticket)] = ready(1_000)
    Person.objects.filter(pk=voter.pk).update(is_active=False)
    assert refused({"pass": ticket, "choice": "for", "seen": 0}, session) == (403, "no_right")


@pytest.mark.parametrize("choice", ["", "yes", "FOR", "for ", "for|against", "a" * 20_000])
def test_a_choice_that_is_none(choice):
    _vote, [(_voter, session, ticket)] = ready(1_000)
    assert refused({"pass": ticket, "choice": choice, "seen": 0}, session) == (422, "choice")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"choice": 3}', b"x" * 70_000])
def test_a_body_that_is_no_ballot(body):
    _vote, [(_voter, session, _ticket)] = ready(1_000)
    assert refused(body, session) == (400, "form")


def test_under_a_strange_name_of_the_server():
    _vote, [(_voter, session, ticket)] = ready(1_000)
    status, _answer = send({"pass": ticket, "choice": "for", "seen": 0}, session, host="elsewhere.example")
    assert status == 400
    assert not Ballot.objects.exists()


def test_with_two_mandates_each_pass_is_for_one_member():
    [(one, voter), (two, _other)] = members_with_voters(1_000, 5_000)
    mandate(voter, two)
    vote = open_vote()
    session = session_of(voter)
    bodies = [
        ({"pass": pass_for(vote, voter, session, number), "choice": choice, "seen": 0}, session)
        for number, choice in enumerate(["for", "against"])
    ]
    assert {status for status, _answer in send_all(bodies)} == {200}
    assert dict(Ballot.objects.values_list("entry__member", "choice")) == {one.pk: "for", two.pk: "against"}
