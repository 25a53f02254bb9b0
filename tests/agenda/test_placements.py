"""Putting items under a challenge in one step, who hears it, and what an item touches."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from omkering.agenda.commands.challenges import close_challenge
from omkering.agenda.commands.conflicts import record_conflict, solve_conflict
from omkering.agenda.commands.placements import end_placement, place_item
from omkering.agenda.models import Placement
from omkering.agenda.queries.couplings import touched_by
from omkering.decide.commands.proposals import make_proposal
from omkering.journal.models import Event
from omkering.listen.commands.bundles import make_bundle
from omkering.thread.commands import follow
from omkering.thread.models import Item, Notice, Visibility
from omkering.thread.queries import in_words
from tests.agenda.challenges_made import make_challenge, make_coupling
from tests.agenda.world_challenges import conflict_texts
from tests.listen.made import log_in, make_signal
from tests.people import make_adviser, make_member, make_person, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def signals():
    return [make_signal(visibility=Visibility.PUBLIC), make_signal(visibility=Visibility.PUBLIC)]


@pytest.fixture
def bundle(adviser, signals):
    return make_bundle(actor=adviser, title="Te weinig huizen", signals=signals)


@pytest.fixture
def challenge():
    return make_challenge("Wonen")


def texts_of(milestone: str) -> dict[int, str]:
    return {row.person_id: in_words(row).text for row in Notice.objects.filter(milestone=milestone)}


def test_a_bundle_hangs_under_a_challenge_in_one_step_and_its_senders_hear_it(
    client, adviser, signals, bundle, challenge
):
    follower = make_person()
    follow(person=follower, item=Item.objects.get(pk=challenge.pk))
    log_in(client, make_adviser())
    path = reverse("agenda:place", args=[bundle.pk])
    assert f'href="{path}"' in client.get(reverse("listen:bundle", args=[bundle.pk])).content.decode()
    answer = client.post(path, {"challenge": challenge.pk})
    assert answer.status_code == 302 and answer.url == reverse("listen:bundle", args=[bundle.pk])
    told = texts_of("agenda.placed")
    sender = told[signals[0].author_id]
    assert sender == (
        f"“Te weinig huizen”, dat volgde op uw signaal “{signals[0].title}”, hangt nu onder de opgave “Wonen”."
    )
    assert told[adviser.pk] == "Uw bundel “Te weinig huizen” hangt nu onder de opgave “Wonen”."
    assert told[follower.pk] == "“Te weinig huizen” hangt nu onder de opgave “Wonen”."
    event = Event.objects.get(verb="agenda.placed")
    assert event.subject == f"item:{bundle.pk}" and event.data["challenge"] == challenge.pk


def test_what_cannot_be_placed_is_refused(adviser, bundle, challenge):
    for person in (make_person("mayor", member=make_member()), make_person()):
        with pytest.raises(PermissionDenied):
            place_item(actor=person, item=bundle, challenge=challenge)
    with pytest.raises(ValidationError):
        place_item(actor=adviser, item=challenge, challenge=make_challenge())
    place_item(actor=adviser, item=bundle, challenge=challenge)
    with pytest.raises(ValidationError, match="Wonen"):
        place_item(actor=adviser, item=bundle, challenge=challenge)
    closed = close_challenge(actor=adviser, challenge=make_challenge(), reason="Deze opgave is klaar.")
    with pytest.raises(ValidationError, match="agenda"):
        place_item(actor=adviser, item=bundle, challenge=closed)


def test_taking_it_off_tells_the_same_people_and_keeps_that_it_hung_there(
    adviser, signals, bundle, challenge
):
    placement = place_item(actor=adviser, item=bundle, challenge=challenge)
    ended = end_placement(actor=adviser, placement=placement, reason="Dit gaat over iets anders.")
    assert ended.ended_at and Placement.objects.count() == 1
    assert "Dit gaat over iets anders." in texts_of("agenda.unplaced")[signals[0].author_id]
    with pytest.raises(ValidationError):
        end_placement(actor=adviser, placement=placement, reason="Dit gaat over iets anders.")
    place_item(actor=adviser, item=bundle, challenge=challenge)
    assert Notice.objects.filter(milestone="agenda.placed", person=signals[0].author_id).count() == 2


# --- what an item touches --------------------------------------------------------------------------------
def names(touched):
    return [row.title for row in touched.challenges], [
        (row.words, row.other.title) for row in touched.coupled
    ]


def test_what_follows_from_a_placed_item_touches_the_same(adviser, bundle, challenge):
    water, work = make_challenge("Water"), make_challenge("Werk")
    make_coupling(challenge, water, "competes_space")
    make_coupling(work, challenge, "needs_first")
    make_coupling(water, work, "strengthens")  # a step further: not shown
    place_item(actor=adviser, item=bundle, challenge=challenge)
    proposal = make_proposal(actor=adviser, from_item=bundle, title="Bouwen", text="Wij bouwen.")
    expected = (
        ["Wonen"],
        [("concurreert om ruimte met", "Water"), ("is eerst nodig voor", "Werk")],
    )
    for item in (bundle, proposal):
        assert names(touched_by(item, adviser)) == expected


def test_a_theme_leads_to_its_challenge_and_the_nearest_one_counts(adviser):
    near, far = make_theme("wonen"), make_theme("water")
    homes, water = make_challenge("Wonen", main_theme=near), make_challenge("Water", main_theme=far)
    signals = [make_signal(theme=far), make_signal(theme=far)]
    bundle = make_bundle(actor=adviser, title="Bundel", signals=signals)
    Item.objects.filter(pk=bundle.pk).update(theme=near)
    proposal = make_proposal(actor=adviser, from_item=bundle, title="Bouwen", text="Wij bouwen.")
    Item.objects.filter(pk=proposal.pk).update(theme=None)
    assert touched_by(proposal, adviser).challenges == [homes]
    assert touched_by(signals[0], adviser).challenges == [water]


def test_what_a_reader_may_not_see_leads_to_nothing_and_closed_is_left_out(adviser, challenge):
    hidden = make_signal(visibility=Visibility.BUREAU)
    proposal = make_proposal(actor=adviser, from_item=hidden, title="Bouwen", text="Wij bouwen.")
    place_item(actor=adviser, item=hidden, challenge=challenge)
    assert touched_by(proposal, adviser).challenges == [challenge]
    assert touched_by(proposal, make_person("mayor", member=make_member())).challenges == []
    close_challenge(actor=adviser, challenge=challenge, reason="Deze opgave is klaar.")
    assert touched_by(proposal, adviser).challenges == []


def test_only_open_conflicts_of_the_challenges_themselves_warn(adviser, bundle, challenge):
    water = make_challenge("Water")
    make_coupling(challenge, water)
    place_item(actor=adviser, item=bundle, challenge=challenge)
    own = record_conflict(actor=adviser, challenges=[challenge], **conflict_texts("Bouwen en wachten"))
    record_conflict(actor=adviser, challenges=[water], **conflict_texts("Water en wachten"))
    assert touched_by(bundle, adviser).conflicts == [own]
    solve_conflict(actor=adviser, conflict=own, resolution="De wetten zijn op elkaar afgestemd.")
    assert touched_by(bundle, adviser).conflicts == []


def test_the_pages_of_other_rooms_say_what_they_touch(client, adviser, signals, bundle, challenge):
    make_coupling(challenge, make_challenge("Water"), "competes_space", reason="Beide vragen ruimte.")
    record_conflict(actor=adviser, challenges=[challenge], **conflict_texts("Bouwen en wachten"))
    place_item(actor=adviser, item=bundle, challenge=challenge)
    place_item(actor=adviser, item=signals[0], challenge=challenge)
    proposal = make_proposal(actor=adviser, from_item=bundle, title="Bouwen", text="Wij bouwen.")
    for name, item in (
        ("listen:signal", signals[0]),
        ("listen:bundle", bundle),
        ("decide:proposal", proposal),
    ):
        page = client.get(reverse(name, args=[item.pk])).content.decode()
        for words in ("Wat dit raakt", "Wonen", "Beide vragen ruimte.", "Bouwen en wachten"):
            assert words in page, (name, words)
        assert reverse("agenda:place", args=[item.pk]) not in page
    around = client.get(reverse("agenda:couplings"), {"item": proposal.pk}).content.decode()
    assert "app-coupling__marked" in around and "Bouwen en wachten" in around and proposal.title in around


def test_what_an_item_touches_takes_five_queries(adviser, bundle, django_assert_num_queries):
    centre = make_challenge("Wonen")
    for _number in range(6):
        other = make_challenge()
        make_coupling(centre, other)
        record_conflict(actor=adviser, challenges=[centre, other], **conflict_texts("Bouwen en wachten"))
        place_item(actor=adviser, item=bundle, challenge=other)
    place_item(actor=adviser, item=bundle, challenge=centre)
    reader = make_person("mayor", member=make_member())
    touched_by(bundle, reader)
    with django_assert_num_queries(5):
        touched = touched_by(bundle, reader)
        assert len([str(row.first_party) for row in touched.conflicts]) == 6
        assert len([row.other.title for row in touched.coupled]) == 6
