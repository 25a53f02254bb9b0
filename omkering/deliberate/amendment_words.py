"""Amendments in words and tones."""

from django.utils.translation import gettext_lazy as _

from omkering.deliberate.consolidate import Why
from omkering.deliberate.models import AmendmentAdvice, AmendmentState, Deed

WHY = {
    Why.WORDS: _("These amendments change the same words."),
    Why.DROPS: _("One of these drops the paragraph that the others change."),
    Why.PLACE: _("Another text is added at the same place."),
    Why.TEXT: _("These words were changed in the text since the amendment was written."),
    Why.GONE: _("The paragraph is no longer in the text."),
}
TONES = {
    AmendmentState.SUBMITTED: "info",
    AmendmentState.HELD: "warning",
    AmendmentState.ADOPTED: "positive",
    AmendmentState.REJECTED: "negative",
    AmendmentState.FALLEN: "negative",
}
ADVICE_TONES = {
    AmendmentAdvice.Kind.ADOPT: "positive",
    AmendmentAdvice.Kind.CHANGED: "info",
    AmendmentAdvice.Kind.REJECT: "negative",
    AmendmentAdvice.Kind.HOLD: "warning",
}
DEEDS = {
    Deed.CHANGE: _("Change the text"),
    Deed.ADD: _("Add a text after it"),
    Deed.DROP: _("Drop the paragraph"),
}


def state_badge(state: str) -> tuple[str, str]:
    """The state of an amendment with its tone."""
    known = AmendmentState(state)
    return str(known.label), TONES.get(known, "neutral")
