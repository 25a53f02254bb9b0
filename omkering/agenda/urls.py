"""Addresses of this room, under `agenda/`."""

from django.urls import path

from omkering.agenda import urls_challenges, urls_conditions, urls_dossiers, urls_rounds
from omkering.agenda.views import overview

app_name = "agenda"
urlpatterns = [
    path("", overview.room, name="room"),
    *urls_challenges.urlpatterns,
    *urls_dossiers.urlpatterns,
    *urls_conditions.urlpatterns,
    *urls_rounds.urlpatterns,
]
