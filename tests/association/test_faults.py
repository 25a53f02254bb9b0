"""Every fault of a folder is found, with its file, line and reason."""

import shutil
from pathlib import Path

import pytest

from omkering.who.association import AssociationError, check, load
from omkering.who.association.toml_file import find_lines

FOLDER = Path(__file__).resolve().parent / "example_five"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "a folder"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} must stand once in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


M, N, NM = "members.csv", "networks.csv", "network_members.csv"
ORG, CH, CM = "organisations.toml", "challenges.toml", "cooperation_models.toml"
# Files that may be absent, and the files that then name what is not there.
OPTIONAL = {"division_changes.csv": ["sources.toml"], ORG: [CH], CH: [], CM: [], "meetings.toml": []}
CASES = [
    # members.csv
    (M, "ALD,Alder", "AL1,Alder", 2, 'The code "AL1" does not have the form [A-Z]{3}.'),
    (M, "BRE,Port", "ALD,Port", 3, "ALD stands there already, on line 2."),
    (M, "Alder Cove", "", 2, '"name" is empty.'),
    (M, "Alder Cove", "=1+1", 2, "a spreadsheet takes for a formula"),
    (M, "Skerry", "port brennan", 5, "SKE has the same name as BRE"),
    (M, "Cove,2019-06-01", "Cove,", 2, '"starts" is empty.'),
    (M, "Cove,2019-06-01", "Cove,1-6-2019", 2, '"1-6-2019", which is not a day'),
    (M, "Cove,2019-06-01", "Cove,2019-02-29", 2, '"2019-02-29", which is not a day'),
    (M, "Cove,2019-06-01", "Cove,2019-05-31", 2, "before the register does, 2019-06-01"),
    (M, "2022-07-01,SKE", "2019-06-01,SKE", 4, "which is not after its first day"),
    (M, "2022-07-01,SKE", "2022-07-01,XXX", 4, "KEL merges into XXX, which is not a member."),
    (M, "2022-07-01,SKE", ",SKE", 4, "KEL has a successor and no last day."),
    (M, "2022-07-01,SKE", "2022-07-01,KEL", 4, "KEL cannot succeed itself."),
    (M, "2022-07-01,SKE", "2020-07-01,ZOL", 4, "ZOL, which is no member on that day, 2020-07-01."),
    (M, "0,0,NORTH", "0,0,", 2, '"shore" is empty; every member needs one.'),
    (M, "0,0,NORTH", "0,0,WEST", 2, '"shore" is "WEST", which is not in the list of divisions.'),
    (M, ",0,0,NORTH", ",0,,NORTH", 2, "A tile needs both a column and a row."),
    (M, ",0,0,NORTH", ",-1,0,NORTH", 2, '"tile_column" is -1; it must be at least 0.'),
    (M, "2,1,SOUTH", "1,1,SOUTH", 6, "ZOL has the same tile as SKE: column 1, row 1."),
    (M, "1200,1350", "-1200,1350", 2, '"population_2019-06-01" is -1200; it must be at least 0.'),
    (M, "1200,1350", "12.5,1350", 2, '"12.5", which is not a whole number'),
    (M, "1200,1350", ",", 2, "ALD has no population on any day."),
    (M, "1200,1350", "1200,1350,7", 2, "The row has 11 cells; the header has 10."),
    (M, "population_2023-06-01", "population_soon", 1, "which is not a day"),
    (M, "population_2023-06-01", "inhabitants", 1, 'The column "inhabitants" is not known here.'),
    (M, "tile_row", "tile_column", 1, 'The column "tile_row" is missing.'),
    (M, "tile_row", "tile_column", 1, 'The column "tile_column" stands there twice.'),
    (M, "Alder Cove", '"Alder Cove', 2, "Not valid CSV"),
    # the other tables
    ("divisions.csv", "shore,SOUTH", "river,SOUTH", 3, '"river" is not a kind of division.'),
    ("divisions.csv", "shore,SOUTH", "shore,NORTH", 3, "shore NORTH stands there already."),
    ("division_changes.csv", "NORTH", "WEST", 2, '"shore" has no part "WEST".'),
    ("division_changes.csv", "ZOL", "XXX", 2, '"XXX" is not a member.'),
    ("division_changes.csv", "2024-01-01", "2020-01-01", 2, "not within the life of ZOL"),
    ("division_changes.csv", "census", "rumour", 2, 'The source "rumour" is not in sources.toml.'),
    (N, "guild,guild,,no", "guild,club,,no", 2, '"club" is not a kind of network.'),
    (N, "shore:NORTH,yes", "shore:WEST,yes", 3, "it must be a known kind:code"),
    (N, "shore:NORTH,yes", "shore:NORTH,aye", 3, '"complete" is "aye"; it must be yes or no.'),
    (N, "north-council,", "pilots,", 3, 'The network "pilots" stands there already.'),
    (NM, "pilots,KEL", "pilots,XXX", 4, '"XXX" is not a member.'),
    (NM, "pilots,KEL", "divers,KEL", 4, '"divers" is not a network.'),
    (NM, "pilots,KEL", "north-council,KEL", 4, "follows from a division and has no list"),
    (NM, "2022-01-01,,2022", "2020-06-01,,2022", 3, "ALD is in the network pilots already in that time."),
    (NM, "2022-01-01,,2022", "2022-01-01,2021-06-01,2022", 3, "which is not after its first day"),
    (NM, "KEL,,,2020", "KEL,2023-01-01,,2020", 4, "KEL was no member of the association in that time."),
    (NM, "KEL,,,2020", "KEL,2019-01-01,,2020", 4, "before the member itself"),
    (NM, "KEL,,,2020", "KEL,,2023-01-01,2020", 4, "after the member itself"),
    (NM, "KEL,,,2020", "KEL,2019-07-01,,2020", 4, "The network pilots was founded later, on 2020-01-01."),
    ("neighbours.csv", "SKE,ZOL", "SKE,SKE", 4, "SKE cannot be its own neighbour."),
    ("neighbours.csv", "SKE,ZOL", "BRE,ALD", 4, "BRE and ALD stand there already."),
    ("neighbours.csv", "SKE,ZOL", "SKE,XXX", 4, '"XXX" is not a member.'),
    # association.toml
    ("association.toml", "format = 1", "format = 2", 1, "this version of the platform reads format 1"),
    ("association.toml", 'version = "0.3.1"', 'version = "new"', 2, '"version" is "new"'),
    ("association.toml", 'theme_class = "harbour-theme"\n', "", 1, '"theme_class" is missing.'),
    ("association.toml", ', de = "Bund" }', " }", 8, '"short_name" has no text in the language "de".'),
    ("association.toml", 'de = "Bund" }', 'nl = "Bond" }', 8, '"nl" is not known here.'),
    ("association.toml", "office@harbour.example", "office", 11, '"email" is "office"'),
    ("association.toml", '"[A-Z]{3}"', '"[A-Z"', 14, "is not a regular expression"),
    (
        "association.toml",
        'main_division = "shore"',
        'main_division = "sea"',
        15,
        "it must be one of: shore.",
    ),
    ("association.toml", "[2024-05-27]", '["2024-05-27"]', 24, "must hold days only"),
    ("association.toml", 'amount = 3, unit = "weeks"', 'amount = 0, unit = "weeks"', 27, "at least 1"),
    ("association.toml", 'amount = 3, unit = "weeks"', 'amount = 3, unit = "moons"', 27, "must be one of"),
    ("association.toml", "vote_open = ", "vote_closed = ", 26, '"vote_open" is missing.'),
    ("association.toml", "vote_open = ", "vote_closed = ", 30, '"vote_closed" is not known here.'),
    ("association.toml", "from = 3000", "from = 0", 43, "must be more than that of the class before, 0"),
    ("association.toml", "from = 0\n", "from = 5\n", 38, 'The first class must begin "from" 0.'),
    ("association.toml", 'key = "bureau"', 'key = "office"', 52, '"key" is "office"; it must be one of'),
    ("association.toml", "default = true\n", "", 46, "exactly one must have default = true; 0 have"),
    ("association.toml", "required = true\n", 'required = "yes"\n', 58, '"required" must be true or false.'),
    ("association.toml", "notices = ", "news = ", 68, '"notices" is missing.'),
    (
        "association.toml",
        'amount = 30, unit = "days"',
        'amount = 30, unit = "working_days"',
        71,
        "must be one",
    ),
    ("association.toml", "special_rights = ", "rights = ", 77, '"rights" is not known here.'),
    # the other settings
    ("roles.toml", 'held_at = "network"', 'held_at = "guild"', 17, '"held_at" is "guild"'),
    ("roles.toml", '["network"]', '["administer"]', 18, '"powers" holds "administer"; it may hold: network.'),
    ("roles.toml", '"vote", ', "", 1, 'No role carries the power "vote"'),
    ("roles.toml", 'key = "warden"', 'key = "provost"', 9, '"provost" stands there already.'),
    ("roles.toml", 'key = "warden"', 'key = "The Warden"', 9, "does not have the form"),
    ("roles.toml", "second_factor = true", "second_factors = true", 5, '"second_factors" is not known here.'),
    (
        "bodies.toml",
        '"Versammlung" }',
        '"Versammlung" }\nseat_role = "provost"',
        4,
        '"seat_role" is "provost"',
    ),
    ("bodies.toml", 'kind = "moot"', 'kind = "club"', 7, '"kind" is "club"; it must be one of: moot.'),
    ("themes.toml", 'body = "great-moot"', 'body = "small-moot"', 4, '"body" is "small-moot"'),
    ("themes.toml", 'de = "Leuchttürme"', 'de = ""', 8, '"de" is empty.'),
    ("vote_rules.toml", "cap = 8", "cap = 1", 21, "The cap of 1 is below the minimum of 2."),
    ("vote_rules.toml", "ends = 2023-01-01", "ends = 2023-01-02", 18, "hold on the same day"),
    ("vote_rules.toml", "ends = 2023-01-01", "ends = 2018-01-01", 6, "which is not after its first day"),
    ("vote_rules.toml", "version = 2", "version = 1", 16, "version 1 stands there already"),
    ("vote_rules.toml", "version = 2", "version = true", 16, '"version" must be a whole number.'),
    ("vote_rules.toml", "numerator = 4", "numerator = 6", 30, "6/5 is more than the whole."),
    ("vote_rules.toml", 'base = "all"', 'base = "most"', 33, '"base" is "most"'),
    ("vote_rules.toml", 'of = "heads"', 'of = "feet"', 42, '"of" is "feet"'),
    ("vote_rules.toml", "ends = 2023-07-01", "ends = 2023-07-02", 63, "1 and 3 of charter hold"),
    ("vote_rules.toml", "ends = 2023-07-01", "ends = 2018-07-01", 51, "which is not after its first day"),
    ("vote_rules.toml", "version = 3", "version = 1", 61, "charter version 1 stands there already"),
    ("vote_rules.toml", 'tie = "chair"', 'tie = "dice"', 54, '"tie" is "dice"'),
    (
        "vote_rules.toml",
        'quorums = ["three',
        'quorums = ["four',
        67,
        '"quorums" holds "four-fifths-of-towns"',
    ),
    ("vote_rules.toml", "heads = true\n", 'heads = true\nweight_rule = "x"\n', 79, "everybody counts as one"),
    ("vote_rules.toml", "heads = true\n", "", 73, '"weight_rule" is missing'),
    ("vote_rules.toml", 'thresholds = ["four-fifths"]\ntie', "tie", 46, "It needs a majority"),
    (
        "vote_rules.toml",
        '"revote"\nsplit = false',
        '"revote"\nsplit = 0',
        81,
        '"split" must be true or false',
    ),
    (
        "vote_rules.toml",
        'tie = "revote"\n',
        'tie = "revote"\ndefault = true\n',
        46,
        "exactly one must have default",
    ),
    ("sources.toml", '"neighbours.csv" = ["census"]', '"neighbours.csv" = ["tale"]', 7, 'source "tale"'),
    ("sources.toml", '"division_changes.csv" = ["census"]\n', "", 1, '"division_changes.csv" is missing.'),
    ("sources.toml", "day = 2023-06-01", "day = 2023-07-01", 9, "No source is given for the population on"),
    ("sources.toml", "day = 2023-06-01", "day = 2023-07-01", 9, "no population on 2023-07-01 in members.csv"),
    ("sources.toml", "day = 2023-06-01", "day = 2019-06-01", 14, "2019-06-01 stands there already."),
    ("sources.toml", 'member = "SKE"', 'member = "XXX"', 24, '"XXX" is not a member.'),
    (
        "sources.toml",
        '["population_2023-06-01"]',
        '["population"]',
        25,
        'has no column "population".',
    ),
    ("sources.toml", 'licence = "EUPL-1.2"\n', "", 17, '"licence" is missing.'),
    # organisations.toml
    (
        ORG,
        'kind = "company"',
        'kind = "shop"',
        14,
        '"kind" is "shop"; it must be one of: ministry, province,',
    ),
    (ORG, 'key = "rope-makers"', 'key = "sea-ministry"', 13, '"sea-ministry" stands there already.'),
    (ORG, 'key = "rope-makers"', f'key = "{"r" * 61}"', 13, "has 61 characters; it must have at most 60."),
    (ORG, 'name = { en = "Rope makers"', 'names = { en = "Rope makers"', 12, '"name" is missing.'),
    (ORG, 'abbreviation = "MoS"', 'abbreviation = "Ministry of all the seas"', 5, "at most 20"),
    (ORG, "https://sea.example", "sea.example", 6, '"website" is "sea.example"'),
    (ORG, "harbours@sea.example", "harbours", 8, '"email" is "harbours"'),
    (ORG, "harbours@sea.example", "a.mate@sea.example", 8, "looks like a person's"),
    (ORG, 'en = "Lamp office"', 'en = "Lamp 06 12345678"', 9, '"name" holds personal data'),
    (ORG, 'key = "lamp-office"', 'key = "harbour-desk"', 9, '"harbour-desk" stands there already.'),
    (ORG, 'key = "lamp-office", ', 'key = "lamp-office", phone = "no", ', 9, '"phone" is not known here.'),
    # challenges.toml
    (CH, 'key = "storms"', 'key = "silt"', 15, '"silt" stands there already.'),
    (
        CH,
        'theme = "lighthouses"',
        'theme = "dredging"',
        12,
        'The theme "dredging" belongs to "silt" already.',
    ),
    (CH, 'theme = "lighthouses"', 'theme = "lamps"', 12, '"theme" is "lamps"; it must be one of'),
    (CH, 'body = "great-moot"', 'body = "small-moot"', 6, '"body" is "small-moot"'),
    (CH, 'first = "silt"', 'first = "sand"', 20, '"first" is "sand", which is not a challenge.'),
    (CH, 'second = "silt"', 'second = "darkness"', 35, '"darkness" cannot be coupled to itself.'),
    (CH, 'kind = "competes_money"', 'kind = "competes"', 36, '"kind" is "competes"; it must be one of'),
    (
        CH,
        'kind = "competes_money"',
        'kind = "needs_first"',
        34,
        "circle: darkness → silt → storms → darkness.",
    ),
    (CH, 'first = "storms"\nsecond = "darkness"', 'first = "silt"\nsecond = "storms"', 29, "already."),
    (
        CH,
        'first = "storms"\nsecond = "darkness"\nkind = "needs_first"',
        'first = "silt"\nsecond = "darkness"\nkind = "competes_money"',
        36,
        '"darkness" and "silt" are coupled by competes_money already.',
    ),
    (CH, 'source = "Accounts of the league"\n', "", 33, '"source" is missing.'),
    (CH, ', de = "Eine Kasse zahlt beides."', "", 37, '"reason" has no text in the language "de".'),
    (CH, 'party = "sea-ministry"', 'party = "navy"', 48, '"navy", which is not in organisations.toml.'),
    (CH, '["silt", "darkness"]', "[]", 44, '"challenges" is empty; a conflict touches at least one.'),
    (CH, '["silt", "darkness"]', '["sand"]', 44, '"challenges" holds "sand", which is not a challenge.'),
    (CH, '["silt", "darkness"]', '["silt", "silt"]', 44, '"challenges" holds the same one twice.'),
    (CH, 'en = "Harbour act"', f'en = "{"x" * 201}"', 53, '"en" has 201 characters'),
    (CH, "[conflicts.second]", "[conflicts.third]", 40, '"second" is missing.'),
    # cooperation_models.toml
    (CM, "number = 2", "number = 1", 32, "The number 1 is that of another model already."),
    (CM, 'key = "under-sail"', 'key = "towed"', 31, '"towed" stands there already.'),
    (CM, 'key = "sailed"', 'key = "hoisted"', 47, '"hoisted" stands there already.'),
    (
        CM,
        'leader = "both"',
        'leader = "pilot"',
        20,
        '"leader" is "pilot"; it must be one of: members, state,',
    ),
    (CM, '["owner", "party"]', '["captain"]', 22, '"requires" holds "captain"; it may hold: owner, signal,'),
    (CM, 'unit = "weeks"', 'unit = "tides"', 21, '"unit" is "tides"; it must be one of: working_days,'),
    (CM, "amount = 2, ", "", 21, '"amount" is missing.'),
    (
        CM,
        'key = "closed"\nname = { en = "Moored"',
        'key = "done"\nname = { en = "Moored"',
        25,
        "The last step",
    ),
    (CM, 'key = "hoisted"', 'key = "closed"', 42, "is the last step of a route; more steps follow here."),
    (
        CM,
        '[[models.routes.steps]]\nkey = "hoisted"\nname = { en = "Hoisted", de = "Gehisst" }\nleader = "members"\n',
        "",
        42,
        "A route has at least 3 steps; this one has 2.",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "reason"), CASES)
