"""Template tags and filters: `{% load ui %}`. Each renders one part of a page in the house style."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zlib import crc32

from django import forms, template
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from omkering.ui.forms import error_links
from omkering.ui.paging import CURSOR_PARAMETERS
from omkering.ui.text import beginning, render_markdown

register = template.Library()

TONES = ("neutral", "positive", "warning", "negative", "info")
_JUST_NOW = timedelta(minutes=1)
# Kinds of alert, among them the level tags of Django's messages: (Utrecht class, icon).
ALERTS = {
    "debug": ("info", "info"),
    "info": ("info", "info"),
    "success": ("ok", "check"),
    "ok": ("ok", "check"),
    "warning": ("warning", "alert"),
    "error": ("error", "error"),
}


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon of the sprite; without a label it is decoration. size: "", "small" or "inline"."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    css = f"app-icon app-icon--{size}" if size else "app-icon"
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" {} focusable="false"><use href="{}#{}"></use></svg>',
        *(css, role, static("ui/icons.svg"), name),
    )


@register.simple_tag
def badge(value: Any, tone: str = "") -> SafeString:
    """A badge. `value` is a text, or a thing with `label` and, if it likes, `tone` (one of TONES)."""
    tone = tone or str(getattr(value, "tone", "") or "neutral")
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"badge has no tone {tone!r}; choose from {', '.join(TONES)}")
    css = "" if tone == "neutral" else f" app-badge--{tone}"
    label = conditional_escape(getattr(value, "label", value))
    return mark_safe(f'<span class="nl-data-badge{css}">{label}</span>')  # noqa: S308  # the label is escaped


@register.simple_block_tag
def alert(content: str, type: str = "info", heading: str = "", role: str = "") -> str:
    """`{% alert "warning" heading=… %}…{% endalert %}`; types: info, ok (success), warning, error."""
    css, symbol = ALERTS.get(type, ALERTS["info"])
    return render_to_string(
        "ui/parts/alert.html",
        {"type": css, "symbol": symbol, "heading": heading, "role": role, "content": content},
    )


@register.simple_block_tag
def table(
    content: str,
    caption: str,
    id: str = "",
    narrow: bool = False,
    hide_caption: bool = False,
    cards: bool = False,
) -> SafeString:
    """`{% table caption=… %}<thead>…<tbody>…{% endtable %}`: a table that scrolls within itself on a phone.

    With `cards` each row becomes a card there, and `data-label` at a cell names it in place of the header;
    rows and cells then need their `role`, because a browser forgets what they are once they are laid out so.
    """
    # The same caption over the same rows would be the same table, so this id is unique on the page.
    caption_id = id or f"table-{crc32(f'{caption}{content}'.encode()):08x}"
    return format_html(
        '<div class="utrecht-table-container utrecht-table-container--overflow-inline" tabindex="0" '
        'role="region" aria-labelledby="{id}"><table class="utrecht-table app-table{narrow}"{role}>'
        '<caption class="utrecht-table__caption" id="{id}">{caption}</caption>{content}</table></div>',
        id=caption_id,
        narrow=(" app-table--narrow" if narrow else "") + (" app-table--cards" if cards else ""),
        role=mark_safe(' role="table"') if cards else "",
        caption=format_html('<span class="app-visually-hidden">{}</span>', caption)
        if hide_caption
        else caption,
        content=content,
    )


@register.simple_tag(takes_context=True)
def sortable_header(
    context: Context, label: str, key: str, default: str = "", numeric: bool = False, parameter: str = "sort"
) -> SafeString:
    """A `<th>` that sorts: first click ascending (`?sort=key`), then descending (`?sort=-key`).

    `default` is the order the view uses when the address names none.
    """
    query = context["request"].GET.copy()
    current = query.get(parameter, default)
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "none")
    query[parameter] = f"-{key}" if current == key else key
    for name in CURSOR_PARAMETERS:
        query.pop(name, None)
    symbol = {"ascending": "arrow-up", "descending": "arrow-down", "none": "sort"}[direction]
    return format_html(
        '<th scope="col" role="columnheader"{}{}><a href="?{}">{}{}</a></th>',
        mark_safe(' class="app-numeric"') if numeric else "",
        format_html(' aria-sort="{}"', direction) if direction != "none" else "",
        *(query.urlencode(), label, icon(symbol, size="small")),
    )


@register.inclusion_tag("ui/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: Any) -> dict[str, Any]:
    """Previous and next of a keyset page (`omkering.ui.paging.Page`); the rest of the query is kept."""

    def address(parameter: str, cursor: str | None) -> str:
        if cursor is None:
            return ""
        query = context["request"].GET.copy()
        for name in CURSOR_PARAMETERS:
            query.pop(name, None)
        if cursor:
            query[parameter] = cursor
        return f"?{query.urlencode()}"

    before, after = CURSOR_PARAMETERS
    return {
        "previous_url": address(before, page.previous),
        "next_url": address(after, page.next),
        "page": page,
    }


@register.inclusion_tag("ui/parts/facts.html")
def facts(rows: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """A list of (label, value) pairs."""
    return {"rows": rows}


@register.inclusion_tag("ui/parts/steps.html")
def steps(labels: Iterable[str], current: int) -> dict[str, Any]:
    """Where one is in a form of several steps; `current` counts from 1."""
    return {"steps": [(label, number) for number, label in enumerate(labels, 1)], "current": current}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(entries: Iterable[dict[str, Any]], label: str) -> dict[str, Any]:
    """Tabs that are links: entries of {label, url, current, count}."""
    return {"entries": entries, "label": label}


@register.simple_tag
def error_summary(form: forms.BaseForm) -> str:
    """All errors of a form on top of the page, each a link to its field; it takes the focus when the page
    opens.
    """
    form.summary_shown = True  # type: ignore[attr-defined]
    context = {"errors": error_links(form), "id": f"error-summary-{form.prefix or 'form'}"}
    return render_to_string("ui/forms/summary.html", context)


@register.inclusion_tag("ui/forms/buttons.html")
def form_buttons(
    primary: str,
    secondary: str = "",
    secondary_name: str = "later",
    cancel: str = "",
    negative: bool = False,
    name: str = "",
    value: str = "1",
) -> dict[str, Any]:
    """The buttons under a form: `primary` submits; `secondary` submits with its own name; `cancel` is an
    address.
    """
    return {
        "primary": primary,
        "secondary": secondary,
        "secondary_name": secondary_name,
        "cancel": cancel,
        "negative": negative,
        "name": name,
        "value": value,
    }


@register.filter
def number(value: Any, decimals: int = 0) -> str:
    """A number as the language writes it: 13.263 in Dutch, 13,263 in English; empty for None."""
    if type(value) is int:
        return _whole_number(value, decimals, get_language())
    if value in (None, ""):
        return ""
    return number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def numbers() -> Callable[[Any], str]:
    """`number` for a list of hundreds, for which the language is asked once."""
    language = get_language()
    return lambda value: _whole_number(value, 0, language) if type(value) is int else number(value)


@lru_cache(maxsize=10_000)
def _whole_number(value: int, decimals: int, _language: str | None) -> str:
    """The same for a whole number, kept by language: pages hold hundreds of them, and the same ones."""
    return number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)


@register.filter
def percentage(value: Any, decimals: int = 1) -> str:
    """A share between 0 and 1 as a percentage, rounded: 61,4% in Dutch."""
    if value is None:
        return ""
    rounded = round(value * 100, decimals)  # Django's own cuts off what is left
    return f"{number_format(rounded, decimals, use_l10n=True)}%"


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _time_element(value: date | datetime, text: str, title: str = "") -> SafeString:
    moment = value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
    extra = f' title="{conditional_escape(title)}"' if title else ""
    return mark_safe(f'<time datetime="{moment}"{extra}>{conditional_escape(text)}</time>')  # noqa: S308  # escaped


@register.filter
def day(value: date | datetime | None) -> str:
    """A date in words: 12 december 2026."""
    if not value:
        return ""
    local = _local(value)
    on = local.date() if isinstance(local, datetime) else local
    return _time_element(value, _day_in_words(get_language(), on))


@lru_cache(maxsize=4096)
def _day_in_words(_language: str | None, on: date) -> str:
    """A day in the words of the present language; a long list has many of one day."""
    return date_format(on, "j F Y")


@register.filter
def moment(value: datetime | None) -> str:
    """A date in words with the time of day: 12 december 2026, 14:02."""
    return _time_element(value, _moment_in_words(value)) if value else ""


def _moment_in_words(value: datetime) -> str:
    """A day in words, kept for what comes next, with the time of day."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{_day_in_words(get_language(), local.date())}, {local:%H:%M}"


