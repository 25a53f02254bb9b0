"""Who does significantly better, or worse, than its look-alikes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from omkering.engine.peers.counts import Kind, Outcome, PeersError, check, fisher, rates
from omkering.engine.peers.significance import Correction, adjust


@dataclass(frozen=True)
class Comparison:
    """A member beside its look-alikes together.

    `value` and `peer_value` are proportions or rates, `p` the exact two-sided chance of such a difference
    when there is none, `adjusted` the same after correction for all comparisons made. `verdict` is "better",
    "worse" or "no difference shown" (which is not: equal).
    """

    member: str
    value: float
    peer_value: float
    peers: tuple[str, ...]
    p: float
    adjusted: float
    verdict: str


def better_than_peers(
    outcomes: Mapping[str, Outcome],
    peers: Mapping[str, Iterable[str]],
    kind: Kind,
    *,
    higher_is_better: bool = True,
    level: float = 0.05,
    correction: Correction = Correction.BENJAMINI_HOCHBERG,
) -> tuple[Comparison, ...]:
    """Each member of `peers` beside the sum of its look-alikes, by name.

    Look-alikes without an outcome are left out; a member without an outcome, or none of whose look-alikes has
    one, is not compared. Proportions by Fisher's exact test, rates by the exact conditional test, both
    doubled to be two-sided. Raises PeersError for impossible counts, a level outside 0 to 1 or a member that
    is its own peer.
    """
    check(outcomes, kind)
    if not 0 < level < 1:
        raise PeersError("the level must lie between 0 and 1")
    rows: list[tuple[str, Outcome, Outcome, tuple[str, ...], float, bool]] = []
    for member in sorted(peers):
        others = tuple(sorted({name for name in peers[member] if name in outcomes}))
        if member in others:
            raise PeersError(f"{member} cannot be its own look-alike")
        if member not in outcomes or not others:
            continue
        together = Outcome(sum(outcomes[n].count for n in others), sum(outcomes[n].base for n in others))
        low, high = (fisher if kind is Kind.PROPORTION else rates)(outcomes[member], together)
        rows.append((member, outcomes[member], together, others, min(1.0, 2 * min(low, high)), high < low))
    adjusted = adjust([row[4] for row in rows], correction)
    found = []
    for (member, own, together, others, p, above), corrected in zip(rows, adjusted, strict=True):
        verdict = "no difference shown"
        if corrected <= level:
            verdict = "better" if above == higher_is_better else "worse"
        found.append(Comparison(member, own.value, together.value, others, p, corrected, verdict))
    return tuple(found)
