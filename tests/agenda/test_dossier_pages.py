"""The pages of dossiers: who sees and does what, the board and what one takes from it, print, PDF, and two at once."""

import csv
import io
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pdfminer.high_level import extract_text

from omkering.agenda.commands.documents import add_document
from omkering.agenda.models import Dossier, DossierDocument, DossierState, Participation, Party
from omkering.thread.models import Visibility
from omkering.who.models import Body
from tests.agenda.dossiers import (
    NOTE,
    REASON,
    SUMMARY,
    make_bundle_of,
    make_dossier,
    make_pilot,
    on,
    with_solution,
)
from tests.agenda.factory_conditions import make_contact, make_party
from tests.listen.made import log_in
from tests.people import make_adviser, make_member, make_person, make_theme
from tests.world import PNG

pytestmark = pytest.mark.django_db
URL = "https://vereniging.example/verslag"
CHANGES = ("edit_dossier", "take_step", "go_back", "change_model", "stop_dossier", "add_source")
PARTS = ("add_document", "add_party")


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def desk(client, adviser):
    """The browser of an adviser."""
    return log_in(client, adviser)


def browser_of(person) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    return log_in(client, person) if person else client


def at(name: str, *args) -> str:
    return reverse(f"agenda:{name}", args=args)


def page(client, name: str, *args, **query) -> str:
    answer = client.get(at(name, *args), query)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def sent(client, name: str, pk: int, status: int = 302, /, **data) -> str:
    answer = client.post(at(name, pk), data)
    found = re.findall("error[^<]*", answer.content.decode())
    assert answer.status_code == status, (answer.status_code, found)
    return answer.content.decode()


def form_of(client, name: str, pk: int) -> dict[str, str]:
    """What the form of a page would send when nothing is touched."""
    form = client.get(at(name, pk)).context["form"]
    return {field.name: str(field.value() or "") for field in form}


# --- who sees what ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("visibility", "outsider", "insider"),
    [(Visibility.PUBLIC, 200, 200), (Visibility.MEMBERS, 404, 200), (Visibility.BUREAU, 404, 404)],
)
def test_who_may_not_read_a_dossier_finds_none_of_its_pages(visibility, outsider, insider):
    dossier = make_dossier(visibility=visibility, title="Warmte voor iedereen")
    document = add_document(
        actor=make_adviser(), dossier=dossier, upload=SimpleUploadedFile("kaart.png", PNG, "image/png")
    )
    official = make_person("official", member=make_member())
    for person, status in ((None, outsider), (official, insider), (make_adviser(), 200)):
        client = browser_of(person)
        for name, key in (
            ("dossier", dossier.pk),
            ("print_dossier", dossier.pk),
            ("dossier_pdf", dossier.pk),
            ("document", document.pk),
        ):
            assert client.get(at(name, key)).status_code == status, (person, name)
        assert ("Warmte voor iedereen" in page(client, "dossiers")) == (status == 200)
        assert ("Warmte voor iedereen" in client.get(at("export_dossiers", "csv")).getvalue().decode()) == (
            status == 200
        )


def test_buttons_are_there_for_who_can_use_them(adviser):
    dossier = make_dossier(adviser)
    member = make_member()
    make_pilot(dossier, member=member)
    for person, sees in (
        (None, set()),
        (make_person("official", member=make_member()), {"take_part"}),
        (make_person("official", member=member), set()),
        (make_person("councillor", member=make_member()), {"take_part"}),
        (adviser, {*CHANGES, *PARTS, "take_part"} - {"go_back"}),
    ):
        html = page(browser_of(person), "dossier", dossier.pk)
        for name in (*CHANGES, *PARTS, "take_part"):
            assert (f'href="{at(name, dossier.pk)}"' in html) == (name in sees), (person, name)


def test_members_cannot_reach_the_pages_of_the_bureau(adviser):
    dossier = make_dossier(adviser)
    client = browser_of(make_person("official", member=make_member()))
    for name in (*CHANGES, *PARTS, "open_dossier"):
        assert client.get(at(name, dossier.pk)).status_code == 403, name
    assert client.get(at("new_dossier")).status_code == 403


