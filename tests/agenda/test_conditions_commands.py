"""Conditions through their commands: asked, answered, met, withdrawn; what is refused, told, and kept."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omkering.agenda.commands.conditions import (
    add_condition,
    answer_condition,
    ask_condition,
    edit_condition,
    fulfil_condition,
    withdraw_condition,
)
from omkering.agenda.commands.dossiers import edit_dossier
from omkering.agenda.models import (
    Condition,
    ConditionAnswer,
    DossierDocument,
    DossierState,
    DossierStep,
    Fulfilment,
)
from omkering.agenda.promises import owed_on
from omkering.agenda.queries.conditions import condition_page, conditions_of, signals_behind
from omkering.journal.models import Event
from omkering.listen.commands.bundles import make_bundle
from omkering.thread.commands import link
from omkering.thread.models import Item, Link, LinkKind, Notice, Visibility
from omkering.thread.queries import in_words
from omkering.who.standing import standing_of
from tests.agenda.factory_conditions import (
    ASKED,
    EXACTLY,
    WHY,
    make_condition,
    make_contact,
    make_dossier,
    make_party,
)
from tests.listen.factory import make_signal
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
REASON = "Het ministerie vroeg om een preciezere tekst."


@pytest.fixture
def adviser():
    return make_adviser()


def problem(error) -> dict:
    return (
        error.value.message_dict if hasattr(error.value, "error_dict") else {"__all__": error.value.messages}
    )


def answered(condition, actor, answer="agreed", given_on=date(2026, 5, 3), **fields):
    return answer_condition(
        actor=actor,
        condition=condition,
        answer=answer,
        given_on=given_on,
        **{"text": "Dat zeggen wij toe.", **fields},
    )


def seen(condition, actor, *, met=True, seen_on=date(2026, 9, 1), text="De gegevens zijn er."):
    return fulfil_condition(actor=actor, condition=condition, met=met, text=text, seen_on=seen_on)


# --- write down and ask ----------------------------------------------------------------------------------------
def test_conditions_are_numbered_within_their_dossier_and_follow_its_readers(adviser):
    dossier, party = make_dossier(visibility=Visibility.BUREAU, example=True), make_party()
    made = [make_condition(actor=adviser, dossier=dossier, organisation=party) for _ in range(3)]
    assert [row.number for row in made] == [1, 2, 3]
    assert make_condition(actor=adviser).number == 1
    first = Condition.objects.get(pk=made[0].pk)
    assert (first.visibility, first.example, first.state, first.answer) == ("bureau", True, "draft", "draft")
    assert first.due_at is None and first.answered_at is None and first.owed_on is None
    edit_dossier(actor=adviser, dossier=dossier, version=1, visibility="public")
    assert set(Item.objects.filter(kind="condition").values_list("visibility", flat=True)) == {
        "public",
        "members",
    }


def test_the_dossier_and_the_signals_are_upstream(adviser):
    signal, dossier = make_signal(), make_dossier()
    bundle = make_bundle(
        actor=adviser,
        title="Schone lucht in de stad",
        signals=[make_signal(), make_signal(title="Oude busjes")],
    )
    condition = make_condition(actor=adviser, dossier=dossier, signals=[signal, bundle])
    links = Link.objects.filter(downstream=condition, ended_at__isnull=True)
    assert {(row.upstream_id, row.kind) for row in links} == {
        (dossier.pk, LinkKind.ASKS),
        (signal.pk, LinkKind.ASKS),
        (bundle.pk, LinkKind.ASKS),
    }
    assert len(signals_behind([condition.pk], standing_of(adviser), adviser.pk)[condition.pk]) == 3
    event = Event.objects.get(verb="condition.made")
    assert event.data == {"dossier": dossier.pk, "number": 1, "signals": 2}
    assert not Notice.objects.filter(milestone__startswith="condition."), "a draft is no news"


def test_only_the_bureau_writes_asks_and_records(adviser):
    member = make_member()
    for role in ("mayor", "official", "network_secretary", "committee_member"):
        person = make_person(role, member=member if role in ("mayor", "official") else None)
        condition = make_condition(actor=adviser, asked_on=ASKED)
        draft = make_condition(actor=adviser)
        with pytest.raises(PermissionDenied):
            make_condition(actor=person)
        with pytest.raises(PermissionDenied):
            ask_condition(actor=person, condition=draft, asked_on=ASKED)
        with pytest.raises(PermissionDenied):
            answered(condition, person)
        with pytest.raises(PermissionDenied):
            seen(condition, person)
        with pytest.raises(PermissionDenied):
            withdraw_condition(actor=person, condition=condition, reason=REASON)
        with pytest.raises(PermissionDenied):
            _edit(draft, person)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"title": "kort"}, "title", "at least 5"),
        ({"title": "x" * 201}, "title", "At most 200"),
        ({"exactly": ""}, "exactly", "Fill this in"),
        ({"why": "daarom"}, "why", "at least 20"),
        ({"why": f"{WHY} Bel 06-12345678."}, "why", "telephone"),
        ({"exactly": f"{EXACTLY} Mail jan.jansen@example.org."}, "exactly", "e-mail"),
        ({"condition_kind": "wishes"}, "condition_kind", "Choose what is asked"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(adviser, fields, field, words):
    with translation.override("en"), pytest.raises(ValidationError) as error:
        make_condition(actor=adviser, **fields)
    assert words in str(problem(error)[field])
    assert not Condition.objects.exists() and not Event.objects.filter(verb="condition.made").exists()


def test_the_party_must_be_there_and_the_function_must_be_its_own(adviser):
    party, other = make_party(), make_party()
    with pytest.raises(ValidationError) as error:
        make_condition(actor=adviser, organisation=party, contact=make_contact(other))
    assert "contact" in problem(error)
    party.retired_at = timezone.now()
    party.save()
    with pytest.raises(ValidationError) as error:
        make_condition(actor=adviser, organisation=party)
    assert "organisation" in problem(error)
    condition = make_condition(actor=adviser, organisation=other, contact=make_contact(other, "beleid"))
    assert str(condition.contact) in ("Directie", "Directorate")


def test_a_reason_must_be_a_signal_or_bundle_that_one_may_read(adviser):
    dossier = make_dossier()
    with pytest.raises(ValidationError) as error:
        make_condition(actor=adviser, signals=[dossier])
    assert "signals" in problem(error)


def test_a_closed_dossier_takes_no_more_conditions_but_its_promises_go_on(adviser):
    dossier = make_dossier()
    condition = make_condition(actor=adviser, dossier=dossier, asked_on=ASKED)
    dossier.state = DossierState.CLOSED
    dossier.save()
    with pytest.raises(ValidationError):
        make_condition(actor=adviser, dossier=dossier)
    answered(condition, adviser)
    seen(condition, adviser)
    assert Condition.objects.get(pk=condition.pk).met


def test_a_double_click_is_one_click(adviser):
    dossier, party = make_dossier(), make_party()
    fields = {"title": "Toegang tot gegevens", "dossier": dossier, "organisation": party}
    one, two = (make_condition(actor=adviser, **fields) for _ in range(2))
    assert one == two
    for _ in range(2):
        ask_condition(actor=adviser, condition=one, asked_on=ASKED)
        answered(one, adviser)
        seen(one, adviser)
    with pytest.raises(ValidationError):
        ask_condition(actor=adviser, condition=one, asked_on=ASKED + timedelta(days=1))
    for verb in ("made", "asked", "answered", "met"):
        assert Event.objects.filter(verb=f"condition.{verb}").count() == 1, verb
    assert (ConditionAnswer.objects.count(), Fulfilment.objects.count()) == (1, 1)


# --- days in their order ---------------------------------------------------------------------------------------
def test_days_are_checked_in_their_order(adviser):
    tomorrow = timezone.localdate() + timedelta(days=1)
    draft = make_condition(actor=adviser)
    for fields, field in (
        ({"asked_on": tomorrow}, "asked_on"),
        ({"asked_on": ASKED, "answer_due": ASKED - timedelta(days=1)}, "answer_due"),
    ):
        with pytest.raises(ValidationError) as error:
            ask_condition(actor=adviser, condition=draft, **fields)
        assert [*problem(error)] == [field]
    with pytest.raises(ValidationError) as error:
        answered(draft, adviser)
    assert "not asked yet" in str(problem(error)) or "nog niet gevraagd" in str(problem(error))
    asked = make_condition(actor=adviser, asked_on=ASKED)
    before = ASKED - timedelta(days=1)
    for fields, field in (
        ({"given_on": tomorrow}, "given_on"),
        ({"given_on": before}, "given_on"),
        ({"promised_on": date(2026, 5, 2)}, "promised_on"),
        ({"answer": "refused", "promised_on": date(2027, 1, 1)}, "promised_on"),
        ({"answer": "asked"}, "answer"),
        ({"answer": "withdrawn"}, "answer"),
        ({"text": ""}, "text"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url"),
        ({"evidence_url": "https://example.org/?mail=jan@example.org"}, "evidence_url"),
    ):
        with pytest.raises(ValidationError) as error:
            answered(asked, adviser, **fields)
        assert [*problem(error)] == [field], fields
    for day in (tomorrow, before):
        with pytest.raises(ValidationError) as error:
            seen(asked, adviser, seen_on=day)
        assert [*problem(error)] == ["seen_on"]
    with pytest.raises(ValidationError) as error:
        seen(asked, adviser, met=False)
    assert [*problem(error)] == ["met"], "nothing was promised"
    assert not ConditionAnswer.objects.exists() and not Fulfilment.objects.exists()


def test_evidence_is_a_link_or_a_document_of_the_same_dossier(adviser):
    condition = make_condition(actor=adviser, asked_on=ASKED)
    own, other = (_document(dossier, adviser) for dossier in (condition.dossier, make_dossier()))
    made = answered(condition, adviser, evidence_url=" https://example.org/brief ", document=own)
    assert (made.evidence_url, made.document) == ("https://example.org/brief", own)
    with pytest.raises(ValidationError) as error:
        answered(condition, adviser, document=other)
    assert "document" in problem(error)
    own.withdrawn_at = timezone.now()
    own.save()
    with pytest.raises(ValidationError):
        answered(condition, adviser, text="Nog eens toegezegd.", document=own)


def _document(dossier, person) -> DossierDocument:
    step = DossierStep.objects.create(
        dossier=dossier, number=1, model="m", route="r", step="s", person=person
    )
    return DossierDocument.objects.create(
        dossier=dossier, step=step, name="Brief", url="https://example.org", person=person
    )


# --- answers and fulfilments -----------------------------------------------------------------------------------
def test_the_newest_answer_holds_and_all_stay(adviser):
    condition = make_condition(actor=adviser, asked_on=ASKED, answer_due=date(2026, 3, 1))
    row = Condition.objects.get(pk=condition.pk)
    assert (row.state, row.owed_on) == ("asked", date(2026, 3, 1))
    answered(condition, adviser, "refused", date(2026, 2, 1))
    row = Condition.objects.get(pk=condition.pk)
    assert (row.state, row.answer, row.owed_on) == ("refused", "refused", None)
    first_answered = row.answered_at
    assert first_answered is not None
    answered(condition, adviser, "partly", date(2026, 6, 1), promised_on=date(2027, 1, 1))
    answered(condition, adviser, "agreed", date(2026, 4, 1), promised_on=date(2026, 12, 1))  # recorded later
    row = Condition.objects.get(pk=condition.pk)
    assert (row.state, row.promised_on, row.answered_on) == ("partly", date(2027, 1, 1), date(2026, 6, 1))
    assert row.owed_on == date(2027, 1, 1) and row.answered_at == first_answered and row.due_at is None
    page = condition_page(row, adviser, date(2026, 7, 1))
    said = [(moment.answer.answer, moment.holds) for moment in page.moments if moment.answer]
    assert said == [("refused", False), ("agreed", False), ("partly", True)]
    assert not page.line.late and condition_page(row, adviser, date(2027, 1, 2)).line.late


def test_what_is_met_is_owed_no_more_and_may_turn_out_otherwise(adviser):
    condition = make_condition(actor=adviser, asked_on=ASKED)
    answered(condition, adviser, promised_on=date(2026, 6, 1))
    seen(condition, adviser, seen_on=date(2026, 7, 1))
    row = Condition.objects.get(pk=condition.pk)
    assert (row.met, row.met_on, row.owed_on, row.state) == (True, date(2026, 7, 1), None, "agreed")
    seen(condition, adviser, met=False, seen_on=date(2026, 8, 1), text="De gegevens zijn weer weg.")
    row = Condition.objects.get(pk=condition.pk)
    assert (row.met, row.owed_on) == (False, date(2026, 6, 1))
    assert Fulfilment.objects.count() == 2


def test_withdrawn_with_a_reason_and_kept(adviser):
    draft, asked = make_condition(actor=adviser), make_condition(actor=adviser, asked_on=ASKED)
    with pytest.raises(ValidationError):
        withdraw_condition(actor=adviser, condition=asked, reason="nee")
    for condition in (draft, asked):
        withdraw_condition(actor=adviser, condition=condition, reason=REASON)
        row = Condition.objects.get(pk=condition.pk)
        assert (row.state, row.answer, row.withdraw_reason, row.owed_on) == (
            "withdrawn",
            "withdrawn",
            REASON,
            None,
        )
        with pytest.raises(ValidationError):
            answered(condition, adviser)
        with pytest.raises(ValidationError):
            _edit(row, adviser)
    met = make_condition(actor=adviser, asked_on=ASKED)
    answered(met, adviser)
    seen(met, adviser)
    with pytest.raises(ValidationError):
        withdraw_condition(actor=adviser, condition=met, reason=REASON)


days = st.dates(date(2026, 1, 15), date(2026, 6, 30))
answers_given = st.sampled_from(["agreed", "partly", "refused"])
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), days, answers_given, st.none() | st.integers(0, 300)),
        st.tuples(st.just("seen"), days, st.booleans()),
    ),
    max_size=7,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings)
def test_whatever_the_order_the_newest_holds_and_nothing_is_lost(adviser, found):
    condition = make_condition(actor=adviser, asked_on=ASKED, answer_due=date(2026, 3, 1))
    answers, fulfilments = [], []
    for number, happening in enumerate(found):
        kind, day, what = happening[:3]
        if kind == "answer":
            later = happening[3]
            promised = day + timedelta(days=later) if later is not None and what != "refused" else None
            answered(condition, adviser, what, day, promised_on=promised, text=f"Antwoord {number}")
            answers.append((day, number, what, promised))
        else:
            now = Condition.objects.get(pk=condition.pk)
            if not what and now.state not in ("agreed", "partly"):
                continue
            seen(condition, adviser, met=what, seen_on=day, text=f"Gezien {number}")
            fulfilments.append((day, number, what))
    row = Condition.objects.get(pk=condition.pk)
    assert row.answers_given.count() == len(answers) and row.fulfilments.count() == len(fulfilments)
    last = max(answers, default=None, key=lambda entry: entry[:2])
    assert row.state == row.answer == (last[2] if last else "asked")
    assert row.promised_on == (last[3] if last else None)
    assert row.answered_on == (last[0] if last else None) and (row.answered_at is not None) == bool(answers)
    newest = max(fulfilments, default=None, key=lambda entry: entry[:2])
    assert row.met == (newest[2] if newest else None) and row.met_on == (newest[0] if newest else None)
    assert row.owed_on == owed_on(row.state, row.answer_due, row.promised_on, row.met)
    texts = Item.objects.get(pk=row.pk).body
    assert all(said.text in texts for said in (*row.answers_given.all(), *row.fulfilments.all()))


# --- changes ---------------------------------------------------------------------------------------------------
def _edit(condition, actor, **fields):
    return edit_condition(
        **{
            "actor": actor,
            "condition": condition,
            "version": condition.version,
            "title": condition.title,
            "exactly": condition.exactly,
            "why": condition.why,
            "condition_kind": condition.condition_kind,
            "organisation": condition.organisation,
            "contact": condition.contact,
            **fields,
        }
    )


def test_a_draft_changes_freely_and_what_was_asked_with_a_reason_that_is_kept(adviser):
    condition, other = make_condition(actor=adviser), make_party()
    condition = _edit(
        condition, adviser, exactly="Iedere gemeente krijgt toegang, per kenteken.", organisation=other
    )
    assert (condition.version, condition.organisation) == (2, other)
    condition = ask_condition(actor=adviser, condition=condition, asked_on=ASKED)
    before = condition.exactly
    with pytest.raises(ValidationError) as error:
        _edit(condition, adviser, exactly=EXACTLY)
    assert "reason" in problem(error)
    with pytest.raises(ValidationError) as error:
        _edit(condition, adviser, organisation=make_party(), reason=REASON)
    assert "organisation" in problem(error)
    condition = _edit(condition, adviser, exactly=EXACTLY, reason=REASON)
    page = condition_page(condition, adviser, ASKED)
    assert [(change.exactly, change.reason) for change in page.changes] == [(before, REASON)]


def test_another_day_can_be_agreed_on_which_an_answer_is_due(adviser):
    condition = make_condition(actor=adviser, asked_on=ASKED, answer_due=date(2026, 2, 1))
    with pytest.raises(ValidationError) as error:
        _edit(condition, adviser, answer_due=date(2026, 1, 1), reason=REASON)
    assert "answer_due" in problem(error)
    condition = _edit(condition, adviser, answer_due=date(2026, 4, 1), reason=REASON)
    assert (condition.answer_due, condition.owed_on) == (date(2026, 4, 1), date(2026, 4, 1))
    condition = _edit(condition, adviser, title="Alleen een andere titel hiervoor", reason=REASON)
    assert condition.answer_due == date(2026, 4, 1), "what is not named stays"
    condition = _edit(condition, adviser, answer_due=None, reason=REASON)
    assert (condition.answer_due, condition.owed_on) == (None, None)
    answered(condition, adviser)
    condition = _edit(
        Condition.objects.get(pk=condition.pk), adviser, answer_due=date(2026, 9, 1), reason=REASON
    )
    assert condition.answer_due is None, "there is an answer"


def test_nobody_overwrites_what_they_did_not_see(adviser):
    colleague = make_adviser()
    condition = make_condition(actor=adviser)
    old = Condition.objects.get(pk=condition.pk)
    _edit(condition, colleague, title="Andere titel van de voorwaarde")
    with pytest.raises(ValidationError) as error:
        _edit(old, adviser, title="Mijn titel van de voorwaarde")
    assert error.value.error_list[0].code == "changed" and colleague.name in str(error.value)
    assert Condition.objects.get(pk=condition.pk).title == "Andere titel van de voorwaarde"


def test_reasons_come_and_go_and_stay_known(adviser):
    first, second = make_signal(), make_signal(title="Busjes van bezorgers")
    condition = make_condition(actor=adviser, signals=[first])
    _edit(condition, adviser, signals=[second])
    links = Link.objects.filter(downstream=condition).exclude(upstream=condition.dossier_id)
    assert {(row.upstream_id, row.ended_at is None) for row in links} == {
        (first.pk, False),
        (second.pk, True),
    }


# --- what is told ----------------------------------------------------------------------------------------------
def test_the_sender_hears_it_in_words_with_the_condition_the_dossier_and_the_party(adviser):
    sender = make_person("official", member=make_member())
    signal = make_signal(author=sender, member=_member_of(sender), title="Kentekens zijn niet te zien")
    dossier = make_dossier("Milieuzones")
    link(upstream=signal, downstream=dossier, kind=LinkKind.RAISED_BY, actor=adviser)
    party = make_party("ienw", name="Ministerie van Infrastructuur en Waterstaat")
    make_condition(actor=adviser, dossier=dossier, organisation=party)
    condition = make_condition(
        actor=adviser, dossier=dossier, organisation=party, signals=[signal], asked_on=ASKED
    )
    answered(condition, adviser, promised_on=date(2026, 8, 1))
    seen(condition, adviser, met=False, text="Er is nog niets.", seen_on=date(2026, 8, 2))
    seen(condition, adviser, text="Het is er.", seen_on=date(2026, 9, 2))
    news = {notice.milestone: notice for notice in Notice.objects.filter(person=sender, item=condition)}
    assert set(news) == {"condition.asked", "condition.agreed", "condition.not_met", "condition.met"}
    with translation.override("nl"):
        assert in_words(news["condition.agreed"]).text == (
            "Uw signaal “Kentekens zijn niet te zien” is nu voorwaarde 2 van het dossier “Milieuzones”, die het "
            f"Ministerie van Infrastructuur en Waterstaat op 3 mei 2026 heeft toegezegd: “{condition.title}”."
        )
        assert "op 2 augustus 2026" in in_words(news["condition.not_met"]).text
    with translation.override("en"):
        assert "which the Ministry ienw agreed to on 3 May 2026" in in_words(news["condition.agreed"]).text
    for event in Event.objects.filter(verb__startswith="condition."):
        assert "Milieuzones" not in str(event.data) and EXACTLY not in str(event.data)


def _member_of(person):
    return person.appointments.get().member


def test_an_answer_that_does_not_hold_is_no_news(adviser):
    sender = make_person("official", member=make_member())
    signal = make_signal(author=sender, member=_member_of(sender))
    condition = make_condition(actor=adviser, signals=[signal], asked_on=ASKED)
    answered(condition, adviser, "refused", date(2026, 6, 1))
    answered(condition, adviser, "agreed", date(2026, 5, 1))
    told = set(Notice.objects.filter(person=sender, item=condition).values_list("milestone", flat=True))
    assert told == {"condition.asked", "condition.refused"}


def test_a_dossiers_conditions_take_a_fixed_number_of_queries(adviser):
    dossier = make_dossier()
    bundle = make_bundle(
        actor=adviser,
        title="Schone lucht in de stad",
        signals=[make_signal(), make_signal(title="Oude busjes")],
    )
    make_condition(actor=adviser, dossier=dossier, signals=[make_signal(), bundle], asked_on=ASKED)
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = conditions_of(
                dossier, standing_of(make_person("mayor", member=make_member())), None, ASKED
            )
        counted.append(
            len([q for q in queries if "agenda_condition" in q["sql"] or "thread_link" in q["sql"]])
        )
        for _more in range(4):
            make_condition(actor=adviser, dossier=dossier, signals=[bundle], asked_on=ASKED)
    assert counted[0] == counted[1] and len(found.lines) == 5 and not found.may_add
    assert [line.signals for line in found.lines] == [3, 2, 2, 2, 2]
    assert (
        str(found.lines[0].condition.organisation) and found.lines[0].condition.dossier.title == dossier.title
    )


def test_add_condition_is_for_signals_the_adviser_can_read(adviser):
    with pytest.raises(ValidationError):
        add_condition(
            actor=adviser,
            dossier=make_dossier(),
            organisation=make_party(),
            condition_kind="law",
            title="Een wet die past",
            exactly=EXACTLY,
            why=WHY,
            signals=[Item(pk=987654)],
        )
