from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecideConfig(AppConfig):
    name = "omkering.decide"
    label = "decide"

    def ready(self) -> None:
        from omkering.decide import milestones, rules  # noqa: F401 - the rules register the permissions
        from omkering.decide.waiting import votes_to_cast, votes_to_tend
        from omkering.thread import waiting
        from omkering.ui import navigation

        milestones.register()
        waiting.register(votes_to_cast)
        waiting.register(votes_to_tend)
        navigation.register(_("Decide"), "decide:votes", order=50)
