"""How groups of members voted on options: the shares, on the page of a vote and on the screen in the hall."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from omkering.decide import commands
from omkering.decide.commands.vote_results import announce_result
from omkering.decide.models import Meeting, Vote
from omkering.decide.option_shares import leading, share
from omkering.decide.queries.results import OptionRow, option_slices
from omkering.decide.screen_picture import first_lines, option_lines, percent, share_bar
from omkering.decide.short_memory import forget
from omkering.engine import tally
from tests.decide.vote_kinds import SAID, ballot_of, cast_all, in_meeting, open_of
from tests.decide.votes import log_in
from tests.people import make_adviser

KINDS = ("options", "approval", "ranking", "points")
ROLL = tally.Roll(
    [
        tally.Entry("a", 5, {"size": "small"}),
        tally.Entry("b", 4, {"size": "small"}),
        tally.Entry("c", 90, {"size": "large"}),
    ]
)


MORE = {"points": {"max_points": 5}, "ranking": {"method": "schulze"}}


def counted(kind, *choices):
    rule = tally.Rule(kind, options=("A", "B", "C", "D"), **MORE.get(kind, {}))
    ballots = [tally.Ballot(name, choice) for name, choice in zip("abc", choices, strict=False)]
    return tally.tally(ROLL, ballots, rule).as_dict()


def of(result, group, *options):
    total = result["slice_totals"]["size"][group]
    return [
        share(result["kind"], result["slices"]["size"][group], total["cast_votes"], option)
        for option in options
    ]


# --- pure ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "said", "small", "large"),
    [
        ("options", ("A", "B", "A"), [5 / 9, 4 / 9, 0], [1, 0, 0]),
        ("options", ("A", "abstain", "abstain"), [1, 0, 0], [None] * 3),  # an abstention is no vote for any
        ("options", ("A",), [1, 0, 0], [None] * 3),
        ("approval", ("A|B", "B", "C"), [5 / 9, 1, 0], [0, 0, 1]),
        ("points", ("A:3|B:1", "B:5", "C:2"), [15 / 40, 25 / 40, 0], [0, 0, 1]),
        ("ranking", ("A>B", "A=B>C", "C>A"), [1, 4 / 9, 0], [0, 0, 1]),
    ],
)
def test_a_share_is_of_what_a_group_gave(kind, said, small, large):
    result = counted(kind, *said)
    assert of(result, "small", "A", "B", "C") == pytest.approx(small)
    assert of(result, "large", "A", "B", "C") == large


def test_what_is_chosen_leads_and_the_rest_follows_by_its_votes():
    assert leading(counted("options", "A", "B", "C"), 2) == ["C", "A"]
    assert leading(counted("options", "A", "B", "C"), 9) == ["C", "A", "B"]  # D got nothing
    # A ranking can choose what few have as their first choice: it is shown all the same.
    found = counted("ranking", "A>B", "C>B", "D>B")
    assert leading({**found, "elected": ["B"]}, 2) == ["D", "B"]
    assert leading(counted("options", "abstain"), 3) == []
    assert leading({**counted("options"), "elected": ["A"]}, 3) == []  # by acclamation: nobody voted


@given(st.lists(st.sampled_from(["A", "B", "C", "D", "abstain"]), min_size=3, max_size=3))
def test_shares_of_single_choices_are_one_together(choices):
    result = counted("options", *choices)
    for group in ("small", "large"):
        shares = of(result, group, *"ABCD")
        assert shares == [None] * 4 or sum(shares) == pytest.approx(1)


def test_the_largest_of_a_group_stands_out_and_nothing_does_where_nobody_voted():
    assert OptionRow("x", [0.2, 0.5, 0.5], 3, 3).cells == [(0.2, False), (0.5, True), (0.5, True)]
    assert OptionRow("x", [None, None], 3, 0).cells == [(None, False)] * 2
    assert OptionRow("x", [0.0, 0.0], 3, 3).cells == [(0.0, False)] * 2


def test_the_lines_of_the_options_and_the_bar_behind_a_share():
    lines = option_lines(counted("options", "A", "B", "C"), {"A": "Bus", "C": "Fiets"}, ["C"])
    assert [(line.key, line.title, line.got, line.share, line.chosen) for line in lines] == [
        ("C", "Fiets", 90, 100, True),
        ("A", "Bus", 5, 6, False),
        ("B", "B", 4, 4, False),
        ("D", "D", 0, 0, False),
    ]
    assert [line.key for line in first_lines(lines, 3)] == ["C", "A", "B"]
    assert [line.key for line in first_lines(lines, 3, ["D", "B"])] == ["C", "B", "D"]
    assert [percent(share) for share in (None, 0.0, 0.996, 2 / 3)] == [None, 0, 100, 67]
    assert re.findall(r'--(\w+)" x="0\.?0?" y="10" width="([\d.]+)"', share_bar(0.25)) == [
        ("rest", "1000"),
        ("share", "250.0"),
    ]


# --- on the pages ----------------------------------------------------------------------------------------
@pytest.fixture
def english(client):
    forget()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    with translation.override("en"):
        yield client


def cells(text: str, group: str) -> list[str]:
    """The figures of one group, as text."""
    row = re.search(rf'<th scope="row">{group}</th>(.*?)</tr>', text)[1]
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]


def screen(client, meeting):
    answer = client.get(reverse("decide:screen", args=[meeting.pk]), {"taal": "en"})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def announced(vote, adviser):
    commands.close_vote(actor=adviser, vote=vote)
    announce_result(actor=adviser, vote=Vote.objects.get(pk=vote.pk))
    Meeting.objects.filter(pk=vote.meeting_id).update(on_screen={"show": "result", "vote": vote.pk})
    forget()
    return Vote.objects.get(pk=vote.pk)


SMALL, MIDDLE = "5,000 to 10,000 inhabitants", "20,000 to 50,000 inhabitants"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "said", "small", "middle"),
    [
        ("options", ("A", "A", "B"), ["0", "100"], ["100", "0"]),
        ("approval", ("A|B", "B|C", "B"), ["100"], ["100"]),
        ("ranking", ("A>B", "A>C", "B>A=C"), ["0", "100"], ["100", "0"]),
        ("points", ("A:5|B:1", "A:4", "C:5"), ["0"], ["90"]),
    ],
)
def test_the_screen_shows_what_groups_gave_the_options_that_lead(english, kind, said, small, middle):
    vote, people, adviser = in_meeting(30_000, 20_000, 6_000, heads=True, ballot=ballot_of(kind))
    cast_all(vote, people, said)
    assert "hall-groups" not in screen(english, vote.meeting)
    vote = announced(vote, adviser)
    shown = screen(english, vote.meeting)
    assert "hall-groups" in shown and "Share of the " in shown and "In percent." in shown
    assert cells(shown, SMALL)[: len(small)] == small
    assert cells(shown, MIDDLE)[: len(middle)] == middle
    listed = re.findall(r'<span class="hall-number">(\w+)</span> <span class="hall-options__title"', shown)
    heads = re.findall(r'<th scope="col">(\w)</th>', shown)
    assert set(heads) <= set(listed) and heads[0] == listed[0]  # a letter tells which column is which option


@pytest.mark.django_db
def test_many_options_leave_room_for_the_groups_and_all_of_them_stand_on_the_page(english):
    titles = tuple(f"Mogelijkheid {number}" for number in range(1, 10))
    vote, people, adviser = in_meeting(30_000, 6_000, ballot=ballot_of("options", titles))
    cast_all(vote, people, ("I", "B"))
    vote = announced(vote, adviser)
    shown = screen(english, vote.meeting)
    assert shown.count('class="hall-number">') == 6 and "And 3 more options." in shown
    assert [key for key, _title in option_slices(vote, 3).options] == ["I", "B"]
    page = " ".join(english.get(reverse("decide:vote", args=[vote.pk])).content.decode().split())
    assert all(title in page for title in titles)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_a_vote_shows_shares_by_group(english, kind):
    vote, people = open_of(kind, 30_000, 20_000, 6_000)
    cast_all(vote, people, SAID[kind])
    vote = commands.close_vote(actor=make_adviser(), vote=vote)
    page = " ".join(english.get(reverse("decide:vote", args=[vote.pk])).content.decode().split())
    assert "How groups of members voted" in page
    assert re.search(r"<strong>\d+\.\d%</strong>", page)
    found = cells(page, SMALL)
    assert found[-1] == "1 of 1"
    assert len(found) == len(option_slices(vote, 5).options) + 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_vote_on_options_shows_no_group(english, kind):
    vote, people, adviser = in_meeting(30_000, 20_000, 6_000, secret=True, heads=True, ballot=ballot_of(kind))
    cast_all(vote, people, SAID[kind])
    vote = announced(vote, adviser)
    assert option_slices(vote, 5) is None
    # Not even if somebody kept slices with it.
    vote.result = {**vote.result, "slices": {"size_class": {"1": {"A": 1}}}}
    assert option_slices(vote, 5) is None
    shown = screen(english, vote.meeting)
    assert "hall-options" in shown and "hall-groups" not in shown and "hall-number" not in shown
    log_in(english, adviser)
    page = english.get(reverse("decide:vote", args=[vote.pk])).content.decode()
    assert "How groups of members voted" not in page


@pytest.mark.django_db
def test_where_nobody_voted_there_are_no_shares(english):
    vote, _people, adviser = in_meeting(30_000, ballot=ballot_of("options"))
    vote = announced(vote, adviser)
    assert option_slices(vote, 5) is None
    shown = screen(english, vote.meeting)
    assert "hall-options" in shown and "hall-groups" not in shown


@pytest.mark.django_db
def test_the_shares_ask_the_database_nothing(django_assert_num_queries):
    vote, people = open_of("approval")
    cast_all(vote, people, SAID["approval"])
    vote = commands.close_vote(actor=make_adviser(), vote=vote)
    option_slices(vote, 3)  # what a process keeps of the association is there now
    with django_assert_num_queries(0):
        assert option_slices(vote, 3).groupings
