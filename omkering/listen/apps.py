from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "omkering.listen"
    label = "listen"

    def ready(self) -> None:
        from omkering.listen import (  # noqa: F401 - the rules register the permissions
            milestones,
            milestones_bundles,
            rules,
            rules_bundles,
        )

        milestones.register()
        milestones_bundles.register()
