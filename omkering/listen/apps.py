from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "omkering.listen"
    label = "listen"
