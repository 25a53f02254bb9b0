"""The key by which names are put in order, so that no database collation is needed.

Case, diacritics and punctuation do not count; `ĳ` is the two letters i and j (as in the lists of Statistics
Netherlands, not the telephone book's y). Prefixes that an association names do not count either: with `'s-`
the name 's-Gravenhage stands under G. Articles such as "De" are part of the name and do count.
"""

import re
import unicodedata
from collections.abc import Sequence

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d"})
_APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u00b4": "'", "`": "'"})


def sort_key(name: str, ignored_prefixes: Sequence[str] = ()) -> str:
    """The key of `name`: lower-case ASCII letters, digits and single spaces.

    `ignored_prefixes` are left off the front, the longest that fits and at most one; a name that is nothing
    but a prefix keeps it.
    """
    plain = name.strip().translate(_APOSTROPHES)
    for prefix in sorted(ignored_prefixes, key=len, reverse=True):
        if plain.casefold().startswith(prefix.casefold()) and len(plain) > len(prefix):
            plain = plain[len(prefix) :]
            break
    return fold(plain)


def fold(text: str) -> str:
    """`text` in lower case without diacritics, every run of other characters one space."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(character for character in apart if not unicodedata.combining(character))
    return re.sub(r"[\W_]+", " ", letters).strip()
