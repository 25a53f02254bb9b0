"""Pieces of long lists as plain text: a template for each of hundreds of rows takes longer than all else on the page.

Who uses this escapes what people wrote with `escape`; the words of the screens are looked up once for a whole list.
"""

from collections.abc import Callable, Iterable
from html import escape
from unicodedata import combining, normalize

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, add_truncation_text, calculate_truncate_chars_length

__all__ = ["addresses", "escape", "options", "safe", "shortened"]


def addresses(name: str) -> Callable[[int], str]:
    """The address of a page by the id of what it shows, from one look at the addresses."""
    before, _id, after = reverse(name, args=[0]).rpartition("0")
    return lambda pk: f"{before}{pk}{after}"


def options(choices: Iterable[tuple[int, str]], chosen: int | None) -> SafeString:
    """The choices of a `<select>`: (id, words)."""
    return safe(
        f'<option value="{pk}"{" selected" if pk == chosen else ""}>{escape(words)}</option>'
        for pk, words in choices
    )


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, as the filter `truncatechars` has it, which looks at each one by itself."""
    text = normalize("NFC", text)
    if len(text) <= most:
        return text
    if any(map(combining, text[: most + 1])):  # such characters do not count: Django knows how
        return Truncator(text).chars(most)
    return str(add_truncation_text(text[: calculate_truncate_chars_length(most, None)]))


def safe(parts: Iterable[str]) -> SafeString:
    """One piece of HTML; what people wrote in its parts was escaped by who made them."""
    return mark_safe("".join(parts))  # noqa: S308
