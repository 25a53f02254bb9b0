"""The pages of conditions: who sees what, the way from writing one down to what came of it, and what is refused."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from omkering.agenda.commands.conditions import answer_condition, edit_condition, fulfil_condition
from omkering.agenda.models import Condition, DossierDocument, DossierState, DossierStep
from omkering.listen.commands.bundles import make_bundle
from omkering.thread.commands import link
from omkering.thread.models import LinkKind, Visibility
from tests.agenda.factory_conditions import (
    ASKED,
    EXACTLY,
    WHY,
    make_condition,
    make_contact,
    make_dossier,
    make_party,
)
from tests.listen.made import log_in, make_signal
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
FORMS = ("edit_condition", "ask_condition", "answer_condition", "fulfil_condition", "withdraw_condition")
REASON = "Het ministerie vroeg om een preciezere tekst."


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def desk(client, adviser):
    """The browser of an adviser."""
    return log_in(client, adviser)


def at(name: str, *args) -> str:
    return reverse(f"agenda:{name}", args=args)


def page(client, name: str, *args, **query) -> str:
    answer = client.get(at(name, *args), query)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def sent(client, name: str, pk: int, status: int, **data) -> str:
    answer = client.post(at(name, pk), data)
    assert answer.status_code == status, (
        answer.status_code,
        re.findall("error[^<]*", answer.content.decode()),
    )
    return answer.content.decode()


# --- who sees what ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        (Visibility.PUBLIC, {None, "mayor", "network_secretary", "adviser"}),
        (Visibility.MEMBERS, {"mayor", "network_secretary", "adviser"}),
        (Visibility.BUREAU, {"adviser"}),
    ],
)
def test_who_may_read_the_dossier_reads_its_conditions(client, adviser, visibility, seen_by):
    dossier = make_dossier(visibility=visibility)
    condition = make_condition(actor=adviser, dossier=dossier, asked_on=ASKED)
    party = condition.organisation
    for role in (None, "mayor", "network_secretary", "adviser"):
        client.logout()
        if role:
            log_in(client, make_person(role, member=make_member() if role == "mayor" else None))
        sees = role in seen_by
        assert client.get(at("condition", condition.pk)).status_code == (200 if sees else 404), role
        assert (condition.title in page(client, "conditions")) == sees, role
        assert (condition.title in page(client, "organisation", party.key)) == sees, role
        for export in ("export_conditions", "export_figures"):
            rows = b"".join(client.get(at(export, "csv")).streaming_content).decode()
            assert (party.name in rows or f"Ministry {party.key}" in rows) == sees, (role, export)
        found = client.get(reverse("web:search"), {"q": condition.title}).content.decode()
        assert (at("condition", condition.pk) in found) == sees, role


def test_forms_are_for_the_bureau_and_nobody_gets_past_the_address(client, adviser):
    condition = make_condition(actor=adviser)
    addresses = [at(name, condition.pk) for name in FORMS] + [at("add_condition", condition.dossier_id)]
    before = Condition.objects.values().get(pk=condition.pk)
    for address in addresses:
        assert client.get(address).status_code == client.post(address).status_code == 302
    log_in(client, make_person("mayor", member=make_member()))
    for address in addresses:
        assert client.get(address).status_code == client.post(address).status_code == 403
    log_in(client, adviser)
    for address in addresses:
        assert client.get(address).status_code == 200
        assert client.get(re.sub(r"\d+", "987654", address)).status_code == 404
    assert Condition.objects.values().get(pk=condition.pk) == before


def test_a_reader_sees_no_buttons_and_a_hidden_reason_only_as_a_number(client, adviser):
    open_signal = make_signal(title="Busjes staan stil", visibility=Visibility.PUBLIC)
    hidden = make_signal(title="Geheim van een ander", visibility=Visibility.BUREAU)
    dossier = make_dossier(visibility=Visibility.PUBLIC)
    condition = make_condition(actor=adviser, dossier=dossier, signals=[open_signal, hidden], asked_on=ASKED)
    text = page(client, "condition", condition.pk)
    assert "Busjes staan stil" in text and "Geheim van een ander" not in text
    assert "1 signal behind this is not for you to read." in text
    assert not any(at(name, condition.pk) in text for name in FORMS)
    assert "Geheim van een ander" in page(log_in(client, adviser), "condition", condition.pk)


def test_the_page_shows_all_that_happened_with_its_evidence(client, adviser):
    condition = make_condition(
        actor=adviser,
        dossier=make_dossier(visibility=Visibility.PUBLIC),
        asked_on=ASKED,
        answer_due=date(2026, 3, 1),
    )
    assert "Answer 31 days late" in page(client, "condition", condition.pk, on="2026-04-01")
    assert "days late" not in page(client, "condition", condition.pk, on="2026-03-01")
    answer_condition(
        actor=adviser,
        condition=condition,
        answer="agreed",
        text="Dat zeggen wij toe.",
        given_on=date(2026, 5, 3),
        promised_on=date(2026, 8, 1),
        evidence_url="https://example.org/brief",
    )
    text = page(client, "condition", condition.pk, on="2026-08-02")
    assert (
        "Promise 1 day late" in text and "https://example.org/brief" in text and "Dat zeggen wij toe." in text
    )
    fulfil_condition(
        actor=adviser, condition=condition, met=True, text="De gegevens zijn er.", seen_on=date(2026, 9, 1)
    )
    text = page(client, "condition", condition.pk, on="2026-10-01")
    assert "Promise" not in text.split("<main")[1].split("late")[0] or "day late" not in text
    assert "No evidence was added." in text and "De gegevens zijn er." in text
    assert (
        "Voorwaarde"
        in client.get(at("condition", condition.pk), headers={"accept-language": "nl"}).content.decode()
    )


# --- one written down in three steps ---------------------------------------------------------------------------
def test_three_short_steps_make_a_condition_and_lose_nothing(desk, adviser):
    signal, party = make_signal(title="Busjes staan stil"), make_party("ienw")
    contact, dossier = make_contact(party), make_dossier()
    link(upstream=signal, downstream=dossier, kind=LinkKind.RAISED_BY, actor=adviser)
    long = "Elke gemeente krijgt toegang. " * 334  # 10,020 characters
    first = {"organisation": "ienw", "condition_kind": "data", "title": "Toegang tot de gegevens"}
    text = sent(desk, "add_condition", dossier.pk, 200, step="1", go="next", **first)
    assert 'name="exactly"' in text and 'value="Toegang tot de gegevens"' in text and "Directorate" in text
    second = {**first, "contact": contact.pk, "exactly": long}
    text = sent(desk, "add_condition", dossier.pk, 200, step="2", go="next", **second)
    assert long in text and "Busjes staan stil" in text and 'name="why"' in text
    text = sent(desk, "add_condition", dossier.pk, 200, step="3", go="back", **second, why=WHY)
    assert long in text and WHY in text, "also what stands in a later step"
    other = make_signal(title="Vrachtwagens in de binnenstad")
    text = sent(
        desk, "add_condition", dossier.pk, 200, step="3", go="find", **second, why=WHY, words="binnenstad",
        signals=[signal.pk],
    )  # fmt: skip
    assert "Vrachtwagens in de binnenstad" in text and WHY in text
    assert re.search(rf'value="{signal.pk}"[^>]*checked', text), "what was ticked stays ticked"
    assert not Condition.objects.exists()
    third = {**second, "why": WHY, "signals": [signal.pk, other.pk]}
    for _twice in range(2):
        sent(desk, "add_condition", dossier.pk, 302, step="3", go="next", **third)
    made = Condition.objects.get()
    assert (made.title, made.organisation, made.contact, made.state) == (
        "Toegang tot de gegevens",
        party,
        contact,
        "draft",
    )
    assert made.exactly == long.strip()


@pytest.mark.parametrize(
    ("step", "changed", "field"),
    [
        ("1", {"title": "kort"}, "title"),
        ("1", {"organisation": "nergens"}, "organisation"),
        ("2", {"exactly": "x" * 20_001}, "exactly"),
        ("2", {"contact": "987654"}, "contact"),
        ("3", {"why": f"{WHY} Bel 06-12345678."}, "why"),
        ("3", {"signals": ["987654"]}, "signals"),
        (
            "3",
            {"title": "kort"},
            "title",
        ),  # a field of the first step, changed in the form that travels along
    ],
)
def test_what_is_wrong_is_said_in_its_step_at_its_field(desk, step, changed, field):
    make_party("ienw")
    values = {"organisation": "ienw", "condition_kind": "data", "title": "Toegang tot de gegevens"}
    values |= {"exactly": EXACTLY, "why": WHY, **changed}
    text = sent(desk, "add_condition", make_dossier().pk, 422, step=step, go="next", **values)
    assert f'id="id_{field}_error"' in text
    typed = {name: value for name, value in values.items() if name in ("title", "exactly", "why")}
    assert all(value in text for value in typed.values()), "nothing typed is lost"
    assert not Condition.objects.exists()


def test_what_another_may_not_choose_is_refused_whatever_the_form_says(desk, adviser):
    """Ids of another party's function and of another dossier's document."""
    party, other = make_party("ienw"), make_party("bzk")
    foreign = make_contact(other)
    values = {"organisation": "ienw", "condition_kind": "data", "title": "Toegang tot de gegevens"}
    values |= {"contact": foreign.pk, "exactly": EXACTLY, "why": WHY}
    sent(desk, "add_condition", make_dossier().pk, 422, step="3", go="next", **values)
    condition = make_condition(actor=adviser, organisation=party, asked_on=ASKED)
    elsewhere = make_dossier()
    step = DossierStep.objects.create(
        dossier=elsewhere, number=1, model="m", route="r", step="s", person=adviser
    )
    document = DossierDocument.objects.create(dossier=elsewhere, step=step, name="Brief", person=adviser)
    said = {"answer": "agreed", "text": "Dat zeggen wij toe.", "given_on": "2026-05-03"}
    sent(desk, "answer_condition", condition.pk, 422, **said, document=document.pk)
    assert not condition.answers_given.exists() and Condition.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["organisation", "contact", "title", "exactly", "signals", "words", "step", "go"]
)
def test_a_nul_in_a_field_breaks_nothing(desk, adviser, name):
    make_party("ienw")
    pk = make_dossier().pk
    values = {"organisation": "ienw", "condition_kind": "data", "title": "Toegang tot de gegevens"}
    for go in ("next", "find", "back"):
        data = {"step": "3", "go": go, **values, "exactly": EXACTLY, "why": WHY, name: "a\0b"}
        assert desk.post(at("add_condition", pk), data).status_code in (200, 302, 422), go
    assert desk.get(at("conditions"), {name: "\0", "text": "\0"}).status_code == 200
    assert desk.get(at("organisations"), {"q": "\0"}).status_code == 200


def test_a_closed_dossier_takes_none(desk):
    dossier = make_dossier(state=DossierState.CLOSED)
    assert "This dossier is closed." in page(desk, "add_condition", dossier.pk)
    make_party("ienw")
    values = {"organisation": "ienw", "condition_kind": "data", "title": "Toegang tot de gegevens"}
    sent(desk, "add_condition", dossier.pk, 422, step="3", go="next", **values, exactly=EXACTLY, why=WHY)


# --- what came of it -------------------------------------------------------------------------------------------
def test_asked_answered_met_and_refused_at_the_field(desk, adviser):
    condition = make_condition(actor=adviser)
    pk = condition.pk
    text = page(desk, "condition", pk)
    assert at("ask_condition", pk) in text and at("answer_condition", pk) not in text
    sent(desk, "ask_condition", pk, 422, asked_on="2999-01-01")
    sent(desk, "ask_condition", pk, 302, asked_on="2026-01-15", answer_due="2026-03-01")
    said = {"answer": "agreed", "text": "Dat zeggen wij toe.", "given_on": "2026-05-03"}
    text = sent(desk, "answer_condition", pk, 422, **said, evidence_url="javascript:alert(1)")
    assert "Dat zeggen wij toe." in text and "javascript:alert(1)" in text
    sent(desk, "answer_condition", pk, 422, **{**said, "text": "Bel 06-12345678."})
    sent(desk, "answer_condition", pk, 302, **said, promised_on="2026-08-01")
    seen = {"met": "yes", "text": "De gegevens zijn er.", "seen_on": "2026-09-01"}
    sent(desk, "fulfil_condition", pk, 422, **{**seen, "met": ""})
    sent(desk, "fulfil_condition", pk, 302, **seen)
    row = Condition.objects.get(pk=pk)
    assert (row.state, row.met, row.promised_on) == ("agreed", True, date(2026, 8, 1))
    assert at("withdraw_condition", pk) not in page(desk, "condition", pk)
    sent(desk, "withdraw_condition", pk, 422, reason=REASON)
    other = make_condition(actor=adviser, asked_on=ASKED)
    sent(desk, "withdraw_condition", other.pk, 422, reason="nee")
    sent(desk, "withdraw_condition", other.pk, 302, reason=REASON)
    assert REASON in page(desk, "condition", other.pk)


def test_ten_thousand_characters_and_signs_of_html_are_kept_and_shown(desk, adviser):
    condition = make_condition(actor=adviser, asked_on=ASKED)
    words = "Dat zeggen wij toe & <b>meer</b>. " * 300
    said = {"answer": "partly", "given_on": "2026-05-03", "text": words}
    assert len(words) > 10_000
    sent(desk, "answer_condition", condition.pk, 302, **said)
    assert condition.answers_given.get().text == words.strip()
    text = page(desk, "condition", condition.pk)
    assert "<b>meer</b>" not in text and text.count("&lt;b&gt;meer") == 300
    answer = desk.post(at("answer_condition", condition.pk), {**said, "text": words * 3})
    assert answer.status_code == 422 and words.strip().split()[0] in answer.content.decode()


def test_two_advisers_at_one_condition_lose_nothing(desk, adviser):
    condition = make_condition(actor=adviser)
    mine = {
        "version": 1,
        "title": "Mijn titel van de voorwaarde",
        "exactly": EXACTLY,
        "why": WHY,
        "condition_kind": "data",
        "organisation": condition.organisation.key,
    }
    colleague = make_adviser()
    edit_condition(
        actor=colleague,
        condition=condition,
        version=1,
        title="Titel van een ander",
        exactly=EXACTLY,
        why=WHY,
        condition_kind="law",
        organisation=condition.organisation,
    )
    text = sent(desk, "edit_condition", condition.pk, 422, **mine)
    assert "Mijn titel van de voorwaarde" in text and "Titel van een ander" in text and colleague.name in text
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version and version[1] == "2"
    sent(desk, "edit_condition", condition.pk, 302, **{**mine, "version": 2})
    assert Condition.objects.get(pk=condition.pk).title == "Mijn titel van de voorwaarde"


def test_what_was_asked_changes_with_a_reason_that_readers_see(desk, adviser):
    condition = make_condition(actor=adviser, asked_on=ASKED)
    fields = {"version": 1, "title": condition.title, "why": WHY, "condition_kind": "data"}
    changed = {**fields, "exactly": "Iedere gemeente krijgt toegang, per kenteken."}
    sent(desk, "edit_condition", condition.pk, 422, **changed)
    due = {"answer_due": "2026-03-01"}
    sent(desk, "edit_condition", condition.pk, 302, **changed, **due, reason=REASON)
    assert str(Condition.objects.get().answer_due) == "2026-03-01"
    text = page(log_in(desk, make_person("mayor", member=make_member())), "condition", condition.pk)
    assert REASON in text and EXACTLY in text and "Iedere gemeente krijgt toegang" in text


def test_the_page_takes_a_fixed_number_of_queries(client, adviser):
    bundle = make_bundle(
        actor=adviser,
        title="Schone lucht in de stad",
        signals=[make_signal(), make_signal(title="Oude busjes")],
    )
    dossier = make_dossier(visibility=Visibility.PUBLIC)
    condition = make_condition(
        actor=adviser, dossier=dossier, signals=[bundle, make_signal()], asked_on=ASKED
    )

    def happened(number: int) -> None:
        for day in range(1, number + 1):
            answer_condition(
                actor=adviser,
                condition=condition,
                answer="agreed",
                text=f"Toegezegd, antwoord {number} {day}.",
                given_on=date(2026, 5, day),
            )
            fulfil_condition(
                actor=adviser,
                condition=condition,
                met=True,
                text=f"Gezien, {number} {day}.",
                seen_on=date(2026, 9, day),
            )

    counted = []
    for number in (1, 6):
        happened(number)
        page(client, "condition", condition.pk)
        with CaptureQueriesContext(connection) as queries:
            page(client, "condition", condition.pk)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert timezone.localdate() >= date(2026, 9, 6), "the days of this test are past"
