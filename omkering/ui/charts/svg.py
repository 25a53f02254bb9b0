"""What all pictures share: numbers and text written safely into SVG, and the five-step scale."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape  # as Django's, which costs twice as much: a map has a thousand texts
from math import isfinite

from django.utils.safestring import SafeString, mark_safe

from omkering.ui.templatetags.ui import number

STEPS = 5
NO_FIGURE = "app-step-none"  # class of a member without one
Number = int | float | Decimal


def coordinate(value: float) -> str:
    """A coordinate with at most one decimal and no needless zero."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def attribute(value: object) -> str:
    """Text that is safe within an attribute or an element."""
    return escape(str(value))


def finish(parts: Iterable[str]) -> SafeString:
    """One SVG string; all its parts have been escaped by who made them."""
    return mark_safe("".join(parts))  # noqa: S308


@dataclass(frozen=True)
class Scale:
    """A scale of at most five steps. `breaks` are the lower bounds of the steps after the first, ascending;
    `low` and `high` are the smallest and the largest value. With `open_ended` the breaks were given, and the
    outer steps read "less than" and "or more"."""

    breaks: tuple[Number, ...]
    low: Number
    high: Number
    open_ended: bool = False

    def _class(self, position: int) -> str:
        # Few steps spread over the five colours, so that the darkest is always used.
        steps = len(self.breaks)
        return f"app-step-{1 + round(position * (STEPS - 1) / steps) if steps else STEPS}"

    def step(self, value: Number | None) -> str:
        """CSS class of a value: `app-step-1` … `app-step-5`, or NO_FIGURE where there is no value."""
        return NO_FIGURE if value is None else self._class(bisect_right(self.breaks, value))

    def legend(self, decimals: int = 0) -> list[tuple[str, str]]:
        """(CSS class, label) of each step from low to high; whole numbers read "1 – 4", others "1,0 – <
        2,5".
        """
        whole = decimals == 0 and all(float(v).is_integer() for v in (self.low, *self.breaks, self.high))
        starts: list[Number] = [self.low, *self.breaks]
        rows = []
        for position, start in enumerate(starts):
            last = position + 1 == len(starts)
            after = self.high if last else starts[position + 1]
            if self.open_ended and position == 0 and not last:
                label = f"< {number(after, decimals)}"
            elif self.open_ended and last and position:
                label = f"≥ {number(start, decimals)}"
            else:
                end = after if last or not whole else after - 1
                sign = "" if last or whole else "< "
                label = number(start, decimals)
                if sign or end != start:
                    label = f"{label} – {sign}{number(end, decimals)}"
            rows.append((self._class(position), label))
        return rows


def _cuts(ascending: Sequence[Number]) -> tuple[Number, ...]:
    """Lower bounds of the classes above the lowest, each with as many of these values as can be."""
    cuts = {ascending[len(ascending) * step // STEPS] for step in range(1, STEPS)}
    return tuple(sorted(cut for cut in cuts if cut > ascending[0]))


def make_scale(values: Iterable[Number | None], breaks: Sequence[Number] | None = None) -> Scale | None:
    """The scale of a set of values; None where there are none.

    breaks: given lower bounds of steps 2 to 5, or None for classes of equal count (equal values always share
    a class, so there may be fewer than five). Where nearly all have the lowest value that would be one class, and
    each different value counts once instead.
    """
    known = sorted(v for v in values if v is not None)
    if not known:
        return None
    if not all(isfinite(v) for v in known):
        raise ValueError("A map cannot show a value that is not a finite number.")
    low, high = known[0], known[-1]
    if breaks is None:
        return Scale(_cuts(known) or _cuts(sorted(set(known))), low, high)
    if list(breaks) != sorted(set(breaks)) or len(breaks) > STEPS - 1:
        raise ValueError("Class breaks must ascend, and there are at most four.")
    return Scale(tuple(breaks), low, high, open_ended=True)
