"""Conditions in words: their kind, their states, and the news they give.

`%(party)s` is the other party within a sentence ("the Ministry of …"), `%(day)s` the day on which it happened.
"""

from django.utils.translation import gettext_lazy as _

from omkering.agenda.models import ConditionState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kind and its milestones known; called once, when the application starts."""
    kinds.register(
        "condition",
        label=_("Condition"),
        plural=_("Conditions"),
        url_name="agenda:condition",
        state_labels=dict(ConditionState.choices),
    )
    milestones.register(
        "condition.asked",
        text=_(
            "“%(because)s” is now condition %(number)s of the dossier “%(dossier)s”: “%(title)s”. It was asked of "
            "%(party)s on %(day)s."
        ),
        text_own=_(
            "Condition %(number)s of the dossier “%(dossier)s”, “%(title)s”, was asked of %(party)s on %(day)s."
        ),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” is now condition %(number)s of the dossier “%(dossier)s”: "
            "“%(title)s”. It was asked of %(party)s on %(day)s."
        ),
    )
    milestones.register(
        f"condition.{ConditionState.AGREED}",
        text=_(
            "“%(because)s” is now condition %(number)s of the dossier “%(dossier)s”, which %(party)s agreed to on "
            "%(day)s: “%(title)s”."
        ),
        text_own=_(
            "Condition %(number)s of the dossier “%(dossier)s”, “%(title)s”, was agreed to by %(party)s on %(day)s."
        ),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” is now condition %(number)s of the dossier “%(dossier)s”, which "
            "%(party)s agreed to on %(day)s: “%(title)s”."
        ),
    )
    milestones.register(
        f"condition.{ConditionState.PARTLY}",
        text=_(
            "“%(because)s” is now condition %(number)s of the dossier “%(dossier)s”, which %(party)s agreed to in "
            "part on %(day)s: “%(title)s”."
        ),
        text_own=_(
            "Condition %(number)s of the dossier “%(dossier)s”, “%(title)s”, was agreed to in part by %(party)s on "
            "%(day)s."
        ),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” is now condition %(number)s of the dossier “%(dossier)s”, which "
            "%(party)s agreed to in part on %(day)s: “%(title)s”."
        ),
    )
    milestones.register(
        f"condition.{ConditionState.REFUSED}",
        text=_(
            "“%(because)s” is now condition %(number)s of the dossier “%(dossier)s”, which %(party)s refused on "
            "%(day)s: “%(title)s”."
        ),
        text_own=_(
            "Condition %(number)s of the dossier “%(dossier)s”, “%(title)s”, was refused by %(party)s on %(day)s."
        ),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” is now condition %(number)s of the dossier “%(dossier)s”, which "
            "%(party)s refused on %(day)s: “%(title)s”."
        ),
    )
    milestones.register(
        "condition.met",
        text=_(
            "Condition %(number)s of the dossier “%(dossier)s”, which came from “%(because)s”, has been met: "
            "“%(title)s”. That was seen on %(day)s."
        ),
        text_own=_(
            "Condition %(number)s of the dossier “%(dossier)s”, “%(title)s”, has been met. That was seen on %(day)s."
        ),
        text_yours=_(
            "Condition %(number)s of the dossier “%(dossier)s”, which came from your %(because_kind)s "
            "“%(because)s”, has been met: “%(title)s”. That was seen on %(day)s."
        ),
    )
    milestones.register(
        "condition.not_met",
        text=_(
            "Condition %(number)s of the dossier “%(dossier)s”, which came from “%(because)s”, was promised by "
            "%(party)s and not met: “%(title)s”. That was seen on %(day)s."
        ),
        text_own=_(
            "Condition %(number)s of the dossier “%(dossier)s”, “%(title)s”, was promised by %(party)s and not met. "
            "That was seen on %(day)s."
        ),
        text_yours=_(
            "Condition %(number)s of the dossier “%(dossier)s”, which came from your %(because_kind)s "
            "“%(because)s”, was promised by %(party)s and not met: “%(title)s”. That was seen on %(day)s."
        ),
    )
    milestones.register(
        "condition.withdrawn",
        text=_(
            "Condition %(number)s of the dossier “%(dossier)s”, “%(title)s”, is no longer asked of %(party)s: "
            "%(reason)s"
        ),
    )
    milestones.register(
        "condition.changed",
        text=_(
            "The text of condition %(number)s of the dossier “%(dossier)s”, “%(title)s”, was changed: %(reason)s"
        ),
    )
