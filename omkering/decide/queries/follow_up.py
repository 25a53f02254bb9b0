"""What follows on an adopted motion or an undertaking: plans, reports and settling, to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from omkering.decide.commands.follow_up import WAITS
from omkering.decide.models import Execution, Report, Settlement, SettlementState
from omkering.thread.models import Item


@dataclass(frozen=True)
class FollowUp:
    """The plans (newest first), the reports and the proposals to settle (oldest first) of one item."""

    plans: list[Execution]
    reports: list[Report]
    settlements: list[Settlement]

    @property
    def plan(self) -> Execution | None:
        """The plan that holds."""
        return next((plan for plan in self.plans if plan.ended_at is None), None)

    @property
    def settlement(self) -> Settlement | None:
        """The proposal to settle that waits, or the last one."""
        return self.settlements[-1] if self.settlements else None

    @property
    def waits(self) -> bool:
        """Whether a proposal to settle is not decided yet."""
        return self.settlement is not None and self.settlement.state in WAITS


def follow_up_of(about: Item) -> FollowUp:
    """What follows on an item; three queries."""
    plans = Execution.objects.filter(about_id=about.pk).select_related("owner_body")
    settlements = Settlement.objects.filter(about_id=about.pk).select_related("decided_in")
    light = ("search", "body", "rules", "deadlines")
    return FollowUp(
        plans=list(plans.order_by("-pk")),
        reports=list(Report.objects.filter(about_id=about.pk).order_by("pk")),
        settlements=list(settlements.defer(*(f"decided_in__{name}" for name in light)).order_by("pk")),
    )


def follow_up_entries(found: FollowUp) -> Iterable[tuple[datetime, str, str]]:
    """What happened of it: when, in a sentence, and in people's own words."""
    for plan in found.plans:
        words: dict[str, Any] = {"body": plan.owner_body}
        text = _("%(body)s carries it out.") % words
        if plan.due is not None:
            words["day"] = date_format(plan.due, "j F Y")
            text = _("%(body)s carries it out, and gives an account by %(day)s.") % words
        yield plan.made_at, text, plan.plan
    for report in found.reports:
        yield report.made_at, _("It was told what was done."), report.text
    for one in found.settlements:
        yield one.proposed_at, _("It was proposed to settle it, with an account."), one.account
        if one.heard_at is not None:
            agreed = not one.objection
            text = _("Who put it in agreed.") if agreed else _("Who put it in objected.")
            yield one.heard_at, text, one.objection
        if one.decided_at is not None and one.state == SettlementState.REFUSED:
            text = _("“%(meeting)s” decided that it is not settled.") % {"meeting": one.decided_in}
            yield one.decided_at, text, ""
