"""Long lists of this room, put together in Python: a template takes ten times as long over them."""

from collections.abc import Iterable
from html import escape

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from omkering.listen.models import Recognition
from omkering.listen.queries.spread import Slice
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import badge, day, number, percentage

register = template.Library()
NAMED = 12  # members that are named at once; more stand behind a summary


@register.simple_tag
def slice_rows(slices: Iterable[Slice]) -> SafeString:
    """The rows of the table of a spread: how many members of each group, their shares, and which."""
    often = f" {badge(_('relatively often'), 'warning')}"
    part, members = _("%(n)s of %(of)s"), _("%(n)s members")
    rows = []
    for each in slices:
        count, which = number(len(each.members)), escape(each.which)
        if len(each.members) > NAMED:
            which = f"<details><summary>{escape(members % {'n': count})}</summary>{which}</details>"
        rows.append(
            f'<tr><th scope="row">{escape(each.name)}{often if each.often else ""}</th>'
            f'<td class="app-numeric">{escape(part % {"n": count, "of": number(each.size)})}</td>'
            f'<td class="app-numeric">{percentage(each.share, 0)}</td>'
            f'<td class="app-numeric">{percentage(each.share_of_inhabitants, 0)}</td><td>{which}</td></tr>'
        )
    return mark_safe("".join(rows))  # noqa: S308 - each text was escaped above


@register.simple_tag(takes_context=True)
def recognition_rows(context: Context, rows: Iterable[Recognition]) -> SafeString:
    """Who sees a signal too, each with the words of their own case and the day; those that this reader can take back
    from the template, with its form.
    """
    own = {row.pk for row in context["may"].get("withdraw", ())}
    address = address_of("web:member", by="key")
    lines: list[str] = []
    for row in rows:
        if row.pk in own:
            values = {name: context[name] for name in ("signal", "may", "csrf_token")}
            lines.append(render_to_string("listen/signal_recognition.html", {**values, "row": row}))
            continue
        case = f'<div class="app-prose">{linebreaks(row.case, autoescape=True)}</div>' if row.case else ""
        lines.append(
            f'<li><h3><a class="nl-link" href="{escape(address(row.member.code))}">{escape(str(row.member))}</a></h3>'
            f'{case}<p class="app-card__meta">{day(row.created_at)}</p>\n</li>\n'
        )
    return mark_safe("".join(lines))  # noqa: S308 - each text was escaped above
