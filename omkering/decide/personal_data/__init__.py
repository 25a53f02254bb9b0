"""What this room keeps of a person, part by part."""

from omkering.decide.personal_data import bodies, live, meetings, minutes, motions, votes

__all__ = ["bodies", "live", "meetings", "minutes", "motions", "votes"]
