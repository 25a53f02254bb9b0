"""The parties outside: the list, a page, and what the bureau changes; functions are named, never people."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from omkering.agenda.commands.conditions import answer_condition
from omkering.agenda.commands.documents import add_party, end_party
from omkering.journal.models import Event
from omkering.thread.models import Visibility
from omkering.who.models import ContactRole, Organisation
from tests.agenda.dossiers import make_dossier as open_dossier
from tests.agenda.factory_conditions import ASKED, make_condition, make_contact, make_dossier, make_party
from tests.listen.made import log_in
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
CHANGES = ("change_organisation", "retire_organisation", "add_contact_role")
PARTY = {"name_nl": "Ministerie van Ruimte", "name_en": "Ministry of Space", "kind": "ministry"}


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    cache.clear()


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


def sent(client, status: int, name: str, *args, **data) -> str:
    answer = client.post(at(name, *args), data)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


# --- reading ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [None, "mayor", "adviser"])
def test_everybody_reads_who_the_parties_are_and_only_the_bureau_changes_them(client, role):
    party, contact = make_party("ienw"), make_contact(make_party("bzk"))
    if role:
        log_in(client, make_person(role, member=make_member() if role == "mayor" else None))
    bureau = role == "adviser"
    text = page(client, "organisations")
    assert "Ministry ienw" in text and "Ministry bzk" in text and (at("add_organisation") in text) == bureau
    text = page(client, "organisation", "bzk")
    assert "Directorate" in text and (at("retire_organisation", "bzk") in text) == bureau
    addresses = [at("add_organisation"), *(at(name, party.key) for name in CHANGES)]
    addresses.append(at("change_contact_role", "bzk", contact.key))
    expected = 200 if bureau else 403 if role else 302
    assert {client.get(address).status_code for address in addresses} == {expected}
    if not bureau:
        assert {client.post(address, PARTY).status_code for address in addresses} == {expected}
        assert Organisation.objects.count() == 2 and not Organisation.objects.filter(retired_at__isnull=False)


def test_the_list_counts_what_the_reader_may_see_and_finds_words(client, adviser):
    party = make_party("ienw", name="Ministerie van Water")
    for visibility in (Visibility.PUBLIC, Visibility.BUREAU):
        condition = make_condition(
            actor=adviser,
            dossier=make_dossier(visibility=visibility),
            organisation=party,
            asked_on=ASKED,
            answer_due=ASKED,
        )
        answer_condition(
            actor=adviser, condition=condition, answer="agreed", text="Wij zeggen het toe.", given_on=ASKED
        )
        make_condition(
            actor=adviser,
            dossier=condition.dossier,
            organisation=party,
            asked_on=ASKED,
            answer_due=ASKED,
        )

    def figures():
        groups = client.get(at("organisations")).context["groups"]
        [[_kind, [row]]] = groups
        return row.figures.total, row.figures.agreed, row.figures.late

    assert figures() == (2, 1, 1)
    log_in(client, adviser)
    assert figures() == (4, 2, 2)
    assert "Ministry ienw" in page(client, "organisations", q="van water")
    assert "No party holds these words." in page(client, "organisations", q="nergens")
    assert "Ministry ienw" not in page(client, "organisations", retired="on")


def test_the_page_tells_of_its_dossiers_and_conditions(client, adviser):
    party = make_party("ienw")
    dossier, hidden = open_dossier(adviser), open_dossier(adviser, visibility=Visibility.BUREAU)
    for each in (dossier, hidden):
        add_party(actor=adviser, dossier=each, organisation=party, part="maakt de wet")
    asked = make_condition(
        actor=adviser, dossier=make_dossier("Gevraagd", visibility=Visibility.PUBLIC), organisation=party,
        asked_on=ASKED,
    )  # fmt: skip
    text = page(client, "organisation", "ienw")
    assert dossier.title in text and "maakt de wet" in text and asked.title in text
    assert asked.dossier.title in text and hidden.title not in text
    ended = dossier.parties.get()
    end_party(actor=adviser, party=ended)
    assert dossier.title not in page(client, "organisation", "ienw")
    assert client.get(at("organisation", "nergens")).status_code == 404


# --- changing --------------------------------------------------------------------------------------------------
def test_a_party_is_added_changed_and_retired_and_stays_where_it_stands(desk, adviser):
    sent(desk, 302, "add_organisation", **PARTY, abbreviation="RUI", website="https://ruimte.example.org")
    party = Organisation.objects.get()
    assert (party.key, party.kind, party.abbreviation) == ("ministerie-van-ruimte", "ministry", "RUI")
    changed = {**PARTY, "name_en": "Ministry of Room", "abbreviation": "RU", "website": ""}
    sent(desk, 302, "change_organisation", party.key, **changed)
    party.refresh_from_db()
    assert party.names == {"nl": "Ministerie van Ruimte", "en": "Ministry of Room"} and party.website == ""
    condition = make_condition(actor=adviser, organisation=party, asked_on=ASKED)
    for _twice in range(2):
        sent(desk, 302, "retire_organisation", party.key)
    text = page(desk, "organisation", party.key)
    assert "this party can no longer be chosen" in text and condition.title in text
    assert at("retire_organisation", party.key) not in text
    assert "Ministry of Room" not in page(desk, "organisations")
    assert "Ministry of Room" in page(desk, "organisations", retired="on")
    assert party.key not in page(desk, "add_condition", condition.dossier_id)
    for verb in ("added", "changed", "retired"):
        assert Event.objects.filter(verb=f"organisation.{verb}").count() == 1, verb


def test_a_function_is_added_and_changed_at_its_own_party(desk):
    party, other = make_party("ienw"), make_party("bzk")
    named = {"name_nl": "Afdeling lucht", "name_en": "Air department"}
    sent(desk, 302, "add_contact_role", "ienw", **named, email="lucht@example.org")
    contact = ContactRole.objects.get()
    assert (contact.organisation, contact.email) == (party, "lucht@example.org")
    assert "Air department" in page(desk, "organisation", "ienw")
    sent(desk, 302, "change_contact_role", "ienw", contact.key, **{**named, "name_en": "Air"}, email="")
    contact.refresh_from_db()
    assert (contact.names["en"], contact.email) == ("Air", "")
    address = at("change_contact_role", other.key, contact.key)
    assert desk.get(address).status_code == desk.post(address, named).status_code == 404
    party.retired_at = timezone.now()
    party.save()
    sent(desk, 422, "add_contact_role", "ienw", **named)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name_nl": ""}, "name_nl"),
        ({"name_nl": "Bel 06-12345678"}, "name_nl"),
        ({"name_en": "jan.jansen@example.org"}, "name_nl"),
        ({"name_nl": "x" * 10_000}, "name_nl"),
        ({"kind": "club"}, "kind"),
        ({"abbreviation": "x" * 10_000}, "abbreviation"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "https://jan@example.org"}, "website"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(desk, changed, field):
    text = sent(desk, 422, "add_organisation", **{**PARTY, **changed})
    assert f'id="id_{field}_error"' in text
    [typed] = changed.values()
    assert typed in text or field == "kind"
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "j.jansen@example.org"}, "email"),
        ({"email": "geen adres"}, "email"),
        ({"name_nl": "Afdeling lucht, bel 06-12345678"}, "name_nl"),
    ],
)
def test_a_function_holds_no_personal_data(desk, changed, field):
    make_party("ienw")
    named = {"name_nl": "Afdeling lucht", "name_en": "Air department"}
    text = sent(desk, 422, "add_contact_role", "ienw", **{**named, **changed})
    assert f'id="id_{field}_error"' in text and not ContactRole.objects.exists()


def test_the_pages_take_a_fixed_number_of_queries(client, adviser):
    party = make_party("ienw")
    counted = []
    for number in (1, 5):
        for each in range(number):
            make_contact(party, f"functie-{number}-{each}")
            dossier = open_dossier(adviser)
            add_party(actor=adviser, dossier=dossier, organisation=party, part="maakt de wet")
            for at_party in (party, make_party()):
                make_condition(
                    actor=adviser,
                    dossier=make_dossier(visibility=Visibility.PUBLIC),
                    organisation=at_party,
                    asked_on=ASKED,
                )
        numbers = []
        for name, args in (("organisations", ()), ("organisation", ("ienw",))):
            page(client, name, *args)
            with CaptureQueriesContext(connection) as queries:
                page(client, name, *args)
            numbers.append(len(queries))
        counted.append(numbers)
    assert counted[0] == counted[1]
