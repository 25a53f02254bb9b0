"""Members in the database: written from the records of an association folder or of an import."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from omkering.journal.commands import record
from omkering.who.association.plan import Plan
from omkering.who.association.records import MemberRecord
from omkering.who.authority import require
from omkering.who.current import association
from omkering.who.models import (
    Division,
    DivisionMembership,
    Member,
    Network,
    NetworkMembership,
    Person,
    Population,
)


@transaction.atomic
def apply_plan(*, actor: Person | None, plan: Plan) -> int:
    """Write a plan of an import; returns how many members changed. `actor` None is the command line.

    Raises ValidationError when the plan has faults: then nothing is written.
    """
    if actor is not None:
        require(actor, "who.import_members")
    if plan.faults:
        raise ValidationError([str(fault) for fault in plan.faults])
    records = plan.records
    write_members(records, source="import")
    record(
        verb="members.imported",
        subject="association",
        actor=actor.pk if actor else None,
        data={
            "added": [member.code for member in plan.added],
            "changed": [change.after.code for change in plan.changed],
            "ended": [change.after.code for change in plan.ended],
            "merged": [change.after.code for change in plan.merged],
        },
    )
    return len(records)


def write_members(records: Iterable[MemberRecord], *, source: str) -> None:
    """Make or change members with their populations, divisions and the networks that follow a division."""
    records = list(records)
    codes = [member.code for member in records]
    Member.objects.bulk_create(
        [
            Member(
                code=member.code,
                name=member.name,
                sort_key=association().sort_key(member.name),
                starts=member.starts,
                ends=member.ends,
                tile_column=member.tile[0] if member.tile else None,
                tile_row=member.tile[1] if member.tile else None,
            )
            for member in records
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "sort_key", "starts", "ends", "tile_column", "tile_row"],
    )
    ids = dict(Member.objects.values_list("code", "pk"))
    rows = list(Member.objects.filter(code__in=codes))
    successors = {member.code: member.successor for member in records}
    for row in rows:
        successor = successors[row.code]
        row.successor_id = ids[successor] if successor else None
    Member.objects.bulk_update(rows, ["successor"])
    Population.objects.bulk_create(
        [
            Population(member_id=ids[member.code], day=day, inhabitants=inhabitants, source=source)
            for member in records
            for day, inhabitants in member.populations.items()
        ],
        update_conflicts=True,
        unique_fields=["member", "day"],
        update_fields=["inhabitants"],
    )
    _write_divisions(records, ids)
    follow_divisions()


def _write_divisions(records: list[MemberRecord], ids: dict[str, int]) -> None:
    """Each member lies in one part of each division, its whole lifetime."""
    parts = {(row.kind, row.code): row.pk for row in Division.objects.all()}
    # By id, not by the code of the member: a join may cost minutes here where the tables were never analysed.
    DivisionMembership.objects.filter(member_id__in=[ids[member.code] for member in records]).delete()
    DivisionMembership.objects.bulk_create(
        DivisionMembership(
            member_id=ids[member.code], division_id=parts[kind, code], starts=member.starts, ends=member.ends
        )
        for member in records
        for kind, code in member.divisions.items()
    )


def follow_divisions() -> None:
    """Bring the networks that follow a division (the chapters) in line with it."""
    for network in association().networks:
        if network.division is None:
            continue
        row = Network.objects.get(key=network.key)
        kind, code = network.division
        wanted: dict[int, tuple[date, date | None]] = {
            member: (starts, ends)
            for member, starts, ends in DivisionMembership.objects.filter(
                division__kind=kind, division__code=code
            ).values_list("member_id", "starts", "ends")
        }
        present = {
            membership.member_id: membership for membership in NetworkMembership.objects.filter(network=row)
        }
        for member, (starts, ends) in wanted.items():
            found = present.pop(member, None)
            if found is None:
                NetworkMembership.objects.create(
                    network=row, member_id=member, starts=starts, ends=ends, source="division"
                )
            elif (found.starts, found.ends) != (starts, ends):
                found.starts, found.ends = starts, ends
                found.save()
        for gone in present.values():
            gone.delete()
