"""The association folder: everything of one association that is not code, read and checked.

`load` gives an `Association` or raises `AssociationError` with every fault; `check` only lists the faults.
Pure Python: no framework and no database. The format is described in `associations/README.md`.
"""

from omkering.who.association.association import Association, engine_rule
from omkering.who.association.faults import AssociationError, Fault
from omkering.who.association.loader import check, load
from omkering.who.association.members import write_members
from omkering.who.association.plan import Change, Plan, plan
from omkering.who.association.sorting import sort_key

__all__ = [
    "Association",
    "AssociationError",
    "Change",
    "Fault",
    "Plan",
    "check",
    "engine_rule",
    "load",
    "plan",
    "sort_key",
    "write_members",
]
