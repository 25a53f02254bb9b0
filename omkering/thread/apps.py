from django.apps import AppConfig


class ThreadConfig(AppConfig):
    name = "omkering.thread"
    label = "thread"

    def ready(self) -> None:
        from omkering.thread import personal_data  # noqa: F401 - registers what is kept of a person
