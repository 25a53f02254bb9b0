"""What may happen to a signal that people should hear, in their words."""

from django.utils.translation import gettext_lazy as _

from omkering.listen.models import SignalState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kind and its milestones known; called once, when the application starts."""
    kinds.register(
        "signal",
        label=_("Signal"),
        plural=_("Signals"),
        url_name="listen:signal",
        state_labels=dict(SignalState.choices),
    )
    milestones.register(
        "signal.submitted",
        text=_("%(member)s reports a signal: “%(title)s”."),
    )
    milestones.register(
        "signal.in_review",
        text=_("The signal “%(title)s” is being looked at."),
        text_own=_("Your signal “%(title)s” is being looked at."),
    )
    milestones.register(
        "signal.taken_up",
        text=_("The association takes up the signal “%(title)s”. Why: %(reason)s"),
        text_own=_("The association takes up your signal “%(title)s”. Why: %(reason)s"),
    )
    milestones.register(
        "signal.referred",
        text=_("The signal “%(title)s” was referred to %(addressee)s. Why: %(reason)s"),
        text_own=_("Your signal “%(title)s” was referred to %(addressee)s. Why: %(reason)s"),
    )
    milestones.register(
        "signal.declined",
        text=_("The association does not take up the signal “%(title)s”. Why: %(reason)s"),
        text_own=_(
            "The association does not take up your signal “%(title)s”. Why: %(reason)s "
            "If you do not agree, you can object once."
        ),
    )
    milestones.register(
        "signal.recognised",
        text=_("%(member)s sees this too: “%(title)s”."),
        text_own=_("%(member)s sees this too: your signal “%(title)s”."),
    )
    milestones.register(
        "objection.made",
        text=_("The sender objects to the answer to the signal “%(title)s”."),
        text_own=_("A colleague objects to the answer to your signal “%(title)s”."),
    )
    milestones.register(
        "objection.upheld",
        text=_("The objection about “%(title)s” is right: it is being looked at again. %(reason)s"),
        text_own=_("Your objection is right: your signal “%(title)s” is being looked at again. %(reason)s"),
    )
    milestones.register(
        "objection.rejected",
        text=_("The objection about “%(title)s” does not change the answer. Why: %(reason)s"),
        text_own=_("Your objection about “%(title)s” does not change the answer. Why: %(reason)s"),
    )
