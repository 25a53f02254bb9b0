"""An import of members is planned before it is written, and what is exported can be read again."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from omkering.who.association import Association, Plan, load, plan, write_members
from omkering.who.association.faults import Faults
from omkering.who.association.members import MemberSchema, parse_members
from omkering.who.association.records import KindRecord, MemberRecord, Names, overlap

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "example_five"
TEXT = (FOLDER / "members.csv").read_text(encoding="utf-8")
HEADER = TEXT.splitlines()[0]


@pytest.fixture(scope="module")
def league() -> Association:
    return load(FOLDER)


def planned(league: Association, text: str) -> Plan:
    return plan(league.members, text, league.schema)


def rows(*lines: str) -> str:
    return "\n".join([HEADER, *lines]) + "\n"


def test_the_same_file_changes_nothing(league: Association) -> None:
    result = planned(league, TEXT)
    assert (len(result.unchanged), result.records, result.faults) == (5, [], ())


def test_added_changed_ended_and_merged_are_told_apart(league: Association) -> None:
    result = planned(
        league,
        rows(
            "ALD,Alder Cove,2019-06-01,2025-01-01,NEW,0,0,NORTH,1200,1350",
            "BRE,Brennan,2019-06-01,,,1,2,SOUTH,6400,6501",
            "NEW,Alder Bay,2025-01-01,,,0,0,NORTH,,1400",
            "ZOL,Zöllnerhafen,2021-01-01,2026-01-01,,2,1,SOUTH,3999,4100",
        ),
    )
    assert result.faults == ()
    assert [member.code for member in result.added] == ["NEW"]
    assert [(c.after.code, c.columns) for c in result.changed] == [
        ("BRE", ("name", "tile_row", "shore", "population_2023-06-01"))
    ]
    assert [(c.after.code, c.columns) for c in result.merged] == [("ALD", ("ends", "successor"))]
    assert [(c.after.code, c.columns) for c in result.ended] == [("ZOL", ("ends",))]
    assert [member.code for member in result.records] == ["NEW", "BRE", "ALD", "ZOL"]


def test_a_successor_may_be_a_member_that_the_file_leaves_out(league: Association) -> None:
    result = planned(league, rows("ALD,Alder Cove,2019-06-01,2025-01-01,BRE,0,0,NORTH,1200,1350"))
    assert [c.after.successor for c in result.merged] == ["BRE"]


def test_a_figure_that_the_file_does_not_give_stays_known(league: Association) -> None:
    result = planned(league, rows("ALD,Alder Cove,2019-06-01,,,0,0,NORTH,,1351"))
    assert result.changed[0].after.populations == {date(2019, 6, 1): 1200, date(2023, 6, 1): 1351}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A1,Alder Cove,2019-06-01,,,0,0,NORTH,1200,1350", 'The code "A1" does not have the form'),
        ("ALD,Alder Cove,2019-06-01,,,0,0,,1200,1350", '"shore" is empty; every member needs one.'),
        ("ALD,Alder Cove,2019-06-01,,,0,0,NORTH,-1,1350", "it must be at least 0"),
        ("ALD,Alder Cove,2019-06-01,2025-01-01,XXX,0,0,NORTH,1,1", "merges into XXX, which is not a member."),
        ("BRE,Port Brennan,2019-06-01,,,1,0,NORTH,6400,6500", "BRE stands there already, on line 2."),
        ("NEW,New,2025-01-01,,,1,1,NORTH,,5", "NEW has the same tile as SKE"),
        # Skerry would begin after Kelp Haven, which the file leaves out, has merged into it.
        ("SKE,Skerry,2023-01-01,,,1,1,SOUTH,900,3100", "KEL merges into SKE, which is no member on that day"),
        ("ALD,Alder Cove,2019-06-01,,,0,0,NORTH,1200", "The row has 9 cells; the header has 10."),
    ],
)
def test_a_faulty_row_is_named_and_nothing_is_planned(league: Association, line: str, reason: str) -> None:
    result = planned(league, rows("BRE,Brennan,2019-06-01,,,1,0,NORTH,6400,6500", line))
    assert [(fault.file, fault.line) for fault in result.faults] == [("members.csv", 3)]
    assert reason in result.faults[0].reason
    assert result.records == [] and result.unchanged == ()


def test_every_fault_of_a_file_is_named(league: Association) -> None:
    result = planned(
        league,
        rows(
            "a,Alder Cove,2019-06-01,,,0,0,NORTH,1200,1350",
            "BRE,Port Brennan,2019-06-01,,,1,0,,6400,6500",
            "SKE,Skerry,2019-06-01,,,1,1,SOUTH,-900,3100",
        ),
    )
    assert [fault.line for fault in result.faults] == [2, 3, 4]


@pytest.mark.parametrize("text", ["", "\n", HEADER + "\n", "code;name\nALD;Alder\n", "\ufeff"])
def test_a_file_without_members_is_a_fault(league: Association, text: str) -> None:
    assert planned(league, text).faults


def test_lines_count_through_cells_of_several_lines(league: Association) -> None:
    text = rows('BRE,"Port\nBrennan",2019-06-01,,,1,0,NORTH,6400,6500', "A,A,2019-06-01,,,0,0,NORTH,1,1")
    assert [fault.line for fault in planned(league, text).faults] == [4]


@pytest.mark.parametrize("folder", [FOLDER, HERE.parents[1] / "associations" / "nl"])
def test_what_is_written_is_the_file_that_was_read(folder: Path) -> None:
    association = load(folder)
    written = write_members(association.members, [kind.key for kind in association.division_kinds])
    assert written == (folder / "members.csv").read_text(encoding="utf-8")


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
SCHEMA = MemberSchema(
    code_pattern="[A-Z]{2}",
    kinds=(KindRecord("coast", Names(en="Coast")), KindRecord("hill", Names(en="Hill"))),
    parts={"coast": frozenset("ab"), "hill": frozenset("xy")},
    register_starts=date(2020, 1, 1),
)


@st.composite
def members(draw: st.DrawFn) -> list[MemberRecord]:
    codes = draw(st.lists(st.from_regex("[A-Z]{2}", fullmatch=True), min_size=1, max_size=8, unique=True))
    names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
    found = []
    for code in codes:
        starts = draw(DAYS)
        divisions = {}
        for kind, parts in SCHEMA.parts.items():
            if part := draw(st.sampled_from(["", *sorted(parts)])):
                divisions[kind] = part
        found.append(
            MemberRecord(
                code=code,
                name="N" + draw(names).strip(),
                starts=starts,
                ends=draw(st.none() | st.dates(date(2031, 1, 1), date(2040, 1, 1))),
                successor=draw(st.none() | st.sampled_from(codes)),
                tile=draw(st.none() | st.tuples(st.integers(0, 99), st.integers(0, 99))),
                divisions=divisions,
                populations=draw(st.dictionaries(DAYS, st.integers(0, 10**7), min_size=1, max_size=3)),
            )
        )
    return found


@given(members())
def test_members_survive_writing_and_reading(found: list[MemberRecord]) -> None:
    faults = Faults()
    read = parse_members(write_members(found, ["coast", "hill"]), SCHEMA, faults)
    assert faults.sorted() == []
    assert read == sorted(found, key=lambda member: member.code)


@given(st.tuples(DAYS, DAYS), st.tuples(DAYS, DAYS))
def test_overlap_is_having_a_day_in_common(a: tuple[date, date], b: tuple[date, date]) -> None:
    first, second = (min(a), max(a)), (min(b), max(b))
    assume(first[0] < first[1] and second[0] < second[1])
    assert overlap(first, second) == (max(first[0], second[0]) < min(first[1], second[1]))
    assert overlap((None, None), second) and overlap(second, (second[0], None))
