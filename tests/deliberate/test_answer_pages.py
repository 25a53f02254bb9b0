"""The pages of the note of answer: who sees what and when, the way from a ticked point to a new version, and what is
refused without losing what was typed.
"""

import csv
import io
import re
import zipfile

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from omkering.deliberate.commands.answers import change_answer, give_answer
from omkering.deliberate.commands.answers_known import publish_note
from omkering.deliberate.models import Answer, Answered, Basis, Block, Version
from omkering.deliberate.queries.answer_bundles import suggestions
from omkering.deliberate.queries.answer_points import open_points
from omkering.deliberate.queries.answers import Note, NoteFilter
from omkering.thread.models import Item, Link, Notice
from omkering.thread.waiting import waiting_for
from omkering.ui import panels
from tests.deliberate.answers_made import (
    REASON,
    amendment,
    make_consultation,
    one_of_each,
    reaction,
    report_point,
    statement,
    view_point,
)
from tests.listen.made import log_in
from tests.people import make_adviser, make_person

pytestmark = pytest.mark.django_db
OTHER = "Wij nemen dit niet over, want het staat al in een ander stuk."


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def made():
    return make_consultation()


@pytest.fixture
def desk(client, made):
    """The browser of an adviser."""
    return log_in(client, made.adviser)


def at(name: str, *args) -> str:
    return reverse(f"deliberate:{name}", args=args)


def page(client, name: str, *args, **query) -> str:
    answer = client.get(at(name, *args), query)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def answered(made, items=None, kind="taken_over", reason=REASON) -> Answer:
    items = items or Item.objects.filter(pk__in=[p.pk for p in open_points([made.consultation.pk])])
    return give_answer(
        actor=made.adviser, consultation=made.consultation, items=items, kind=kind, reason=reason
    )


def published(made) -> None:
    publish_note(actor=made.adviser, consultation=made.consultation)


# --- reading ---------------------------------------------------------------------------------------------------
def test_before_publication_only_the_bureau_reads_answers(client, made):
    row = reaction(made)
    answer = answered(made, [row])
    view_point(made)
    seen = page(client, "answers", made.consultation.pk)
    assert REASON not in seen and row.text not in seen and "once the note is published" in seen
    assert "2 points were put in" in seen
    for name, args in (
        ("answer", [answer.pk]),
        ("print_answers", [made.consultation.pk]),
        ("answers_pdf", [made.consultation.pk]),
        ("export_answers", [made.consultation.pk, "csv"]),
    ):
        assert client.get(at(name, *args)).status_code == 404, name
    log_in(client, made.adviser)
    assert REASON in page(client, "answers", made.consultation.pk)
    assert REASON in page(client, "answer", answer.pk)


def test_everybody_reads_the_published_note_but_no_name_of_who_spoke_for_themselves(client, made):
    one_of_each(made)
    answered(made)
    published(made)
    for by in ("paragraph", "kind", "contributor", "nonsense"):
        seen = page(client, "answers", made.consultation.pk, by=by)
        assert REASON in seen and made.member.name in seen and made.network.name in seen
        assert made.resident.name not in seen
        assert seen.count("Somebody, for themselves") == 2
    log_in(client, made.resident)
    assert "Yours" in page(client, "answers", made.consultation.pk)


def test_by_paragraph_the_whole_comes_first_and_the_same_answer_stands_once(client, made):
    later, first = (
        reaction(made, "Over de agenda.", paragraph=made.paragraphs[2]),
        reaction(made, "Over het begin."),
    )
    whole = report_point(made)
    twin = view_point(made, "Ook over het begin.")
    answered(made)
    groups = Note(made.consultation, made.adviser).all_groups()
    assert [[line.item.pk for line in group.lines] for group in groups] == [
        [whole.pk],
        [first.pk, twin.pk],
        [later.pk],
    ]
    assert [group.address for group in groups] == [None, 2, 3]
    assert len(groups[1].answers) == 1
    by_who = Note(made.consultation, made.adviser, NoteFilter(by="contributor")).all_groups()
    assert [group.heading for group in by_who][:2] == [made.member.name, made.network.name]


