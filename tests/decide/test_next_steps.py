"""What can follow from a proposal and a motion stands on their pages, and once."""

import pytest
from django.urls import reverse
from django.utils import translation

from omkering.decide.commands.motions import place_on_agenda
from omkering.thread.models import Item
from tests.decide.motions import filed, make_world
from tests.decide.votes import log_in, make_proposal
from tests.people import make_adviser

pytestmark = pytest.mark.django_db
STEP = '<div class="app-row"><a class="nl-button'


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with translation.override("en"):
        yield


def page(client, person, name, pk):
    if person is None:
        client.logout()
    else:
        log_in(client, person)
    return client.get(reverse(f"decide:{name}", args=[pk])).content.decode()


def test_a_proposal_can_be_put_on_an_agenda_and_once_adopted_be_made_a_position(client):
    adviser = make_adviser()
    proposal = make_proposal(adviser)
    agenda = reverse("decide:put_on_agenda", args=[proposal.pk])
    position = reverse("deliberate:position_from", args=[proposal.pk])
    shown = page(client, adviser, "proposal", proposal.pk)
    assert shown.count(f'href="{agenda}"') == 1 and position not in shown
    Item.objects.filter(pk=proposal.pk).update(state="adopted")
    shown = page(client, adviser, "proposal", proposal.pk)
    assert shown.count(f'href="{agenda}"') == shown.count(f'href="{position}"') == 1
    shown = page(client, None, "proposal", proposal.pk)
    assert agenda not in shown and position not in shown and STEP not in shown


def test_a_motion_that_waits_for_its_meeting_is_put_on_the_agenda_in_one_way(client):
    w = make_world()
    motion = filed(w)
    any_agenda = reverse("decide:put_on_agenda", args=[motion.pk])
    its_own = reverse("decide:place_motion", args=[motion.pk])
    shown = page(client, w.adviser, "motion", motion.pk)
    assert its_own in shown and any_agenda not in shown
    place_on_agenda(actor=w.adviser, motion=motion)
    shown = page(client, w.adviser, "motion", motion.pk)
    assert its_own not in shown and shown.count(f'href="{any_agenda}"') == 1
