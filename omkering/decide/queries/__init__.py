"""Reading what this room keeps; each function has a fixed number of queries."""
