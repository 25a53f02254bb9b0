"""Addresses of conditions and outside parties."""

from django.urls import URLPattern, path

from omkering.agenda.views import conditions, monitor, organisations

urlpatterns: list[URLPattern] = [
    path("voorwaarden/", monitor.conditions, name="conditions"),
    path("voorwaarden/voorwaarden.<slug:kind>", monitor.export, name="export_conditions"),
    path("voorwaarden/cijfers.<slug:kind>", monitor.export_figures, name="export_figures"),
    path("dossier/<int:pk>/voorwaarde/", conditions.add, name="add_condition"),
    path("voorwaarde/<int:pk>/", conditions.condition, name="condition"),
    path("voorwaarde/<int:pk>/wijzigen/", conditions.edit, name="edit_condition"),
    path("voorwaarde/<int:pk>/gevraagd/", conditions.ask, name="ask_condition"),
    path("voorwaarde/<int:pk>/antwoord/", conditions.answer, name="answer_condition"),
    path("voorwaarde/<int:pk>/nagekomen/", conditions.fulfil, name="fulfil_condition"),
    path("voorwaarde/<int:pk>/intrekken/", conditions.withdraw, name="withdraw_condition"),
    path("partijen/", organisations.organisations, name="organisations"),
    path("partij-toevoegen/", organisations.add, name="add_organisation"),
    path("partijen/<slug:key>/", organisations.organisation, name="organisation"),
    path("partijen/<slug:key>/wijzigen/", organisations.change, name="change_organisation"),
    path("partijen/<slug:key>/vervallen/", organisations.retire, name="retire_organisation"),
    path("partijen/<slug:key>/functie/", organisations.add_contact, name="add_contact_role"),
    path(
        "partijen/<slug:key>/functie/<slug:contact>/",
        organisations.change_contact,
        name="change_contact_role",
    ),
]
