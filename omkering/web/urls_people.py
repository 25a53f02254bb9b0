"""Addresses to look after people, their roles and mandates."""

from django.urls import path

from omkering.web.views import leaving, people

urlpatterns = [
    path("", people.listing, name="people"),
    path("nieuw/", people.add, name="add_person"),
    path("rechten/", people.rights, name="rights"),
    path("<int:pk>/", people.person, name="person"),
    path("<int:pk>/rol/", people.appoint, name="appoint"),
    path("<int:pk>/sluiten/", people.close, name="close_account"),
    path("<int:pk>/gegevens/", leaving.export, name="export_person"),
    path("<int:pk>/wissen/", leaving.erase, name="erase_person"),
    path("rol/<int:pk>/einde/", people.end_appointment, name="end_appointment"),
]
