"""What this room keeps of a person, part by part."""

from omkering.deliberate.personal_data import (
    amendments,
    answers,
    consultations,
    documents,
    positions,
    statements,
)

__all__ = ["amendments", "answers", "consultations", "documents", "positions", "statements"]