@register.filter
def ago(value: date | datetime | None) -> str:
    """How long ago, or how far ahead: "3 days ago", "in 2 weeks", "today", "just now"; the full date is its title."""
    if not value:
        return ""
    if isinstance(value, datetime):
        now: date | datetime = (at := timezone.now())
        full = _moment_in_words(value)
        if abs(value - at) < _JUST_NOW:
            return _time_element(value, _("just now"), full)
    else:
        now = timezone.localdate()
        full = _day_in_words(get_language(), value)
        if value == now:
            return _time_element(value, _("today"), full)
    past = value <= now
    span = timesince(value, now, depth=1) if past else timesince(now, value, depth=1)
    text = _("%(span)s ago") if past else _("in %(span)s")
    return _time_element(value, text % {"span": span}, full)


@register.filter
def begin(value: Any, length: int) -> str:
    """The beginning of a text, of at most so many characters with the dots at its end: as `truncatechars`, which
    looks at each character where this one counts them.
    """
    return beginning(str(value), length)


@register.filter
def markdown(value: str | None, top: int = 3) -> SafeString:
    """What a person wrote in Markdown, as safe HTML in a block of prose; its headings start at level `top`."""
    return mark_safe(f'<div class="app-prose">{render_markdown(value or "", top)}</div>')  # noqa: S308  # cleaned by nh3
