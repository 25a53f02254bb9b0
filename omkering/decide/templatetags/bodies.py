"""Figures of a composition as a page writes them."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import template

from omkering.ui.templatetags.ui import number, percentage

register = template.Library()
NOTHING = "–"


@register.filter
def tenth(value: Fraction | None) -> str:
    """With one figure behind the comma; a dash where it is not known."""
    return NOTHING if value is None else number(float(value), 1)


@register.filter
def signed(value: Fraction | None) -> str:
    """As `tenth`, with its sign: +1.5 or −0.8."""
    return NOTHING if value is None else f"{_sign(round(float(value), 1))}{number(abs(float(value)), 1)}"


@register.filter
def signed_whole(value: int) -> str:
    """A whole number with its sign."""
    return f"{_sign(value)}{number(abs(value))}"


@register.filter
def share(value: Fraction | None) -> str:
    """A share in per cent; a dash where it is not known."""
    return NOTHING if value is None else percentage(float(value))


@register.filter
def of(values: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key; None for nothing."""
    return values.get(key)


def _sign(value: float) -> str:
    return "+" if value > 0 else "−" if value < 0 else ""
