"""Moments and words as a document of minutes holds them: plain, and in each language of the association."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import override

from omkering.who.current import association


def moment(at: datetime | None) -> str | None:
    """A moment as text; texts sort as the moments do."""
    return at.isoformat(timespec="microseconds") if at else None


def words(say: Callable[[], Any]) -> dict[str, str]:
    """What `say` gives, in each language of the association."""
    found = {}
    for language in association().languages:
        with override(language):
            found[language] = str(say())
    return found


def label(choice: TextChoices) -> dict[str, str]:
    """The label of a choice in each language of the association. There are few, so a process keeps them."""
    return dict(_label(type(choice), choice.value, tuple(association().languages)))


@lru_cache(maxsize=500)
def _label(kind: type[TextChoices], value: str, languages: tuple[str, ...]) -> dict[str, str]:
    return words(lambda: kind(value).label)
