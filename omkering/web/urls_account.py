"""Addresses of one's own account."""

from django.urls import path

from omkering.web.views import account, people

urlpatterns = [
    path("account/", account.overview, name="account"),
    path("account/gegevens/", account.export, name="export_me"),
    path("mandaat/", people.mandates, name="mandates"),
    path("mandaat/<str:code>/", people.mandate, name="mandate"),
]
