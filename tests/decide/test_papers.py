"""Papers of a meeting, late ones numbered; and conflicts of interest."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from omkering.decide.commands.papers import add_paper, declare_interest, withdraw_interest, withdraw_paper
from omkering.decide.models import Interest, Paper
from omkering.decide.queries.meetings import papers_of
from omkering.thread.models import Notice
from tests.decide.meetings import called, make_body, plan, put, seat
from tests.decide.votes import make_source, members_with_voters
from tests.people import make_adviser, make_member

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


def pdf(name: str = "begroting.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="text/plain")


def test_a_paper_is_a_text_a_file_or_an_item_and_one_of_these():
    make_member()
    adviser, meeting = make_adviser(), plan()
    item = put(meeting, adviser)
    text = add_paper(actor=adviser, meeting=meeting, agenda_item=item, title="Toelichting", text="**Kort**")
    again = add_paper(actor=adviser, meeting=meeting, agenda_item=item, title="Toelichting", text="**Kort**")
    file = add_paper(actor=adviser, meeting=meeting, upload=pdf())
    from_item = add_paper(actor=adviser, meeting=meeting, item=make_source(title="Keuringen"))
    assert again.pk == text.pk and file.title == "begroting" and from_item.title == "Keuringen"
    assert file.file_name == "begroting.pdf" and "begroting" not in file.file.name
    assert [paper.pk for paper in papers_of(meeting)] == [text.pk, file.pk, from_item.pk]
    for wrong in (
        {"title": "Niets"},
        {"title": "Twee", "text": "Tekst", "upload": pdf()},
        {"upload": SimpleUploadedFile("x.pdf", b"geen pdf")},
        {"item": make_source(visibility="bureau")},
    ):
        with pytest.raises(ValidationError):
            add_paper(actor=adviser, meeting=meeting, **wrong)
    with pytest.raises(ValidationError):
        add_paper(actor=adviser, meeting=plan(title="Andere"), agenda_item=item, title="Fout", text="Tekst")


def test_late_papers_are_numbered_told_and_a_number_is_not_given_again():
    _member, voter = members_with_voters(30_000)[0]
    adviser = make_adviser()
    meeting = called(adviser)
    first = add_paper(actor=adviser, meeting=meeting, title="Eerste", text="Tekst")
    second = add_paper(actor=adviser, meeting=meeting, title="Tweede", text="Tekst")
    assert (first.late_number, second.late_number) == (1, 2)
    withdraw_paper(actor=adviser, paper=second)
    withdraw_paper(actor=adviser, paper=second)
    third = add_paper(actor=adviser, meeting=meeting, title="Derde", text="Tekst")
    assert third.late_number == 3 and Paper.objects.count() == 3
    told = Notice.objects.filter(milestone="meeting.paper_late", person=voter).order_by("pk")
    assert [notice.data["number"] for notice in told] == [1, 2, 3]


def test_an_interest_is_declared_once_by_who_takes_part_and_taken_back_by_them():
    member, voter = members_with_voters(30_000)[0]
    adviser, meeting = make_adviser(), plan()
    item = put(meeting, adviser)
    text = "Ik ben bestuurder van een stichting die hier geld van krijgt."
    first = declare_interest(actor=voter, agenda_item=item, text=text, member=member)
    assert declare_interest(actor=voter, agenda_item=item, text=text, member=member).pk == first.pk
    with pytest.raises(PermissionDenied):
        declare_interest(actor=voter, agenda_item=item, text=text, member=make_member())
    with pytest.raises(PermissionDenied):
        withdraw_interest(actor=adviser, interest=first)
    with pytest.raises(ValidationError) as problem:
        declare_interest(actor=voter, agenda_item=item, text=" ")
    assert "text" in problem.value.message_dict
    withdraw_interest(actor=voter, interest=first)
    assert Interest.objects.get().withdrawn_at is not None
    body = make_body("financien", "committee")
    sits = seat(body)
    other = put(plan(adviser, body=body), adviser)
    assert declare_interest(actor=sits, agenda_item=other, text=text).member is None
    with pytest.raises(PermissionDenied):
        declare_interest(actor=voter, agenda_item=other, text=text)
