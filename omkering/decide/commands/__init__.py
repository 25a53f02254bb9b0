"""Every change of proposals, votes and ballots: each is one transaction with its own event."""

from omkering.decide.commands.advice import advise
from omkering.decide.commands.ballot_lists import cast_list
from omkering.decide.commands.ballots import cast_ballot
from omkering.decide.commands.desk_ballots import (
    confirm_all_desk_ballots,
    confirm_desk_ballot,
    enter_desk_ballot,
    enter_desk_ballots,
    refuse_desk_ballot,
)
from omkering.decide.commands.follow_up import (
    answer_settling,
    decide_settling,
    plan_execution,
    propose_settling,
    report,
)
from omkering.decide.commands.motion_admission import ask_urgency, decide_urgency
from omkering.decide.commands.motion_outcomes import hold_motion, split_motion, take_over
from omkering.decide.commands.motion_talks import (
    agree_merger,
    end_talk,
    merge_motions,
    open_talk,
    propose_merger,
    say_in_talk,
)
from omkering.decide.commands.motions import (
    bring_to_meeting,
    change_motion,
    draft_motion,
    file_motion,
    place_on_agenda,
    withdraw_motion,
)
from omkering.decide.commands.proposals import edit_proposal, make_proposal
from omkering.decide.commands.show_of_hands import enter_show_of_hands
from omkering.decide.commands.signatures import sign_motion, withdraw_signature
from omkering.decide.commands.undertakings import (
    change_undertaking,
    record_undertaking,
    withdraw_undertaking,
)
from omkering.decide.commands.vote_corrections import object_to, undo_vote
from omkering.decide.commands.vote_plans import change_plan, plan_vote, withdraw_vote
from omkering.decide.commands.vote_results import announce_result, decide_tie
from omkering.decide.commands.votes import close_vote, extend_vote, open_and_close_due, open_vote

__all__ = [
    "advise",
    "agree_merger",
    "announce_result",
    "answer_settling",
    "ask_urgency",
    "bring_to_meeting",
    "cast_ballot",
    "cast_list",
    "change_motion",
    "change_plan",
    "change_undertaking",
    "close_vote",
    "confirm_all_desk_ballots",
    "confirm_desk_ballot",
    "decide_settling",
    "decide_tie",
    "decide_urgency",
    "draft_motion",
    "edit_proposal",
    "end_talk",
    "enter_desk_ballot",
    "enter_desk_ballots",
    "enter_show_of_hands",
    "extend_vote",
    "file_motion",
    "hold_motion",
    "make_proposal",
    "merge_motions",
    "object_to",
    "open_and_close_due",
    "open_talk",
    "open_vote",
    "place_on_agenda",
    "plan_execution",
    "plan_vote",
    "propose_merger",
    "propose_settling",
    "record_undertaking",
    "refuse_desk_ballot",
    "report",
    "say_in_talk",
    "sign_motion",
    "split_motion",
    "take_over",
    "undo_vote",
    "withdraw_motion",
    "withdraw_signature",
    "withdraw_undertaking",
    "withdraw_vote",
]
