"""The example year: played through the commands, in the order of time."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from omkering.agenda.commands.loading import load_challenges
from omkering.decide.models import Vote
from omkering.journal.models import Event
from omkering.lab.example.clock import at, play
from omkering.lab.example.year import load_example_year
from omkering.lab.items import FROM_FOLDER
from omkering.thread.models import Item, Notice
from omkering.thread.themes import load_themes
from omkering.who.commands.association import load_association


def test_stories_play_through_each_other_in_the_order_of_time():
    start = timezone.now() - timedelta(days=10)
    seen = []

    def story(name, *days):
        for day in days:
            yield start + timedelta(days=day)
            seen.append((name, (timezone.now() - start).days))

    play([story("a", 1, 4, 5), story("b", 2, 3, 6), story("none")])
    assert seen == [("a", 1), ("b", 2), ("b", 3), ("a", 4), ("a", 5), ("b", 6)]
    assert timezone.now() - start > timedelta(days=9)


def test_a_clock_inside_a_clock_goes_back_to_the_outer_one():
    outer, inner = timezone.now() - timedelta(days=9), timezone.now() - timedelta(days=2)
    with at(outer):
        with at(inner):
            assert timezone.now() >= inner
        assert outer <= timezone.now() < outer + timedelta(minutes=1)


@pytest.mark.django_db
def test_the_year_happens_in_order_and_ends_now():
    load_association()
    load_themes()
    load_challenges()
    assert load_example_year()
    happened = Event.objects.exclude(verb__endswith=".loaded").order_by("id")
    times = list(happened.values_list("at", flat=True))
    assert all(later >= earlier for earlier, later in pairwise(times))
    assert timezone.now() - times[-1] < timedelta(days=3)
    for person in set(Notice.objects.values_list("person_id", flat=True)):
        told = list(Notice.objects.filter(person=person).order_by("id").values_list("created_at", flat=True))
        assert told == sorted(told)
    assert sorted(Vote.objects.values_list("state", flat=True)) == ["closed", "open"]
    assert not Item.objects.filter(example=False).exclude(kind__in=FROM_FOLDER).exists()
    assert not load_example_year(), "a second time it does nothing"