def test_a_fault_is_found_at_its_place(
    folder: Path, file: str, old: str, new: str, line: int, reason: str
) -> None:
    edit(folder, file, old, new)
    here = [fault for fault in check(folder) if (fault.file, fault.line) == (file, line)]
    assert any(reason in fault.reason for fault in here), [str(fault) for fault in check(folder)]
    with pytest.raises(AssociationError, match=file):
        load(folder)


def test_all_faults_are_found_at_once(folder: Path) -> None:
    edit(folder, M, "2022-07-01,SKE", "2022-07-01,XXX")
    edit(folder, M, "1200,1350", "-1,1350")
    edit(folder, "vote_rules.toml", "cap = 8", "cap = 1")
    edit(folder, "roles.toml", 'held_at = "network"', 'held_at = "guild"')
    places = [(fault.file, fault.line) for fault in check(folder)]
    assert {(M, 2), (M, 4), ("vote_rules.toml", 21), ("roles.toml", 17)} <= set(places)
    assert places == sorted(places)


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.iterdir()))
def test_a_missing_file_is_said_and_nothing_breaks(folder: Path, file: str) -> None:
    (folder / file).unlink()
    faults = check(folder)
    if file in OPTIONAL:
        assert [fault.file for fault in faults] == OPTIONAL[file]
    else:
        assert (file, 1, "The file is missing.") in [(f.file, f.line, f.reason) for f in faults]


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.iterdir()))
def test_a_file_that_is_no_text_is_said(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"\xff\xfe\x00")
    assert (file, 1, "The file is not UTF-8 text.") in [(f.file, f.line, f.reason) for f in check(folder)]


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.glob("*.toml")))
def test_broken_toml_names_its_line(folder: Path, file: str) -> None:
    path = folder / file
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, "this is no setting", ""]), encoding="utf-8")
    assert any(
        f.file == file and f.line == len(lines) + 1 and "Not valid TOML" in f.reason for f in check(folder)
    )


