from django.apps import AppConfig


class WhoConfig(AppConfig):
    name = "omkering.who"
    label = "who"

    def ready(self) -> None:
        from omkering.who import rules  # noqa: F401 - registers the permissions
