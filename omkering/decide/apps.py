from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecideConfig(AppConfig):
    name = "omkering.decide"
    label = "decide"

    def ready(self) -> None:
        from omkering.decide import (  # noqa: F401 - these register permissions, and what is kept of people
            milestones,
            personal_data,
            rules,
        )
        from omkering.decide.waiting import votes_to_cast, votes_to_tend
        from omkering.thread import waiting
        from omkering.ui import navigation, next_steps

        milestones.register()
        waiting.register(votes_to_cast)
        waiting.register(votes_to_tend)
        next_steps.register(
            "bundle",
            _("Make a proposal"),
            "decide:propose",
            permission="decide.make_proposal",
            states={"in_review", "taken_up"},
        )
        next_steps.register(
            "amendment",
            _("Plan a vote"),
            "decide:plan",
            permission="decide.plan_vote",
            states={"submitted", "held"},
        )
        navigation.register(_("Decide"), "decide:votes", order=50)
