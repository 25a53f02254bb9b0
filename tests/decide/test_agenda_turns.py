"""Amendments to a text on the agenda: parts of the text's item, in the order of voting, whatever is done again."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from omkering.decide.commands.agenda_items import add_agenda_item, add_turns, drop_agenda_item
from omkering.decide.models import AgendaItem
from omkering.thread.models import Item
from omkering.thread.turns import turns_of
from tests.decide.meetings import plan, put
from tests.decide.votes import log_in
from tests.deliberate.amendments_made import make_document, make_world, submitted

pytestmark = pytest.mark.django_db

FAR = "De zorg wordt vanaf 2032 door het Rijk en door de provincie samen betaald, zonder eigen bijdrage."
NEAR = "De gemeente betaalt de zorg vanaf 2031 zelf."


@pytest.fixture
def made():
    """A document with amendments that were handed in in another order than they are voted on, on an agenda."""
    w = make_world()
    w.second = submitted(w, "Het Rijk vergoedt alles.", by=w.theirs, owner=w.other, at=w.two, title="Alles")
    w.near = submitted(w, NEAR, title="Een jaar later")
    w.far = submitted(w, FAR, by=w.theirs, owner=w.other, title="Samen betalen")
    w.dropped = submitted(w, by=w.theirs, owner=w.other, deed="drop", title="Schrappen")
    w.meeting = plan(w.adviser)
    put(w.meeting, w.adviser)
    w.item = add_agenda_item(actor=w.adviser, meeting=w.meeting, about=Item.objects.get(pk=w.document.pk))
    put(w.meeting, w.adviser, "Sluiting")
    return w


def order(meeting) -> list[str]:
    return list(
        AgendaItem.objects.filter(meeting=meeting).order_by("position").values_list("title", flat=True)
    )


def test_they_stand_below_the_text_and_what_reaches_furthest_first(made):
    added = add_turns(actor=made.adviser, agenda_item=made.item)
    expected = ["Schrappen", "Samen betalen", "Een jaar later", "Alles"]
    assert [row.title for row in added] == expected
    assert order(made.meeting) == ["Opening", made.item.title, *expected, "Sluiting"]
    assert {row.parent_id for row in added} == {made.item.pk}
    assert {row.kind for row in added} == {"amendment"}
    assert [row.about_id for row in added] == [row.pk for row in turns_of(made.document)]


def test_again_it_adds_what_came_since_in_its_place_and_nothing_twice(made):
    drop_agenda_item(actor=made.adviser, agenda_item=add_turns(actor=made.adviser, agenda_item=made.item)[2])
    later = submitted(
        made, "Het Rijk en de provincie vergoeden samen alle kosten van de uitvoering, ook die van later.",
        at=made.two, title="Ook later",
    )  # fmt: skip
    added = add_turns(actor=made.adviser, agenda_item=made.item)
    assert {row.about_id for row in added} == {later.pk, made.near.pk}
    standing = AgendaItem.objects.filter(parent=made.item).exclude(state="dropped").order_by("position")
    assert [row.about_id for row in standing] == [row.pk for row in turns_of(made.document)]
    assert add_turns(actor=made.adviser, agenda_item=made.item) == []


def test_what_stands_elsewhere_stays_there_and_what_was_settled_is_left_out(made):
    own = add_agenda_item(actor=made.adviser, meeting=made.meeting, about=Item.objects.get(pk=made.near.pk))
    Item.objects.filter(pk=made.far.pk).update(state="rejected")
    added = add_turns(actor=made.adviser, agenda_item=made.item)
    assert [row.title for row in added] == ["Schrappen", "Alles"]
    own.refresh_from_db()
    assert own.parent_id is None and order(made.meeting)[-1] == "Een jaar later"


def test_it_is_refused_in_words_where_it_makes_no_sense(made):
    alone = add_agenda_item(actor=made.adviser, meeting=made.meeting, about=make_document("Een tekst."))
    plain = put(made.meeting, made.adviser, "Rondvraag")
    part = add_turns(actor=made.adviser, agenda_item=made.item)[0]
    for item in (alone, plain, part):
        with pytest.raises(ValidationError):
            add_turns(actor=made.adviser, agenda_item=item)
    with pytest.raises(PermissionDenied):
        add_turns(actor=made.mayor, agenda_item=made.item)


def test_the_agenda_offers_it_at_the_text_alone_and_tells_what_it_did(made, client):
    log_in(client, made.adviser)
    page = client.get(reverse("decide:edit_agenda", args=[made.meeting.pk])).content.decode()
    address = reverse("decide:add_turns", args=[made.item.pk])
    assert page.count("/volgorde/") == 1 and address in page
    told = client.post(address, follow=True).content.decode()
    assert told.index("Schrappen") < told.index("Samen betalen") < told.index("Een jaar later")
    assert told.count("/volgorde/") == 1


def test_the_order_takes_few_queries_however_many_there_are(made, django_assert_max_num_queries):
    for number in range(6):
        submitted(made, f"{NEAR} Dat is besluit {number}.", title=f"Besluit {number}")
    with django_assert_max_num_queries(4):
        assert len(turns_of(made.document)) == 10
