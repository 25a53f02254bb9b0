"""The full words of what was put in during a consultation, from the tables of each kind."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from omkering.deliberate.models import Amendment, Contribution, Deed, Statement, View
from omkering.thread.models import Item
from omkering.who.models import in_language

APART = ("statement", "view", "amendment")  # kinds with a table of their own; all others are contributions


@dataclass(frozen=True)
class Words:
    """What was put in, in full, with what its own table tells of it."""

    text: str
    network: str = ""
    late: bool = False
    number: int = 0  # of a statement in its round, of an amendment in its text


def words_of_items(items: Iterable[Item]) -> dict[int, Words]:
    """The full words of items, by id; a query for each of at most four tables."""
    found = {}
    of_kind: dict[str, list[int]] = defaultdict(list)
    for item in items:
        of_kind[item.kind if item.kind in APART else "contribution"].append(item.pk)
    contributions = Contribution.objects.filter(pk__in=of_kind["contribution"]).values_list(
        "pk", "text", "late", "meeting__network__names", "in_round__network__names"
    )
    for pk, text, late, of_meeting, of_round in contributions:
        found[pk] = Words(text, in_language(of_meeting or of_round or {}), late)
    statements = Statement.objects.filter(pk__in=of_kind["statement"]).values_list("pk", "number", "text")
    for pk, number, text in statements:
        found[pk] = Words(text, number=number)
    for pk, text, late in View.objects.filter(pk__in=of_kind["view"]).values_list("pk", "text", "late"):
        found[pk] = Words(text, late=late)
    amendments = Amendment.objects.filter(pk__in=of_kind["amendment"]).values_list(
        "pk", "number", "title", "deed", "text", "reason", "late", "network__names"
    )
    for pk, number, title, deed, text, reason, late, names in amendments:
        does = str(Deed(deed).label) + (f": {text}" if text else ".")
        words = "\n\n".join(filter(None, (f"{number}. {title}", does, reason)))
        found[pk] = Words(words, in_language(names or {}), late, number)
    return found
