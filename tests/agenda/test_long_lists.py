"""What makes long lists quick says the same as the slow way: addresses, ids, and the order of the monitor."""

from datetime import date, timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from omkering.agenda.models import Condition
from omkering.agenda.queries.monitor import FAR, Monitor, MonitorFilter
from omkering.thread import kinds
from omkering.thread.lookups import Among, ids_of
from omkering.thread.models import Item
from omkering.ui.addresses import address_of
from tests.agenda.factory_conditions import make_dossier, make_party
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
START = date(2026, 3, 1)


def conditions(number: int) -> list[Condition]:
    """Agreed conditions of one dossier, every third one without a day."""
    dossier, party = make_dossier(), make_party()
    made = []
    for place in range(1, number + 1):
        owed = None if place % 3 == 0 else START + timedelta(days=place * 7 % 11)
        made.append(
            Condition.objects.create(
                kind="condition",
                state="agreed",
                answer="agreed",
                title=f"Voorwaarde {place}",
                dossier=dossier,
                number=place,
                organisation=party,
                condition_kind="law",
                exactly="Wat precies.",
                why="Waarom.",
                promised_on=owed,
                owed_on=owed,
                visibility=dossier.visibility,
            )
        )
    return made


@pytest.mark.parametrize("reader", ["adviser", "official"])
def test_the_monitor_walks_from_what_is_owed_to_what_is_not_and_back(reader):
    made = conditions(80)
    person = make_adviser() if reader == "adviser" else make_person("official", member=make_member())
    wanted = [row.pk for row in sorted(made, key=lambda row: (row.owed_on or FAR, row.pk))]

    def page(**query):
        return Monitor(MonitorFilter(), person, START).page(query)[0]

    pages = [page()]
    while pages[-1].next:
        pages.append(page(after=pages[-1].next))
    found = [[row.pk for row in one] for one in pages]
    assert [pk for one in found for pk in one] == wanted
    back = [page(before=one.previous) for one in pages[1:]]
    assert [[row.pk for row in one] for one in back] == found[:-1]


def test_an_address_is_that_of_reverse():
    assert address_of("agenda:dossier")(12) == reverse("agenda:dossier", args=[12])
    assert address_of("agenda:organisation", "key")("ienw") == reverse("agenda:organisation", args=["ienw"])
    assert address_of("agenda:candidate", within=[3])(4) == reverse("agenda:candidate", args=[3, 4])
    dossier = make_dossier()
    assert kinds.url(dossier) == reverse("agenda:dossier", args=[dossier.pk])
    assert kinds.url(Item(pk=1, kind="of a room that is not there")) == ""


def test_ids_are_read_and_asked_for_as_one_text():
    rows = Condition.objects.all()
    assert ids_of(rows) == frozenset()
    made = conditions(3)
    ids = frozenset(row.pk for row in made)
    assert ids_of(rows) == ids
    assert set(rows.filter(pk__among=ids)) == set(made)
    assert not rows.filter(pk__among=frozenset())
    assert rows.filter(Among(F("dossier_id"), frozenset([made[0].dossier_id]))).count() == 3
