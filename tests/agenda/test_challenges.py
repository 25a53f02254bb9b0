"""Challenges: loading them from the folder, adding, changing and closing; and their pages for each role."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from omkering.agenda.commands.challenges import (
    CHANGED,
    add_challenge,
    close_challenge,
    edit_challenge,
    reopen_challenge,
)
from omkering.agenda.commands.couplings import end_coupling
from omkering.agenda.commands.loading import load_challenges
from omkering.agenda.commands.placements import place_item
from omkering.agenda.models import Challenge, ChallengeState, Conflict, Coupling, Placement
from omkering.journal.models import Event
from omkering.listen.commands.bundles import make_bundle
from omkering.thread.commands import follow
from omkering.thread.models import Item, Notice, Visibility
from omkering.thread.queries import in_words
from omkering.thread.themes import load_themes
from omkering.who.commands.association import load_association
from omkering.who.current import association
from omkering.who.models import Body
from tests.agenda.challenges_made import make_challenge, make_coupling
from tests.listen.made import log_in, make_signal
from tests.people import make_adviser, make_member, make_person, make_theme

pytestmark = pytest.mark.django_db
REASON = "Deze opgave is klaar, en staat niet meer op de agenda."


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def loaded():
    load_association()
    load_themes()
    load_challenges()


# --- the folder ------------------------------------------------------------------------------------------
def test_the_challenges_of_the_folder_are_there_once(loaded):
    folder = association()
    assert Challenge.objects.count() == len(folder.challenges) > 10
    assert Coupling.objects.count() == len(folder.couplings) > 10
    assert Conflict.objects.count() == len(folder.conflicts) > 2
    assert load_challenges() == 0
    assert Event.objects.filter(verb="challenges.loaded").count() == 1
    first = Challenge.objects.order_by("position").first()
    record = folder.challenges[0]
    assert (first.title, first.summary) == (record.names["nl"], record.summaries["nl"])
    assert first.main_theme.key == record.theme and first.owner_body.key == record.body
    assert (first.state, first.visibility) == (ChallengeState.ACTIVE, Visibility.PUBLIC)
    assert all(conflict.first_party_id or conflict.second_party_id for conflict in Conflict.objects.all())
    assert Placement.objects.count() == sum(len(conflict.challenges) for conflict in folder.conflicts)


def test_loading_again_overwrites_nothing_and_brings_nothing_back(loaded, adviser):
    challenge = Challenge.objects.order_by("position").first()
    edit_challenge(actor=adviser, challenge=challenge, version=1, title="Anders", summary="Een andere tekst.")
    coupling = Coupling.objects.first()
    end_coupling(actor=adviser, coupling=coupling, reason="Dit geldt niet meer.")
    Conflict.objects.filter(pk=Conflict.objects.first().pk).update(first_aim="Wat anders")
    before = Coupling.objects.count()
    assert load_challenges() == 0
    challenge.refresh_from_db()
    assert (challenge.title, challenge.main_theme) == ("Anders", None)
    assert Coupling.objects.count() == before
    assert not Coupling.objects.filter(pk=coupling.pk, ended_at__isnull=True).exists()


# --- changes ---------------------------------------------------------------------------------------------
def test_only_the_bureau_changes_challenges(adviser):
    challenge = make_challenge(adviser=adviser)
    for person in (make_person("mayor", member=make_member()), make_person()):
        with pytest.raises(PermissionDenied):
            make_challenge(adviser=person)
        with pytest.raises(PermissionDenied):
            close_challenge(actor=person, challenge=challenge, reason=REASON)
        with pytest.raises(PermissionDenied):
            edit_challenge(
                actor=person, challenge=challenge, version=1, title="Anders", summary="Tekst genoeg."
            )


def test_a_challenge_is_added_at_the_end_with_a_key_of_its_own(adviser):
    theme = make_theme()
    first = make_challenge("Wonen en werken", main_theme=theme)
    second = make_challenge("Wonen en – werken!")
    assert (first.key, second.key) == ("wonen-en-werken", "wonen-en-werken-2")
    assert second.position == first.position + 1
    event = Event.objects.filter(verb="challenge.added").order_by("pk").first()
    assert event.subject == f"item:{first.pk}" and event.data == {"theme": theme.pk, "body": None}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("title", {"title": "  "}),
        ("title", {"title": "Wonen"}),
        ("title", {"title": "wonen"}),
        ("title", {"title": "x" * 201}),
        ("summary", {"title": "Nieuw", "summary": "Kort"}),
        ("summary", {"title": "Nieuw", "summary": "Bel 06-12345678 voor deze opgave."}),
    ],
)
def test_what_cannot_be_is_said_at_the_field(adviser, field, values):
    make_challenge("Wonen")
    with pytest.raises(ValidationError) as error:
        make_challenge(**values)
    assert list(error.value.message_dict) == [field]
    assert "onderaan" not in str(error.value)


def test_a_theme_leads_to_one_challenge(adviser):
    theme = make_theme()
    make_challenge("Wonen", main_theme=theme)
    with pytest.raises(ValidationError, match="Wonen"):
        make_challenge("Anders", main_theme=theme)


def test_nobody_overwrites_unseen(client, adviser):
    challenge = make_challenge("Wonen")
    edit_challenge(
        actor=adviser, challenge=challenge, version=1, title="Wonen nu", summary="De eerste was ik."
    )
    with pytest.raises(ValidationError) as error:
        edit_challenge(
            actor=adviser, challenge=challenge, version=1, title="Te laat", summary="Ik was later."
        )
    assert error.value.code == CHANGED
    log_in(client, adviser)
    path = reverse("agenda:edit_challenge", args=[challenge.pk])
    late = {
        "title": "Te laat",
        "summary": "Ik was later.",
        "version": "1",
        "main_theme": "",
        "owner_body": "",
    }
    answer = client.post(path, late)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "De eerste was ik." in page and "Ik was later." in page and 'value="Te laat"' in page
    assert 'name="version" value="2"' in page
    again = client.post(path, {**late, "version": "2"})
    assert again.status_code == 302
    challenge.refresh_from_db()
    assert (challenge.title, challenge.version) == ("Te laat", 3)


def test_who_put_in_what_hangs_there_hears_that_it_closes_and_comes_back(adviser):
    challenge = make_challenge("Wonen")
    signals = [make_signal(), make_signal()]
    bundle = make_bundle(actor=adviser, title="Te weinig huizen", signals=signals)
    place_item(actor=adviser, item=bundle, challenge=challenge)
    follower = make_person()
    follow(person=follower, item=Item.objects.get(pk=challenge.pk))
    close_challenge(actor=adviser, challenge=challenge, reason=REASON)
    told = Notice.objects.filter(milestone="challenge.closed")
    assert set(told.values_list("person_id", flat=True)) == {
        signals[0].author_id,
        signals[1].author_id,
        follower.pk,
        *{challenge.author_id} - {adviser.pk},
    }
    words = in_words(told.first())
    assert "Wonen" in words.text and REASON in words.text
    assert words.url == reverse("agenda:challenge", args=[challenge.pk])
    with pytest.raises(ValidationError):
        close_challenge(actor=adviser, challenge=challenge, reason=REASON)
    reopen_challenge(actor=adviser, challenge=challenge, reason="Het probleem is er weer.")
    assert Notice.objects.filter(milestone="challenge.reopened").count() == told.count()
    with pytest.raises(ValidationError):
        reopen_challenge(actor=adviser, challenge=challenge, reason="Het probleem is er weer.")


def test_adding_needs_no_theme_or_body_but_keeps_them(adviser):
    load_association()
    body = Body.objects.first()
    challenge = add_challenge(
        actor=adviser,
        title="Loketten",
        summary="Een loket dichtbij.",
        main_theme=make_theme(),
        owner_body=body,
    )
    changed = edit_challenge(
        actor=adviser,
        challenge=challenge,
        version=1,
        title=challenge.title,
        summary=challenge.summary,
        main_theme=challenge.main_theme,
        owner_body=body,
    )
    assert changed.version == 1, "nothing changed"


# --- pages -----------------------------------------------------------------------------------------------
def readers():
    return [None, make_person("mayor", member=make_member()), make_adviser()]


def test_the_pages_show_themselves_to_everyone(client, loaded):
    challenge = Challenge.objects.order_by("position").first()
    conflict = Conflict.objects.first()
    paths = [
        reverse("agenda:challenges"),
        f"{reverse('agenda:challenges')}?state=closed&body=x",
        reverse("agenda:challenge", args=[challenge.pk]),
        reverse("agenda:couplings"),
        f"{reverse('agenda:couplings')}?challenge={challenge.pk}&kind=strengthens",
        f"{reverse('agenda:couplings')}?challenge=x&kind=y&item=99999999999999999999",
        reverse("agenda:conflicts"),
        f"{reverse('agenda:conflicts')}?state=solved",
        reverse("agenda:conflict", args=[conflict.pk]),
    ]
    for reader in readers():
        client.logout()
        if reader:
            log_in(client, reader)
        for path in paths:
            assert client.get(path).status_code == 200, path


def test_the_forms_are_for_the_bureau(client, loaded, adviser):
    challenge = Challenge.objects.order_by("position").first()
    coupling, conflict = Coupling.objects.first(), Conflict.objects.first()
    paths = [
        reverse("agenda:add_challenge"),
        reverse("agenda:edit_challenge", args=[challenge.pk]),
        reverse("agenda:close_challenge", args=[challenge.pk]),
        reverse("agenda:reopen_challenge", args=[challenge.pk]),
        reverse("agenda:couple"),
        reverse("agenda:end_coupling", args=[coupling.pk]),
        reverse("agenda:record_conflict"),
        reverse("agenda:edit_conflict", args=[conflict.pk]),
        reverse("agenda:solve_conflict", args=[conflict.pk]),
        reverse("agenda:end_placement", args=[Placement.objects.first().pk]),
    ]
    log_in(client, make_person("mayor", member=make_member()))
    assert {client.get(path).status_code for path in paths} == {403}
    log_in(client, adviser)
    for path in paths:
        assert client.get(path).status_code == 200, path
        answer = client.post(path, {"title": "x", "reason": ""})
        assert answer.status_code == 422, path
        assert 'aria-invalid="true"' in answer.content.decode(), path


def test_the_page_of_a_challenge_says_what_hangs_under_it(client, adviser):
    theme = make_theme()
    challenge, other = make_challenge("Wonen", main_theme=theme), make_challenge("Water")
    make_coupling(challenge, other, "needs_first", reason="Eerst moet het water geregeld zijn.")
    of_theme = make_signal(title="Te weinig huizen", theme=theme, visibility=Visibility.PUBLIC)
    hidden = make_signal(title="Alleen voor het bureau", theme=theme, visibility=Visibility.BUREAU)
    placed = make_signal(title="Geen plek voor ouderen", visibility=Visibility.PUBLIC)
    place_item(actor=adviser, item=placed, challenge=challenge)
    page = client.get(reverse("agenda:challenge", args=[challenge.pk])).content.decode()
    assert of_theme.title in page and placed.title in page and hidden.title not in page
    assert "vraagt eerst om" in page and "Eerst moet het water geregeld zijn." in page
    back = client.get(reverse("agenda:challenge", args=[other.pk])).content.decode()
    assert "is eerst nodig voor" in back
    only = client.get(f"{reverse('agenda:challenge', args=[challenge.pk])}?kind=bundle").content.decode()
    assert of_theme.title not in only
    listed = client.get(reverse("agenda:challenges")).content.decode()
    assert "2 onderwerpen hangen eronder" in listed


def test_a_form_with_a_fault_keeps_what_was_typed(client, adviser):
    log_in(client, adviser)
    answer = client.post(
        reverse("agenda:add_challenge"), {"title": "Xy", "summary": "Een lange en goede tekst."}
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "Een lange en goede tekst." in page and 'value="Xy"' in page
    made = client.post(
        reverse("agenda:add_challenge"), {"title": "Nieuwe opgave", "summary": "Een lange en goede tekst."}
    )
    assert made.status_code == 302 and Challenge.objects.get().title == "Nieuwe opgave"
