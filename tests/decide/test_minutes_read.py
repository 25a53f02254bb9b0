"""How minutes are read and drawn quickly: it must say what the slow way says, and let nothing through unescaped."""

import pytest
from django.utils import timezone, translation

from omkering.decide.minutes_entries import Page, decided_html, item_html
from omkering.decide.models import Meeting
from omkering.decide.queries import minutes as queries
from omkering.decide.queries.minutes import document
from omkering.decide.queries.minutes_kinds import kinds_there
from omkering.decide.queries.minutes_reading import clock, for_reader, read
from omkering.decide.queries.minutes_words import Moment, moment
from tests.decide.minutes_made import held

EVERYTHING = frozenset(
    {
        "motion",
        "admission",
        "objection",
        "interest",
        "speech",
        "undertaking",
        "settlement",
        "proxy",
        "delegate",
    }
)
MEAN = "<img src=x onerror=alert(1)> & \"'"


def entry(kind, **more):
    return {
        "type": kind,
        "source": f"{kind}:1",
        "id": 1,
        "item": 1,
        "agenda_item": 2,
        "at": timezone.localtime(),
        "title": MEAN,
        "text": MEAN,
        "hidden": False,
        "note": None,
        "state_words": MEAN,
        "kind_words": MEAN,
        "person_name": MEAN,
        "member": {"code": "GM1", "name": MEAN},
        "kind": "visitor",
        "subject": MEAN,
        "by_words": MEAN,
        "due_at": None,
        "number": MEAN,
        "tells": True,
        "state": "closed",
        "on_advice_words": MEAN,
        "needed_words": MEAN,
        "needed_of_words": MEAN,
        "outcome_words": MEAN,
        "result": {"outcome": "adopted"},
        "secret": True,
        "undone_reason": MEAN,
        **more,
    }


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        *(("vote", "closed"), ("vote", "undone"), ("speech", ""), ("interest", "")),
        *(("undertaking", ""), ("motion", ""), ("settlement", "")),
    ],
)
def test_no_text_of_people_is_drawn_unescaped(kind, state):
    item = {
        "id": 2, "number": MEAN, "title": MEAN, "kind_words": MEAN, "state_words": MEAN, "begun_at": None,
        "ended_at": None, "added_late": True, "notes": [], "entries": [entry(kind, state=state)],
    }  # fmt: skip
    for html in (item_html(item, Page(3, str, writes=True)), decided_html(item, 1)):
        assert "<img" not in html and "onerror=alert" in html
        assert "&lt;img" in html


def test_a_time_of_day_is_written_in_four_figures():
    at = timezone.localtime().replace(hour=9, minute=5)
    assert clock(at) == f"{at:%H:%M}" == "09:05"
    assert clock(None) == ""


@pytest.mark.django_db
def test_the_database_writes_a_moment_as_we_do():
    made = held()
    for at in (made.meeting.opened_at, timezone.now().replace(microsecond=0), None):
        Meeting.objects.filter(pk=made.meeting.pk).update(called_at=at)
        row = Meeting.objects.filter(pk=made.meeting.pk).values_list("called_at", Moment("called_at")).get()
        assert row[1] == moment(row[0])


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_told_in_one_language_is_what_was_kept_in_all(language):
    made = held()
    with translation.override(language):
        assert read(made.meeting, made.adviser) == for_reader(document(made.meeting), made.adviser)


@pytest.mark.django_db
def test_nothing_is_left_out_for_not_being_asked_for(monkeypatch):
    made = held()
    assert kinds_there(made.meeting) == {"speech", "undertaking", "proxy"}
    found = document(made.meeting)
    monkeypatch.setattr(queries, "kinds_there", lambda meeting: EVERYTHING)
    assert document(made.meeting) == found