# --- opening ---------------------------------------------------------------------------------------------------
def test_a_bundle_opens_as_a_dossier_with_what_it_says_filled_in(desk, adviser):
    bundle = make_bundle_of(adviser)
    form = desk.get(at("open_dossier", bundle.pk)).context["form"]
    assert (form["title"].value(), form["summary"].value()) == (bundle.title, bundle.summary)
    answer = desk.post(
        at("open_dossier", bundle.pk),
        {
            "title": bundle.title,
            "summary": SUMMARY,
            "way": "omgekeerd_medebewind:eerst_beginnen",
            "owner": adviser.pk,
            "visibility": "public",
        },
    )
    made = Dossier.objects.get()
    assert answer.url == at("dossier", made.pk)
    html = page(desk, "dossier", made.pk)
    assert bundle.title in html and "2 signals" in html


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(desk):
    long = "Een zin zonder einde " * 60
    answer = desk.post(
        at("new_dossier"), {"title": "Een", "summary": long, "way": "", "visibility": "public"}
    )
    assert answer.status_code == 422
    form = answer.context["form"]
    assert {"way"} <= set(form.errors)
    assert long.strip() in answer.content.decode()
    answer = desk.post(
        at("new_dossier"),
        {"title": "Een", "summary": long, "way": "een_overheid:standaard", "visibility": "public"},
    )
    assert answer.status_code == 422 and {"title", "summary"} <= set(answer.context["form"].errors)
    assert not Dossier.objects.exists()


# --- the way through its steps ---------------------------------------------------------------------------------
def test_a_step_is_taken_and_taken_back_on_its_pages(desk, adviser):
    dossier = make_dossier(adviser, source=make_bundle_of(adviser))
    sent(desk, "take_step", dossier.pk, **form_of(desk, "take_step", dossier.pk) | {"note": NOTE})
    row = Dossier.objects.get()
    assert row.step == "owner_found"
    # What the next one lacks is said with the way there, and nothing that was typed is lost.
    html = page(desk, "take_step", dossier.pk)
    assert at("take_part", dossier.pk) in html
    html = sent(desk, "take_step", dossier.pk, 422, **form_of(desk, "take_step", dossier.pk) | {"note": NOTE})
    assert NOTE in html and Dossier.objects.get().step == "owner_found"
    sent(desk, "go_back", dossier.pk, **form_of(desk, "go_back", dossier.pk) | {"reason": REASON})
    assert Dossier.objects.get().step == row.steps.order_by("pk").first().step == "signalled"
    html = page(desk, "dossier", dossier.pk)
    assert NOTE in html and REASON in html
    assert desk.get(at("go_back", dossier.pk)).status_code == 302, "there is no earlier step"


def test_another_model_and_stopping_go_with_a_reason(desk, adviser):
    dossier = make_dossier(adviser)
    form = form_of(desk, "change_model", dossier.pk)
    html = sent(
        desk, "change_model", dossier.pk, 422, **form | {"way": "een_overheid:standaard:gedeelde_vraag"}
    )
    assert Dossier.objects.get().model == dossier.model and "error" in html
    sent(
        desk, "change_model", dossier.pk,
        **form | {"way": "een_overheid:standaard:gedeelde_vraag", "reason": REASON},
    )  # fmt: skip
    assert Dossier.objects.get().model == "een_overheid"
    sent(desk, "stop_dossier", dossier.pk, **form_of(desk, "stop_dossier", dossier.pk) | {"reason": REASON})
    assert Dossier.objects.get().state == DossierState.CLOSED
    html = page(desk, "dossier", dossier.pk)
    assert at("take_part", dossier.pk) not in html and at("go_back", dossier.pk) in html


def test_a_second_adviser_sees_what_the_first_saved_and_keeps_what_was_typed(desk, adviser):
    dossier = make_dossier(adviser)
    first, second = form_of(desk, "edit_dossier", dossier.pk), form_of(desk, "edit_dossier", dossier.pk)
    sent(desk, "edit_dossier", dossier.pk, **first | {"solution": "Alleen schone vrachtwagens."})
    other = browser_of(make_adviser())
    answer = other.post(
        at("edit_dossier", dossier.pk), second | {"summary": "Dit is wat ik typte over de lucht."}
    )
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Dit is wat ik typte over de lucht." in html and "What you typed" in html
    # A field that was not touched took over what it says now; sending again saves both.
    assert answer.context["form"]["solution"].value() == "Alleen schone vrachtwagens."
    again = {field.name: str(field.value() or "") for field in answer.context["form"]}
    sent(other, "edit_dossier", dossier.pk, **again)
    row = Dossier.objects.get()
    assert (row.summary, row.solution) == (
        "Dit is wat ik typte over de lucht.",
        "Alleen schone vrachtwagens.",
    )


