"""Sets of rules, what a ballot can say, who votes, and all of it in words."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from omkering.decide import commands, vote_rule, words
from omkering.engine import tally
from omkering.who.association.records import Names
from omkering.who.current import association
from tests.decide.meetings import seat
from tests.decide.running import make_body
from tests.decide.vote_kinds import SAID, ballot_of
from tests.decide.votes import DAY, make_proposal, members_with_voters, plan
from tests.people import make_adviser, make_member, make_network


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


# --- sets ------------------------------------------------------------------------------------------------
def test_without_any_key_the_default_set_holds_with_its_version_and_source():
    rule = vote_rule.snapshot(DAY)
    assert (rule["set"]["key"], rule["set"]["version"]) == ("ordinary", 1)
    assert rule["set"]["source"]
    assert [part["key"] for part in rule["thresholds"]] == ["simple-majority"]
    assert vote_rule.tie_of(rule) == "stays"


def test_a_set_gives_all_parts_and_none_of_them_beside_it():
    rule = vote_rule.snapshot(DAY, rule_set_key="double-majority")
    assert [(part["key"], part["in"]) for part in rule["thresholds"]] == [
        ("simple-majority", "votes"),
        ("simple-majority", "heads"),
    ]
    with pytest.raises(ValidationError) as caught:
        vote_rule.snapshot(DAY, threshold_key="two-thirds", rule_set_key="statutes")
    assert set(caught.value.message_dict) == {"rule_set_key"}


def test_one_vote_each_weighs_nobody_and_is_not_divided():
    rule = vote_rule.snapshot(DAY, rule_set_key="one-each")
    assert rule["weight"] is None
    assert not vote_rule.may_divide(rule)
    assert words.weight_in_words(rule) == "Every member has one vote."
    assert words.tie_in_words(rule) == "If the votes are equal, the chair decides."


@pytest.mark.parametrize(
    ("key", "day", "field"),
    [("nothing", DAY, "rule_set_key"), ("ordinary", date(2021, 1, 1), "reference_date")],
)
def test_a_set_that_is_not_there_or_does_not_hold_yet(key, day, field):
    with pytest.raises(ValidationError) as caught:
        vote_rule.snapshot(day, rule_set_key=key)
    assert set(caught.value.message_dict) == {field}


def test_what_is_usual_in_a_meeting_holds_where_nobody_chooses():
    assert vote_rule.snapshot(DAY, usual="one-each")["set"]["key"] == "one-each"
    assert vote_rule.snapshot(DAY, usual="one-each", rule_set_key="statutes")["set"]["key"] == "statutes"
    assert vote_rule.snapshot(DAY, usual="gone")["set"]["key"] == "ordinary"


def test_the_version_of_that_day_is_taken(monkeypatch):
    folder = association()
    old = next(one for one in folder.decision_rules if one.default)
    first = replace(old, ends=date(2023, 1, 1))
    second = replace(old, version=2, starts=date(2023, 1, 1), names=Names(nl="Nieuw", en="New"), tie="chair")
    monkeypatch.setattr(vote_rule, "association", lambda: replace(folder, decision_rules=(first, second)))
    assert vote_rule.snapshot(date(2022, 12, 31))["set"]["version"] == 1
    assert vote_rule.snapshot(date(2023, 1, 1))["tie"] == "chair"


# --- rules of before -------------------------------------------------------------------------------------
OLD = {
    "weight": {"unit": 1000, "rounding": "ceil", "cap": 75, "minimum": 1, "source": "s", "names": {"en": "w"}},
    "threshold": {
        "key": "x", "names": {"en": "Two thirds"}, "numerator": 2, "denominator": 3, "strict": False, "base": "all",
        "source": "s",
    },
    "quorum": {"key": "q", "names": {"en": "Half"}, "numerator": 1, "denominator": 2, "of": "heads", "source": "t"},
}  # fmt: skip


def test_a_rule_of_before_is_read_as_what_it_was():
    rule = vote_rule.tally_rule(OLD)
    assert rule == tally.Rule(
        kind="for_against_abstain",
        thresholds=(tally.Threshold(2, 3, False, "all"),),
        quorum=(tally.Quorum(1, 2, measure="heads"),),
    )
    assert words.needed_in_words(OLD) == "at least two thirds of all votes on the roll"
    assert words.sources_of(OLD) == ["s", "t"]
    assert not vote_rule.is_election(OLD)


# --- what a ballot can say -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "titles", "limits", "field"),
    [
        ("options", ("Eén",), {}, "options"),
        ("options", (), {}, "options"),
        ("options", ("Eén", " eén "), {}, "options"),
        ("options", tuple(map(str, range(61))), {}, "options"),
        ("options", ("a", "b"), {"seats": 3}, "seats"),
        ("points", ("a", "b"), {}, "max_points"),
    ],
)
def test_a_ballot_with_a_fault_is_refused_at_its_field(kind, titles, limits, field):
    with pytest.raises(ValidationError) as caught:
        vote_rule.ballot_data(kind, [{"title": title} for title in titles], **limits)
    assert set(caught.value.message_dict) == {field}


def test_options_get_letters_and_keep_the_items_that_they_stand_for():
    data = vote_rule.ballot_data("options", [{"title": f" t {n} ", "item": n, "ref": -n} for n in range(28)])
    assert [option["key"] for option in data["options"]][24:] == ["Y", "Z", "AA", "AB"]
    assert data["options"][3] == {"key": "D", "title": "t 3", "item": 3, "ref": -3}
    assert data["seats"] == 1


@pytest.mark.parametrize("kind", SAID)
def test_every_kind_is_a_rule_of_the_engine_with_words_for_everything(kind):
    rule = vote_rule.snapshot(DAY, rule_set_key="ordinary", ballot=ballot_of(kind))
    assert vote_rule.tally_rule(rule).kind == kind
    assert words.needed_in_words(rule)
    assert words.ballot_in_words(rule).endswith(".")
    for said in (*SAID[kind], "abstain"):
        assert "%(" not in words.choice_in_words(rule, said)
    roll = tally.Roll(tally.Entry(name, number) for number, name in enumerate("abc", 1))
    ballots = [tally.Ballot(name, choice) for name, choice in zip("abc", SAID[kind], strict=True)]
    for given in (ballots, [], ballots[:1]):
        result = tally.tally(roll, given, vote_rule.tally_rule(rule)).as_dict()
        told = [words.outcome_in_words(result, rule), *words.reasons_in_words(result, rule)]
        assert all(text and "%(" not in text for text in told), told


def test_choices_in_words():
    titled = {kind: vote_rule.snapshot(DAY, ballot=ballot_of(kind)) for kind in SAID}
    assert words.choice_in_words(titled["approval"], "A|C") == "Fiets, Trein"
    assert words.choice_in_words(titled["ranking"], "B>A=C") == "1. Bus 2. Fiets = Trein"
    assert words.choice_in_words(titled["points"], "A:5|B:1") == "Fiets: 5, Bus: 1"
    assert words.choice_in_words(titled["options"], "abstain") == "Abstain"


def test_most_votes_is_enough_where_the_plan_says_so():
    rule = vote_rule.snapshot(DAY, ballot=ballot_of("options", relative=True))
    assert rule["thresholds"] == []
    assert words.needed_in_words(rule) == "the option with most votes"
    with_majority = vote_rule.snapshot(DAY, ballot=ballot_of("options"))
    assert words.needed_in_words(with_majority).startswith(
        "the option with most votes, if it has more than half"
    )


def test_a_double_majority_in_words_and_figures():
    rule = vote_rule.snapshot(DAY, rule_set_key="double-majority")
    assert words.needed_in_words(rule) == (
        "more than half of the votes cast, abstentions not counted, and also more than half of the members that "
        "voted, abstentions not counted"
    )
    assert words.needed_of(rule, 13_263, 344) == "at least 6,632 of 13,263 and at least 173 of 344 members"
    roll = tally.Roll(tally.Entry(name, number) for number, name in enumerate("abcd", 1))
    said = [tally.Ballot(name, "for" if name == "d" else "against") for name in "abd"]
    result = tally.tally(roll, said, vote_rule.tally_rule(rule)).as_dict()
    assert result["outcome"] == "rejected"
    assert words.reasons_in_words(result, rule)[1] == (
        "Needed: more than half of the members that voted, abstentions not counted. Those are 3 members, so at least "
        "2. For: 1."
    )
    assert words.needed_afterwards(result) == "at least 4 of 7 and at least 2 of 3 members"


# --- who votes -------------------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


def test_only_the_members_of_a_network_are_on_the_roll():
    (one, _voter), (_two, _other) = members_with_voters(5_000, 6_000)
    network = make_network("g40", one)
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser, electorate={"of": "network", "network": "g40"})
    vote = commands.open_vote(actor=adviser, vote=vote)
    assert list(vote.roll.values_list("voter", "weight")) == [(one.code, 5)]
    assert words.electorate_in_words(vote.rule) == f"The members of {network.name} vote."


def test_who_holds_a_seat_of_a_body_has_one_vote():
    make_member()
    body = make_body("board")
    first, second = seat(body, 1), seat(body, 2)
    adviser = make_adviser()
    vote = plan(make_proposal(adviser), adviser, electorate={"of": "seats", "body": "board"})
    vote = commands.open_vote(actor=adviser, vote=vote)
    assert set(vote.roll.values_list("person", "weight")) == {(first.pk, 1), (second.pk, 1)}
    voter = vote.roll.get(person=first).voter
    commands.cast_ballot(actor=first, vote=vote, voter=voter, choice="for")
    result = commands.close_vote(actor=adviser, vote=vote).result
    assert (result["outcome"], result["votes"]["for"]) == ("adopted", 1)
    assert words.weight_in_words(vote.rule) == "Everybody who holds a seat has one vote."


@pytest.mark.parametrize("electorate", [{"of": "network", "network": "x"}, {"of": "seats", "body": "x"}])
def test_a_network_or_body_that_is_not_there(electorate):
    make_member()
    adviser = make_adviser()
    with pytest.raises(ValidationError):
        plan(make_proposal(adviser), adviser, electorate=electorate)
