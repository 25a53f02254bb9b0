"""The made room of deliberation: it fits together, and its pages open."""

import random

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rich.progress import Progress

from omkering.deliberate.models import (
    LIVE,
    Alignment,
    Amendment,
    Answered,
    Backing,
    Block,
    Consultation,
    ConsultationRound,
    Contribution,
    Document,
    OpinionRun,
    Position,
    Stance,
    StatementVote,
    View,
)
from omkering.deliberate.queries.amendment_studies import live_amendments, study, text_of
from omkering.lab import bulk
from omkering.lab.deliberation import make_deliberation
from omkering.thread.models import Item
from omkering.thread.themes import load_themes
from omkering.who.commands.association import load_association
from omkering.who.models import Member, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    load_association()
    load_themes()
    people = [
        Person.objects.create(email=f"persoon{number}@lab.example", name=f"Persoon {number}")
        for number in range(200)
    ]
    members = list(Member.objects.on(timezone.localdate()).order_by("code"))
    pairs = [(person.pk, members[number % len(members)].pk) for number, person in enumerate(people[5:])]
    advisers = [person.pk for person in people[:5]]
    with bulk.without_triggers(), Progress(disable=True) as bar:
        return make_deliberation(random.Random(1), timezone.now(), members, pairs, advisers, bar)


def test_what_is_made_fits_together(made):
    sizes = {
        block.count()
        for block in (Block.objects.filter(version__document=one) for one in Document.objects.all())
    }
    assert len(sizes) >= 3
    assert Consultation.objects.count() >= 8
    assert {round.state for round in ConsultationRound.objects.all()} >= {"open", "closed"}
    for model in (Contribution, View, Position, Stance, Backing, Answered, StatementVote):
        assert model.objects.exists(), model
    # What hangs below an item of another kind is there, and in a state that its kind knows.
    for model in (Document, Consultation, Amendment, Contribution, View, Position, Alignment):
        for row in model.objects.defer("search"):
            row.clean_fields(exclude=["search", "draft", "body", "summary"])
    assert not Item.objects.filter(kind="amendment", as_amendment__isnull=True).exists()


def test_a_tenth_collides_and_the_rest_goes_together(made):
    document = Document.objects.get(pk=made.texts[0].item)
    rows = list(live_amendments(document.pk))
    looked = study(text_of(document.pk), rows)
    against = [row for row in rows if looked.stands_against(row.number)]
    assert rows
    assert 0 < len(against) < len(rows) / 2
    assert Amendment.objects.filter(state="adopted").exists() or len(rows) < 25
    assert all(row.state in LIVE for row in rows)


def test_a_map_is_found(made):
    run = OpinionRun.objects.get(in_round=made.voted_round)
    assert run.votes == StatementVote.objects.count()


def test_its_pages_open(made):
    client = Client()
    document, round = made.texts[0].item, made.voted_round
    for name, pk in (
        ("document", document),
        ("amendments", document),
        ("collisions", document),
        ("consolidated", document),
        ("opinion_map", round),
    ):
        assert client.get(reverse(f"deliberate:{name}", args=[pk])).status_code == 200, name
    for name in ("room", "documents", "consultations", "positions", "contacts", "differences", "voice"):
        assert client.get(reverse(f"deliberate:{name}")).status_code in (200, 302), name
