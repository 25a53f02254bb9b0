"""Who paid what for which project, who was left with what, and what each project that failed lacked."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType

import numpy as np

from omkering.engine.budget.outcome import Failure, Payments, Round
from omkering.engine.budget.run import Run


def rounds(run: Run) -> list[Round]:
    """The rounds of ``run``, with exact prices per unit of weight and point."""
    field, s = run.field, run.state
    election = field.election
    found = []
    for r, p in enumerate(run.winners):
        supporters = election.supporters(p)
        out = s.gone[supporters] == r
        price = Fraction(run.prices[r], run.common)
        if not s.rich[r]:
            # Everyone paid all there was: the price is what the best provided paid per point.
            points = election.score[election.start[p] : election.start[p + 1]]
            kinds = {(int(n), int(k)) for n, k in zip(s.node[supporters][out], points[out], strict=True)}
            price = max(Fraction(run.worth(node), points) for node, points in kinds) / run.common
        per_unit = price * election.weight_scale * election.score_scale / field.money_scale
        found.append(
            Round(
                election.projects[p],
                election.costs[p],
                "paid",
                price=per_unit,
                spent_out=int(out.sum()),
                by_tie_rule=bool(s.tie[r]),
            )
        )
    return found


def failures(run: Run, chosen: set[int]) -> list[Failure]:
    """Each project that is not in ``chosen``: what its supporters had left together, and how much that lacked."""
    field = run.field
    election = field.election
    unit = run.common * field.money_scale
    failed = [p for p in range(len(election.projects)) if p not in chosen]
    found = []
    for p, money in zip(failed, run.held(failed), strict=True):
        heads, held, cost = len(election.supporters(p)), Fraction(money, unit), election.costs[p]
        reason = "too_little_money" if heads else "not_supported"
        found.append(Failure(election.projects[p], cost, reason, heads, held))
    return found


def payments(run: Run) -> Payments:
    """Per chosen project, in order, what each supporter with money paid for it."""
    field, s = run.field, run.state
    election = field.election
    worths = _worths(run)
    unit = run.common * field.money_scale
    weights = election.unit_weights.astype(np.int64).tolist()
    found = {}
    for r, p in enumerate(run.winners):
        amounts: dict[str, Fraction] = {}
        known: dict[tuple[int, int, int], Fraction] = {}
        points = election.score[election.start[p] : election.start[p + 1]].astype(np.int64).tolist()
        for i, score in zip(election.supporters(p).tolist(), points, strict=True):
            gone, node = int(s.gone[i]), int(s.node[i])
            if gone == r:
                key = (weights[i], node, -1)
                amount = weights[i] * worths[node]
            elif gone < 0 or gone > r:
                key = (weights[i], 0, score)
                amount = weights[i] * score * run.prices[r]
            else:
                continue
            if key not in known:
                known[key] = Fraction(amount, unit)
            if amount:
                amounts[election.voters[i]] = known[key]
        found[election.projects[p]] = MappingProxyType(amounts)
    return MappingProxyType(found)


def left(run: Run) -> MappingProxyType[str, Fraction]:
    """What each voter has left at the end."""
    field, s = run.field, run.state
    worths = _worths(run)
    unit = run.common * field.money_scale
    known: dict[tuple[int, int], Fraction] = {}
    found = {}
    weights = field.election.unit_weights.astype(np.int64).tolist()
    for i, (name, gone, node) in enumerate(
        zip(field.election.voters, s.gone.tolist(), s.node.tolist(), strict=True)
    ):
        key = (weights[i], node if gone < 0 else -1)
        if key not in known:
            known[key] = Fraction(weights[i] * worths[node], unit) if gone < 0 else Fraction(0)
        found[name] = known[key]
    return MappingProxyType(found)


def _worths(run: Run) -> list[int]:
    """What a voter in each node has left per unit of weight, over the run's common denominator."""
    s = run.state
    nodes = int(s.size[1])
    paid = zip(
        s.parent[1:nodes].tolist(),
        s.paid_round[1:nodes].tolist(),
        s.paid_score[1:nodes].tolist(),
        strict=True,
    )
    worths = [run.start]
    for parent, r, score in paid:
        worths.append(worths[parent] - int(score) * run.prices[r])
    return worths
