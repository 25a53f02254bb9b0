"""A copy of what is kept of a person, and making a person unrecognisable: commands, pages and command line."""

import io
import json
import zipfile

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

from omkering.cli import app
from omkering.cli import commands as cli
from omkering.decide.models import Ballot
from omkering.journal.models import Event
from omkering.listen.commands.recognition import recognise
from omkering.listen.commands.signals import add_evidence, save_draft, submit_draft, submit_signal
from omkering.listen.models import Draft, Evidence
from omkering.thread.commands import save_search
from omkering.thread.models import Follow, Notice, SavedSearch
from omkering.web.personal_copy import COLUMNS, KINDS, readable
from omkering.who import personal_data
from omkering.who.commands.leaving import erase_person, export_person
from omkering.who.models import Mandate, Person
from omkering.who.standing import standing_of
from tests.people import make_member, make_person
from tests.shared_world import shared
from tests.world import PNG, give_session

pytestmark = pytest.mark.django_db

CASE = "Het loket is op vrijdag dicht, en mensen staan voor niets."


@pytest.fixture
def somebody():
    """Somebody who did a bit of everything."""
    member, other = make_member(name="Onze"), make_member(name="Andere")
    person = make_person("mayor", member=member, votes=True)
    colleague = make_person("mayor", member=other)
    draft = save_draft(
        actor=person,
        draft=None,
        step=1,
        values={"member": member.pk, "title": "Loket is dicht op vrijdag", "case": CASE},
    )
    add_evidence(actor=person, draft=draft, upload=SimpleUploadedFile("foto.png", PNG, "image/png"))
    submit_draft(actor=person, draft=draft)
    save_draft(actor=person, draft=None, step=1, values={"title": "Nog niet af"})
    theirs = submit_signal(actor=colleague, member=other, title="Bus rijdt niet meer", case=CASE)
    recognise(actor=person, signal=theirs, member=member, case="Bij ons ook geen bus.")
    save_search(person=person, name="Bussen", kind="signal", query={"q": "bus"})
    Notice.objects.create(person=person, item=theirs, milestone="signal.in_review", news="x")
    return person


@pytest.fixture
def admin():
    return make_person("administrator")


def session_of(person: Person) -> Client:
    client = Client()
    give_session(client, person)
    return client


def test_the_copy_holds_what_somebody_wrote_and_nothing_of_others(somebody):
    stranger = make_person("clerk", member=make_member())
    data = export_person(actor=somebody, person=somebody)
    text = json.dumps(data)
    for words in (CASE, "Nog niet af", "Bij ons ook geen bus.", "Bussen", "foto.png", somebody.email):
        assert words in text, words
    assert stranger.email not in text and "Bus rijdt niet meer" in text
    assert [row["verb"] for row in data["log"]].count("signal.submitted") == 1
    assert CASE not in json.dumps(export_person(actor=stranger, person=stranger))


def test_who_may_take_a_copy_and_that_it_is_recorded(somebody, admin):
    for actor in (make_person("adviser"), make_person("mayor", member=make_member())):
        with pytest.raises(PermissionDenied):
            export_person(actor=actor, person=somebody)
    for actor in (somebody, admin, None):
        export_person(actor=actor, person=somebody)
    found = Event.objects.filter(verb="person.exported", subject=f"person:{somebody.pk}").order_by("pk")
    assert [event.actor for event in found] == [somebody.pk, admin.pk, None]


def test_a_fixed_number_of_queries(somebody):
    def count():
        with CaptureQueriesContext(connection) as queries:
            personal_data.personal_data_of(Person.objects.get(pk=somebody.pk))
        return len(queries)

    first = count()
    for number in range(4):
        submit_signal(
            actor=somebody,
            member=somebody.appointments.get().member,
            title=f"Nog een melding {number}",
            case=CASE,
        )
        save_search(person=somebody, name=f"Zoek {number}", kind="signal", query={})
    assert count() == first


def tables_of_people() -> set[str]:
    """Names of the models with a link to a person."""
    return {
        model._meta.model_name
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
        and model._meta.model_name != "middlewareevents"  # a view of rows of other tables
        and any(field.related_model is Person for field in model._meta.local_fields)
    }


