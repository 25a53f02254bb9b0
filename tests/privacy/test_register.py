"""The register of processing: complete, true to the periods of the association, and shown."""

from pathlib import Path

import pytest
from django.utils import translation

from omkering.web.processing import TEXTS, entries, in_words, kept, register
from omkering.who.association.records import RETENTION, Term
from omkering.who.models import Person
from tests.privacy.test_personal_data import tables_of_people

ROOT = Path(__file__).parents[2]


def test_each_entry_is_whole_in_both_languages():
    for entry in entries():
        assert set(entry) == {"key", "kept", "tables", *TEXTS}
        for text in TEXTS:
            assert set(entry[text]) == {"nl", "en"} and all(entry[text].values()), (entry["key"], text)


def test_every_table_with_a_person_is_in_the_register():
    named = [table for entry in entries() for table in entry["tables"]]
    assert len(named) == len(set(named))
    unused = {"person_groups", "person_user_permissions"}  # tables of Django that hold nothing here
    assert set(named) == (tables_of_people() - unused) | {Person._meta.model_name}


def test_every_period_of_the_association_is_told():
    with translation.override("nl"):
        words = " ".join(entry.kept for entry in register())
        for period in RETENTION:
            assert kept(period) in words, period
        assert kept("draft_kept") == "90 dagen" and kept("failed_logins") == "3 maanden"
        assert in_words(Term(1, "weeks")) == "1 week"
    with pytest.raises(KeyError):
        kept("for ever")


def test_the_pages(client):
    page = client.get("/privacy/register/").content.decode()
    for entry in register():
        assert entry.name in page and entry.purpose in page
    assert "24 maanden" in page
    assert "/privacy/register/" in client.get("/privacy/").content.decode()
    english = client.get("/privacy/register/", headers={"accept-language": "en"}).content.decode()
    assert "The sealed log" in english and "24 months" in english


def test_the_templates_for_dpia_and_agreement_name_every_processing():
    dpia = (ROOT / "docs/privacy/dpia.md").read_text()
    agreement = (ROOT / "docs/privacy/verwerkersovereenkomst.md").read_text()
    for entry in entries():
        assert entry["name"]["nl"] in dpia and entry["name"]["nl"] in agreement, entry["key"]
