from django.apps import AppConfig


class DecideConfig(AppConfig):
    name = "omkering.decide"
    label = "decide"
