"""Meetings: planned by rules that are data, with deadlines counted backwards; called, held, closed, called off."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.decide import meeting_rules
from omkering.decide.commands.agenda_items import (
    add_agenda_item,
    change_agenda_item,
    drop_agenda_item,
    move_agenda_item,
)
from omkering.decide.commands.meetings import (
    call_meeting,
    cancel_meeting,
    change_meeting,
    close_meeting,
    open_meeting,
    plan_meeting,
    resume_meeting,
    suspend_meeting,
)
from omkering.decide.models import AgendaItem, Attendance, LiveChange, Meeting
from omkering.decide.queries.meetings import numbered
from omkering.journal.models import Event
from omkering.thread.models import Notice
from omkering.thread.terms import is_working_day
from omkering.who.association import load
from omkering.who.association.records import DeadlineRecord
from tests.association.test_faults import FOLDER
from tests.decide.meetings import at, called, make_body, opened, plan, put, seat
from tests.decide.votes import make_source, members_with_voters, voter_of
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db


def moment(year: int, month: int, day: int, hour: int) -> datetime:
    return timezone.make_aware(datetime(year, month, day, hour))


# --- deadlines -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("meeting", "days", "expected", "moved"),
    [
        (date(2023, 6, 14), 28, date(2023, 5, 17), False),  # an ordinary Wednesday
        (date(2024, 6, 26), 13, date(2024, 6, 13), False),
        (date(2026, 5, 11), 14, date(2026, 4, 24), True),  # King's Day on a Monday: the Friday before
        (date(2026, 6, 22), 28, date(2026, 5, 22), True),  # Whit Monday, and the weekend before it
        (date(2026, 12, 26), 1, date(2026, 12, 24), True),  # Christmas Day
        (date(2026, 6, 20), 13, date(2026, 6, 5), True),  # a Sunday
    ],
)
def test_a_deadline_on_a_closed_day_moves_to_the_working_day_before(meeting, days, expected, moved):
    found = meeting_rules.deadline("agenda", DeadlineRecord(days, 12), meeting)
    assert timezone.localdate(found.at) == expected and timezone.localtime(found.at).hour == 12
    assert bool(found.moved) == moved and (found.moved in found.reason) and str(days) in found.reason


@given(st.dates(date(2022, 1, 1), date(2040, 12, 31)), st.integers(1, 60))
def test_every_deadline_is_on_the_last_working_day_not_after_the_counted_day(day, days):
    found = timezone.localdate(meeting_rules.deadline("motions", DeadlineRecord(days, 12), day).at)
    counted = day - timedelta(days=days)
    assert found <= counted and is_working_day(found)
    between = [found + timedelta(days=step) for step in range(1, (counted - found).days + 1)]
    assert not any(is_working_day(other) for other in between)


def test_a_meeting_keeps_the_rules_of_its_body_and_the_deadlines_of_its_date():
    make_member()
    meeting = plan(starts_at=at(120))
    assert meeting.rules["key"] == "assembly" and meeting.rules["request"]["denominator"] == 10
    assert meeting.rules["verified"] is False and meeting.visibility == "public"
    assert set(meeting.deadlines) == {"agenda", "amendments", "motions"}
    before = meeting_rules.moment(meeting.deadlines, "agenda")
    later = change_meeting(
        actor=make_adviser(),
        meeting=meeting,
        title=meeting.title,
        form=meeting.form,
        starts_at=meeting.starts_at + timedelta(days=28),
        ends_at=meeting.ends_at + timedelta(days=28),
    )
    after = meeting_rules.moment(later.deadlines, "agenda")
    assert before is not None and after is not None and after - before > timedelta(days=20)
    assert (later.version, later.sequence) == (2, 1)


def test_an_extra_meeting_and_a_body_of_people_have_deadlines_of_their_own():
    make_member()
    regular, extra = plan(), plan(extra=True)
    assert regular.deadlines["agenda"] < extra.deadlines["agenda"]
    committee = plan(body=make_body("financien", "committee"))
    assert committee.rules["electorate"] == "seats" and committee.visibility == "members"
    assert set(committee.deadlines) == {"agenda"} and not committee.rules["proxy"]
    assert plan(body=make_body("werkgroep", "unknown")).deadlines == {}


# --- planning --------------------------------------------------------------------------------------------
def test_only_the_bureau_plans_and_what_is_wrong_is_said_at_its_field():
    make_member()
    with pytest.raises(PermissionDenied):
        plan(make_person("alderman", member=make_member(), votes=True))
    start = at()
    for field, changes in {
        "title": {"title": " "},
        "ends_at": {"ends_at": start},
        "starts_at": {"starts_at": at(-1), "ends_at": at(1)},
        "link": {"link": "javascript:alert(1)"},
        "form": {"form": "telepathy"},
    }.items():
        with pytest.raises(ValidationError) as problem:
            plan(**changes)
        assert field in problem.value.message_dict
    with pytest.raises(ValidationError) as problem:
        plan(reference_date=date(1990, 1, 1))  # no member was there
    assert "reference_date" in problem.value.message_dict


def test_planning_twice_is_planning_once_and_each_change_is_one_event():
    make_member()
    adviser, start = make_adviser(), at()
    first = plan(adviser, starts_at=start)
    assert plan(adviser, starts_at=start).pk == first.pk
    assert list(Event.objects.filter(subject=first.subject).values_list("verb", flat=True)) == [
        "meeting.planned"
    ]


def test_an_unseen_change_is_not_overwritten():
    make_member()
    adviser, meeting = make_adviser(), plan()
    values = {"form": meeting.form, "starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    change_meeting(actor=adviser, meeting=meeting, version=1, title="Voorjaar", **values)
    with pytest.raises(ValidationError) as problem:
        change_meeting(actor=adviser, meeting=meeting, version=1, title="Zomer", **values)
    assert problem.value.error_list[0].code == "changed"


# --- calling ---------------------------------------------------------------------------------------------
def test_calling_tells_the_roll_who_names_voters_and_the_seats_once():
    (_member, voter), *_rest = members_with_voters(30_000, 20_000)
    secretary = make_person("town_secretary", member=_member)
    official = make_person("official", member=_member)
    body = make_body()
    sits = seat(body)
    adviser = make_adviser()
    meeting = plan(adviser, body=body)
    with pytest.raises(ValidationError):
        call_meeting(actor=adviser, meeting=meeting)  # nothing on the agenda
    put(meeting, adviser)
    call_meeting(actor=adviser, meeting=meeting)
    again = call_meeting(actor=adviser, meeting=meeting)
    assert again.state == "called"
    told = list(Notice.objects.filter(milestone="meeting.called").values_list("person_id", flat=True))
    assert len(told) == len(set(told)) == 4 and {voter.pk, secretary.pk, sits.pk} <= set(told)
    assert official.pk not in told and adviser.pk not in told


def test_a_change_of_the_date_after_calling_is_told_and_before_it_is_not():
    _member, voter = members_with_voters(30_000)[0]
    adviser = make_adviser()
    meeting = plan(adviser)
    later = {"starts_at": at(70), "ends_at": at(70, 12), "form": "on_site"}
    change_meeting(actor=adviser, meeting=meeting, title=meeting.title, **later)
    assert not Notice.objects.filter(milestone="meeting.changed").exists()
    put(meeting, adviser)
    call_meeting(actor=adviser, meeting=meeting)
    change_meeting(actor=adviser, meeting=meeting, title=meeting.title, **{**later, "ends_at": at(70, 15)})
    assert Notice.objects.filter(milestone="meeting.changed", person=voter).count() == 1


def test_calling_off_needs_a_reason_and_a_meeting_that_began_is_not_called_off():
    _member, voter = members_with_voters(30_000)[0]
    adviser = make_adviser()
    meeting = called(adviser)
    with pytest.raises(ValidationError):
        cancel_meeting(actor=adviser, meeting=meeting, reason="")
    cancel_meeting(actor=adviser, meeting=meeting, reason="Te weinig voorstellen.")
    assert Notice.objects.get(milestone="meeting.cancelled", person=voter).data["reason"]
    with pytest.raises(ValidationError):
        open_meeting(actor=adviser, meeting=meeting)
    with pytest.raises(ValidationError):
        cancel_meeting(actor=adviser, meeting=opened(adviser), reason="Te laat.")


# --- holding ---------------------------------------------------------------------------------------------
def test_the_life_of_a_meeting_by_bureau_or_chair():
    make_member()
    body = make_body("financien", "committee")
    chair, other = seat(body, 1, chair=True), seat(body, 2)
    adviser = make_adviser()
    meeting = plan(adviser, body=body)
    with pytest.raises(ValidationError):
        open_meeting(actor=chair, meeting=meeting)  # not called yet
    put(meeting, adviser)
    call_meeting(actor=adviser, meeting=meeting)
    with pytest.raises(PermissionDenied):
        open_meeting(actor=other, meeting=meeting)
    with pytest.raises(ValidationError):
        suspend_meeting(actor=chair, meeting=meeting)
    assert open_meeting(actor=chair, meeting=meeting).state == "open"
    assert suspend_meeting(actor=chair, meeting=meeting).state == "suspended"
    assert suspend_meeting(actor=chair, meeting=meeting).state == "suspended"
    assert resume_meeting(actor=chair, meeting=meeting).state == "open"
    assert close_meeting(actor=chair, meeting=meeting).closed_at is not None
    with pytest.raises(ValidationError):
        put(Meeting.objects.get(pk=meeting.pk), adviser, "Nog iets")
    verbs = Event.objects.filter(subject=meeting.subject, verb__startswith="meeting.").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        f"meeting.{word}" for word in ("planned", "called", "opened", "suspended", "resumed", "closed")
    ]
    assert LiveChange.objects.filter(meeting=meeting, about="agenda").count() >= 5


def test_closing_ends_every_stay_and_tells_those_behind_what_was_dealt_with():
    member, voter = members_with_voters(30_000)[0]
    adviser, author = make_adviser(), make_person("official", member=member)
    done, held, waiting = (make_source(title=title, author=author) for title in ("Eén", "Twee", "Drie"))
    meeting = opened(adviser)
    items = [add_agenda_item(actor=adviser, meeting=meeting, about=about) for about in (done, held, waiting)]
    AgendaItem.objects.filter(pk=items[0].pk).update(state="now")
    AgendaItem.objects.filter(pk=items[1].pk).update(state="held")
    Attendance.objects.create(meeting=meeting, member=member, person=voter, presence="on_site")
    close_meeting(actor=adviser, meeting=meeting)
    assert not Attendance.objects.filter(meeting=meeting, left_at__isnull=True).exists()
    news = Notice.objects.filter(person=author).order_by("item_id").values_list("milestone", "item_id")
    assert list(news) == [("meeting.dealt_with", done.pk), ("meeting.held_over", held.pk)]


# --- the agenda ------------------------------------------------------------------------------------------
def titles(meeting: Meeting) -> list[str]:
    return [
        f"{line.number} {line.item.title}"
        for line in numbered(Meeting.objects.get(pk=meeting.pk), list(meeting.agenda.order_by("position")))
    ]


def test_items_have_numbers_and_times_from_their_order_and_parts_follow_their_item():
    make_member()
    adviser, meeting = make_adviser(), plan()
    opening = put(meeting, adviser, "Opening", minutes=5)
    budget = put(meeting, adviser, "Begroting", minutes=20)
    closing = put(meeting, adviser, "Sluiting", minutes=5)
    part = put(meeting, adviser, "Contributie", parent=budget, minutes=15)
    put(meeting, adviser, "Fonds", parent=budget)
    assert titles(meeting) == ["1 Opening", "2 Begroting", "2.1 Contributie", "2.2 Fonds", "3 Sluiting"]
    lines = numbered(meeting, list(meeting.agenda.order_by("position")))
    starts = [(line.starts_at - meeting.starts_at) // timedelta(minutes=1) for line in lines]
    assert starts == [0, 5, 25, 40, 50]
    move_agenda_item(actor=adviser, agenda_item=closing, position=1)
    move_agenda_item(actor=adviser, agenda_item=part, position=9)  # past the end is the end
    assert titles(meeting) == ["1 Sluiting", "2 Opening", "3 Begroting", "3.1 Fonds", "3.2 Contributie"]
    with pytest.raises(ValidationError):
        put(meeting, adviser, "Dieper", parent=part)
    opening.refresh_from_db()
    assert opening.position == 2


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 9)), max_size=8))
def test_any_moves_keep_every_item_once_with_its_parts_behind_it(moves):
    meeting = Meeting.objects.filter(title="Verplaatsen").first()
    adviser = make_adviser()
    if meeting is None:
        make_member()
        meeting = plan(adviser, title="Verplaatsen")
        tops = [put(meeting, adviser, f"Punt {n}") for n in range(4)]
        for n in range(3):
            put(meeting, adviser, f"Deel {n}", parent=tops[n % 2])
    items = list(meeting.agenda.order_by("pk"))
    for which, place in moves:
        move_agenda_item(actor=adviser, agenda_item=items[which], position=place)
    rows = list(meeting.agenda.order_by("position"))
    assert [row.position for row in rows] == list(range(1, 8))
    top = None
    for row in rows:
        top = row.pk if row.parent_id is None else top
        assert row.parent_id in (None, top)


def test_an_item_taken_off_after_the_agenda_went_out_keeps_its_number():
    make_member()
    adviser, meeting = make_adviser(), plan()
    early, first, second = (put(meeting, adviser, title) for title in ("Vroeg", "Een", "Twee"))
    drop_agenda_item(actor=adviser, agenda_item=early)
    assert titles(meeting) == ["1 Een", "2 Twee"]
    call_meeting(actor=adviser, meeting=meeting)
    drop_agenda_item(actor=adviser, agenda_item=first)
    assert titles(meeting) == ["1 Een", "2 Twee"]
    late = put(meeting, adviser, "Laat")
    assert late.added_late and not second.added_late
    change_agenda_item(actor=adviser, agenda_item=late, title="Later", kind="questions", minutes=3, version=1)
    with pytest.raises(ValidationError) as problem:
        change_agenda_item(actor=adviser, agenda_item=late, title="Anders", kind="questions", version=1)
    assert problem.value.error_list[0].code == "changed"


def test_any_item_that_members_can_read_comes_on_an_agenda_once():
    make_member()
    adviser, meeting = make_adviser(), plan()
    signal = make_source(title="Keuringen")
    entry = add_agenda_item(actor=adviser, meeting=meeting, about=signal)
    assert entry.title == "Keuringen" and entry.kind == "information"
    assert add_agenda_item(actor=adviser, meeting=meeting, about=signal).pk == entry.pk
    with pytest.raises(ValidationError) as problem:
        add_agenda_item(actor=adviser, meeting=meeting, about=make_source(visibility="bureau"))
    assert "about" in problem.value.message_dict
    with pytest.raises(ValidationError):
        add_agenda_item(actor=adviser, meeting=meeting, about=meeting)
    with pytest.raises(PermissionDenied):
        add_agenda_item(actor=voter_of(make_member()), meeting=meeting, about=signal)


def test_deadlines_of_the_invented_association_follow_its_own_rules():
    folder = load(FOLDER)
    rules = folder.rules_of_meeting(date(2023, 6, 1), body="great-moot", kind="moot")
    starts = timezone.make_aware(datetime.combine(date(2027, 3, 1), time(10)))
    given_rules = {
        "deadlines": {name: {"days": row.days, "hour": row.hour} for name, row in rules.deadlines.items()}
    }
    found = meeting_rules.deadlines(given_rules, starts)
    assert [(entry.name, entry.days) for entry in found] == [("agenda", 30), ("amendments", 10)]


def test_plan_meeting_is_a_command_with_keywords_only():
    with pytest.raises(TypeError):
        plan_meeting(make_adviser(), make_body())
