from django.apps import AppConfig


class WhoConfig(AppConfig):
    name = "omkering.who"
    label = "who"
