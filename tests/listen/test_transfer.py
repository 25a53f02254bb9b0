"""Signals as a table: what goes out is safe in a spreadsheet and comes in again; an import shows its plan first."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from omkering.journal.models import Event
from omkering.listen.models import Signal
from omkering.listen.transfer import (
    HEADER,
    MOST_ROWS,
    export_signals,
    import_signals,
    plan_import,
    write_plan,
)
from tests.listen.made import log_in, make_signal
from tests.people import make_adviser, make_member, make_person, make_theme

pytestmark = pytest.mark.django_db
CASE = "Inwoners kunnen hun energierekening niet meer betalen."


def table(*rows: dict[str, str], columns: tuple[str, ...] = ("member", "title", "case")) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def row(member, title="Energierekening te hoog", case=CASE, **more) -> dict[str, str]:
    return {"member": member.code, "title": title, "case": case, **more}


def test_a_plan_adds_what_is_new_and_names_possible_duplicates():
    adviser, member, other = make_adviser(), make_member(), make_member()
    there = make_signal(member, title="Energierekening  TE hoog")
    Signal.objects.filter(pk=there.pk).update(title="Energierekening TE hoog")
    plan = plan_import(table(row(member), row(other), row(member, "Iets heel anders")), actor=adviser)
    assert plan.faults == []
    assert [(line.line, line.like) for line in plan.duplicates] == [(2, there)]
    assert [line.line for line in plan.added] == [3, 4]
    made = write_plan(actor=adviser, plan=plan)
    assert [(signal.owner_member, signal.title) for signal in made] == [
        (other, "Energierekening te hoog"),
        (member, "Iets heel anders"),
    ]
    assert made[0].author is None
    assert made[0].due_at is not None
    assert Event.objects.get(verb="signals.imported").data == {"signals": [signal.pk for signal in made]}


def test_a_duplicate_is_added_when_asked_for():
    adviser, member = make_adviser(), make_member()
    make_signal(member, title="Energierekening te hoog")
    plan = plan_import(table(row(member)), actor=adviser)
    assert len(write_plan(actor=adviser, plan=plan, also=[2])) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"member": "GM9999"}, "GM9999"),
        ({"title": "x"}, "title"),
        ({"case": "Bel mij op 06-12345678 over dit geval."}, "case"),
        ({"theme": "bestaat-niet"}, "bestaat-niet"),
        ({"visibility": "network"}, "network"),
    ],
)
def test_every_fault_has_its_line_and_nothing_is_written(change, words):
    adviser, member = make_adviser(), make_member()
    columns = ("member", "title", "case", "theme", "visibility")
    text = table(row(member, "Een goede regel"), {**row(member), **change}, columns=columns)
    plan = plan_import(text, actor=adviser)
    assert [fault.line for fault in plan.faults] == [3]
    assert words in plan.faults[0].reason
    assert "<mark>" not in plan.faults[0].reason
    with pytest.raises(ValidationError):
        write_plan(actor=adviser, plan=plan)
    assert Signal.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    ["", "member,title\nGM1,a", "member,title,case,geheim\n", "member,title,case\n", "member,title,case\na,b\n",
     'member,title,case\n"a,b', "title,title,member,case\n"],
)  # fmt: skip
def test_a_file_that_is_no_table_of_signals_gives_sentences(text):
    plan = plan_import(text, actor=make_adviser())
    assert plan.faults
    assert all(fault.reason for fault in plan.faults)


def test_lines_are_counted_as_an_editor_does():
    member = make_member()
    text = table(row(member, case=f"{CASE}\nMet een tweede regel."), row(member, "x"))
    plan = plan_import(text, actor=make_adviser())
    assert [fault.line for fault in plan.faults] == [4]


def test_semicolons_and_a_byte_order_mark_are_fine():
    text = "\ufeff" + table(row(make_member())).replace(",", ";")
    assert len(plan_import(text, actor=make_adviser()).added) == 1


def test_an_upload_has_a_bound_and_the_same_signal_twice_is_a_fault():
    member, adviser = make_member(), make_adviser()
    many = table(*(row(member, f"Signaal nummer {n}") for n in range(MOST_ROWS + 1)))
    assert plan_import(many, actor=adviser).faults[0].line == MOST_ROWS + 2
    twice = plan_import(table(row(member), row(member)), actor=adviser)
    assert [fault.line for fault in twice.faults] == [3]


def test_members_import_for_themselves_only():
    own, other = make_member(), make_member()
    person = make_person("official", member=own)
    plan = plan_import(table(row(own), row(other)), actor=person)
    assert [fault.line for fault in plan.faults] == [3]
    (signal,) = write_plan(actor=person, plan=plan_import(table(row(own)), actor=person))
    assert signal.author == person
    with pytest.raises(PermissionDenied):
        write_plan(actor=make_person(), plan=plan)


def test_an_export_is_safe_and_can_be_imported():
    member = make_member(name="'s-Gravenzande")
    theme = make_theme()
    make_signal(
        member, title="=HYPERLINK(1) is gevaarlijk", case=f"{CASE}\n+1", theme=theme, visibility="public"
    )
    file = io.StringIO()
    assert export_signals(file) == 1
    text = file.getvalue()
    (line,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert tuple(line) == HEADER
    assert line["title"] == "'=HYPERLINK(1) is gevaarlijk"
    Signal.objects.all().delete()
    plan = plan_import(text, actor=make_adviser())
    assert plan.faults == []
    assert plan.added[0].title == "=HYPERLINK(1) is gevaarlijk"
    assert (plan.added[0].theme, plan.added[0].visibility) == (theme, "public")


def test_the_command_line_shows_the_plan_and_writes_when_told():
    make_person("administrator")
    text = table(row(make_member()))
    assert "would be added" in list(import_signals(text, file="a.csv", write=False))[-1]
    assert Signal.objects.count() == 0
    assert list(import_signals(text, file="a.csv", write=True))[-1] == "1 signals were written."
    assert Signal.objects.count() == 1
    with pytest.raises(ValidationError, match=r"a\.csv, "):
        list(import_signals("nonsense", file="a.csv", write=True))


def test_the_page_shows_the_plan_then_writes_what_was_shown(client):
    adviser, member = make_adviser(), make_member()
    log_in(client, adviser)
    assert client.get(reverse("listen:import")).status_code == 200
    bad = SimpleUploadedFile("a.csv", b"\xff\xfe")
    assert client.post(reverse("listen:import"), {"file": bad}).status_code == 422
    text = table(row(member))
    page = client.post(reverse("listen:import"), {"file": SimpleUploadedFile("a.csv", text.encode())})
    assert page.status_code == 200
    assert Signal.objects.count() == 0
    confirmed = page.context["confirm"].initial["text"]
    assert client.post(reverse("listen:import"), {"text": confirmed}).status_code == 302
    assert Signal.objects.get().owner_member == member


def test_the_view_of_the_board_can_be_taken_along(client):
    public = make_signal(visibility="public", title="Openbaar signaal")
    make_signal(visibility="bureau", title="Besloten signaal")
    response = client.get(reverse("listen:export", args=["csv"]))
    text = b"".join(response.streaming_content).decode()
    assert str(public.pk) in text
    assert "Besloten" not in text
    empty = client.get(reverse("listen:export", args=["csv"]), {"state": "declined"})
    assert len(b"".join(empty.streaming_content).decode().strip().splitlines()) == 1
    ods = client.get(reverse("listen:export", args=["ods"]))
    assert b"".join(ods.streaming_content)[:2] == b"PK"
    assert client.get(reverse("listen:export", args=["exe"])).status_code == 404
