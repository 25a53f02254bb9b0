"""Who may do what with documents."""

import rules

from omkering.who.authority import is_bureau

rules.add_perm("deliberate.import_document", is_bureau)
rules.add_perm("deliberate.edit_document", is_bureau)  # the subject is the document
