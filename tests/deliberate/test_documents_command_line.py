"""`omkering documents import`: a file is shown, kept to look at, or made a document."""

import pytest
from typer.testing import CliRunner

from omkering import cli
from omkering.cli import app, commands
from omkering.deliberate.models import Document, Import
from tests.deliberate.made_texts import as_docx, make_blocks
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path):
    if not app.registered_groups:
        commands.register(cli.app)
    file = tmp_path / "stuk.docx"
    file.write_bytes(as_docx(make_blocks(20)))
    return lambda *words: CliRunner().invoke(app, ["documents", "import", str(file), *words])


def test_a_file_is_shown_and_nothing_is_kept(run):
    outcome = run()
    assert outcome.exit_code == 0
    assert "Een stuk om te lezen" in outcome.output
    assert "proposal" in outcome.output
    assert "23 parts." in outcome.output
    assert not Import.objects.exists()


def test_a_file_is_kept_by_somebody_of_the_bureau_and_becomes_a_document_when_asked(run):
    adviser = make_adviser()
    assert run("--by", adviser.email, "--title", "Ons stuk").exit_code == 0
    assert Import.objects.get().title == "Ons stuk"
    assert run("--by", adviser.email, "--confirm").exit_code == 0
    assert Document.objects.get().state == "draft"


def test_who_may_not_and_what_cannot_be_read_gets_a_sentence(run, tmp_path):
    clerk = make_person("clerk", member=make_member())
    assert "does not work for the bureau" in str(run("--by", clerk.email).exception)
    assert "There is no account" in str(run("--by", "nobody@example.test").exception)
    assert "--by" in str(run("--confirm").exception)
    broken = tmp_path / "kapot.pdf"
    broken.write_bytes(b"%PDF-1.4\nrubbish")
    outcome = CliRunner().invoke(app, ["documents", "import", str(broken)])
    assert "kapot.pdf: " in str(outcome.exception)
    assert not Import.objects.exists()
