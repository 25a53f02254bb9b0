"""Bodies: what came in, what they own and owe, and their priorities."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from omkering.agenda.commands.placements import place_item
from omkering.agenda.models import Candidate, Departure, Round, RoundState
from omkering.agenda.queries.bodies import all_bodies, body_page, came_in, priorities_of
from omkering.listen.commands.bundle_answers import answer_bundle
from omkering.listen.commands.bundles import make_bundle
from omkering.thread.models import Item, Theme, Visibility
from omkering.who.models import Body
from tests.agenda.challenges_made import make_challenge
from tests.listen.made import log_in, make_signal
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
REASON = "Deze commissie gaat hierover, en neemt het op in haar agenda."


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def body():
    return Body.objects.create(key="commissie-wonen", names={"nl": "Commissie Wonen"}, kind="committee")


def test_what_came_in_by_owner_theme_and_challenge(adviser, body):
    theme = Theme.objects.create(key="wonen", names={"nl": "Wonen"}, body=body)
    other_theme = Theme.objects.create(key="zorg", names={"nl": "Zorg"})
    challenge = make_challenge("Wonen", owner_body=body, main_theme=other_theme)
    owned = make_signal(owner_body=body)
    of_theme, of_challenge = make_signal(theme=theme), make_signal(theme=other_theme)
    placed = make_signal()
    place_item(actor=adviser, item=placed, challenge=challenge)
    elsewhere = make_signal()
    found = {item.pk for item in came_in(body, adviser).rows}
    assert found == {owned.pk, of_theme.pk, of_challenge.pk, placed.pk}
    assert elsewhere.pk not in found and challenge.pk not in found


def test_a_referred_bundle_comes_in_with_its_signals(adviser, body):
    signals = [make_signal(), make_signal()]
    bundle = make_bundle(actor=adviser, title="Te weinig huizen", signals=signals)
    answer_bundle(actor=adviser, bundle=bundle, state="referred", reason=REASON, referred_body=body)
    assert {item.pk for item in came_in(body, adviser).rows} == {
        bundle.pk,
        *(signal.pk for signal in signals),
    }


def test_counts_and_debts_are_of_the_body(adviser, body):
    make_challenge("Wonen", owner_body=body)
    past = timezone.now() - timedelta(days=3)
    late = make_signal(owner_body=body, due_at=past, visibility=Visibility.PUBLIC)
    make_signal(owner_body=body, due_at=past, answered_at=past)
    make_signal(due_at=past)
    hidden = make_signal(owner_body=body, due_at=past, visibility=Visibility.BUREAU)
    (row,) = [row for row in all_bodies(adviser) if row.body == body]
    assert (row.challenges, row.debts) == (1, 2)
    visitor = make_person()
    page = body_page(body, visitor, {})
    assert [item.pk for item in page.debts] == [late.pk] and page.counts["debts"] == 1
    assert hidden.pk in {item.pk for item in body_page(body, adviser, {}).debts}


def make_round(adviser, titles, *, chosen, electing_body=None, owner=None):
    now = timezone.now()
    made = Round.objects.create(
        kind="round",
        title="Ronde",
        state=RoundState.OPEN,
        visibility=Visibility.PUBLIC,
        maximum=2,
        electorate="body" if electing_body else "members",
        electing_body=electing_body,
        opens_at=now - timedelta(days=2),
        closes_at=now - timedelta(days=1),
        reference_date=timezone.localdate(),
        opened_at=now - timedelta(days=2),
    )
    candidates = {}
    for title in titles:
        item = make_challenge(title)
        Item.objects.filter(pk=item.pk).update(owner_body=owner)
        candidates[title] = Candidate.objects.create(round=made, item_id=item.pk, person=adviser)
    Round.objects.filter(pk=made.pk).update(
        state=RoundState.CLOSED,
        closed_at=now,
        result={"selected": [candidates[title].pk for title in chosen]},
    )
    return made, candidates


def test_priorities_are_what_it_chose_and_what_of_it_was_chosen(adviser, body):
    make_round(adviser, ["Wonen", "Water"], chosen=["Water"], electing_body=body)
    made, candidates = make_round(adviser, ["Zorg", "Jeugd"], chosen=["Zorg"], owner=body)
    make_round(adviser, ["Werk"], chosen=["Werk"])
    Departure.objects.create(
        round=made,
        candidate=candidates["Jeugd"],
        takes_up=True,
        body=body,
        reason="Dit kan niet wachten.",
        decided_on=timezone.localdate(),
        person=adviser,
    )
    found = priorities_of(body, adviser)
    assert [
        (entry.own, [(row.candidate.item.title, row.chosen) for row in entry.priorities]) for entry in found
    ] == [(False, [("Zorg", True), ("Jeugd", False)]), (True, [("Water", True)])]
    assert all(row.holds for entry in found for row in entry.priorities)


def test_the_pages_for_each_role(client, adviser, body):
    challenge = make_challenge("Wonen", owner_body=body)
    for number in range(7):
        make_signal(title=f"Signaal {number}", owner_body=body, visibility=Visibility.PUBLIC)
    make_round(adviser, ["Water"], chosen=["Water"], electing_body=body)
    url = reverse("agenda:body", args=[body.key])
    for person in (None, make_person("mayor", member=make_member()), adviser):
        if person:
            log_in(client, person)
        listed = client.get(reverse("agenda:bodies")).content.decode()
        assert "Commissie Wonen" in listed and f'href="{url}"' in listed
        page = client.get(url).content.decode()
        assert challenge.title in page and "Signaal 6" in page and "Signaal 0" not in page and "Water" in page
        for show in ("in", "challenges", "dossiers", "debts", "x"):
            assert client.get(url, {"show": show, "kind": "signal"}).status_code == 200
        assert "Signaal 0" in client.get(url, {"show": "in"}).content.decode()
        assert (
            f'href="{url}"' in client.get(reverse("agenda:challenge", args=[challenge.pk])).content.decode()
        )
    assert client.get(reverse("agenda:body", args=["onbekend"])).status_code == 404


def test_the_number_of_queries_is_fixed(adviser, body, django_assert_num_queries):
    for number in range(3):
        make_challenge(f"Opgave {number}", owner_body=body)
        make_signal(owner_body=body, due_at=timezone.now() - timedelta(days=1))
        make_round(adviser, [f"Keuze {number}"], chosen=[f"Keuze {number}"], electing_body=body)
    reader = make_person("mayor", member=make_member())
    body_page(body, reader, {})
    with django_assert_num_queries(14):
        page = body_page(body, reader, {})
        assert len(page.rounds) == 3 and [
            row.candidate.item.title for e in page.rounds for row in e.priorities
        ]
    with django_assert_num_queries(4):
        all_bodies(reader)
