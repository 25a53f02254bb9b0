"""From a bundle of signals to a proposal: the one room leads to the other, for who may take that step."""

import pytest
from django.urls import reverse

from omkering.decide.models import Proposal
from omkering.listen.commands.bundles import make_bundle
from omkering.thread.models import Item
from tests.listen.made import log_in, make_signal
from tests.people import make_adviser, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def bundle(adviser):
    return make_bundle(actor=adviser, title="Energierekening", signals=[make_signal(), make_signal()])


def test_the_bureau_goes_from_a_bundle_to_its_proposal_and_back(client, adviser, bundle):
    log_in(client, adviser)
    step = reverse("decide:propose", args=[bundle.pk])
    bundle_address = reverse("listen:bundle", args=[bundle.pk])
    assert f'href="{step}"' in client.get(bundle_address).content.decode()
    client.post(step, {"title": "Noodfonds", "text": "Wij vragen het Rijk om een noodfonds."})
    proposal = Proposal.objects.get()
    proposal_address = reverse("decide:proposal", args=[proposal.pk])
    assert f'href="{proposal_address}"' in client.get(bundle_address).content.decode()
    assert f'href="{bundle_address}"' in client.get(proposal_address).content.decode()


@pytest.mark.parametrize("state", ["merged", "declined", "referred"])
def test_a_bundle_that_ended_offers_no_proposal(client, adviser, bundle, state):
    Item.objects.filter(pk=bundle.pk).update(state=state)
    log_in(client, adviser)
    page = client.get(reverse("listen:bundle", args=[bundle.pk])).content.decode()
    assert reverse("decide:propose", args=[bundle.pk]) not in page


def test_others_are_not_offered_what_they_may_not_do(client, bundle):
    log_in(client, make_person("clerk"))
    page = client.get(reverse("listen:bundle", args=[bundle.pk])).content.decode()
    assert bundle.title in page
    assert reverse("decide:propose", args=[bundle.pk]) not in page
