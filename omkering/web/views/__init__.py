"""Views of the shell, one module a part."""
