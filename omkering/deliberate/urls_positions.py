"""Addresses of positions, the lobby register, alignment and one voice."""

from django.urls import URLPattern, path

from omkering.deliberate.views import (
    alignments,
    contact_changes,
    contacts,
    position_changes,
    positions,
    voice,
)

urlpatterns: list[URLPattern] = [
    path("standpunten/", positions.positions, name="positions"),
    path("standpunten/standpunten.<slug:kind>", positions.export, name="export_positions"),
    path("standpunten/nieuw/", position_changes.add, name="add_position"),
    path("standpunten/nieuw/<int:pk>/", position_changes.add_from, name="position_from"),
    path("standpunten/<int:pk>/", positions.position, name="position"),
    path("standpunten/<int:pk>/wijzigen/", position_changes.edit, name="edit_position"),
    path("standpunten/<int:pk>/geldt/", position_changes.take, name="take_position"),
    path("standpunten/<int:pk>/beeindigen/", position_changes.end, name="end_position"),
    path("standpunten/<int:pk>/houding/<slug:party>/", position_changes.stance, name="stance"),
    path("lobby/", contacts.contacts, name="contacts"),
    path("lobby/lobby.<slug:kind>", contacts.export, name="export_contacts"),
    path("lobby/nieuw/", contact_changes.record, name="record_contact"),
    path("lobby/<int:pk>/", contacts.contact, name="contact"),
    path("lobby/<int:pk>/wijzigen/", contact_changes.edit, name="edit_contact"),
    path("lobby/<int:pk>/uitkomst/", contact_changes.hold, name="hold_contact"),
    path("lobby/<int:pk>/vervalt/", contact_changes.cancel, name="cancel_contact"),
    path("afstemming/<int:pk>/", alignments.alignment, name="alignment"),
    path("afstemming/<int:pk>/gesprek/", alignments.talk, name="log_talk"),
    path("afstemming/<int:pk>/afronden/", alignments.end, name="end_alignment"),
    path("verschillen/", alignments.differences, name="differences"),
    path("een-stem/", voice.voice, name="voice"),
    path("een-stem/een-stem.<slug:kind>", voice.export, name="export_voice"),
]