def test_filters_and_pages(client, made):
    for number in range(30):
        reaction(made, f"Reactie nummer {number} over de inleiding.", author=make_person())
    answered(made, kind="not", reason=OTHER)
    last = statement(made)
    answered(made, [last])
    published(made)
    seen = page(client, "answers", made.consultation.pk, answer="taken_over")
    assert last.text in seen and OTHER not in seen
    seen = page(client, "answers", made.consultation.pk, kind="reaction", words="nummer 29")
    assert seen.count("<blockquote") == 1
    first = client.get(at("answers", made.consultation.pk))
    found = first.context["page"]
    assert len(found.rows) == 25 and found.next
    second = client.get(at("answers", made.consultation.pk), {"after": found.next}).context["page"]
    assert len(second.rows) == 6 and not {r.pk for r in found} & {r.pk for r in second}


def test_what_somebody_may_not_read_does_not_stand_in_their_note(client, made):
    hidden = reaction(made, "Alleen voor het bureau.", visibility="bureau")
    shown = reaction(made, "Voor iedereen te lezen.")
    answer = answered(made, [hidden, shown])
    published(made)
    seen = page(client, "answer", answer.pk)
    assert hidden.text not in seen and shown.text in seen and "1 point that you may not read" in seen
    assert hidden.text not in page(client, "answers", made.consultation.pk)
    assert client.get(at("answers", made.consultation.pk + 99)).status_code == 404


def test_the_number_of_queries_does_not_grow(client, made):
    log_in(client, made.adviser)
    pages = [("answers", made.consultation.pk), ("unanswered", made.consultation.pk)]
    numbers = []
    for _round in range(2):
        for number in range(6):
            reaction(made, f"Reactie {number}", author=make_person())
            view_point(made, f"Punt {number}", paragraph=made.paragraphs[number % 4])
        answered(made, list(Item.objects.filter(kind="reaction", answered_in__isnull=True)))
        amendment(made)
        for name, pk in pages:  # what is read once in the life of the process
            client.get(at(name, pk))
        with CaptureQueriesContext(connection) as queries:
            for name, pk in pages:
                assert client.get(at(name, pk)).status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


# --- to take along ---------------------------------------------------------------------------------------------
def test_on_paper_and_as_a_table(client, made):
    items = one_of_each(made)
    reaction(made, "=1+1 is een formule")
    answered(made)
    published(made)
    paper = page(client, "print_answers", made.consultation.pk)
    for item in items:
        assert item.text in paper
    assert REASON in paper and made.resident.name not in paper
    text = b"".join(client.get(at("export_answers", made.consultation.pk, "csv")).streaming_content).decode()
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert len(rows) == 7 and all(len(row) == len(rows[0]) for row in rows)
    assert any(cell == "'=1+1 is een formule" for row in rows for cell in row)
    ods = b"".join(client.get(at("export_answers", made.consultation.pk, "ods")).streaming_content)
    assert REASON in zipfile.ZipFile(io.BytesIO(ods)).read("content.xml").decode()
    assert client.get(at("export_answers", made.consultation.pk, "exe")).status_code == 404
    word = client.get(at("answers_docx", made.consultation.pk))
    found = docx.Document(io.BytesIO(word.content))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    for item in items:
        assert any(item.text in cell for cell in cells)
    assert any("=1+1 is een formule" in cell for cell in cells)
    assert REASON in [paragraph.text for paragraph in found.paragraphs]
    pdf = client.get(at("answers_pdf", made.consultation.pk))
    assert pdf.status_code in (200, 503)
    if pdf.status_code == 200:
        assert pdf.content.startswith(b"%PDF")


# --- answering -------------------------------------------------------------------------------------------------
def test_from_ticked_points_to_the_published_note(desk, made):
    one, two = reaction(made), view_point(made)
    seen = page(desk, "unanswered", made.consultation.pk)
    assert f'value="{one.pk}"' in seen and "2 points have no answer yet" in seen
    assert desk.get(at("give_answer", made.consultation.pk)).status_code == 302
    form = page(desk, "give_answer", made.consultation.pk, item=[one.pk, two.pk, 10**17, "x"])
    assert form.count("checked") == 2 and form.count('name="offered"') == 2
    data = {"offered": [one.pk, two.pk], "items": [one.pk], "kind": "taken_over", "reason": REASON}
    assert desk.post(at("give_answer", made.consultation.pk), data).status_code == 302
    assert Answered.objects.get().item_id == one.pk
    refused = desk.post(at("publish_note", made.consultation.pk))
    assert refused.status_code == 422 and "1 point has no answer yet" in refused.content.decode()
    answered(made, [two], kind="not", reason=OTHER)
    assert "can be published" in str([w.text for w in waiting_for(made.adviser)])
    assert "cannot be taken back" in page(desk, "publish_note", made.consultation.pk)
    assert desk.post(at("publish_note", made.consultation.pk)).status_code == 302
    assert Notice.objects.filter(person=made.resident, milestone="answer.taken_over").exists()
    assert desk.get(at("publish_note", made.consultation.pk)).status_code == 302


