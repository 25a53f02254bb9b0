"""The pages of documents: by role, without losing what was typed, and with a fixed number of queries."""

import io
import re
from typing import Any

import docx
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from omkering.deliberate.commands.documents import new_version
from omkering.deliberate.commands.imports import take_file
from omkering.deliberate.models import Document, Import
from omkering.thread.models import Visibility
from tests.deliberate.documents import BLOCKS, blocks_of, make_document, make_import
from tests.deliberate.made_texts import as_markdown, make_blocks
from tests.listen.made import log_in
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
ROOM = "/beraadslagen"


@pytest.fixture
def adviser(client):
    person = make_adviser()
    log_in(client, person)
    return person


def _upload(text: str = "", name: str = "stuk.md") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (text or as_markdown(make_blocks(20))).encode())


def _page(client, path: str, status: int = 200) -> str:
    answer = client.get(f"{ROOM}/{path}")
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


# --- reading ---------------------------------------------------------------------------------------------------
def test_a_text_is_read_with_contents_jump_marks_lists_and_tables(client):
    document = make_document(make_adviser(), visibility=Visibility.PUBLIC)
    page = _page(client, f"documenten/{document.pk}/")
    for number in range(1, 8):
        assert f'id="p{number}"' in page
    assert '<a class="nl-link" href="#p1">' in page
    assert page.count('<ul class="app-doc__list">') == 1
    assert "<td>10</td>" in page
    assert "Voorstel 1" in page
    assert f'action="{ROOM}/documenten/{document.pk}/tekst/"' not in page


def test_who_may_not_read_it_does_not_know_of_it(client):
    adviser = make_adviser()
    draft = make_document(adviser, visibility=Visibility.BUREAU)
    members = make_document(adviser, title="Voor de leden")
    for path in ("", "vergelijken/", "afdrukken/", "document.docx"):
        _page(client, f"documenten/{draft.pk}/{path}", 404)
        _page(client, f"documenten/{members.pk}/{path}", 404)
    assert "Voor de leden" not in _page(client, "documenten/")
    client.force_login(make_person("clerk", member=make_member()))
    _page(client, f"documenten/{members.pk}/")
    _page(client, f"documenten/{draft.pk}/", 404)
    assert "Voor de leden" in _page(client, "documenten/")
    _page(client, f"documenten/{members.pk}/wijzigen/", 403)
    _page(client, "documenten/inlezen/", 403)


def test_an_older_version_and_what_changed_since(client):
    adviser = make_adviser()
    document = make_document(adviser, visibility=Visibility.PUBLIC)
    blocks = blocks_of(document)
    blocks[1]["text"] = "Gemeenten doen goed werk voor hun inwoners."
    del blocks[2]
    new_version(actor=adviser, document=document, blocks=blocks, note="Korter gemaakt.")
    assert "goed werk" in _page(client, f"documenten/{document.pk}/")
    assert "veel werk" in _page(client, f"documenten/{document.pk}/?version=1")
    _page(client, f"documenten/{document.pk}/?version=9", 404)
    page = _page(client, f"documenten/{document.pk}/vergelijken/")
    assert "Korter gemaakt." in page
    assert re.search(r"<del>.{1,90}veel", page)
    assert re.search(r"<ins>.{1,90}goed", page)
    assert "Wat wij voorstellen" not in page
    assert "Wat wij voorstellen" in _page(client, f"documenten/{document.pk}/vergelijken/?from=1&to=2&all=on")


