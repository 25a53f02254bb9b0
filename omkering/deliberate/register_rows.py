"""The rows of the long tables of positions, of the lobby register, and of differences, as plain text."""

from collections.abc import Iterable, Sequence
from functools import cache

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.deliberate.html_tools import escape, safe
from omkering.deliberate.models import Contact
from omkering.deliberate.queries.alignments import Difference, OtherLine
from omkering.deliberate.queries.contacts import ContactLine
from omkering.deliberate.queries.positions import PositionLine
from omkering.thread import kinds
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import ago, badge, day, number
from omkering.ui.text import beginning
from omkering.who.models import Organisation

SUMMARY, MESSAGE = 200, 160  # characters of what stands under a title


def position_rows(lines: Iterable[PositionLine], insider: bool) -> SafeString:
    """The rows of the register of positions; how they are carried is for insiders."""
    page, mark, names = address_of("deliberate:position"), cache(badge), cache(_short_name)
    labels = [_("Theme"), _("Addressed to"), _("Decided"), *([_("Carried by")] if insider else [])]
    members = cache(lambda n: ngettext("%(all)s member", "%(all)s members", n) % {"all": number(n)})
    networks = cache(lambda n: ngettext("%(all)s network", "%(all)s networks", n) % {"all": number(n)})
    nobody = f'<span class="app-subtle">{_("Nobody said so yet")}</span>'

    def carried(line: PositionLine) -> str:
        said = line.carried or line.networks
        told = f"{members(line.carried)}, {networks(line.networks)}" if said else nobody
        if line.other:
            words = ngettext("%(all)s other line", "%(all)s other lines", line.other)
            told += f"<div>{mark(words % {'all': number(line.other)}, 'negative')}</div>"
        return told

    def row(line: PositionLine) -> str:
        position = line.position
        marks = [mark(kinds.state_label(position), line.tone)] if position.state != "active" else []
        cells = [
            escape(str(position.theme)) if position.theme else "",
            ", ".join([names(party) for party in line.addressees]),
            f'{day(position.taken_on)}<div class="app-card__meta">{escape(position.get_source_display())}</div>',
            *([carried(line)] if insider else []),
        ]
        head = _head(page(position.pk), position.title, beginning(position.summary, SUMMARY))
        return _row(f"{head}{_features(marks, position.sensitive, position.example)}", labels, cells)

    return safe(map(row, lines))


def contact_rows(lines: Iterable[ContactLine], us: str) -> SafeString:
    """The rows of the lobby register; `us` names the association where a contact is on its behalf."""
    page, mark, names = address_of("deliberate:contact"), cache(badge), cache(_short_name)
    labels = [_("Day"), _("On whose behalf"), _("With whom"), _("Positions")]
    none = f'<span class="app-subtle">{_("none")}</span>'

    def positions(line: ContactLine) -> str:
        told = "" if line.departs else none
        if line.carries:
            told = ngettext("rests on %(n)s", "rests on %(n)s", line.carries) % {"n": line.carries}
        if line.departs:
            words = ngettext("departs from %(n)s", "departs from %(n)s", line.departs)
            told += f" {mark(words % {'n': line.departs}, 'negative')}"
        return told

    def row(line: ContactLine) -> str:
        contact = line.contact
        cells = [
            f"{day(contact.on)}<div>{mark(kinds.state_label(contact), line.tone)}</div>",
            escape(str(contact.network or contact.owner_member or us)),
            names(contact.organisation),
            positions(line),
        ]
        head = _head(page(contact.pk), contact.title, beginning(contact.summary, MESSAGE))
        return _row(f"{head}{_features([], contact.sensitive, contact.example)}", labels, cells)

    return safe(map(row, lines))


def difference_rows(lines: Iterable[tuple[Difference, str]]) -> SafeString:
    """The rows of messages that depart, each with who speaks in words."""
    page, position_page, mark = (
        address_of("deliberate:alignment"),
        address_of("deliberate:position"),
        cache(badge),
    )
    labels = [_("On whose behalf"), _("Departs from"), _("The other party"), _("Age")]
    closed = f'<span class="app-subtle">{_("A position that is not for you to read")}</span>'

    def row(line: Difference, speaker: str) -> str:
        alignment, position = line.alignment, line.position
        cells = [
            escape(speaker),
            _link(position_page(position.pk), position.title) if position else closed,
            _other_party(line.relation.contact, line.heard),
            f"{ago(alignment.created_at)}<div>{mark(kinds.state_label(alignment), line.tone)}</div>",
        ]
        head = _head(page(alignment.pk), alignment.title, beginning(alignment.summary, MESSAGE))
        return _row(head, labels, cells)

    return safe(row(*line) for line in lines)


def _other_party(contact: Contact, heard: int) -> str:
    both = ""
    if heard:
        words = ngettext(
            "It hears both: %(n)s other contact carries the position.",
            "It hears both: %(n)s other contacts carry the position.",
            heard,
        )
        both = f'<p class="app-small">{words % {"n": heard}}</p>'
    when = f'<div class="app-card__meta">{day(contact.on)} · {escape(kinds.state_label(contact))}</div>'
    return f"{escape(str(contact.organisation))}{both}{when}"


def other_rows(lines: Iterable[OtherLine]) -> SafeString:
    """The rows of positions on which somebody takes another line."""
    page, written = address_of("deliberate:position"), cache(number)
    addressed, members, networks, since = _("Addressed to"), _("Members"), _("Networks"), _("Since")

    def row(line: OtherLine) -> str:
        parties = escape(", ".join(line.addressees))
        return (
            f'<tr role="row"><th scope="row" role="rowheader">{_link(page(line.position.pk), line.position.title)}</th>'
            f'<td role="cell" data-label="{addressed}">{parties}</td>'
            f'<td role="cell" class="app-numeric" data-label="{members}">{written(line.members)}</td>'
            f'<td role="cell" class="app-numeric" data-label="{networks}">{written(line.networks)}</td>'
            f'<td role="cell" data-label="{since}">{day(line.since)} ({ago(line.since)})</td></tr>'
        )

    return safe(map(row, lines))


# --- parts of a row ----------------------------------------------------------------------------------------------
def _row(head: str, labels: Sequence[str], cells: Sequence[str]) -> str:
    """A row; `labels` name its cells on a phone. `head` and `cells` are HTML."""
    told = [
        f'<td role="cell" data-label="{label}">{cell}</td>' for label, cell in zip(labels, cells, strict=True)
    ]
    return f'<tr role="row"><th scope="row" role="rowheader">{head}</th>{"".join(told)}</tr>'


def _head(url: str, title: str, summary: str) -> str:
    return f'{_link(url, title)}<div class="app-card__meta">{escape(summary)}</div>'


def _link(url: str, words: str) -> str:
    return f'<a class="nl-link" href="{url}">{escape(words)}</a>'


def _short_name(party: Organisation) -> str:
    return escape(party.abbreviation or party.name)


def _features(marks: list[SafeString], sensitive: bool, example: bool) -> str:
    """The badges under a title: those given, and what is sensitive or an example."""
    if sensitive:
        marks.append(badge(_("Sensitive"), "warning"))
    if example:
        marks.append(badge(_("Example"), "info"))
    if not marks:
        return ""
    entries = "".join([f"<li>{mark}</li>" for mark in marks])
    return f'<ul class="app-badges" aria-label="{_("Features")}">{entries}</ul>'
