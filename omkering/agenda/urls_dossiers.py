"""Addresses of dossiers."""

from django.urls import path

from omkering.agenda.views import dossier_changes, dossier_parts, dossiers

urlpatterns = [
    path("dossiers/", dossiers.board, name="dossiers"),
    path("dossiers/mijn/", dossiers.mine, name="my_dossiers"),
    path("dossiers/overzicht.<slug:kind>", dossiers.export, name="export_dossiers"),
    path("dossier/nieuw/", dossier_changes.new, name="new_dossier"),
    path("dossier/uit/<int:pk>/", dossier_changes.open_from, name="open_dossier"),
    path("dossier/<int:pk>/", dossiers.dossier, name="dossier"),
    path("dossier/<int:pk>/afdrukken/", dossiers.print_view, name="print_dossier"),
    path("dossier/<int:pk>/dossier.pdf", dossiers.pdf, name="dossier_pdf"),
    path("dossier/<int:pk>/wijzigen/", dossier_changes.edit, name="edit_dossier"),
    path("dossier/<int:pk>/stap/", dossier_changes.take_step, name="take_step"),
    path("dossier/<int:pk>/terug/", dossier_changes.go_back, name="go_back"),
    path("dossier/<int:pk>/model/", dossier_changes.change_model, name="change_model"),
    path("dossier/<int:pk>/stoppen/", dossier_changes.stop, name="stop_dossier"),
    path("dossier/<int:pk>/herkomst/", dossier_parts.add_source, name="add_source"),
    path("dossier/<int:pk>/document/", dossier_parts.add_document, name="add_document"),
    path("dossier/<int:pk>/partij/", dossier_parts.add_party, name="add_party"),
    path("dossier/<int:pk>/meedoen/", dossier_parts.take_part, name="take_part"),
    path("dossier/document/<int:pk>/", dossiers.document, name="document"),
    path("dossier/document/<int:pk>/intrekken/", dossier_parts.withdraw_document, name="withdraw_document"),
    path("dossier/partij/<int:pk>/weg/", dossier_parts.end_party, name="end_party"),
    path("dossier/deelname/<int:pk>/", dossier_parts.change_part, name="change_part"),
    path("dossier/deelname/<int:pk>/weg/", dossier_parts.end_part, name="end_part"),
]
