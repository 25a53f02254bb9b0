"""Reporting a signal in three steps, as a browser without scripts does it."""

import io
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from omkering.listen.models import Draft, Evidence, Signal
from omkering.thread.themes import load_themes
from omkering.ui.second_factor import SESSION_KEY
from tests.listen.factory import CASE, make_signal
from tests.people import make_adviser, make_member, make_network, make_person, make_theme

pytestmark = pytest.mark.django_db
REPORT = "/signaleren/melden/"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
FIRST = {"title": "Energierekening te hoog", "case": CASE}


@pytest.fixture
def member():
    return make_member("GM0014", name="Groningen")


@pytest.fixture
def official(member):
    return make_person("official", member=member)


@pytest.fixture
def reporter(client, official):
    come_as(client, official)
    return client


def come_as(client, person) -> None:
    """Log in as somebody who gave a second factor too; nobody logs out."""
    client.cookies.clear()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
        session.save()


def begin(client) -> Draft:
    client.post(REPORT, FIRST)
    return Draft.objects.get(signal__isnull=True)


def step(draft: Draft, number: int) -> str:
    return reverse("listen:report_step", args=[draft.pk, number])


def shown(response) -> str:
    return response.content.decode()


def test_three_steps_make_a_signal(reporter, member):
    theme = make_theme()
    response = reporter.post(REPORT, FIRST)
    draft = Draft.objects.get()
    assert response.url == step(draft, 2)
    response = reporter.post(response.url, {"touches": "In drie wijken.", "theme": theme.pk})
    assert response.url == step(draft, 3)
    assert CASE in shown(reporter.get(response.url))
    response = reporter.post(
        response.url, {"helps": "Een noodfonds.", "visibility": "public", "go": "send"}, follow=True
    )
    signal = Signal.objects.get()
    assert response.redirect_chain == [(reverse("listen:signal", args=[signal.pk]), 302)]
    assert (signal.owner_member, signal.theme, signal.visibility) == (member, theme, "public")
    assert (signal.touches, signal.helps) == ("In drie wijken.", "Een noodfonds.")
    assert "Uw signaal is verstuurd" in shown(response)


def test_sending_twice_ends_at_the_same_signal(reporter):
    draft = begin(reporter)
    for _time in range(2):
        response = reporter.post(step(draft, 3), {"visibility": "members", "go": "send"})
        assert response.url == reverse("listen:signal", args=[Signal.objects.get().pk])
    assert reporter.get(step(draft, 1)).url == response.url


def test_a_draft_is_kept_listed_and_thrown_away(reporter):
    response = reporter.post(REPORT, {"title": "Half", "case": "", "go": "later"}, follow=True)
    draft = Draft.objects.get()
    assert draft.data["title"] == "Half"
    assert step(draft, 1) in shown(response)
    assert 'value="Half"' in shown(reporter.get(step(draft, 1)))
    assert reporter.get(step(draft, 3)).url == step(draft, 1)  # step 1 comes first
    reporter.post(reverse("listen:discard_draft", args=[draft.pk]))
    assert not Draft.objects.exists()


def test_going_back_keeps_what_was_typed(reporter):
    draft = begin(reporter)
    response = reporter.post(step(draft, 2), {"touches": "Vooral in de dorpen.", "go": "back"})
    assert response.url == step(draft, 1)
    assert "Vooral in de dorpen." in shown(reporter.get(step(draft, 2)))


def test_every_error_stands_at_its_field_and_nothing_typed_is_lost(reporter):
    response = reporter.post(REPORT, {"title": "Kort", "case": "x" * 10_000})
    page = shown(response)
    assert response.status_code == 422
    assert 'id="id_title_error"' in page and 'href="#id_title"' in page
    assert "Deze tekst heeft 10.000 tekens. Er passen er hooguit 5.000: dat is 5.000 te veel." in page
    assert 'value="Kort"' in page and "x" * 10_000 in page
    assert not Draft.objects.exists()


