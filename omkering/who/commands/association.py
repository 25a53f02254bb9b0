"""Bring the database in line with the association folder: at first start and after each change of it."""

from django.db import transaction

from omkering.journal.commands import record
from omkering.who.association import Association
from omkering.who.commands.members import write_members
from omkering.who.commands.organisations import load_organisations
from omkering.who.current import association
from omkering.who.models import (
    Body,
    Division,
    DivisionMembership,
    Member,
    Neighbour,
    Network,
    NetworkMembership,
)


@transaction.atomic
def load_association() -> bool:
    """Write what the folder says; returns False when this version of it was loaded before.

    Members imported since then stay: the folder is the start, not the last word. Organisations that are new in the
    folder are added each time.
    """
    folder = association()
    load_organisations()
    if Member.objects.exists():
        return False
    _write_divisions(folder)
    _write_bodies(folder)
    _write_networks(folder)
    write_members(folder.members, source="folder")
    ids = dict(Member.objects.values_list("code", "pk"))
    _write_division_changes(folder, ids)
    _write_memberships(folder, ids)
    Neighbour.objects.bulk_create(
        Neighbour(member_id=ids[here], other_id=ids[there])
        for pair in folder.neighbours
        for here, there in (pair, pair[::-1])
    )
    record(
        verb="association.loaded",
        subject="association",
        data={"key": folder.key, "version": folder.version, "members": len(folder.members)},
    )
    return True


def _write_divisions(folder: Association) -> None:
    Division.objects.bulk_create(
        Division(kind=part.kind, code=part.code, names=dict(part.names)) for part in folder.divisions
    )


def _write_bodies(folder: Association) -> None:
    Body.objects.bulk_create(
        Body(key=body.key, names=dict(body.names), kind=body.kind, order=number)
        for number, body in enumerate(folder.bodies)
    )


def _write_networks(folder: Association) -> None:
    Network.objects.bulk_create(
        Network(
            key=network.key,
            names=dict(network.names),
            kind=network.kind,
            complete=network.complete,
            as_of=network.as_of,
            source=network.source,
            notes=dict(network.notes),
            order=number,
        )
        for number, network in enumerate(folder.networks)
    )


def _write_division_changes(folder: Association, ids: dict[str, int]) -> None:
    """Members that moved from one part of a division to another in their lifetime."""
    parts = {(row.kind, row.code): row.pk for row in Division.objects.all()}
    DivisionMembership.objects.all().delete()
    DivisionMembership.objects.bulk_create(
        DivisionMembership(
            member_id=ids[row.member], division_id=parts[row.kind, row.code], starts=row.starts, ends=row.ends
        )
        for row in folder.division_memberships
    )


def _write_memberships(folder: Association, ids: dict[str, int]) -> None:
    networks = dict(Network.objects.values_list("key", "pk"))
    NetworkMembership.objects.all().delete()
    NetworkMembership.objects.bulk_create(
        NetworkMembership(
            network_id=networks[row.network],
            member_id=ids[row.member],
            starts=row.starts,
            ends=row.ends,
            source=row.source,
        )
        for row in folder.network_memberships
    )
