"""The note of answer as a table to take away."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from omkering.deliberate.queries.answers import Line, Note


def header() -> list[str]:
    """The names of the columns, in the reader's language."""
    return [
        *(_("Number"), _("Kind"), _("Round"), _("Paragraph number"), _("Paragraph"), _("Put in by")),
        *(_("What was put in"), _("Late"), _("Answer"), _("Reason"), _("Answer number"), _("Answered on")),
    ]


def rows(note: Note) -> Iterator[list[Any]]:
    """Each point with its answer, in the order of the note."""
    for line in note.all_lines():
        answer = line.answer
        yield [
            line.item.pk,
            line.kind,
            line.round,
            line.address,
            line.place,
            by_whom(line),
            line.text,
            _("yes") if line.late else "",
            answer.get_kind_display() if answer else _("No answer yet"),
            answer.reason if answer else "",
            answer.pk if answer else None,
            answer.created_at.date() if answer else None,
        ]


def by_whom(line: Line) -> str:
    """Who put it in; somebody who did so for themselves has no name here."""
    return line.by or _("Somebody, for themselves")
