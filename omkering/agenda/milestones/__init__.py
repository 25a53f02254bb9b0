"""The kinds of this room in words, and the news they give."""

from omkering.agenda.milestones import challenges, conditions, dossiers, rounds


def register() -> None:
    """Make the kinds and milestones of this room known; called once, when the application starts."""
    challenges.register()
    dossiers.register()
    conditions.register()
    rounds.register()
