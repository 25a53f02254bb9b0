"""Ballots at the desk: by hand and on paper, with the name, four eyes, and once only."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from omkering.decide import commands
from omkering.decide.commands.desk_ballots import Given
from omkering.decide.models import Attendance, Ballot, DeskBallot, Way
from omkering.journal.models import Event
from tests.decide.running import give_proxy, make_body, make_chair, make_meeting, name_delegate, put_there
from tests.decide.vote_kinds import in_meeting, open_of, planned_in
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


def test_the_chair_holds_the_desk_too_with_four_eyes():
    vote, [(member, _voter)], adviser = in_meeting(5_000)
    chair = make_chair(vote.meeting.owner_body)
    desk = commands.enter_desk_ballot(actor=chair, vote=vote, voter=member.code, choice="for", way="hand")
    with pytest.raises(ValidationError, match="Somebody else"):
        commands.confirm_desk_ballot(actor=chair, desk=desk)
    commands.confirm_desk_ballot(actor=adviser, desk=desk)
    assert Ballot.objects.get().way == Way.HAND
    elsewhere = make_chair(make_body("commissie"))
    with pytest.raises(PermissionDenied):
        commands.enter_desk_ballot(actor=elsewhere, vote=vote, voter=member.code, choice="for", way="hand")


def test_only_the_bureau_and_the_chair_hold_the_desk():
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


# --- show of hands ---------------------------------------------------------------------------------------
def with_away(*inhabitants: int):
    """A vote in a meeting: these members in the hall, one remote, one by proxy of the first, and two tellers."""
    meeting = make_meeting()
    remote, giver = members_with_voters(9_000, 8_000)
    people = members_with_voters(*inhabitants)
    for member, voter in people:
        put_there(meeting, member, voter)
    put_there(meeting, *remote, "remote")
    give_proxy(meeting, giver[0], people[0][0], giver[1])
    first = make_adviser()
    vote = commands.open_vote(actor=first, vote=planned_in(meeting, first))
    return vote, people, remote[0], giver[0], first, make_adviser()


def test_the_hall_raises_its_hands_and_who_raised_another_is_named():
    vote, people, remote, giver, first, second = with_away(5_000, 4_000, 3_000)
    made = commands.enter_show_of_hands(
        actor=first, vote=vote, rest="for", others=[Given(people[2][0].code, "against")],
        counted={"for": 3, "against": 1},
    )  # fmt: skip
    said = {row.entry.voter: (row.choice, row.way) for row in made}
    assert said == {
        people[0][0].code: ("for", "hand"),
        people[1][0].code: ("for", "hand"),
        people[2][0].code: ("against", "hand"),
        giver.code: ("for", "hand"),  # its proxy is in the hall
    }
    assert remote.code not in said
    assert not Ballot.objects.exists()
    assert commands.confirm_all_desk_ballots(actor=first, vote=vote) == (0, [])  # one's own
    assert commands.confirm_all_desk_ballots(actor=second, vote=vote) == (4, [])
    assert set(Ballot.objects.values_list("way", flat=True)) == {Way.HAND}
    result = commands.close_vote(actor=first, vote=vote).result
    assert result["votes"] == {"for": 5 + 4 + 8, "against": 3, "abstain": 0}
    assert result["cast"]["heads"] == 4


def test_a_member_counts_once_whatever_way_its_ballot_came():
    vote, people, _remote, _giver, first, second = with_away(5_000, 4_000, 3_000)
    commands.cast_ballot(actor=people[0][1], vote=vote, member=people[0][0], choice="against")
    paper = commands.enter_desk_ballot(
        actor=first, vote=vote, voter=people[1][0].code, choice="against", way="paper"
    )
    with pytest.raises(ValidationError, match="voted by phone"):
        commands.enter_show_of_hands(
            actor=first, vote=vote, rest="for", others=[Given(people[0][0].code, "for")]
        )
    assert DeskBallot.objects.count() == 1
    made = commands.enter_show_of_hands(actor=first, vote=vote, rest="for")
    assert {row.entry.voter for row in made} == {people[2][0].code, _giver.code}
    with pytest.raises(ValidationError, match="Nobody is in the hall"):
        commands.enter_show_of_hands(actor=second, vote=vote, rest="against")
    # Between the hand and its confirmation the member votes by phone: that counts, and the hand does not.
    commands.cast_ballot(actor=people[2][1], vote=vote, member=people[2][0], choice="abstain")
    assert commands.confirm_all_desk_ballots(actor=second, vote=vote) == (2, [str(people[2][0])])
    ways = dict(Ballot.objects.values_list("entry__voter", "way"))
    assert ways == {
        people[0][0].code: "screen", people[1][0].code: "paper", people[2][0].code: "screen", _giver.code: "hand",
    }  # fmt: skip
    paper.refresh_from_db()
    assert paper.confirmed_by == second
    assert commands.close_vote(actor=first, vote=vote).result["cast"]["heads"] == 4


def test_hands_that_were_counted_must_fit_the_names():
    vote, people, _remote, _giver, first, _second = with_away(5_000, 4_000, 3_000)
    with pytest.raises(ValidationError) as refused:
        commands.enter_show_of_hands(
            actor=first, vote=vote, rest="for", counted={"for": 3, "against": 1, "abstain": 0}
        )
    told = refused.value.message_dict["counted"]
    assert told[0] == "For: you counted 3, and 4 are noted." and told[1].startswith("Against: you counted 1")
    assert len(told) == 3 and not DeskBallot.objects.exists()
    out = [Given(people[1][0].code, "against"), Given(people[2][0].code, "")]  # the last raised no hand
    made = commands.enter_show_of_hands(
        actor=first, vote=vote, rest="for", others=out, counted={"for": 2, "against": 1}
    )
    assert people[2][0].code not in {row.entry.voter for row in made}


def test_parts_of_a_divided_member_are_hands_of_their_own_where_their_people_are_there():
    meeting = make_meeting()
    [(member, _voter)] = members_with_voters(10_000)
    there, away = make_person("alderman", member=member), make_person("alderman", member=member)
    name_delegate(meeting, member, there, 6)
    name_delegate(meeting, member, away, 4)
    put_there(meeting, member, there)
    vote, _people, first = in_meeting(2_000, meeting=meeting)
    made = commands.enter_show_of_hands(actor=first, vote=vote, rest="for", counted={"for": 2})
    assert sorted(row.part for row in made) == [0, 1]


def test_in_a_remote_meeting_the_screen_is_the_hall():
    meeting = make_meeting(form="remote")
    vote, people, first = in_meeting(2_000, meeting=meeting)
    Attendance.objects.update(presence="remote")
    [made] = commands.enter_show_of_hands(actor=first, vote=vote, rest="against")
    assert made.entry.voter == people[0][0].code


@pytest.mark.parametrize("secret", [False, True])
def test_where_there_is_no_hall_and_in_secret_there_are_no_hands(secret):
    members_with_voters(1_000)
    vote = in_meeting(1_000, secret=True)[0] if secret else open_vote()
    with pytest.raises(ValidationError):
        commands.enter_show_of_hands(actor=make_adviser(), vote=vote, rest="for")


def test_a_show_of_hands_is_for_who_holds_the_desk_in_an_open_vote():
    vote, [(_member, voter)], first = in_meeting(2_000)
    with pytest.raises(PermissionDenied):
        commands.enter_show_of_hands(actor=voter, vote=vote, rest="for")
    with pytest.raises(PermissionDenied):
        commands.confirm_all_desk_ballots(actor=voter, vote=vote)
    with pytest.raises(ValidationError):
        commands.enter_show_of_hands(actor=first, vote=vote, rest="perhaps")
    commands.enter_show_of_hands(actor=first, vote=vote, rest="for")
    commands.close_vote(actor=first, vote=vote)
    with pytest.raises(ValidationError):
        commands.enter_show_of_hands(actor=first, vote=vote, rest="for")
    with pytest.raises(ValidationError):
        commands.confirm_all_desk_ballots(actor=make_adviser(), vote=vote)
    assert not Ballot.objects.exists()


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


def test_the_chair_takes_down_a_show_of_hands_and_a_teller_confirms_all(client):
    vote, people, _remote, giver, first, _second = with_away(5_000, 4_000, 3_000)
    chair = make_chair(vote.meeting.owner_body)
    log_in(client, chair)
    address = reverse("decide:desk_hands", args=[vote.pk])
    assert address in client.get(reverse("decide:desk", args=[vote.pk])).content.decode()
    text = client.get(address).content.decode()
    assert giver.name in text and people[0][0].name in text and _remote.name not in text
    against = vote.roll.get(voter=people[2][0].code)
    fields = {"rest": "for", f"line-{against.pk}-0": "against"}
    assert client.post(address, {}).status_code == 422
    wrong = client.post(address, {**fields, "counted-0": "4"})
    assert wrong.status_code == 422
    assert "For: you counted 4, and 3 are noted." in wrong.content.decode()
    chosen = f'name="line-{against.pk}-0"'
    assert 'value="against" selected' in wrong.content.decode().split(chosen)[1].split("</select>")[0]
    assert client.post(address, {**fields, "counted-0": "3", "counted-1": "1"}).status_code == 302
    assert DeskBallot.objects.filter(entered_by=chair, way="hand").count() == 4
    confirm = reverse("decide:desk_confirm", args=[vote.pk])
    client.post(confirm, {"all": "1"})
    assert not Ballot.objects.exists()
    log_in(client, first)
    commands.cast_ballot(actor=people[1][1], vote=vote, member=people[1][0], choice="abstain")
    done = client.post(confirm, {"all": "1"}, follow=True).content.decode()
    assert "Confirmed: 3." in done and people[1][0].name in done
    assert Ballot.objects.filter(way=Way.HAND).count() == 3
    assert client.get(address).status_code == 200  # nobody is left, and the page says so
    commands.close_vote(actor=first, vote=vote)
    assert client.get(address).status_code == 302


def test_where_one_fills_in_more_than_a_word_there_is_no_show_of_hands(client):
    vote, _people = open_of("ranking")
    log_in(client, make_adviser())
    address = reverse("decide:desk_hands", args=[vote.pk])
    assert address not in client.get(reverse("decide:desk", args=[vote.pk])).content.decode()
    assert client.get(address).status_code == 302
