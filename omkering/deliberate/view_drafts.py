"""What is written of a view or a report before it counts: texts, and points that each may stand at a paragraph.

A draft is plain data: `{"text": …, "points": [{"point", "paragraph", "text"}]}`; `point` is the id of the contribution
that it became when it was handed in (None: not yet), `paragraph` the address in the text. Pure functions.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from omkering.deliberate.consultation_texts import LENGTHS
from omkering.thread.privacy import check_personal_data
from omkering.thread.texts import length_problem, tidy

MOST_POINTS = 500


class Point(TypedDict):
    """One point of a draft."""

    point: int | None
    paragraph: int | None
    text: str


def checked(
    texts: Mapping[str, str],
    points: Iterable[Mapping[str, Any]],
    *,
    lengths: Mapping[str, str],
    addresses: Collection[int],
    known: Collection[int],
    complete: bool = False,
) -> dict[str, Any]:
    """The draft tidied, without empty points; ValidationError by field: a text, `text_3` or `paragraph_3` (from 0).

    `lengths` names the entry of `LENGTHS` for each text; `addresses` are those of the text that is asked about, `known`
    the ids of the points that were handed in before. What is too short only counts when it must be `complete`.
    """
    tidied = {name: tidy(text) for name, text in texts.items()}
    errors: dict[str, ValidationError] = {}
    for name, text in tidied.items():
        least, most = LENGTHS[lengths[name]]
        _note(errors, name, length_problem(text, least if complete else 0, most))
    kept: list[Point] = []
    written = dict(tidied)
    for number, given in enumerate(points):
        text = tidy(given["text"])
        if not text:
            continue
        paragraph = given.get("paragraph")
        if paragraph is not None and paragraph not in addresses:
            problem = _("There is no paragraph with this number. The numbers stand beside the text.")
            errors[f"paragraph_{number}"] = ValidationError(problem, code="paragraph")
        least, most = LENGTHS["text"]
        _note(errors, f"text_{number}", length_problem(text, least if complete else 0, most))
        written[f"text_{number}"] = text
        point = given.get("point")
        kept.append({"point": point if point in known else None, "paragraph": paragraph, "text": text})
    if len(kept) > MOST_POINTS:
        errors["__all__"] = ValidationError(_("At most %(most)s points fit.") % {"most": MOST_POINTS})
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]
    check_personal_data(written)
    return {**tidied, "points": _each_once(kept)}


def _note(errors: dict[str, ValidationError], field: str, problem: str) -> None:
    if problem:
        errors[field] = ValidationError(problem, code="length")


def _each_once(points: list[Point]) -> list[Point]:
    """A point that is named twice is a new one the second time."""
    seen: set[int] = set()
    for point in points:
        if point["point"] in seen:
            point["point"] = None
        elif point["point"] is not None:
            seen.add(point["point"])
    return points


def same(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two drafts say the same, whatever the ids of their points."""
    return _plain(first) == _plain(second)


def _plain(draft: Mapping[str, Any]) -> tuple:
    texts = sorted((name, text) for name, text in draft.items() if name != "points" and text)
    points = [(point.get("paragraph"), point["text"]) for point in draft.get("points", [])]
    return texts, points


def is_empty(draft: Mapping[str, Any]) -> bool:
    """Whether nothing is written."""
    return _plain(draft) == ([], [])


def in_lines(draft: Mapping[str, Any]) -> str:
    """The whole draft as one text, for comparing two of them word by word."""
    parts = [text for name, text in sorted(draft.items()) if name != "points" and text]
    for point in draft.get("points", []):
        place = f"§{point['paragraph']}: " if point.get("paragraph") is not None else ""
        parts.append(f"{place}{point['text']}")
    return "\n\n".join(parts)
