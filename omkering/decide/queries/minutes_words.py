"""Moments and words as a document of minutes holds them: plain, and in each language of the association."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Func, TextChoices, TextField
from django.utils.translation import get_language, override

from omkering.who.current import association

Languages = tuple[str, ...]


def moment(at: datetime | None) -> str | None:
    """A moment as text; texts sort as the moments do."""
    return at.isoformat(timespec="microseconds") if at else None


class Moment(Func):
    """A moment as `moment` writes it, made by the database: reading hundreds of them as datetimes takes long."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
    output_field = TextField()


def all_languages() -> Languages:
    """The languages of the association: what is kept is told in each of them."""
    return tuple(association().languages)


def languages_of_reader() -> Languages:
    """The one language that `who.models.in_language` takes of all of them for the reader of now."""
    known = all_languages()
    own = (get_language() or "").split("-")[0]
    return (own,) if own in known else known[:1]


def words(say: Callable[[], Any], languages: Languages | None = None) -> dict[str, str]:
    """What `say` gives, in each of these languages; without them in each language of the association."""
    active = get_language()
    found = {}
    for language in languages or all_languages():
        if language == active:
            found[language] = str(say())
            continue
        with override(language):
            found[language] = str(say())
    return found


def label(choice: TextChoices) -> dict[str, str]:
    """The label of a choice in each language of the association. There are few, so a process keeps them."""
    return dict(_label(type(choice), choice.value, all_languages()))


@lru_cache(maxsize=500)
def _label(kind: type[TextChoices], value: str, languages: Languages) -> dict[str, str]:
    return words(lambda: kind(value).label, languages)
