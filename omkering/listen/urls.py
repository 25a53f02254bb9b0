"""Addresses of the room: reporting, the page of a signal, and what `urls_bundles` adds."""

from django.urls import path

from omkering.listen import urls_bundles
from omkering.listen.views import report, signals

app_name = "listen"
urlpatterns = [
    path("", signals.room, name="room"),
    path("melden/", report.report, name="report"),
    path("melden/lijkt-op/", report.similar, name="similar"),
    path("melden/leesbaarheid/", report.readability, name="readability"),
    path("melden/<int:pk>/<int:step>/", report.report_step, name="report_step"),
    path("melden/<int:pk>/weggooien/", report.discard_draft, name="discard_draft"),
    path("<int:pk>/", signals.signal, name="signal"),
    path("<int:pk>/wij-ook/", signals.recognise, name="recognise"),
    path("<int:pk>/wij-ook/intrekken/", signals.withdraw_recognition, name="withdraw_recognition"),
    path("<int:pk>/verbeteren/", signals.correct, name="correct"),
    path("<int:pk>/behandelen/", signals.take_into_review, name="take_into_review"),
    path("<int:pk>/antwoord/", signals.answer, name="answer"),
    path("antwoord/leesbaarheid/", signals.answer_readability, name="answer_readability"),
    path("<int:pk>/bezwaar/", signals.make_objection, name="object"),
    path("<int:pk>/bezwaar/antwoord/", signals.answer_objection, name="answer_objection"),
    path("bewijs/<int:pk>/", signals.evidence, name="evidence"),
    *urls_bundles.urlpatterns,
]
