"""Motions and undertakings in words and tones."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omkering.decide.models import (
    Admission,
    AdviceKind,
    Motion,
    MotionState,
    SettlementState,
    UndertakingState,
)
from omkering.engine.merge import Span, merge

TONES = {
    MotionState.FILED: "info",
    MotionState.VOTING: "info",
    MotionState.ADOPTED: "positive",
    MotionState.TAKEN_OVER: "positive",
    MotionState.REJECTED: "negative",
    MotionState.NOT_ADMITTED: "negative",
    MotionState.HELD: "warning",
}
ADVICE_TONES = {
    AdviceKind.ADOPT: "positive",
    AdviceKind.TAKE_OVER: "positive",
    AdviceKind.REJECT: "negative",
    AdviceKind.HOLD: "warning",
}
SETTLEMENT_TONES = {
    SettlementState.PROPOSED: "info",
    SettlementState.AGREED: "info",
    SettlementState.OBJECTED: "warning",
    SettlementState.SETTLED: "positive",
    SettlementState.REFUSED: "negative",
}
UNDERTAKING_TONES = {UndertakingState.OPEN: "info", UndertakingState.SETTLED: "positive"}
COLUMNS = {
    "to_decide": gettext_lazy("To be decided"),
    "held": gettext_lazy("Held over"),
    "at_work": gettext_lazy("Being carried out"),
    "settled": gettext_lazy("Settled"),
    "fell": gettext_lazy("Came to an end"),
}


def named(row: Motion) -> str:
    """A motion by its number in the year, and its part."""
    if row.number is None:
        return _("Draft of a motion")
    number = f"{row.year}-{row.number}"
    if row.part_number is None:
        return _("Motion %(number)s") % {"number": number}
    return _("Motion %(number)s, part %(part)s") % {"number": number, "part": row.part_number}


def state_badge(state: str) -> tuple[str, str]:
    """The state of a motion with its tone."""
    known = MotionState(state)
    return str(known.label), TONES.get(known, "neutral")


def admission_badge(admission: str) -> tuple[str, str] | None:
    """What to say of a motion that came late; None for one on time."""
    if admission in ("", Admission.ON_TIME):
        return None
    return str(Admission(admission).label), "negative" if admission == Admission.REFUSED else "warning"


def is_late(due_at: datetime | None, answered_at: datetime | None) -> bool:
    """Whether an account is owed and its day has passed."""
    return due_at is not None and answered_at is None and due_at < timezone.now()


def difference(before: str, after: str) -> tuple[Span, ...]:
    """What changed between two texts, word by word, for a page."""
    return merge(before, {"1": after}).spans
