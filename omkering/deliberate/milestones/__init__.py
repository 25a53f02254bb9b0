"""The kinds of this room in words, and the news they give."""

from omkering.deliberate.milestones import (
    amendments,
    answers,
    consultations,
    documents,
    positions,
    statements,
)


def register() -> None:
    """Make the kinds and milestones of this room known; called once, when the application starts."""
    documents.register()
    consultations.register()
    statements.register()
    amendments.register()
    positions.register()
    answers.register()
