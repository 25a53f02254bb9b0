"""From votes to a plane: principal components of the mean-imputed votes, corrected for sparsity.

A missing vote is replaced by the mean of its statement. After centring such a cell is exactly zero, so the
centred matrix is as sparse as the votes and nothing is ever filled in. Each participant is then pushed out by
√(statements / votes), because a position from few votes lies too near the centre (Small et al. 2021, "Polis:
Scaling deliberation by mapping high dimensional opinion spaces", Recerca 26(2)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from omkering.engine.opinion.votes import VoteTable

if TYPE_CHECKING:  # SciPy is loaded where it is needed: few of those who load this module make a map
    from scipy import sparse

DIMENSIONS = 2
LARGEST_DENSE = 1500  # side of the covariance matrix up to which it is decomposed in full
DENSE_CELLS = 4_000_000  # below this size a filled matrix is quicker than a sparse one
NO_VARIANCE = 1e-12  # share of the total below which a component is noise of rounding


@dataclass(frozen=True, eq=False)
class Space:
    """The plane: `center` (statements), `components` (2 × statements, unit length) and `positions`
    (participants × 2)."""

    center: NDArray[np.float64]
    components: NDArray[np.float64]
    positions: NDArray[np.float64]


def place(table: VoteTable, excluded: NDArray[np.bool_]) -> Space:
    """Place every participant on the plane.

    `excluded` (one flag a statement) marks statements moderated out: they weigh nothing, but count as seen by
    everyone in the correction for sparsity, as Polis does. The sign of a component is such that its largest
    loading is positive.
    """
    from scipy import sparse

    people, width = len(table.participants), len(table.statements)
    counts = np.bincount(table.columns, minlength=width)
    sums = np.bincount(table.columns, weights=table.values, minlength=width)
    center = np.where(excluded | (counts == 0), 0.0, sums / np.maximum(counts, 1))
    centred = table.values - center[table.columns]
    centred[excluded[table.columns]] = 0.0
    matrix = sparse.csr_matrix((centred, table.columns, table.starts), shape=(people, width))
    components = _components(matrix)
    seen = np.bincount(table.rows, weights=~excluded[table.columns], minlength=people) + np.count_nonzero(
        excluded
    )
    positions = (matrix @ components.T) * np.sqrt(width / np.maximum(seen, 1))[:, None]
    return Space(center, components, positions)


def _components(matrix: sparse.csr_matrix) -> NDArray[np.float64]:
    """The two leading principal directions (2 × statements); a direction without variance is zero."""
    from scipy.linalg import eigh

    people, width = matrix.shape
    found = np.zeros((DIMENSIONS, width))
    wanted = min(DIMENSIONS, people, width)
    if not wanted or not matrix.nnz:
        return found
    total = float(matrix.data @ matrix.data)
    across = people < width
    side = min(people, width)
    if side <= LARGEST_DENSE:
        if people * width <= DENSE_CELLS:
            full = np.zeros((people, width))
            full[np.repeat(np.arange(people), np.diff(matrix.indptr)), matrix.indices] = matrix.data
            product = full @ full.T if across else full.T @ full
        else:
            product = ((matrix @ matrix.T) if across else (matrix.T @ matrix)).toarray()
        values, vectors = eigh(product, subset_by_index=[side - wanted, side - 1])
    else:
        values, vectors = _lanczos(matrix, wanted)
        across = False
    for i in range(wanted):
        if values[-1 - i] <= NO_VARIANCE * total:
            continue
        vector = vectors[:, -1 - i]
        direction = matrix.T @ vector if across else vector
        direction = direction / np.linalg.norm(direction)
        strongest = int(np.argmax(np.round(np.abs(direction), 9)))
        found[i] = direction * np.sign(direction[strongest])
    return found


def _lanczos(matrix: sparse.csr_matrix, wanted: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Leading eigenpairs of the covariance without forming it; the start is fixed, so is the outcome."""
    from scipy.sparse.linalg import LinearOperator, eigsh

    width = matrix.shape[1]
    turned = matrix.T.tocsr()
    operator = LinearOperator((width, width), matvec=lambda v: turned @ (matrix @ v), dtype=np.float64)
    values, vectors = eigsh(operator, k=wanted, v0=np.ones(width), tol=1e-12)
    order = np.argsort(values)
    return values[order], vectors[:, order]
