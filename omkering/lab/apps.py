from django.apps import AppConfig


class LabConfig(AppConfig):
    name = "omkering.lab"
    label = "lab"