def test_every_table_that_names_a_person_is_in_the_copy():
    """A table with a link to a person is either in the copy, or says here why it needs not be."""
    elsewhere = {
        "appointmentevent": "history of appointments, which are in the copy",
        "mandateevent": "history of mandates",
        "itemevent": "history of items",
        "recognitionevent": "history of recognitions",
        "answerevent": "history of answers",
        "minutesnoteevent": "history of notes in minutes",
        "objectionevent": "history of objections",
        "ballotevent": "history of ballots",
        "couplingevent": "history of couplings",
        "placementevent": "history of what was put under a challenge",
        "dossierevent": "history of dossiers",
        "dossierstepevent": "history of the steps of dossiers",
        "participationevent": "history of members that take part",
        "partyevent": "history of outside parties",
        "conditionanswerevent": "history of answers on conditions",
        "fulfilmentevent": "history of what was kept of promises",
        "candidateevent": "history of candidates",
        "priorityballotevent": "history of ballots in priority rounds",
        "departureevent": "history of departures from a result",
        "documentevent": "history of documents",
        "consultationevent": "history of consultations",
        "meetingevent": "history of meetings",
        "viewevent": "history of formal views",
        "replyevent": "history of replies",
        "backingevent": "history of who submitted and supported amendments",
        "amendmentadviceevent": "history of advice on amendments",
        "collisiontalkevent": "history of talks about amendments",
        "statementevent": "history of statements",
        "positionevent": "history of positions",
        "signatureevent": "history of who stood under motions",
        "adviceevent": "history of advice",
        "motiontalkevent": "history of talks about motions",
        "executionevent": "history of plans for motions and undertakings",
        "settlementevent": "history of settling motions and undertakings",
        "attendanceevent": "history of attendance at meetings",
        "delegateevent": "history of who votes for a member at a meeting",
        "proxyevent": "history of proxies",
        "interestevent": "history of interests that were declared",
        "paperevent": "history of papers of meetings",
        "requestsupportevent": "history of support for extra meetings",
        "speechevent": "history of speaking in meetings",
        "voteevent": "history of votes, with who decided a tie",
        "suggestion": "who settled a suggestion; the log has it",
        "person_groups": "not used: rights follow from roles",
        "person_user_permissions": "not used: rights follow from roles",
        "emailaddress": "the same address as the account's",
    }
    inside = {
        "appointment", "mandate", "item", "follow", "savedsearch", "notice", "draft", "recognition", "evidence",
        "answer", "objection", "ballot", "authenticator", "socialaccount", "usersession", "coupling", "placement",
        "dossier", "dossierstep", "dossierdocument", "participation", "party", "minutesnote",
        "conditionanswer", "fulfilment",
        "candidate", "roundline", "priorityballot", "departure",
        "document", "version", "import", "consultation", "meeting", "view", "reply",
        "backing", "amendmentadvice", "collisiontalk", "statement", "statementvote",
        "position", "stance", "relation", "talk",
        "candidacy", "recommendation",
        "signature", "motionstep", "motiontext", "motiontalk", "talkmessage", "advice", "execution", "report",
        "settlement", "attendance", "delegate", "proxy", "interest", "paper", "requestsupport", "speech",
        "deskballot", "rollentry", "vote",
    }  # fmt: skip
    assert tables_of_people() == inside | set(elsewhere)


