"""All papers of a meeting as one PDF: uploaded PDFs stand in it, in order; what cannot be put in is named."""

from functools import partial
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader, PdfWriter

from omkering.decide.commands.agenda_items import drop_agenda_item
from omkering.decide.commands.meetings import call_meeting
from omkering.decide.commands.papers import add_paper, withdraw_paper
from omkering.decide.views import papers
from omkering.ui.pdf_joining import Joining
from tests.decide.meetings import make_body, plan, put, seat
from tests.decide.votes import log_in
from tests.people import make_adviser, make_member

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)
FURTHER = "verderop in dit document, als bijlage"
NOT_IN = "kon niet in dit document komen"


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def content(width: int = 200, *, pages: int = 1, encrypted: bool = False) -> bytes:
    """A PDF whose pages can be told by their width."""
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(width, 300)
    if encrypted:
        writer.encrypt("geheim", algorithm="RC4-128")
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def get(meeting, person=None, name: str = "papers_pdf", status: int = 200):
    client = Client()
    if person is not None:
        log_in(client, person)
    answer = client.get(reverse(f"decide:{name}", args=[meeting.pk]))
    if answer.status_code == 503:
        pytest.skip("this machine cannot make PDFs")
    assert answer.status_code == status
    return answer


def read(meeting, person=None) -> tuple[str, list[str], list[int]]:
    """The text of our own part, the bookmarks of the files, and the widths of their pages."""
    whole = PdfReader(BytesIO(get(meeting, person).content))
    widths = [round(page.mediabox.width) for page in whole.pages]
    own = [number for number, width in enumerate(widths) if width == 595]
    assert own == list(range(len(own)))  # ours comes first
    words = " ".join(" ".join(whole.pages[number].extract_text() for number in own).split())
    _top, _under, *appendices = whole.outline
    return words, [entry.title for entry in appendices], widths[len(own) :]


@pytest.fixture
def adviser():
    make_member()
    return make_adviser()


def test_files_come_in_the_order_of_the_set_and_it_says_where_they_are(adviser):
    meeting = plan(adviser)
    first, second = put(meeting, adviser, "Opening"), put(meeting, adviser, "Begroting")
    for item, title, width in ((second, "Cijfers", 203), (first, "Brief", 202), (None, "Route", 201)):
        add_paper(
            actor=adviser,
            meeting=meeting,
            agenda_item=item,
            title=title,
            upload=file("a.pdf", content(width)),
        )
    add_paper(actor=adviser, meeting=meeting, agenda_item=first, title="Tekst", text="Gewoon een tekst.")
    words, bookmarks, widths = read(meeting)
    assert bookmarks == ["Bijlage 1: Route", "Bijlage 2: Brief", "Bijlage 3: Cijfers"]
    assert widths == [201, 202, 203]
    assert [words.index(f"{FURTHER} {number}.") for number in (1, 2, 3)] == sorted(
        words.index(f"{FURTHER} {number}.") for number in (1, 2, 3)
    )
    assert NOT_IN not in words and "Gewoon een tekst." in words
    page = get(meeting, name="papers").content.decode()
    assert FURTHER not in page and NOT_IN not in page and page.count("a.pdf</a>") == 3


def test_what_cannot_be_put_in_is_named_and_the_numbers_go_on(adviser):
    meeting = plan(adviser)
    gone = None
    for title, upload in {
        "Beeld": file("a.png", PNG),
        "Op slot": file("b.pdf", content(encrypted=True)),
        "Kapot": file("c.pdf", b"%PDF-1.4\n%%EOF\n"),
        "Kwijt": file("d.pdf", content()),
        "Goed": file("e.pdf", content(204, pages=2)),
    }.items():
        made = add_paper(actor=adviser, meeting=meeting, title=title, upload=upload)
        gone = made if title == "Kwijt" else gone
    gone.file.storage.delete(gone.file.name)
    words, bookmarks, widths = read(meeting)
    assert bookmarks == ["Bijlage 1: Goed"] and widths == [204, 204]
    assert words.count(NOT_IN) == 4 and words.count(FURTHER) == 1
    assert all(name in words for name in ("a.png", "b.pdf", "c.pdf", "d.pdf", "e.pdf"))


def test_too_large_a_set_names_the_rest(adviser, monkeypatch):
    meeting = plan(adviser)
    add_paper(actor=adviser, meeting=meeting, title="Een", upload=file("a.pdf", content(201)))
    big = content(202) + b"%" * 20_000
    add_paper(actor=adviser, meeting=meeting, title="Twee", upload=file("b.pdf", big))
    monkeypatch.setattr(papers, "Joining", partial(Joining, most_bytes=9_000))
    words, bookmarks, _widths = read(meeting)
    assert bookmarks == ["Bijlage 1: Een"] and words.count(NOT_IN) == 1


def test_what_was_withdrawn_or_taken_off_is_not_in_it(adviser):
    meeting = plan(adviser)
    put(meeting, adviser, "Opening")
    dropped = put(meeting, adviser, "Vervalt")
    withdrawn = add_paper(actor=adviser, meeting=meeting, title="Terug", upload=file("a.pdf", content(201)))
    off = file("b.pdf", content(202))
    add_paper(actor=adviser, meeting=meeting, agenda_item=dropped, title="Eraf", upload=off)
    add_paper(actor=adviser, meeting=meeting, title="Blijft", upload=file("c.pdf", content(203)))
    withdraw_paper(actor=adviser, paper=withdrawn)
    call_meeting(actor=adviser, meeting=meeting)
    dropped.refresh_from_db()
    drop_agenda_item(actor=adviser, agenda_item=dropped)
    _words, bookmarks, widths = read(meeting)
    assert bookmarks == ["Bijlage 1: Blijft"] and widths == [203]


def test_who_may_not_know_of_the_meeting_gets_none_of_it(adviser):
    body = make_body("financien", "committee")
    meeting = plan(adviser, body=body)
    add_paper(actor=adviser, meeting=meeting, title="Geheim", upload=file("a.pdf", content(201)))
    get(meeting, status=404)
    _words, bookmarks, _widths = read(meeting, seat(body))
    assert bookmarks == ["Bijlage 1: Geheim"]


def test_more_files_ask_the_database_nothing_more(adviser):
    meeting = plan(adviser)

    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            get(meeting)
        return len(queries)

    item = put(meeting, adviser)
    add_paper(
        actor=adviser, meeting=meeting, agenda_item=item, title="Eerste", upload=file("a.pdf", content())
    )
    asked()
    before = asked()
    for number in range(1, 6):
        upload = file("a.pdf", content())
        add_paper(actor=adviser, meeting=meeting, agenda_item=item, title=f"Stuk {number}", upload=upload)
    assert asked() == before
