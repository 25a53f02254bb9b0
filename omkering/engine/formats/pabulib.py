"""The Pabulib format (.pb) for participatory budgeting, read and written.

Source: Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023, and
pabulib.org/format. A file has the sections META, PROJECTS and VOTES, each a semicolon-separated table with a
header. Every field is kept as text, known or not. Approval ballots (`approval`, `choose-1`) count one a
project; `cumulative` and `scoring` the points given; `ordinal` Borda points, the length of the ballot for the
first and one for the last. A column `weight` in VOTES gives each voter a weight.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omkering.engine.budget.election import BudgetError, Election, exact

SECTIONS = ("META", "PROJECTS", "VOTES")
APPROVAL = ("approval", "choose-1")
POINTS = ("cumulative", "scoring")
ORDINAL = "ordinal"


class PabulibError(ValueError):
    """A file that cannot be read: the reason, and the line (None where no single one is at fault)."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True, eq=False)
class PabulibFile:
    """The whole of a file: ``meta`` (key to value), ``projects`` (id to all its fields), ``votes`` (column to one
    cell a voter) and the ``election`` that the rules take. ``notes``: where the file contradicts itself."""

    meta: Mapping[str, str]
    projects: Mapping[str, Mapping[str, str]]
    votes: Mapping[str, Sequence[str]]
    election: Election
    notes: tuple[str, ...]

    @property
    def selected(self) -> frozenset[str] | None:
        """The ids of the projects that were funded according to the file; None where it does not say."""
        if not all("selected" in fields for fields in self.projects.values()):
            return None
        return frozenset(project for project, fields in self.projects.items() if fields["selected"] == "1")


