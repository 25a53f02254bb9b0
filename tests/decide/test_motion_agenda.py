"""The item of the agenda that a motion belongs to: chosen when it is filed, shown on both, kept on the agenda."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from omkering.decide import commands
from omkering.decide.commands.agenda_items import add_agenda_item, drop_agenda_item
from omkering.decide.models import AgendaItem, Motion
from tests.decide.motions import REASON, called, draft, filed, make_world, past_deadline
from tests.decide.running import items
from tests.decide.votes import log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def text(client, name, *args) -> str:
    answer = client.get(reverse(f"decide:{name}", args=args))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def file_at(w, item: AgendaItem, **changes) -> Motion:
    row = draft(w, **changes)
    return commands.file_motion(actor=w.mayor, motion=row, meeting=item.meeting, agenda_item=item)


# --- the form ------------------------------------------------------------------------------------------------
def test_the_form_offers_the_items_of_each_agenda_and_keeps_the_choice(client, w):
    first, second, third = items(w.meeting)
    bare = called(90, title="Een vergadering zonder agenda")
    bare.agenda.all().delete()
    elsewhere = called(120, title="Een latere vergadering")
    commands_drop(w, third)
    row = draft(w)
    log_in(client, w.mayor)
    page = text(client, "file_motion", row.pk)
    select = re.search(
        r'<select name="agenda_item".*?</select>|<select[^>]*id="id_agenda_item".*?</select>', page
    )
    groups = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', select.group())
    assert [label.partition(" (")[0] for label, _options in groups] == [w.meeting.title, elsewhere.title]
    assert re.findall(r'value="(\d+)">([^<]*)<', groups[0][1]) == [
        (str(first.pk), f"1. {first.title}"),
        (str(second.pk), f"2. {second.title}"),
    ]
    sent = {"meeting": w.meeting.pk, "agenda_item": second.pk, "version": row.version}
    assert client.post(reverse("decide:file_motion", args=[row.pk]), sent).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.meeting, row.agenda_item) == ("filed", w.meeting, second)


def commands_drop(w, item):
    drop_agenda_item(actor=w.adviser, agenda_item=item)


def test_without_a_choice_it_stands_by_itself_and_without_an_agenda_nothing_is_asked(client, w):
    row = draft(w)
    log_in(client, w.mayor)
    sent = {"meeting": w.meeting.pk, "agenda_item": "", "version": row.version}
    assert client.post(reverse("decide:file_motion", args=[row.pk]), sent).status_code == 302
    assert Motion.objects.get(pk=row.pk).agenda_item is None
    other = draft(w, title="Nog een motie")
    w.meeting.agenda.all().delete()
    assert "agenda_item" not in text(client, "file_motion", other.pk)


def test_an_item_alone_says_the_meeting_too(client, w):
    row, item = draft(w), items(w.meeting)[1]
    log_in(client, w.mayor)
    sent = {"meeting": "", "agenda_item": item.pk, "version": row.version}
    assert client.post(reverse("decide:file_motion", args=[row.pk]), sent).status_code == 302
    row.refresh_from_db()
    assert (row.meeting, row.agenda_item, row.admission) == (w.meeting, item, "on_time")


def test_an_item_of_another_meeting_is_told_at_its_field(client, w):
    row, elsewhere = draft(w), called(120, title="Een latere vergadering")
    log_in(client, w.mayor)
    for item in (items(elsewhere)[0].pk, 10**9):
        sent = {"meeting": w.meeting.pk, "agenda_item": item, "version": row.version}
        answer = client.post(reverse("decide:file_motion", args=[row.pk]), sent)
        assert answer.status_code == 422
        assert 'href="#id_agenda_item"' in answer.content.decode()
    assert Motion.objects.get(pk=row.pk).state == "draft"


# --- the command ---------------------------------------------------------------------------------------------
def test_the_command_takes_no_item_of_elsewhere_or_that_was_taken_off(w):
    row, elsewhere = draft(w), called(120)
    gone = items(w.meeting)[2]
    commands_drop(w, gone)
    gone.refresh_from_db()
    for item in (items(elsewhere)[0], gone):
        with pytest.raises(ValidationError) as refused:
            commands.file_motion(actor=w.mayor, motion=row, meeting=w.meeting, agenda_item=item)
        assert set(refused.value.message_dict) == {"agenda_item"}
    assert Motion.objects.get(pk=row.pk).state == "draft"


def test_a_late_motion_at_an_item_waits_for_its_admission_too(w):
    meeting = past_deadline(w)
    row = commands.file_motion(
        actor=w.mayor, motion=draft(w), agenda_item=AgendaItem.objects.get(pk=items(meeting)[0].pk),
        urgency_current="Het Rijk besluit hierover volgende week al.",
        urgency_earlier="Het voorstel van het Rijk kwam gisteren pas.",
    )  # fmt: skip
    assert (row.admission, row.agenda_item) == ("asked", items(meeting)[0])


def test_a_motion_that_was_held_over_is_brought_to_an_item_of_the_next_meeting(client, w):
    row = filed(w)
    commands.hold_motion(actor=w.adviser, motion=row, reason=REASON)
    later = called(120, title="Een latere vergadering")
    item = items(later)[1]
    log_in(client, w.adviser)
    sent = {"meeting": later.pk, "agenda_item": item.pk}
    assert client.post(reverse("decide:bring_motion", args=[row.pk]), sent).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.meeting, row.agenda_item) == ("filed", later, item)


# --- where it shows ------------------------------------------------------------------------------------------
def test_the_motion_the_agenda_and_the_item_tell_of_each_other(client, w):
    item = items(w.meeting)[1]
    row = file_at(w, item)
    link = f'href="{reverse("decide:motion", args=[row.pk])}"'
    there = f'href="{reverse("decide:agenda_item", args=[item.pk])}"'
    assert there in text(client, "motion", row.pk)
    agenda = text(client, "meeting", w.meeting.pk)
    lines = re.findall(r'<li id="item-(\d+)">(.*?)(?=<li id="item-|</ol>)', agenda)
    assert [int(pk) for pk, line in lines if link in line] == [item.pk]
    assert link in text(client, "agenda_item", item.pk)
    assert link not in text(client, "agenda_item", items(w.meeting)[0].pk)
    commands.withdraw_motion(actor=w.mayor, motion=row, reason=REASON)
    assert link not in text(client, "agenda_item", item.pk)


def test_who_may_not_read_a_motion_does_not_see_it_at_its_item(client, w):
    item = items(w.meeting)[1]
    row = file_at(w, item)
    Motion.objects.filter(pk=row.pk).update(visibility="members")
    link = reverse("decide:motion", args=[row.pk])
    assert link not in text(client, "agenda_item", item.pk) + text(client, "meeting", w.meeting.pk)
    log_in(client, w.theirs)
    assert link in text(client, "agenda_item", item.pk)


def test_put_on_the_agenda_it_becomes_a_part_of_its_item(client, w):
    item = items(w.meeting)[1]
    row = file_at(w, item)
    placed = commands.place_on_agenda(actor=w.adviser, motion=row)
    assert (placed.parent, placed.about_id) == (item, row.pk)
    assert [line.pk for line in items(w.meeting)].index(
        placed.pk
    ) == 2  # right after the item, before the last
    row.refresh_from_db()
    assert row.agenda_item == placed
    page = text(client, "agenda_item", item.pk)
    assert (
        f'href="{reverse("decide:agenda_item", args=[placed.pk])}"' in page
    )  # as a part, not as a motion again
    assert f'href="{reverse("decide:motion", args=[row.pk])}"' not in page


def test_a_part_of_an_item_takes_no_parts_so_the_motion_comes_beside_it(w):
    top = items(w.meeting)[1]
    part = add_agenda_item(actor=w.adviser, meeting=w.meeting, title="Een deel", parent=top)
    row = file_at(w, part)
    assert commands.place_on_agenda(actor=w.adviser, motion=row).parent == top
    gone = items(w.meeting)[0]
    other = file_at(w, gone, title="Nog een motie")
    commands_drop(w, gone)
    assert commands.place_on_agenda(actor=w.adviser, motion=other).parent is None
