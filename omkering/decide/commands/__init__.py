"""Every change of proposals, votes and ballots: each is one transaction with its own event."""

from omkering.decide.commands.ballots import cast_ballot
from omkering.decide.commands.proposals import edit_proposal, make_proposal
from omkering.decide.commands.votes import (
    change_plan,
    close_vote,
    open_and_close_due,
    open_vote,
    plan_vote,
    withdraw_vote,
)

__all__ = [
    "cast_ballot",
    "change_plan",
    "close_vote",
    "edit_proposal",
    "make_proposal",
    "open_and_close_due",
    "open_vote",
    "plan_vote",
    "withdraw_vote",
]
