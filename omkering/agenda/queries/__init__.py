"""The agenda's queries."""
