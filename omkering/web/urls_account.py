"""Addresses of one's own account."""

from django.urls import path

from omkering.web.views import account

urlpatterns = [
    path("account/", account.overview, name="account"),
    path("account/gegevens/", account.export, name="export_me"),
]
