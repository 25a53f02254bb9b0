"""The note of answer as a Word document."""

import re
from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from omkering.deliberate.commands.answer_versions import paragraphs_in
from omkering.deliberate.models import Consultation
from omkering.deliberate.queries.answers import Group, Line
from omkering.deliberate.queries.answers_export import by_whom
from omkering.ui.docx import WordDocument

_MARKS = re.compile(r"([\\`*_\[\]<>~#&|!])")
_ITEM = re.compile(r"\s*[-*+]\s+")


def note_document(
    consultation: Consultation, groups: Iterable[Group], figures: Iterable[tuple[str, int]], *, places: bool
) -> WordDocument:
    """The note as a document; `places` says at each point which paragraph it is about."""
    title = _("Note of answer: %(title)s") % {"title": consultation.title}
    made = WordDocument(title, language=get_language() or "nl")
    day = consultation.answer_published_at
    made.paragraph(
        _("Published on %(day)s.") % {"day": date_format(day, "j F Y")} if day else _("Not published")
    )
    made.table([[_("Answer"), _("Points")], *([words, str(number)] for words, number in figures)])
    for group in groups:
        made.heading(plain(group.heading), 1)
        for answer, lines in group.answers:
            for line in lines:
                made.box(_said(line, places=places))
            kind = answer.get_kind_display() if answer else _("No answer yet")
            made.heading(_("Answer: %(kind)s") % {"kind": kind}, 2)
            if answer:
                _write(made, answer.reason)
    return made


def plain(text: str) -> str:
    """What somebody wrote without marks, so that none of its signs is taken for one."""
    return _MARKS.sub(r"\\\1", text)


def _said(line: Line, *, places: bool) -> str:
    where = [line.place or _("About the whole text")] if places else []
    late = [_("Handed in late")] if line.late else []
    of = " · ".join([f"{line.kind} {line.number}", by_whom(line), *where, *late])
    return f"{plain(line.text)}\n*{plain(of)}*"


def _write(made: WordDocument, reason: str) -> None:
    """A reason, which is Markdown, in its paragraphs and lists."""
    for part in paragraphs_in(reason):
        lines = part.split("\n")
        if all(_ITEM.match(line) for line in lines):
            for line in lines:
                made.item(_ITEM.sub("", line, count=1))
        else:
            made.paragraph(part)
