"""Who may read what: the parts that are counted by themselves are together what one may read, each item once."""

import pytest
from django.contrib.auth.models import AnonymousUser

from omkering.thread.models import Item, Visibility
from omkering.who.standing import standing_of
from tests.listen.made import make_signal
from tests.people import make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db


def test_the_parts_of_what_one_may_read_share_nothing_and_leave_nothing_out():
    member, other = make_member(), make_member()
    networks = [make_network("k80", member), make_network("m50", other)]
    for owner in (member, other):
        for visibility in (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.BUREAU):
            make_signal(owner, visibility=visibility)
        for network in networks:
            make_signal(owner, visibility=Visibility.NETWORK, audience=network)
            make_signal(owner, visibility=Visibility.BUREAU, audience=network)
    author = make_person("official", member=make_member())
    make_signal(other, person=author, visibility=Visibility.BUREAU)
    readers = {
        "visitor": AnonymousUser(),
        "without an appointment": make_person(),
        "author": author,
        "of a member": make_person("official", member=member),
        "speaks for a network": make_person("network_secretary", network=networks[1]),
        "bureau": make_adviser(),
    }
    numbers = {}
    for name, reader in readers.items():
        standing, person_id = standing_of(reader), reader.pk
        parts = [
            pk
            for part in Item.objects.visible_in_parts(standing, person_id)
            for pk in part.values_list("pk", flat=True)
        ]
        whole = list(Item.objects.visible_to(standing, person_id).values_list("pk", flat=True))
        assert len(parts) == len(set(parts)) and set(parts) == set(whole), name
        numbers[name] = len(whole)
    assert numbers["visitor"] == numbers["without an appointment"] == 2
    assert 4 < numbers["author"] < numbers["of a member"] < numbers["bureau"] == Item.objects.count()
    assert numbers["speaks for a network"] > 4
