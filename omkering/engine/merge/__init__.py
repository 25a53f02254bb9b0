"""Amendments: what changed word by word, and merging any number of them on one text.

Conventions: positions count characters (code points) of the base text, the end is exclusive. A change never
cuts a word. Independent changes merge in any order to the same text; what collides is left as the base has
it and is reported, never resolved.
"""

from omkering.engine.merge.combine import Collision, Kind, Merged, Span, merge, merge_edits
from omkering.engine.merge.words import Edit, apply, diff

__all__ = ["Collision", "Edit", "Kind", "Merged", "Span", "apply", "diff", "merge", "merge_edits"]
