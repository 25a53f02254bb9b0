"""Ballots at the desk: by hand and on paper, with the name, four eyes, and once only."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from omkering.decide import commands
from omkering.decide.commands.desk_ballots import Given
from omkering.decide.models import Ballot, DeskBallot, Way
from omkering.journal.models import Event
from tests.decide.running import make_meeting, name_delegate
from tests.decide.vote_kinds import in_meeting, open_of
from tests.decide.votes import log_in, members_with_voters, open_vote
from tests.people import make_adviser, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with translation.override("en"):
        yield


def ready(*inhabitants: int):
    people = members_with_voters(*inhabitants)
    return open_vote(), people, make_adviser(), make_adviser()


def test_it_counts_once_somebody_else_confirmed_it():
    vote, [(member, _voter)], first, second = ready(5_000)
    desk = commands.enter_desk_ballot(actor=first, vote=vote, voter=member.code, choice="for", way="hand")
    assert not Ballot.objects.exists()
    with pytest.raises(ValidationError, match="Somebody else"):
        commands.confirm_desk_ballot(actor=first, desk=desk)
    receipt = commands.confirm_desk_ballot(actor=second, desk=desk)
    assert commands.confirm_desk_ballot(actor=second, desk=desk) == receipt
    ballot = Ballot.objects.get()
    assert (ballot.choice, ballot.way, ballot.person, ballot.event_id) == ("for", Way.HAND, first, receipt)
    event = Event.objects.get(pk=receipt)
    assert event.data == {"choice": "for", "votes": 5, "way": "hand"}
    assert commands.close_vote(actor=first, vote=vote).result["votes"]["for"] == 5


def test_four_eyes_hold_in_the_database_too():
    vote, [(member, _voter)], first, _second = ready(5_000)
    desk = commands.enter_desk_ballot(actor=first, vote=vote, voter=member.code, choice="for", way="hand")
    with pytest.raises(IntegrityError), transaction.atomic():
        DeskBallot.objects.filter(pk=desk.pk).update(confirmed_by=first)


def test_what_is_not_confirmed_does_not_count_and_closing_says_how_many():
    vote, [(member, _voter)], first, _second = ready(5_000)
    commands.enter_desk_ballot(actor=first, vote=vote, voter=member.code, choice="for", way="paper")
    assert commands.close_vote(actor=first, vote=vote).result["cast"]["heads"] == 0
    assert Event.objects.get(verb="vote.closed").data["desk_unconfirmed"] == 1
    with pytest.raises(ValidationError):
        commands.confirm_desk_ballot(actor=make_adviser(), desk=DeskBallot.objects.get())


def test_a_member_that_voted_by_phone_counts_once():
    vote, [(member, voter)], first, second = ready(5_000)
    desk = commands.enter_desk_ballot(actor=first, vote=vote, voter=member.code, choice="for", way="hand")
    commands.cast_ballot(actor=voter, vote=vote, member=member, choice="against")
    with pytest.raises(ValidationError) as caught:
        commands.confirm_desk_ballot(actor=second, desk=desk)
    assert caught.value.code == "changed"
    assert Ballot.objects.get().choice == "against"
    commands.refuse_desk_ballot(actor=first, desk=desk)
    with pytest.raises(ValidationError, match="by phone"):
        commands.enter_desk_ballot(actor=first, vote=vote, voter=member.code, choice="for", way="hand")


def test_a_slip_is_refused_and_taken_down_again():
    vote, [(member, _voter)], first, second = ready(5_000)
    slip = commands.enter_desk_ballot(actor=first, vote=vote, voter=member.code, choice="for", way="hand")
    same = commands.enter_desk_ballot(actor=first, vote=vote, voter=member.code, choice="for", way="hand")
    assert slip == same
    with pytest.raises(ValidationError, match="waits to be confirmed already"):
        commands.enter_desk_ballot(actor=second, vote=vote, voter=member.code, choice="against", way="hand")
    commands.refuse_desk_ballot(actor=first, desk=slip)
    with pytest.raises(ValidationError):
        commands.confirm_desk_ballot(actor=second, desk=slip)
    good = commands.enter_desk_ballot(actor=first, vote=vote, voter=member.code, choice="against", way="hand")
    commands.confirm_desk_ballot(actor=second, desk=good)
    again = commands.enter_desk_ballot(actor=second, vote=vote, voter=member.code, choice="for", way="paper")
    commands.confirm_desk_ballot(actor=first, desk=again)
    ballot = Ballot.objects.get()
    assert (ballot.choice, ballot.way) == ("for", Way.PAPER)
    assert DeskBallot.objects.count() == 3


@pytest.mark.parametrize(
    "changes", [{"voter": "GM9999"}, {"choice": "perhaps"}, {"way": "screen"}, {"way": ""}, {"part": 1}]
)
def test_what_cannot_be_taken_down(changes):
    vote, [(member, _voter)], first, _second = ready(5_000)
    given = {"voter": member.code, "choice": "for", "way": "hand", **changes}
    with pytest.raises(ValidationError):
        commands.enter_desk_ballot(actor=first, vote=vote, **given)
    assert not DeskBallot.objects.exists()


def test_all_of_a_page_or_none():
    vote, people, first, _second = ready(1_000, 2_000)
    good = Given(people[0][0].code, "for")
    with pytest.raises(ValidationError), transaction.atomic():
        commands.enter_desk_ballots(
            actor=first, vote=vote, given=[good, Given(people[1][0].code, "perhaps")], way="hand"
        )
    assert not DeskBallot.objects.exists()


def test_only_the_bureau_holds_the_desk():
    vote, [(member, voter)], first, _second = ready(5_000)
    desk = commands.enter_desk_ballot(actor=first, vote=vote, voter=member.code, choice="for", way="hand")
    for command in (
        lambda: commands.enter_desk_ballot(
            actor=voter, vote=vote, voter=member.code, choice="for", way="hand"
        ),
        lambda: commands.confirm_desk_ballot(actor=voter, desk=desk),
        lambda: commands.refuse_desk_ballot(actor=make_person("clerk", member=member), desk=desk),
    ):
        with pytest.raises(PermissionDenied):
            command()


def test_each_part_of_a_divided_member_is_taken_down_by_itself():
    meeting = make_meeting()
    [(member, _voter)] = members_with_voters(10_000)
    for votes in (6, 4):
        name_delegate(meeting, member, make_person("alderman", member=member), votes)
    vote, _people, first = in_meeting(2_000, meeting=meeting)
    with pytest.raises(ValidationError, match="divides its votes"):
        commands.enter_desk_ballot(actor=first, vote=vote, voter=member.code, choice="for", way="hand")
    second = make_adviser()
    for part, choice in ((1, "for"), (2, "against")):
        desk = commands.enter_desk_ballot(
            actor=first, vote=vote, voter=member.code, choice=choice, way="paper", part=part
        )
        commands.confirm_desk_ballot(actor=second, desk=desk)
    result = commands.close_vote(actor=first, vote=vote).result
    assert (result["votes"]["for"], result["votes"]["against"]) == (6, 4)


# --- pages -----------------------------------------------------------------------------------------------
def test_a_teller_takes_down_many_at_once_and_a_colleague_confirms(client):
    vote, people, first, second = ready(1_000, 2_000, 3_000)
    log_in(client, first)
    address = reverse("decide:desk", args=[vote.pk])
    fields = {
        f"line-{entry.pk}-0": choice
        for entry, choice in zip(vote.roll.order_by("voter"), ("for", "against", ""), strict=True)
    }
    assert client.post(address, {**fields, "way": ""}).status_code == 422
    assert client.post(address, {"way": "hand"}).status_code == 422
    assert client.post(address, {**fields, "way": "hand"}).status_code == 302
    assert DeskBallot.objects.count() == 2
    text = client.get(address).content.decode()
    assert "you; somebody else confirms it" in text
    assert "waits to be confirmed" in text
    rows = [row.pk for row in DeskBallot.objects.order_by("pk")]
    confirm = reverse("decide:desk_confirm", args=[vote.pk])
    client.post(confirm, {"desk": rows})
    assert not Ballot.objects.exists()
    log_in(client, second)
    client.post(confirm, {"desk": rows[:1]})
    client.post(confirm, {"desk": rows[1:], "refuse": "1"})
    assert Ballot.objects.get().choice == "for"
    assert DeskBallot.objects.filter(refused_at__isnull=False).count() == 1
    found = client.get(address, {"q": people[2][0].name}).content.decode()
    assert people[2][0].name in found
    assert people[0][0].name not in found
    commands.close_vote(actor=first, vote=vote)
    assert "By show of hands" in client.get(reverse("decide:vote", args=[vote.pk])).content.decode()


def test_a_ranking_on_paper_has_a_page_of_its_own(client):
    vote, [(member, _voter), *_others] = open_of("ranking")
    log_in(client, make_adviser())
    address = reverse("decide:desk_line", args=[vote.pk, member.code, 0])
    assert address in client.get(reverse("decide:desk", args=[vote.pk])).content.decode()
    assert client.post(address, {"place-A": "1", "place-B": "2", "way": "paper"}).status_code == 302
    assert DeskBallot.objects.get().choice == "A>B"
    assert client.post(address, {"way": "paper"}).status_code == 422