def parse(text: str) -> PabulibFile:
    """Read the text of a Pabulib file. Raises PabulibError with the line and the reason in one sentence."""
    sections = _sections(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    meta = _meta(sections[0])
    for key in ("budget", "vote_type"):
        if not meta.get(key):
            raise PabulibError(f"the section META has no {key}")
    projects, costs = _projects(sections[1])
    votes = _votes(sections[2])
    budget = _amount(meta["budget"].replace(",", "."), "the budget", None)
    ballots = _Ballots(meta, list(projects), votes, sections[2])
    try:
        election = Election.from_arrays(
            list(projects),
            costs,
            budget=budget,
            voters=votes["voter_id"],
            rows=ballots.rows,
            columns=ballots.columns,
            scores=ballots.scores,
            weights=_weights(votes, sections[2]),
        )
    except BudgetError as error:
        raise PabulibError(str(error), ballots.line_of_repeat()) from None
    counted = {"num_projects": len(projects), "num_votes": len(votes["voter_id"])}
    notes = tuple(
        f"META says {key} is {meta[key]}, the file has {number}"
        for key, number in counted.items()
        if meta.get(key, str(number)) != str(number)
    )
    return PabulibFile(meta, projects, votes, election, notes)


def dump(file: PabulibFile) -> str:
    """The text of ``file``, every field included; `parse` reads the same back."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerows([["META"], ["key", "value"], *file.meta.items(), ["PROJECTS"]])
    columns = list(dict.fromkeys(column for fields in file.projects.values() for column in fields))
    writer.writerow(columns or ["project_id", "cost"])
    writer.writerows([fields.get(column, "") for column in columns] for fields in file.projects.values())
    writer.writerows([["VOTES"], list(file.votes)])
    writer.writerows(zip(*file.votes.values(), strict=True))
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Section:
    """The text of a section and the number of its first line, that of the header."""

    name: str
    text: str
    first: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that hold something, the header first, each with the line it begins on."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=";")
        line = self.first
        try:
            for row in reader:
                if row and (len(row) > 1 or row[0].strip()):
                    yield line, row
                line = self.first + reader.line_num
        except csv.Error as error:
            raise PabulibError(str(error), line) from None

    def table(self, *required: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
        """The header, which has the ``required`` columns, and the rows, those that end early filled up."""
        rows = self.rows()
        header = self.header(next(rows, (self.first, []))[1], required)
        full = []
        for line, row in rows:
            if len(row) > len(header):
                raise PabulibError(f"the row has {len(row)} cells and the header {len(header)}", line)
            full.append((line, [cell.strip() for cell in row] + [""] * (len(header) - len(row))))
        return header, full

    def header(self, cells: Sequence[str], required: Sequence[str]) -> list[str]:
        """The names of the columns, checked."""
        names = [cell.strip() for cell in cells]
        for column in required:
            if column not in names:
                raise PabulibError(f"the section {self.name} has no column {column}", self.first)
        if len(set(names)) != len(names):
            raise PabulibError("the header names a column twice", self.first)
        return names

    def line(self, row: int) -> int:
        """The line of the row with this number, the first below the header being 0."""
        return next(islice(self.rows(), row + 1, None))[0]


def _sections(text: str) -> list[_Section]:
    """The three sections, in their order."""
    found = []
    at = 0
    for name in SECTIONS:
        title = re.compile(rf"^[ \t;]*{name}[ \t;]*$\n?", re.IGNORECASE | re.MULTILINE).search(text, at)
        if title is None:
            raise PabulibError(f"the section {name} is missing")
        if name == "META" and text[: title.start()].strip():
            raise PabulibError("the file must begin with the section META", 1)
        found.append((name, title.start(), title.end()))
        at = title.end()
    ends = [start for _, start, _ in found[1:]] + [len(text)]
    return [
        _Section(name, text[first:end], text.count("\n", 0, first) + 1)
        for (name, _, first), end in zip(found, ends, strict=True)
    ]


def _meta(section: _Section) -> Mapping[str, str]:
    """Key and value of every line, without the header."""
    _, rows = section.table("key", "value")
    return MappingProxyType({row[0]: row[1] for _, row in rows})


def _projects(section: _Section) -> tuple[Mapping[str, Mapping[str, str]], list[Fraction]]:
    """Per project all its fields, and its cost."""
    header, rows = section.table("project_id", "cost")
    projects: dict[str, Mapping[str, str]] = {}
    costs = []
    for line, row in rows:
        fields = dict(zip(header, row, strict=True))
        project = fields["project_id"]
        if not project or project in projects:
            raise PabulibError(f"the project {project!r} has no id or stands twice", line)
        costs.append(_amount(fields["cost"].replace(",", "."), f"the cost of project {project}", line))
        projects[project] = MappingProxyType(fields)
    return MappingProxyType(projects), costs


def _votes(section: _Section) -> Mapping[str, Sequence[str]]:
    """The votes by column. Without quotes and with every row complete, one split of the whole does."""
    lines = [line for line in section.text.split("\n") if line and not line.isspace()]
    width = lines[0].count(";") if lines else 0
    if '"' not in section.text and all(line.count(";") == width for line in lines) and lines:
        cells = ";".join(lines).split(";")
        header = section.header(cells[: width + 1], ("voter_id", "vote"))
        votes: dict[str, Sequence[str]] = {
            name: cells[at + width + 1 :: width + 1] for at, name in enumerate(header)
        }
    else:
        header, rows = section.table("voter_id", "vote")
        votes = {name: [row[at] for _, row in rows] for at, name in enumerate(header)}
    votes = {name: tuple(map(str.strip, cells)) for name, cells in votes.items()}
    voters = votes["voter_id"]
    if len(set(voters)) != len(voters):
        seen: set[str] = set()
        for row, voter in enumerate(voters):
            if voter in seen:
                raise PabulibError(f"voter {voter} votes twice", section.line(row))
            seen.add(voter)
    return MappingProxyType(votes)


def _weights(votes: Mapping[str, Sequence[str]], section: _Section) -> list[Fraction] | None:
    """The weight of each voter, None where the file gives none."""
    weights: list[Fraction] = []
    for row, text in enumerate(votes.get("weight", ())):
        try:
            weights.append(_amount(text, f"the weight of voter {votes['voter_id'][row]}", None))
            if not weights[-1]:
                raise PabulibError(f"the weight of voter {votes['voter_id'][row]} is zero")
        except PabulibError as error:
            raise PabulibError(str(error), section.line(row)) from None
    return weights if "weight" in votes else None


def _amount(text: str, what: str, line: int | None) -> Fraction:
    """The number in ``text``, zero or more."""
    try:
        amount = exact(text, what)
    except BudgetError as error:
        raise PabulibError(str(error), line) from None
    if amount < 0:
        raise PabulibError(f"{what} is {text}, which is below zero", line)
    return amount


class _Ballots:
    """The ballots as flat arrays: entry ``k`` is voter ``rows[k]``, project ``columns[k]`` and ``scores[k]``."""

    def __init__(
        self,
        meta: Mapping[str, str],
        projects: list[str],
        votes: Mapping[str, Sequence[str]],
        section: _Section,
    ) -> None:
        self._section = section
        number = {project: at for at, project in enumerate(projects)}
        kind = meta["vote_type"]
        cells = ["" if cell in ("None", "none") else cell for cell in votes["vote"]]
        names, lengths = self._split(cells)
        try:
            self.columns = np.fromiter(map(number.__getitem__, names), np.int32, len(names))
        except KeyError:
            names = [name.strip() for name in names]
            bad = next((at for at, name in enumerate(names) if name not in number), None)
            if bad is not None:
                row = int(np.searchsorted(np.cumsum(lengths), bad, side="right"))
                raise PabulibError(f"project {names[bad]!r} is not on the list", section.line(row)) from None
            self.columns = np.array([number[name] for name in names], np.int32)
        self.rows = np.repeat(np.arange(len(cells), dtype=np.int32), lengths)
        self.scores: list[Any] | None = None
        if kind in POINTS:
            self.scores = self._points(votes, lengths)
            self._add_default(meta.get("default_score", "0"), len(cells), len(projects))
        elif kind == ORDINAL:
            if meta.get("scoring_fn", "Borda").lower() != "borda":
                raise PabulibError(f"the scoring_fn {meta['scoring_fn']!r} is unknown; Borda is known")
            ends = np.repeat(np.cumsum(lengths), lengths)
            self.scores = (ends - np.arange(len(names))).tolist()
        elif kind not in APPROVAL:
            known = ", ".join([*APPROVAL, *POINTS, ORDINAL])
            raise PabulibError(f"the vote_type {kind!r} is unknown; known are {known}")

    @staticmethod
    def _split(cells: list[str]) -> tuple[list[str], NDArray[np.int64]]:
        """The parts of all cells in a row, and how many each cell has."""
        filled = [cell for cell in cells if cell]
        counts = np.array([cell.count(",") + 1 if cell else 0 for cell in cells], np.int64)
        return ",".join(filled).split(",") if filled else [], counts

    def _points(self, votes: Mapping[str, Sequence[str]], lengths: NDArray[np.int64]) -> list[Fraction]:
        if "points" not in votes:
            raise PabulibError("the section VOTES has no column points")
        texts, counts = self._split([str(cell) for cell in votes["points"]])
        if odd := np.flatnonzero(counts != lengths).tolist():
            line = self._section.line(odd[0])
            raise PabulibError(f"the ballot has {lengths[odd[0]]} projects and {counts[odd[0]]} points", line)
        points: list[Fraction] = []
        for at, text in enumerate(texts):
            try:
                points.append(_amount(text.strip(), "a number of points", None))
            except PabulibError as error:
                raise PabulibError(str(error), self._section.line(int(self.rows[at]))) from None
        return points

    def _add_default(self, text: str, voters: int, projects: int) -> None:
        """Give the points of META's default_score to every project a ballot leaves out."""
        assert self.scores is not None
        default = _amount(text, "the default_score", None)
        if not default:
            return
        given = np.zeros((voters, projects), np.bool_)
        given[self.rows, self.columns] = True
        rows, columns = np.nonzero(~given)
        self.rows = np.concatenate([self.rows, rows.astype(np.int32)])
        self.columns = np.concatenate([self.columns, columns.astype(np.int32)])
        self.scores += [default] * len(rows)

    def line_of_repeat(self) -> int | None:
        """The line of the first ballot that names a project twice, None where there is none."""
        seen: set[tuple[int, int]] = set()
        for entry in zip(self.rows.tolist(), self.columns.tolist(), strict=True):
            if entry in seen:
                return self._section.line(entry[0])
            seen.add(entry)
        return None
