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
    _register_ways()
    _register_options()


def _register_ways() -> None:
    """By acclamation, on an advice, decided by the chair, ratified, undone."""
    milestones.register(
        "vote.acclaimed",
        text=_("“%(because)s” led to a decision: “%(title)s” was adopted by acclamation."),
        text_own=_("“%(title)s” was adopted by acclamation: nobody objected."),
    )
    milestones.register(
        "vote.objected",
        text=_(
            "A member objected to deciding on “%(title)s” by acclamation. Members can vote until %(closes)s."
        ),
    )
    milestones.register(
        f"vote.{Outcome.ADOPTED}_by_chair",
        text=_("The votes on “%(title)s” were equal, and the chair decided: adopted."),
    )
    milestones.register(
        f"vote.{Outcome.REJECTED}_by_chair",
        text=_("The votes on “%(title)s” were equal, and the chair decided: rejected."),
    )
    milestones.register(
        "vote.advice_followed",
        text=_(
            "The members followed the advice on “%(title)s”, which came from “%(because)s”, with %(votes_for)s of the "
            "%(base)s votes that counted."
        ),
        text_own=_(
            "The members followed the advice on “%(title)s” with %(votes_for)s of the %(base)s votes that counted."
        ),
    )
    milestones.register(
        "vote.advice_rejected",
        text=_("The members did not follow the advice on “%(title)s”. They still decide on the text itself."),
    )
    for key in ("vote.held", "vote.taken_over"):  # for other rooms; people hear that the advice was followed
        milestones.register(key, text=_("The members followed the advice on “%(title)s”."))
    milestones.register(
        "vote.ratified", text=_("The members made formal what they decided earlier on “%(title)s”.")
    )
    milestones.register(
        "vote.not_ratified",
        text=_(
            "What the members decided earlier on “%(title)s” was not made formal: it was not adopted again."
        ),
    )
    milestones.register(
        "vote.undone",
        text=_("The vote on “%(title)s” was undone and does not count. It is held again, on %(again)s."),
    )


def _register_options() -> None:
    """Votes in which options are chosen."""
    milestones.register(
        "vote.elected",
        text=_("“%(because)s” led to a choice: in the vote on “%(title)s” the members chose %(options)s."),
        text_own=_("In the vote on “%(title)s” the members chose %(options)s."),
    )
    milestones.register(
        "vote.options_tied",
        text=_("The vote on “%(title)s” is a tie. Nothing is decided between what is equal."),
    )
    milestones.register(
        "vote.none_elected",
        text=_("In the vote on “%(title)s” nothing was chosen: no option had enough votes."),
    )
