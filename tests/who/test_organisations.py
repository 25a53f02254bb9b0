"""Parties outside: loaded from the folder, changed by the bureau, retired and never deleted."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from omkering.journal.models import Event
from omkering.who.association import Association, load
from omkering.who.association.agenda_files import LONGEST_KEY
from omkering.who.association.records import ORGANISATION_KINDS, Names
from omkering.who.commands import association as loading
from omkering.who.commands import organisations as commands
from omkering.who.current import association
from omkering.who.models import ContactRole, Organisation, OrganisationKind
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db

FIVE = Path(__file__).parents[1] / "association" / "example_five"
NAMES = {"nl": "Bond van Bruggenbouwers", "en": "League of Bridge Builders"}


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def league(monkeypatch) -> Association:
    """The invented association stands in for the shipped one."""
    five = load(FIVE)
    use(monkeypatch, five)
    return five


def use(monkeypatch, folder: Association) -> None:
    for module in (commands, loading):
        monkeypatch.setattr(module, "association", lambda: folder)


def add(actor, **fields) -> Organisation:
    return commands.add_organisation(actor=actor, **{"names": NAMES, "kind": "company", **fields})


def faults(call, **fields) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        call(**fields)
    return error.value.message_dict


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_kinds_are_those_of_the_folder():
    assert tuple(OrganisationKind.values) == ORGANISATION_KINDS


def test_the_shipped_folder_gets_into_the_database_with_the_rest_of_it():
    assert loading.load_association()
    folder = association()
    assert Organisation.objects.count() == len(folder.organisations)
    assert ContactRole.objects.count() == sum(len(party.contacts) for party in folder.organisations)
    ienw = Organisation.objects.get(key="ienw")
    assert (ienw.name, ienw.abbreviation) == ("Ministerie van Infrastructuur en Waterstaat", "IenW")
    assert "Programmamanager luchtkwaliteit" in {contact.name for contact in ienw.contacts.all()}
    event = Event.objects.get(verb="organisations.loaded")
    assert event.data == {"changed": Organisation.objects.count() + ContactRole.objects.count()}
    assert not loading.load_association()
    assert verbs().count("organisations.loaded") == 1, "what did not change is not told again"


def test_those_of_another_association(league):
    assert commands.load_organisations() == 4
    ministry = Organisation.objects.get(key="sea-ministry")
    assert (ministry.names["de"], ministry.kind) == ("Ministerium für das Meer", "ministry")
    assert (ministry.website, ministry.edited_at, ministry.retired_at) == ("https://sea.example", None, None)
    assert {c.key: c.email for c in ministry.contacts.all()} == {
        "harbour-desk": "harbours@sea.example",
        "lamp-office": "",
    }


def renamed(folder: Association) -> Association:
    """The same folder in a later version: other names, one party more, one less."""
    ministry, makers = folder.organisations
    desk = replace(ministry.contacts[0], names=Names(en="Desk", de="Tisch"))
    new = replace(makers, key="sail-makers", names=Names(en="Sail makers", de="Segelmacher"))
    ministry = replace(ministry, names=Names(en="Ministry of Oceans", de="Ozeane"), contacts=(desk,))
    return replace(folder, organisations=(ministry, new))


def test_a_later_folder_adds_and_renames_and_deletes_nothing(league, monkeypatch):
    commands.load_organisations()
    use(monkeypatch, renamed(league))
    make_member()  # so that the rest of the folder is not loaded again
    assert not loading.load_association()
    assert set(Organisation.objects.values_list("key", flat=True)) == {
        "rope-makers",
        "sail-makers",
        "sea-ministry",
    }
    ministry = Organisation.objects.get(key="sea-ministry")
    assert ministry.names["en"] == "Ministry of Oceans"
    assert {c.key: c.names["en"] for c in ministry.contacts.all()} == {
        "harbour-desk": "Desk",
        "lamp-office": "Lamp office",
    }
    last = Event.objects.filter(verb="organisations.loaded").order_by("pk").last()
    assert last.data == {"changed": 3}


def test_a_reload_keeps_what_was_changed_here(league, monkeypatch, adviser):
    commands.load_organisations()
    ministry = Organisation.objects.get(key="sea-ministry")
    desk = ministry.contacts.get(key="harbour-desk")
    commands.change_organisation(actor=adviser, organisation=ministry, names={"en": "Sea and Sky"})
    commands.change_contact_role(actor=adviser, contact=desk, email="desk@sea.example")
    commands.retire_organisation(actor=adviser, organisation=Organisation.objects.get(key="rope-makers"))
    mine = add(adviser, names={"en": "Sail makers"})
    assert mine.key == "sail-makers"
    use(monkeypatch, renamed(league))
    assert commands.load_organisations() == 0
    ministry.refresh_from_db()
    desk.refresh_from_db()
    mine.refresh_from_db()
    assert ministry.names == {"en": "Sea and Sky"} and ministry.edited_at
    assert (desk.names["en"], desk.email) == ("Harbour desk", "desk@sea.example")
    assert mine.names == {"en": "Sail makers"}
    assert Organisation.objects.get(key="rope-makers").retired_at


def test_adding_one(adviser):
    made = add(adviser, abbreviation=" BvB ", website="https://bruggen.example")
    assert (made.key, made.abbreviation, made.kind) == ("bond-van-bruggenbouwers", "BvB", "company")
    assert made.names == NAMES and made.edited_at and not made.retired_at
    event = Event.objects.get()
    assert (event.verb, event.subject, event.actor) == (
        "organisation.added",
        f"organisation:{made.pk}",
        adviser.pk,
    )
    assert event.data == {"kind": "company"}
    assert [add(adviser).key, add(adviser).key] == ["bond-van-bruggenbouwers-2", "bond-van-bruggenbouwers-3"]
    assert add(adviser, names={"nl": "桥"}).key == "organisation"
    assert add(adviser, names={"nl": "Ruim  en\nnet\x00je\u202e", "xx": "Weg"}).names == {
        "nl": "Ruim en netje"
    }


def test_one_has_one_key_and_a_contact_is_there_once(adviser):
    made = add(adviser)
    commands.add_contact_role(actor=adviser, organisation=made, names={"nl": "Balie"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(key=made.key, names=NAMES, kind="eu")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactRole.objects.create(organisation=made, key="balie", names={})


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [
        ({"names": {"en": "Bridges"}}, "names", "hoofdtaal"),
        ({"names": {"nl": " \x00 "}}, "names", "hoofdtaal"),
        ({"names": {"nl": "n" * 201}}, "names", "hoogstens 200"),
        ({"names": {"nl": "Bel 06 12345678"}}, "names", "persoonsgegeven"),
        ({"names": {"nl": "Bruggen", "en": "ask@bridges.example"}}, "names", "persoonsgegeven"),
        ({"kind": "club"}, "kind", "wat voor organisatie"),
        ({"abbreviation": "b" * 21}, "abbreviation", "hoogstens 20"),
        ({"abbreviation": "a@bruggen.nl"}, "abbreviation", "persoonsgegeven"),
        ({"website": "bruggen.example"}, "website", "https://"),
        ({"website": "http://bruggen.example"}, "website", "https://"),
        ({"website": "javascript:alert(1)"}, "website", "https://"),
        ({"website": "https://iemand:geheim@bruggen.example"}, "website", "https://"),
        ({"website": f"https://bruggen.example/{'x' * 200}"}, "website", "https://"),
    ],
)
def test_what_is_refused(adviser, fields, at, words):
    found = faults(add, actor=adviser, **fields)
    assert list(found) == [at] and words in found[at][0]
    assert not Organisation.objects.exists() and not Event.objects.exists()


def test_every_fault_is_told_at_once(adviser):
    assert set(faults(add, actor=adviser, names={}, kind="", website="x")) == {"names", "kind", "website"}


def test_changing_one(adviser):
    made = add(adviser, abbreviation="BvB")
    changed = commands.change_organisation(
        actor=adviser, organisation=made, kind="civil_society", abbreviation=""
    )
    assert (changed.kind, changed.abbreviation, changed.names, changed.key) == (
        "civil_society",
        "",
        NAMES,
        made.key,
    )
    event = Event.objects.get(verb="organisation.changed")
    assert event.data == {"fields": ["abbreviation", "kind"]}
    commands.change_organisation(actor=adviser, organisation=made, names=NAMES)
    assert verbs().count("organisation.changed") == 1, "nothing differs, so nothing happened"
    assert "names" in faults(commands.change_organisation, actor=adviser, organisation=made, names={"nl": ""})


def test_a_retired_one_stays_and_takes_no_new_contacts(adviser):
    made = add(adviser)
    for _time in range(2):
        retired = commands.retire_organisation(actor=adviser, organisation=made)
    assert retired.retired_at and verbs() == ["organisation.added", "organisation.retired"]
    with pytest.raises(ValidationError, match="doet niet meer mee"):
        commands.add_contact_role(actor=adviser, organisation=made, names={"nl": "Balie"})


def test_contact_roles_are_functions(adviser):
    made = add(adviser)
    desk = commands.add_contact_role(
        actor=adviser,
        organisation=made,
        names={"nl": "Programmamanager bruggen"},
        email="bruggen@bond.example",
    )
    assert (desk.key, desk.email, desk.organisation) == (
        "programmamanager-bruggen",
        "bruggen@bond.example",
        made,
    )
    again = commands.add_contact_role(
        actor=adviser, organisation=made, names={"nl": "Programmamanager bruggen"}
    )
    assert (again.key, again.email) == ("programmamanager-bruggen-2", "")
    event = Event.objects.get(verb="contact_role.added", data__contact=desk.pk)
    assert (event.subject, event.data) == (f"organisation:{made.pk}", {"contact": desk.pk})
    for email in ("bruggen", f"{'b' * 250}@bond.example", "j.jansen@bond.example", "J.P.jansen@bond.example"):
        call = {"actor": adviser, "organisation": made, "names": {"nl": "Balie"}, "email": email}
        assert list(faults(commands.add_contact_role, **call)) == ["email"]
    assert "names" in faults(
        commands.change_contact_role, actor=adviser, contact=desk, names={"nl": "a@b.nl"}
    )
    changed = commands.change_contact_role(actor=adviser, contact=desk, names={"nl": "Balie"}, email="")
    assert (changed.name, changed.email, changed.key) == ("Balie", "", "programmamanager-bruggen")
    event = Event.objects.get(verb="contact_role.changed")
    assert event.data == {"fields": ["email", "names"], "contact": desk.pk}


def test_only_the_bureau_manages_them(adviser):
    made = add(adviser)
    desk = commands.add_contact_role(actor=adviser, organisation=made, names={"nl": "Balie"})
    before = verbs()
    for actor in (make_person("official", member=make_member()), make_person()):
        for call in (
            lambda actor=actor: add(actor),
            lambda actor=actor: commands.change_organisation(actor=actor, organisation=made, kind="eu"),
            lambda actor=actor: commands.retire_organisation(actor=actor, organisation=made),
            lambda actor=actor: commands.add_contact_role(actor=actor, organisation=made, names=NAMES),
            lambda actor=actor: commands.change_contact_role(actor=actor, contact=desk, email=""),
        ):
            with pytest.raises(PermissionDenied):
                call()
    assert verbs() == before
    add(make_person("administrator"))


@given(names=st.lists(st.text(max_size=80), max_size=8))
def test_keys_are_slugs_of_bearable_length_and_never_twice(names):
    taken: list[str] = []
    for name in names:
        key = commands._free_key({association().languages[0]: name}, taken, "organisation")
        assert 0 < len(key) <= LONGEST_KEY and key.replace("-", "").replace("_", "").isalnum()
        taken.append(key)
    assert len(set(taken)) == len(taken)
