"""What stands under each part of a text: its address, what was put in there, and how to take part.

A text has hundreds of parts, and a template for each of them takes longer than all else on the page together. So this
is put together here, with the words and addresses looked up once.
"""

from functools import cache

from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.html_tools import escape
from omkering.deliberate.queries.documents import Text
from omkering.thread import kinds
from omkering.thread.models import Item
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import number
from omkering.ui.text import beginning

BASES = 10  # what a part follows from: so many are named
TITLE = 60  # characters of the title of each


def add_tools(document_id: int, text: Text) -> None:
    """Give each part its list of what one can see and do there; no query."""
    words = {
        "address": _("Address of part %(n)s"),
        "on": _("on %(name)s"),
        "react": _("React"),
        "propose": _("Propose an amendment"),
        "because": _("Changed because of:"),
        "few": _("(few words)"),
    }
    reactions = cache(
        lambda n: ngettext("%(shown)s reaction", "%(shown)s reactions", n) % {"shown": number(n)}
    )
    proposed = cache(
        lambda n: ngettext("%(shown)s amendment", "%(shown)s amendments", n) % {"shown": number(n)}
    )
    base = cache(_base)
    hidden = f'<span class="app-visually-hidden"> {words["on"]}</span>'
    amendments = reverse("deliberate:amendments", args=[document_id])
    react, propose = address_of("deliberate:react"), address_of("deliberate:propose")
    for part in text.parts:
        on = hidden % {"name": escape(part.name)}
        shown = str(part.address) if part.address < 1000 else localize(part.address)  # many, and slow to ask
        entries = [
            f'<a class="nl-link" href="#p{part.address}" aria-label="{words["address"] % {"n": shown}}">§{shown}</a>'
        ]
        if part.reading and part.reading.level:
            few = "" if part.reading.reliable else f" {words['few']}"
            entries.append(_("Reading level %(level)s") % {"level": escape(part.reading.level)} + few)
        if part.reactions:
            entries.append(reactions(part.reactions))
        if part.amendments:
            entries.append(
                f'<a class="nl-link" href="{amendments}?paragraph={part.address}">{proposed(part.amendments)}{on}</a>'
            )
        if text.takes_reactions:
            entries.append(f'<a class="nl-link" href="{react(part.pk)}">{words["react"]}{on}</a>')
        if text.takes_amendments:
            entries.append(f'<a class="nl-link" href="{propose(part.pk)}">{words["propose"]}{on}</a>')
        if part.bases:
            named = ", ".join([base(item) for item in part.bases[:BASES]])
            entries.append(f"{words['because']} {named}{' …' if len(part.bases) > BASES else ''}")
        part.tools = f'<ul class="app-doc__tools"><li>{"</li><li>".join(entries)}</li></ul>'


def _base(item: Item) -> str:
    words = f"{escape(kinds.label(item))} “{escape(beginning(item.title, TITLE))}”"
    url = kinds.url(item)
    return f'<a class="nl-link" href="{escape(url)}">{words}</a>' if url else words
