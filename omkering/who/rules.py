"""Who may change members, organisations, people and mandates."""

import rules

from omkering.who.authority import is_administrator, is_bureau

rules.add_perm("who.import_members", is_administrator)
rules.add_perm("who.load_boundaries", is_administrator)
rules.add_perm("who.manage_organisations", is_bureau)
rules.add_perm("who.manage_people", is_administrator)
rules.add_perm("who.see_people", is_bureau)
