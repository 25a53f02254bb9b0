"""A text of hundreds of parts as HTML: its table of contents, and the parts, each with its `tools`."""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from omkering.deliberate.html_tools import escape, safe
from omkering.deliberate.models import BlockKind
from omkering.deliberate.queries.documents import Part
from omkering.ui.templatetags.ui import table
from omkering.ui.text import beginning

OUTLINE = 120  # characters of a heading in the table of contents


def contents_html(parts: Iterable[Part]) -> SafeString:
    """The entries of the table of contents."""
    return safe(_entry(part) for part in parts)


def _entry(part: Part) -> str:
    proposal = " app-doc-toc__proposal" if part.kind == BlockKind.PROPOSAL else ""
    label = f"{escape(part.label)} " if part.label else ""
    return (
        f'<li class="app-doc-toc__{part.shown_level}{proposal}"><a class="nl-link" href="#p{part.address}">'
        f"{label}{escape(beginning(part.outline, OUTLINE))}</a></li>"
    )


def parts_html(parts: Sequence[Part]) -> SafeString:
    """The parts of a text one after the other; items of lists open and close the lists they stand in."""
    return safe(f"\n{_part(part)}" for part in parts)


def _part(part: Part) -> str:
    kind = part.kind
    if kind == BlockKind.ITEM:
        return _item(part)
    css, inner = "app-doc__part", ""
    if kind == BlockKind.HEADING:
        inner = f"<h{part.shown_level}>{_label(part)}{part.html}</h{part.shown_level}>"
    elif kind == BlockKind.TABLE:
        inner = _table(part)
    elif kind in (BlockKind.BOX, BlockKind.PROPOSAL):
        css += " app-doc__box" + (" app-doc__box--proposal" if kind == BlockKind.PROPOSAL else "")
        inner = f"<p>{_label(part, 'strong')}{part.html}</p>"
    else:
        inner = f"<p>{_label(part)}{part.html}</p>"
    return f'<div class="{css}" id="p{part.address}">{inner}{part.tools}</div>'


def _label(part: Part, element: str = "span") -> str:
    return f'<{element} class="app-doc__label">{escape(part.label)}</{element}> ' if part.label else ""


def _item(part: Part) -> str:
    opening, closing = '<ul class="app-doc__list">' * part.opens, "</li></ul>" * part.closes
    numbered = ' class="app-doc__numbered"' if part.label else ""
    return f'{opening}<li id="p{part.address}"{numbered}>{_label(part)}{part.html}{part.tools}{closing}'


def _table(part: Part) -> SafeString:
    head = "".join([f'<th scope="col">{cell or "–"}</th>' for cell in part.head])
    rows = "".join([f"<tr>{''.join([f'<td>{cell}</td>' for cell in row])}</tr>" for row in part.rows])
    content = safe([f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"])
    return table(content, caption=_("Table %(name)s") % {"name": part.name}, hide_caption=True)
