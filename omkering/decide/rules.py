"""Who may do what with proposals and votes."""

import rules

from omkering.decide.rules_live import chairs
from omkering.who.authority import is_bureau, votes_for_member

rules.add_perm("decide.make_proposal", is_bureau | chairs)  # the chair: from what its own body deals with
rules.add_perm("decide.edit_proposal", is_bureau)
rules.add_perm("decide.plan_vote", is_bureau | chairs)
rules.add_perm("decide.open_vote", is_bureau | chairs)
rules.add_perm("decide.close_vote", is_bureau | chairs)
rules.add_perm("decide.announce_result", is_bureau | chairs)
rules.add_perm("decide.undo_vote", is_bureau | chairs)
rules.add_perm("decide.decide_tie", is_bureau | chairs)
rules.add_perm("decide.desk_ballots", is_bureau | chairs)  # the chair counts hands; four eyes hold for it too
rules.add_perm("decide.cast_ballot", votes_for_member)  # the subject is the member