@pytest.mark.parametrize("go", ["next", "later"])
def test_personal_data_is_shown_and_not_kept_until_there_is_a_reason(reporter, go):
    case = "Een inwoner is te bereiken op 06-12345678 en wil <b>graag</b> hulp."
    response = reporter.post(REPORT, {"title": "Energie", "case": case, "go": go})
    page = shown(response)
    assert response.status_code == 422
    assert "<mark>06-12345678</mark>" in page
    assert "&lt;b&gt;graag" in page and "<b>graag" not in page
    assert 'name="personal_data_reason"' in page
    assert not Draft.objects.exists()
    reason = "Dit is het openbare nummer van het loket."
    reporter.post(REPORT, {"title": "Energie", "case": case, "go": go, "personal_data_reason": reason})
    draft = Draft.objects.get()
    assert draft.data["reasons"] == {"1": reason}
    assert reason in shown(reporter.get(step(draft, 1)))


def test_a_reason_of_one_step_does_not_cover_another(reporter):
    reason = "Dit is het openbare nummer van het loket."
    reporter.post(REPORT, {**FIRST, "case": f"{CASE} 06-12345678", "personal_data_reason": reason})
    draft = Draft.objects.get()
    response = reporter.post(step(draft, 2), {"touches": "Vraag het aan info@voorbeeld.nl."})
    assert response.status_code == 422
    draft.refresh_from_db()
    assert "touches" not in draft.data


def test_the_theme_is_suggested_from_the_text(reporter):
    load_themes()
    draft = begin(reporter)
    page = shown(reporter.get(step(draft, 2)))
    assert "Wij kozen dit thema op basis van uw tekst" in page
    assert "selected>Bestaanszekerheid" in page
    reporter.post(step(draft, 2), {"theme": ""})
    assert "selected>Geen van deze thema’s" in shown(reporter.get(step(draft, 2)))


def test_similar_signals_without_scripts_and_while_typing(reporter):
    other = make_signal(title="Huishoudens in financiële problemen door hoge gasprijzen", visibility="public")
    draft = begin(reporter)
    page = shown(reporter.get(step(draft, 2)))
    assert other.title in page
    assert f"{reverse('listen:recognise', args=[other.pk])}?melding={draft.pk}" in page
    typed = {"title": "Inwoners kunnen hun energierekening niet betalen", "case": ""}
    assert other.title in shown(reporter.post(reverse("listen:similar"), typed))
    assert shown(reporter.post(reverse("listen:similar"), {"title": "Kort"})).strip() == ""
    assert Draft.objects.count() == 1


def test_reading_level_advises_and_never_blocks(reporter):
    hard = (
        "Ten aanzien van de implementatie van de beleidsmaatregelen dient te worden opgemerkt dat de "
        "uitvoeringsorganisaties onvoldoende geëquipeerd zijn teneinde de dienstverlening conform de "
        "verantwoordelijkheidsverdeling te continueren, hetgeen onwenselijk geacht wordt."
    )
    draft = begin(reporter)
    Draft.objects.update(data={**draft.data, "case": hard})
    page = shown(reporter.get(step(draft, 3)))
    assert "Ambtelijke taal" in page and "Lange zin" in page
    assert "Erg moeilijk te lezen" in shown(reporter.post(reverse("listen:readability"), {"case": hard}))
    easy = (
        "Wij zien dat het niet goed gaat. De mensen in de wijk krijgen te weinig hulp. Dat moet anders. " * 3
    )
    assert "Leesbaar" not in shown(reporter.post(reverse("listen:readability"), {"case": ""}))
    assert "lezen." in shown(reporter.post(reverse("listen:readability"), {"case": easy}))
    reporter.post(step(draft, 3), {"visibility": "members", "go": "send"})
    assert Signal.objects.exists()


