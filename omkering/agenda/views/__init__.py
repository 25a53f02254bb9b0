"""The agenda's views."""