# --- what belongs to it ------------------------------------------------------------------------------------------
def test_documents_are_added_taken_along_and_withdrawn(desk, adviser):
    dossier = make_dossier(adviser)
    sent(desk, "add_document", dossier.pk, 422, name="Verslag")
    sent(desk, "add_document", dossier.pk, name="Verslag", url=URL)
    upload = SimpleUploadedFile("naam met spatie é.png", PNG, "image/png")
    answer = desk.post(at("add_document", dossier.pk), {"upload": upload})
    assert answer.status_code == 302
    linked, filed = DossierDocument.objects.order_by("pk")
    got = browser_of(None).get(at("document", filed.pk))
    assert got.getvalue() == PNG and got["Content-Type"] == "image/png"
    assert got["Content-Disposition"].startswith("attachment") and got["X-Content-Type-Options"] == "nosniff"
    assert desk.get(at("document", linked.pk)).status_code == 404, "a link is no file"
    html = page(desk, "dossier", dossier.pk)
    assert URL in html and "nofollow" in html and at("document", filed.pk) in html
    desk.post(at("withdraw_document", filed.pk))
    assert "1 document was withdrawn" in page(browser_of(None), "dossier", dossier.pk)
    filed.file.storage.delete(filed.file.name)
    assert desk.get(at("document", filed.pk)).status_code == 404, "a file that the disk lost is no crash"


def test_parties_come_and_go(desk, adviser):
    dossier, party = make_dossier(adviser), make_party("bzk", name="Ministerie van Woorden")
    contact = make_contact(party)
    sent(desk, "add_party", dossier.pk, 422, part="maakt de wet")
    sent(desk, "add_party", dossier.pk, organisation=party.pk, contact=contact.pk, part="maakt de wet")
    html = page(desk, "dossier", dossier.pk)
    assert "maakt de wet" in html and "Directorate" in html
    sent(desk, "add_party", dossier.pk, 422, organisation=party.pk)
    row = Party.objects.get()
    desk.post(at("end_party", row.pk))
    assert "maakt de wet" not in page(desk, "dossier", dossier.pk)


def test_an_official_says_that_the_member_takes_part_and_later_that_it_stops(adviser):
    dossier, member = make_dossier(adviser), make_member(name="Dorp aan Zee")
    client = browser_of(make_person("official", member=member))
    html = sent(client, "take_part", dossier.pk, 422, part="pilot", what="")
    assert "Dorp aan Zee" in html
    sent(client, "take_part", dossier.pk, part="pilot", what="Wij beginnen in het centrum.")
    part = Participation.objects.get()
    html = page(client, "dossier", dossier.pk)
    assert "Dorp aan Zee" in html and at("change_part", part.pk) in html
    today = timezone.localdate()
    sent(client, "change_part", part.pk, part="pilot", what="Wij beginnen.", under_way_since=today)
    assert Participation.objects.get().under_way_since == today
    assert client.get(at("take_part", dossier.pk)).status_code == 302, "it takes part already"
    # Somebody of another member cannot change it, whatever number stands in the address.
    stranger = browser_of(make_person("official", member=make_member()))
    for name in ("change_part", "end_part"):
        assert stranger.post(at(name, part.pk), {"part": "follows"}).status_code == 403
    sent(client, "end_part", part.pk)
    assert Participation.objects.get().ended_at is not None


# --- the board -------------------------------------------------------------------------------------------------
def test_the_board_filters_and_says_how_many_there_are(desk, adviser):
    body, theme = (
        Body.objects.create(key="wonen", names={"nl": "Wonen", "en": "Housing"}),
        make_theme("water"),
    )
    late = make_dossier(adviser, title="Te laat met water", theme=theme, owner_body=body)
    Dossier.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=3))
    make_dossier(adviser, title="Mooi op tijd", model="een_overheid", route="standaard")
    closed = make_dossier(adviser, title="Voorgoed gestopt")
    Dossier.objects.filter(pk=closed.pk).update(state=DossierState.CLOSED, step="closed", due_at=None)
    every = {"Te laat met water", "Mooi op tijd", "Voorgoed gestopt"}
    for query, shown in (
        ({}, {"Te laat met water", "Mooi op tijd"}),
        ({"closed": "on"}, every),
        ({"late": "on"}, {"Te laat met water"}),
        ({"text": "watertje"}, set()),
        ({"text": "water"}, {"Te laat met water"}),
        ({"way": "een_overheid"}, {"Mooi op tijd"}),
        ({"way": "omgekeerd_medebewind:overleg_vooraf"}, {"Te laat met water"}),
        ({"way": "omgekeerd_medebewind:eerst_beginnen"}, set()),
        ({"body": "wonen"}, {"Te laat met water"}),
        ({"theme": "water"}, {"Te laat met water"}),
        ({"step": "signalled"}, {"Te laat met water"}),
        ({"step": "bestaat-niet", "way": "x" * 300}, {"Te laat met water", "Mooi op tijd"}),
    ):
        for view in ({}, {"view": "list"}):
            html = page(desk, "dossiers", **query, **view)
            assert {title for title in every if title in html} == shown, query
        text = desk.get(at("export_dossiers", "csv"), query).getvalue().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert {row[1] for row in rows[1:]} == shown, query
    assert "1 is past its term" in page(desk, "dossiers")


