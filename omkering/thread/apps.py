from django.apps import AppConfig


class ThreadConfig(AppConfig):
    name = "omkering.thread"
    label = "thread"
