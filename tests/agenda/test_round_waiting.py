"""Rounds beside their pages: the clock, what waits for whom, and what is kept of a person."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from omkering.agenda.commands.departures import depart
from omkering.agenda.commands.priority_ballots import hand_in, save_draft
from omkering.agenda.commands.rounds import close_round, open_round
from omkering.agenda.models import Round
from omkering.agenda.tasks import keep_time
from omkering.thread.waiting import waiting_for
from omkering.who.models import Mandate, Person
from omkering.who.personal_data import personal_data_of
from tests.agenda.rounds import (
    choose,
    line_of,
    make_body,
    members_with_voters,
    open_with,
    past_its_time,
    plan,
    with_candidates,
)
from tests.people import LONG_AGO, make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
REASON = "Het kabinet heeft hier gisteren zelf een wet voor ingediend."


def test_the_clock_of_the_worker_opens_and_closes():
    make_member()
    adviser = make_adviser()
    round_ = plan(adviser)
    with_candidates(round_, adviser)
    keep_time(0)
    assert Round.objects.get(pk=round_.pk).state == "open"
    past_its_time(round_)
    keep_time(0)
    assert Round.objects.get(pk=round_.pk).state == "closed"


def waiting(person: Person) -> list:
    return waiting_for(Person.objects.get(pk=person.pk))


def test_an_open_round_waits_for_who_chooses_until_every_ballot_is_handed_in():
    (one, voter), (two, _other) = members_with_voters(1_000, 2_000)
    Mandate.objects.create(person=voter, member=two, starts=LONG_AGO)
    round_, (first, *_more) = open_with()
    [entry] = waiting(voter)
    assert (entry.count, entry.counted, entry.url) == (2, True, reverse("agenda:round", args=[round_.pk]))
    assert waiting(make_person("clerk", member=one)) == []
    choose(round_, one, voter, first)
    [entry] = waiting(voter)
    assert entry.url == reverse("agenda:choose", args=[round_.pk, line_of(round_, two).pk])
    assert "Kies de prioriteiten van" in str(entry.text)
    save_draft(actor=voter, line=line_of(round_, two), changes={first.pk: 1})
    assert "Lever in wat u invulde" in str(waiting(voter)[0].text)
    choose(round_, two, voter, first)
    assert waiting(voter) == []
    save_draft(actor=voter, line=line_of(round_, two), changes={first.pk: 0})
    assert waiting(voter) == []  # a ballot is in; what is changed since is told on the page


def test_a_seat_in_a_body_waits_for_who_sits_in_it():
    body = make_body(seats=1)
    round_, _candidates = open_with(electorate="body", electing_body=body)
    line = round_.roll.select_related("person").get()
    assert [entry.url for entry in waiting(line.person)] == [
        reverse("agenda:choose", args=[round_.pk, line.pk])
    ]
    past_its_time(round_)
    assert waiting(line.person) == []


def test_the_bureau_sees_what_opens_and_closes_soon_what_lacks_candidates_and_what_is_late():
    make_member()
    adviser = make_adviser()
    now = timezone.now()
    round_ = plan(adviser, opens_at=now + timedelta(hours=5), closes_at=now + timedelta(days=60))
    plan(adviser, opens_at=now + timedelta(days=30), closes_at=now + timedelta(days=60))
    [entry] = waiting(adviser)
    assert "meer kandidaten nodig" in str(entry.text) and not entry.late
    with_candidates(round_, adviser)
    [entry] = waiting(adviser)
    assert "gaat open op" in str(entry.text) and not entry.late
    Round.objects.filter(pk=round_.pk).update(opens_at=now - timedelta(hours=1))
    [entry] = waiting(adviser)
    assert "had open moeten zijn" in str(entry.text) and entry.late
    open_round(actor=adviser, round=round_)
    past_its_time(round_)
    Round.objects.filter(pk=round_.pk).update(
        closes_at=now - timedelta(hours=1), opens_at=now - timedelta(days=1)
    )
    [entry] = waiting(adviser)
    assert "had gesloten moeten zijn" in str(entry.text) and entry.late


# --- what is kept of a person ----------------------------------------------------------------------------
def test_the_copy_of_a_person_holds_ballots_seats_candidates_and_departures():
    [(member, voter)] = members_with_voters(5_000)
    adviser, body = make_adviser(), make_body(seats=1)
    round_, (one, two, _three) = open_with(adviser, ballot_kind="points", points=9)
    hand_in(actor=voter, line=line_of(round_, member), ballot={one.pk: 5, two.pk: 4})
    seats, candidates = open_with(
        adviser, electorate="body", electing_body=body, title="Wat de commissie doet"
    )
    line = seats.roll.select_related("person").get()
    save_draft(actor=line.person, line=line, changes={candidates[0].pk: 1})
    depart(
        actor=adviser,
        round=close_round(actor=adviser, round=round_),
        candidate=one,
        body=body,
        takes_up=False,
        reason=REASON,
        decided_on=timezone.localdate(),
    )
    with translation.override("nl"):
        [ballot] = personal_data_of(voter)["priority_ballots"]
        assert ballot["choice"] == "Opgave 0 (5 punten); Opgave 1 (4 punten)"
        assert (ballot["state"], ballot["member"]) == ("handed_in", member.name)
    kept = personal_data_of(line.person)
    assert [row["title"] for row in kept["round_seats"]] == ["Wat de commissie doet"]
    assert (kept["priority_ballots"][0]["state"], kept["priority_ballots"][0]["choice"]) == (
        "filled_in",
        "Opgave 0",
    )
    kept = personal_data_of(adviser)
    assert len(kept["candidates"]) == 6 and kept["departures"][0]["text"] == REASON
