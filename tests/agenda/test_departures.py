"""Departing from a result: only afterwards, only against it, once, with a reason that everybody hears."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from omkering.agenda.commands.departures import depart
from omkering.agenda.commands.rounds import close_round
from omkering.agenda.models import Departure
from omkering.journal.models import Event
from omkering.thread.commands import follow
from omkering.thread.models import Item, Notice
from omkering.thread.queries import in_words
from tests.agenda.rounds import choose, make_body, members_with_voters, open_with
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
REASON = "Het kabinet heeft hier gisteren zelf een wet voor ingediend."


@pytest.fixture
def closed():
    """A closed round with its chosen and another candidate, the adviser, a voter and a body."""
    [(member, voter)] = members_with_voters(5_000)
    adviser = make_adviser()
    round, (one, two, _three) = open_with(adviser)
    choose(round, member, voter, one)
    return close_round(actor=adviser, round=round), one, two, adviser, voter, make_body()


def departing(closed, **changes) -> Departure:
    round, one, _two, adviser, _voter, body = closed
    values = {"actor": adviser, "round": round, "candidate": one, "body": body, "takes_up": False}
    return depart(**{**values, "reason": REASON, "decided_on": timezone.localdate(), **changes})


def test_a_body_does_not_take_up_what_was_chosen_and_all_hear_the_reason(closed):
    round, one, _two, _adviser, voter, body = closed
    follower = make_person("official", member=make_member())
    follow(person=follower, item=Item.objects.get(pk=round.pk))
    departure = departing(closed)
    assert (departure.body, departure.takes_up, departure.reason) == (body, False, REASON)
    event = Event.objects.get(verb="round.departed")
    assert event.on_behalf_of == f"body:{body.key}"
    assert event.data == {"departure": departure.pk, "candidate": one.pk, "takes_up": False}
    for person in (voter, follower):
        notice = Notice.objects.select_related("item", "because").get(
            person=person, milestone="round.set_aside"
        )
        assert in_words(notice).text == (
            f"Commissie Zorg neemt “Opgave 0” niet over, hoewel het in de ronde “{round.title}” is gekozen. De reden: "
            f"{REASON}"
        )
    round.refresh_from_db()
    assert round.result["selected"] == [one.pk]  # the result stays as it was counted


def test_a_body_takes_up_what_was_not_chosen(closed):
    _round, _one, two, _adviser, voter, _body = closed
    assert departing(closed, candidate=two, takes_up=True).takes_up
    assert Notice.objects.filter(person=voter, milestone="round.taken_up").exists()


@pytest.mark.parametrize(("which", "takes_up"), [(1, True), (2, False)])
def test_only_against_the_result(closed, which, takes_up):
    with pytest.raises(ValidationError) as error:
        departing(closed, candidate=closed[which], takes_up=takes_up)
    assert "wijkt dus nergens van af" in error.value.message_dict["takes_up"][0]


def test_only_once_for_each_candidate(closed):
    departing(closed)
    with pytest.raises(ValidationError):
        departing(closed)
    assert Departure.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "Zomaar."}, "reason"),
        ({"reason": ""}, "reason"),
        ({"reason": "Bel de wethouder op 06-12345678 voor de reden."}, "reason"),
        ({"decided_on": timezone.localdate() + timedelta(days=2)}, "decided_on"),
        ({"decided_on": timezone.localdate() - timedelta(days=2)}, "decided_on"),
    ],
)
def test_without_a_reason_or_on_a_day_that_cannot_be_nothing_is_recorded(closed, changes, field):
    with pytest.raises(ValidationError) as error:
        departing(closed, **changes)
    assert field in error.value.message_dict
    assert not Departure.objects.exists()


def test_only_after_closing():
    make_member()
    adviser = make_adviser()
    round, (one, *_others) = open_with(adviser)
    with pytest.raises(ValidationError) as error:
        departing((round, one, None, adviser, None, make_body()))
    assert "nog geen uitslag" in " ".join(error.value.messages)


def test_a_candidate_of_another_round_is_refused(closed):
    _round, (other, *_others) = open_with(title="Een andere ronde")
    with pytest.raises(ValidationError):
        departing(closed, candidate=other)


def test_by_the_bureau_or_who_sits_in_the_body_and_nobody_else(closed):
    body = closed[-1]
    for person in (closed[4], make_person("committee_member", body=make_body("andere")), None):
        with pytest.raises(PermissionDenied):
            departing(closed, actor=person)
    assert departing(closed, actor=make_person("committee_member", body=body)).pk
