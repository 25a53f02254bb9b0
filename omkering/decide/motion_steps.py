"""The steps that a motion can take, and what each state stands for. Pure."""

from omkering.decide.models import MotionState

State = MotionState

# From each state: the states that can come after it.
ALLOWED: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.FILED, State.WITHDRAWN}),
    State.FILED: frozenset(
        {
            State.NOT_ADMITTED,
            State.VOTING,
            State.ADOPTED,
            State.REJECTED,
            State.TAKEN_OVER,
            State.HELD,
            State.SPLIT,
            State.MERGED,
            State.WITHDRAWN,
        }
    ),
    State.NOT_ADMITTED: frozenset({State.FILED, State.WITHDRAWN}),  # on time for a later meeting
    State.VOTING: frozenset({State.FILED, State.ADOPTED, State.REJECTED, State.TAKEN_OVER, State.HELD}),
    State.HELD: frozenset(
        {
            State.FILED,
            State.VOTING,
            State.ADOPTED,
            State.REJECTED,
            State.TAKEN_OVER,
            State.SPLIT,
            State.MERGED,
            State.WITHDRAWN,
        }
    ),
    State.ADOPTED: frozenset({State.SETTLED}),
    State.TAKEN_OVER: frozenset({State.SETTLED}),
    State.REJECTED: frozenset(),
    State.SPLIT: frozenset(),
    State.MERGED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.SETTLED: frozenset(),
}
ON_THE_TABLE = (State.FILED, State.HELD)  # its filers can still change it
UNDECIDED = (State.FILED, State.VOTING, State.HELD)
CARRIED_OUT = (State.ADOPTED, State.TAKEN_OVER)  # somebody must carry it out, until it is settled
DECIDED = frozenset(
    {
        State.ADOPTED,
        State.REJECTED,
        State.TAKEN_OVER,
        State.NOT_ADMITTED,
        State.WITHDRAWN,
        State.MERGED,
        State.SPLIT,
    }
)

# The columns of the board of all motions.
BOARD: dict[str, tuple[str, ...]] = {
    "to_decide": (State.FILED, State.VOTING),
    "held": (State.HELD,),
    "at_work": CARRIED_OUT,
    "settled": (State.SETTLED,),
    "fell": (State.REJECTED, State.NOT_ADMITTED, State.WITHDRAWN, State.MERGED, State.SPLIT),
}


def can_step(before: str, after: str) -> bool:
    """Whether a motion in the first state can come in the second."""
    return after in ALLOWED[before]
