"""The pages of a running meeting: console, one's own page, the screen and the public part, by who looks."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from omkering.decide import commands
from omkering.decide.commands.live import go_to, set_autopilot
from omkering.decide.commands.quick_votes import quick_vote
from omkering.decide.commands.speakers import ask_to_speak, call_speaker
from omkering.decide.models import Attendance, Meeting, Speech, Vote, VoteState
from omkering.decide.short_memory import forget
from omkering.thread.models import Visibility
from tests.decide.running import (
    give_proxy,
    items,
    make_body,
    make_chair,
    make_meeting,
    name_delegate,
    put_there,
)
from tests.decide.votes import log_in, make_proposal, members_with_voters, plan, voter_of
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    forget()


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def meeting(adviser):
    make_member()
    made = make_meeting("Opening", "Visie op 2030", "Sluiting")
    go_to(actor=adviser, meeting=made, agenda_item=items(made)[1])
    return made


def address(name, meeting, **query):
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"decide:{name}", args=[meeting.pk]) + (f"?{text}" if text else "")


def page(client, name, meeting, status=200, **query):
    answer = client.get(address(name, meeting, **query))
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


def press(client, meeting, do, *, where="console_do", live=False, status=None, **fields):
    headers = {"HX-Request": "true"} if live else {}
    answer = client.post(address(where, meeting), {"do": do, **fields}, headers=headers)
    assert answer.status_code == (status or (200 if live else 302)), answer.content.decode()[-2000:]
    return answer


def prepared(meeting, adviser, **changes) -> Vote:
    """A vote that stands ready on the current item."""
    meeting.refresh_from_db()
    later = timezone.now() + timedelta(hours=1)
    return plan(
        make_proposal(adviser), adviser, opens_at=later, closes_at=later + timedelta(hours=1),
        meeting=meeting, agenda_item=meeting.current, **changes,
    )  # fmt: skip


# --- the console -----------------------------------------------------------------------------------------
def test_the_console_is_for_who_runs_the_meeting(client, meeting, adviser):
    member = make_member()
    for person, status in (
        (adviser, 200),
        (make_chair(meeting.owner_body), 200),
        (voter_of(member), 403),
        (make_person("official", member=member), 403),
    ):
        log_in(client, person)
        page(client, "console", meeting, status)
        assert client.post(address("console_do", meeting), {"do": "suspend_meeting"}).status_code == (
            302 if status == 200 else 403
        )
        Meeting.objects.filter(pk=meeting.pk).update(state="open")
    assert client.get(address("console_do", meeting)).status_code in (403, 405)


def test_the_autopilot_runs_a_whole_meeting_by_one_button(client, adviser):
    [(one, voter)] = members_with_voters(30_000)
    meeting = make_meeting("Opening", "Visie", state="called")
    put_there(meeting, one, voter)
    item = items(meeting)[1]
    set_autopilot(actor=adviser, meeting=meeting, on=True)
    ask_to_speak(actor=voter, meeting=meeting, member=one, agenda_item=item)
    later = timezone.now() + timedelta(hours=1)
    plan(
        make_proposal(adviser), adviser, opens_at=later, closes_at=later + timedelta(hours=1),
        meeting=meeting, agenda_item=item,
    )  # fmt: skip
    log_in(client, adviser)
    taken = []
    for _step in range(20):
        text = page(client, "console", meeting, deel="now")
        found = re.search(r'name="step" value="([a-z_]+):(\d+)"', text)
        if found is None:
            break
        taken.append(found[1])
        step = f"{found[1]}:{found[2]}"
        press(client, meeting, "step", live=True, step=step)
        press(client, meeting, "step", live=True, step=step, status=422)  # a second press does nothing
    assert taken == [
        "open_meeting", "go_to", "go_to", "call_speaker", "end_speech", "open_vote", "close_vote", "announce_result",
        "close_meeting",
    ]  # fmt: skip
    meeting.refresh_from_db()
    assert meeting.state == "closed"


def test_a_vote_is_opened_extended_closed_undone_and_announced_from_the_console(client, meeting, adviser):
    make_member()
    log_in(client, adviser)
    vote = prepared(meeting, adviser)
    assert "Stands ready" in page(client, "console", meeting) or "klaar" in page(client, "console", meeting)
    press(client, meeting, "open_vote", vote=vote.pk)
    vote.refresh_from_db()
    until = vote.closes_at + timedelta(minutes=5)
    press(client, meeting, "extend_vote", vote=vote.pk, until=until.isoformat())
    press(client, meeting, "close_vote", vote=vote.pk)
    press(client, meeting, "undo_vote", vote=vote.pk, reason="Op de verkeerde lijst geopend.")
    vote.refresh_from_db()
    again = Vote.objects.get(replaces=vote)
    assert (vote.closes_at, vote.state, again.state) == (until, VoteState.UNDONE, VoteState.PLANNED)
    assert "Op de verkeerde lijst geopend." in page(client, "console", meeting, deel="votes")
    press(client, meeting, "open_vote", vote=again.pk)
    press(client, meeting, "close_vote", vote=again.pk)
    press(client, meeting, "announce_result", vote=again.pk)
    answer = press(
        client, meeting, "undo_vote", vote=again.pk, reason="Toch niet goed.", live=True, status=422
    )
    assert answer.content.decode()
    again.refresh_from_db()
    assert again.announced_at is not None


def test_a_quick_vote_on_the_item_and_not_two_at_once(client, meeting, adviser):
    make_member()
    log_in(client, adviser)
    fields = {"quick-procedure": "ballots", "quick-minutes": "5"}
    press(client, meeting, "quick_vote", **fields)
    vote = Vote.objects.get()
    assert (vote.state, vote.title, vote.agenda_item) == ("open", "Visie op 2030", items(meeting)[1])
    press(client, meeting, "quick_vote", live=True, status=422, **fields)
    answer = client.post(address("console_do", meeting), {"do": "quick_vote", "quick-minutes": "x"})
    assert answer.status_code == 422
    assert Vote.objects.count() == 1


def test_the_chair_who_is_not_of_the_bureau_holds_a_quick_vote_too(client, meeting):
    make_member()
    log_in(client, make_chair(meeting.owner_body))
    press(client, meeting, "quick_vote", **{"quick-procedure": "acclamation", "quick-minutes": "5"})
    assert Vote.objects.get().procedure == "acclamation"


def test_the_chair_puts_to_the_vote_what_comes_from_elsewhere_and_stands_on_its_agenda(
    client, meeting, adviser
):
    """What a member or another room put in has no body, or another one; the chair of another meeting has no say."""
    make_member()
    item = items(meeting)[1]
    item.about = make_proposal(adviser)
    item.save(update_fields=["about"])
    assert item.about.owner_body_id is None
    chair, other = make_chair(meeting.owner_body), make_chair(make_body("commissie"))
    fields = {"quick-procedure": "ballots", "quick-minutes": "5"}
    for person in (other, voter_of(make_member()), make_person("official", member=make_member())):
        log_in(client, person)
        press(client, meeting, "quick_vote", status=403, **fields)
        with pytest.raises(PermissionDenied):
            quick_vote(actor=person, meeting=meeting, agenda_item=item)
    assert not Vote.objects.exists()
    log_in(client, chair)
    press(client, meeting, "quick_vote", **fields)
    vote = Vote.objects.get()
    assert (vote.about_id, vote.state, vote.owner_body_id, vote.author_id) == (
        item.about_id, VoteState.OPEN, meeting.owner_body_id, chair.pk,
    )  # fmt: skip
    for do in ("close_vote", "announce_result"):
        press(client, meeting, do, vote=vote.pk)
    vote.refresh_from_db()
    assert vote.announced_at is not None


def test_the_chair_plans_no_vote_on_what_is_not_on_the_agenda(meeting, adviser):
    make_member()
    chair, item = make_chair(meeting.owner_body), items(meeting)[1]
    about = make_proposal(adviser)
    now = timezone.now()
    values = {"opens_at": now, "closes_at": now + timedelta(hours=1), "reference_date": now.date()}
    elsewhere = make_meeting("Elders", body=make_body("commissie"))
    foreign = items(elsewhere)[0]
    foreign.about = about
    foreign.save(update_fields=["about"])
    for where in (
        {"meeting": meeting},
        {"meeting": meeting, "agenda_item": item},
        {"meeting": meeting, "agenda_item": foreign},
        {"agenda_item": foreign},
    ):
        with pytest.raises(PermissionDenied):
            commands.plan_vote(actor=chair, about=about, **values, **where)
    item.about, item.state = about, "dropped"
    item.save(update_fields=["about", "state"])
    with pytest.raises(PermissionDenied):
        commands.plan_vote(actor=chair, about=about, **values, agenda_item=item)


def test_speakers_from_the_console_and_what_was_typed_wrong_comes_back(client, meeting, adviser):
    member = make_member(name="Waterdorp")
    log_in(client, adviser)
    press(client, meeting, "add_speaker", **{"speaker-kind": "speak", "speaker-member": member.code})
    press(client, meeting, "add_speaker", **{"speaker-kind": "visitor", "speaker-name": "Inwoner"})
    one, two = Speech.objects.order_by("pk")
    press(client, meeting, "move_speaker", speech=two.pk, place=1)
    text = page(client, "console", meeting, deel="speakers")
    assert text.index("Inwoner") < text.index("Waterdorp")
    press(client, meeting, "call_speaker", speech=one.pk)
    press(client, meeting, "end_speech", speech=one.pk)
    press(client, meeting, "withdraw_speech", speech=two.pk)
    assert [speech.state for speech in Speech.objects.order_by("pk")] == ["done", "withdrawn"]
    answer = client.post(
        address("console_do", meeting),
        {"do": "add_speaker", "speaker-kind": "speak", "speaker-name": "Bewaard"},
    )
    assert answer.status_code == 422
    assert 'value="Bewaard"' in answer.content.decode()


def test_agenda_screen_undertaking_and_pause(client, meeting, adviser):
    log_in(client, adviser)
    press(client, meeting, "go_to", item=items(meeting)[2].pk)
    press(client, meeting, "back")
    press(client, meeting, "show", show="agenda")
    press(client, meeting, "speaking_time", seconds="120")
    press(
        client,
        meeting,
        "record_undertaking",
        **{"undertaking-title": "Het bestuur komt in mei terug met cijfers"},
    )
    press(client, meeting, "suspend_meeting")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.on_screen, meeting.speaking_seconds) == (
        "suspended",
        {"show": "agenda"},
        120,
    )
    assert meeting.current == items(meeting)[1]
    assert meeting.undertakings.count() == 1
    press(client, meeting, "resume_meeting")
    for do in ("", "drop_table"):
        assert client.post(address("console_do", meeting), {"do": do}).status_code == 404
    assert client.post(address("console_do", meeting), {"do": "go_to", "item": "x"}).status_code == 404
    other = items(make_meeting())[0]
    assert client.post(address("console_do", meeting), {"do": "go_to", "item": other.pk}).status_code == 404


def test_every_part_of_the_console_stands_alone(client, meeting, adviser):
    log_in(client, adviser)
    for part in ("now", "votes", "speakers", "agenda", "attendance", "motions", "screen"):
        assert "<html" not in page(client, "console", meeting, deel=part)
    page(client, "console", meeting, 404, deel="other")


# --- one's own page --------------------------------------------------------------------------------------
def split_member(meeting):
    """A member that divides its votes over two delegates who are there."""
    member = make_member(name="Splitstad", inhabitants=30_000)
    delegates = [make_person("councillor", member=member) for _two in range(2)]
    for person, votes in zip(delegates, (20, 10), strict=True):
        name_delegate(meeting, member, person, votes)
        put_there(meeting, member, person)
    return member, delegates


def test_each_ballot_has_its_own_card_also_by_proxy_and_in_parts(client, meeting, adviser):
    (holder, person), (giver, absent) = members_with_voters(30_000, 12_000)
    _split, (first, _second) = split_member(meeting)
    put_there(meeting, holder, person)
    give_proxy(meeting, giver, holder, absent)
    commands.open_vote(actor=adviser, vote=prepared(meeting, adviser))
    log_in(client, person)
    text = page(client, "delegate", meeting)
    assert text.count('data-pass="e') == 2
    assert giver.name in text
    assert holder.name in text
    log_in(client, first)
    own = page(client, "delegate", meeting, deel="votes")
    assert own.count("data-card=") == 1
    assert re.search(r'data-card="\d+-\d+-1"', own)
    log_in(client, absent)
    assert "data-card=" not in page(client, "delegate", meeting)


def test_without_a_second_factor_there_is_no_pass_and_the_forms_remain(client, meeting, adviser):
    [(member, person)] = members_with_voters(30_000)
    put_there(meeting, member, person)
    vote = commands.open_vote(actor=adviser, vote=prepared(meeting, adviser))
    person.appointments.update(role="official")
    log_in(client, person, second_factor=False)
    text = page(client, "delegate", meeting)
    assert 'data-pass=""' in text
    assert reverse("decide:ballot", args=[vote.pk, member.code]) in text


def test_a_card_says_what_was_voted_with_the_receipt_and_a_secret_one_only_that(client, meeting, adviser):
    [(member, person)] = members_with_voters(30_000)
    put_there(meeting, member, person)
    vote = commands.open_vote(actor=adviser, vote=prepared(meeting, adviser))
    receipt = commands.cast_ballot(actor=person, vote=vote, member=member, choice="for")
    log_in(client, person)
    assert reverse("web:receipt", args=[receipt]) in page(client, "delegate", meeting)
    secret = commands.open_vote(actor=adviser, vote=prepared(meeting, adviser, secret=True))
    commands.cast_ballot(actor=person, vote=secret, member=member, choice="against")
    text = page(client, "delegate", meeting, deel="votes")
    card = text[text.index(f'id="card-{secret.pk}-') :]
    assert "data-choose" not in card
    assert "data-words" not in card
    assert 'data-pass=""' in card


def test_asking_to_speak_arriving_and_leaving_by_oneself(client, meeting):
    [(member, person)] = members_with_voters(30_000)
    log_in(client, person)
    press(client, meeting, "arrive", where="delegate_do", member=member.pk, presence="on_site")
    assert Attendance.objects.get().person == person
    fields = {"member": member.pk, "ask-kind": "order", "ask-side": ""}
    press(client, meeting, "ask_to_speak", where="delegate_do", live=True, **fields)
    speech = Speech.objects.get()
    assert (speech.member, speech.kind) == (member, "order")
    press(client, meeting, "withdraw_speech", where="delegate_do", speech=speech.pk)
    press(client, meeting, "leave", where="delegate_do", member=member.pk)
    assert Attendance.objects.get().left_at is not None
    other = make_member()
    assert client.post(
        address("delegate_do", meeting), {"do": "ask_to_speak", "member": other.pk, "ask-kind": "speak"}
    ).status_code == 403  # fmt: skip


@pytest.mark.parametrize("kind", ["options", "approval", "ranking", "points"])
def test_every_kind_of_ballot_has_a_card_for_the_phone(client, meeting, adviser, kind):
    from omkering.decide.vote_rule import ballot_data

    [(member, person)] = members_with_voters(30_000)
    put_there(meeting, member, person)
    options = [{"title": title} for title in ("Bus", "Trein", "Fiets")]
    more = {"max_points": 5} if kind == "points" else {}
    vote = prepared(meeting, adviser, ballot=ballot_data(kind, options, **more))
    commands.open_vote(actor=adviser, vote=vote)
    log_in(client, person)
    text = page(client, "delegate", meeting, deel="votes")
    assert f'data-kind="{kind}"' in text
    assert all(f'data-title="{title}"' in text for title in ("Bus", "Trein", "Fiets"))
    assert 'value="abstain"' in text


# --- watching --------------------------------------------------------------------------------------------
def test_the_screen_shows_the_count_and_the_result_only_once_announced(client, meeting, adviser):
    people = members_with_voters(30_000, 20_000, 10_000)
    vote = commands.open_vote(actor=adviser, vote=prepared(meeting, adviser))
    for member, person in people:
        put_there(meeting, member, person)
    for (member, person), choice in zip(people, ("for", "for", "against"), strict=True):
        commands.cast_ballot(actor=person, vote=vote, member=member, choice=choice)
    opened = page(client, "screen", meeting, taal="en")
    assert 'lang="en"' in opened
    assert "Vote under way" in opened
    assert "hall-majority" not in opened
    commands.close_vote(actor=adviser, vote=vote)
    closed = page(client, "screen", meeting, taal="en", deel="scherm")
    assert "The result comes in a moment" in closed
    assert "hall-for" not in closed
    from omkering.decide.commands.vote_results import announce_result

    announce_result(actor=adviser, vote=vote)
    shown = page(client, "screen", meeting, taal="en", deel="scherm")
    assert "Adopted" in shown
    assert "hall-line" in shown
    assert "hall-slices" in shown
    dutch = page(client, "screen", meeting, taal="nl")
    assert 'lang="nl" class="hall"' in dutch
    assert "Adopted" not in dutch


def test_a_secret_vote_has_no_slices_on_the_screen(client, meeting, adviser):
    people = members_with_voters(30_000, 20_000)
    vote = commands.open_vote(actor=adviser, vote=prepared(meeting, adviser, secret=True))
    for member, person in people:
        put_there(meeting, member, person)
        commands.cast_ballot(actor=person, vote=vote, member=member, choice="for")
    from omkering.decide.commands.vote_results import announce_result

    commands.close_vote(actor=adviser, vote=vote)
    announce_result(actor=adviser, vote=Vote.objects.get(pk=vote.pk))
    shown = page(client, "screen", meeting, taal="en")
    assert "hall-line" in shown
    assert "hall-slices" not in shown


def announced(client, meeting, adviser, vote):
    """The screen and the public part once a vote was closed and its result announced."""
    from omkering.decide.commands.vote_results import announce_result

    commands.close_vote(actor=adviser, vote=vote)
    announce_result(actor=adviser, vote=Vote.objects.get(pk=vote.pk))
    page(client, "live_now", meeting)
    return page(client, "screen", meeting, taal="en")


def test_an_acclamation_is_shown_with_its_outcome(client, meeting, adviser):
    make_member()
    vote = commands.open_vote(actor=adviser, vote=prepared(meeting, adviser, procedure="acclamation"))
    log_in(client, adviser)
    page(client, "console", meeting)
    assert "Adopted" in announced(client, meeting, adviser, vote)


@pytest.mark.parametrize("kind", ["options", "ranking", "points"])
def test_an_election_is_shown_with_its_options_and_who_is_chosen(client, meeting, adviser, kind):
    from omkering.decide.vote_rule import ballot_data

    [(member, person)] = members_with_voters(30_000)
    put_there(meeting, member, person)
    options = [{"title": title} for title in ("Bus", "Trein", "Fiets")]
    more = {"max_points": 5} if kind == "points" else {}
    vote = commands.open_vote(
        actor=adviser, vote=prepared(meeting, adviser, ballot=ballot_data(kind, options, **more))
    )
    choice = {"options": "B", "ranking": "B>A>C", "points": "B:5|A:1"}[kind]
    commands.cast_ballot(actor=person, vote=vote, member=member, choice=choice)
    shown = announced(client, meeting, adviser, vote)
    chosen = re.findall(r'<li class="hall-chosen">.*?hall-options__title"[^>]*>(\w+)<', shown)
    assert chosen == ["Trein"]
    assert shown.index("Trein") < shown.index("Fiets")


def test_the_screen_shows_who_speaks_with_the_time_left(client, meeting, adviser):
    speech = ask_to_speak(
        actor=adviser, meeting=meeting, kind="visitor", name="Inwoner", agenda_item=items(meeting)[1]
    )
    call_speaker(actor=adviser, speech=speech)
    Speech.objects.update(started_at=timezone.now() - timedelta(seconds=60), seconds=180)
    shown = page(client, "screen", meeting)
    assert "Inwoner" in shown
    assert re.search(r'data-timer="1(20|19|18)"', shown)


def test_who_may_not_know_of_the_meeting_sees_neither_screen_nor_part(client, adviser):
    hidden = make_meeting(visibility=Visibility.BUREAU)
    for name in ("screen", "live_now"):
        page(client, name, hidden, 404)
    members_only = make_meeting(visibility=Visibility.MEMBERS)
    page(client, "live_now", members_only, 404)
    log_in(client, voter_of(make_member()))
    page(client, "live_now", members_only)


def test_a_vote_for_fewer_eyes_is_named_by_its_item_in_public(client, meeting, adviser):
    make_member()
    vote = commands.open_vote(actor=adviser, vote=prepared(meeting, adviser))
    Vote.objects.filter(pk=vote.pk).update(visibility=Visibility.MEMBERS, title="Niet voor de zaal")
    for name in ("live_now", "screen"):
        text = page(client, name, meeting)
        assert "Niet voor de zaal" not in text
        assert "Visie op 2030" in text


def test_the_public_part_is_made_once_for_all_within_a_second(
    client, meeting, django_assert_num_queries, adviser
):
    page(client, "live_now", meeting, deel="nu")
    with django_assert_num_queries(2):  # the meeting, and its newest change
        page(client, "live_now", meeting, deel="nu")
    go_to(actor=adviser, meeting=meeting, agenda_item=items(meeting)[2])
    assert "Sluiting" in page(client, "live_now", meeting, deel="nu")


def test_the_page_of_the_meeting_has_the_live_part(client, meeting, adviser):
    text = page(client, "meeting", meeting)
    assert 'data-part="now"' in text
    log_in(client, adviser)
    assert address("console", meeting) in page(client, "meeting", meeting)
    Meeting.objects.filter(pk=meeting.pk).update(state="closed")
    assert 'data-part="now"' not in page(client, "meeting", meeting)
