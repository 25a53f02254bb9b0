"""The roll as plain tuples: what a divided member counts with in a comparison, and that names are escaped."""

from types import SimpleNamespace

from omkering.decide.queries.roll import Cast, RollLine, choices_of
from omkering.decide.templatetags.motions import options
from omkering.decide.templatetags.votes import roll_rows


def cast(votes: int, part: int, choice: str, proxy: str = "") -> Cast:
    return Cast(votes, part, choice, choice.title(), "Here", proxy, receipt=1)


def line(name: str, *casts: Cast, parts: int = 0, weight: int = 1234) -> RollLine:
    return RollLine(
        voter=name,
        name=name,
        member=None,
        division="North & East",
        inhabitants=20_000,
        weight=weight,
        parts=parts,
        choice="for",
        choice_words="For",
        casts=casts,
    )


def test_a_comparison_takes_the_largest_part_of_a_member_that_divided_its_votes() -> None:
    lines = [
        line("A", cast(10, 0, "against")),
        line("B", cast(3, 1, "for"), cast(7, 2, "against"), parts=2),
        line("C", cast(5, 1, "abstain"), cast(5, 2, "for"), parts=2),  # as many: the last by its name
        line("D"),
    ]
    assert choices_of(lines) == {"A": "against", "B": "against", "C": "for"}


def test_the_rows_of_a_roll_tell_all_and_are_escaped() -> None:
    lines = [
        line("A<b>", cast(1234, 0, "for", proxy="X & Y")),
        line("B", cast(3, 1, "for"), cast(7, 2, "against"), parts=2, weight=10),
    ]
    drawn = roll_rows(SimpleNamespace(secret=False), lines, division="Province", told=True)
    first, second = drawn.split("</tr>")[:2]
    assert first == (
        '<tr><th scope="row">A&lt;b&gt;</th><td>North &amp; East</td><td class="app-numeric">20.000</td>'
        '<td class="app-numeric">1.234</td><td>For</td><td>Here, met volmacht door X &amp; Y</td>'
    )
    assert second.endswith("<td>3: For; 7: Against</td><td>Here; Here</td>")
    secret = roll_rows(SimpleNamespace(secret=True), lines[:1], of_members=False, told=True)
    assert secret == (
        '<tr><th scope="row">A&lt;b&gt;</th><td class="app-numeric">1.234</td><td>For</td></tr>'
    )


def test_the_options_of_a_filter_are_escaped_and_one_is_chosen() -> None:
    drawn = options([(3, "A & B"), (4, "C")], 4)
    assert drawn == '<option value="3">A &amp; B</option><option value="4" selected>C</option>'
    assert "selected" not in options([("member-3", "A")], "")
