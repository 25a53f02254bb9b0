"""Secret votes: who voted is known, what was voted is not, and nothing ties the two."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.decide import commands, counting, secrecy
from omkering.decide.models import Ballot, RollEntry, SecretBox, SecretTurnout, Vote
from omkering.engine import tally
from omkering.journal.models import Event
from tests.decide.vote_kinds import SAID, ballot_of, cast_all, open_of
from tests.decide.votes import log_in, make_proposal, members_with_voters, open_vote, plan
from tests.people import make_adviser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with translation.override("en"):
        yield


def secret(*inhabitants: int, **changes):
    people = members_with_voters(*inhabitants)
    return open_vote(secret=True, **changes), people


def test_a_secret_ballot_leaves_a_mark_and_one_more_in_the_box_and_nothing_else():
    vote, [(member, voter), *_others] = secret(3_000, 3_000, 1_000)
    before = Event.objects.count()
    assert commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for") == 0
    assert Event.objects.count() == before
    assert not Ballot.objects.exists()
    assert [row.entry.member for row in SecretTurnout.objects.filter(voted=True)] == [member]
    assert list(SecretBox.objects.filter(ballots__gt=0).values_list("weight", "choice", "ballots")) == [
        (3, "for", 1)
    ]
    with pytest.raises(ValidationError) as caught:
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice="against")
    assert caught.value.code == "voted_before"


def test_no_table_has_a_column_that_could_tie_the_two():
    def columns(model):
        return {field.name for field in model._meta.get_fields()}

    assert columns(SecretTurnout) == {"id", "entry", "part", "voted"}
    assert columns(SecretBox) == {"id", "vote", "weight", "choice", "ballots"}
    with connection.cursor() as cursor:  # no history of rows either
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'decide_secret%event'")
        assert cursor.fetchall() == []


def test_rows_stand_in_the_order_of_the_roll_whatever_the_order_of_voting():
    vote, people = secret(*[2_000] * 6)
    for number in (4, 1, 5, 0):
        member, voter = people[number]
        commands.cast_ballot(actor=voter, vote=vote, member=member, choice="against" if number % 2 else "for")
    commands.close_vote(actor=make_adviser(), vote=vote)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.voter, t.xmin::text FROM decide_secretturnout t JOIN decide_rollentry e ON e.id = t.entry_id "
            "ORDER BY t.ctid"
        )
        rows = cursor.fetchall()
    assert [voter for voter, _xmin in rows] == sorted(voter for voter, _xmin in rows)
    assert len({xmin for _voter, xmin in rows}) == 1
    keys = list(SecretTurnout.objects.order_by("pk").values_list("entry__voter", flat=True))
    assert keys == sorted(keys)


def test_closing_records_one_event_with_the_digests_and_no_choice_of_anybody():
    vote, people = secret(1_000, 1_000, 1_000)
    cast_all(vote, people, ("for", "against", "for"))
    vote = commands.close_vote(actor=make_adviser(), vote=vote)
    event = Event.objects.get(verb="vote.closed")
    assert len(event.data["box_sha256"]) == len(event.data["turnout_sha256"]) == 64
    assert event.data["votes"] == {"for": 2, "against": 1, "abstain": 0}
    for other in Event.objects.exclude(pk=event.pk):
        assert "against" not in json.dumps({**other.data, "kind": ""})
        assert not other.verb.startswith("ballot.")
    assert vote.result["slices"] == {}


def test_box_and_turnout_stay_as_they_are_after_closing():
    vote, people = secret(1_000, 1_000)
    cast_all(vote, people, ("for", "against"))
    commands.close_vote(actor=make_adviser(), vote=vote)
    box, mark = SecretBox.objects.first(), SecretTurnout.objects.first()
    changes = [
        lambda: SecretBox.objects.filter(pk=box.pk).update(ballots=9),
        lambda: SecretBox.objects.filter(pk=box.pk).delete(),
        lambda: SecretBox.objects.create(vote=vote, weight=7, choice="for", ballots=1),
        lambda: SecretTurnout.objects.filter(pk=mark.pk).update(voted=False),
        lambda: SecretTurnout.objects.filter(pk=mark.pk).delete(),
        lambda: SecretTurnout.objects.create(entry=mark.entry, part=3),
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert SecretBox.objects.get(pk=box.pk).ballots == box.ballots


def test_who_has_voted_cannot_become_who_has_not_while_it_is_open():
    vote, [(member, voter)] = secret(1_000)
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    with pytest.raises(DatabaseError), transaction.atomic():
        SecretTurnout.objects.filter(voted=True).update(voted=False)


def test_a_box_that_does_not_agree_with_who_voted_is_not_counted():
    vote, [(member, voter), *_others] = secret(1_000, 2_000)
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    SecretBox.objects.filter(vote=vote, choice="against", weight=2).update(ballots=1)
    with pytest.raises(ValueError, match="agree"), transaction.atomic():
        commands.close_vote(actor=make_adviser(), vote=vote)


@pytest.mark.parametrize("kind", SAID)
def test_a_secret_vote_counts_as_an_open_one(kind):
    opened, people = open_of(kind)
    hidden = open_vote(secret=True, ballot=ballot_of(kind))
    for vote in (opened, hidden):
        cast_all(vote, people, SAID[kind])
    adviser = make_adviser()
    results = [commands.close_vote(actor=adviser, vote=vote).result for vote in (opened, hidden)]
    for part in ("outcome", "votes", "heads", "elected", "tied", "base", "required", "cast", "roll"):
        assert results[0][part] == results[1][part], part


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["for", "against", "abstain", ""])), min_size=1))
def test_the_count_of_a_box_is_that_of_its_ballots(lines):
    """The sums of a box, with made-up lines beside its ballots, are those of the real ones."""
    roll = tally.Roll(tally.Entry(str(number), weight) for number, (weight, _choice) in enumerate(lines))
    rule = tally.Rule(
        "for_against_abstain", thresholds=(tally.Threshold(1, 2, True, "cast_without_abstentions"),)
    )
    real = [tally.Ballot(str(number), choice) for number, (_weight, choice) in enumerate(lines) if choice]
    by_weight: dict[int, list[str]] = {}
    for number, (weight, choice) in enumerate(lines):
        if choice:
            by_weight.setdefault(weight, []).append(str(number))
    made_up = []
    for weight, choice in sorted((weight, choice) for weight, choice in lines if choice):
        made_up.append(tally.Ballot(by_weight[weight].pop(), choice))
    assert tally.tally(roll, real, rule).as_dict() == tally.tally(roll, made_up, rule).as_dict()


# --- pages -----------------------------------------------------------------------------------------------
def page(client, vote: Vote) -> str:
    return " ".join(client.get(reverse("decide:vote", args=[vote.pk])).content.decode().split())


def test_before_opening_the_page_names_who_would_stand_out(client):
    people = members_with_voters(*[2_000] * 5, 60_000)
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser, secret=True)
    text = page(client, vote)
    assert "Some votes would not be secret" in text
    assert people[-1][0].name in text.split("Some votes would not be secret")[1].split("</ul>")[0]
    assert people[0][0].name not in text.split("Some votes would not be secret")[1].split("</ul>")[0]
    times = {"opens_at": vote.opens_at, "closes_at": vote.closes_at, "reference_date": vote.reference_date}
    vote = commands.change_plan(actor=adviser, vote=vote, heads=True, **times)
    assert "Some votes would not be secret" not in page(client, vote)
    assert secrecy.rare_weights(RollEntry(weight=1, member=member) for member, _voter in people) == []


def test_the_page_shows_who_voted_and_never_what(client):
    vote, people = secret(*[1_000] * 6)
    member, voter = people[0]
    log_in(client, voter)
    address = reverse("decide:ballot", args=[vote.pk, member.code])
    assert address in page(client, vote)
    assert "Confirm your vote" not in client.get(address, {"choice": "against"}).content.decode()
    confirm = client.post(address, {"choice": "against", "fill": "1"}).content.decode()
    assert "there is no receipt" in confirm
    assert f'action="{address}"' in confirm  # the choice is in no address
    assert SecretTurnout.objects.filter(voted=True).count() == 0
    done = client.post(address, {"choice": "against", "seen": "0"}, follow=True).content.decode()
    assert "nothing ties the two" in " ".join(done.split())
    assert "gainst" not in " ".join(done.split()).split("<main")[1].split("</main>")[0]
    text = page(client, vote)
    assert "A vote was cast. It is secret and cannot be changed." in text
    assert address not in text.replace(f"{address}ontvangen", "")
    assert client.post(address, {"choice": "for", "seen": "0"}).status_code == 422
    commands.close_vote(actor=make_adviser(), vote=vote)
    call = client.get(reverse("decide:roll_call", args=[vote.pk, "csv"]))
    lines = b"".join(call.streaming_content).decode().splitlines()
    assert sum("Voted" in line for line in lines[1:]) == 1
    assert all("gainst" not in line for line in lines)
    assert "Who has voted" in page(client, vote)


def test_a_secret_vote_takes_no_ballot_with_a_name_and_no_acclamation():
    vote, [(member, _voter)] = secret(1_000)
    with pytest.raises(ValidationError, match="no ballots with a name"):
        commands.enter_desk_ballot(
            actor=make_adviser(), vote=vote, voter=member.code, choice="for", way="paper"
        )
    adviser = make_adviser()
    with pytest.raises(ValidationError) as caught:
        plan(make_proposal(adviser), adviser, secret=True, procedure="acclamation")
    assert set(caught.value.message_dict) == {"secret"}


def test_a_secret_vote_that_is_undone_keeps_its_box_closed():
    vote, [(member, voter)] = secret(1_000)
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    commands.undo_vote(actor=make_adviser(), vote=vote, reason="De stemlijst klopte niet.")
    with pytest.raises(DatabaseError), transaction.atomic():
        SecretBox.objects.filter(vote=vote).update(ballots=0)


def test_turnout_is_told_and_counts_once():
    vote, people = secret(1_000, 5_000)
    member, voter = people[1]
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="for")
    assert counting.count(vote).cast == tally.counting.Sum(5, 1)
    assert vote.closes_at - vote.opens_at > timedelta(0)