@pytest.mark.parametrize("file", sorted(path.name for path in FOLDER.iterdir()))
def test_an_empty_file_is_a_fault_and_not_a_crash(folder: Path, file: str) -> None:
    (folder / file).write_text("", encoding="utf-8")
    assert any(fault.file == file for fault in check(folder))


def test_no_folder(tmp_path: Path) -> None:
    assert [fault.reason for fault in check(tmp_path / "nowhere")] == ["There is no such folder."]


def test_lines_of_tables_and_keys() -> None:
    text = (
        '# head\na = 1\n\n[b]\nc.d = 2\n"e f" = """\nx = 1\n"""\n[[g]]\nh = 1\n[[g]]\nh = 2\n[g.i]\nj = 3\n'
    )
    lines = find_lines(text)
    assert lines["a",] == 2 and lines["b",] == 4 and lines["b", "c", "d"] == 5 and lines["b", "e f"] == 6
    assert ("b", "x") not in lines
    assert lines["g", 0, "h"] == 10 and lines["g", 1, "h"] == 12 and lines["g", 1, "i", "j"] == 14


def test_lines_of_a_list_that_goes_on_below() -> None:
    text = '[[a]]\nb = [  # some\n  { c = 1 },\n  # more\n  { c = 2 },\n]\nd = [\n  "e = 1",\n]\nf = 2\n'
    lines = find_lines(text)
    assert lines["a", 0, "b"] == 2 and lines["a", 0, "b", 0] == 3 and lines["a", 0, "b", 1] == 5
    assert lines["a", 0, "d"] == 7 and lines["a", 0, "f"] == 10