def test_one_point_by_itself(desk, made):
    row = statement(made)
    data = {"offered": [row.pk], "items": [row.pk], "kind": "partly", "reason": REASON}
    assert row.text in page(desk, "answer_one", row.pk)
    assert desk.post(at("answer_one", row.pk), data).status_code == 302
    answer = Answer.objects.get()
    assert desk.get(at("answer_one", row.pk)).url == at("answer", answer.pk)
    for other in (made.consultation.pk, amendment(made, in_round=None).pk, reaction(made, state="draft").pk):
        assert desk.get(at("answer_one", other)).status_code == 404


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(desk, made):
    row = reaction(made)
    data = {"offered": [row.pk], "items": [row.pk], "kind": "", "reason": "Te kort"}
    answer = desk.post(at("give_answer", made.consultation.pk), data)
    seen = answer.content.decode()
    assert answer.status_code == 422 and "Te kort</textarea>" in seen and "data-draft" in seen
    assert 'href="#id_reason"' in seen and "id_kind" in seen
    data |= {"kind": "not", "reason": "Bel 06-12345678 voor meer uitleg over dit punt."}
    answer = desk.post(at("give_answer", made.consultation.pk), data)
    assert answer.status_code == 422 and "06-12345678" in answer.content.decode()
    assert not Answer.objects.exists()


def test_somebody_else_answered_meanwhile(desk, made):
    row, other = reaction(made), view_point(made)
    answered(made, [row])
    data = {"offered": [row.pk, other.pk], "items": [row.pk, other.pk], "kind": "not", "reason": OTHER}
    answer = desk.post(at("give_answer", made.consultation.pk), data)
    assert answer.status_code == 422 and "got an answer meanwhile" in answer.content.decode()
    assert Answered.objects.count() == 1


def test_a_change_that_somebody_else_overtook_shows_both(desk, made):
    row, other = reaction(made), view_point(made)
    old = answered(made, [row, other])
    form = page(desk, "change_answer", old.pk)
    assert REASON in form and 'name="version" value="1"' in form
    change_answer(actor=make_adviser(), answer=old, version=1, kind="partly", reason=OTHER)
    data = {
        "version": 1,
        "offered": [row.pk, other.pk],
        "items": [row.pk],
        "kind": "not",
        "reason": f"{REASON} Maar later.",
    }
    refused = desk.post(at("change_answer", old.pk), data)
    seen = refused.content.decode()
    assert refused.status_code == 422 and OTHER in seen
    assert "Maar later." in seen
    newest = Answered.objects.get(item=row, ended_at__isnull=True).answer
    action = re.search(r'<form class="app-form[^>]*action="([^"]*)"', seen)
    assert action and action[1] == at("change_answer", newest.pk)
    version = re.search(r'name="version" value="(\d+)"', seen)
    assert desk.post(action[1], data | {"version": version[1]}).status_code == 302
    assert Answered.objects.get(item=row, ended_at__isnull=True).answer.kind == "not"
    assert Answered.objects.get(item=other, ended_at__isnull=True).answer == newest
    assert desk.get(at("change_answer", old.pk)).status_code == 302
    history = page(desk, "answer", Answered.objects.get(item=row, ended_at__isnull=True).answer_id)
    assert OTHER in history and REASON in history


def test_what_was_changed_before_publication_stays_within_the_bureau(client, made):
    row = reaction(made)
    draft = answered(made, [row], kind="not", reason=OTHER)
    first = change_answer(actor=made.adviser, answer=draft, version=1, kind="taken_over", reason=REASON)
    published(made)
    assert client.get(at("answer", draft.pk)).status_code == 404
    assert OTHER not in page(client, "answer", first.pk)
    last = change_answer(
        actor=made.adviser, answer=first, version=2, kind="partly", reason=f"{REASON} Deels."
    )
    assert REASON in page(client, "answer", first.pk)
    seen = page(client, "answer", last.pk)
    assert "What was answered before" in seen and OTHER not in seen


