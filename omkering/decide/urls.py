"""Addresses of this room, under `besluiten/`."""

from django.urls import path

from omkering.decide import urls_bodies, urls_live, urls_meetings, urls_minutes, urls_motions, urls_votes
from omkering.decide.views import room

app_name = "decide"
urlpatterns = [
    path("", room.room, name="room"),
    *urls_votes.urlpatterns,
    *urls_bodies.urlpatterns,
    *urls_meetings.urlpatterns,
    *urls_motions.urlpatterns,
    *urls_live.urlpatterns,
    *urls_minutes.urlpatterns,
]
