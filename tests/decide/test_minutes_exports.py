"""Minutes to take along (docx, PDF, spreadsheet, data), their pages, and the pages by role."""

import io
import json
import zipfile
from pathlib import Path

import docx
import jsonschema
import pytest
from django.urls import reverse
from lxml import etree
from pdfminer.high_level import extract_text

from omkering.decide.commands import minutes as commands
from omkering.decide.commands.vote_results import announce_result
from omkering.decide.models import Minutes, MinutesNote
from omkering.decide.queries.ori import CHOICES, ori
from omkering.thread.models import Item, Visibility
from omkering.ui.export import write_sheets
from tests.decide.meetings import called
from tests.decide.minutes_made import cast_all, held, later, under_way, vote_on
from tests.decide.votes import log_in, make_proposal
from tests.people import make_person

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "ori-minutes.schema.json").read_text())
TEXT = "De vergadering vraagt om een overzicht van de kosten."


def check_ori(data):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(data)
    ids = [one["id"] for value in data.values() if isinstance(value, list) for one in value]
    assert len(ids) == len(set(ids))
    known = set(ids) | {data["vergadering"]["id"], f"verslag-{data['vergadering']['id'].partition('-')[2]}"}
    assert references(data) <= known


def references(value, inside=False):
    """The ids that something refers to: an object of nothing but a url and an id."""
    if isinstance(value, list):
        return set().union(*(references(one) for one in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    if set(value) == {"url", "id"}:
        return {value["id"]}
    return set().union(*(references(one) for one in value.values())) if value else set()


def get(client, name, *arguments):
    return client.get(reverse(f"decide:{name}", args=arguments))


def content(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- data --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_data_have_the_terms_of_open_raadsinformatie():
    made = held()
    data = json.loads(
        json.dumps(ori(made.meeting, made.adviser, lambda part: f"https://example.test/{part}"))
    )
    check_ori(data)
    assert data["vergadering"]["status"] == "gehouden"
    assert [item["agendapuntTitel"] for item in data["agendapunten"]] == ["Opening", made.proposal.title]
    [vote] = data["stemmingen"]
    assert (vote["stemmingstype"], vote["resultaatMondelingeStemming"]) == ("hoofdelijk", "voor")
    assert [(s["x-lid"], s["keuzeStemming"]) for s in data["stemmen"]] == [
        (member.code, choice)
        for (member, _p), choice in zip(made.members, ("voor", "voor", "tegen", "voor"), strict=True)
    ]
    assert data["stemmen"][3]["x-volmachtAan"] == made.members[0][0].name
    assert "aanwezigeDeelnemer" not in data["stemmen"][3]
    assert [b["besluitresultaat"] for b in data["besluiten"]] == ["Aangenomen"]
    assert {o["informatieobjecttype"] for o in data["informatieobjecten"]} == {"voorstel", "toezegging"}
    assert sum(s["x-aantalStemmen"] for s in data["stemmen"]) == vote["x-uitslag"]["stemlijst"]["votes"]
    assert {person["naamNatuurlijkPersoon"]["volledigeNaam"] for person in data["natuurlijkePersonen"]} == {
        person.name for _member, person in made.members[:3]
    }


@pytest.mark.django_db
def test_data_for_everybody_name_nobody_and_hide_what_is_not_for_everybody():
    made = held()
    data = ori(made.meeting, None, lambda part: f"https://example.test/{part}")
    check_ori(data)
    assert not any(person.name in str(data) for _member, person in made.members)
    Item.objects.filter(pk=made.vote.pk).update(visibility=Visibility.MEMBERS)
    data = ori(made.meeting, None, lambda part: f"https://example.test/{part}")
    check_ori(data)
    assert (data["stemmingen"], data["stemmen"], data["besluiten"]) == ([], [], [])


@pytest.mark.django_db
def test_a_secret_vote_tells_only_how_many():
    made = under_way()
    announce_result(actor=made.adviser, vote=made.vote)
    secret = vote_on(
        make_proposal(made.adviser), made.meeting, made.item, made.adviser, secret=True, heads=True
    )
    cast_all(secret, [person for _member, person in made.members[:3]], "against")
    from omkering.decide import commands as all_commands

    announce_result(actor=made.adviser, vote=all_commands.close_vote(actor=made.adviser, vote=secret))
    data = ori(made.meeting, made.adviser, lambda part: f"https://example.test/{part}")
    check_ori(data)
    told = next(vote for vote in data["stemmingen"] if vote["x-geheim"])
    assert told["stemmen"] == [] and told["stemmingstype"] == "schriftelijk"
    assert told["x-uitslag"]["leden"] == {CHOICES["for"]: 0, CHOICES["against"]: 4, CHOICES["abstain"]: 0}
    assert {ballot["stemming"]["id"] for ballot in data["stemmen"]} == {f"stemming-{made.vote.pk}"}


# --- documents ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_minutes_as_a_word_document(client):
    made = held()
    commands.add_note(actor=made.adviser, meeting=made.meeting, text=TEXT, source=f"vote:{made.vote.pk}")
    log_in(client, made.adviser)
    text = "\n".join(
        part.text
        for part in docx.Document(
            io.BytesIO(content(get(client, "minutes_file", made.meeting.pk, "docx")))
        ).paragraphs
    )
    for words in (
        made.proposal.text,
        TEXT,
        made.members[0][1].name,
        "Een overzicht van de kosten",
        "bij volmacht",
    ):
        assert words in text
    short = docx.Document(io.BytesIO(content(get(client, "decisions_file", made.meeting.pk, "docx"))))
    words = "\n".join(part.text for part in short.paragraphs)
    assert "Aangenomen" in words and TEXT not in words and made.proposal.text not in words


@pytest.mark.django_db
def test_the_minutes_as_a_spreadsheet(client):
    made = held()
    file = io.BytesIO(content(get(client, "minutes_file", made.meeting.pk, "ods")))
    tree = etree.fromstring(zipfile.ZipFile(file).read("content.xml"))
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    sheets = {
        sheet.get(f"{table}name"): [
            ["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{table}table-row")
        ]
        for sheet in tree.iter(f"{table}table")
    }
    assert list(sheets)[:3] == ["Wie er waren", "Besluitenlijst", "Toezeggingen"]
    assert len(sheets["Wie er waren"]) == 1 + 3 + 1
    assert sheets["Besluitenlijst"][1][2] == made.proposal.title
    roll_call = sheets[list(sheets)[3]]
    assert [row[0] for row in roll_call[1:]] == [member.code for member, _person in made.members]


def test_names_of_sheets_are_what_a_spreadsheet_takes():
    file = io.BytesIO()
    write_sheets(
        file,
        [
            ("Stemming 1: [a/b]?" * 4, ["=1+1"], []),
            ("Stemming 1: [a/b]?" * 4, ["x"], [["-2"]]),
            ("", ["x"], []),
        ],
    )
    tree = etree.fromstring(zipfile.ZipFile(file).read("content.xml"))
    names = [s.get("{urn:oasis:names:tc:opendocument:xmlns:table:1.0}name") for s in tree.iter("{*}table")]
    assert len(set(names)) == 3 and all(
        0 < len(name) <= 31 and not set(name) & set("[]*?:/\\") for name in names
    )


@pytest.mark.django_db
def test_the_minutes_as_a_pdf(client):
    made = held()
    for address in (("minutes_file", made.meeting.pk, "pdf"), ("decisions_file", made.meeting.pk, "pdf")):
        response = get(client, *address)
        if response.status_code == 503:
            pytest.skip("this machine makes no PDFs")
        assert response.content.startswith(b"%PDF")
        assert made.proposal.title in " ".join(extract_text(io.BytesIO(response.content)).split())
    assert get(client, "minutes_file", made.meeting.pk, "exe").status_code == 404
    assert get(client, "decisions_file", made.meeting.pk, "ods").status_code == 404


# --- pages -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_page_writes_itself_and_shows_the_bureau_where_to_write(client):
    made = under_way()
    anyone = get(client, "minutes", made.meeting.pk).content.decode()
    assert made.proposal.title in anyone and reverse("decide:add_note", args=[made.meeting.pk]) not in anyone
    log_in(client, made.adviser)
    bureau = get(client, "minutes", made.meeting.pk).content.decode()
    assert f"?source=vote:{made.vote.pk}" in bureau
    assert made.members[0][1].name in bureau and made.members[0][1].name not in anyone


@pytest.mark.django_db
def test_a_note_by_the_page_with_what_a_colleague_saved_meanwhile(client):
    made = under_way()
    log_in(client, made.adviser)
    address = reverse("decide:add_note", args=[made.meeting.pk]) + f"?item={made.item.pk}"
    assert client.get(address).status_code == 200
    assert client.post(address, {"text": ""}).status_code == 422
    assert client.post(address, {"text": TEXT}).status_code == 302
    note = MinutesNote.objects.get()
    change = reverse("decide:change_note", args=[note.pk])
    commands.change_note(actor=made.adviser, note=note, text="Van een collega.", version=1)
    refused = client.post(change, {"text": "Van mij.", "version": 1})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Van een collega." in page and "Van mij." in page and 'value="2"' in page
    assert client.post(change, {"text": "Van ons.", "version": 2}).status_code == 302
    assert MinutesNote.objects.get().text == "Van ons."
    remove = reverse("decide:remove_note", args=[note.pk])
    client.post(remove, {"version": 1})
    assert MinutesNote.objects.get().removed_at is None
    client.post(remove, {"version": 3})
    assert MinutesNote.objects.get().removed_at is not None
    assert client.get(reverse("decide:add_note", args=[made.meeting.pk]) + "?item=abc").status_code == 404


@pytest.mark.django_db
def test_the_way_to_adoption_by_the_pages(client):
    made = held()
    log_in(client, made.adviser)
    propose = reverse("decide:propose_minutes", args=[made.meeting.pk])
    assert "later" in client.get(propose).content.decode() or client.get(propose).status_code == 200
    nxt = later(made)
    assert client.post(propose, {"to": nxt.pk}).status_code == 302
    correct = reverse("decide:correct_minutes", args=[made.meeting.pk])
    answer = client.post(
        correct, {"member": made.members[0][0].pk, "agenda_item": made.item.pk, "text": "Het was anders."}
    )
    assert answer.status_code == 302
    assert made.members[0][0].name in get(client, "minutes", made.meeting.pk).content.decode()
    adopt = reverse("decide:adopt_minutes", args=[made.meeting.pk])
    assert adopt in get(client, "minutes", made.meeting.pk).content.decode()
    assert client.get(adopt).status_code == 200
    assert client.post(adopt).status_code == 302
    assert Minutes.objects.get().state == "adopted"
    page = get(client, "minutes", made.meeting.pk).content.decode()
    assert reverse("decide:add_note", args=[made.meeting.pk]) not in page
    assert get(client, "kept_minutes", Minutes.objects.get().pk).status_code == 302


@pytest.mark.django_db
def test_who_may_not_gets_no_further(client):
    made = held()
    commands.add_note(actor=made.adviser, meeting=made.meeting, text=TEXT)
    note = MinutesNote.objects.get()
    not_opened = called(made.adviser, title="Nog niet")
    assert get(client, "minutes", not_opened.pk).status_code == 404
    assert TEXT not in get(client, "minutes", made.meeting.pk).content.decode()
    log_in(client, made.members[0][1])
    for name, pk in (
        ("add_note", made.meeting.pk),
        ("propose_minutes", made.meeting.pk),
        ("change_note", note.pk),
    ):
        assert get(client, name, pk).status_code == 403
    assert get(client, "adopt_minutes", made.meeting.pk).status_code == 403
    Item.objects.filter(pk=made.meeting.pk).update(visibility=Visibility.BUREAU)
    log_in(client, make_person())
    for name in ("minutes", "decision_list", "print_minutes"):
        assert get(client, name, made.meeting.pk).status_code == 404
    assert get(client, "kept_minutes", note.minutes_id).status_code == 404


@pytest.mark.django_db
def test_the_list_of_decisions(client):
    made = held()
    page = get(client, "decision_list", made.meeting.pk).content.decode()
    assert made.proposal.title in page and "Een overzicht van de kosten" in page and "Kosten" not in page
    assert get(client, "print_minutes", made.meeting.pk).status_code == 200
