"""The agenda's forms."""
