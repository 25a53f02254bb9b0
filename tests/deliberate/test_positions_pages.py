"""The pages of positions, the lobby register and alignment: who sees what, and the ways through them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from omkering.deliberate import waiting_positions
from omkering.deliberate.commands.stances import take_stance
from omkering.deliberate.models import Alignment, Contact, ContactState, Position, PositionState, Stance
from omkering.thread.waiting import Waiting
from omkering.who.standing import standing_of
from tests.deliberate.positions_made import (
    DECIDED,
    MESSAGE,
    OTHER,
    SAID,
    SUMMARY,
    TEXT,
    WHY,
    make_contact,
    make_departure,
    make_organisation,
    make_position,
)
from tests.listen.made import log_in
from tests.people import make_adviser, make_member, make_network, make_person, make_theme

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def network(member):
    return make_network("g40", member)


@pytest.fixture
def secretary(network):
    return make_person("network_secretary", network=network)


@pytest.fixture
def owner():
    return make_adviser()


@pytest.fixture
def position(owner):
    return make_position(actor=owner, owner=owner, title="Vast geld voor energiehulp", readers="public")


def at(name: str, *args) -> str:
    return reverse(f"deliberate:{name}", args=args)


def page(client, address: str, status: int = 200, **query) -> str:
    answer = client.get(address, query)
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.content.decode().split())


def sent(client, address: str, status: int, **data) -> str:
    answer = client.post(address, data)
    errors = re.findall("error-message[^<]*<", answer.content.decode())
    assert answer.status_code == status, (answer.status_code, errors)
    return answer.content.decode()


def waits(person) -> list[Waiting]:
    """What waits for somebody around positions."""
    looks = (
        waiting_positions.stances_to_take,
        waiting_positions.alignments_to_talk,
        waiting_positions.contacts_to_tell,
        waiting_positions.positions_past,
    )
    return [entry for look in looks for entry in look(person, standing_of(person)) if entry.count]


def rows(client, address: str) -> str:
    return b"".join(client.get(address).streaming_content).decode()


# --- who sees what ---------------------------------------------------------------------------------------------
def test_the_public_reads_the_position_and_not_who_stands_how(
    client, member, network, secretary, position, owner
):
    mayor = make_person("mayor", member=member, votes=True)
    take_stance(
        actor=mayor, position=position, party=member, kind="remark", remark="Ook voor kleine bedrijven.",
        red_line="Geen taken zonder geld.",
    )  # fmt: skip
    make_departure(secretary, network, position, readers="public")
    seen = page(client, at("position", position.pk))
    assert position.title in seen and TEXT in seen
    listed = page(client, at("contacts"))
    assert "wijkt af" not in listed
    for words in ("Geen taken zonder geld", "Ook voor kleine bedrijven", WHY, "wijkt af", owner.name):
        assert words not in seen, words
    contact = Contact.objects.get()
    assert WHY not in page(client, at("contact", contact.pk))
    assert "Andere lijnen" not in rows(client, at("export_positions", "csv"))
    for name in ("voice", "differences"):
        assert client.get(at(name)).status_code == 302
    log_in(client, mayor)
    seen = page(client, at("position", position.pk))
    for words in ("Geen taken zonder geld", "Ook voor kleine bedrijven", owner.name):
        assert words in seen, words
    assert WHY in page(client, at("contact", contact.pk))
    assert contact.title in page(client, at("differences"))
    assert "Andere lijnen" in rows(client, at("export_positions", "csv"))


def test_what_is_sensitive_is_not_there_for_others(client, member, network, secretary, position, owner):
    hidden = make_position(actor=owner, readers="involved", title="Onze inzet in het overleg")
    alignment = make_departure(secretary, network, position, readers="involved", title="Besloten gesprek")
    contact = alignment.relation.contact
    paths = [at("position", hidden.pk), at("contact", contact.pk), at("alignment", alignment.pk)]
    lists = [at("positions"), at("contacts"), at("position", position.pk)]
    mayor = make_person("mayor", member=member)
    for person in (None, mayor):
        if person:
            log_in(client, person)
        for path in paths:
            expected = 404 if person or "afstemming" not in path else 302
            assert client.get(path).status_code == expected, path
        for path in lists:
            found = page(client, path)
            assert hidden.title not in found and contact.title not in found
        for export in ("export_positions", "export_contacts"):
            assert "Onze inzet" not in rows(client, at(export, "csv"))
            assert "Besloten gesprek" not in rows(client, at(export, "csv"))
        found = client.get(reverse("web:search"), {"q": "Besloten gesprek"}).content.decode()
        assert f"/lobby/{contact.pk}/" not in found
        # that it exists an insider may know, and nobody else
        told = "gevoelig" in page(client, at("position", position.pk))
        assert told == bool(person)
    assert "gevoelig" in page(client, at("differences"))
    assert contact.title not in page(client, at("differences"))
    log_in(client, secretary)
    assert page(client, at("contact", contact.pk)) and page(client, at("alignment", alignment.pk))
    assert client.get(at("position", hidden.pk)).status_code == 404


# --- the way of a position -------------------------------------------------------------------------------------
def fields(**other):
    return {
        "title": "Meer tijd voor vergunningen",
        "summary": SUMMARY,
        "text": TEXT,
        "theme": make_theme().pk,
        "addressees": [make_organisation().pk],
        "source": "board",
        "source_note": "Bestuur van 5 juni 2024",
        "taken_on": DECIDED.isoformat(),
        **other,
    }


def test_the_bureau_writes_a_position_down_and_says_that_it_holds(client, owner):
    log_in(client, owner)
    sent(client, at("add_position"), 422, **fields(text="kort"))
    assert "Geef aan waar het besluit staat" in sent(
        client, at("add_position"), 422, **fields(source_note="")
    )
    sent(client, at("add_position"), 302, **fields())
    made = Position.objects.get()
    assert made.state == PositionState.DRAFT
    assert made.title in page(client, at("positions"), state="draft")
    assert made.title not in page(client, at("positions"))
    sent(client, at("take_position", made.pk), 302, readers="members")
    assert made.title in page(client, at("positions"))
    assert made.title in page(
        client, at("positions"), theme=make_theme().key, organisation="ezk", source="board"
    )
    assert made.title not in page(client, at("positions"), source="assembly")


def test_two_advisers_see_what_the_other_wrote(client, owner, position):
    log_in(client, owner)
    given = fields(title="Een andere titel", version=position.version, readers="public")
    sent(client, at("edit_position", position.pk), 302, **given)
    answer = sent(client, at("edit_position", position.pk), 422, **{**given, "title": "Nog een andere titel"})
    assert "Een andere titel" in answer and "Nog een andere titel" in answer
    assert f'name="version" value="{position.version + 1}"' in answer
    position.refresh_from_db()
    assert position.title == "Een andere titel"
    again = {**given, "title": "Nog een andere titel", "version": position.version}
    sent(client, at("edit_position", position.pk), 302, **again)
    position.refresh_from_db()
    assert position.title == "Nog een andere titel"


def test_who_holds_the_mandate_says_how_the_member_stands(client, member, position):
    address = at("stance", position.pk, member.code)
    log_in(client, make_person("mayor", member=member))
    assert client.get(address).status_code == client.post(address, {"kind": "carries"}).status_code == 403
    mayor = make_person("mayor", member=member, votes=True)
    log_in(client, mayor)
    assert any(entry.count == 1 and "silent" in entry.url for entry in waits(mayor))
    assert position.title in page(client, at("positions"), silent=member.code)
    assert "Geef aan welke andere lijn" in sent(client, address, 422, kind="other")
    sent(client, address, 302, kind="other", remark="Wij willen een lagere belasting.", differs="on")
    assert Stance.objects.get().differs
    assert "Wij willen een lagere belasting." in page(client, address)  # it stands there to change
    assert position.title not in page(client, at("positions"), silent=member.code)
    assert position.title in page(client, at("differences"))
    assert not any("silent" in entry.url for entry in waits(mayor))


def test_a_position_past_its_last_day_waits_for_its_owner(owner):
    assert not waits(owner)
    make_position(actor=owner, owner=owner, ends_on=TODAY - timedelta(days=1))
    make_position(actor=owner, owner=owner, ends_on=TODAY)
    (entry,) = waits(owner)
    assert entry.count == 1 and entry.late


# --- the way of a contact --------------------------------------------------------------------------------------
def steps(network, **other):
    return {
        "party": f"network-{network.pk}",
        "organisation": make_organisation().pk,
        "with_function": "Beleidsadviseur",
        "on": (TODAY + timedelta(days=2)).isoformat(),
        "title": "Brief over de energierekening",
        "message": OTHER,
        "readers": "members",
        **other,
    }


def test_a_contact_in_three_steps_to_an_open_difference(client, network, secretary, position, owner):
    log_in(client, secretary)
    address = at("record_contact")
    all_fields = steps(network)
    first = {name: all_fields[name] for name in ("party", "organisation", "with_function", "on")}
    assert "Op welke dag" in page(client, address)
    sent(client, address, 422, step="1", **{**first, "organisation": ""})
    second = sent(client, address, 200, step="1", **first)
    assert 'name="message"' in second and f'value="network-{network.pk}"' in second
    third = sent(client, address, 200, step="2", **all_fields)
    assert position.title in third and f'name="relation_{position.pk}"' in third
    assert not Contact.objects.exists()
    refused = sent(client, address, 422, step="3", **all_fields)
    assert "Geef aan hoe uw boodschap zich verhoudt" in refused
    relation = {f"relation_{position.pk}": "departs", f"note_{position.pk}": ""}
    refused = sent(client, address, 422, step="3", **all_fields, **relation)
    assert "Geef aan waarin uw boodschap afwijkt" in refused
    assert "Beleidsadviseur" in refused and OTHER in refused  # nothing that was typed is lost
    sent(client, address, 302, step="3", **all_fields, **{**relation, f"note_{position.pk}": WHY})
    contact, alignment = Contact.objects.get(), Alignment.objects.get()
    assert contact.network == network and alignment.relation.contact == contact

    seen = page(client, at("alignment", alignment.pk))
    assert WHY in seen and at("log_talk", alignment.pk) in seen
    log_in(client, owner)
    assert any(entry.url == at("differences") for entry in waits(owner))
    sent(client, at("log_talk", alignment.pk), 302, on=TODAY.isoformat(), said=SAID)
    form = page(client, at("end_alignment", alignment.pk))
    assert 'value="aligned"' not in form and 'value="apart"' in form  # only who speaks changes the message
    sent(client, at("end_alignment", alignment.pk), 302, version="2", outcome="apart", reason=WHY, text="")
    listed = page(client, at("differences"))
    assert contact.title in listed and "Een open verschil" in listed and "Ministerie ezk" in listed
    assert SAID in page(client, at("alignment", alignment.pk))
    assert "Niet één stem" in page(client, at("voice"))


def test_going_back_and_looking_for_a_position_keeps_what_was_filled_in(
    client, network, secretary, owner, position
):
    far = make_position(
        actor=owner,
        title="Meer tijd voor bouwvergunningen",
        summary="Gemeenten krijgen twintig weken voor een vergunning om te bouwen.",
        text="Een vergunning om te bouwen vraagt meer tijd dan acht weken.",
    )
    log_in(client, secretary)
    all_fields = steps(network, message=MESSAGE)
    chosen = {f"relation_{position.pk}": "carries", f"note_{position.pk}": ""}
    third = sent(client, at("record_contact"), 200, step="2", **all_fields)
    assert f"relation_{far.pk}" not in third
    third = sent(
        client, at("record_contact"), 200, step="3", go="find", words="bouwvergunning", **all_fields, **chosen
    )
    assert f"relation_{far.pk}" in third
    assert re.search(rf'name="relation_{position.pk}" value="carries"[^>]*checked', third)
    back = sent(client, at("record_contact"), 200, step="3", go="back", **all_fields, **chosen)
    assert MESSAGE in back and f'name="relation_{position.pk}" value="carries"' in back
    sent(
        client,
        at("record_contact"),
        302,
        step="3",
        **all_fields,
        **chosen,
        **{f"relation_{far.pk}": "adds", f"note_{far.pk}": "Ook dit."},
    )
    contact = Contact.objects.get()
    assert {row.position_id: row.kind for row in contact.relations.all()} == {
        position.pk: "carries",
        far.pk: "adds",
    }


def test_who_speaks_for_nobody_records_nothing(client, member):
    log_in(client, make_person("committee_member"))
    assert client.get(at("record_contact")).status_code == 403
    log_in(client, make_person("official", member=member))
    given = steps(make_network("m50"))
    assert "party" in sent(client, at("record_contact"), 422, step="1", **given)
    assert not Contact.objects.exists()


def test_what_came_of_it_waits_until_it_is_told(client, network, secretary, position):
    contact = make_contact(secretary, network, position=position, on=TODAY - timedelta(days=1))
    assert any(entry.late and "mine=on" in entry.url for entry in waits(secretary))
    log_in(client, secretary)
    assert contact.title in page(client, at("contacts"), mine="on", state="planned")
    sent(
        client, at("hold_contact", contact.pk), 302, on=TODAY.isoformat(), outcome="Er komt een brief in mei."
    )
    contact.refresh_from_db()
    assert contact.state == ContactState.HELD
    assert not any(entry.late and "mine=on" in entry.url for entry in waits(secretary))
    assert "Er komt een brief in mei." in rows(client, at("export_contacts", "csv"))


def test_changing_a_contact_shows_what_a_colleague_wrote(client, network, secretary, position):
    contact = make_contact(secretary, network, position=position)
    colleague = make_person("network_secretary", network=network)
    log_in(client, colleague)
    given = {
        **steps(network, message=f"{MESSAGE} En snel."),
        "version": contact.version,
        f"relation_{position.pk}": "adds",
        f"note_{position.pk}": "En snel ook.",
    }
    sent(client, at("edit_contact", contact.pk), 302, **given)
    log_in(client, secretary)
    answer = sent(
        client, at("edit_contact", contact.pk), 422, **{**given, "message": f"{MESSAGE} Met geduld."}
    )
    assert "En snel." in answer and "Met geduld." in answer and colleague.name in answer
    contact.refresh_from_db()
    assert contact.message.endswith("En snel.")


def test_looking_for_a_position_while_changing_keeps_what_was_typed(
    client, network, secretary, owner, position
):
    contact = make_contact(secretary, network, position=position)
    far = make_position(
        actor=owner,
        title="Meer tijd voor bouwvergunningen",
        summary="Gemeenten krijgen twintig weken voor een vergunning om te bouwen.",
        text="Een vergunning om te bouwen vraagt meer tijd dan acht weken.",
    )
    log_in(client, secretary)
    given = {**steps(network, message=f"{MESSAGE} En snel."), "version": contact.version}
    given |= {f"relation_{position.pk}": "adds", f"note_{position.pk}": "En snel ook."}
    found = sent(client, at("edit_contact", contact.pk), 200, go="find", words="bouwvergunning", **given)
    assert "En snel." in found and "En snel ook." in found and f"relation_{far.pk}" in found
    assert re.search(rf'name="relation_{position.pk}" value="adds"[^>]*checked', found)
    contact.refresh_from_db()
    assert contact.message == MESSAGE


# --- one voice -------------------------------------------------------------------------------------------------
def test_one_voice_shows_table_picture_and_map(client, member, network, secretary, position):
    mayor = make_person("mayor", member=member, votes=True)
    take_stance(actor=mayor, position=position, party=member, kind="carries")
    take_stance(actor=secretary, position=position, party=network, kind="carries")
    log_in(client, mayor)
    seen = page(client, at("voice"), position=position.pk)
    assert "Eén stem" in seen and "1 van 1" in seen and "100" in seen
    assert f"Hoe leden tegenover “{position.title}” staan" in seen.replace("&#x27;", "'")
    assert "Op deze dag gold er geen standpunt" in page(client, at("voice"), on="2022-06-01")
    taken = rows(client, at("export_voice", "csv"))
    assert position.title in taken and "Eén stem" in taken
    assert client.get(at("export_voice", "xlsx")).status_code == 404
