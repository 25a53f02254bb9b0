from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "omkering.web"
    label = "web"

    def ready(self) -> None:
        from omkering.thread import waiting
        from omkering.ui import navigation
        from omkering.web import login_log, personal_data, rights  # noqa: F401 - what is kept of a person

        login_log.connect()
        waiting.register(of_bureau=True)(rights.look)
        navigation.register(_("My overview"), "web:home", order=0, gate="person")
        navigation.register(_("Members"), "web:members", order=90)
