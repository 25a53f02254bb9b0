from django.apps import AppConfig


class UIConfig(AppConfig):
    name = "omkering.ui"
    label = "ui"
