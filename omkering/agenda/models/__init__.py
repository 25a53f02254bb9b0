"""What is on the agenda: challenges and how they hang together, dossiers with what they ask, and priorities."""

from omkering.agenda.models.challenges import (
    Challenge,
    ChallengeState,
    Conflict,
    ConflictState,
    Coupling,
    CouplingKind,
    Placement,
)
from omkering.agenda.models.conditions import (
    Condition,
    ConditionAnswer,
    ConditionKind,
    ConditionState,
    Fulfilment,
)
from omkering.agenda.models.dossiers import (
    Dossier,
    DossierDocument,
    DossierState,
    DossierStep,
    Participation,
    Party,
)
from omkering.agenda.models.rounds import (
    BallotKind,
    Candidate,
    Departure,
    Electorate,
    PriorityBallot,
    Round,
    RoundLine,
    RoundState,
)

__all__ = [
    "BallotKind",
    "Candidate",
    "Challenge",
    "ChallengeState",
    "Condition",
    "ConditionAnswer",
    "ConditionKind",
    "ConditionState",
    "Conflict",
    "ConflictState",
    "Coupling",
    "CouplingKind",
    "Departure",
    "Dossier",
    "DossierDocument",
    "DossierState",
    "DossierStep",
    "Electorate",
    "Fulfilment",
    "Participation",
    "Party",
    "Placement",
    "PriorityBallot",
    "Round",
    "RoundLine",
    "RoundState",
]