def test_the_page_of_ones_own_data_and_its_downloads(somebody):
    client = session_of(somebody)
    page = client.get("/mijn/account/gegevens/").content.decode()
    assert CASE in page and "Wat u schreef" in page and "Onze" in page
    assert "Burgemeester" in page and "1 januari 2020" in page and "Eén keer per dag" in page
    data = client.get("/mijn/account/gegevens/?format=json").json()
    assert data["account"]["email"] == somebody.email
    answer = client.get("/mijn/account/gegevens/?format=zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        names = packed.namelist()
        assert names[:2] == ["data.json", "data.html"] and names[2].endswith("-foto.png")
        assert packed.read(names[2]) == PNG
        assert CASE in packed.read("data.html").decode()
        assert json.loads(packed.read("data.json"))["items"][0]["text"] == CASE


def test_a_page_shows_the_newest_and_the_file_holds_all(somebody):
    for number in range(60):
        Notice.objects.create(
            person=somebody, item_id=somebody.items.get().pk, milestone=f"m.{number:02}x", news=f"n{number}"
        )
    client = session_of(somebody)
    page = client.get("/mijn/account/gegevens/").content.decode()
    assert "m.59x" in page and "m.05x" not in page and "nieuwste 50 van 61" in page
    assert len(client.get("/mijn/account/gegevens/?format=json").json()["news"]) == 61


def test_a_file_that_is_gone_is_named(somebody):
    row = Evidence.objects.get()
    row.file.storage.delete(row.file.name)
    answer = session_of(somebody).get("/mijn/account/gegevens/?format=zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as packed:
        assert packed.read("missing.txt").decode().endswith("foto.png")


def test_all_that_can_be_there_has_words():
    world = shared()
    assert set(personal_data._parts) == set(KINDS)
    for pk in world.people.values():
        for _heading, columns, rows, total in readable(
            personal_data.personal_data_of(Person.objects.get(pk=pk))
        ):
            assert all(len(row) == len(columns) for row in rows) and len(rows) == total
    assert all(str(words) for words in COLUMNS.values())


# --- erasing ---------------------------------------------------------------------------------------------


def test_erasing_takes_the_person_and_leaves_what_they_contributed(somebody, admin):
    client, email, name = session_of(somebody), somebody.email, somebody.name
    assert client.get("/nieuws/").status_code == 200
    file = Evidence.objects.get().file.name
    erase_person(actor=admin, person=somebody)
    gone = Person.objects.get(pk=somebody.pk)
    assert (gone.name, gone.is_active) == ("oud-deelnemer van Onze", False)
    assert gone.email.endswith("@erased.invalid") and not gone.has_usable_password()
    assert client.get("/nieuws/").status_code == 302
    assert standing_of(gone).roles == frozenset() and not Mandate.objects.filter(ends=None).exists()
    for model in (Notice, Follow, SavedSearch, Draft):
        assert not model.objects.filter(person=gone).exists(), model
    assert gone.items.count() == 1 and gone.recognitions.get().case == "Bij ons ook geen bus."
    evidence = Evidence.objects.get()
    assert evidence.file.name == file and evidence.file.storage.exists(file)
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE ANY (%s)',
                [[f"%{email}%", f"%{name}%"]],
            )
            assert cursor.fetchone()[0] == 0, f"{table} still knows who it was"
    event = Event.objects.get(verb="person.erased")
    assert (event.actor, event.subject, event.data) == (admin.pk, f"person:{gone.pk}", {})


def test_ballots_stay_as_they_were_cast():
    world = shared()
    mayor, admin = (Person.objects.get(pk=world.people[role]) for role in ("mayor", "administrator"))
    before = list(Ballot.objects.order_by("pk").values())
    erase_person(actor=admin, person=mayor)
    assert list(Ballot.objects.order_by("pk").values()) == before
    assert mayor.ballots.count() == sum(row["person_id"] == mayor.pk for row in before) > 0


def test_erasing_is_for_administrators_and_never_oneself(somebody, admin):
    for actor in (somebody, make_person("adviser")):
        with pytest.raises(PermissionDenied):
            erase_person(actor=actor, person=somebody)
    with pytest.raises(ValidationError):
        erase_person(actor=admin, person=admin)
    erase_person(actor=admin, person=somebody)
    erase_person(actor=admin, person=somebody)
    assert Event.objects.filter(verb="person.erased").count() == 1
    from omkering.who.commands.people import reopen_account

    with pytest.raises(ValidationError):
        reopen_account(actor=admin, person=Person.objects.get(pk=somebody.pk))


def test_somebody_without_a_role_is_a_former_participant_of_the_association(admin):
    person = make_person()
    erase_person(actor=admin, person=person)
    assert Person.objects.get(pk=person.pk).name == "oud-deelnemer van VNG"


def test_the_pages_of_an_administrator(somebody, admin):
    client = session_of(admin)
    page = client.get(f"/mensen/{somebody.pk}/").content.decode()
    assert f"/mensen/{somebody.pk}/gegevens/" in page and f"/mensen/{somebody.pk}/wissen/" in page
    copy = client.post(f"/mensen/{somebody.pk}/gegevens/")
    assert zipfile.is_zipfile(io.BytesIO(b"".join(copy.streaming_content)))
    asked = client.get(f"/mensen/{somebody.pk}/wissen/").content.decode()
    assert "kan niet ongedaan" in asked and Person.objects.get(pk=somebody.pk).erased_at is None
    done = client.post(f"/mensen/{somebody.pk}/wissen/", follow=True).content.decode()
    assert "oud-deelnemer van Onze" in done and "gewist" in done
    refused = client.post(f"/mensen/{admin.pk}/wissen/", follow=True).content.decode()
    assert "Een andere beheerder" in refused


def test_the_command_line(somebody, tmp_path):
    if not app.registered_groups:
        cli.register(app)
    run = lambda *words: CliRunner().invoke(app, ["people", *words])  # noqa: E731
    target = tmp_path / "copy.zip"
    assert run("export", somebody.email, str(target)).exit_code == 0
    assert zipfile.is_zipfile(target) and target.stat().st_mode & 0o077 == 0
    assert run("export", str(somebody.pk), str(tmp_path / "copy.json")).exit_code == 0
    assert json.loads((tmp_path / "copy.json").read_text())["account"]["name"] == somebody.name
    assert "There is no account" in str(run("export", "nobody@example.test", str(target)).exception)
    assert "neither" in str(run("export", somebody.email, "copy.doc").exception)
    assert "Nothing was done" in run("erase", somebody.email).output
    assert Person.objects.get(pk=somebody.pk).erased_at is None
    assert "is erased" in run("erase", somebody.email, "--yes").output
    assert Person.objects.get(pk=somebody.pk).erased_at is not None
    assert "before" in run("erase", str(somebody.pk)).output
