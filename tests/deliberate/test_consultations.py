"""Consultations and their rounds: planned, changed, called off; open, reminded, closed and extended by themselves."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from omkering.deliberate.commands import consultation_rounds as rounds
from omkering.deliberate.commands import consultation_times as times
from omkering.deliberate.commands import consultations as commands
from omkering.deliberate.commands.formal_views import hand_in_view, save_view, start_view
from omkering.deliberate.commands.questions import add_question
from omkering.deliberate.commands.reactions import react
from omkering.deliberate.models import Answer, Answered, Consultation, ConsultationRound
from omkering.deliberate.queries.consultation_response import (
    people_to_remind,
    response_map,
    responses,
    silent_members,
)
from omkering.journal.models import Event
from omkering.thread.commands import follow
from omkering.thread.models import Item, Link
from tests.deliberate.consultations_made import (
    LONG_ENOUGH,
    events,
    fields,
    fresh,
    make_body,
    make_consultation,
    make_document,
    make_round,
    make_version,
    open_one,
    past_its_time,
    refused,
    told,
)
from tests.people import make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db
REASON = "De gemeenteraden hebben meer tijd nodig."


# --- planning --------------------------------------------------------------------------------------------
def test_a_consultation_is_about_the_newest_text_of_a_document_and_follows_from_it():
    adviser = make_adviser()
    document = make_document(adviser)
    newest = make_version(
        document, adviser, ["Eén laag", "Gemeenten werken samen.", "Drie keuzes.", "Eén visie."]
    )
    made = make_consultation(adviser, document=document)
    assert (made.state, made.version) == ("planned", newest)
    assert Link.objects.filter(upstream=document, downstream=made, kind="follows_from").count() == 1
    assert make_consultation(adviser, document=document).pk == made.pk
    assert events("consultation.planned") == 1


@pytest.mark.parametrize("role", ["mayor", "committee_member", "network_secretary"])
def test_only_the_bureau_plans_and_runs(role):
    person, round_ = make_person(role), make_round()
    consultation = round_.consultation
    for deed in (
        lambda: commands.plan_consultation(
            actor=person, title="Vraag aan u", summary=LONG_ENOUGH, question="Wat?"
        ),
        lambda: commands.change_consultation(
            actor=person, consultation=consultation, revision=1, title="Vraag", summary=LONG_ENOUGH
        ),
        lambda: commands.withdraw_consultation(actor=person, consultation=consultation, reason=REASON),
        lambda: rounds.withdraw_round(actor=person, round=round_, reason=REASON),
        lambda: times.open_round(actor=person, round=round_),
        lambda: times.close_round(actor=person, round=round_),
        lambda: times.remind_round(actor=person, round=round_),
        lambda: times.extend_round(actor=person, round=round_, closes_at=timezone.now(), reason=REASON),
        lambda: add_question(actor=person, round=round_, kind="scale", text="Hoe belangrijk is dit?"),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert fresh(round_).state == "planned"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"document": None, "question": ""}, "question"),
        ({"title": "Kort"}, "title"),
        ({"summary": ""}, "summary"),
        ({"visibility": "bureau"}, "visibility"),
        ({"visibility": "network"}, "audience"),
        ({"summary": "Bel mij op 06-12345678 als u hier vragen over hebt."}, "summary"),
    ],
)
def test_what_a_plan_must_say(changes, field):
    with pytest.raises(ValidationError) as error:
        make_consultation(make_adviser(), **changes)
    assert fields(error) == {field}
    assert not Consultation.objects.exists()


def test_who_is_asked_must_be_able_to_read_the_document():
    adviser = make_adviser()
    for document, field in (
        (make_document(adviser, state="draft"), "document"),
        (make_document(adviser, visibility="members"), "visibility"),
    ):
        with pytest.raises(ValidationError) as error:
            make_consultation(adviser, document=document, visibility="public")
        assert fields(error) == {field}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"takes_reactions": False, "takes_views": False}, "takes_reactions"),
        ({"public": "network"}, "network"),
        ({"public": "body", "takes_views": False}, "of_body"),
        ({"public": "nobody"}, "public"),
        ({"closes_at": timezone.now() - timedelta(days=2)}, "closes_at"),
        (
            {"closes_at": timezone.now() - timedelta(days=2), "opens_at": timezone.now() - timedelta(days=3)},
            "closes_at",
        ),
        ({"title": "  "}, "title"),
    ],
)
def test_what_a_round_must_say(changes, field):
    consultation = make_consultation()
    with pytest.raises(ValidationError) as error:
        make_round(consultation, **changes)
    assert fields(error) == {field}
    assert not ConsultationRound.objects.exists()


def test_a_round_asks_no_more_people_than_may_read_it_and_needs_what_its_ways_need():
    for_members = make_consultation(visibility="members")
    with pytest.raises(ValidationError) as error:
        make_round(for_members, public="everyone")
    assert fields(error) == {"public"}
    with pytest.raises(ValidationError) as error:
        make_round(for_members, public="body", of_body=make_body(), takes_views=True)
    assert fields(error) == {"takes_views"}
    question = make_consultation(question="Waar moet de vereniging mee stoppen?")
    with pytest.raises(ValidationError) as error:
        make_round(question, takes_amendments=True)
    assert fields(error) == {"takes_amendments"}
    g40, k80 = make_network("g40"), make_network("k80")
    of_network = make_consultation(visibility="network", audience=g40, title="Alleen voor dit netwerk")
    with pytest.raises(ValidationError) as error:
        make_round(of_network, public="network", network=k80)
    assert fields(error) == {"public"}
    assert make_round(of_network, public="network", network=g40).network == g40


def test_a_round_for_each_chapter_comes_at_once_and_once():
    consultation = make_consultation()
    chapters = [make_network(f"chapter-{name}", kind="chapter") for name in ("noord", "zuid", "oost")]
    now = timezone.now()
    plan = {
        "title": "Afdeling",
        "opens_at": now,
        "closes_at": now + timedelta(days=9),
        "takes_reactions": True,
    }
    made = rounds.plan_chapter_rounds(
        actor=consultation.author, consultation=consultation, networks=chapters, **plan
    )
    again = rounds.plan_chapter_rounds(
        actor=consultation.author, consultation=consultation, networks=chapters, **plan
    )
    assert [row.pk for row in again] == [row.pk for row in made]
    assert [row.network for row in made] == chapters
    assert made[0].title == "Afdeling: CHAPTER-NOORD"
    assert [row.number for row in made] == [1, 2, 3]
    assert events("consultation.rounds_planned") == 1
    with pytest.raises(ValidationError) as error:
        rounds.plan_chapter_rounds(actor=consultation.author, consultation=consultation, networks=[], **plan)
    assert fields(error) == {"networks"}


def test_two_advisers_never_overwrite_each_other_unseen():
    adviser, colleague = make_adviser(), make_adviser()
    consultation = make_consultation(adviser, document=None, question="Waar stoppen wij mee?")
    plan = {"summary": LONG_ENOUGH, "question": "Waar stoppen wij mee?", "visibility": "public"}
    commands.change_consultation(
        actor=colleague, consultation=consultation, revision=1, title="Eerst gewijzigd", **plan
    )
    with pytest.raises(ValidationError) as error:
        commands.change_consultation(
            actor=adviser, consultation=consultation, revision=1, title="Daarna gewijzigd", **plan
        )
    assert error.value.code == "changed" and colleague.name in refused(error)
    changed = commands.change_consultation(
        actor=adviser, consultation=consultation, revision=2, title="Daarna gewijzigd", **plan
    )
    assert (changed.title, changed.revision) == ("Daarna gewijzigd", 3)
    round_ = make_round(changed)
    times_ = {"opens_at": round_.opens_at, "closes_at": round_.closes_at, "takes_reactions": True}
    rounds.change_round(actor=colleague, round=round_, revision=1, title="Van een collega", **times_)
    with pytest.raises(ValidationError) as error:
        rounds.change_round(actor=adviser, round=round_, revision=1, title="Van mij zelf", **times_)
    assert error.value.code == "changed" and colleague.name in refused(error)


def test_what_it_is_about_stays_once_members_are_asked():
    round_ = open_one()
    consultation = Consultation.objects.get(pk=round_.consultation_id)
    plan = {"title": "Een andere naam", "summary": LONG_ENOUGH, "document": consultation.document}
    changed = commands.change_consultation(
        actor=consultation.author, consultation=consultation, revision=1, visibility="public", **plan
    )
    assert changed.title == "Een andere naam"
    with pytest.raises(ValidationError):
        commands.change_consultation(
            actor=consultation.author, consultation=changed, revision=2, visibility="members", **plan
        )
    with pytest.raises(ValidationError):
        rounds.change_round(
            actor=consultation.author,
            round=round_,
            revision=fresh(round_).revision,
            title="Anders",
            opens_at=round_.opens_at,
            closes_at=round_.closes_at,
            takes_reactions=True,
        )


# --- its life --------------------------------------------------------------------------------------------
def test_a_round_opens_reminds_and_closes_by_itself_and_tells_its_public():
    member, other = make_member(), make_member()
    official, mayor = make_person("official", member=member), make_person("mayor", member=member, votes=True)
    elsewhere = make_person("mayor", member=other, votes=True)
    round_ = make_round()
    assert times.keep_time() == (1, 0, 0)
    round_ = fresh(round_)
    assert (round_.state, round_.consultation.state) == ("open", "open")
    for person in (official, mayor, elsewhere):
        assert len(told(person, "consultation.round_opened")) == 1
    view = start_view(actor=elsewhere, round=round_, member=other)
    view = save_view(actor=elsewhere, view=view, version=1, text=LONG_ENOUGH, points=[])
    hand_in_view(actor=elsewhere, view=view, version=view.version)
    assert times.keep_time() == (0, 0, 0)
    soon = timezone.now() + timedelta(days=3)
    ConsultationRound.objects.filter(pk=round_.pk).update(closes_at=soon, opens_at=soon - timedelta(days=20))
    assert times.keep_time() == (0, 0, 1)
    assert times.keep_time() == (0, 0, 0)
    assert len(told(mayor, "consultation.round_reminder")) == 1
    assert not told(elsewhere, "consultation.round_reminder"), "its view is there"
    assert not told(official, "consultation.round_reminder"), "no mandate"
    past_its_time(round_)
    assert times.keep_time() == (0, 1, 0)
    assert times.keep_time() == (0, 0, 0)
    round_ = fresh(round_)
    assert (round_.state, round_.consultation.state) == ("closed", "closed")
    assert len(told(official, "consultation.round_closed")) == 1
    for verb in ("opened", "reminded", "closed"):
        assert events(f"consultation.round_{verb}") == 1


def test_the_clock_does_not_act_before_its_time():
    later = make_round(opens_at=timezone.now() + timedelta(days=1))
    assert times.keep_time() == (0, 0, 0)
    for deed in (times.open_round, times.close_round, times.remind_round):
        with pytest.raises(ValidationError):
            deed(actor=None, round=later)
    opened = times.open_round(actor=later.consultation.author, round=later)
    assert times.open_round(actor=later.consultation.author, round=later).pk == opened.pk
    assert events("consultation.round_opened") == 1
    with pytest.raises(ValidationError):
        times.close_round(actor=None, round=opened)


def test_a_round_whose_time_is_over_or_that_lacks_its_questions_does_not_open():
    gone = past_its_time(make_round())
    bare = make_round(make_consultation(title="Een andere vraag"), asks_questions=True)
    assert times.keep_time() == (0, 0, 0)
    for round_ in (gone, bare):
        with pytest.raises(ValidationError):
            times.open_round(actor=round_.consultation.author, round=round_)
    add_question(actor=bare.consultation.author, round=bare, kind="scale", text="Hoe belangrijk is dit?")
    assert times.keep_time() == (1, 0, 0)


def test_the_consultation_is_open_from_its_first_round_to_its_last():
    first = open_one()
    consultation = first.consultation
    second = make_round(consultation, title="Tweede ronde", opens_at=timezone.now() + timedelta(days=5))
    times.close_round(actor=consultation.author, round=first)
    assert Consultation.objects.get(pk=consultation.pk).state == "open"
    times.open_round(actor=consultation.author, round=second)
    times.close_round(actor=consultation.author, round=second)
    assert Consultation.objects.get(pk=consultation.pk).state == "closed"
    third = make_round(consultation, title="Derde ronde", opens_at=timezone.now() + timedelta(days=5))
    assert Consultation.objects.get(pk=consultation.pk).state == "open"
    rounds.withdraw_round(actor=consultation.author, round=third, reason=REASON)
    assert Consultation.objects.get(pk=consultation.pk).state == "closed"


def test_extending_keeps_the_first_closing_time_and_says_why():
    mayor = make_person("mayor", member=make_member(), votes=True)
    round_ = open_one()
    adviser, first = round_.consultation.author, round_.closes_at
    with pytest.raises(ValidationError) as error:
        times.extend_round(actor=adviser, round=round_, closes_at=first, reason=REASON)
    assert fields(error) == {"closes_at"}
    later = first + timedelta(days=7)
    for _twice in range(2):
        times.extend_round(actor=adviser, round=round_, closes_at=later, reason=REASON)
    row = fresh(round_)
    assert (row.closes_at, row.first_closes_at, row.extension_reason) == (later, first, REASON)
    times.extend_round(actor=adviser, round=row, closes_at=later + timedelta(days=1), reason=REASON)
    assert fresh(round_).first_closes_at == first
    news = told(mayor, "consultation.round_extended")
    assert len(news) == 2 and REASON in news[0]


def test_a_closed_round_can_be_opened_again_until_something_is_answered():
    round_ = open_one()
    adviser = round_.consultation.author
    person = make_person("official", member=make_member())
    reaction = react(actor=person, round=round_, text=LONG_ENOUGH)
    times.close_round(actor=adviser, round=round_)
    Item.objects.filter(pk=reaction.pk).update(due_at=timezone.now())
    later = round_.closes_at + timedelta(days=7)
    times.extend_round(actor=adviser, round=round_, closes_at=later, reason=REASON)
    row = fresh(round_)
    assert (row.state, row.closed_at, row.consultation.state) == ("open", None, "open")
    assert Item.objects.get(pk=reaction.pk).due_at is None
    times.close_round(actor=adviser, round=row)
    answer = Answer.objects.create(consultation=row.consultation, kind="not", reason="Nee.", person=adviser)
    Answered.objects.create(answer=answer, item=reaction)
    with pytest.raises(ValidationError):
        times.extend_round(actor=adviser, round=row, closes_at=later + timedelta(days=7), reason=REASON)
    assert fresh(round_).state == "closed"


def test_reminders_go_once_a_day_and_only_while_it_is_open():
    make_person("mayor", member=make_member(), votes=True)
    round_ = open_one()
    adviser = round_.consultation.author
    assert times.remind_round(actor=adviser, round=round_) == 1
    with pytest.raises(ValidationError):
        times.remind_round(actor=adviser, round=round_)
    ConsultationRound.objects.filter(pk=round_.pk).update(reminded_at=timezone.now() - timedelta(days=2))
    assert times.remind_round(actor=adviser, round=round_) == 1
    times.close_round(actor=adviser, round=round_)
    with pytest.raises(ValidationError):
        times.remind_round(actor=adviser, round=round_)


def test_calling_off_tells_why_and_keeps_what_was_put_in():
    person = make_person("official", member=make_member())
    round_ = open_one()
    consultation = round_.consultation
    reaction = react(actor=person, round=round_, text=LONG_ENOUGH)
    follow(person=person, item=Item.objects.get(pk=consultation.pk))
    for _twice in range(2):
        commands.withdraw_consultation(actor=consultation.author, consultation=consultation, reason=REASON)
    assert fresh(round_).state == "withdrawn"
    assert Item.objects.get(pk=reaction.pk).state == "submitted"
    assert len(told(person, "consultation.withdrawn")) == 1
    with pytest.raises(ValidationError):
        react(actor=person, round=fresh(round_), text="Nog een reactie na het intrekken.")
    with pytest.raises(ValidationError):
        make_round(Consultation.objects.get(pk=consultation.pk))


def test_no_event_of_a_consultation_holds_a_text():
    person = make_person("official", member=make_member())
    round_ = open_one()
    react(actor=person, round=round_, text=LONG_ENOUGH)
    times.extend_round(
        actor=round_.consultation.author,
        round=round_,
        closes_at=round_.closes_at + timedelta(days=1),
        reason=REASON,
    )
    held = " ".join(str(event.data) for event in Event.objects.all())
    for text in (LONG_ENOUGH, REASON, round_.title, round_.consultation.title):
        assert text not in held


@given(st.integers(1, 60 * 24 * 90), st.integers(-(10**6), 10**6))
def test_the_reminder_lies_between_opening_and_closing(minutes, start):
    opens = timezone.now() + timedelta(minutes=start)
    closes = opens + timedelta(minutes=minutes)
    moment = times.remind_at(opens, closes)
    assert opens < moment < closes and closes - moment <= times.REMIND_BEFORE


# --- who responded ---------------------------------------------------------------------------------------
def test_who_is_silent_follows_from_what_each_member_put_in():
    members = [make_member(name=name) for name in ("Aar", "Bee", "Cee", "Dee")]
    voters = [make_person("mayor", member=member, votes=True) for member in members]
    round_ = open_one()
    view = start_view(actor=voters[0], round=round_, member=members[0])
    view = save_view(actor=voters[0], view=view, version=1, text=LONG_ENOUGH, points=[])
    hand_in_view(actor=voters[0], view=view, version=view.version)
    react(actor=voters[1], round=round_, text=LONG_ENOUGH)
    start_view(actor=voters[2], round=round_, member=members[2])
    rows = responses(round_)
    assert [row.kind for row in rows] == ["formal", "personal", "silent", "silent"]
    assert silent_members(round_, rows) == members[1:], "a personal reaction is not the member's word"
    assert people_to_remind(round_) == sorted(voter.pk for voter in voters[1:])
    with translation.override("en"):
        drawn = response_map(round_, rows)
    assert [label for _css, label in drawn.legend][-1] == "Silent until now"


def test_in_a_round_of_a_network_only_its_members_are_asked_and_of_a_body_its_seats():
    inside, outside = make_member(), make_member()
    network = make_network("g40", inside)
    secretary = make_person("network_secretary", network=network)
    official, stranger = make_person("official", member=inside), make_person("official", member=outside)
    consultation = make_consultation()
    of_network = open_one(consultation, public="network", network=network, takes_views=False)
    assert [row.member for row in responses(of_network)] == [inside]
    assert people_to_remind(of_network) == [official.pk]
    assert [len(told(person, "consultation.round_opened")) for person in (secretary, official, stranger)] == [
        1,
        1,
        0,
    ]
    with pytest.raises(PermissionDenied):
        react(actor=stranger, round=of_network, text=LONG_ENOUGH)
    body = make_body()
    seat, silent = make_person("committee_member", body=body), make_person("committee_member", body=body)
    of_body = open_one(consultation, title="Commissie", public="body", of_body=body, takes_views=False)
    react(actor=seat, round=of_body, text=LONG_ENOUGH)
    assert responses(of_body) == [] and response_map(of_body, []) is None
    assert people_to_remind(of_body) == [silent.pk]
    assert not told(official, "consultation.round_opened")[1:]


def test_the_response_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    for _number in range(6):
        react_of = make_person("official", member=make_member())
        last = react_of
    round_ = open_one(takes_statements=True, takes_amendments=True)
    react(actor=last, round=round_, text=LONG_ENOUGH)
    with django_assert_max_num_queries(5):
        rows = responses(round_)
    assert len(rows) == 6
