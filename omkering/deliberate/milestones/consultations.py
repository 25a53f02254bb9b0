"""Consultations in words: their kinds, their states, and the news they give.

News about a round is news about its consultation; `%(round)s` names the round.
"""

from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models import ConsultationState, ContributionKind, ContributionState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kinds and milestones known."""
    kinds.register(
        "consultation",
        label=_("Consultation"),
        plural=_("Consultations"),
        url_name="deliberate:consultation",
        state_labels=dict(ConsultationState.choices),
    )
    kinds.register(
        "view",
        label=_("Formal view"),
        plural=_("Formal views"),
        url_name="deliberate:view",
        state_labels=dict(ContributionState.choices),
    )
    for kind, plural in (
        (ContributionKind.REACTION, _("Reactions")),
        (ContributionKind.VIEW_POINT, _("Points of views")),
        (ContributionKind.REPORT_POINT, _("Points of reports")),
        (ContributionKind.ADVICE, _("Advice of chapters")),
    ):
        kinds.register(
            str(kind.value),
            label=kind.label,
            plural=plural,
            url_name="deliberate:contribution",
            state_labels=dict(ContributionState.choices),
        )
    _register_of_rounds()
    _register_of_contributions()


def _register_of_rounds() -> None:
    milestones.register(
        "consultation.round_opened",
        text=_(
            "Until %(closes)s you can take part in “%(round)s”, about “%(title)s”. It follows from “%(because)s”."
        ),
        text_own=_("Until %(closes)s you can take part in “%(round)s”, about “%(title)s”."),
        text_yours=_(
            "Until %(closes)s “%(title)s” is talked about in “%(round)s”. It follows from your %(because_kind)s "
            "“%(because)s”."
        ),
    )
    milestones.register(
        "consultation.round_reminder",
        text=_("A reminder: “%(round)s” about “%(title)s” closes on %(closes)s. You can still take part."),
    )
    milestones.register(
        "consultation.round_extended",
        text=_("“%(round)s” about “%(title)s” stays open until %(closes)s. The reason: %(reason)s"),
    )
    milestones.register(
        "consultation.round_closed",
        text=_("“%(round)s” about “%(title)s” has closed. Everything that was put in gets an answer."),
    )
    milestones.register(
        "consultation.round_withdrawn",
        text=_("“%(round)s” about “%(title)s” is called off. The reason: %(reason)s"),
    )
    milestones.register(
        "consultation.withdrawn",
        text=_("The consultation “%(title)s” is called off. The reason: %(reason)s"),
    )
    milestones.register(
        "consultation.meeting_planned",
        text=_("%(network)s talks about “%(title)s” on %(starts)s."),
    )
    milestones.register(
        "consultation.meeting_changed",
        text=_("The meeting of %(network)s about “%(title)s” changed. It is on %(starts)s."),
    )
    milestones.register(
        "consultation.meeting_cancelled",
        text=_("The meeting of %(network)s about “%(title)s” is called off. The reason: %(reason)s"),
    )
    milestones.register(
        "consultation.meeting_reported",
        text=_("The report of the meeting of %(network)s about “%(title)s” is there."),
    )


def _register_of_contributions() -> None:
    milestones.register(
        "view.handed_in",
        text=_("The formal view “%(title)s” was handed in."),
    )
    milestones.register(
        "reaction.taken_out",
        text=_("The bureau took out the reaction “%(title)s”. The reason: %(reason)s"),
        text_author=_("The bureau took out your reaction “%(title)s”. The reason: %(reason)s"),
    )
