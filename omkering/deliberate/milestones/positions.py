"""Positions, contacts and alignments in words, and the news they give.

`%(who)s` is who speaks, `%(party)s` the organisation spoken with, `%(position)s` the title of a position.
"""

from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models import AlignmentState, ContactState, PositionState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kinds and milestones known."""
    kinds.register(
        "position",
        label=_("Position"),
        plural=_("Positions"),
        url_name="deliberate:position",
        state_labels=dict(PositionState.choices),
    )
    kinds.register(
        "contact",
        label=_("Lobby contact"),
        plural=_("Lobby contacts"),
        url_name="deliberate:contact",
        state_labels=dict(ContactState.choices),
    )
    kinds.register(
        "alignment",
        label=_("Alignment"),
        plural=_("Alignments"),
        url_name="deliberate:alignment",
        state_labels=dict(AlignmentState.choices),
    )
    milestones.register(
        "position.taken",
        text=_("From “%(because)s” came a position of the association: “%(title)s”, decided on %(day)s."),
        text_own=_("The position “%(title)s” holds: it was decided on %(day)s."),
        text_yours=_(
            "From your %(because_kind)s “%(because)s” came a position of the association: “%(title)s”, decided on "
            "%(day)s."
        ),
    )
    milestones.register("position.edited", text=_("The text of the position “%(title)s” was changed."))
    milestones.register(
        "position.ended",
        text=_("The position “%(title)s” no longer holds since %(day)s. The reason: %(reason)s"),
    )
    milestones.register(
        "position.stance", text=_("%(who)s said how it stands to the position “%(title)s”: %(stance)s.")
    )
    milestones.register(
        "contact.held",
        text=_("“%(because)s” was brought up with %(party)s on %(day)s, by %(who)s: “%(title)s”."),
        text_own=_("%(who)s spoke with %(party)s on %(day)s: “%(title)s”. You can read what came of it."),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” was brought up with %(party)s on %(day)s, by %(who)s: “%(title)s”."
        ),
    )
    milestones.register(
        "alignment.started",
        text=_(
            "What %(who)s will say to %(party)s, “%(title)s”, departs from the position “%(position)s”. "
            "Talk about it together."
        ),
    )
    milestones.register(
        "alignment.talked",
        text=_(
            "There was a talk about “%(title)s”, with which %(who)s departs from the position “%(position)s”."
        ),
    )
    milestones.register(
        "alignment.ended",
        text=_(
            "The talks about “%(title)s” of %(who)s and the position “%(position)s” came to this: %(outcome)s."
        ),
    )
