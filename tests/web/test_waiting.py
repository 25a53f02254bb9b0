"""What waits: a look that comes with a sign is called wherever it finds something."""

from datetime import timedelta
from itertools import chain

import pytest
from django.utils import timezone

from omkering.decide.models import Settlement
from omkering.deliberate.models import Position
from omkering.thread import waiting
from omkering.who.models import Person
from omkering.who.standing import standing_of
from tests.shared_world import shared

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def found_by(look, person):
    """(address, text, number, late) of what a look finds, whether its sign is there or not."""
    return [_shown(entry) for entry in look(person, standing_of(person)) if entry.count]


def _shown(entry):
    return entry.url, str(entry.text), entry.count, entry.late


def test_a_sign_is_there_wherever_its_look_finds_something(monkeypatch):
    shared()
    begun = timezone.now()
    Position.objects.filter(state="active").update(ends_on=begun.date() + timedelta(days=10))
    unseen = {each.look for each in waiting._looks if each.sign}
    for days in (0, 20, 400):
        monkeypatch.setattr(timezone, "now", lambda days=days: begun + timedelta(days=days))
        if days == 400:
            Settlement.objects.filter(state="proposed").update(state="agreed")
        for person in Person.objects.filter(is_active=True):
            found = {each.look: found_by(each.look, person) for each in waiting._looks}
            assert sorted(map(_shown, waiting.waiting_for(person))) == sorted(chain(*found.values()))
            unseen -= {look for look, entries in found.items() if entries}
    assert not unseen  # there is one of everything, so each sign was looked for where there is something
