from django.apps import AppConfig


class ThreadConfig(AppConfig):
    name = "omkering.thread"
    label = "thread"

    def ready(self) -> None:
        # Registers the lookup `among`, and what is kept of a person.
        from omkering.thread import lookups, personal_data  # noqa: F401
