"""Milestones of dossiers: what who is upstream hears of them."""

from django.utils.translation import gettext_lazy as _

from omkering.agenda.models import DossierState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kinds and milestones known."""
    kinds.register(
        "dossier",
        label=_("Dossier"),
        plural=_("Dossiers"),
        url_name="agenda:dossier",
        state_labels=dict(DossierState.choices),
    )
    milestones.register(
        "dossier.opened",
        text=_("“%(because)s” led to a dossier: “%(title)s”."),
        text_own=_("There is a new dossier: “%(title)s”."),
        text_yours=_("Your %(because_kind)s “%(because)s” led to a dossier: “%(title)s”."),
    )
    milestones.register(
        "dossier.source_added",
        text=_("“%(because)s” is now one of the reasons for the dossier “%(dossier)s”."),
        text_own=_("“%(title)s” is now one of the reasons for the dossier “%(dossier)s”."),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” is now one of the reasons for the dossier “%(dossier)s”."
        ),
    )
    milestones.register(
        "dossier.step",
        text=_(
            "“%(because)s”: the dossier “%(title)s” is now at the step “%(step)s”, led by %(leader)s. %(done)s"
        ),
        text_own=_("The dossier “%(title)s” is now at the step “%(step)s”, led by %(leader)s. %(done)s"),
        text_yours=_(
            "Your %(because_kind)s “%(because)s”: the dossier “%(title)s” is now at the step “%(step)s”, led by "
            "%(leader)s. %(done)s"
        ),
    )
    milestones.register(
        "dossier.went_back",
        text=_("“%(because)s”: the dossier “%(title)s” went back to the step “%(step)s”. %(reason)s"),
        text_own=_("The dossier “%(title)s” went back to the step “%(step)s”. %(reason)s"),
        text_yours=_(
            "Your %(because_kind)s “%(because)s”: the dossier “%(title)s” went back to the step “%(step)s”. "
            "%(reason)s"
        ),
    )
    milestones.register(
        "dossier.model_changed",
        text=_(
            "“%(because)s”: the dossier “%(title)s” goes on by another model, “%(model)s”, at the step “%(step)s”. "
            "%(reason)s"
        ),
        text_own=_(
            "The dossier “%(title)s” goes on by another model, “%(model)s”, at the step “%(step)s”. %(reason)s"
        ),
        text_yours=_(
            "Your %(because_kind)s “%(because)s”: the dossier “%(title)s” goes on by another model, “%(model)s”, at "
            "the step “%(step)s”. %(reason)s"
        ),
    )
    milestones.register(
        "dossier.member_joined",
        text=_("“%(because)s”: %(member)s takes part in the dossier “%(title)s” as a pilot."),
        text_own=_("%(member)s takes part in the dossier “%(title)s” as a pilot."),
        text_yours=_(
            "Your %(because_kind)s “%(because)s”: %(member)s takes part in the dossier “%(title)s” as a pilot."
        ),
    )
    milestones.register(
        "dossier.pilot_started",
        text=_("“%(because)s”: the pilot of %(member)s in the dossier “%(title)s” is under way."),
        text_own=_("The pilot of %(member)s in the dossier “%(title)s” is under way."),
        text_yours=_(
            "Your %(because_kind)s “%(because)s”: the pilot of %(member)s in the dossier “%(title)s” is under way."
        ),
    )
    milestones.register(
        "dossier.closed",
        text=_("“%(because)s”: the dossier “%(title)s” is closed. What came of it: %(result)s"),
        text_own=_("The dossier “%(title)s” is closed. What came of it: %(result)s"),
        text_yours=_(
            "Your %(because_kind)s “%(because)s”: the dossier “%(title)s” is closed. What came of it: %(result)s"
        ),
    )
    milestones.register(
        "dossier.stopped",
        text=_("“%(because)s”: the association no longer works on the dossier “%(title)s”. %(reason)s"),
        text_own=_("The association no longer works on the dossier “%(title)s”. %(reason)s"),
        text_yours=_(
            "Your %(because_kind)s “%(because)s”: the association no longer works on the dossier “%(title)s”. "
            "%(reason)s"
        ),
    )
