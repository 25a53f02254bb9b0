"""Addresses of members and networks."""

from django.urls import path

from omkering.web.views import boundaries, members, register

urlpatterns = [
    path("", members.listing, name="members"),
    path("netwerken/", members.networks, name="networks"),
    path("netwerken/<slug:key>/", members.network, name="network"),
    path("invoeren/", register.import_members, name="import_members"),
    path("uitvoeren/", register.export_members, name="export_members"),
    path("grenzen/", boundaries.load, name="boundaries"),
    path("<str:code>/", members.member, name="member"),
]
