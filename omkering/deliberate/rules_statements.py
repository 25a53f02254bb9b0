"""Who may do what with statements."""

from typing import Any

import rules

from omkering.deliberate.publics import in_public
from omkering.who.authority import is_bureau


@rules.predicate
def is_asked(person: Any, round: Any = None) -> bool:
    """Is in the public of this round."""
    return round is not None and in_public(person, round)


rules.add_perm("deliberate.write_statement", is_asked)  # the subject is the round
rules.add_perm("deliberate.vote_statement", is_asked)  # the subject is the round
rules.add_perm("deliberate.moderate_statement", is_bureau)
