from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    name = "omkering.agenda"
    label = "agenda"

    def ready(self) -> None:
        from omkering.agenda import (  # noqa: F401 - these register permissions, and what is kept of people
            milestones,
            panels,
            personal_data,
            rules,
            waiting_conditions,
            waiting_dossiers,
            waiting_rounds,
        )
        from omkering.ui import navigation, next_steps

        milestones.register()
        live = {"bundle": {"in_review", "taken_up"}, "dossier": {"open"}, "challenge": {"active"}}
        open_dossier = _("Open a dossier"), "agenda:open_dossier"
        next_steps.register("bundle", *open_dossier, permission="agenda.open_dossier", states=live["bundle"])
        for kind in ("bundle", "dossier"):
            next_steps.register(
                kind,
                _("Put under a challenge"),
                "agenda:place",
                permission="agenda.place_item",
                states=live[kind],
            )
        for kind, states in live.items():
            next_steps.register(
                kind,
                _("Make it a candidate in a round"),
                "agenda:nominate",
                permission="agenda.plan_round",
                states=states,
            )
        navigation.register(_("Agenda"), "agenda:room", order=40)
