"""Proposals and votes in words: their kinds, their states, and the news they give."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from omkering.decide.models import Outcome, ProposalState, VoteState
from omkering.thread import kinds, milestones


def register() -> None:
    """Make the kinds and milestones of this room known; called once, when the application starts."""
    kinds.register(
        "proposal",
        label=_("Proposal"),
        plural=_("Proposals"),
        url_name="decide:proposal",
        state_labels=dict(ProposalState.choices),
    )
    kinds.register(
        "vote",
        label=pgettext_lazy("kind of item", "Vote"),
        plural=pgettext_lazy("kind of item", "Votes"),
        url_name="decide:vote",
        state_labels=dict(VoteState.choices),
    )
    milestones.register(
        "proposal.made",
        text=_("“%(because)s” led to a proposal: “%(title)s”."),
        text_own=_("There is a new proposal: “%(title)s”."),
        text_yours=_("Your %(because_kind)s “%(because)s” led to a proposal: “%(title)s”."),
    )
    milestones.register(
        "vote.opened",
        text=_("“%(because)s” led to a vote: “%(title)s”. Members can vote until %(closes)s."),
        text_own=_("The vote on “%(title)s” is open. Members can vote until %(closes)s."),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” led to a vote: “%(title)s”. Members can vote until %(closes)s."
        ),
    )
    # One for each outcome, so that another room can react to the one it waits for.
    milestones.register(
        f"vote.{Outcome.ADOPTED}",
        text=_(
            "“%(because)s” led to a decision: “%(title)s” was adopted with %(votes_for)s of the %(base)s votes "
            "that counted."
        ),
        text_own=_("“%(title)s” was adopted with %(votes_for)s of the %(base)s votes that counted."),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” led to a decision: “%(title)s” was adopted with %(votes_for)s "
            "of the %(base)s votes that counted."
        ),
    )
    milestones.register(
        f"vote.{Outcome.REJECTED}",
        text=_(
            "“%(because)s” led to a decision: “%(title)s” was rejected. It had %(votes_for)s votes and needed "
            "%(required)s."
        ),
        text_own=_("“%(title)s” was rejected. It had %(votes_for)s votes and needed %(required)s."),
        text_yours=_(
            "Your %(because_kind)s “%(because)s” led to a decision: “%(title)s” was rejected. It had "
            "%(votes_for)s votes and needed %(required)s."
        ),
    )
    milestones.register(
        f"vote.{Outcome.TIE}",
        text=_(
            "The vote on “%(title)s”, which came from “%(because)s”, is a tie: %(votes_for)s votes for and "
            "%(votes_against)s against. Nothing is decided."
        ),
        text_own=_(
            "The vote on “%(title)s” is a tie: %(votes_for)s votes for and %(votes_against)s against. Nothing "
            "is decided."
        ),
        text_yours=_(
            "The vote on “%(title)s”, which came from your %(because_kind)s “%(because)s”, is a tie: "
            "%(votes_for)s votes for and %(votes_against)s against. Nothing is decided."
        ),
    )
    milestones.register(
        f"vote.{Outcome.NO_QUORUM}",
        text=_(
            "Too few members voted on “%(title)s”, which came from “%(because)s”: %(cast)s of %(roll)s votes "
            "were cast. Nothing is decided."
        ),
        text_own=_(
            "Too few members voted on “%(title)s”: %(cast)s of %(roll)s votes were cast. Nothing is decided."
        ),
        text_yours=_(
            "Too few members voted on “%(title)s”, which came from your %(because_kind)s “%(because)s”: "
            "%(cast)s of %(roll)s votes were cast. Nothing is decided."
        ),
    )
