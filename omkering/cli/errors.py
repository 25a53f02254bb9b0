"""From an exception to a sentence for whoever typed the command."""

import errno

from omkering.config.processes import StartError


def explain(error: Exception) -> str | None:
    """One sentence (or one line a fault) for an error that has to do with input or the machine.

    None is a fault of our own: that deserves its traceback.
    """
    if isinstance(error, StartError):
        return str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full: free some space and try again. What was saved before is kept."
    if isinstance(error, FileNotFoundError):
        return f"There is no file {error.filename}."
    if isinstance(error, PermissionError):
        return f"{error.filename or 'The file'} may not be read or written by you."
    if isinstance(error, UnicodeDecodeError):
        return f"The file is not UTF-8 text (byte {error.start}). Save it as UTF-8 and try again."
    for module, name, text in _KNOWN:
        if type(error).__name__ == name and type(error).__module__.startswith(module):
            return text.format(error=_flat(error))
    return None


_KNOWN = (
    ("omkering.who.association", "AssociationError", "{error}"),
    ("django.core.exceptions", "ValidationError", "{error}"),
    ("django.core.exceptions", "ImproperlyConfigured", "The settings are not complete: {error}"),
    ("django.core.management", "CommandError", "{error}"),
    ("django.db.utils", "OperationalError", "The database cannot be reached: {error}"),
    (
        "django.db.utils",
        "ProgrammingError",
        "The database is not up to date ({error}). Run: omkering manage migrate",
    ),
    ("environs", "EnvValidationError", "An environment variable is not right: {error}"),
    ("environs", "EnvError", "An environment variable is not right: {error}"),
)


def _flat(error: Exception) -> str:
    messages = getattr(error, "messages", None)
    return "\n".join(messages) if messages else str(error).strip()
