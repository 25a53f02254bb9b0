"""What the pages of motions draw in one go: `{% load motions %}`."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.ui.forms import options as drawn_options
from omkering.ui.templatetags.ui import ago, badge

register = template.Library()


@register.simple_tag
def motion_card(row: dict[str, Any]) -> SafeString:
    """What a list says of a motion beneath its name, given as `views.motions.shown` does: state, admission and advice;
    who filed it, when, and for which meeting.
    """
    marks = [row["badge"], *([row["admission"]] if row["admission"] else [])]
    if row["late"]:
        marks.append((_("Account is late"), "negative"))
    marks += [(_("Advice: %(kind)s") % {"kind": kind.lower()}, tone) for _body, kind, tone in row["advice"]]
    badges = "".join([f"<li>{badge(label, tone)}</li>" for label, tone in marks])
    motion, cosigners = row["motion"], row["cosigners"]
    said = escape(str(motion.owner_member or motion.network or ""))
    if cosigners:
        said += " " + ngettext("and %(n)s co-signer", "and %(n)s co-signers", cosigners) % {"n": cosigners}
    said += f" · {ago(motion.filed_at)}"
    if motion.meeting:
        said += f" · {escape(motion.meeting.title)}"
    return mark_safe(  # noqa: S308  # every text was escaped
        f'<ul class="app-badges">{badges}</ul>\n<p class="app-card__meta">{said}</p>\n'
    )


@register.simple_tag
def options(pairs: Iterable[tuple[Any, str]], chosen: Any) -> SafeString:
    """The options of a filter, of (key, label), with the one that is chosen: hundreds, for which a template takes too
    long.
    """
    return drawn_options(pairs, {str(chosen)})