def test_one_network_may_read_it(client):
    member = make_member()
    network, other = make_network("k80", member), make_network("p10", make_member())
    person = make_person("official", member=member)
    come_as(client, person)
    draft = begin(client)
    page = shown(client.get(step(draft, 3)))
    assert "K80" in page and "P10" not in page
    missing = client.post(step(draft, 3), {"visibility": "network", "go": "send"})
    assert missing.status_code == 422 and "Kies het netwerk" in shown(missing)
    foreign = client.post(step(draft, 3), {"visibility": "network", "audience": other.pk, "go": "send"})
    assert foreign.status_code == 422
    client.post(step(draft, 3), {"visibility": "network", "audience": network.pk, "go": "send"})
    assert Signal.objects.get().audience == network


def test_somebody_of_two_members_chooses_for_which(client):
    person = make_person("official", member=make_member(name="Aalten"))
    second = make_member(name="Borne")
    person.appointments.create(role="official", member=second, starts="2020-01-01")
    come_as(client, person)
    assert client.post(REPORT, FIRST).status_code == 422
    client.post(REPORT, {**FIRST, "member": second.pk})
    assert Draft.objects.get().data["member"] == second.pk
    assert client.post(REPORT, {**FIRST, "member": make_member().pk}).status_code == 422


def test_what_was_wrong_at_an_earlier_step_is_said_at_the_last(reporter):
    reporter.post(REPORT, {"title": "Half", "case": "Te kort.", "go": "later"})
    draft = Draft.objects.get()
    response = reporter.post(step(draft, 3), {"visibility": "members", "go": "send"})
    assert response.status_code == 422
    assert "Wat er gebeurt: Schrijf ten minste" in shown(response)


