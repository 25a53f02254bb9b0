"""Pages of this room; each parses, calls a command or query, and renders."""