def test_the_board_can_be_taken_along_in_both_formats(desk, adviser):
    make_dossier(adviser, title="=cmd|' /C calc'!A0 is geen formule")
    text = desk.get(at("export_dossiers", "csv")).getvalue().decode("utf-8-sig")
    assert ",=cmd" not in text and "cmd" in text, "a spreadsheet must not run what somebody typed"
    with ZipFile(io.BytesIO(desk.get(at("export_dossiers", "ods")).getvalue())) as ods:
        assert "is geen formule" in ods.read("content.xml").decode()
    assert desk.get(at("export_dossiers", "exe")).status_code == 404


def test_my_dossiers_stand_by_why_they_are_mine(adviser):
    member = make_member()
    official = make_person("official", member=member)
    own = make_dossier(adviser, title="Van de adviseur zelf")
    make_dossier(make_adviser(), title="Van een ander")
    make_pilot(own, member=member)
    assert "Van de adviseur zelf" in page(browser_of(adviser), "my_dossiers")
    html = page(browser_of(official), "my_dossiers")
    assert "Van de adviseur zelf" in html and "Van een ander" not in html


# --- to take along, and what is hard to show --------------------------------------------------------------------
def test_print_and_pdf_say_what_the_page_says(desk, adviser):
    dossier = make_dossier(adviser, source=make_bundle_of(adviser), title="Milieuzones met één regel")
    make_pilot(dossier, member=make_member(name="Dorp aan Zee"))
    on(dossier, "owner_found", adviser)
    on(dossier, "pilot_members", adviser)
    with_solution(dossier, adviser)
    add_document(actor=adviser, dossier=dossier, name="Verslag van de proef", url=URL)
    printed = page(desk, "print_dossier", dossier.pk)
    answer = desk.get(at("dossier_pdf", dossier.pk))
    assert answer["Content-Type"] == "application/pdf"
    pdf = " ".join(extract_text(io.BytesIO(answer.content)).split())
    for words in ("Milieuzones met één regel", "Dorp aan Zee", "Verslag van de proef", "schone vrachtwagens"):
        assert words in printed and words in pdf, words


@pytest.mark.parametrize(
    "words",
    [
        "مناطق بيئية للشاحنات القديمة في المدينة",
        "Schone lucht 🚚🌬️👩‍👩‍👧‍👦 voor de stad",
        "Zeergootwoordzonderspatie" * 7,
        "<script>alert(1)</script> & \"quotes\" 'too'",
    ],
)
def test_hard_texts_are_kept_and_shown_as_they_are(desk, adviser, words):
    dossier = make_dossier(adviser, title=words)
    sent(
        desk, "edit_dossier", dossier.pk,
        **form_of(desk, "edit_dossier", dossier.pk) | {"solution": f"{words}\n\n" * 40},
    )  # fmt: skip
    row = Dossier.objects.get()
    assert row.title == words
    html = desk.get(at("dossier", dossier.pk)).content.decode()
    assert "<script>alert(1)" not in html
    assert desk.get(at("dossier_pdf", dossier.pk)).content.startswith(b"%PDF")


def test_ten_thousand_characters_fit_and_too_many_are_refused_with_everything_kept(desk, adviser):
    dossier = make_dossier(adviser)
    form = form_of(desk, "edit_dossier", dossier.pk)
    fits = "Schone lucht voor iedereen. " * 700
    sent(desk, "edit_dossier", dossier.pk, **form | {"solution": fits})
    assert Dossier.objects.get().solution == fits.strip()
    form = form_of(desk, "edit_dossier", dossier.pk)
    html = sent(desk, "edit_dossier", dossier.pk, 422, **form | {"solution": fits + "Nog meer. " * 100})
    assert "Nog meer. Nog meer." in html and "20,000" in html
