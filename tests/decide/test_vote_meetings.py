"""Votes in a meeting: proxies and parts, the result that waits, what is undone, acclamation, lists, advice."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from omkering.decide import commands
from omkering.decide.commands.ballot_lists import Choice
from omkering.decide.commands.votes import open_and_close_due
from omkering.decide.models import AgendaItem, Ballot, LiveChange, Meeting, Outcome, Proposal, Vote, VoteState
from omkering.journal.models import Event
from omkering.thread import milestones
from omkering.thread.models import Notice
from tests.decide.running import give_proxy, make_chair, make_meeting, name_delegate, put_there
from tests.decide.vote_kinds import ballot_of, cast_all, in_meeting, planned_in
from tests.decide.votes import log_in, make_proposal, make_source, members_with_voters, open_vote, plan
from tests.people import make_adviser, make_person

pytestmark = pytest.mark.django_db
REASON = "De stemlijst klopte niet: één gemeente stond er dubbel op."


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with translation.override("en"):
        yield


def page(client, vote: Vote) -> str:
    return " ".join(client.get(reverse("decide:vote", args=[vote.pk])).content.decode().split())


# --- announcing ------------------------------------------------------------------------------------------
def test_in_a_meeting_the_result_counts_once_it_is_announced(client):
    vote, people, adviser = in_meeting(3_000, 2_000, about=None)
    follower = make_person("clerk", member=people[0][0])
    Proposal.objects.filter(pk=vote.about_id).update(author=follower)
    cast_all(vote, people, ("for", "for"))
    vote = commands.close_vote(actor=adviser, vote=vote)
    assert not vote.is_known
    assert Proposal.objects.get().state == "voting"
    assert not Notice.objects.filter(milestone="vote.adopted").exists()
    text = page(client, vote)
    assert "Adopted" not in text
    assert "not announced yet" in text
    assert client.get(reverse("decide:roll_call", args=[vote.pk, "csv"])).status_code == 404
    log_in(client, adviser)
    assert "Adopted: 5 of the 5 votes" in page(client, vote)
    assert client.post(reverse("decide:announce", args=[vote.pk])).status_code == 302
    vote = Vote.objects.get()
    assert vote.is_known
    assert Proposal.objects.get().state == "adopted"
    assert Notice.objects.get(milestone="vote.adopted").person == follower
    assert commands.announce_result(actor=adviser, vote=vote).announced_at == vote.announced_at
    assert Event.objects.filter(verb="vote.announced").count() == 1
    client.logout()
    assert "Adopted: 5 of the 5 votes" in page(client, vote)
    told = [change.data["what"] for change in LiveChange.objects.order_by("pk") if change.about == "vote"]
    assert told == ["planned", "opened", "closed", "announced"]


def test_the_clock_opens_no_vote_of_a_meeting_and_does_close_it():
    members_with_voters(1_000)
    adviser = make_adviser()
    vote = planned_in(make_meeting(), adviser)
    assert commands.open_and_close_due() == (0, 0)
    commands.open_vote(actor=adviser, vote=vote, closes_at=timezone.now() + timedelta(minutes=1))
    Vote.objects.update(
        opens_at=timezone.now() - timedelta(hours=1), closes_at=timezone.now() - timedelta(seconds=1)
    )
    assert commands.open_and_close_due() == (0, 1)


def test_who_holds_the_chairs_seat_leads_the_vote_and_others_do_not(client):
    meeting = make_meeting()
    vote, people, _adviser = in_meeting(1_000, meeting=meeting)
    chair = make_chair(meeting.owner_body)
    for person in (people[0][1], make_person("clerk", member=people[0][0])):
        with pytest.raises(PermissionDenied):
            commands.close_vote(actor=person, vote=vote)
    log_in(client, chair)
    assert client.get(reverse("decide:close", args=[vote.pk])).status_code == 200
    assert client.post(reverse("decide:close", args=[vote.pk])).status_code == 302
    commands.announce_result(actor=chair, vote=vote)


def test_extending_is_for_an_open_vote_and_later_only(client):
    vote, _people, adviser = in_meeting(1_000)
    later = vote.closes_at + timedelta(minutes=5)
    with pytest.raises(ValidationError):
        commands.extend_vote(actor=adviser, vote=vote, closes_at=vote.closes_at)
    assert commands.extend_vote(actor=adviser, vote=vote, closes_at=later).closes_at == later
    log_in(client, adviser)
    assert client.get(reverse("decide:extend", args=[vote.pk])).status_code == 200
    Vote.objects.update(
        opens_at=timezone.now() - timedelta(hours=1), closes_at=timezone.now() - timedelta(seconds=1)
    )
    with pytest.raises(ValidationError, match="over"):
        commands.extend_vote(actor=adviser, vote=vote, closes_at=later)


# --- undoing ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("closed", [False, True])
def test_a_mistake_is_undone_until_the_result_is_announced(client, closed):
    vote, people, adviser = in_meeting(3_000, 2_000)
    cast_all(vote, people, ("for", "against"))
    if closed:
        commands.close_vote(actor=adviser, vote=vote)
    with pytest.raises(ValidationError):
        commands.undo_vote(actor=adviser, vote=vote, reason="  ")
    again = commands.undo_vote(actor=adviser, vote=vote, reason=REASON)
    assert commands.undo_vote(actor=adviser, vote=vote, reason=REASON) == again
    old = Vote.objects.get(pk=vote.pk)
    assert (old.state, old.undone_reason, again.state) == (VoteState.UNDONE, REASON, VoteState.PLANNED)
    assert (again.replaces, again.roll_note, again.meeting) == (old, REASON, old.meeting)
    assert (old.roll.count(), Ballot.objects.filter(vote=old).count()) == (2, 2)
    with pytest.raises(ValidationError):
        commands.cast_ballot(actor=people[0][1], vote=old, member=people[0][0], choice="for")
    again = commands.open_vote(actor=adviser, vote=again)
    cast_all(again, people, ("against", "against"))
    commands.close_vote(actor=adviser, vote=again)
    commands.announce_result(actor=adviser, vote=again)
    assert Vote.objects.get(pk=again.pk).outcome == Outcome.REJECTED
    assert REASON in page(client, old)
    assert REASON in page(client, again)
    assert "Adopted" not in page(client, old)


def test_an_announced_result_stands_also_in_the_database():
    vote, people, adviser = in_meeting(3_000)
    commands.close_vote(actor=adviser, vote=vote)
    commands.announce_result(actor=adviser, vote=vote)
    with pytest.raises(ValidationError, match="announced"):
        commands.undo_vote(actor=adviser, vote=vote, reason=REASON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Vote.objects.update(undone_at=timezone.now())
    assert people


def test_a_corrected_roll_is_a_roll_of_the_new_vote(client):
    [(member, voter)] = members_with_voters(3_000)
    adviser = make_adviser()
    vote = open_vote(adviser)
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    again = commands.undo_vote(actor=adviser, vote=vote, reason=REASON)
    assert again.opens_at > timezone.now()  # time to correct what was wrong
    member.populations.create(day="2022-05-01", inhabitants=9_000, source="test")
    again = commands.open_vote(actor=adviser, vote=again)
    assert vote.roll.get().weight == 3
    assert again.roll.get().weight == 9
    log_in(client, adviser)
    assert client.get(reverse("decide:undo_vote", args=[again.pk])).status_code == 200
    assert client.post(reverse("decide:undo_vote", args=[again.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("decide:undo_vote", args=[again.pk]), {"reason": REASON}).status_code == 302


# --- proxies and parts -----------------------------------------------------------------------------------
def test_a_proxy_and_each_part_are_lines_of_their_own_on_the_page(client):
    meeting = make_meeting()
    (away, away_voter), (divided, one) = members_with_voters(7_000, 10_000)
    other = make_person("alderman", member=divided)
    name_delegate(meeting, divided, one, 6)
    name_delegate(meeting, divided, other, 4)
    put_there(meeting, divided, one)
    put_there(meeting, divided, other)
    vote, [(holder, voter)], adviser = in_meeting(2_000, meeting=meeting)
    give_proxy(meeting, away, holder, away_voter)
    log_in(client, voter)
    text = page(client, vote)
    assert f"By proxy: {holder.name} votes for this member." in text
    for member, choice in ((holder, "for"), (away, "against")):
        address = reverse("decide:ballot", args=[vote.pk, member.code])
        assert f"{address}?choice={choice}" in text
        assert client.post(address, {"choice": choice, "seen": "0"}).status_code == 302
    assert "7 votes" in client.get(reverse("decide:cast", args=[vote.pk, away.code])).content.decode() or True
    log_in(client, one)
    text = page(client, vote)
    assert "This is part 1 of the 10 votes of this member." in text
    address = reverse("decide:ballot", args=[vote.pk, divided.code])
    assert "6 votes" in client.get(address, {"choice": "for"}).content.decode()
    client.post(address, {"choice": "for", "seen": "0"})
    log_in(client, other)
    client.post(address, {"choice": "against", "seen": "0"})
    vote = commands.close_vote(actor=adviser, vote=vote)
    commands.announce_result(actor=adviser, vote=vote)
    assert vote.result["votes"] == {"for": 8, "against": 11, "abstain": 0}
    text = page(client, vote)
    assert f"by proxy of {holder.name}" in text
    assert "6: For; 4: Against" in text
    rows = (
        b"".join(client.get(reverse("decide:roll_call", args=[vote.pk, "csv"])).streaming_content)
        .decode()
        .splitlines()
    )
    assert sum(row.startswith(divided.code) for row in rows) == 2
    proxied = next(row for row in rows if row.startswith(away.code))
    assert holder.name in proxied
    assert str(Ballot.objects.get(entry__member=away).event_id) in proxied


# --- acclamation -----------------------------------------------------------------------------------------
def acclaimed(*inhabitants: int):
    people = members_with_voters(*inhabitants)
    adviser = make_adviser()
    return open_vote(adviser, procedure="acclamation"), people, adviser


def test_without_an_objection_it_is_adopted_by_acclamation(client, monkeypatch):
    vote, [(member, voter)], adviser = acclaimed(1_000)
    with pytest.raises(ValidationError) as caught:
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    assert caught.value.code == "acclamation"
    log_in(client, voter)
    assert reverse("decide:object_to", args=[vote.pk, member.code]) in page(client, vote)
    heard = []
    monkeypatch.setitem(
        milestones._handlers, ("vote.adopted", "proposal"), [lambda **told: heard.append(told["item"].pk)]
    )
    vote = commands.close_vote(actor=adviser, vote=vote)
    assert vote.outcome == Outcome.ADOPTED
    assert heard == [vote.about_id]
    assert "Adopted by acclamation: nobody objected." in page(client, vote)


def test_an_objection_makes_it_a_vote_that_lasts_as_long_again(client):
    vote, people, adviser = acclaimed(3_000, 2_000)
    (member, voter), (other, other_voter) = people
    log_in(client, voter)
    address = reverse("decide:object_to", args=[vote.pk, member.code])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "Wij willen hierover praten."}).status_code == 302
    with pytest.raises(PermissionDenied):
        commands.object_to(actor=voter, vote=vote, voter=other.code)
    again = commands.object_to(actor=voter, vote=vote, voter=member.code)
    assert again.reason == "Wij willen hierover praten."
    assert Vote.objects.get().closes_at > vote.closes_at - timedelta(seconds=1)
    assert Notice.objects.filter(milestone="vote.objected", person=other_voter).exists()
    cast_all(vote, people, ("against", "for"))
    assert "Wij willen hierover praten." in page(client, vote)
    vote = commands.close_vote(actor=adviser, vote=vote)
    assert vote.outcome == Outcome.REJECTED


def test_there_is_nothing_to_object_to_in_an_ordinary_vote_or_too_late():
    [(member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    with pytest.raises(ValidationError):
        commands.object_to(actor=voter, vote=vote, voter=member.code)
    late, [(one, person)], adviser = acclaimed(1_000)
    commands.close_vote(actor=adviser, vote=late)
    with pytest.raises(ValidationError, match="over"):
        commands.object_to(actor=person, vote=late, voter=one.code)


def test_by_acclamation_only_where_there_is_nothing_to_choose():
    members_with_voters(1_000)
    adviser = make_adviser()
    with pytest.raises(ValidationError) as caught:
        plan(make_proposal(adviser), adviser, procedure="acclamation", ballot=ballot_of("options"))
    assert set(caught.value.message_dict) == {"procedure"}
    both = ballot_of("options", ("Een", "Twee"), seats=2)
    vote = commands.open_vote(
        actor=adviser, vote=plan(make_proposal(adviser), adviser, procedure="acclamation", ballot=both)
    )
    assert commands.close_vote(actor=adviser, vote=vote).chosen == ["A", "B"]


def test_by_acclamation_in_a_meeting_only_with_its_quorum():
    (_here, _voter), _gone = members_with_voters(1_000, 9_000)
    vote, _people, adviser = in_meeting(2_000, procedure="acclamation", quorum_key="half-of-votes")
    assert commands.close_vote(actor=adviser, vote=vote).outcome == Outcome.NO_QUORUM


# --- lists -----------------------------------------------------------------------------------------------
def listed(adviser):
    first = plan(make_proposal(adviser, title="Eerste"), adviser)
    second = plan(make_proposal(adviser, title="Tweede"), adviser, together=first)
    third = plan(make_proposal(adviser, title="Derde"), adviser, together=first, secret=True)
    commands.open_vote(actor=adviser, vote=first)
    return [Vote.objects.get(pk=vote.pk) for vote in (first, second, third)]


def test_a_list_opens_together_takes_one_form_and_gives_a_ballot_each(client):
    [(member, voter)] = members_with_voters(4_000)
    adviser = make_adviser()
    votes = listed(adviser)
    assert {vote.state for vote in votes} == {VoteState.OPEN}
    log_in(client, voter)
    address = reverse("decide:vote_list", args=[votes[1].pk])
    assert address in page(client, votes[1])
    assert client.get(address).status_code == 200
    name = f"b%s-{member.code}-%s"
    data = {name % (votes[0].pk, "choice"): "for", name % (votes[2].pk, "choice"): "against"}
    assert client.post(address, {}).status_code == 422
    assert client.post(address, data).status_code == 302
    assert [(ballot.vote_id, ballot.choice) for ballot in Ballot.objects.all()] == [(votes[0].pk, "for")]
    data = {name % (votes[0].pk, "choice"): "for", name % (votes[1].pk, "choice"): "abstain"}
    client.post(address, data)
    assert Event.objects.filter(verb__startswith="ballot.").count() == 2
    commands.close_vote(actor=adviser, vote=votes[0])
    assert set(Vote.objects.values_list("state", flat=True)) == {VoteState.CLOSED}
    assert Vote.objects.get(pk=votes[2].pk).result["votes"]["against"] == 4


def test_all_ballots_of_a_list_or_none():
    (one, voter), (two, _other) = members_with_voters(4_000, 1_000)
    votes = listed(make_adviser())
    good = Choice(votes[0], one.code, "for")
    with pytest.raises(ValidationError), transaction.atomic():
        commands.cast_list(actor=voter, given=[good, Choice(votes[1], one.code, "perhaps")])
    with pytest.raises(PermissionDenied), transaction.atomic():
        commands.cast_list(actor=voter, given=[good, Choice(votes[1], two.code, "for")])
    assert not Ballot.objects.exists()
    assert len(set(commands.cast_list(actor=voter, given=[good, Choice(votes[1], one.code, "for")]))) == 2


# --- advice, ratifying -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("advice", "choice", "news", "reaction", "state"),
    [
        ("adopt", "for", "vote.advice_followed", "vote.adopted", "adopted"),
        ("reject", "for", "vote.advice_followed", "vote.rejected", "rejected"),
        ("hold", "for", "vote.advice_followed", "vote.held", "made"),
        ("take_over", "for", "vote.advice_followed", "vote.taken_over", "made"),
        ("adopt", "against", "vote.advice_rejected", None, "made"),
    ],
)
def test_the_advice_is_put_to_the_vote(client, monkeypatch, advice, choice, news, reaction, state):
    [(member, voter)] = members_with_voters(1_000)
    source = make_source(author=make_person("clerk", member=member))
    heard = []
    for key in ("vote.adopted", "vote.rejected", "vote.held", "vote.taken_over"):
        monkeypatch.setitem(
            milestones._handlers, (key, "proposal"), [lambda key=key, **told: heard.append(key)]
        )
    adviser = make_adviser()
    vote = open_vote(adviser, source=source, on_advice=advice)
    assert "Put to the vote is the advice" in page(client, vote)
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice=choice)
    commands.close_vote(actor=adviser, vote=vote)
    assert heard == ([reaction] if reaction else [])
    assert Notice.objects.filter(milestone=news, person=source.author).exists()
    assert Proposal.objects.get().state == state


def test_a_remote_vote_is_made_formal_later_without_being_decided_twice(client, monkeypatch):
    [(member, voter)] = members_with_voters(1_000)
    adviser = make_adviser()
    remote = open_vote(adviser)
    commands.cast_ballot(actor=voter, vote=remote, member=member, choice="for")
    remote = commands.close_vote(actor=adviser, vote=remote)
    heard = []
    monkeypatch.setitem(milestones._handlers, ("vote.adopted", "proposal"), [lambda **told: heard.append(1)])
    with pytest.raises(ValidationError, match="decided on this"):
        plan(remote.about, adviser)
    formal = planned_in(make_meeting(), adviser, about=remote.about, ratifies=remote)
    put_there(formal.meeting, member, voter)
    formal = commands.open_vote(actor=adviser, vote=formal)
    commands.cast_ballot(actor=voter, vote=formal, member=member, choice="for")
    commands.close_vote(actor=adviser, vote=formal)
    commands.announce_result(actor=adviser, vote=formal)
    assert heard == []
    assert Event.objects.filter(verb="news.told", data__milestone="vote.ratified").exists()
    assert "This vote makes formal" in page(client, formal)
    assert "Made formal in" in page(client, remote)
    assert Proposal.objects.get().state in ("adopted", "voting")


def test_a_consultation_over_days_announces_its_result_by_itself():
    consultation = make_meeting(form="consultation")
    vote, people, _adviser = in_meeting(1_000, 2_000, meeting=consultation)
    for member, voter in people:
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    past = timezone.now() - timedelta(seconds=1)
    Vote.objects.filter(pk=vote.pk).update(opens_at=past - timedelta(days=5), closes_at=past)
    assert open_and_close_due() == (0, 1)
    vote.refresh_from_db()
    assert (vote.is_known, str(vote.outcome), vote.about.proposal.state) == (True, "adopted", "adopted")


def test_what_the_chair_chose_on_a_tie_stands_on_the_screen_and_for_the_bureau_before(client):
    vote, people, adviser = in_meeting(1_000, 1_000, ballot=ballot_of("options"), rule_set_key="one-each")
    cast_all(vote, people, ("A", "B"))
    vote = commands.close_vote(actor=adviser, vote=vote)
    vote = commands.decide_tie(actor=adviser, vote=vote, choice="B")
    log_in(client, adviser)
    shown = page(client, vote)
    assert "The chair chose “Bus”" in shown and "Nothing is decided" not in shown
    commands.announce_result(actor=adviser, vote=vote)
    Meeting.objects.filter(pk=vote.meeting_id).update(on_screen={"show": "result", "vote": vote.pk})
    screen = client.get(reverse("decide:screen", args=[vote.meeting_id])).content.decode()
    [chosen] = [row for row in screen.split("<li")[1:] if "hall-chosen" in row.split(">")[0]]
    assert "Bus" in chosen.split("</li>")[0]


def test_a_vote_in_a_meeting_belongs_to_the_item_about_its_subject():
    adviser, meeting = make_adviser(), make_meeting()
    members_with_voters(1_000)
    about, other = make_proposal(adviser), make_proposal(adviser, title="Iets anders")
    item = AgendaItem.objects.create(
        meeting=meeting, position=9, title="Hierover", kind="proposal", about=about
    )
    assert planned_in(meeting, adviser, about=about).agenda_item == item
    assert planned_in(meeting, adviser, about=other).agenda_item is None  # it is not on the agenda
