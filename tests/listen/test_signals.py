"""Handing in a signal, recognising it, and the association's first answer falling due."""

import pytest
from django.core.exceptions import PermissionDenied

from omkering.journal.models import Event
from omkering.listen.commands.signals import submit_signal
from omkering.thread import terms
from omkering.thread.models import Meaning
from tests.people import make_adviser, make_member, make_network, make_person, make_theme

pytestmark = pytest.mark.django_db

CASE = "Een gezin kan de energierekening niet betalen en krijgt nergens hulp."


@pytest.fixture
def member():
    return make_member("GM0014", name="Groningen", inhabitants=238_147)


@pytest.fixture
def official(member):
    return make_person("official", member=member)


def submit(actor, member, **fields):
    return submit_signal(
        actor=actor, member=member, **{"title": "Energierekening te hoog", "case": CASE, **fields}
    )


def test_a_signal_gets_a_term_a_meaning_and_one_event(official, member):
    theme = make_theme()
    signal = submit(official, member, theme=theme, helps="Een noodfonds.")
    assert (signal.state, signal.supporters if signal.refresh_from_db() else signal.supporters) == (
        "submitted",
        1,
    )
    assert signal.due_at == terms.due(terms.Term(10, "working_days"), signal.created_at)
    assert signal.body == f"{CASE}\n\nEen noodfonds."
    assert Meaning.objects.filter(item_id=signal.pk).exists()
    event = Event.objects.get(verb="signal.submitted")
    assert (event.subject, event.actor, event.on_behalf_of) == (signal.subject, official.pk, "member:GM0014")
    assert event.data == {"theme": theme.pk, "visibility": "members"}


def test_only_for_ones_own_member(official, member):
    with pytest.raises(PermissionDenied):
        submit(official, make_member())
    with pytest.raises(PermissionDenied):
        submit(make_person("network_secretary", network=make_network("k80")), member)


def test_the_bureau_may_report_for_a_member_without_becoming_its_author(member):
    assert submit(make_adviser(), member).author is None
