"""Opening and changing dossiers: what is told to whom, what is refused, and two advisers at the same dossier."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from omkering.agenda.commands.dossiers import add_source, change_model, edit_dossier, open_dossier
from omkering.agenda.commands.steps import take_step
from omkering.agenda.models import Dossier, DossierStep
from omkering.journal.models import Event
from omkering.thread.models import Follow, Item, Link, Notice, Visibility
from omkering.thread.queries import in_words, notices_of
from omkering.thread.terms import due
from omkering.who.models import Person
from tests.agenda.dossiers import (
    CONSULT,
    MODEL,
    NOTE,
    REASON,
    START,
    SUMMARY,
    make_bundle_of,
    make_dossier,
    make_pilot,
    make_signals,
    on,
    with_solution,
)
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db


def told(person: Person) -> list[str]:
    return [in_words(notice).text for notice in notices_of(Person.objects.get(pk=person.pk))]


def verbs(dossier: Dossier) -> list[str]:
    found = Event.objects.filter(subject=dossier.subject, verb__startswith="dossier.")
    return list(found.order_by("pk").values_list("verb", flat=True))


def errors_of(raised) -> dict:
    return raised.value.message_dict


# --- opening -------------------------------------------------------------------------------------------------
def test_a_bundle_becomes_a_dossier_in_one_step_and_its_senders_hear_it():
    adviser = make_adviser()
    bundle = make_bundle_of(adviser)
    sender = Item.objects.filter(kind="signal").order_by("pk").first().author
    dossier = make_dossier(adviser, source=bundle, title="Milieuzones in de binnenstad")
    assert (dossier.model, dossier.route, dossier.step, dossier.state) == (
        MODEL,
        CONSULT,
        "signalled",
        "open",
    )
    assert Link.objects.filter(upstream=bundle, downstream=dossier, kind="raised_by").count() == 1
    [stay] = dossier.steps.all()
    assert (stay.number, stay.step, stay.owner_person_id, stay.ended_at) == (1, "signalled", adviser.pk, None)
    assert told(sender)[0].startswith("Uw signaal “Vuile lucht")
    assert "Milieuzones in de binnenstad" in told(sender)[0]
    assert verbs(dossier) == ["dossier.opened"]


def test_opening_takes_over_who_may_read_it_and_where_it_belongs():
    adviser = make_adviser()
    bundle = make_bundle_of(adviser, visibility=Visibility.MEMBERS)
    dossier = make_dossier(adviser, source=bundle, visibility="")
    assert dossier.visibility == Visibility.MEMBERS
    assert dossier.due_at is None  # the first step of this model has no term


def test_a_first_step_with_a_term_is_owed_by_its_end():
    dossier = make_dossier(model="een_overheid", route="standaard")
    from omkering.agenda.cooperation import find_way

    assert dossier.due_at == due(find_way("een_overheid", "standaard").first.term)


def test_what_the_state_leads_is_no_debt_of_the_association():
    dossier = make_dossier(model="medebewind", route="standaard")
    assert dossier.due_at is None


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("title", {"title": "kort"}),
        ("title", {"title": "x" * 201}),
        ("summary", {"summary": "Een zin hier. Twee zinnen hier. Drie zinnen hier. En vier zinnen hier."}),
        ("summary", {"summary": "Bel de wethouder op 06-12345678 voor meer uitleg."}),
        ("way", {"route": "nergens"}),
        ("visibility", {"visibility": "niemand"}),
        ("audience", {"visibility": "network"}),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field, values):
    with pytest.raises(ValidationError) as raised:
        make_dossier(**values)
    assert list(errors_of(raised)) == [field]
    assert not Dossier.objects.exists()


def test_only_the_bureau_opens_and_changes_dossiers():
    dossier = make_dossier()
    for person in (make_person("mayor", member=make_member()), make_person()):
        with pytest.raises(PermissionDenied):
            make_dossier(person)
        with pytest.raises(PermissionDenied):
            edit_dossier(actor=person, dossier=dossier, version=1, title="Iets anders")
        with pytest.raises(PermissionDenied):
            take_step(actor=person, dossier=dossier, to="owner_found", note=NOTE, version=1)


def test_the_same_dossier_from_the_same_bundle_again_is_one_dossier():
    adviser = make_adviser()
    bundle = make_bundle_of(adviser)
    made = {make_dossier(adviser, source=bundle, title="Milieuzones").pk for _twice in range(2)}
    assert len(made) == 1
    assert Event.objects.filter(verb="dossier.opened").count() == 1
    assert make_dossier(adviser, source=bundle, title="Iets anders").pk not in made


def test_a_signal_added_later_hears_of_it_and_counts_as_a_reason():
    adviser = make_adviser()
    dossier = make_dossier(adviser, title="Milieuzones in de stad")
    [signal] = make_signals(1)
    for _twice in range(2):
        add_source(actor=adviser, dossier=dossier, item=signal)
    assert told(signal.author)[0].endswith("een van de redenen voor het dossier “Milieuzones in de stad”.")
    assert Notice.objects.filter(person=signal.author, milestone="dossier.source_added").count() == 1
    with pytest.raises(ValidationError):
        add_source(actor=adviser, dossier=dossier, item=dossier)


# --- changing ------------------------------------------------------------------------------------------------
def test_two_advisers_never_overwrite_each_other_unseen():
    one, two = make_adviser(), make_adviser()
    dossier = make_dossier(one, title="Milieuzones")
    edit_dossier(
        actor=one, dossier=dossier, version=1, title="Milieuzones in de stad", asks="Aan het rijk: een wet."
    )
    with pytest.raises(ValidationError) as raised:
        edit_dossier(actor=two, dossier=dossier, version=1, title="Schone binnensteden")
    [error] = raised.value.error_list
    assert error.code == "changed"
    assert (
        one.name in error.message
        and "de titel" in error.message
        and str(timezone.now().year) in error.message
    )
    now = Dossier.objects.get(pk=dossier.pk)
    assert (now.title, now.version) == ("Milieuzones in de stad", 2)
    edited = edit_dossier(actor=two, dossier=dossier, version=2, title="Schone binnensteden")
    assert (edited.title, edited.asks, edited.version) == ("Schone binnensteden", "Aan het rijk: een wet.", 3)


def test_a_step_that_was_taken_meanwhile_is_told_too():
    one, two = make_adviser(), make_adviser()
    dossier = make_dossier(one)
    on(dossier, "owner_found", one)
    with pytest.raises(ValidationError) as raised:
        edit_dossier(actor=two, dossier=dossier, version=1, title="Schone binnensteden")
    assert one.name in str(raised.value)


def test_what_changes_nothing_is_no_change_whatever_version_was_seen():
    adviser = make_adviser()
    dossier = make_dossier(adviser, title="Milieuzones")
    for _twice in range(2):
        edit_dossier(actor=adviser, dossier=dossier, version=1, title="Schone binnensteden")
    assert Dossier.objects.get(pk=dossier.pk).version == 2
    assert verbs(dossier) == ["dossier.opened", "dossier.edited"]


def test_what_is_written_can_be_searched_for_and_events_hold_no_words():
    adviser = make_adviser()
    dossier = with_solution(make_dossier(adviser), adviser)
    assert "schone vrachtwagens" in dossier.body
    data = Event.objects.get(verb="dossier.edited").data
    assert data == {"version": 2, "fields": ["solution"]}


def test_owners_can_be_taken_away_and_must_work_here():
    adviser, gone = make_adviser(), make_adviser(is_active=False)
    dossier = make_dossier(adviser)
    edited = edit_dossier(actor=adviser, dossier=dossier, version=1, owner=None)
    assert edited.owner is None
    with pytest.raises(ValidationError) as raised:
        edit_dossier(actor=adviser, dossier=dossier, version=2, owner=gone)
    assert list(errors_of(raised)) == ["owner"]


# --- another model ---------------------------------------------------------------------------------------------
def test_another_model_needs_a_reason_and_starts_where_all_is_there():
    adviser = make_adviser()
    dossier = make_dossier(adviser, source=make_bundle_of(adviser))
    change = {"actor": adviser, "dossier": dossier, "model": MODEL, "route": START, "version": 1}
    with pytest.raises(ValidationError) as raised:
        change_model(**change, reason="")
    assert list(errors_of(raised)) == ["reason"]
    with pytest.raises(ValidationError) as raised:
        change_model(**change, reason=REASON, start="in_practice")
    assert list(errors_of(raised)) == ["way"]
    with pytest.raises(ValidationError):
        change_model(**change, reason=REASON, start="closed")
    make_pilot(dossier, since=timezone.localdate())
    changed = change_model(**change, reason=REASON, start="in_practice")
    assert (changed.route, changed.step, changed.version) == (START, "in_practice", 2)
    last = DossierStep.objects.get(dossier=dossier, ended_at__isnull=True)
    assert (last.route, last.reason, last.number) == (START, REASON, 2)
    sender = Item.objects.filter(kind="signal").order_by("pk").first().author
    assert REASON in told(sender)[0] and "Omgekeerd medebewind" in told(sender)[0]


def test_the_model_it_has_is_no_other_model():
    dossier = make_dossier()
    with pytest.raises(ValidationError) as raised:
        change_model(
            actor=make_adviser(), dossier=dossier, model=MODEL, route=CONSULT, version=1, reason=REASON
        )
    assert list(errors_of(raised)) == ["way"]


# --- at the same moment ----------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told_of_the_other():
    advisers = [make_adviser() for _each in range(2)]
    dossier = make_dossier(advisers[0], title="Milieuzones")
    start = Barrier(2)

    def save(adviser: Person) -> str:
        try:
            start.wait()
            edit_dossier(
                actor=Person.objects.get(pk=adviser.pk), dossier=dossier, version=1, title=f"Van {adviser.pk}"
            )
            return "saved"
        except ValidationError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        outcomes = sorted(threads.map(save, advisers))
    assert outcomes == ["changed", "saved"]
    assert Dossier.objects.get(pk=dossier.pk).version == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_a_step_is_one_step_told_once():
    adviser = make_adviser()
    dossier = make_dossier(adviser)
    follower = make_person("mayor", member=make_member())
    Follow.objects.create(person=follower, item=dossier)
    start = Barrier(3)

    def click() -> str:
        try:
            start.wait()
            row = take_step(
                actor=Person.objects.get(pk=adviser.pk),
                dossier=dossier,
                to="owner_found",
                note=NOTE,
                version=1,
            )
            return row.step
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        clicks = [threads.submit(click) for _each in range(3)]
        assert {each.result() for each in clicks} == {"owner_found"}
    assert DossierStep.objects.filter(dossier=dossier).count() == 2
    assert verbs(dossier) == ["dossier.opened", "dossier.step"]
    assert Notice.objects.filter(person=follower).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_a_dossier_from_one_bundle_both_get_the_same():
    adviser = make_adviser()
    bundle = make_bundle_of(adviser)
    start = Barrier(2)

    def click() -> int:
        try:
            start.wait()
            return open_dossier(
                actor=Person.objects.get(pk=adviser.pk), from_item=bundle, title="Milieuzones", summary=SUMMARY,
                model=MODEL, route=CONSULT,
            ).pk  # fmt: skip
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert len({each.result() for each in [threads.submit(click) for _each in range(2)]}) == 1
