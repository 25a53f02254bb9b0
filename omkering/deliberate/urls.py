"""Addresses of this room, under `beraadslagen/`."""

from django.urls import path

from omkering.deliberate import (
    urls_amendments,
    urls_answers,
    urls_consultations,
    urls_documents,
    urls_positions,
    urls_statements,
)
from omkering.deliberate.views import overview

app_name = "deliberate"
urlpatterns = [
    path("", overview.room, name="room"),
    *urls_documents.urlpatterns,
    *urls_consultations.urlpatterns,
    *urls_statements.urlpatterns,
    *urls_amendments.urlpatterns,
    *urls_positions.urlpatterns,
    *urls_answers.urlpatterns,
]
