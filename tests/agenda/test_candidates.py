"""Candidates: nominated in one step with the senders told, taken out with a reason, fixed once the round opens."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from omkering.agenda.commands.candidates import nominate, withdraw_candidate
from omkering.agenda.commands.rounds import open_round
from omkering.agenda.models import Candidate
from omkering.journal.models import Event
from omkering.thread.models import Link, Notice, Visibility
from omkering.thread.queries import in_words
from tests.agenda.rounds import make_bundle, open_with, plan, with_candidates, with_sender
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
REASON = "Dit gaat op in een andere bundel."


@pytest.fixture
def adviser():
    make_member()
    return make_adviser()


def test_a_bundle_becomes_a_candidate_in_one_step_and_its_senders_hear_it_once(adviser):
    bundle = make_bundle()
    sender = with_sender(bundle)
    round = plan(adviser)
    candidate = nominate(actor=adviser, round=round, item=bundle)
    assert (candidate.round_id, candidate.item_id, candidate.position) == (round.pk, bundle.pk, 1)
    [notice] = Notice.objects.filter(person=sender).select_related("item", "because")
    assert in_words(notice).text == (
        "Uw signaal “Warmte is te duur” is kandidaat in de ronde “Prioriteiten van 2027”, als deel van “Dure "
        "warmtenetten”."
    )
    assert Link.objects.filter(upstream=bundle, downstream_id=round.pk, ended_at__isnull=True).exists()
    assert Event.objects.get(verb="candidate.nominated").data == {
        "candidate": candidate.pk,
        "item": bundle.pk,
    }


def test_a_double_click_is_one_candidate_and_one_event(adviser):
    bundle, round = make_bundle(), plan(adviser)
    first = nominate(actor=adviser, round=round, item=bundle)
    assert nominate(actor=adviser, round=round, item=bundle) == first
    assert Event.objects.filter(verb="candidate.nominated").count() == 1


def test_the_same_item_may_be_a_candidate_in_two_rounds(adviser):
    bundle = make_bundle()
    sender = with_sender(bundle)
    for round in (plan(adviser), plan(adviser, title="Prioriteiten van de regio")):
        nominate(actor=adviser, round=round, item=bundle)
    assert Candidate.objects.filter(item=bundle).count() == 2
    assert Notice.objects.filter(person=sender, milestone="candidate.nominated").count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "signal", "state": "submitted"}, "Alleen een bundel, een dossier of een opgave"),
        ({"state": "declined"}, "gesloten of loopt nog niet"),
        ({"kind": "dossier", "state": "closed"}, "gesloten of loopt nog niet"),
        ({"visibility": Visibility.MEMBERS}, "Niet iedereen die deze ronde mag zien"),
        ({"visibility": Visibility.BUREAU}, "Niet iedereen die deze ronde mag zien"),
    ],
)
def test_what_cannot_be_a_candidate_says_why(adviser, fields, words):
    with pytest.raises(ValidationError) as error:
        nominate(actor=adviser, round=plan(adviser), item=make_bundle(**fields))
    assert words in " ".join(error.value.messages)
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("kind", "state"), [("bundle", "taken_up"), ("dossier", "open"), ("challenge", "active")]
)
def test_bundles_dossiers_and_challenges_can_be_candidates(adviser, kind, state):
    assert nominate(actor=adviser, round=plan(adviser), item=make_bundle(kind=kind, state=state)).pk


def test_in_a_round_for_members_what_members_read_can_be_a_candidate(adviser):
    round = plan(adviser, visibility=Visibility.MEMBERS)
    assert nominate(actor=adviser, round=round, item=make_bundle(visibility=Visibility.MEMBERS)).pk


def test_a_candidate_is_taken_out_with_a_reason_that_its_senders_hear_and_stays_known(adviser):
    bundle = make_bundle()
    sender = with_sender(bundle)
    round = plan(adviser)
    candidate = nominate(actor=adviser, round=round, item=bundle)
    with pytest.raises(ValidationError) as error:
        withdraw_candidate(actor=adviser, candidate=candidate, reason="kort")
    assert "reason" in error.value.message_dict
    withdraw_candidate(actor=adviser, candidate=candidate, reason=REASON)
    candidate.refresh_from_db()
    assert candidate.withdrawn_at and candidate.withdraw_reason == REASON
    notice = Notice.objects.select_related("item", "because").get(
        person=sender, milestone="candidate.withdrawn"
    )
    assert REASON in in_words(notice).text
    assert not Link.objects.filter(downstream_id=round.pk, ended_at__isnull=True).exists()
    with pytest.raises(ValidationError):
        withdraw_candidate(actor=adviser, candidate=candidate, reason=REASON)
    again = nominate(actor=adviser, round=round, item=bundle)
    assert again != candidate and again.position == 2


def test_once_a_round_is_open_its_candidates_are_fixed(adviser):
    round, candidates = open_with(adviser)
    for attempt in (
        lambda: nominate(actor=adviser, round=round, item=make_bundle("Te laat")),
        lambda: withdraw_candidate(actor=adviser, candidate=candidates[0], reason=REASON),
    ):
        with pytest.raises(ValidationError) as error:
            attempt()
        assert "staan vast" in " ".join(error.value.messages)


def test_only_the_bureau_nominates(adviser):
    round = plan(adviser)
    with pytest.raises(PermissionDenied):
        nominate(actor=make_person("mayor", member=make_member()), round=round, item=make_bundle())


def test_a_candidate_that_was_taken_out_is_not_counted_for_opening(adviser):
    round = plan(adviser, maximum=2)
    candidates = with_candidates(round, adviser, 3)
    withdraw_candidate(actor=adviser, candidate=candidates[0], reason=REASON)
    with pytest.raises(ValidationError):
        open_round(actor=adviser, round=round)
