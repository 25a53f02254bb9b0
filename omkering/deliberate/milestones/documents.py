"""Milestones of documents: what who follows them, or is behind a change, hears of them."""

from django.utils.translation import gettext_lazy as _

from omkering.deliberate.models import DocumentState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kinds and milestones known."""
    kinds.register(
        "document",
        label=_("Document"),
        plural=_("Documents"),
        url_name="deliberate:document",
        state_labels=dict(DocumentState.choices),
    )
    milestones.register(
        "document.published",
        text=_("There is a new document: “%(title)s”."),
    )
    milestones.register(
        "document.new_version",
        text=_("“%(title)s” has a new text: version %(number)s. %(note)s"),
    )
    milestones.register(
        "document.adopted",
        text=_("“%(title)s” was adopted. %(reason)s"),
    )
    milestones.register(
        "document.withdrawn",
        text=_("“%(title)s” was withdrawn. %(reason)s"),
    )
