"""The groups of members that counts are shown by: main division, networks and size classes, in words and in order."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from omkering.who.current import association
from omkering.who.models import in_language
from omkering.who.queries import NETWORK, SIZE_CLASS, group_names


@dataclass(frozen=True)
class Grouping:
    """One grouping: its title, and key → name of its groups in order. `incomplete`: lists known in part only."""

    key: str
    title: str
    names: Mapping[str, str]
    incomplete: Collection[str] = ()


def division_words() -> str:
    """What the main division is called: Province."""
    main = association().main_division
    return in_language(next(kind.names for kind in association().division_kinds if kind.key == main))


def groupings(present: Mapping[str, Collection[str]]) -> list[Grouping]:
    """The groupings with those of their groups that are `present`; a grouping without any is left out. No query.

    Networks that follow the main division (its chapters) are left out: they would repeat it.
    """
    folder, names = association(), group_names()
    main = folder.main_division
    repeats = {network.key for network in folder.networks if network.division and network.division[0] == main}
    partial = {network.key for network in folder.networks if not network.complete}
    found = []
    for key, title in {main: division_words(), NETWORK: _("Network"), SIZE_CLASS: _("Size")}.items():
        here, named = set(present.get(key, ())) - repeats, names.get(key, {})
        order = [*(group for group in named if group in here), *sorted(here - named.keys())]
        if order:
            shown = {group: named.get(group, group) for group in order}
            found.append(Grouping(key, title, shown, partial if key == NETWORK else ()))
    return found
