"""Conflicts of aims: recording, changing and solving one, and who hears it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from omkering.agenda.commands.challenges import CHANGED
from omkering.agenda.commands.conflicts import edit_conflict, record_conflict, solve_conflict
from omkering.agenda.commands.placements import end_placement
from omkering.agenda.models import Conflict, ConflictState, Placement
from omkering.agenda.queries.couplings import conflicts_of
from omkering.journal.models import Event
from omkering.thread.commands import follow
from omkering.thread.models import Item, Notice
from omkering.thread.queries import in_words
from omkering.who.models import Organisation
from tests.agenda.challenges_made import make_challenge
from tests.agenda.world_challenges import conflict_texts
from tests.listen.made import log_in
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
SOLUTION = "De twee wetten zijn op elkaar afgestemd."


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def challenge():
    return make_challenge("Wonen")


@pytest.fixture
def conflict(adviser, challenge):
    return record_conflict(actor=adviser, challenges=[challenge], **conflict_texts("Bouwen en wachten"))


def test_a_conflict_hangs_under_its_challenges_and_their_followers_hear_it(adviser, challenge):
    follower = make_person()
    follow(person=follower, item=Item.objects.get(pk=challenge.pk))
    party = Organisation.objects.create(key="bzk", kind="ministry", names={"nl": "Binnenlandse Zaken"})
    conflict = record_conflict(
        actor=adviser, challenges=[challenge], first_party=party, **conflict_texts("Bouwen en wachten")
    )
    assert conflict.state == ConflictState.OPEN and conflict.first_party == party
    assert Placement.objects.get(item=conflict).challenge == challenge
    notice = Notice.objects.get(milestone="conflict.recorded")
    assert notice.person == follower and "Bouwen en wachten" in in_words(notice).text
    assert Event.objects.get(verb="conflict.recorded").data == {"challenges": [challenge.pk]}
    solve_conflict(actor=adviser, conflict=conflict, resolution=SOLUTION)
    conflict.refresh_from_db()
    assert (conflict.state, conflict.resolution) == (ConflictState.SOLVED, SOLUTION)
    assert SOLUTION in in_words(Notice.objects.get(milestone="conflict.solved")).text
    with pytest.raises(ValidationError):
        solve_conflict(actor=adviser, conflict=conflict, resolution=SOLUTION)


def test_what_cannot_be_is_said_at_the_field(adviser, challenge):
    texts = conflict_texts("Bouwen en wachten")
    same = {"second_law": texts["first_law"].upper(), "second_aim": texts["first_aim"]}
    for values, field in (
        ({"challenges": []}, "challenges"),
        (same, "second_aim"),
        ({"title": "x"}, "title"),
        ({"source": "Bel 06-12345678"}, "source"),
    ):
        with pytest.raises(ValidationError) as error:
            record_conflict(actor=adviser, **{"challenges": [challenge], **texts, **values})
        assert list(error.value.message_dict) == [field]
    for person in (make_person("mayor", member=make_member()), make_person()):
        with pytest.raises(PermissionDenied):
            record_conflict(actor=person, challenges=[challenge], **texts)


def test_editing_moves_it_and_does_not_overwrite_unseen(client, adviser, challenge, conflict):
    other = make_challenge("Water")
    texts = conflict_texts("Bouwen of wachten")
    edit_conflict(actor=adviser, conflict=conflict, version=1, challenges=[other], **texts)
    assert [row.challenge for row in Placement.objects.filter(item=conflict, ended_at=None)] == [other]
    assert Placement.objects.filter(item=conflict).count() == 2, "where it hung stays known"
    with pytest.raises(ValidationError) as error:
        edit_conflict(actor=adviser, conflict=conflict, version=1, challenges=[other], **texts)
    assert error.value.code == CHANGED
    log_in(client, adviser)
    typed = {**conflict_texts("Mijn naam"), "challenges": [challenge.pk], "version": "1"}
    path = reverse("agenda:edit_conflict", args=[conflict.pk])
    answer = client.post(path, typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Bouwen of wachten" in page and "Mijn naam" in page
    assert client.post(path, {**typed, "version": "2"}).status_code == 302
    assert Conflict.objects.get().title == "Mijn naam"


def test_the_last_challenge_cannot_be_taken_from_it(adviser, conflict):
    with pytest.raises(ValidationError):
        end_placement(
            actor=adviser, placement=Placement.objects.get(item=conflict), reason="Dit hoort hier niet."
        )


def test_the_pages_warn_and_tell(client, adviser, challenge, conflict):
    page = client.get(reverse("agenda:challenge", args=[challenge.pk])).content.decode()
    assert conflict.title in page and "werken elkaar tegen" in page
    assert "app-coupling__warning" in client.get(reverse("agenda:couplings")).content.decode()
    own = client.get(reverse("agenda:conflict", args=[conflict.pk])).content.decode()
    assert conflict.first_aim in own and conflict.second_law in own and challenge.title in own
    log_in(client, adviser)
    solved = client.post(reverse("agenda:solve_conflict", args=[conflict.pk]), {"resolution": SOLUTION})
    assert solved.status_code == 302
    assert SOLUTION in client.get(reverse("agenda:conflict", args=[conflict.pk])).content.decode()
    assert "app-coupling__warning" not in client.get(reverse("agenda:couplings")).content.decode()


def test_conflicts_are_read_with_their_laws_and_parties(adviser, challenge, django_assert_num_queries):
    party = Organisation.objects.create(key="bzk", kind="ministry", names={"nl": "Binnenlandse Zaken"})
    one = record_conflict(
        actor=adviser, challenges=[challenge], second_party=party, **conflict_texts("Bouwen en wachten")
    )
    solved = record_conflict(actor=adviser, challenges=[challenge], **conflict_texts("Wonen en werken"))
    solve_conflict(actor=adviser, conflict=solved, resolution=SOLUTION)
    with django_assert_num_queries(1):
        (found,) = conflicts_of([challenge.pk], solved=False)
        assert (found, found.kind, found.title, found.state) == (one, "conflict", one.title, "open")
        assert (found.first_law, found.second_law, found.summary) == (
            one.first_law,
            one.second_law,
            one.summary,
        )
        assert found.first_party is None and str(found.second_party) == "Binnenlandse Zaken"
    assert conflicts_of([challenge.pk]) == [one, solved] and conflicts_of([]) == []
