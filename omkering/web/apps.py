from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "omkering.web"
    label = "web"

    def ready(self) -> None:
        from omkering.ui import navigation
        from omkering.web import login_log, personal_data  # noqa: F401 - registers what is kept of a person

        login_log.connect()
        navigation.register(_("My overview"), "web:home", order=0, gate="person")
        navigation.register(_("Members"), "web:members", order=90)
