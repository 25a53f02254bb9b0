"""The steps of a dossier: what each needs, what is told, back, stopped and closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.agenda.commands.documents import add_document, add_party
from omkering.agenda.commands.steps import close_dossier, go_back, stop_dossier, take_step
from omkering.agenda.cooperation import find_way, missing
from omkering.agenda.models import Dossier, DossierState, DossierStep
from omkering.agenda.queries.dossiers import facts_of
from omkering.thread.models import Item
from omkering.who.models import Body, Organisation
from tests.agenda.dossiers import (
    CONSULT,
    MODEL,
    NOTE,
    REASON,
    make_bundle_of,
    make_dossier,
    make_pilot,
    on,
    with_solution,
)
from tests.agenda.test_dossiers import told, verbs
from tests.people import make_adviser, make_member

pytestmark = pytest.mark.django_db


def refused(dossier: Dossier, to: str) -> list[str]:
    with pytest.raises(ValidationError) as raised:
        on(dossier, to)
    assert all(error.code == "step" for error in raised.value.error_list)
    return raised.value.messages


def test_a_step_is_taken_told_and_owed_by_its_term():
    adviser = make_adviser()
    dossier = make_dossier(adviser, source=make_bundle_of(adviser), title="Milieuzones in de stad")
    sender = Item.objects.filter(kind="signal").order_by("pk").first().author
    row = on(dossier, "owner_found", adviser)
    assert (row.step, row.version) == ("owner_found", 2)
    last_day = timezone.localtime(row.due_at).date()
    assert timezone.localdate() + timedelta(days=58) < last_day < timezone.localdate() + timedelta(days=63)
    first, second = DossierStep.objects.filter(dossier=dossier).order_by("number")
    assert first.ended_at is not None and second.note == NOTE and second.due_on == last_day
    text = told(sender)[0]
    assert text.startswith("Uw signaal “Vuile lucht")
    assert "is nu bij de stap “Eigenaar gevonden”" in text and text.endswith(NOTE)


def test_a_skipped_step_is_refused_with_what_to_do_and_nothing_is_lost():
    dossier = make_dossier(owner=None)
    first, second = refused(dossier, "conditions_asked")
    assert "“Eigenaar gevonden”" in first
    assert "eigenaar" in second
    assert Dossier.objects.get(pk=dossier.pk).step == "signalled"
    assert DossierStep.objects.filter(dossier=dossier).count() == 1
    assert refused(dossier, "owner_found") == [second]


def test_conditions_are_not_asked_without_a_solution_and_a_pilot():
    adviser = make_adviser()
    dossier = make_dossier(adviser)
    on(dossier, "owner_found", adviser)
    assert len(refused(dossier, "pilot_members")) == 1
    make_pilot(dossier)
    on(dossier, "pilot_members", adviser)
    refused(dossier, "solution")
    with_solution(dossier, adviser)
    on(dossier, "solution", adviser)
    sentences = " ".join(refused(dossier, "conditions_asked"))
    assert "voorwaarde" in sentences and "oplossing" not in sentences


def test_an_owner_and_a_day_of_ones_own_choice():
    adviser = make_adviser()
    dossier = make_dossier(adviser)
    body = Body.objects.create(key="commissie", names={"nl": "Commissie"}, kind="committee")
    day = timezone.localdate() + timedelta(days=9)
    on(dossier, "owner_found", adviser, owner_body=body, due_on=day)
    stay = DossierStep.objects.get(dossier=dossier, ended_at__isnull=True)
    assert (stay.owner_person, stay.owner_body, stay.due_on) == (None, body, day)
    with pytest.raises(ValidationError) as raised:
        make_pilot(dossier)
        on(dossier, "pilot_members", adviser, due_on=timezone.localdate() - timedelta(days=1))
    assert list(raised.value.message_dict) == ["due_on"]


def test_what_was_done_must_be_said():
    with pytest.raises(ValidationError) as raised:
        on(make_dossier(), "owner_found", note="")
    assert list(raised.value.message_dict) == ["note"]


def test_back_with_a_reason_and_forward_again():
    adviser = make_adviser()
    dossier = make_dossier(adviser)
    row = on(dossier, "owner_found", adviser)
    back = {"actor": adviser, "dossier": dossier, "version": row.version}
    with pytest.raises(ValidationError):
        go_back(**back, reason="")
    for _twice in range(2):
        row = go_back(**back, reason=REASON)
    assert (row.step, row.version, row.due_at) == ("signalled", 3, None)
    assert verbs(dossier) == ["dossier.opened", "dossier.step", "dossier.went_back"]
    with pytest.raises(ValidationError) as raised:
        go_back(actor=adviser, dossier=dossier, version=3, reason=f"{REASON} Nog een keer.")
    assert list(raised.value.message_dict) == ["to"]
    assert on(dossier, "owner_found", adviser).step == "owner_found"


def walk(adviser, *, until: str) -> Dossier:
    """Through model 1 with all that it needs, up to and including a step."""
    dossier = make_dossier(adviser, model="medebewind", route="standaard")
    add_document(actor=adviser, dossier=dossier, name="Wetsvoorstel", url="https://example.org/wet")
    way = find_way("medebewind", "standaard")
    for step in way.steps[1:-1]:
        on(dossier, step.key, adviser)
        if step.key == until:
            break
    return Dossier.objects.get(pk=dossier.pk)


def test_closing_needs_a_result_that_everybody_hears_and_can_be_undone():
    adviser = make_adviser()
    dossier = walk(adviser, until="evaluatie")
    assert dossier.due_at is not None
    with pytest.raises(ValidationError):
        close_dossier(actor=adviser, dossier=dossier, result="", note=NOTE, version=dossier.version)
    row = close_dossier(
        actor=adviser,
        dossier=dossier,
        result="De wet werkt zoals bedoeld.",
        note=NOTE,
        version=dossier.version,
    )
    assert (row.state, row.step, row.due_at) == (DossierState.CLOSED, "closed", None)
    assert row.answered_at is not None
    assert Dossier.objects.get(pk=row.pk).result == "De wet werkt zoals bedoeld."
    assert verbs(dossier)[-1] == "dossier.closed"
    with pytest.raises(ValidationError):
        take_step(actor=adviser, dossier=row, to="evaluatie", note=NOTE, version=row.version)
    again = go_back(actor=adviser, dossier=row, reason=REASON, version=row.version)
    assert (again.state, again.step, again.answered_at) == (DossierState.OPEN, "evaluatie", None)
    assert again.due_at is not None


def test_stopping_early_tells_why_and_leads_back_only_to_where_it_was():
    adviser = make_adviser()
    dossier = make_dossier(adviser)
    on(dossier, "owner_found", adviser)
    for _twice in range(2):
        row = stop_dossier(actor=adviser, dossier=dossier, reason=REASON, version=2)
    assert (row.state, row.step, row.result) == (DossierState.CLOSED, "closed", REASON)
    assert verbs(dossier)[-1] == "dossier.stopped" and verbs(dossier).count("dossier.stopped") == 1
    with pytest.raises(ValidationError):
        go_back(actor=adviser, dossier=row, reason=REASON, version=row.version, to="talks")
    assert go_back(actor=adviser, dossier=row, reason=REASON, version=row.version).step == "owner_found"


def test_a_model_that_the_association_lost_says_what_to_do():
    adviser = make_adviser()
    dossier = make_dossier(adviser)
    Dossier.objects.filter(pk=dossier.pk).update(model="verdwenen")
    with pytest.raises(ValidationError) as raised:
        on(dossier, "owner_found", adviser)
    assert "ander model" in str(raised.value)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.tuples(st.sampled_from(["step", "back", "pilot", "solution", "party"]), st.integers(0, 9)))
)
def test_whatever_advisers_do_the_steps_taken_were_allowed_and_none_was_skipped(deeds):
    adviser = make_adviser()
    dossier = make_dossier(adviser)
    keys = [step.key for step in find_way(MODEL, CONSULT).steps]
    for deed, number in deeds:
        row = Dossier.objects.get(pk=dossier.pk)
        to, facts = keys[number], facts_of(row)
        try:
            if deed == "step":
                take_step(actor=adviser, dossier=row, to=to, note=NOTE, version=row.version)
            elif deed == "back":
                go_back(actor=adviser, dossier=row, to=to, reason=REASON, version=row.version)
            elif deed == "pilot":
                make_pilot(dossier, member=make_member())
            elif deed == "solution":
                with_solution(dossier, adviser)
            else:
                party = Organisation.objects.create(
                    key=f"partij-{Organisation.objects.count()}", names={"nl": "Ministerie"}, kind="ministry"
                )
                add_party(actor=adviser, dossier=row, organisation=party)
        except ValidationError:
            after = Dossier.objects.get(pk=dossier.pk)
            assert (after.step, after.version) == (row.step, row.version)
            continue
        after = Dossier.objects.get(pk=dossier.pk)
        if deed in ("step", "back"):
            assert not missing(find_way(MODEL, CONSULT).step(after.step), facts)
            moved = keys.index(after.step) - keys.index(row.step)
            assert moved == 1 if deed == "step" else moved < 0
    assert DossierStep.objects.filter(dossier=dossier, ended_at__isnull=True).count() == 1
