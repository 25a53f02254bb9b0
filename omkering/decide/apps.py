from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecideConfig(AppConfig):
    name = "omkering.decide"
    label = "decide"

    def ready(self) -> None:
        from omkering.decide import (  # noqa: F401 - these register permissions, and what is kept of people
            milestones,
            panels_live,
            panels_meetings,
            panels_motions,
            personal_data,
            quick,
            rules,
            rules_bodies,
            rules_live,
            rules_meetings,
            rules_minutes,
            rules_motions,
            stream,
            waiting_bodies,
            waiting_meetings,
            waiting_minutes,
            waiting_motions,
            waiting_votes,
        )
        from omkering.decide.models import MotionState
        from omkering.decide.motion_steps import UNDECIDED
        from omkering.ui import navigation, next_steps

        milestones.register()
        quick.register()
        stream.register()
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
        for kind, states in (
            ("bundle", {"in_review", "taken_up"}),
            ("dossier", {"open"}),
            ("position", {"active"}),
            ("challenge", {"active"}),
        ):
            next_steps.register(
                kind, _("Make a motion of this"), "decide:motion_from",
                permission="decide.make_motion_of", states=states,
            )  # fmt: skip
        for kind in panels_meetings.KINDS:
            next_steps.register(
                kind, _("Put on the agenda"), "decide:put_on_agenda", permission="decide.put_on_agenda",
                states={*UNDECIDED, MotionState.NOT_ADMITTED} if kind == "motion" else None,
            )  # fmt: skip
        navigation.register(_("Decide"), "decide:room", order=50)
