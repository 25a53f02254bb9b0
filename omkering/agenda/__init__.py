"""Agenda: challenges that hang together, dossiers in three models of co-operation, and sharp choices."""
