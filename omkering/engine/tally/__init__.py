"""Counting votes, exactly.

`tally` counts ballots against a frozen roll under a rule, all three of them data, and returns a `Result` that
carries its own reasons. Weights are read from the roll alone: a ballot cannot bring its own. All numbers are
integers; a tie is stated and never broken.

Conventions
- A member *is present* when the caller says so, and by default when it cast a ballot. It *casts* when it
  hands in a ballot, an abstention included. It *is absent* when it is not present.
- A member may divide its votes over several ballots (a split mandate); their sum is at most its weight.
- In *votes* a ballot counts for its number of votes. In *heads* a member counts as one, for an option that
  has all its votes apart from abstentions; a member whose votes point different ways is counted as cast,
  for no option.
"""

from omkering.engine.tally.ballots import Ballot, BallotBox, BallotError, Entry, Roll, RollError
from omkering.engine.tally.counting import Result, Step, count, tally
from omkering.engine.tally.rules import ABSTAIN, Quorum, Rule, RuleError, Threshold, required_of

__all__ = [
    "ABSTAIN",
    "Ballot",
    "BallotBox",
    "BallotError",
    "Entry",
    "Quorum",
    "Result",
    "Roll",
    "RollError",
    "Rule",
    "RuleError",
    "Step",
    "Threshold",
    "count",
    "required_of",
    "tally",
]
