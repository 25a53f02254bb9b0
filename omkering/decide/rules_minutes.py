"""Who may do what with minutes: the bureau writes them and lays them before the body; who leads a meeting has them
adopted in it.
"""

import rules

from omkering.decide.rules_live import chairs
from omkering.who.authority import is_bureau

rules.add_perm("decide.write_minutes", is_bureau)  # the subject is the meeting
rules.add_perm("decide.adopt_minutes", is_bureau | chairs)  # the subject is the meeting that adopts them
