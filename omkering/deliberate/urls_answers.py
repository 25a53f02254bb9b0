"""Addresses of the note of answer."""

from django.urls import path

from omkering.deliberate.views import answer_changes, answers

_NOTE = "consultaties/<int:pk>/beantwoording"
urlpatterns = [
    path(f"{_NOTE}/", answers.note, name="answers"),
    path(f"{_NOTE}/afdrukken/", answers.print_view, name="print_answers"),
    path(f"{_NOTE}/nota.pdf", answers.pdf, name="answers_pdf"),
    path(f"{_NOTE}/nota.docx", answers.docx, name="answers_docx"),
    path(f"{_NOTE}/nota.<slug:kind>", answers.export, name="export_answers"),
    path(f"{_NOTE}/open/", answer_changes.unanswered, name="unanswered"),
    path(f"{_NOTE}/gelijkend/", answer_changes.suggested, name="alike"),
    path(f"{_NOTE}/antwoord/", answer_changes.give, name="give_answer"),
    path(f"{_NOTE}/publiceren/", answer_changes.publish, name="publish_note"),
    path(f"{_NOTE}/nieuwe-versie/", answer_changes.make_version, name="version_from_note"),
    path("consultaties/punt/<int:pk>/antwoord/", answer_changes.give_one, name="answer_one"),
    path("antwoorden/<int:pk>/", answers.answer, name="answer"),
    path("antwoorden/<int:pk>/wijzigen/", answer_changes.change, name="change_answer"),
    path("antwoorden/<int:pk>/erbij/", answer_changes.add, name="add_to_answer"),
    path("antwoorden/<int:pk>/eruit/", answer_changes.take_back, name="take_back_answer"),
]
