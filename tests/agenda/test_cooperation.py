"""Models of co-operation: only into a step whose requirements hold, and never past a step."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omkering.agenda.cooperation import (
    REQUIREMENTS,
    Facts,
    Way,
    columns,
    find_way,
    missing,
    refusal,
    step_words,
    way_of_key,
    ways,
)
from omkering.agenda.dossier_texts import first_sentences, sentences
from omkering.who.association.records import CLOSED, STEP_REQUIREMENTS

FULL = Facts(
    owner=True, signals=3, pilots=2, pilots_running=1, solution=True, conditions=2, conditions_waiting=0,
    conditions_answered=2, parties=1, documents=1, result=True,
)  # fmt: skip
EVERY = ways()


def any_facts() -> st.SearchStrategy[Facts]:
    kinds = {
        field.name: st.booleans() if field.type in (bool, "bool") else st.integers(0, 3)
        for field in fields(Facts)
    }
    return st.builds(Facts, **kinds)


any_way = st.sampled_from(EVERY)


def test_the_shipped_association_has_the_three_models_of_the_paper():
    assert [(way.model.number, way.route.key) for way in EVERY] == [
        (1, "standaard"), (2, "standaard"), (3, "overleg_vooraf"), (3, "eerst_beginnen"),
    ]  # fmt: skip
    third = find_way("omgekeerd_medebewind", "overleg_vooraf")
    assert [step.key for step in third.steps] == [
        "signalled", "owner_found", "pilot_members", "solution", "conditions_asked", "talks", "answer_of_state",
        "policy", "standard_for_all", "closed",
    ]  # fmt: skip


def test_every_requirement_that_a_folder_may_name_is_known_and_has_words_and_a_place():
    assert set(REQUIREMENTS) == set(STEP_REQUIREMENTS)
    for requirement in REQUIREMENTS.values():
        assert str(requirement.sentence).endswith(".")
        assert requirement.place.startswith("agenda:")


@pytest.mark.parametrize("name", STEP_REQUIREMENTS)
def test_a_requirement_holds_with_all_and_fails_with_nothing(name):
    assert REQUIREMENTS[name].holds(FULL)
    assert not REQUIREMENTS[name].holds(Facts())


def test_no_conditions_are_asked_without_a_solution_and_a_pilot():
    way = find_way("omgekeerd_medebewind", "overleg_vooraf")
    lacking = {entry.requirement for entry in missing(way.step("conditions_asked"), Facts(owner=True))}
    assert {"solution", "pilot"} <= lacking


def test_answers_are_there_when_nothing_that_was_asked_still_waits():
    holds = REQUIREMENTS["answers"].holds
    assert holds(Facts(conditions=2, conditions_answered=2))
    assert not holds(Facts(conditions=2, conditions_answered=1, conditions_waiting=1))
    assert not holds(Facts(conditions=1))


@given(any_way, any_facts(), st.data())
def test_forward_is_exactly_one_step_and_only_when_all_is_there(way: Way, facts: Facts, data):
    present = data.draw(st.sampled_from([step.key for step in way.steps]))
    to = data.draw(st.sampled_from([step.key for step in way.steps]))
    following = way.following(present)
    allowed = following is not None and to == following.key and not missing(following, facts)
    assert (not refusal(way, present, to, facts)) == allowed


@given(any_way, st.lists(st.tuples(any_facts(), st.integers(0, 9)), max_size=30))
def test_whatever_is_tried_no_step_is_skipped_and_each_was_allowed(way: Way, tries):
    """A dossier that is pushed about: the steps it went through are the beginning of its route."""
    been = [way.first.key]
    for facts, number in tries:
        to = way.steps[number % len(way.steps)]
        if not refusal(way, been[-1], to.key, facts):
            assert not missing(to, facts)
            been.append(to.key)
    assert been == [step.key for step in way.steps][: len(been)]


@given(any_way, any_facts())
def test_the_last_step_always_needs_a_result(way: Way, facts: Facts):
    assert way.steps[-1].key == CLOSED
    lacking = {entry.requirement for entry in missing(way.steps[-1], facts)}
    assert ("result" in lacking) == (not facts.result)


def test_a_skipped_step_names_what_comes_next_and_what_that_needs():
    way = find_way("omgekeerd_medebewind", "overleg_vooraf")
    first, *others = refusal(way, "signalled", "conditions_asked", Facts())
    assert "Eigenaar gevonden" in first or "Owner found" in first
    assert others == [entry.sentence for entry in missing(way.step("owner_found"), Facts())]


def test_columns_hold_every_step_once_with_the_end_last():
    names = columns(EVERY)
    assert set(names) == {step.key for way in EVERY for step in way.steps}
    assert list(names)[-1] == CLOSED
    for way in EVERY:
        order = [list(names).index(step.key) for step in way.steps]
        if way.model.number == 3:
            assert order == sorted(order)


def test_a_route_that_the_folder_lost_breaks_nothing():
    assert find_way("gone", "gone") is None
    assert way_of_key("gone:gone") is None
    assert step_words("gone", "gone", "talks") == "talks"
    way = EVERY[0]
    assert way.step("talks") is None and way.following("talks") is None and way.before("talks") == ()


def test_sentences_are_counted_as_people_do():
    assert sentences("Dit is er een. En dit ook! Klaar?") == 3
    assert sentences("Volgens art. 3 van de wet mag dit niet.") == 1
    assert sentences("") == 0
    long = "Een zin. Nog een zin. En een derde. En een vierde."
    assert first_sentences(long) == "Een zin. Nog een zin. En een derde."
    assert first_sentences("") == ""
