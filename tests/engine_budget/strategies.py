"""Made elections for the property tests: small numbers, so that ties and voters at the edge are common."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from omkering.engine.budget import Election

COSTS = st.one_of(st.integers(1, 12), st.sampled_from([Fraction(1, 3), Fraction(5, 2), Fraction(12)]))


@st.composite
def elections(draw: st.DrawFn, scored: bool = False, most: int = 8) -> Election:
    """An election of up to ``most`` projects and voters, with weights, some costs not whole, some ballots empty."""
    ids = draw(
        st.lists(st.sampled_from(["a", "b", "c", "d", "e10", "e9", "f", "g"]), min_size=1, unique=True)
    )
    projects = {project: draw(st.one_of(COSTS, st.just(0))) if most < 8 else draw(COSTS) for project in ids}
    ballots: dict[str, object] = {}
    weights: dict[str, object] = {}
    for number in range(draw(st.integers(1, most))):
        approved = draw(st.sets(st.sampled_from(ids)))
        points = st.sampled_from([1, 2, 3, Fraction(1, 2)])
        ballots[f"v{number}"] = {p: draw(points) for p in sorted(approved)} if scored else sorted(approved)
        weights[f"v{number}"] = draw(st.sampled_from([1, 1, 2, 3, 7, Fraction(1, 2)]))
    budget = draw(st.one_of(st.integers(0, 30), st.just(Fraction(31, 4))))
    return Election.of(projects, ballots, budget=budget, weights=weights)
