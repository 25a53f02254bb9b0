"""Addresses to look after people, their roles and mandates."""

from django.urls import path

from omkering.web.views import people

urlpatterns = [
    path("", people.listing, name="people"),
    path("nieuw/", people.add, name="add_person"),
    path("rechten/", people.rights, name="rights"),
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/rol/", people.appoint, name="appoint"),
    path("<int:pk>/sluiten/", people.close, name="close_account"),
    path("rol/<int:pk>/einde/", people.end_appointment, name="end_appointment"),
]
