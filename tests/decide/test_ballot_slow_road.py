"""The ordinary road for ballots against what should not get in; the quick road has the same tests of its own."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omkering.decide import commands
from omkering.decide.models import Attendance, Ballot, Proxy, Vote
from omkering.journal.models import Event
from omkering.who.models import Mandate, Person
from tests.decide.running import give_proxy, make_meeting, name_delegate, put_there
from tests.decide.vote_kinds import in_meeting, planned_in
from tests.decide.votes import (
    log_in,
    make_proposal,
    mandate,
    members_with_voters,
    open_vote,
    past_its_time,
    plan,
)
from tests.people import make_adviser, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    cache.clear()


def address(vote, member) -> str:
    return reverse("decide:ballot", args=[vote.pk, member.code])


def send(client, vote, member, choice: str = "for", **more) -> int:
    return client.post(address(vote, member), {"choice": choice, "seen": "0", **more}).status_code


def nothing_kept() -> bool:
    return not Ballot.objects.exists() and not Event.objects.filter(verb__startswith="ballot.").exists()


@pytest.fixture
def voting(client):
    """An open vote, its one member, who votes for it and is logged in."""
    [(member, voter)] = members_with_voters(12_500)
    vote = open_vote()
    log_in(client, voter)
    return vote, member, voter


def test_sent_twice_it_is_one_ballot_with_one_receipt(client, voting):
    vote, member, _voter = voting
    assert [send(client, vote, member) for _time in range(3)] == [302] * 3
    assert Ballot.objects.count() == Event.objects.filter(verb__startswith="ballot.").count() == 1


def test_an_old_form_played_again_changes_nothing(client, voting):
    vote, member, _voter = voting
    send(client, vote, member, "for")
    send(client, vote, member, "against", seen=str(Ballot.objects.get().event_id))
    assert send(client, vote, member, "for") == 422
    assert Ballot.objects.get().choice == "against"


@pytest.mark.parametrize("kind", ["none", "ended", "to come", "of another member", "only a role"])
def test_without_the_mandate_of_the_member(client, kind):
    (member, _theirs), (other, _more) = members_with_voters(1_000, 1_000)
    vote = open_vote()
    today = timezone.localdate()
    person = make_person("mayor", member=member if kind == "only a role" else None)
    periods = {"ended": {"ends": today}, "to come": {"starts": today + timedelta(days=1)}}
    if kind in periods:
        mandate(person, member, **periods[kind])
    if kind == "of another member":
        mandate(person, other)
    log_in(client, person)
    assert send(client, vote, member) == 403
    assert nothing_kept()


def test_the_mandate_ended_after_the_page_was_opened(client, voting):
    vote, member, voter = voting
    assert client.get(address(vote, member), {"choice": "for"}).status_code == 200
    Mandate.objects.filter(person=voter).update(ends=timezone.localdate())
    assert send(client, vote, member) == 403
    assert nothing_kept()


@pytest.mark.parametrize(
    "extra",
    [
        {"votes": "75"},
        {"weight": "75"},
        {"part": "1"},
        {"entry": "1"},
        {"person": "1"},
        {"by_proxy": "1"},
        {"way": "hand"},
    ],
)
def test_what_else_stands_in_the_request_is_not_read(client, voting, extra):
    vote, member, voter = voting
    assert send(client, vote, member, **extra) == 302
    ballot = Ballot.objects.get()
    assert (ballot.part, ballot.person, ballot.by_proxy, ballot.way) == (0, voter, None, "screen")
    assert Event.objects.get(pk=ballot.event_id).data["votes"] == 13


def test_after_closing_and_after_its_time(client, voting):
    vote, member, _voter = voting
    past_its_time(vote)
    assert send(client, vote, member) == 422
    commands.close_vote(actor=make_adviser(), vote=vote)
    assert send(client, vote, member) in (403, 422)
    assert nothing_kept()


def test_before_opening(client, voting):
    _vote, member, _voter = voting
    adviser = make_adviser()
    later = plan(make_proposal(adviser), adviser, opens_at=timezone.now())
    assert send(client, later, member) == 404
    assert nothing_kept()


@pytest.mark.parametrize("gone", ["undone", "withdrawn"])
def test_in_a_vote_that_is_no_more(client, voting, gone):
    vote, member, _voter = voting
    adviser = make_adviser()
    if gone == "undone":
        commands.undo_vote(actor=adviser, vote=vote, reason="De stemlijst klopte niet.")
        assert send(client, vote, member) == 422
    else:
        other = plan(make_proposal(adviser), adviser)
        commands.withdraw_vote(actor=adviser, vote=other)
        assert send(client, other, member) == 404
    assert nothing_kept()


def test_for_a_member_that_is_not_on_this_roll(client, voting):
    vote, _member, voter = voting
    [(late, _person)] = members_with_voters(1_000)
    mandate(voter, late)
    assert send(client, vote, late) == 404
    assert nothing_kept()


def test_a_form_without_the_token_of_its_page(voting):
    vote, member, voter = voting
    strict = Client(enforce_csrf_checks=True)
    log_in(strict, voter)
    assert strict.post(address(vote, member), {"choice": "for"}).status_code == 403
    assert strict.post(reverse("decide:vote_list", args=[vote.pk]), {"x": "for"}).status_code == 403
    assert nothing_kept()


@pytest.mark.parametrize("factor", [{"second_factor": False}, {"hours_ago": 12.01}])
def test_without_a_second_factor_that_counts(client, factor):
    [(member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    other = open_vote(procedure="acclamation")
    log_in(client, voter, **factor)
    assert send(client, vote, member) == 403
    assert client.get(reverse("decide:vote_list", args=[vote.pk])).status_code == 403
    assert client.post(reverse("decide:object_to", args=[other.pk, member.code])).status_code == 403
    assert nothing_kept()
    assert not other.objections.exists()


def test_with_an_account_that_was_closed(client, voting):
    vote, member, voter = voting
    Person.objects.filter(pk=voter.pk).update(is_active=False)
    assert send(client, vote, member) in (302, 403)
    assert nothing_kept()


# --- in a meeting ----------------------------------------------------------------------------------------
def test_who_is_not_there_does_not_vote(client):
    [(member, voter)] = members_with_voters(3_000)
    meeting = make_meeting()
    adviser = make_adviser()
    vote = commands.open_vote(actor=adviser, vote=planned_in(meeting, adviser))
    log_in(client, voter)
    assert send(client, vote, member) == 403
    put_there(meeting, member, voter)
    assert send(client, vote, member) == 302
    Attendance.objects.update(left_at=timezone.now())
    assert send(client, vote, member, "against", seen=str(Ballot.objects.get().event_id)) == 403
    assert Ballot.objects.get().choice == "for"


def proxied(client):
    """A vote in a meeting, with a proxy of a member that is away; the holder's voter is logged in."""
    meeting = make_meeting()
    [(giver, away)] = members_with_voters(7_000)
    vote, [(holder, voter)], _adviser = in_meeting(2_000, meeting=meeting)
    proxy = give_proxy(meeting, giver, holder, away)
    log_in(client, voter)
    return meeting, vote, giver, away, proxy, voter


