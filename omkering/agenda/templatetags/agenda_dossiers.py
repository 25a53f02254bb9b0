"""Cards of dossiers, and what happened to one, made in one go: `{% load agenda_dossiers %}`; why, says `agenda`."""

from collections.abc import Callable, Iterable
from html import escape

from django import template
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.agenda.models import DossierState
from omkering.agenda.queries.dossier_moments import Moment
from omkering.agenda.queries.dossiers import Card
from omkering.ui.addresses import address_of
from omkering.ui.templatetags.ui import badge, day
from omkering.ui.text import beginning

register = template.Library()


def _facts(*, step: bool) -> Callable[[Card], str]:
    """What a card tells beside its title; with `step` also at which step it is."""
    late, example = badge(_("Past its term"), "negative"), badge(_("Example"), "info")
    due = _("to be done by")

    def members(number: int) -> str:
        return ngettext("%(n)s member takes part", "%(n)s members take part", number) % {"n": number}

    def drawn(card: Card) -> str:
        dossier = card.dossier
        badges = [
            *([late] if card.late else []),
            *([badge(card.step, "info")] if step else []),
            *([example] if dossier.example else []),
        ]
        meta = [escape(card.way)]
        if owner := card.owner:
            meta.append(escape(owner))
        if card.stay and card.stay.due_on and dossier.state == DossierState.OPEN:
            meta.append(f"{due} {day(card.stay.due_on)}")
        if card.members:
            meta.append(members(card.members))
        return (
            f'<ul class="app-badges">{"".join(f"<li>{one}</li>" for one in badges)}</ul>\n'
            f'<p class="app-card__meta">{" · ".join(meta)}</p>\n'
        )

    return drawn


def _title(card: Card, page: Callable[[object], str]) -> str:
    return f'<a class="nl-link" href="{page(card.dossier.pk)}">{escape(card.dossier.title)}</a>'


@register.simple_tag
def board_cards(cards: Iterable[Card]) -> SafeString:
    """The cards of a column, which says itself at which step they are."""
    facts, page = _facts(step=False), address_of("agenda:dossier")
    drawn = [
        f'<li class="app-card app-card--plain"><h3>{_title(card, page)}</h3>{facts(card)}</li>'
        for card in cards
    ]
    return mark_safe("".join(drawn))  # noqa: S308  # escaped above


@register.simple_tag
def listed_cards(cards: Iterable[Card], level: int = 3, summary: bool = False) -> SafeString:
    """The cards as items of a list: the title as a heading of `level`, with the beginning of the `summary` or not."""
    facts, page = _facts(step=True), address_of("agenda:dossier")

    def about(card: Card) -> str:
        return f"<p>{escape(beginning(card.dossier.summary, 200))}</p>" if summary else ""

    drawn = [
        f"<li><h{level}>{_title(card, page)}</h{level}>{about(card)}{facts(card)}</li>" for card in cards
    ]
    return mark_safe("".join(drawn))  # noqa: S308  # escaped above


@register.simple_tag
def moment_items(moments: Iterable[Moment]) -> SafeString:
    """What happened to a dossier, as items of a list, with the beginning of what was written."""

    def drawn(moment: Moment) -> str:
        text, detail = escape(moment.text), ""
        if moment.url:
            text = f'<a class="nl-link" href="{moment.url}">{text}</a>'
        if moment.detail:
            begin = linebreaks(beginning(moment.detail, 600), autoescape=True)
            detail = f'<blockquote class="app-quote">{begin}</blockquote>'
        return f"<li>{day(moment.at)}<strong>{text}</strong>{detail}</li>\n"

    return mark_safe("".join(map(drawn, moments)))  # noqa: S308  # escaped above
