"""What a position's page lists, who carries it and who spoke about it, as plain text."""

from collections.abc import Iterable
from functools import cache

from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from omkering.deliberate.html_tools import escape, safe
from omkering.deliberate.models import Relation, RelationKind, Stance, StanceKind
from omkering.deliberate.queries.positions import StanceLine
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import badge, day


def stance_entries(lines: Iterable[StanceLine]) -> SafeString:
    """Entries of a list: who says it, how they stand since when, in which words, and how it stood before."""
    labels = {kind.value: str(kind.label) for kind in StanceKind}
    mark = cache(badge)
    differs = f" {mark(_('Weighs it itself'), 'warning')}"
    red_line, before, weighs = _("Red line:"), _("How it stood before"), _("weighs it itself")

    def earlier(stance: Stance) -> str:
        return (
            f"<li>{day(stance.created_at)} – {day(stance.ended_at)}: {labels[stance.kind]}"
            f"{f' · {weighs}' if stance.differs else ''}{_remark(stance)}"
            f"{f'<p>{red_line} {escape(stance.red_line)}</p>' if stance.red_line else ''}</li>"
        )

    def history(line: StanceLine, who: str) -> str:
        return (
            f'<details class="app-details"><summary>{before}<span class="app-visually-hidden">: {who}</span>'
            f'</summary><ul class="app-list">{"".join(map(earlier, line.earlier))}</ul></details>'
        )

    def entry(line: StanceLine) -> str:
        stance, who = line.stance, escape(line.who.name)
        red = f"<p><strong>{red_line}</strong> {escape(stance.red_line)}</p>" if stance.red_line else ""
        return (
            f"<li><strong>{who}</strong> {mark(labels[stance.kind], line.tone)}{differs if stance.differs else ''}"
            f' <span class="app-subtle">{day(stance.created_at)}</span>\n{_remark(stance)}{red}\n'
            f"{history(line, who) if line.earlier else ''}</li>\n"
        )

    return safe(map(entry, lines))


def _remark(stance: Stance) -> str:
    remark = linebreaks(stance.remark, autoescape=True) if stance.remark else ""
    return f'<div class="app-prose">{remark}</div>' if remark else ""


def spoken_entries(relations: Iterable[Relation], us: str) -> SafeString:
    """Entries of a list: contacts, how each stands to the position, when, and who spoke with whom.

    `us` names the association where a contact is on its behalf.
    """
    page = address_of("deliberate:contact")
    marks = {kind.value: badge(kind.label) for kind in RelationKind}

    def entry(row: Relation) -> str:
        contact = row.contact
        who = escape(str(contact.network or contact.owner_member or us))
        return (
            f'<li><a class="nl-link" href="{page(row.contact_id)}">{escape(contact.title)}</a> {marks[row.kind]}'
            f'<p class="app-card__meta">{day(contact.on)} · {who} · {escape(str(contact.organisation))}</p></li>'
        )

    return safe(map(entry, relations))
