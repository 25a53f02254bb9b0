"""The note of answer in words: what who put something in hears of it."""

from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models import AnswerKind
from omkering.thread import milestones


def register() -> None:
    """Make the milestones known; called once, when the application starts."""
    milestones.register(
        f"answer.{AnswerKind.TAKEN_OVER}",
        text=_("“%(because)s” went up in “%(title)s”, which was taken over: %(reason)s"),
        text_own=_("“%(title)s” was taken over: %(reason)s"),
        text_author=_("Your %(because_kind)s “%(title)s” was taken over: %(reason)s"),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” went up in “%(title)s”, which was taken over: %(reason)s"
        ),
    )
    milestones.register(
        f"answer.{AnswerKind.PARTLY}",
        text=_("“%(because)s” went up in “%(title)s”, which was partly taken over: %(reason)s"),
        text_own=_("“%(title)s” was partly taken over: %(reason)s"),
        text_author=_("Your %(because_kind)s “%(title)s” was partly taken over: %(reason)s"),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” went up in “%(title)s”, which was partly taken over: %(reason)s"
        ),
    )
    milestones.register(
        f"answer.{AnswerKind.NOT}",
        text=_("“%(because)s” went up in “%(title)s”, which was not taken over: %(reason)s"),
        text_own=_("“%(title)s” was not taken over: %(reason)s"),
        text_author=_("Your %(because_kind)s “%(title)s” was not taken over: %(reason)s"),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” went up in “%(title)s”, which was not taken over: %(reason)s"
        ),
    )
    milestones.register(
        "answer.changed",
        text=_("The answer to “%(title)s” was changed. It now says “%(answer)s”: %(reason)s"),
        text_author=_(
            "The answer to your %(because_kind)s “%(title)s” was changed. It now says “%(answer)s”: %(reason)s"
        ),
    )
    milestones.register(
        "consultation.answered",
        text=_("The note of answer on “%(title)s” is there, with an answer to everything that was put in."),
    )
