from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListenConfig(AppConfig):
    name = "omkering.listen"
    label = "listen"

    def ready(self) -> None:
        from omkering.listen import (  # noqa: F401 - these register permissions, and what is kept of people
            milestones,
            milestones_bundles,
            personal_data,
            rules,
            rules_bundles,
            voices,
            waiting,
        )
        from omkering.ui import navigation

        milestones.register()
        milestones_bundles.register()
        navigation.register(_("Signals"), "listen:room", order=10)
