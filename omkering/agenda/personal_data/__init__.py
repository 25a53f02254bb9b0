"""What this room keeps of a person, part by part."""

from omkering.agenda.personal_data import challenges, conditions, dossiers, rounds

__all__ = ["challenges", "conditions", "dossiers", "rounds"]
