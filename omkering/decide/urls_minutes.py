"""Addresses of this room, under `besluiten/`: minutes."""

from django.urls import URLPattern, path

from omkering.decide.views import minutes, minutes_changes

_MEETING = "vergadering/<int:pk>"
_MINUTES = f"{_MEETING}/verslag"
urlpatterns: list[URLPattern] = [
    path(f"{_MINUTES}/", minutes.minutes, name="minutes"),
    path(f"{_MINUTES}/afdrukken/", minutes.print_view, name="print_minutes"),
    path(f"{_MINUTES}/verslag.<slug:form>", minutes.file, name="minutes_file"),
    path(f"{_MINUTES}/aantekening/", minutes_changes.add, name="add_note"),
    path(f"{_MINUTES}/correctie/", minutes_changes.correct, name="correct_minutes"),
    path(f"{_MINUTES}/voorleggen/", minutes_changes.propose, name="propose_minutes"),
    path(f"{_MINUTES}/vaststellen/", minutes_changes.adopt, name="adopt_minutes"),
    path(f"{_MEETING}/besluitenlijst/", minutes.decision_list, name="decision_list"),
    path(f"{_MEETING}/besluitenlijst/besluiten.<slug:form>", minutes.decisions_file, name="decisions_file"),
    path("verslag/<int:pk>/", minutes.kept, name="kept_minutes"),
    path("verslag/aantekening/<int:pk>/", minutes_changes.change, name="change_note"),
    path("verslag/aantekening/<int:pk>/weg/", minutes_changes.remove, name="remove_note"),
]