# --- evidence --------------------------------------------------------------------------------------------
def docx(**more: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>", **more}.items():
            # A moment of its own: a test's name may hold these bytes, and must be the same in each process.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()


def add(client, draft, name: str, content: bytes, **fields):
    file = SimpleUploadedFile(name, content)
    return client.post(step(draft, 2), {"upload": file, "go": "add", "touches": "Getypt.", **fields})


@pytest.mark.parametrize(
    ("name", "content", "shown_name"),
    [
        ("foto.PNG", PNG, "foto.png"),
        ("brief.exe", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "brief.pdf"),
        ("../../verslag.docx", docx(), "verslag.docx"),
        ("foto", b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40, "foto.jpg"),
        ("\u202efdp.png", PNG, "fdp.png"),
    ],
)
def test_a_file_is_known_by_its_content(reporter, name, content, shown_name):
    draft = begin(reporter)
    assert add(reporter, draft, name, content).status_code == 302
    evidence = Evidence.objects.get()
    assert (evidence.name, evidence.size, evidence.draft) == (shown_name, len(content), draft)
    assert len(evidence.sha256) == 64
    assert shown_name.rsplit(".", 1)[0] not in evidence.file.name
    assert "Getypt." in shown(reporter.get(step(draft, 2)))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("pagina.pdf", b"<html><script>alert(1)</script>", "geen pdf-, docx-, png- of jpg-bestand"),
        ("plaatje.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "geen pdf-"),
        ("archief.docx", docx()[:40], "geen pdf-"),
        ("macro.docx", docx(**{"word/vbaProject.bin": b"x"}), "geen pdf-"),
        ("leeg.pdf", b"", "leeg"),
        ("groot.png", PNG + b"\x00" * (10 * 1024 * 1024), "groter dan 10 MB"),
        ("bsn 111222333.png", PNG, "persoonsgegevens"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_one_sentence(reporter, name, content, sentence):
    draft = begin(reporter)
    response = add(reporter, draft, name, content)
    assert response.status_code == 422
    assert sentence in shown(response) and "Getypt." in shown(response)
    assert not Evidence.objects.exists()


def finds_everything(file) -> str:
    return "Eicar"


def breaks(file) -> str:
    raise OSError("no daemon")


@pytest.mark.parametrize(
    ("scanner", "sentence"), [("finds_everything", "houdt dit"), ("breaks", "kon nu niet")]
)
def test_a_scanner_may_refuse_a_file(reporter, settings, scanner, sentence):
    settings.UPLOAD_SCANNER = f"{__name__}.{scanner}"
    draft = begin(reporter)
    assert sentence in shown(add(reporter, draft, "foto.png", PNG))
    assert not Evidence.objects.exists()


def test_links_are_checked_added_and_removed(reporter):
    draft = begin(reporter)
    for bad in ("javascript:alert(1)", "voorbeeld", "https://voorbeeld.nl/?bsn=111222333"):
        response = reporter.post(step(draft, 2), {"url": bad, "go": "add"})
        assert response.status_code == 422 and 'id="id_url_error"' in shown(response)
    reporter.post(step(draft, 2), {"url": "https://voorbeeld.nl/rapport", "touches": "Getypt."})
    evidence = Evidence.objects.get()
    assert evidence.url == "https://voorbeeld.nl/rapport"
    reporter.post(step(draft, 2), {"remove": evidence.pk, "touches": "Nog meer getypt."})
    assert not Evidence.objects.exists()
    draft.refresh_from_db()
    assert draft.data["touches"] == "Nog meer getypt."


def test_a_link_is_kept_when_something_else_is_wrong(reporter):
    draft = begin(reporter)
    response = reporter.post(
        step(draft, 2),
        {"url": "https://voorbeeld.nl/rapport", "touches": "Bel 06-12345678 hierover.", "theme": ""},
    )
    page = shown(response)
    assert response.status_code == 422
    assert ">\nBel 06-12345678 hierover.</textarea>" in page
    assert page.count("voorbeeld.nl/rapport") == 2  # in the list, and in the words of the button to remove it


def test_at_most_ten_pieces_of_evidence(reporter):
    draft = begin(reporter)
    for number in range(11):
        response = reporter.post(step(draft, 2), {"url": f"https://voorbeeld.nl/{number}", "go": "add"})
    assert "hooguit 10 links" in shown(response)
    assert Evidence.objects.count() == 10


def test_a_file_goes_with_the_signal_and_only_to_who_may_read_it(reporter, client):
    draft = begin(reporter)
    add(reporter, draft, 'rap"port.png', PNG)
    address = reverse("listen:evidence", args=[Evidence.objects.get().pk])
    stranger, owner = make_person("official", member=make_member()), draft.person

    def status(person) -> int:
        come_as(client, person)
        response = client.get(address)
        if response.streaming:
            b"".join(response.streaming_content)
        return response.status_code

    assert status(stranger) == 404
    come_as(client, owner)
    response = client.get(address)
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Disposition"].startswith("attachment;")
    assert (response["X-Content-Type-Options"], response["Content-Type"]) == ("nosniff", "image/png")
    client.post(step(draft, 3), {"visibility": "bureau", "go": "send"})
    assert Evidence.objects.get().signal == Signal.objects.get()
    assert [status(person) for person in (owner, make_adviser(), stranger, None)] == [200, 200, 404, 404]
    Signal.objects.update(visibility="public")
    assert status(None) == 200


def test_throwing_away_a_draft_removes_its_files(reporter, django_capture_on_commit_callbacks):
    draft = begin(reporter)
    add(reporter, draft, "foto.png", PNG)
    file = Evidence.objects.get().file
    assert file.storage.exists(file.name)
    with django_capture_on_commit_callbacks(execute=True):
        reporter.post(reverse("listen:discard_draft", args=[draft.pk]))
    assert not file.storage.exists(file.name)


# --- who may come ----------------------------------------------------------------------------------------
def test_somebody_elses_draft_is_not_found(reporter, client, member):
    draft = begin(reporter)
    colleague = make_person("official", member=member)
    come_as(client, colleague)
    for number in (1, 2, 3):
        assert client.get(step(draft, number)).status_code == 404
        assert client.post(step(draft, number), FIRST).status_code == 404
    assert client.post(reverse("listen:discard_draft", args=[draft.pk])).status_code == 404
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_who_works_for_no_member_does_not_report(client):
    assert "/account/login/" in client.get(REPORT).url
    come_as(client, make_adviser())
    assert client.get(REPORT).status_code == 403