def test_taking_a_point_out(desk, made):
    row, other = reaction(made), view_point(made)
    answer = answered(made, [row, other])
    assert desk.get(at("take_back_answer", answer.pk)).status_code == 405
    assert desk.post(at("take_back_answer", answer.pk), {"item": row.pk}).url == at("answer", answer.pk)
    assert desk.post(at("take_back_answer", answer.pk), {"item": other.pk}).url == at(
        "unanswered", made.consultation.pk
    )
    assert len(open_points([made.consultation.pk])) == 2


@pytest.mark.parametrize("role", ["visitor", "official", "mayor", "secretary", "resident"])
def test_only_the_bureau_works_on_the_note(client, made, role):
    row = reaction(made)
    answer = answered(made, [row])
    if role != "visitor":
        log_in(client, getattr(made, role))
    for name in ("unanswered", "alike", "give_answer", "publish_note", "version_from_note"):
        assert client.get(at(name, made.consultation.pk)).status_code in (302, 403), name
    for name in ("change_answer", "add_to_answer"):
        assert client.get(at(name, answer.pk)).status_code in (302, 403), name
    assert client.post(at("publish_note", made.consultation.pk)).status_code in (302, 403)
    made.consultation.refresh_from_db()
    assert made.consultation.answer_published_at is None


# --- alike -----------------------------------------------------------------------------------------------------
def test_points_that_say_the_same_are_suggested_and_accepted_by_a_person(desk, made):
    same = [
        reaction(made, f"De inleiding is te lang en moet korter worden, zegt {who}.", author=make_person())
        for who in ("een inwoner", "een raadslid", "een ambtenaar")
    ]
    reaction(made, "Er staat niets over water en dijken in de nota.")
    (found,) = [alike for alike in suggestions(made.consultation) if alike.answer is None]
    assert set(found.items) == {row.pk for row in same}
    assert Answered.objects.count() == 0
    seen = page(desk, "alike", made.consultation.pk)
    assert "Answer these 3 points" in seen
    answer = answered(made, same[:2])
    (joining,) = [alike for alike in suggestions(made.consultation) if alike.answer is not None]
    assert (joining.answer, joining.items) == (answer, (same[2].pk,))
    assert "Give these points the same answer" in page(desk, "alike", made.consultation.pk)
    form = page(desk, "add_to_answer", answer.pk, item=same[2].pk)
    assert REASON in form
    data = {"offered": [same[2].pk], "items": [same[2].pk]}
    assert desk.post(at("add_to_answer", answer.pk), data).status_code == 302
    assert Answered.objects.filter(answer=answer, ended_at__isnull=True).count() == 3


# --- the new version -------------------------------------------------------------------------------------------
def fields_of(form) -> dict:
    return {name: form[name].value() or "" for name in form.fields}


def test_the_new_version_names_what_each_change_follows_from(desk, made):
    point = view_point(made)
    change = amendment(made)
    refused = reaction(made, paragraph=made.paragraphs[3])
    whole = report_point(made)
    answered(made, [point, change, whole])
    answered(made, [refused], kind="not", reason=OTHER)
    form = desk.get(at("version_from_note", made.consultation.pk)).context["form"]
    data = fields_of(form)
    assert set(data) == {
        "based_on",
        "note",
        *(f"{n}_{a}" for n in ("text", "after", "points") for a in (2, 3)),
    }
    assert data["text_3"] == change.text and data["points_3"] == [change.pk]
    new = "Gemeenten, groot en klein, werken samen aan de opgaven van deze tijd."
    data |= {"text_2": new, "after_2": "Een nieuwe alinea.\r\n\r\nEn nog een.", "note": "Na de consultatie."}
    data["points_2"] = [point.pk, whole.pk]
    answer = desk.post(at("version_from_note", made.consultation.pk), data)
    assert answer.status_code == 302, re.findall("error[^<]*", answer.content.decode())
    version = Version.objects.get(document=made.document, number=2)
    texts = list(Block.objects.filter(version=version).order_by("position").values_list("text", flat=True))
    assert texts[1:5] == [new, "Een nieuwe alinea.", "En nog een.", change.text]
    bases = set(Basis.objects.filter(version=version).values_list("paragraph__address", "item_id"))
    assert bases == {
        (2, point.pk),
        (2, whole.pk),
        (3, change.pk),
        (5, point.pk),
        (5, whole.pk),
        (6, point.pk),
        (6, whole.pk),
    }
    assert Link.objects.filter(downstream=made.document, upstream__in=[point, change, whole]).count() == 3
    assert desk.post(at("version_from_note", made.consultation.pk), data).status_code == 302
    assert Version.objects.filter(document=made.document).count() == 2  # a double click
    again = desk.get(at("version_from_note", made.consultation.pk))
    assert "Already in version 2" in again.content.decode()
    assert again.context["form"]["points_2"].value() == []
    published(made)
    assert "Version 2 of the text follows from it" in page(desk, "answers", made.consultation.pk)


