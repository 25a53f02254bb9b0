"""The table of votes that the opinion map reads: sparse, immutable and in one canonical order.

A vote is 1 (agree), −1 (disagree) or 0 (pass); what was not voted on is simply not stored. Rows are
participants and columns statements, both sorted by id (numerically when every id is a whole number, else by
code point), so that everything computed from the table is the same for any order of the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

LARGEST_NUMERIC_ID = 18  # digits that surely fit in 64 bits


class OpinionError(ValueError):
    """Input from which no opinion map can be made: the reason, and the `line` of the file where one is
    known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, eq=False)
class VoteTable:
    """Votes of participants (rows) on statements (columns), compressed by row.

    `starts` (participants + 1) delimits each row in `columns` (statement index) and `values` (−1, 0, 1).
    Build one with `from_triples`, `from_codes` or `from_dense`; the arrays are read-only.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.int8]

    @classmethod
    def from_triples(
        cls,
        triples: Iterable[tuple[str, str, int]],
        *,
        participants: Iterable[str] = (),
        statements: Iterable[str] = (),
    ) -> VoteTable:
        """The table of (participant, statement, vote) triples.

        `participants` and `statements` name those who must have a row or column even without any vote.
        Raises OpinionError for a vote other than −1, 0, 1 and for a second vote on the same statement.
        """
        row_of = {p: i for i, p in enumerate(dict.fromkeys(participants))}
        col_of = {s: i for i, s in enumerate(dict.fromkeys(statements))}
        rows: list[int] = []
        cols: list[int] = []
        votes: list[int] = []
        for participant, statement, vote in triples:
            rows.append(row_of.setdefault(participant, len(row_of)))
            cols.append(col_of.setdefault(statement, len(col_of)))
            votes.append(vote)
        return cls.from_codes(rows, cols, votes, participants=tuple(row_of), statements=tuple(col_of))

    @classmethod
    def from_codes(
        cls,
        rows: ArrayLike,
        columns: ArrayLike,
        votes: ArrayLike,
        *,
        participants: Sequence[str],
        statements: Sequence[str],
    ) -> VoteTable:
        """The table of votes given by row number and column number (three arrays of equal length).

        The arrays are copied, never changed. Raises OpinionError as `from_triples` does.
        """
        row = np.asarray(rows, dtype=np.int64)
        col = np.asarray(columns, dtype=np.int64)
        vote = np.asarray(votes)
        if not (row.ndim == 1 and row.shape == col.shape == vote.shape):
            raise OpinionError("rows, columns and votes must be three lists of the same length")
        _refuse_repeated(participants, "participant")
        _refuse_repeated(statements, "statement")
        if len(vote):
            if (
                row.min() < 0
                or row.max() >= len(participants)
                or col.min() < 0
                or col.max() >= len(statements)
            ):
                raise OpinionError("a vote points to a participant or statement that is not listed")
            wrong = (vote != 1) & (vote != 0) & (vote != -1)
            if wrong.any():
                at = int(np.flatnonzero(wrong)[0])
                raise OpinionError(
                    f"the vote of participant {participants[row[at]]} on statement {statements[col[at]]}"
                    f" is {vote[at]}, not 1, 0 or -1"
                )
        row_rank, participants = _ranked(participants)
        col_rank, statements = _ranked(statements)
        key = row_rank[row] * len(statements) + col_rank[col]
        value = vote.astype(np.int8)
        if len(key) > 1 and not bool(np.all(key[1:] > key[:-1])):
            order = np.argsort(key, kind="stable")
            key, value = key[order], value[order]
            twice = np.flatnonzero(key[1:] == key[:-1])
            if len(twice):
                who, what = divmod(int(key[twice[0]]), len(statements))
                raise OpinionError(
                    f"participant {participants[who]} votes twice on statement {statements[what]}"
                )
        width = max(len(statements), 1)
        starts = np.zeros(len(participants) + 1, dtype=np.int64)
        np.cumsum(np.bincount(key // width, minlength=len(participants)), out=starts[1:])
        col32 = (key % width).astype(np.int32)
        for array in (starts, col32, value):
            array.flags.writeable = False
        return cls(tuple(participants), tuple(statements), starts, col32, value)

    @classmethod
    def from_dense(
        cls, votes: ArrayLike, *, participants: Sequence[str], statements: Sequence[str]
    ) -> VoteTable:
        """The table of a matrix (participants × statements) in which NaN means "not voted"."""
        matrix = np.asarray(votes, dtype=float)
        if matrix.shape != (len(participants), len(statements)):
            raise OpinionError(
                "the matrix of votes must have one row a participant and one column a statement"
            )
        rows, cols = np.nonzero(~np.isnan(matrix))
        return cls.from_codes(
            rows, cols, matrix[rows, cols], participants=participants, statements=statements
        )

    @property
    def votes_cast(self) -> NDArray[np.int64]:
        """Number of votes of each participant, passes included."""
        return np.diff(self.starts)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Row number of every stored vote."""
        return np.repeat(np.arange(len(self.participants)), self.votes_cast)

    def dense(self) -> NDArray[np.float64]:
        """the matrix with NaN where nothing was voted; for small tables and tests."""
        matrix = np.full((len(self.participants), len(self.statements)), np.nan)
        matrix[self.rows, self.columns] = self.values
        return matrix


def _ranked(ids: Sequence[str]) -> tuple[NDArray[np.int64], Sequence[str]]:
    """Rank of each id in canonical order, and the ids in that order."""
    if not ids:
        return np.empty(0, dtype=np.int64), ids
    names = np.asarray(ids)
    if bool(np.char.isdecimal(names).all()) and names.dtype.itemsize <= 4 * LARGEST_NUMERIC_ID:
        order = np.lexsort((names, names.astype(np.int64)))
    else:
        order = np.argsort(names, kind="stable")
    rank = np.empty(len(ids), dtype=np.int64)
    rank[order] = np.arange(len(ids))
    return rank, names[order].tolist()


def _refuse_repeated(ids: Sequence[str], what: str) -> None:
    if len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise OpinionError(f"the {what} {name} is listed twice")
        seen.add(name)
