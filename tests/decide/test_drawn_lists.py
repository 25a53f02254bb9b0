"""The long lists of a meeting that are drawn without a template: what people wrote is escaped, and nothing is lost."""

from datetime import UTC, datetime

from django.template import Context
from django.utils import translation

from omkering.decide.models import AgendaItem, Meeting, Motion, Paper, Vote
from omkering.decide.queries.attendance import AttendanceLine, Voter
from omkering.decide.queries.live import Running
from omkering.decide.queries.meetings import Line
from omkering.decide.templatetags.live import console_lines
from omkering.decide.templatetags.meetings import (
    agenda_lines,
    desk_rows,
    motion_entries,
    paper_line,
    presence_rows,
)
from omkering.who.models import Member

WRITTEN, SHOWN = "<b>O'Neil</b> & co", "&lt;b&gt;O&#x27;Neil&lt;/b&gt; &amp; co"
AT = datetime(2026, 6, 3, 8, 5, tzinfo=UTC)


def _item(pk: int, **more) -> AgendaItem:
    return AgendaItem(pk=pk, position=pk, title=WRITTEN, **{"kind": "proposal", "minutes": 10, **more})


def test_an_agenda_shows_state_time_papers_votes_and_motions():
    paper = Paper(pk=4, title=WRITTEN, file="papers/a.pdf", file_name=WRITTEN, late_number=2)
    line = Line(
        _item(1200, added_late=True), "1", AT, papers=[paper], votes=[Vote(kind="vote", state="open")]
    )
    dropped = Line(_item(1201, state="dropped", added_late=True), "", None)
    motion = Motion(pk=9, title=WRITTEN)
    with translation.override("en"):
        html = agenda_lines([(line, [(motion, WRITTEN)]), (dropped, [])])
    assert WRITTEN not in html
    assert html.count(SHOWN) == 6  # two items, a paper and its file, the motion and its name
    assert '<li id="item-1200"><h3>1. <a' in html
    assert "10:05 · 10 minutes · Proposal" in html
    assert "Sent on later, 2" in html
    assert html.count("Added later") == 1
    assert "Taken off the agenda" in html


def test_a_paper_that_is_a_text_has_a_page_and_one_that_is_a_file_its_address():
    assert "/4/" in paper_line(Paper(pk=4, title=WRITTEN))
    assert "app-subtle" not in paper_line(Paper(pk=4, title=WRITTEN))
    assert f"({SHOWN})" in paper_line(Paper(pk=4, title="A", file="papers/a.pdf", file_name=WRITTEN))


def test_motions_say_who_filed_them():
    html = motion_entries(
        [(Motion(pk=9, title=WRITTEN, owner_member=Member(name=WRITTEN)), "M", ("Filed", "info"))]
    )
    assert WRITTEN not in html
    assert html.count(SHOWN) == 2


def test_who_is_there_is_named():
    html = presence_rows([(AttendanceLine(Member(pk=3, name=WRITTEN), None, 1234), WRITTEN)])
    assert WRITTEN not in html
    assert html.startswith('<tr id="line-m3">')
    assert html.count(SHOWN) == 2


def test_the_desk_has_a_button_for_each_way_to_take_part_while_it_is_open():
    line = AttendanceLine(Member(pk=3, name=WRITTEN), None, 2)
    page = {
        "meeting": Meeting(pk=7),
        "ways": [("on_site", "Here"), ("remote", "There")],
        "here": "/?q=<",
        "csrf_token": "t",
    }
    rows = [{"line": line, "people": [(Voter(5, WRITTEN), 2)]}]
    html = desk_rows(Context({**page, "open": True}), rows)
    assert WRITTEN not in html
    assert "/?q=<" not in html
    assert html.count("<form") == html.count('name="csrfmiddlewaretoken" value="t"') == 2
    assert "<form" not in desk_rows(Context({**page, "open": False}), rows)


def test_the_console_has_a_button_for_each_item_but_the_present_one():
    meeting = Meeting(pk=7, state="open", current_id=2)
    items = [_item(1), _item(2), _item(3, state="dropped"), _item(4, state="done")]
    state = Running(meeting, items, [], [], AT, 0)
    html = console_lines(Context({"do_url": "/do/", "csrf_token": "t"}), state)
    assert WRITTEN not in html
    assert html.count(' aria-current="step"') == 1
    assert html.count("<form") == 2
