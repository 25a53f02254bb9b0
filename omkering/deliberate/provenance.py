"""Where the words of a text come from: one part through its versions, with whose words came and went."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from omkering.deliberate.consolidate import in_order
from omkering.engine.merge import Edit, Kind, Span, diff


def trace(texts: Sequence[str], makers: Sequence[Mapping[str, Iterable[Edit]]]) -> tuple[Span, ...]:
    """One part through its versions: which words of the last came from whom, and which of the first went.

    texts: what it said in each version. makers: for each step the keys of those that made it, with the edits that
    each wanted in the text before it; an edit that none of them wanted is of all of them together. Words that came
    and went again are not told. Raises ValueError unless there is one step fewer than texts.
    """
    if len(makers) != len(texts) - 1:
        raise ValueError("there is one step between each two texts")
    spans = [Span(Kind.KEPT, texts[0])] if texts and texts[0] else []
    for (before, after), made in zip(pairwise(texts), makers, strict=True):
        wanted = {key: set(edits) for key, edits in made.items()}
        everybody = in_order(wanted)
        steps = [
            (edit, in_order(key for key in wanted if edit in wanted[key]) or everybody)
            for edit in diff(before, after)
        ]
        spans = _stepped(spans, steps)
    return tuple(spans)


def _stepped(spans: list[Span], steps: list[tuple[Edit, tuple[str, ...]]]) -> list[Span]:
    """The spans after one more version."""
    told: list[Span] = []
    at = 0  # in the text of the version before
    waiting = list(steps)[::-1]

    def insert_up_to(place: int) -> None:
        while waiting and waiting[-1][0].end <= place:
            edit, by = waiting.pop()
            if edit.text:
                told.append(Span(Kind.INSERTED, edit.text, by))

    for span in spans:
        if span.kind is Kind.DELETED:
            told.append(span)
            continue
        end = at + len(span.text)
        while at < end:
            insert_up_to(at)
            edit, by = waiting[-1] if waiting else (Edit(end, end, ""), ())
            stop = min(end, edit.start) if edit.start > at else min(end, edit.end)
            words = span.text[len(span.text) - (end - at) :][: stop - at]
            if edit.start > at:
                told.append(Span(span.kind, words, span.amendments))
            elif span.kind is Kind.KEPT:
                told.append(Span(Kind.DELETED, words, by))
            at = stop
    insert_up_to(at)
    return told