def test_a_change_without_a_point_behind_it_is_refused(desk, made):
    answered(made, [view_point(made)])
    url = at("version_from_note", made.consultation.pk)
    data = fields_of(desk.get(url).context["form"])
    same = desk.post(url, data)
    assert same.status_code == 422 and "No paragraph changed" in same.content.decode()
    refused = desk.post(url, data | {"text_2": "Iets anders.", "points_2": []})
    assert refused.status_code == 422 and "Iets anders." in refused.content.decode()
    assert "Choose at least one point" in refused.content.decode()
    assert Version.objects.count() == 1


def test_a_version_that_came_in_between_is_not_overwritten(desk, made):
    answered(made, [view_point(made), amendment(made)])
    url = at("version_from_note", made.consultation.pk)
    data = fields_of(desk.get(url).context["form"])
    data["text_3"] = made.consultation.version.blocks.get(position=2).text  # not touched
    later = Version.objects.create(document=made.document, number=2, person=made.adviser)
    for block in made.consultation.version.blocks.all():
        text = "Elk jaar is er een nieuwe agenda." if block.position == 2 else block.text
        Block.objects.create(
            version=later, paragraph=block.paragraph, position=block.position, kind=block.kind,
            level=block.level, label=block.label, text=text,
        )  # fmt: skip
    refused = desk.post(url, data | {"text_2": "Gemeenten werken samen."})
    assert refused.status_code == 422 and "newer version" in refused.content.decode()
    assert Version.objects.count() == 2
    form = refused.context["form"]
    again = fields_of(form)
    assert (
        again["text_2"] == "Gemeenten werken samen."
        and again["text_3"] == "Elk jaar is er een nieuwe agenda."
    )
    assert desk.post(url, again).status_code == 302
    texts = Version.objects.get(number=3).blocks.values_list("text", flat=True)
    assert {"Gemeenten werken samen.", "Elk jaar is er een nieuwe agenda."} <= set(texts)


def test_amendments_that_exclude_each_other_are_told_and_not_resolved(desk, made):
    one = amendment(made, "De vereniging maakt daarvoor elk kwartaal een agenda.")
    two = amendment(made, "De vereniging maakt daarvoor elke maand een agenda.")
    answered(made, [one, two])
    answer = desk.get(at("version_from_note", made.consultation.pk))
    assert "exclude each other" in answer.content.decode()
    assert answer.context["form"]["text_3"].value() == "De vereniging maakt daarvoor elk jaar een agenda."


def test_a_paragraph_to_change_besides(desk, made):
    whole = report_point(made)
    answered(made, [whole])
    url = at("version_from_note", made.consultation.pk)
    assert "Choose below" in desk.get(url).content.decode()
    form = desk.get(url, {"also": 4}).context["form"]
    data = {**fields_of(form), "also": [4], "text_4": "Leden kiezen samen.", "points_4": [whole.pk]}
    assert desk.post(url, data).status_code == 302
    assert Basis.objects.get().item_id == whole.pk


# --- elsewhere -------------------------------------------------------------------------------------------------
def test_what_waits_for_the_owner(made):
    reaction(made)
    found = [w for w in waiting_for(made.adviser) if w.url == at("unanswered", made.consultation.pk)]
    assert [w.count for w in found] == [1]
    assert not [w for w in waiting_for(make_adviser()) if "beantwoording" in w.url]
    assert not [w for w in waiting_for(made.mayor) if "beantwoording" in w.url]


def test_the_answer_stands_on_the_page_of_what_was_put_in(rf, made):
    row = reaction(made)
    answered(made, [row])
    request = rf.get("/")
    for person, sees in ((made.resident, False), (made.adviser, True)):
        request.user = person
        assert (REASON in panels.panels(request, Item.objects.get(pk=row.pk))) is sees
    published(made)
    request.user = make_person()
    assert REASON in panels.panels(request, Item.objects.get(pk=row.pk))
