"""Who may do what with proposals and votes."""

import rules

from omkering.who.authority import is_bureau, votes_for_member

rules.add_perm("decide.make_proposal", is_bureau)
rules.add_perm("decide.edit_proposal", is_bureau)
rules.add_perm("decide.plan_vote", is_bureau)
rules.add_perm("decide.open_vote", is_bureau)
rules.add_perm("decide.close_vote", is_bureau)
rules.add_perm("decide.cast_ballot", votes_for_member)  # the subject is the member
