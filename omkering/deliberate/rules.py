"""Who may do what in this room, part by part."""

from omkering.deliberate import (
    rules_amendments,
    rules_answers,
    rules_consultations,
    rules_documents,
    rules_positions,
    rules_statements,
)

__all__ = [
    "rules_amendments",
    "rules_answers",
    "rules_consultations",
    "rules_documents",
    "rules_positions",
    "rules_statements",
]