def test_a_text_is_taken_along_as_word_document_and_print(client):
    document = make_document(make_adviser(), visibility=Visibility.PUBLIC)
    answer = client.get(f"{ROOM}/documenten/{document.pk}/document.docx")
    words = [paragraph.text for paragraph in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert words[0] == "Samen verder"
    assert "1 De stand van het land" in words
    assert "Gemeenten doen veel werk voor hun inwoners." in words
    assert "Gemeenten doen veel werk" in _page(client, f"documenten/{document.pk}/afdrukken/")


def test_a_text_is_a_pdf_for_screen_readers(client):
    document = make_document(make_adviser(), visibility=Visibility.PUBLIC)
    answer = client.get(f"{ROOM}/documenten/{document.pk}/document.pdf")
    if answer.status_code == 503:
        pytest.skip("Pango is not on this machine")
    assert answer.content.startswith(b"%PDF-")


def _reads(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_a_long_text_needs_no_more_queries_than_a_short_one(client):
    adviser = make_adviser()
    short, long = (
        make_document(adviser, make_blocks(size), visibility=Visibility.PUBLIC) for size in (10, 120)
    )
    client.force_login(make_person("clerk", member=make_member()))
    for path in ("", "?levels=on", "vergelijken/", "afdrukken/"):
        counts = [_reads(client, f"{ROOM}/documenten/{one.pk}/{path}") for one in (short, long)]
        assert counts[0] == counts[1]
    alone = _reads(client, f"{ROOM}/documenten/")
    for _number in range(5):
        make_document(adviser, visibility=Visibility.PUBLIC)
    assert _reads(client, f"{ROOM}/documenten/") == alone
    assert _reads(client, f"{ROOM}/") < 40


# --- reading in ------------------------------------------------------------------------------------------------
def test_from_a_file_to_a_published_document(client, adviser):
    answer = client.post(f"{ROOM}/documenten/inlezen/", {"upload": _upload()})
    imported = Import.objects.get()
    assert answer.headers["Location"] == f"{ROOM}/documenten/inlezen/{imported.pk}/"
    assert "Een stuk om te lezen" in _page(client, f"documenten/inlezen/{imported.pk}/")
    answer = client.post(
        f"{ROOM}/documenten/inlezen/{imported.pk}/bevestigen/",
        {"version": imported.version, "title": "Ons stuk"},
    )
    document = Document.objects.get()
    assert answer.headers["Location"] == f"{ROOM}/documenten/{document.pk}/"
    client.post(f"{ROOM}/documenten/{document.pk}/publiceren/", {"visibility": "public"})
    client.logout()
    assert "Ons stuk" in _page(client, f"documenten/{document.pk}/")
    assert "Ons stuk" in _page(client, "")


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"%PDF-1.4\nrubbish", "a.pdf"), (b"PK\x03\x04rubbish", "a.docx"), (b"\0\1\2", "a.txt"), (b"", "a.md")],
)
def test_a_file_that_cannot_be_read_leaves_nothing_behind(client, adviser, content, name):
    before = _stored()
    answer = client.post(f"{ROOM}/documenten/inlezen/", {"upload": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert not Import.objects.exists()
    assert _stored() == before


def _stored(folder: str = "documents") -> list[str]:
    if not default_storage.exists(folder):
        return []
    folders, files = default_storage.listdir(folder)
    return sorted(files) + [name for one in folders for name in _stored(f"{folder}/{one}")]


def test_a_file_is_kept_once_and_goes_when_it_is_dropped(client, adviser, django_capture_on_commit_callbacks):
    before = _stored()
    first = take_file(actor=adviser, upload=_upload())
    assert take_file(actor=adviser, upload=_upload()) == first
    assert len(_stored()) == len(before) + 1
    answer = client.get(f"{ROOM}/documenten/inlezen/{first.pk}/bestand/")
    assert b"".join(answer.streaming_content) == as_markdown(make_blocks(20)).encode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{ROOM}/documenten/inlezen/{first.pk}/weg/")
    first.refresh_from_db()
    assert (first.state, first.blocks, first.file.name) == ("dropped", [], "")
    assert _stored() == before


def test_the_structure_is_corrected_before_it_counts(client, adviser):
    imported = make_import(adviser)
    path = f"{ROOM}/documenten/inlezen/{imported.pk}/"

    def post(deed: str, *at: int, version: int) -> Any:
        return client.post(path, {"deed": deed, "at": list(at), "version": version})

    post("heading-2", 1, version=1)
    post("join", 3, version=2)
    post("out", 5, version=3)
    imported.refresh_from_db()
    assert [(block["kind"], block["level"]) for block in imported.blocks[:3]] == [
        ("heading", 1),
        ("heading", 2),
        ("item", 1),
    ]
    assert imported.blocks[2]["text"] == "Zij bouwen huizen. Zij helpen wie hulp nodig heeft."
    assert len(imported.blocks) == 5
    answer = post("box", 0, version=1)
    assert answer.status_code == 422
    assert post("", 0, version=4).status_code == 422
    imported.refresh_from_db()
    assert imported.version == 4


def test_a_part_is_rewritten_split_and_added(client, adviser):
    imported = make_import(adviser)
    path = f"{ROOM}/documenten/inlezen/{imported.pk}/"
    form = {"version": 1, "kind": "paragraph", "label": "1.", "blocks": "Eerst dit.\n\nDan dat."}
    client.post(f"{path}deel/1/", form)
    client.post(f"{path}erbij/0/", {"version": 2, "kind": "heading-1", "label": "", "blocks": "Vooraf"})
    imported.refresh_from_db()
    assert [(block["kind"], block["label"], block["text"]) for block in imported.blocks[:4]] == [
        ("heading", "", "Vooraf"),
        ("heading", "1", "De stand van het land"),
        ("paragraph", "1.", "Eerst dit."),
        ("paragraph", "", "Dan dat."),
    ]
    # Somebody corrected it meanwhile: what was typed stays in the form, what it says now stands above it.
    answer = client.post(f"{path}deel/1/", {**form, "blocks": "Mijn woorden."})
    assert answer.status_code == 422
    assert "Mijn woorden." in answer.content.decode()
    assert "De stand van het land" in answer.content.decode()
    _page(client, f"documenten/inlezen/{imported.pk}/deel/99/", 404)


def test_personal_data_is_asked_about_before_it_counts(client, adviser):
    imported = make_import(adviser, [*BLOCKS, {**BLOCKS[1], "text": "Mail kees.jansen@gemeente.example.nl"}])
    path = f"{ROOM}/documenten/inlezen/{imported.pk}/bevestigen/"
    assert 'name="personal_data_reason"' in client.get(path).content.decode()
    form = {"version": 1, "title": "Stuk"}
    assert client.post(path, form).status_code == 422
    assert not Document.objects.exists()
    client.post(path, {**form, "personal_data_reason": "Daar kunnen leden vragen stellen."})
    assert Document.objects.count() == 1


# --- the next version ------------------------------------------------------------------------------------------
def test_the_next_version_is_written_here_and_carried_over_what_came_meanwhile(client, adviser):
    document = make_document(adviser)
    client.post(f"{ROOM}/documenten/{document.pk}/tekst/")
    draft = Import.objects.get(based_on__isnull=False)
    client.post(f"{ROOM}/documenten/{document.pk}/tekst/")
    assert Import.objects.filter(based_on__isnull=False).count() == 1
    path = f"{ROOM}/documenten/inlezen/{draft.pk}/"
    mine = {
        "version": 1,
        "kind": "paragraph",
        "label": "",
        "blocks": "Gemeenten doen veel goed werk voor hun inwoners.",
    }
    client.post(f"{path}deel/1/", mine)
    theirs = blocks_of(document)
    theirs[1]["text"] = "Gemeenten doen veel werk voor al hun inwoners."
    theirs[2]["text"] = "Zij bouwen scholen."
    new_version(actor=make_adviser(), document=document, blocks=theirs)
    refused = client.post(f"{path}bevestigen/", {"version": 2, "note": ""})
    assert refused.status_code == 422
    assert f"{path}bijwerken/" in client.get(path).content.decode()
    client.post(f"{path}bijwerken/")
    draft.refresh_from_db()
    client.post(f"{path}bevestigen/", {"version": draft.version, "note": "Samengevoegd."})
    texts = [block["text"] for block in blocks_of(document)]
    assert texts[1:3] == ["Gemeenten doen veel goed werk voor al hun inwoners.", "Zij bouwen scholen."]
    third = document.versions.get(number=3)
    assert list(third.blocks.values_list("paragraph__address", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


def test_two_people_change_what_is_said_about_it(client, adviser):
    document = make_document(adviser)
    path = f"{ROOM}/documenten/{document.pk}/wijzigen/"
    form = {"revision": document.revision, "title": "Eerste titel", "summary": "Kort."}
    assert client.post(path, form).status_code == 302
    answer = client.post(path, {**form, "title": "Tweede titel"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Eerste titel" in page
    assert "Tweede titel" in page
    document.refresh_from_db()
    assert document.title == "Eerste titel"
    client.post(path, {**form, "title": "Tweede titel", "revision": document.revision})
    document.refresh_from_db()
    assert document.title == "Tweede titel"


def test_adopting_and_withdrawing_from_the_page(client, adviser):
    document = make_document(adviser)
    short = client.post(f"{ROOM}/documenten/{document.pk}/aannemen/", {"reason": "kort"})
    assert short.status_code == 422
    client.post(f"{ROOM}/documenten/{document.pk}/aannemen/", {"reason": "Besloten in de vergadering."})
    assert "Besloten in de vergadering." in _page(client, f"documenten/{document.pk}/")
    client.post(f"{ROOM}/documenten/{document.pk}/intrekken/", {"reason": "Er is een nieuw stuk gekomen."})
    document.refresh_from_db()
    assert document.state == "withdrawn"
    client.post(f"{ROOM}/documenten/{document.pk}/tekst/")
    assert not Import.objects.filter(based_on__isnull=False).exists()
