"""Reading the parties outside the association: who they are, what was asked of them, and where they take part."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from omkering.agenda.models import Dossier, Party
from omkering.agenda.queries.conditions import ConditionLine, readable_dossiers
from omkering.agenda.queries.monitor import Figures, Monitor, MonitorFilter, summed
from omkering.who.models import ContactRole, Organisation, OrganisationKind
from omkering.who.standing import standing_of

SHOWN = 10  # conditions and dossiers on a party's page; the monitor has all


@dataclass(frozen=True)
class Listed:
    """A party in the list, with what was asked of it as far as the reader may see."""

    organisation: Organisation
    figures: Figures


def organisations_by_kind(
    person: Any, on: date, *, text: str = "", retired: bool = False
) -> list[tuple[OrganisationKind, list[Listed]]]:
    """The parties by kind, in the order of their names; those that are retired only when asked for. Two queries."""
    rows = Organisation.objects.filter(retired_at__isnull=not retired)
    words = text.casefold().split()
    found = [row for row in rows if all(word in _words_of(row) for word in words)]
    cells: dict[int, list[Figures]] = defaultdict(list)
    for (party, _kind), counted in Monitor(MonitorFilter(), person, on).cells.items():
        cells[party].append(counted)
    figures = {party: summed(counted) for party, counted in cells.items()}
    groups = []
    for kind in OrganisationKind:
        listed = [Listed(row, figures.get(row.pk, Figures())) for row in found if row.kind == kind]
        if listed:
            groups.append((kind, sorted(listed, key=lambda entry: entry.organisation.name.casefold())))
    return groups


def _words_of(row: Organisation) -> str:
    return " ".join([*row.names.values(), row.abbreviation]).casefold()


@dataclass(frozen=True)
class OrganisationPage:
    """A party with all that its page shows."""

    organisation: Organisation
    contacts: list[ContactRole]
    figures: Figures
    lines: list[ConditionLine]
    dossiers: list[tuple[Dossier, str]]  # with the part it has there
    dossier_count: int


def organisation_page(organisation: Organisation, person: Any, on: date) -> OrganisationPage:
    """Everything on the page of a party; nine queries, whatever there is."""
    standing, person_id = standing_of(person), getattr(person, "pk", None)
    monitor = Monitor(MonitorFilter(organisation=organisation.key), person, on)
    _page, lines = monitor.page({})
    readable = readable_dossiers(standing, person_id)
    parts = dict(
        Party.objects.filter(
            organisation=organisation, ended_at__isnull=True, dossier__in=readable.values("pk")
        ).values_list("dossier_id", "part")
    )
    asked = set(monitor.rows().order_by().values_list("dossier_id", flat=True).distinct())
    ids = parts.keys() | asked
    rows = readable.filter(pk__in=ids).defer("body", "search", "solution", "asks", "result")
    dossiers = list(rows.order_by("-changed_at", "-pk")[:SHOWN])
    return OrganisationPage(
        organisation=organisation,
        contacts=sorted(organisation.contacts.all(), key=lambda role: role.name.casefold()),
        figures=monitor.total,
        lines=lines[:SHOWN],
        dossiers=[(dossier, parts.get(dossier.pk, "")) for dossier in dossiers],
        dossier_count=len(ids),
    )
