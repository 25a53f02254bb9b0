"""What may happen to a signal that people should hear, in words that fit its sender and who follows it."""

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
    for key, text in TEXTS.items():
        milestones.register(key, text=text)


TEXTS = {
    "signal.submitted": _("%(member)s reports a signal: “%(title)s”."),
    "signal.in_review": _("The signal “%(title)s” is being looked at."),
    "signal.taken_up": _("The association takes up the signal “%(title)s”. The reason: %(reason)s"),
    "signal.referred": _("The signal “%(title)s” was referred to %(addressee)s. The reason: %(reason)s"),
    "signal.declined": _(
        "The association does not take up the signal “%(title)s”. The reason: %(reason)s "
        "Does the sender not agree? Then the sender can object once."
    ),
    "signal.recognised": _("%(member)s sees this too: “%(title)s”."),
    "objection.made": _("The sender does not agree with the answer to the signal “%(title)s” and objects."),
    "objection.upheld": _(
        "The objection about the signal “%(title)s” is right: it is being looked at again. %(reason)s"
    ),
    "objection.rejected": _(
        "The objection about the signal “%(title)s” does not change the answer. The reason: %(reason)s"
    ),
}
