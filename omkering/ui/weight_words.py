"""How votes follow from inhabitants, in plain words; the same words wherever members count by weight."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omkering.ui.templatetags.ui import number


def weight_in_words(rule: dict[str, Any]) -> str:
    """A rule of `who.weight_rules` as a sentence."""
    rest = {
        "ceil": _("a remainder counts as a whole vote"),
        "floor": _("a remainder does not count"),
        "half_up": _("a remainder counts from a half"),
    }[rule["rounding"]]
    if rule["cap"] is None:
        bounds = ngettext(
            "every member has at least %(minimum)s vote, and there is no maximum",
            "every member has at least %(minimum)s votes, and there is no maximum",
            rule["minimum"],
        )
    else:
        bounds = _("every member has at least %(minimum)s and at most %(cap)s votes")
    sentence = _("One vote for every %(unit)s inhabitants; %(rest)s; ")
    return (
        sentence % {"unit": number(rule["unit"]), "rest": rest}
        + bounds
        % {
            "minimum": number(rule["minimum"]),
            "cap": number(rule["cap"]),
        }
        + "."
    )
