"""Nomination rounds and vacancies in words, the news they give, and what a vote does to a vacancy.

No text names a candidate. News of a candidacy goes to the candidate alone.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from omkering.decide.commands import elections
from omkering.decide.models import NominationState, VacancyState
from omkering.thread import kinds, milestones
from omkering.thread.models import Item


def register() -> None:
    """Make the kinds and milestones of this part known."""
    kinds.register(
        "nomination",
        label=_("Nomination round"),
        plural=_("Nomination rounds"),
        url_name="decide:nomination",
        state_labels=dict(NominationState.choices),
    )
    kinds.register(
        "vacancy",
        label=_("Vacancy"),
        plural=_("Vacancies"),
        url_name="decide:vacancy",
        state_labels=dict(VacancyState.choices),
    )
    milestones.register(
        "nomination.opened",
        text=_("Seats are to be filled: “%(title)s”. Candidates can come forward until %(closes)s."),
    )
    milestones.register(
        "nomination.withdrawn", text=_("The round “%(title)s” was called off. The page says why.")
    )
    milestones.register(
        "nomination.published",
        text=_(
            "The nominations of “%(title)s” are out. Members can put up other candidates until %(until)s."
        ),
    )
    milestones.register("vacancy.filled", text=_("“%(title)s” is filled."))
    milestones.register("vacancy.not_filled", text=_("“%(title)s” was left open. The page says why."))
    milestones.register("vacancy.counter_candidate", text=_("Somebody else stands for “%(title)s” too."))
    milestones.register(
        "candidacy.nominated",
        text=_(
            "You are nominated for “%(title)s”. Until the decision you observe the meetings of this body."
        ),
    )
    milestones.register(
        "candidacy.not_nominated",
        text=_("You are not nominated for “%(title)s”. You can read why, and nobody else can."),
    )
    milestones.register(
        "candidacy.asked", text=_("A member asks you to stand for “%(title)s”. Say whether you want to.")
    )
    milestones.register("candidacy.appointed", text=_("You are appointed: “%(title)s”."))
    milestones.register(
        "candidacy.not_appointed", text=_("You are not appointed for “%(title)s”. The page says how it went.")
    )
    milestones.register(
        "recommendation.asked", text=_("A candidate for “%(title)s” asks your network for a recommendation.")
    )
    milestones.register("recommendation.given", text=_("You were recommended for “%(title)s”."))


@milestones.on("vote.elected", "vacancy")
def _elected(*, item: Item, cause: Item, actor: Any, data: dict[str, Any]) -> None:
    elections.elected(item.pk, elections.as_vote(cause), list(data.get("refs", ())), actor)


@milestones.on("vote.adopted", "vacancy")
def _adopted(*, item: Item, cause: Item, actor: Any, data: dict[str, Any]) -> None:
    elections.adopted(item.pk, elections.as_vote(cause), actor)


@milestones.on("vote.rejected", "vacancy")
def _rejected(*, item: Item, cause: Item, actor: Any, data: dict[str, Any]) -> None:
    elections.rejected(item.pk, actor)


@milestones.on("vote.none_elected", "vacancy")
@milestones.on("vote.options_tied", "vacancy")
@milestones.on("vote.tie", "vacancy")
@milestones.on("vote.no_quorum", "vacancy")
def _nothing_decided(*, item: Item, cause: Item, actor: Any, data: dict[str, Any]) -> None:
    elections.back_to_open(item.pk)
