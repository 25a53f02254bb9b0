"""What waits on the home page around minutes: to lay before a meeting, to adopt, to read."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from omkering.decide.commands import minutes as commands
from omkering.decide.commands.agenda_items import drop_agenda_item
from omkering.decide.commands.meetings import close_meeting, open_meeting
from omkering.decide.models import Meeting, Minutes
from omkering.decide.waiting_minutes import minutes_to_read, minutes_to_tend
from omkering.thread.models import Item
from omkering.who.models import Person
from omkering.who.standing import standing_of
from tests.decide.meetings import at, called, make_body, opened, plan, seat
from tests.decide.minutes_made import held
from tests.decide.votes import log_in, members_with_voters
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with translation.override("en"):
        yield


def seen(look, person):
    """(text, late) of what somebody who just came sees."""
    fresh = Person.objects.get(pk=person.pk)
    return [(str(entry.text), entry.late) for entry in look(fresh, standing_of(fresh))]


def to_tend(made):
    return seen(minutes_to_tend, made.adviser)


def soon(meeting, **delta):
    """The same meeting, nearer."""
    starts = timezone.now() + timedelta(**delta)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=3))


def laid(made, **changes):
    """Minutes laid before a meeting that was called, in 90 days; the meeting they are of was five days ago."""
    soon(made.meeting, days=-5)
    made.meeting.refresh_from_db()
    made.next = called(made.adviser, title="Volgende", starts_at=at(90), **changes)
    made.item = commands.propose_minutes(actor=made.adviser, meeting=made.meeting, to=made.next)
    return made


def test_minutes_of_a_meeting_that_is_over_wait_to_be_laid_before_another():
    made = held()
    assert to_tend(made) == [("Lay the minutes of “Ledenvergadering” before a next meeting", False)]
    fresh = Person.objects.get(pk=made.adviser.pk)
    [entry] = minutes_to_tend(fresh, standing_of(fresh))
    assert entry.url == reverse("decide:minutes", args=[made.meeting.pk])
    # The agenda of the next meeting goes out without them.
    soon(made.meeting, days=-5)
    called(made.adviser, body=make_body("ander", "committee"))
    assert [late for _text, late in to_tend(made)] == [False]  # another body
    called(made.adviser)
    assert [late for _text, late in to_tend(made)] == [True]


def test_they_do_not_wait_while_the_meeting_goes_on_nor_for_ever():
    made = held()
    Meeting.objects.filter(pk=made.meeting.pk).update(closed_at=timezone.now() - timedelta(days=500))
    assert to_tend(made) == []
    Item.objects.filter(pk=made.meeting.pk).update(state="open")
    assert to_tend(made) == []


def test_minutes_wait_to_be_adopted_once_the_meeting_is_near():
    made = laid(held())
    assert to_tend(made) == []
    soon(made.next, days=6)
    [(text, late)] = to_tend(made)
    assert text.startswith("“Verslag: Ledenvergadering” is to be adopted in “Volgende” (") and not late
    soon(made.next, hours=-1)
    open_meeting(actor=made.adviser, meeting=Meeting.objects.get(pk=made.next.pk))
    assert any("is to be adopted in “Volgende”" in text for text, _late in to_tend(made))
    minutes = Minutes.objects.get(meeting=made.meeting)
    commands.adopt_minutes(actor=made.adviser, meeting=Meeting.objects.get(pk=made.next.pk), minutes=minutes)
    assert to_tend(made) == []


def test_minutes_that_were_not_adopted_wait_to_be_laid_before_another_meeting(client):
    made = laid(held())
    log_in(client, made.adviser)
    address = reverse("decide:minutes", args=[made.meeting.pk])
    road = reverse("decide:propose_minutes", args=[made.meeting.pk])
    assert road not in client.get(address).content.decode()
    begun = open_meeting(actor=made.adviser, meeting=made.next)
    soon(begun, hours=-2)
    close_meeting(actor=made.adviser, meeting=begun)
    # That meeting itself was held too: its own minutes wait beside it.
    assert (
        "“Verslag: Ledenvergadering” was not adopted in “Volgende”. Lay it before another meeting",
        True,
    ) in (to_tend(made))
    assert road in client.get(address).content.decode()
    other = plan(made.adviser, title="Daarna", starts_at=at(3))
    assert client.post(road, {"to": other.pk}).status_code == 302
    assert any("is to be adopted in “Daarna”" in text for text, _late in to_tend(made))
    assert road not in client.get(address).content.decode()


def test_taken_off_the_agenda_they_wait_again():
    made = laid(held())
    drop_agenda_item(actor=made.adviser, agenda_item=made.item)
    assert [text for text, _late in to_tend(made)] == [
        "Lay the minutes of “Ledenvergadering” before a next meeting"
    ]


def test_who_is_called_reads_them_until_they_are_adopted():
    made = laid(held())
    voter = made.members[0][1]
    secretary = make_person("town_secretary", member=made.members[0][0])
    official = make_person("official", member=make_member())
    assert seen(minutes_to_read, voter) == []  # that meeting is too far ahead
    soon(made.next, days=30)
    [(text, late)] = seen(minutes_to_read, voter)
    assert text.startswith("To read before “Volgende” (") and not late
    assert text.endswith("“Verslag: Ledenvergadering”")
    assert len(seen(minutes_to_read, secretary)) == 1
    assert seen(minutes_to_read, official) == []
    assert seen(minutes_to_read, made.adviser) == []
    begun = open_meeting(actor=made.adviser, meeting=Meeting.objects.get(pk=made.next.pk))
    assert len(seen(minutes_to_read, voter)) == 1
    minutes = Minutes.objects.get(meeting=made.meeting)
    commands.adopt_minutes(actor=made.adviser, meeting=begun, minutes=minutes)
    assert seen(minutes_to_read, voter) == []


def test_minutes_of_a_body_are_read_by_who_sits_in_it():
    body = make_body("financien", "committee")
    sits, elsewhere = seat(body), seat(make_body("ruimte", "committee"))
    [(_member, voter)] = members_with_voters(30_000)
    adviser = make_adviser()
    meeting = close_meeting(actor=adviser, meeting=opened(adviser, body=body))
    made = laid(SimpleNamespace(adviser=adviser, meeting=meeting), body=body)
    soon(made.next, days=10)
    assert len(seen(minutes_to_read, sits)) == 1
    assert seen(minutes_to_read, elsewhere) == []
    assert seen(minutes_to_read, voter) == []


def test_what_waits_asks_the_database_the_same_for_few_and_many(django_assert_num_queries):
    made = laid(held())
    soon(made.next, days=6)
    people = [
        (look, Person.objects.get(pk=person.pk))
        for look, person in ((minutes_to_tend, made.adviser), (minutes_to_read, made.members[0][1]))
    ]
    for _time in range(2):
        for (look, person), number in zip(people, (2, 1), strict=True):
            standing = standing_of(person)
            with CaptureQueriesContext(connection) as asked:
                assert look(person, standing)
            assert len(asked) == number
        laid(held(made.adviser))
