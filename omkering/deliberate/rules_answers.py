"""Who may answer what was put in, and publish the note of answer."""

import rules

from omkering.who.authority import is_bureau

rules.add_perm("deliberate.give_answer", is_bureau)  # the subject is the consultation
rules.add_perm("deliberate.publish_note", is_bureau)
