"""The kinds of this room in words, and the news they give."""

from omkering.decide.milestones import bodies, meetings, minutes, motions, votes


def register() -> None:
    """Make the kinds and milestones of this room known; called once, when the application starts."""
    bodies.register()
    meetings.register()
    motions.register()
    votes.register()
    minutes.register()
