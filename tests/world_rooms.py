"""The rooms in the world of the tests: their parts are made in order, and each names what its addresses need.

The parts import models, so they are read once Django is ready, not when this module is.
"""

from functools import cache
from importlib import import_module
from types import ModuleType, SimpleNamespace

NAMES = {
    "agenda": ("challenges", "dossiers", "conditions", "rounds"),
    "deliberate": ("documents", "consultations", "statements", "amendments", "answers", "positions"),
    "decide": ("bodies", "meetings", "motions", "ballots", "live", "minutes"),
}


@cache
def parts() -> list[ModuleType]:
    return [import_module(f"tests.{room}.world_{name}") for room, names in NAMES.items() for name in names]


def arguments() -> dict[str, dict[str, str]]:
    """As `tests.world.ARGUMENTS`."""
    return {name: given for part in parts() for name, given in part.ARGUMENTS.items()}


def together(name: str) -> set[str]:
    """The addresses that the parts name as POST_ONLY, REDIRECTS or FILES."""
    return {address for part in parts() for address in getattr(part, name)}


def within() -> dict[str, tuple[tuple[str, ...], int]]:
    """Which roles see a page, and the status of the others; see `tests.security.test_matrix`."""
    return {address: entry for part in parts() for address, entry in part.WITHIN.items()}


def build(context: SimpleNamespace) -> dict[str, int]:
    """One of everything in these rooms; the ids of all parts together."""
    context.ids = {}
    for part in parts():
        context.ids |= part.build(context)
    return context.ids


def grow(context: SimpleNamespace) -> None:
    """Much more of everything."""
    for part in parts():
        part.grow(context)
