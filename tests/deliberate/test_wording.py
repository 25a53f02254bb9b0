"""What pages of this room say: words for tables and numbers, and only what the reader can do."""

import re
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone, translation

import omkering
from omkering.deliberate.document_words import table_words
from omkering.deliberate.opinion_words import dividing
from omkering.deliberate.queries.answers import Note, Progress
from omkering.deliberate.queries.documents import text_of
from omkering.deliberate.statement_texts import Line
from omkering.engine import similar
from omkering.thread.commands import meaning_text, meanings_together, remember_meaning
from omkering.thread.models import Meaning
from tests.deliberate import answers_made
from tests.deliberate.consultations_made import make_document, open_one
from tests.people import make_adviser, make_member, make_person


def test_a_table_is_named_by_its_columns():
    with translation.override("nl"):
        assert (
            table_words("| Hulp | Wie *betaalt* |\n|---|---|\n| licht | gemeente |")
            == "Tabel: Hulp, Wie betaalt"
        )
        assert table_words("") == "Tabel"


def test_a_statement_that_only_one_group_may_be_told_of_divides_nobody():
    counts = {"A": [9, 1, 0], "B": [1, 9, 0]}
    result = {
        "divides": ["1", "2"],
        "groups": [{"name": "A"}, {"name": "B"}],
        "statements": {
            "1": {"all": [10, 10, 0], "groups": counts},
            "2": {"all": None, "groups": {"A": [9, 1, 0]}},
        },
    }
    lines = {"1": Line(1, 1, "Scholen gaan voor."), "2": Line(2, 2, "Bussen gaan voor.")}
    assert [one.statement.number for one in dividing(result, lines)] == [1]


def test_texts_are_marked_by_names_that_the_catalogues_know():
    root = Path(omkering.__file__).parent / "deliberate"
    odd = re.compile(r"^from django\.utils\.translation import .*gettext\w* as (?!_\b)", re.MULTILINE)
    assert [str(path) for path in root.rglob("*.py") if odd.search(path.read_text())] == []


@pytest.mark.django_db
def test_only_who_writes_for_a_member_or_network_is_offered_an_amendment():
    adviser, member = make_adviser(), make_member()
    round_ = open_one(takes_amendments=True)
    document = round_.consultation.document or make_document(adviser)
    mayor = make_person("mayor", member=member, votes=True)
    offered = {person.pk: text_of(document, person).takes_amendments for person in (adviser, mayor)}
    assert offered == {adviser.pk: False, mayor.pk: True}


@pytest.mark.django_db
def test_statements_are_only_offered_to_who_may_read_them(client):
    round_ = open_one(takes_statements=True)
    path, statements = f"/beraadslagen/consultaties/ronde/{round_.pk}/", f"ronde/{round_.pk}/stellingen/"
    assert statements not in client.get(path).content.decode()
    client.force_login(make_person("councillor", member=make_member()))
    assert statements in client.get(path).content.decode()


@pytest.mark.django_db
def test_the_note_names_amendments_and_statements_by_their_own_number():
    made = answers_made.make_consultation()
    amendment, statement = answers_made.amendment(made), answers_made.statement(made)
    lines = {line.item.pk: line for line in Note(made.consultation, make_adviser()).all_lines()}
    assert lines[amendment.pk].number == amendment.number
    assert lines[amendment.pk].text.startswith(f"{amendment.number}. {amendment.title}\n")
    assert lines[statement.pk].number == statement.number


@pytest.mark.parametrize("days", [-1, 1])
def test_what_is_due_is_late_once_its_moment_has_passed(days):
    due = timezone.now() + timedelta(days=days)
    assert Progress(1, {}, 1, due).late == (days < 0)
    assert not Progress(1, {}, 1, None).late


@pytest.mark.django_db
def test_meanings_that_come_together_are_those_of_one_by_one():
    made = answers_made.make_consultation()
    first, second = answers_made.reaction(made), answers_made.reaction(made, "Scholen hebben geen stroom.")
    Meaning.objects.all().delete()
    remember_meaning(item=first)
    with meanings_together():
        remember_meaning(item=first)
        remember_meaning(item=second)
        assert Meaning.objects.count() == 1
    assert Meaning.objects.count() == 2
    alone = similar.encode([meaning_text(second)])[0]
    kept = Meaning.objects.get(item=second).vector
    assert float(alone @ np.array(kept, np.float32)) > 0.999
