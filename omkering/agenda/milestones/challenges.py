"""Challenges and conflicts of aims in words: their kinds, their states, and the news they give."""

from django.utils.translation import gettext_lazy as _

from omkering.agenda.models import ChallengeState, ConflictState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kinds and milestones known."""
    kinds.register(
        "challenge",
        label=_("Challenge"),
        plural=_("Challenges"),
        url_name="agenda:challenge",
        state_labels=dict(ChallengeState.choices),
    )
    kinds.register(
        "conflict",
        label=_("Conflict of aims"),
        plural=_("Conflicts of aims"),
        url_name="agenda:conflict",
        state_labels=dict(ConflictState.choices),
    )
    milestones.register(
        "agenda.placed",
        text=_("“%(title)s”, which came from “%(because)s”, now hangs under the challenge “%(challenge)s”."),
        text_own=_("“%(title)s” now hangs under the challenge “%(challenge)s”."),
        text_author=_("Your %(because_kind)s “%(title)s” now hangs under the challenge “%(challenge)s”."),
        text_yours=_(
            "“%(title)s”, which came from your %(because_kind)s “%(because)s”, now hangs under the challenge "
            "“%(challenge)s”."
        ),
    )
    milestones.register(
        "agenda.unplaced",
        text=_(
            "“%(title)s”, which came from “%(because)s”, no longer hangs under the challenge “%(challenge)s”: "
            "%(reason)s"
        ),
        text_own=_("“%(title)s” no longer hangs under the challenge “%(challenge)s”: %(reason)s"),
        text_author=_(
            "Your %(because_kind)s “%(title)s” no longer hangs under the challenge “%(challenge)s”: %(reason)s"
        ),
        text_yours=_(
            "“%(title)s”, which came from your %(because_kind)s “%(because)s”, no longer hangs under the challenge "
            "“%(challenge)s”: %(reason)s"
        ),
    )
    for key, text in TEXTS.items():
        milestones.register(key, text=text)


TEXTS = {
    "challenge.changed": _("The text of the challenge “%(title)s” was changed."),
    "challenge.closed": _("The challenge “%(title)s” is no longer on the agenda. The reason: %(reason)s"),
    "challenge.reopened": _("The challenge “%(title)s” is on the agenda again. The reason: %(reason)s"),
    "conflict.recorded": _("There is a new conflict of aims: “%(title)s”."),
    "conflict.solved": _("The conflict of aims “%(title)s” is solved: %(resolution)s"),
}
