"""Milestones of statements: what their authors hear of them, and that a round was counted."""

from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models import StatementState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kinds and milestones known."""
    kinds.register(
        "statement",
        label=_("Statement"),
        plural=_("Statements"),
        url_name="deliberate:statement",
        state_labels=dict(StatementState.choices),
    )
    milestones.register(
        "statement.shown",
        text=_("The statement “%(title)s” is shown. Others can agree or disagree with it now."),
        text_author=_("Your statement “%(title)s” is shown. Others can agree or disagree with it now."),
    )
    milestones.register(
        "statement.refused",
        text=_("The statement “%(title)s” is not shown. The reason: %(reason)s"),
        text_author=_("Your statement “%(title)s” is not shown. The reason: %(reason)s"),
    )
    milestones.register(
        "statement.same",
        text=_(
            "The statement “%(title)s” says the same as statement %(number)s, which is shown. The reason: %(reason)s"
        ),
        text_author=_(
            "Your statement “%(title)s” says the same as statement %(number)s, which is shown. You hear what becomes "
            "of that one. The reason: %(reason)s"
        ),
    )
    milestones.register(
        "opinion.counted",
        text=_(
            "The opinion map of “%(title)s” (%(round)s) is there: %(people)s people gave %(votes)s votes."
        ),
    )