def test_all_optional_files_may_be_absent(folder: Path) -> None:
    for file in (ORG, CH, CM):
        (folder / file).unlink()
    association = load(folder)
    assert (association.organisations, association.challenges, association.couplings) == ((), (), ())
    assert (association.conflicts, association.cooperation_models) == ((), ())


@pytest.mark.parametrize("value", ["7", '"?"', "[]", "{}", "[[1]]", "1979-05-27T07:32:00"])
def test_a_value_of_another_kind_never_breaks_the_reading(folder: Path, value: str) -> None:
    for path in sorted(folder.glob("*.toml")):
        whole = path.read_text(encoding="utf-8")
        lines = whole.splitlines()
        for index, line in enumerate(lines):
            if " = " not in line:
                continue
            key = line.split(" = ")[0]
            path.write_text(
                "\n".join([*lines[:index], f"{key} = {value}", *lines[index + 1 :]]), encoding="utf-8"
            )
            assert all(fault.line >= 1 and fault.reason.endswith(".") for fault in check(folder))
        path.write_text(whole, encoding="utf-8")
    assert check(folder) == []


def test_sections_of_another_kind_never_break_the_reading(folder: Path) -> None:
    for path in sorted(folder.glob("*.toml")):
        whole = path.read_text(encoding="utf-8")
        for head in {line for line in whole.splitlines() if line.startswith("[")}:
            name = head.strip("[]")
            other = f"[{name}]" if head.startswith("[[") else f"[[{name}]]"
            path.write_text(whole.replace(head, other, 1), encoding="utf-8")
            assert any(fault.file == path.name for fault in check(folder)), head
        path.write_text(whole, encoding="utf-8")


def test_no_cell_breaks_the_reading(folder: Path) -> None:
    for path in sorted(folder.glob("*.csv")):
        whole = path.read_text(encoding="utf-8")
        lines = [line.split(",") for line in whole.splitlines()]
        for row, cells in enumerate(lines):
            for column in range(len(cells)):
                changed = [list(line) for line in lines]
                changed[row][column] = "?\x00" if row else "?"
                path.write_text("\n".join(",".join(line) for line in changed), encoding="utf-8")
                check(folder)
        path.write_text(whole, encoding="utf-8")
    assert check(folder) == []
