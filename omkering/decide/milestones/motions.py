"""Motions and undertakings in words: their kinds, their states, the news they give, and what votes do to a motion."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from omkering.decide.commands.motion_outcomes import AFTER_VOTE, voted_on
from omkering.decide.models import MotionState, UndertakingState
from omkering.thread import kinds, milestones

# What is heard of a motion: (by those upstream of it, by who filed, signed or follows it).
UPSTREAM = {
    "motion.filed": (
        _("“%(because)s” led to a motion of %(who)s: “%(title)s”."),
        _("%(who)s filed the motion “%(title)s”."),
    ),
    "motion.withdrawn": (
        _("The motion “%(title)s”, which came from “%(because)s”, was withdrawn."),
        _("The motion “%(title)s” was withdrawn."),
    ),
    "motion.not_admitted": (
        _(
            "The motion “%(title)s”, which came from “%(because)s”, came late and was not admitted. %(reason)s"
        ),
        _("The motion “%(title)s” came late and was not admitted. %(reason)s"),
    ),
    "motion.merged": (
        _("The motion “%(title)s”, which came from “%(because)s”, went up in a common motion: “%(into)s”."),
        _(
            "The motion “%(title)s” went up in a common motion: “%(into)s”. All who signed it stand under that one."
        ),
    ),
    "motion.split": (
        _("The motion “%(title)s”, which came from “%(because)s”, was split in %(parts)s parts."),
        _("The motion “%(title)s” was split in %(parts)s parts. Each is decided on by itself."),
    ),
    "motion.held": (
        _("The motion “%(title)s”, which came from “%(because)s”, was held over. %(reason)s"),
        _("The motion “%(title)s” was held over. %(reason)s"),
    ),
    "motion.taken_over": (
        _("%(body)s takes over the motion “%(title)s”, which came from “%(because)s”. %(reason)s"),
        _("%(body)s takes over the motion “%(title)s”. %(reason)s"),
    ),
    "advice.given": (
        _("%(body)s advises on “%(title)s”, which came from “%(because)s”: %(kind)s. %(reason)s"),
        _("%(body)s advises on “%(title)s”: %(kind)s. %(reason)s"),
    ),
    "followed.planned": (
        _(
            "%(body)s carries out “%(title)s”, which came from “%(because)s”, and gives an account by %(due)s."
        ),
        _("%(body)s carries out “%(title)s”, and gives an account by %(due)s."),
    ),
    "followed.planned_openly": (
        _("%(body)s carries out “%(title)s”, which came from “%(because)s”."),
        _("%(body)s carries out “%(title)s”."),
    ),
    "followed.reported": (
        _("There is a report of what was done for “%(title)s”, which came from “%(because)s”."),
        _("There is a report of what was done for “%(title)s”."),
    ),
    "followed.settling_proposed": (
        _("It is proposed to settle “%(title)s”, which came from “%(because)s”, with an account."),
        _("It is proposed to settle “%(title)s”. Read the account of what was done."),
    ),
    "followed.settled": (
        _("“%(title)s”, which came from “%(because)s”, was settled in “%(meeting)s”."),
        _("“%(title)s” was settled in “%(meeting)s”."),
    ),
    "followed.not_settled": (
        _("“%(title)s”, which came from “%(because)s”, was not settled in “%(meeting)s”. It must go on."),
        _("“%(title)s” was not settled in “%(meeting)s”. It must go on."),
    ),
    "undertaking.made": (
        _("“%(because)s” led to an undertaking in “%(meeting)s”: “%(title)s”."),
        _("In “%(meeting)s” this was promised: “%(title)s”."),
    ),
    "undertaking.withdrawn": (
        _("The undertaking “%(title)s”, which came from “%(because)s”, was recorded by mistake."),
        _("The undertaking “%(title)s” was recorded by mistake."),
    ),
}
# What only those hear who filed, signed or follow it.
OWN = {
    "motion.signed": _("%(who)s signed the motion “%(title)s”."),
    "motion.signature_withdrawn": _("%(who)s withdrew its signature under the motion “%(title)s”."),
    "motion.changed": _(
        "The motion “%(title)s” was changed: this is text %(number)s. If you no longer stand behind it, you can "
        "withdraw your signature."
    ),
    "motion.brought": _("The motion “%(title)s” was brought to “%(meeting)s”."),
    "motion.admitted": _("The motion “%(title)s” came late and was admitted as urgent. %(reason)s"),
    "motion.talks": _("There are talks about going together: your motion “%(title)s” and “%(other)s”."),
    "motion.talk_said": _("There is a new message in the talks about “%(title)s” and “%(other)s”."),
    "motion.talks_ended": _(
        "The talks about “%(title)s” and “%(other)s” ended. Both motions stay as they are."
    ),
    "motion.merger_proposed": _(
        "One motion was proposed in the place of “%(title)s” and “%(other)s”. The other side can agree to it."
    ),
    "followed.settling_agreed": _("Who put in “%(title)s” agrees that it is settled."),
    "followed.settling_objected": _("Who put in “%(title)s” objects to settling it. Read why."),
}


def register() -> None:
    """Make the kinds and milestones of this part known, and what a vote does to the motion it is on."""
    kinds.register(
        "motion",
        label=_("Motion"),
        plural=_("Motions"),
        url_name="decide:motion",
        state_labels=dict(MotionState.choices),
    )
    kinds.register(
        "undertaking",
        label=_("Undertaking"),
        plural=_("Undertakings"),
        url_name="decide:undertaking",
        state_labels=dict(UndertakingState.choices),
    )
    for key, (text, own) in UPSTREAM.items():
        milestones.register(key, text=text, text_own=own)
    for key, text in OWN.items():
        milestones.register(key, text=text)
    for what in AFTER_VOTE:
        milestones.on(f"vote.{what}", "motion")(partial(voted_on, what=what))
