"""The life of a round: planned, opened on a frozen roll, closed with a count; and what is refused on the way."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from omkering.agenda.commands import rounds as commands
from omkering.agenda.commands.candidates import nominate
from omkering.agenda.commands.round_plans import EACH_ONE
from omkering.agenda.models import PriorityBallot, Round, RoundLine, RoundState
from omkering.journal.models import Event
from omkering.thread.models import Item, Notice, Visibility
from omkering.thread.queries import in_words
from omkering.who.models import Appointment
from tests.agenda.rounds import (
    DAY,
    choose,
    line_of,
    make_body,
    make_bundle,
    members_with_voters,
    open_with,
    past_its_time,
    plan,
    with_candidates,
    with_sender,
)
from tests.people import LONG_AGO, make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db


def refused(error) -> str:
    return " ".join(error.value.messages)


def told(person, milestone: str) -> list[str]:
    rows = Notice.objects.filter(person=person, milestone=milestone).select_related("item", "because")
    return [in_words(row).text for row in rows.order_by("pk")]


# --- planning --------------------------------------------------------------------------------------------
def test_a_round_is_planned_with_its_rule_as_it_stands(django_assert_num_queries):
    make_member()
    round = plan(make_adviser(), maximum=5, explanation="Waar de vereniging in 2027 aan werkt.")
    assert (round.kind, round.state, round.maximum) == ("round", "planned", 5)
    assert round.weight_rule["key"] == "per-1000-cap-75"
    assert (round.summary, round.visibility) == ("Waar de vereniging in 2027 aan werkt.", "public")
    event = Event.objects.get(verb="round.planned")
    assert event.subject == round.subject
    assert (event.data["maximum"], event.data["weight_rule"]) == (5, "per-1000-cap-75")


@pytest.mark.parametrize("role", ["mayor", "committee_member", "network_secretary"])
def test_only_the_bureau_plans_opens_closes_and_calls_off(role):
    make_member()
    somebody, adviser = make_person(role), make_adviser()
    with pytest.raises(PermissionDenied):
        plan(somebody)
    round = plan(adviser)
    with_candidates(round, adviser)
    for command in (commands.open_round, commands.close_round, commands.withdraw_round):
        with pytest.raises(PermissionDenied):
            command(actor=somebody, round=round)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"maximum": 0}, "maximum", "Minstens één prioriteit"),
        ({"maximum": 1001}, "maximum", "Minstens één prioriteit"),
        ({"title": "x"}, "title", "ten minste 5 tekens"),
        ({"title": "Bel 06-12345678 hierover"}, "title", "telefoonnummer"),
        ({"ballot_kind": "points"}, "points", "hoeveel punten"),
        ({"ballot_kind": "lot"}, "ballot_kind", "Kies wat"),
        ({"electorate": "network"}, "network", "welk netwerk"),
        ({"electorate": "body"}, "electing_body", "welk orgaan"),
        ({"electorate": "all"}, "electorate", "wie kiest"),
        ({"visibility": "bureau"}, "visibility", "wie deze ronde"),
        ({"closes_at": timezone.now() - timedelta(days=9)}, "closes_at", "na de opening"),
        (
            {"reference_date": date(1900, 1, 1), "weight_rule_key": EACH_ONE},
            "reference_date",
            "geen leden bekend",
        ),
        ({"weight_rule_key": "no-such-rule"}, "weight_rule_key", "regel"),
    ],
)
def test_a_plan_that_cannot_be_says_at_its_field_what_to_do(changes, field, words):
    make_member()
    with pytest.raises(ValidationError) as error:
        plan(make_adviser(), **changes)
    assert words in " ".join(error.value.message_dict[field])
    assert not Round.objects.exists()


def test_a_member_without_a_population_is_told_when_planning_unless_each_counts_as_one():
    make_member(name="Nieuw").populations.all().delete()
    with pytest.raises(ValidationError) as error:
        plan(make_adviser())
    assert "Nieuw" in refused(error)
    assert plan(make_adviser(), weight_rule_key=EACH_ONE).weight_rule is None


def test_a_body_without_seats_on_that_date_is_told():
    with pytest.raises(ValidationError) as error:
        plan(make_adviser(), electorate="body", electing_body=make_body())
    assert "Commissie Zorg" in refused(error)


def test_the_plan_changes_until_it_opens():
    make_member()
    adviser = make_adviser()
    round = plan(adviser)
    now = timezone.now()
    changed = commands.change_round(
        actor=adviser,
        round=round,
        title="Prioriteiten van het netwerk",
        maximum=2,
        ballot_kind="points",
        points=10,
        opens_at=now,
        closes_at=now + timedelta(days=3),
        reference_date=DAY,
        weight_rule_key=EACH_ONE,
        visibility=Visibility.MEMBERS,
    )
    assert (changed.points, changed.weight_rule, changed.maximum) == (10, None, 2)
    with_candidates(changed, adviser)
    opened = commands.open_round(actor=adviser, round=changed)
    with pytest.raises(ValidationError) as error:
        commands.change_round(
            actor=adviser,
            round=opened,
            title="Te laat hiermee",
            maximum=2,
            opens_at=now,
            closes_at=now + timedelta(days=3),
            reference_date=DAY,
        )
    assert "niet meer gepland" in refused(error)


def test_a_round_with_a_candidate_for_members_does_not_become_public():
    make_member()
    adviser = make_adviser()
    round = plan(adviser, visibility=Visibility.MEMBERS)
    nominate(actor=adviser, round=round, item=make_bundle("Alleen voor leden", visibility=Visibility.MEMBERS))
    with pytest.raises(ValidationError) as error:
        commands.change_round(
            actor=adviser,
            round=round,
            title=round.title,
            maximum=1,
            opens_at=round.opens_at,
            closes_at=round.closes_at,
            reference_date=DAY,
        )
    assert "Alleen voor leden" in error.value.message_dict["visibility"][0]


def test_calling_off_is_heard_and_stays_known():
    make_member()
    adviser, bundle = make_adviser(), make_bundle()
    sender = with_sender(bundle)
    round = plan(adviser)
    nominate(actor=adviser, round=round, item=bundle)
    assert commands.withdraw_round(actor=adviser, round=round).state == RoundState.WITHDRAWN
    assert "gaat niet door" in told(sender, "round.withdrawn")[0]
    with pytest.raises(ValidationError):
        commands.open_round(actor=adviser, round=round)


# --- opening ---------------------------------------------------------------------------------------------
def test_opening_freezes_the_roll_with_weights_groups_and_a_digest_in_the_log():
    one, other = make_member(inhabitants=30_500), make_member(inhabitants=1_000_000)
    make_network("g4", other)
    round, _candidates = open_with()
    lines = {line.member: line for line in round.roll.select_related("member")}
    assert (lines[one].weight, lines[other].weight) == (31, 75)
    assert lines[other].groups["network"] == ["g4"]
    event = Event.objects.get(verb="round.opened")
    assert event.data["roll_sha256"] == commands.roll_digest(list(lines.values()))
    assert (event.data["candidates"], event.data["lines"], event.data["votes"]) == (3, 2, 106)


def test_a_network_chooses_with_the_members_in_it_on_the_reference_date():
    inside, outside = make_member(), make_member()
    network = make_network("g40", inside)
    network.memberships.create(member=outside, starts=DAY + timedelta(days=1))
    round, _candidates = open_with(electorate="network", network=network)
    assert [line.member for line in round.roll.all()] == [inside]


def test_a_body_chooses_with_who_has_a_seat_that_day_one_vote_each():
    body = make_body(seats=3)
    late = make_person()
    Appointment.objects.create(
        person=late, role="committee_member", body=body, starts=DAY + timedelta(days=1)
    )
    gone = make_person(is_active=False)
    Appointment.objects.create(person=gone, role="committee_member", body=body, starts=LONG_AGO)
    round, _candidates = open_with(electorate="body", electing_body=body)
    assert [(line.weight, line.member) for line in round.roll.all()] == [(1, None)] * 3
    assert {late.pk, gone.pk}.isdisjoint(round.roll.values_list("person_id", flat=True))


def test_a_round_without_candidates_or_with_as_many_as_may_be_chosen_does_not_open():
    make_member()
    adviser = make_adviser()
    round = plan(adviser, maximum=3)
    with pytest.raises(ValidationError) as error:
        commands.open_round(actor=adviser, round=round)
    assert "nog geen kandidaten" in refused(error)
    with_candidates(round, adviser, 3)
    with pytest.raises(ValidationError) as error:
        commands.open_round(actor=adviser, round=round)
    assert "3 kandidaten" in refused(error) and "er is dus niets te kiezen" in refused(error)
    with_candidates(round, adviser, 1)
    assert commands.open_round(actor=adviser, round=round).state == RoundState.OPEN


def test_who_may_choose_and_who_is_behind_a_candidate_hear_of_the_opening_once():
    [(_member, voter)] = members_with_voters(5_000)
    adviser, bundle = make_adviser(), make_bundle()
    sender = with_sender(bundle)
    round = plan(adviser)
    nominate(actor=adviser, round=round, item=bundle)
    nominate(actor=adviser, round=round, item=make_bundle("Iets anders"))
    commands.open_round(actor=adviser, round=round)
    assert len(told(voter, "round.opened")) == 1
    [words] = told(sender, "round.opened")
    assert "Uw signaal “Warmte is te duur” doet mee in de ronde “Prioriteiten van 2027”" in words


def test_nothing_of_an_open_round_nor_its_result_can_be_changed_behind_the_back_of_the_commands():
    [(member, voter)] = members_with_voters(5_000)
    adviser = make_adviser()
    round, candidates = open_with(adviser)
    choose(round, member, voter, candidates[0])
    line = line_of(round, member)
    attempts = [
        lambda: Round.objects.filter(pk=round.pk).update(maximum=2),
        lambda: Round.objects.filter(pk=round.pk).update(ballot_kind="points", points=3),
        lambda: Round.objects.filter(pk=round.pk).update(reference_date=DAY + timedelta(days=1)),
        lambda: Round.objects.filter(pk=round.pk).update(weight_rule=None),
        lambda: RoundLine.objects.filter(pk=line.pk).update(weight=75),
        lambda: RoundLine.objects.filter(pk=line.pk).delete(),
        lambda: PriorityBallot.objects.all().delete(),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    commands.close_round(actor=adviser, round=round)
    for change in ({"result": {}}, {"closed_at": None}, {"closes_at": timezone.now() + timedelta(days=9)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Round.objects.filter(pk=round.pk).update(**change)


# --- closing ---------------------------------------------------------------------------------------------
def test_closing_counts_keeps_the_result_and_tells_what_became_of_each_candidate():
    people = members_with_voters(*[10_000] * 4)
    adviser = make_adviser()
    round = plan(adviser, maximum=1)
    bundles = [make_bundle(title) for title in ("Warmte", "Water", "Wegen")]
    senders = [with_sender(bundle) for bundle in bundles]
    warm, water, _roads = (nominate(actor=adviser, round=round, item=bundle) for bundle in bundles)
    round = commands.open_round(actor=adviser, round=round)
    for member, voter in people[:3]:
        choose(round, member, voter, warm)
    choose(round, *people[3], water)
    closed = commands.close_round(actor=adviser, round=round)
    assert closed.state == RoundState.CLOSED and closed.answered_at == closed.closed_at
    assert closed.result["selected"] == [warm.pk]
    assert (closed.result["cast"], closed.result["needed"]) == ({"votes": 40, "heads": 4}, 30)
    assert [told(sender, "candidate.chosen") for sender in senders] == [
        [
            "Uw signaal “Warmte is te duur” is een prioriteit geworden, als deel van “Warmte”: nummer 1 van 1 in de "
            "ronde “Prioriteiten van 2027”, gewenst met 30 stemmen."
        ],
        [],
        [],
    ]
    assert "gewenst met 10 stemmen en kwam 20 tekort van de 30" in told(senders[1], "candidate.not_chosen")[0]
    assert "gewenst met 0 stemmen en kwam 30 tekort van de 30" in told(senders[2], "candidate.not_chosen")[0]
    assert [told(voter, "round.closed") for _member, voter in people] == [
        [
            "De uitslag van de ronde “Prioriteiten van 2027” is er. Aantal kandidaten: 3. Prioriteit geworden: 1."
        ]
    ] * 4
    assert not told(senders[0], "round.closed")
    event = Event.objects.get(verb="round.closed")
    assert event.data == {"chosen": [warm.pk], "cast_votes": 40, "cast_heads": 4, "early": True}


def test_a_round_in_which_nobody_chose_closes_without_priorities():
    make_member()
    adviser = make_adviser()
    round, _candidates = open_with(adviser)
    closed = commands.close_round(actor=adviser, round=round)
    assert closed.result["selected"] == [] and closed.result["cast"] == {"votes": 0, "heads": 0}


def test_only_an_open_round_closes_and_only_once():
    make_member()
    adviser = make_adviser()
    with pytest.raises(ValidationError):
        commands.close_round(actor=adviser, round=plan(adviser))
    round, _candidates = open_with(adviser)
    commands.close_round(actor=adviser, round=round)
    with pytest.raises(ValidationError) as error:
        commands.close_round(actor=adviser, round=round)
    assert "niet open" in refused(error)


# --- the clock -------------------------------------------------------------------------------------------
def test_the_clock_opens_and_closes_what_is_due_and_leaves_what_cannot_open():
    make_member()
    adviser = make_adviser()
    empty, ready = plan(adviser), plan(adviser)
    later = plan(
        adviser, opens_at=timezone.now() + timedelta(hours=1), closes_at=timezone.now() + timedelta(days=1)
    )
    with_candidates(ready, adviser)
    with_candidates(later, adviser)
    assert commands.open_and_close_due() == (1, 0)
    states = dict(Round.objects.values_list("pk", "state"))
    assert states == {empty.pk: "planned", ready.pk: "open", later.pk: "planned"}
    past_its_time(ready)
    assert commands.open_and_close_due() == (0, 1)
    assert Event.objects.get(verb="round.closed").actor is None
    assert commands.open_and_close_due() == (0, 0)


def test_the_clock_itself_does_not_open_or_close_before_its_time():
    make_member()
    adviser = make_adviser()
    later = plan(
        adviser, opens_at=timezone.now() + timedelta(hours=1), closes_at=timezone.now() + timedelta(days=1)
    )
    with_candidates(later, adviser)
    with pytest.raises(ValidationError):
        commands.open_round(actor=None, round=later)
    round, _candidates = open_with(adviser)
    with pytest.raises(ValidationError):
        commands.close_round(actor=None, round=round)


def test_items_of_closed_rounds_keep_their_words():
    make_member()
    adviser = make_adviser()
    round, _candidates = open_with(adviser)
    commands.close_round(actor=adviser, round=round)
    Item.objects.filter(pk=round.pk).update(example=True)  # what is not the result may still be labelled
    assert Round.objects.get(pk=round.pk).example
