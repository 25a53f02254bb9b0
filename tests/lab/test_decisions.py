"""The made room of decisions: it fits together, its counts are the product's own, and its pages open."""

import json
import random

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rich.progress import Progress

from omkering.decide import counting
from omkering.decide.models import (
    AgendaItem,
    Ballot,
    Meeting,
    Motion,
    MotionText,
    RollEntry,
    Signature,
    Speech,
    Vote,
)
from omkering.lab import bulk
from omkering.lab.decisions import make_decisions
from omkering.thread.models import Item
from omkering.thread.themes import load_themes
from omkering.who.commands.association import load_association
from omkering.who.models import Appointment, Member, Person

pytestmark = pytest.mark.django_db
PART = 0.2  # of a year: two assemblies, one of them still to come


@pytest.fixture
def made():
    load_association()
    load_themes()
    people = [
        Person.objects.create(email=f"persoon{number}@lab.example", name=f"Persoon {number}")
        for number in range(400)
    ]
    members = list(Member.objects.on(timezone.localdate()).order_by("code"))
    pairs = [(person.pk, members[number % len(members)].pk) for number, person in enumerate(people[5:])]
    for person, member in pairs:
        Appointment.objects.create(person_id=person, role="alderman", member_id=member, starts="2022-01-01")
    advisers = [person.pk for person in people[:5]]
    with bulk.without_triggers(), Progress(disable=True) as bar:
        make_decisions(random.Random(1), timezone.now(), pairs, advisers, bar, part=PART)
    return people


def test_what_is_made_fits_together(made):
    assert Meeting.objects.count() == 2 + 80
    assert Motion.objects.count() == 120
    assert {meeting.state for meeting in Meeting.objects.all()} == {"closed", "called"}
    assert MotionText.objects.count() == Motion.objects.count()
    assert not Motion.objects.exclude(
        pk__in=Signature.objects.filter(filer=True).values("motion_id")
    ).exists()
    assert Speech.objects.filter(agenda_item__meeting_id__isnull=False).exists()
    for model in (Meeting, Motion, Vote):
        for row in model.objects.defer("search"):
            row.clean_fields(exclude=["search", "draft", "body", "summary", "on_screen"])
    for kind, row in (("meeting", "as_meeting"), ("motion", "as_motion"), ("vote", "vote")):
        assert not Item.objects.filter(kind=kind, **{f"{row}__isnull": True}).exists()
    assert not AgendaItem.objects.filter(kind="motion", about__isnull=True).exists()


def test_each_vote_counts_to_what_it_says(made):
    votes = list(Vote.objects.all())
    assert len(votes) == 60
    for vote in votes[:5]:
        assert RollEntry.objects.filter(vote=vote).count() > 300
        assert Ballot.objects.filter(vote=vote).count() > 200
        assert json.loads(json.dumps(counting.result_of(vote))) == vote.result
    fates = {motion.state for motion in Motion.objects.filter(pk__in=[vote.about_id for vote in votes])}
    assert fates <= {"adopted", "rejected"}


def test_its_pages_open(made):
    client = Client()
    client.force_login(made[60], backend="django.contrib.auth.backends.ModelBackend")
    past = Meeting.objects.filter(state="closed", owner_body__kind="assembly").get()
    vote = Vote.objects.order_by("pk")[0]
    pages = [
        reverse("decide:room"),
        reverse("decide:meetings"),
        reverse("decide:motions"),
        reverse("decide:votes"),
        reverse("decide:meeting", args=[past.pk]),
        reverse("decide:motion", args=[vote.about_id]),
        reverse("decide:vote", args=[vote.pk]),
        reverse("decide:minutes", args=[past.pk]),
        reverse("decide:decision_list", args=[past.pk]),
    ]
    for page in pages:
        assert client.get(page).status_code == 200, page