@pytest.mark.parametrize("what", ["the holder left", "the giver arrived", "withdrawn", "over", "to come"])
def test_a_proxy_that_does_not_hold_now(client, what):
    meeting, vote, giver, away, proxy, _voter = proxied(client)
    now = timezone.now()
    if what == "the holder left":
        Attendance.objects.update(left_at=now)
    elif what == "the giver arrived":
        put_there(meeting, giver, away)
        Proxy.objects.update(ended_at=now, end_reason="arrived")
    elif what == "withdrawn":
        Proxy.objects.update(ended_at=now, end_reason="withdrawn")
    elif what == "over":
        Proxy.objects.update(ends_at=now - timedelta(seconds=1))
    else:
        Proxy.objects.update(starts_at=now + timedelta(hours=1))
    assert send(client, vote, giver) == 403
    assert nothing_kept()
    assert proxy.giver == giver


def test_the_giver_of_a_proxy_does_not_vote_beside_it(client):
    _meeting, vote, giver, away, _proxy, voter = proxied(client)
    assert send(client, vote, giver, "for") == 302
    assert Ballot.objects.get().by_proxy is not None
    log_in(client, away)
    assert send(client, vote, giver, "against") == 403
    assert Ballot.objects.get().person == voter


def test_a_delegate_has_its_own_part_and_no_other(client):
    meeting = make_meeting()
    [(member, one)] = members_with_voters(10_000)
    other = make_person("alderman", member=member)
    name_delegate(meeting, member, one, 6)
    name_delegate(meeting, member, other, 4)
    for person in (one, other):
        put_there(meeting, member, person)
    adviser = make_adviser()
    vote = commands.open_vote(actor=adviser, vote=planned_in(meeting, adviser))
    log_in(client, other)
    assert send(client, vote, member, part="1") == 302
    ballot = Ballot.objects.get()
    assert (ballot.part, ballot.person) == (2, other)
    assert Event.objects.get(pk=ballot.event_id).data["votes"] == 4


def test_who_was_named_as_delegate_keeps_out_who_holds_the_mandate(client):
    meeting = make_meeting()
    [(member, voter)] = members_with_voters(10_000)
    name_delegate(meeting, member, make_person("alderman", member=member))
    put_there(meeting, member, voter)
    adviser = make_adviser()
    vote = commands.open_vote(actor=adviser, vote=planned_in(meeting, adviser))
    log_in(client, voter)
    assert send(client, vote, member) == 403
    assert nothing_kept()


# --- in the same moment ----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_closed_in_the_same_moment_a_ballot_counts_or_is_refused_and_nothing_between():
    people = members_with_voters(*[2_000] * 8)
    adviser = make_adviser()
    vote = open_vote(adviser)
    clients = []
    for member, voter in people:
        client = Client(headers={"accept-language": "en"})
        log_in(client, voter)
        clients.append((client, member))
    start = Barrier(5)

    def send_some(part):
        start.wait()
        try:
            answers = []
            for client, member in part:
                answers.append(send(client, vote, member))
                time.sleep(0.005)
            return answers
        finally:
            connection.close()

    def close():
        start.wait()
        try:
            until = time.monotonic() + 30
            while Ballot.objects.filter(vote=vote).count() < 2 and time.monotonic() < until:
                time.sleep(0.001)
            return commands.close_vote(actor=adviser, vote=vote)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        sending = [threads.submit(send_some, clients[number::4]) for number in range(4)]
        closed = threads.submit(close).result()
        answers = [status for each in sending for status in each.result()]
    kept = answers.count(302)
    assert set(answers) <= {302, 403, 422}
    assert closed.result["heads"]["for"] == kept == Ballot.objects.count()
    assert Event.objects.filter(verb="ballot.cast").count() == kept
    assert kept >= 2
    assert Vote.objects.get().result["votes"] == {"for": 2 * kept, "against": 0, "abstain": 0}
