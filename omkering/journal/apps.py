from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "omkering.journal"
    label = "journal"
