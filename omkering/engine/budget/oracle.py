"""The same rules, slow and obvious, with a fraction for every voter: what the fast ones must agree with.

Nothing in the product calls these; the tests do.
"""

from __future__ import annotations

from fractions import Fraction

from omkering.engine.budget.election import Election

Ballots = list[dict[int, Fraction]]


def _ballots(election: Election) -> Ballots:
    """Per voter, the projects it supports with the points it gives them."""
    ballots: Ballots = [{} for _ in election.voters]
    for p in range(len(election.projects)):
        first, last = int(election.start[p]), int(election.start[p + 1])
        for i, points in zip(election.voter[first:last], election.score[first:last], strict=True):
            ballots[i][p] = Fraction(int(points), election.score_scale)
    return ballots


def _price(cost: Fraction, purses: list[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The lowest price at which purses (money, most it pays per unit of price) together pay ``cost``."""
    if sum(money for money, _ in purses) < cost:
        return None
    purses = sorted(purses, key=lambda purse: purse[0] / purse[1])
    need, parts = cost, sum(share for _, share in purses)
    for money, share in purses:
        if need / parts * share <= money:
            return need / parts
        need -= money
        parts -= share
    raise AssertionError("purses that hold the cost must pay it")


def equal_shares_run(
    election: Election, utility: str, endowment: Fraction
) -> tuple[list[str], dict[str, dict[str, Fraction]], dict[str, Fraction]]:
    """Equal shares with ``endowment`` per unit of weight: the choice, the payments, and what each voter has left."""
    ballots = _ballots(election)
    money = [endowment * weight for weight in election.weights]
    supported = [p for p in range(len(election.projects)) if any(p in ballot for ballot in ballots)]
    chosen = [p for p in supported if not election.costs[p]]
    chosen.sort(key=lambda p: election.projects[p])
    payments: dict[str, dict[str, Fraction]] = {}
    while True:
        best: tuple[Fraction, str, int, Fraction] | None = None
        for p in supported:
            if p in chosen:
                continue
            worth = election.costs[p] if utility == "cost" else Fraction(1)
            price = _price(
                election.costs[p],
                [(money[i], election.weights[i] * b[p]) for i, b in enumerate(ballots) if p in b],
            )
            if price is not None and (best is None or (price / worth, election.projects[p]) < best[:2]):
                best = (price / worth, election.projects[p], p, price)
        if best is None:
            break
        _, name, p, price = best
        payments[name] = {}
        for i, ballot in enumerate(ballots):
            if p in ballot:
                amount = min(money[i], price * election.weights[i] * ballot[p])
                money[i] -= amount
                if amount:
                    payments[name][election.voters[i]] = amount
        chosen.append(p)
    names = [election.projects[p] for p in chosen]
    return names, payments, dict(zip(election.voters, money, strict=True))


def equal_shares(election: Election, utility: str, completion: str, step: Fraction) -> list[str]:
    """The choice of the method of equal shares, every increment of add1 run in full."""
    cost = dict(zip(election.projects, election.costs, strict=True))
    supported = {election.projects[p] for p in range(len(cost)) if len(election.supporters(p))}
    endowment = election.budget / sum(election.weights) if election.voters else Fraction(0)
    chosen = equal_shares_run(election, utility, endowment)[0]
    if completion in ("add1", "add1u"):
        while True:
            left = election.budget - sum(cost[p] for p in chosen)
            if all(cost[p] > left for p in supported - set(chosen) if cost[p]):
                break
            endowment += step
            following = equal_shares_run(election, utility, endowment)[0]
            if sum(cost[p] for p in following) > election.budget:
                break
            chosen = following
    if completion in ("greedy", "add1u"):
        chosen = chosen + greedy(election, utility, chosen)
    return chosen


def greedy(election: Election, utility: str, chosen: list[str]) -> list[str]:
    """What greedy adds to ``chosen``."""
    ballots = _ballots(election)
    left = election.budget - sum(election.costs[election.projects.index(p)] for p in chosen)
    scores = []
    for p, name in enumerate(election.projects):
        votes = sum((w * b[p] for w, b in zip(election.weights, ballots, strict=True) if p in b), Fraction(0))
        if votes and name not in chosen:
            cost = election.costs[p]
            score = votes if utility == "cost" else votes / cost if cost else Fraction(0)
            scores.append((bool(cost), -score if cost else Fraction(0), name, cost))
    added = []
    for _, _, name, cost in sorted(scores):
        if cost <= left:
            left -= cost
            added.append(name)
    return added


def phragmen(election: Election) -> list[str]:
    """The choice of Phragmén's sequential rule, with a load for every voter."""
    ballots = _ballots(election)
    loads = [Fraction(0)] * len(election.voters)
    supporters = {p: [i for i, b in enumerate(ballots) if p in b] for p in range(len(election.projects))}
    waiting = [p for p, who in supporters.items() if who and election.costs[p] <= election.budget]
    left, chosen = election.budget, []
    while waiting:
        new = {
            p: (sum(election.weights[i] * loads[i] for i in supporters[p]) + election.costs[p])
            / sum(election.weights[i] for i in supporters[p])
            for p in waiting
        }
        tied = sorted((p for p in waiting if new[p] == min(new.values())), key=lambda p: election.projects[p])
        if any(election.costs[p] > left for p in tied):
            break
        for i in supporters[tied[0]]:
            loads[i] = new[tied[0]]
        left -= election.costs[tied[0]]
        chosen.append(election.projects[tied[0]])
        waiting.remove(tied[0])
    return chosen
