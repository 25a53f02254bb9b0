"""Running a meeting: the speakers' list, the agenda, the screen and the usual run."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.decide.commands.live import back, go_to, set_autopilot, set_speaking_time, show_on_screen
from omkering.decide.commands.speakers import (
    ask_to_speak,
    call_speaker,
    end_speech,
    move_speaker,
    queue,
    withdraw_speech,
)
from omkering.decide.models import LiveChange, MeetingState, Speech, SpeechState, Vote, VoteState
from omkering.decide.speaking import seconds_of
from omkering.journal.models import Event
from tests.decide.running import items, make_chair, make_meeting, name_delegate
from tests.decide.votes import make_proposal, plan, voter_of
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def meeting():
    return make_meeting()


def asked(meeting, adviser, number=3, **more):
    """So many members on the list of the first item."""
    return [
        ask_to_speak(
            actor=adviser, meeting=meeting, agenda_item=items(meeting)[0], member=make_member(), **more
        )
        for _one in range(number)
    ]


def told(meeting):
    return list(LiveChange.objects.filter(meeting=meeting).order_by("pk").values_list("about", flat=True))


# --- asking ----------------------------------------------------------------------------------------------
def test_a_delegate_asks_for_its_member_with_the_limit_of_the_meeting(meeting, adviser):
    member = make_member()
    delegate = make_person("councillor", member=member)
    name_delegate(meeting, member, delegate)
    set_speaking_time(actor=adviser, meeting=meeting, seconds=120)
    item = items(meeting)[1]
    made = ask_to_speak(
        actor=delegate, meeting=meeting, member=member, agenda_item=item, side="for", subject="  De  kosten ",
        seconds=3000,
    )  # fmt: skip
    assert (made.person, made.member, made.side, made.subject) == (delegate, member, "for", "De kosten")
    assert made.seconds == 120, "who asks does not set its own limit"
    event = Event.objects.get(verb="speech.asked")
    assert (event.subject, event.on_behalf_of) == (f"speech:{made.pk}", f"member:{member.code}")
    assert "kosten" not in str(event.data)
    assert told(meeting)[-1] == "speakers"


def test_asking_twice_is_asking_once(meeting, adviser):
    member = make_member()
    voter = voter_of(member)
    one = ask_to_speak(actor=voter, meeting=meeting, member=member)
    assert ask_to_speak(actor=voter, meeting=meeting, member=member) == one
    point = ask_to_speak(actor=voter, meeting=meeting, member=member, kind="order")
    assert point != one
    assert Speech.objects.count() == 2


def test_somebody_with_the_mandate_does_not_speak_where_the_member_named_delegates(meeting):
    member = make_member()
    voter = voter_of(member)
    name_delegate(meeting, member, make_person("councillor", member=member))
    with pytest.raises(PermissionDenied):
        ask_to_speak(actor=voter, meeting=meeting, member=member)


def test_a_stranger_asks_for_nobody(meeting):
    with pytest.raises(PermissionDenied):
        ask_to_speak(actor=voter_of(make_member()), meeting=meeting, member=make_member())
    with pytest.raises(PermissionDenied):
        ask_to_speak(actor=make_person(), meeting=meeting, kind="visitor", name="Inwoner")


def test_the_bureau_puts_down_a_visitor_by_name_with_a_limit_of_its_own(meeting, adviser):
    made = ask_to_speak(
        actor=adviser, meeting=meeting, kind="visitor", name="Inwoner uit de zaal", seconds=60
    )
    assert (made.person, made.member, made.name, made.seconds) == (None, None, "Inwoner uit de zaal", 60)


def test_in_a_body_of_people_the_holder_of_a_seat_asks_for_itself(meeting):
    chair = make_chair(meeting.owner_body)
    made = ask_to_speak(actor=chair, meeting=meeting)
    assert (made.person, made.member) == (chair, None)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("side", {"side": "both"}),
        ("kind", {"kind": "shout"}),
        ("name", {"kind": "visitor", "name": ""}),
        ("seconds", {"seconds": 5}),
        ("subject", {"subject": "x" * 201}),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(meeting, adviser, field, change):
    with pytest.raises(ValidationError) as refused:
        ask_to_speak(actor=adviser, meeting=meeting, **{"member": make_member(), **change})
    assert list(refused.value.message_dict) == [field]


def test_not_on_an_item_of_another_meeting_nor_in_a_closed_one(meeting, adviser):
    with pytest.raises(ValidationError):
        ask_to_speak(
            actor=adviser, meeting=meeting, member=make_member(), agenda_item=items(make_meeting())[0]
        )
    closed = make_meeting(state=MeetingState.CLOSED)
    with pytest.raises(ValidationError):
        ask_to_speak(actor=adviser, meeting=closed, member=make_member())


# --- the list --------------------------------------------------------------------------------------------
def test_points_of_order_come_first_and_others_in_the_order_of_asking(meeting, adviser):
    one, two = asked(meeting, adviser, 2)
    [point] = asked(meeting, adviser, 1, kind="order")
    assert queue(meeting, items(meeting)[0].pk) == [point, one, two]


def test_the_chair_changes_the_order_and_twice_is_once(meeting, adviser):
    one, two, three = asked(meeting, adviser)
    move_speaker(actor=adviser, speech=three, place=1)
    move_speaker(actor=adviser, speech=three, place=1)
    assert queue(meeting, one.agenda_item_id) == [three, one, two]
    assert Event.objects.filter(verb="speech.moved").count() == 1
    move_speaker(actor=adviser, speech=three, place=99)
    assert queue(meeting, one.agenda_item_id) == [one, two, three]


def test_one_speaks_at_a_time(meeting, adviser):
    one, two, _three = asked(meeting, adviser)
    call_speaker(actor=adviser, speech=one)
    call_speaker(actor=adviser, speech=two)
    call_speaker(actor=adviser, speech=two)
    one.refresh_from_db()
    assert (one.state, one.ended_at is not None) == (SpeechState.DONE, True)
    assert list(Speech.objects.filter(state="speaking")) == [two]
    assert Event.objects.filter(verb="speech.called").count() == 2
    with pytest.raises(ValidationError):
        call_speaker(actor=adviser, speech=one)


def test_a_speech_is_ended_with_its_time(meeting, adviser):
    [one] = asked(meeting, adviser, 1)
    call_speaker(actor=adviser, speech=one)
    Speech.objects.update(started_at=timezone.now() - timedelta(seconds=90))
    ended = end_speech(actor=adviser, speech=one)
    assert end_speech(actor=adviser, speech=one) == ended
    assert 90 <= seconds_of(ended) <= 95
    assert Event.objects.get(verb="speech.ended").data["seconds"] == seconds_of(ended)


def test_a_request_is_withdrawn_by_who_made_it_and_not_once_it_began(meeting, adviser):
    member = make_member()
    voter = voter_of(member)
    made = ask_to_speak(actor=voter, meeting=meeting, member=member)
    with pytest.raises(PermissionDenied):
        withdraw_speech(actor=voter_of(make_member()), speech=made)
    withdraw_speech(actor=voter, speech=made)
    assert withdraw_speech(actor=voter, speech=made).state == SpeechState.WITHDRAWN
    again = ask_to_speak(actor=voter, meeting=meeting, member=member)
    call_speaker(actor=adviser, speech=again)
    with pytest.raises(ValidationError):
        withdraw_speech(actor=voter, speech=again)


def test_who_does_not_run_the_meeting_calls_nobody(meeting, adviser):
    [one] = asked(meeting, adviser, 1)
    for command, more in ((call_speaker, {}), (end_speech, {}), (move_speaker, {"place": 1})):
        with pytest.raises(PermissionDenied):
            command(actor=voter_of(make_member()), speech=one, **more)
    call_speaker(actor=make_chair(meeting.owner_body), speech=one)


def test_nobody_is_called_while_the_meeting_is_suspended(adviser):
    meeting = make_meeting(state=MeetingState.SUSPENDED)
    [one] = asked(meeting, adviser, 1)
    with pytest.raises(ValidationError, match=r"."):
        call_speaker(actor=adviser, speech=one)
    assert Speech.objects.get().state == SpeechState.WAITING


MOVES = st.lists(
    st.tuples(st.sampled_from(["ask", "point", "call", "end", "move", "withdraw"]), st.integers(0, 5)),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_whatever_happens_one_speaks_points_go_first_and_nobody_is_lost(django_db_setup, moves):
    from django.db import transaction

    with transaction.atomic():
        adviser, meeting = make_adviser(), make_meeting()
        item, made = items(meeting)[0], []
        for what, number in moves:
            waiting = queue(meeting, item.pk)
            chosen = waiting[number % len(waiting)] if waiting else None
            running = Speech.objects.filter(meeting=meeting, state="speaking").first()
            if what in ("ask", "point"):
                kind = "order" if what == "point" else "speak"
                made.append(
                    ask_to_speak(
                        actor=adviser, meeting=meeting, agenda_item=item, member=make_member(), kind=kind
                    ).pk
                )
            elif what == "call" and chosen:
                call_speaker(actor=adviser, speech=chosen)
            elif what == "end" and running:
                end_speech(actor=adviser, speech=running)
            elif what == "move" and chosen:
                move_speaker(actor=adviser, speech=chosen, place=number)
            elif what == "withdraw" and chosen:
                withdraw_speech(actor=adviser, speech=chosen)
            kinds = [speech.kind == "order" for speech in queue(meeting, item.pk)]
            assert kinds == sorted(kinds, reverse=True)
            assert Speech.objects.filter(meeting=meeting, state="speaking").count() <= 1
        assert sorted(made) == sorted(Speech.objects.filter(meeting=meeting).values_list("pk", flat=True))
        transaction.set_rollback(True)


# --- the agenda ------------------------------------------------------------------------------------------
def test_the_meeting_goes_from_item_to_item_and_back(meeting, adviser):
    one, two, three = items(meeting)
    go_to(actor=adviser, meeting=meeting, agenda_item=one)
    go_to(actor=adviser, meeting=meeting, agenda_item=two)
    go_to(actor=adviser, meeting=meeting, agenda_item=two)
    assert [item.state for item in items(meeting)] == ["done", "now", "waiting"]
    assert Event.objects.filter(verb="meeting.went_to").count() == 2
    began = items(meeting)[0].begun_at
    back(actor=adviser, meeting=meeting)
    assert [item.state for item in items(meeting)] == ["now", "waiting", "waiting"]
    assert items(meeting)[0].begun_at == began
    with pytest.raises(ValidationError):
        back(actor=adviser, meeting=meeting)
    go_to(actor=adviser, meeting=meeting, agenda_item=three)
    assert [item.state for item in items(meeting)] == ["done", "waiting", "now"], (
        "what was passed over still waits"
    )
    assert told(meeting)[-1] == "agenda"


def test_going_on_ends_who_is_speaking(meeting, adviser):
    go_to(actor=adviser, meeting=meeting, agenda_item=items(meeting)[0])
    [one] = asked(meeting, adviser, 1)
    call_speaker(actor=adviser, speech=one)
    go_to(actor=adviser, meeting=meeting, agenda_item=items(meeting)[1])
    assert Speech.objects.get().state == SpeechState.DONE
    assert Event.objects.filter(verb="meeting.went_to").last().data["ended_speech"] == one.pk


def test_not_past_a_vote_that_is_open_or_not_announced(meeting, adviser):
    item, following = items(meeting)[:2]
    go_to(actor=adviser, meeting=meeting, agenda_item=item)
    make_member()
    vote = plan(make_proposal(adviser), adviser)
    for state in (VoteState.OPEN, VoteState.CLOSED):
        Vote.objects.filter(pk=vote.pk).update(meeting=meeting, agenda_item=item, state=state)
        with pytest.raises(ValidationError):
            go_to(actor=adviser, meeting=meeting, agenda_item=following)
    Vote.objects.filter(pk=vote.pk).update(announced_at=timezone.now())
    go_to(actor=adviser, meeting=meeting, agenda_item=following)


@pytest.mark.parametrize("state", ["dropped", "held"])
def test_not_to_an_item_that_was_taken_off(meeting, adviser, state):
    item = items(meeting)[1]
    type(item).objects.filter(pk=item.pk).update(state=state)
    with pytest.raises(ValidationError):
        go_to(actor=adviser, meeting=meeting, agenda_item=item)


def test_who_runs_a_meeting_is_the_bureau_or_holds_the_chairs_seat(meeting):
    item = items(meeting)[0]
    member = make_member()
    for person in (voter_of(member), make_person("official", member=member), make_person()):
        with pytest.raises(PermissionDenied):
            go_to(actor=person, meeting=meeting, agenda_item=item)
    go_to(actor=make_chair(meeting.owner_body), meeting=meeting, agenda_item=item)
    elsewhere = make_meeting(body=None, owner_body=None)
    with pytest.raises(PermissionDenied):
        go_to(actor=make_chair_of_another(), meeting=elsewhere, agenda_item=items(elsewhere)[0])


def make_chair_of_another():
    from tests.decide.running import make_body

    return make_chair(make_body("commissie"))


# --- the screen and the usual run ------------------------------------------------------------------------
def test_a_result_is_on_the_screen_only_once_it_was_announced(meeting, adviser):
    make_member()
    vote = plan(make_proposal(adviser), adviser)
    with pytest.raises(ValidationError) as refused:
        show_on_screen(actor=adviser, meeting=meeting, show="vote", vote=vote)
    assert list(refused.value.message_dict) == ["vote"]
    Vote.objects.filter(pk=vote.pk).update(meeting=meeting)
    vote.refresh_from_db()
    show_on_screen(actor=adviser, meeting=meeting, show="vote", vote=vote)
    with pytest.raises(ValidationError):
        show_on_screen(actor=adviser, meeting=meeting, show="result", vote=vote)
    vote.announced_at = timezone.now()
    assert show_on_screen(actor=adviser, meeting=meeting, show="result", vote=vote).on_screen == {
        "show": "result",
        "vote": vote.pk,
    }
    assert show_on_screen(actor=adviser, meeting=meeting, show="").on_screen == {}
    assert told(meeting) == ["screen"] * 3
    with pytest.raises(ValidationError):
        show_on_screen(actor=adviser, meeting=meeting, show="film")


def test_the_autopilot_and_the_speaking_time_are_set_once(meeting, adviser):
    for _twice in range(2):
        assert set_autopilot(actor=adviser, meeting=meeting, on=True).autopilot
        assert set_speaking_time(actor=adviser, meeting=meeting, seconds=90).speaking_seconds == 90
    assert Event.objects.filter(verb__startswith="meeting.").count() == 2
    with pytest.raises(ValidationError):
        set_speaking_time(actor=adviser, meeting=meeting, seconds=9)
    with pytest.raises(PermissionDenied):
        set_autopilot(actor=voter_of(make_member()), meeting=meeting, on=False)
