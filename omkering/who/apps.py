from django.apps import AppConfig


class WhoConfig(AppConfig):
    name = "omkering.who"
    label = "who"

    def ready(self) -> None:
        from omkering.who import rules  # noqa: F401 - registers the permissions
        from omkering.who.commands import leaving  # noqa: F401 - registers how long accounts are kept
