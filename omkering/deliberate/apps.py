from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliberateConfig(AppConfig):
    name = "omkering.deliberate"
    label = "deliberate"

    def ready(self) -> None:
        from omkering.deliberate import (  # noqa: F401 - these register permissions, and what is kept of people
            milestones,
            panels_answers,
            panels_consultations,
            panels_positions,
            personal_data,
            quick,
            rules,
            voices,
            waiting_amendments,
            waiting_answers,
            waiting_consultations,
            waiting_positions,
            waiting_statements,
        )
        from omkering.deliberate.queries.amendment_studies import turns_of
        from omkering.thread import turns
        from omkering.ui import navigation, next_steps

        milestones.register()
        quick.register()
        turns.register("document", turns_of)
        next_steps.register(
            "proposal",
            _("Make it a position"),
            "deliberate:position_from",
            permission="deliberate.keep_position",
            states={"adopted"},
        )
        navigation.register(_("Deliberate"), "deliberate:room", order=45)
