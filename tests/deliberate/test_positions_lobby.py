"""The lobby register and alignment: what an author must say, where a message departs, and how talks end."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from omkering.deliberate.commands.alignments import end_alignment, log_talk
from omkering.deliberate.commands.contacts import cancel_contact, edit_contact, hold_contact, record_contact
from omkering.deliberate.commands.positions import edit_position
from omkering.deliberate.models import (
    Alignment,
    AlignmentState,
    Contact,
    ContactState,
    Position,
    Relation,
    RelationKind,
    Talk,
)
from omkering.deliberate.queries.alignments import (
    differences_of,
    hidden_differences,
    other_lines,
    readable_alignments,
    standing_differences,
)
from omkering.deliberate.queries.positions import position_page
from omkering.deliberate.queries.related_positions import related_positions
from omkering.deliberate.queries.voice import Voice
from omkering.deliberate.voice import Verdict
from omkering.journal.models import Event
from omkering.thread.models import Item, Link, Notice, Visibility
from omkering.thread.queries import in_words, notices_of
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
    say,
)
from tests.people import make_adviser, make_member, make_network, make_person, make_theme

pytestmark = pytest.mark.django_db
OUTCOME = "Het ministerie komt in september met een brief hierover."
AGREED = "Gemeenten vragen vast geld van het rijk voor hulp bij de energierekening van gezinnen."
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
    return make_position(actor=owner, owner=owner, title="Vast geld voor energiehulp")


def reads(person, item) -> bool:
    return Item.objects.visible_to(standing_of(person), person.pk).filter(pk=item.pk).exists()


def told(milestone: str) -> set[int]:
    return set(Notice.objects.filter(milestone=milestone).values_list("person_id", flat=True))


# --- what must be said -----------------------------------------------------------------------------------------
def test_positions_are_found_by_meaning_and_words_and_only_those_one_may_read(owner, secretary, position):
    make_position(
        actor=owner,
        title="Meer tijd voor bouwvergunningen",
        summary="Gemeenten krijgen twintig weken voor een vergunning om te bouwen.",
        text="Een vergunning om te bouwen vraagt meer tijd dan acht weken.",
    )
    hidden = make_position(actor=owner, title="Vast geld voor energiehulp, geheim", readers="involved")
    draft = make_position(actor=owner, title="Vast geld voor energiehulp, concept", readers="")
    found = [entry.position.pk for entry in related_positions(MESSAGE, secretary)]
    assert found[0] == position.pk and hidden.pk not in found and draft.pk not in found
    assert hidden.pk in [entry.position.pk for entry in related_positions(MESSAGE, owner)]
    assert related_positions("", secretary) == []


def test_a_position_that_a_message_names_in_passing_is_found(owner, secretary):
    named = make_position(
        actor=owner,
        title="Veilige fietsroutes tussen dorpen",
        summary="Het rijk betaalt veilige fietsroutes tussen dorpen.",
        text="Dorpen liggen te ver uit elkaar zonder veilige fietsroute. Het rijk betaalt die.",
    )
    make_position(actor=owner, title="Vast geld voor energiehulp")
    text = (
        "Eerst geld voor bussen. Wij vragen het ministerie eerst geld voor bussen, en pas later geld voor "
        "fietsroutes tussen dorpen."
    )
    assert [entry.position for entry in related_positions(text, secretary)] == [named]


def test_a_contact_is_not_saved_before_each_position_is_answered_for(network, secretary, position):
    given = {
        "actor": secretary,
        "party": network,
        "organisation": make_organisation(),
        "on": TODAY,
        "title": "Gesprek over energie",
        "message": MESSAGE,
    }
    key = f"relation_{position.pk}"
    for said, field in (
        ({}, key),
        ({position.pk: ("maybe", "")}, key),
        ({position.pk: ("departs", "")}, f"note_{position.pk}"),
        ({position.pk: ("carries", "Bel 06-12345678")}, f"note_{position.pk}"),
        ({position.pk: ("carries", ""), 987654: ("carries", "")}, "relations"),
    ):
        with pytest.raises(ValidationError) as error:
            record_contact(**given, said=said)
        assert list(error.value.message_dict) == [field], said
    assert not Contact.objects.exists()
    made = record_contact(**given, said={position.pk: ("carries", "")})
    assert record_contact(**given, said={position.pk: ("carries", "")}) == made  # a double click
    assert (made.state, made.network, made.author) == (ContactState.PLANNED, network, secretary)
    assert Relation.objects.get(contact=made).kind == RelationKind.CARRIES
    assert Link.objects.get(downstream=made, upstream=position).kind == "follows_from"
    event = Event.objects.get(verb="contact.recorded")
    assert event.on_behalf_of == "network:g40" and event.data["came"] == [position.pk]
    assert not Alignment.objects.exists()


def test_who_may_speak_for_whom(member, network, secretary, owner):
    official = make_person("official", member=member)
    for person, party in ((official, member), (secretary, network), (owner, None)):
        assert make_contact(person, party).author == person
    for person, party in (
        (official, make_member()),
        (official, network),
        (official, None),
        (secretary, member),
        (secretary, None),
        (owner, member),
        (owner, network),
        (make_person("committee_member"), None),
        (make_person(), member),
    ):
        with pytest.raises(PermissionDenied):
            make_contact(person, party)
    contact = Contact.objects.get(network=network)
    for person in (official, owner, make_person("network_secretary", network=make_network("m50"))):
        with pytest.raises(PermissionDenied):
            hold_contact(actor=person, contact=contact, on=TODAY, outcome=OUTCOME)


def test_what_came_of_it_reaches_those_behind_the_position(network, secretary, position, owner):
    contact = make_contact(secretary, network, position=position)
    with pytest.raises(ValidationError) as error:
        hold_contact(actor=secretary, contact=contact, on=TODAY + timedelta(days=1), outcome=OUTCOME)
    assert list(error.value.message_dict) == ["on"]
    held = hold_contact(actor=secretary, contact=contact, on=TODAY, outcome=OUTCOME)
    assert hold_contact(actor=secretary, contact=contact, on=TODAY, outcome=OUTCOME).version == held.version
    assert (held.state, held.outcome) == (ContactState.HELD, OUTCOME)
    notice = Notice.objects.get(milestone="contact.held", person=owner)  # the author of the position
    assert position.title in in_words(notice).text and contact.title in in_words(notice).text
    with pytest.raises(ValidationError):
        cancel_contact(actor=secretary, contact=contact, reason="Dit gaat toch niet door.")


def test_what_does_not_take_place_stays_with_the_reason(network, secretary):
    contact = make_contact(secretary, network)
    cancelled = cancel_contact(actor=secretary, contact=contact, reason="De minister is verhinderd.")
    assert (cancelled.state, cancelled.outcome) == (ContactState.CANCELLED, "De minister is verhinderd.")
    with pytest.raises(ValidationError):
        hold_contact(actor=secretary, contact=contact, on=TODAY, outcome=OUTCOME)
    assert Contact.objects.count() == 1


def edited(actor, contact, **other):
    given = {
        "organisation": contact.organisation,
        "on": contact.on,
        "title": contact.title,
        "message": contact.message,
        "version": contact.version,
        **other,
    }
    given.setdefault("said", say(actor, given["title"], given["message"]))
    return edit_contact(actor=actor, contact=contact, **given)


def test_a_changed_message_is_looked_at_again_and_nobody_overwrites_unseen(network, secretary, position):
    title = "Kennismaking"
    contact = make_contact(
        secretary, network, title=title, message="Wij stellen ons voor aan de nieuwe minister."
    )
    assert not contact.relations.exists()
    with pytest.raises(ValidationError) as error:
        edited(secretary, contact, message=MESSAGE, said={})
    assert list(error.value.message_dict) == [f"relation_{position.pk}"]
    changed = edited(
        secretary, contact, message=MESSAGE, said={position.pk: ("adds", "Ook voor kleine bedrijven.")}
    )
    assert changed.relations.get().kind == RelationKind.ADDS
    with pytest.raises(ValidationError) as error:
        edited(secretary, contact, message=MESSAGE)
    assert error.value.error_list[0].code == "changed" and secretary.name in error.value.messages[0]
    again = edited(secretary, changed, said={position.pk: ("carries", "")})
    assert [row.kind for row in again.relations.filter(ended_at__isnull=True)] == ["carries"]
    assert again.relations.count() == 2  # what was said before stays
    loose = edited(secretary, again, said={position.pk: ("none", "")})
    assert not loose.relations.filter(ended_at__isnull=True).exists()
    assert not Link.objects.filter(downstream=loose, ended_at__isnull=True).exists()


# --- a departure -----------------------------------------------------------------------------------------------
def test_a_departure_starts_the_alignment_and_tells_both_sides(member, network, secretary, position, owner):
    colleague = make_person("network_secretary", network=network)
    other = make_adviser()
    outsider = make_person("network_secretary", network=make_network("m50"))
    alignment = make_departure(secretary, network, position)
    assert alignment.state == AlignmentState.OPEN and alignment.visibility == Visibility.MEMBERS
    assert told("alignment.started") >= {colleague.pk, owner.pk, other.pk}
    assert not told("alignment.started") & {secretary.pk, outsider.pk}
    words = in_words(Notice.objects.get(milestone="alignment.started", person=owner)).text
    assert position.title in words and alignment.title in words and "G40" in words
    # a departure does not follow from the position
    assert not Link.objects.filter(upstream=position, ended_at__isnull=True).exists()
    # and it is settled in the alignment, not by changing one's word
    contact = alignment.relation.contact
    with pytest.raises(ValidationError) as error:
        edited(secretary, contact, said={position.pk: ("carries", "")})
    assert list(error.value.message_dict) == [f"relation_{position.pk}"]
    assert Event.objects.get(verb="alignment.started").data["position"] == position.pk


def test_talks_are_logged_for_the_side_that_talks(network, secretary, position, owner):
    alignment = make_departure(secretary, network, position)
    first = log_talk(actor=secretary, alignment=alignment, on=TODAY, said=SAID)
    assert log_talk(actor=secretary, alignment=alignment, on=TODAY, said=SAID) == first
    second = log_talk(actor=owner, alignment=alignment, on=TODAY, said="Wij kijken nog eens naar de cijfers.")
    assert (first.network, second.network, second.member) == (network, None, None)
    assert owner.pk in told("alignment.talked") and secretary.pk in told("alignment.talked")
    with pytest.raises(ValidationError):
        log_talk(actor=owner, alignment=alignment, on=TODAY + timedelta(days=1), said=SAID)
    for person in (make_person("mayor", member=make_member()), make_person("committee_member")):
        with pytest.raises(PermissionDenied):
            log_talk(actor=person, alignment=alignment, on=TODAY, said=SAID)
    assert Talk.objects.count() == 2


def ended(actor, alignment, outcome, **other):
    alignment = Alignment.objects.get(pk=alignment.pk)
    given = {"text": AGREED, "reason": WHY, "version": alignment.version, **other}
    return end_alignment(actor=actor, alignment=alignment, outcome=outcome, **given)


def test_aligned_a_planned_contact_says_the_agreed_text(network, secretary, position, owner):
    alignment = make_departure(secretary, network, position)
    with pytest.raises(PermissionDenied):  # nobody else says that a network changes its message
        ended(owner, alignment, "aligned")
    done = ended(secretary, alignment, "aligned")
    assert (done.state, done.text) == (AlignmentState.ALIGNED, AGREED) and done.ended_at is not None
    contact = Contact.objects.get(pk=alignment.relation.contact_id)
    assert contact.message == AGREED
    live = contact.relations.get(ended_at__isnull=True)
    assert (live.kind, live.position_id) == ("carries", position.pk)
    assert contact.relations.count() == 2  # that it departed stays known
    assert Link.objects.filter(upstream=position, downstream=contact, ended_at__isnull=True).exists()
    assert owner.pk in told("alignment.ended")
    for deed in (
        lambda: ended(secretary, alignment, "apart", text=""),
        lambda: log_talk(actor=owner, alignment=alignment, on=TODAY, said=SAID),
    ):
        with pytest.raises(ValidationError):
            deed()


def test_what_was_said_already_stays_as_it_was_said(network, secretary, position):
    alignment = make_departure(secretary, network, position)
    hold_contact(actor=secretary, contact=alignment.relation.contact, on=TODAY, outcome=OUTCOME)
    ended(secretary, alignment, "aligned")
    contact = Contact.objects.get(pk=alignment.relation.contact_id)
    assert contact.message == OTHER
    assert contact.relations.get(ended_at__isnull=True).kind == "departs"
    assert not standing_differences(Alignment.objects.all()).exists()  # but it is settled


def test_an_open_difference_has_reasons_and_may_still_be_settled(network, secretary, position, owner):
    alignment = make_departure(secretary, network, position)
    for values, field in (
        ({"outcome": "won"}, "outcome"),
        ({"outcome": "open"}, "outcome"),
        ({"outcome": "apart", "reason": "Nee"}, "reason"),
        ({"outcome": "joint", "text": ""}, "text"),
    ):
        with pytest.raises(ValidationError) as error:
            ended(owner, alignment, **values)
        assert list(error.value.message_dict) == [field]
    apart = ended(owner, alignment, "apart")
    assert (apart.state, apart.text, apart.reason) == (AlignmentState.APART, "", WHY)
    assert ended(owner, alignment, "apart").version == apart.version  # a double click
    with pytest.raises(ValidationError) as error:
        ended(secretary, alignment, "joint", version=apart.version - 1)
    assert error.value.error_list[0].code == "changed"
    assert ended(owner, alignment, "joint").state == AlignmentState.JOINT
    contact = Contact.objects.get(pk=alignment.relation.contact_id)
    assert contact.relations.get(ended_at__isnull=True).kind == "adds"


# --- what the state could play off -----------------------------------------------------------------------------
def test_differences_stand_with_what_the_other_party_hears(network, secretary, position, owner, member):
    alignment = make_departure(secretary, network, position)
    carried = make_contact(owner, None, position=position)
    elsewhere = make_contact(
        owner, None, position=position, title="Elders", organisation=make_organisation("vws")
    )
    for contact in (carried, elsewhere):
        hold_contact(actor=owner, contact=contact, on=TODAY, outcome=OUTCOME)
    mayor = make_person("mayor", member=member)
    (line,) = differences_of(standing_differences(readable_alignments(mayor)), mayor)
    assert (line.position, line.heard) == (position, 1)
    cancel_contact(actor=secretary, contact=alignment.relation.contact, reason="Dit gaat niet door.")
    assert not standing_differences(readable_alignments(mayor)).exists()


def test_other_lines_are_told_oldest_first(owner, position):
    from omkering.deliberate.commands.stances import take_stance

    other = make_position(actor=owner)
    for about in (other, position):
        party = make_member()
        mayor = make_person("mayor", member=party, votes=True)
        take_stance(
            actor=mayor, position=about, party=party, kind="other", remark="Wij willen minder belasting."
        )
    lines, count = other_lines(owner)
    assert [line.position for line in lines] == [other, position] and count == 2
    assert (lines[0].members, lines[0].networks) == (1, 0)
    assert other_lines(make_person())[1] == 0  # a visitor reads neither


def test_a_departure_breaks_the_one_voice_and_settling_mends_it(network, secretary, position, owner, member):
    from omkering.deliberate.commands.stances import take_stance

    mayor = make_person("mayor", member=member, votes=True)
    take_stance(actor=mayor, position=position, party=member, kind="carries")
    (row,) = Voice(owner, TODAY).measured
    assert row.measure.verdict is Verdict.ONE and row.measure.carried == 1
    alignment = make_departure(secretary, network, position)
    assert Voice(owner, TODAY).measured[0].measure.verdict is Verdict.APART
    ended(secretary, alignment, "aligned")
    assert Voice(owner, TODAY).measured[0].measure.verdict is Verdict.ONE
    assert Voice(owner, DECIDED - timedelta(days=1)).measured == []  # before it was taken
    before = Voice(owner, TODAY - timedelta(days=1)).measured[0].measure  # before the member said so
    assert before.carried == 0
    assert Voice(owner, TODAY).of_members(position) == {member.pk: "carries"}


# --- what is sensitive -----------------------------------------------------------------------------------------
def test_a_sensitive_contact_and_its_alignment_are_for_those_involved(
    member, network, secretary, position, owner
):
    colleague = make_person("network_secretary", network=network)
    alignment = make_departure(secretary, network, position, readers="involved")
    contact = alignment.relation.contact
    for item in (contact, alignment):
        for person in (secretary, colleague, owner):
            assert reads(person, item)
        for person in (
            make_person("mayor", member=member),
            make_person("network_secretary", network=make_network(f"n{item.pk}", member)),
            make_person("committee_member"),
            make_person(),
        ):
            assert not reads(person, item)
    assert not Link.objects.filter(downstream__in=[contact, alignment]).exists()
    assert [notice.item_id for notice in notices_of(colleague)] == [alignment.pk]
    mayor = make_person("mayor", member=member)
    assert hidden_differences(mayor) == 1 and hidden_differences(owner) == 0
    assert hidden_differences(make_person()) == 0  # who is no insider does not hear that it exists
    hold_contact(actor=secretary, contact=contact, on=TODAY, outcome=OUTCOME)
    assert owner.pk not in told("contact.held")


def test_a_members_own_people_read_its_sensitive_contact(member):
    official = make_person("official", member=member)
    contact = make_contact(official, member, readers="involved")
    assert reads(make_person("mayor", member=member), contact)
    assert not reads(make_person("mayor", member=make_member()), contact)


def test_a_network_alone_is_a_choice_for_a_network(network, secretary, member):
    contact = make_contact(secretary, network, readers="network")
    assert reads(make_person("mayor", member=member), contact)
    assert not reads(make_person("mayor", member=make_member()), contact)
    with pytest.raises(ValidationError) as error:
        make_contact(make_person("official", member=member), member, readers="network")
    assert list(error.value.message_dict) == ["readers"]


def test_readers_of_an_alignment_follow_both_sides(network, secretary, position, owner, member):
    alignment = make_departure(secretary, network, position)
    mayor = make_person("mayor", member=member)
    assert reads(mayor, alignment)
    closed = edit_position(
        actor=owner,
        position=position,
        version=position.version,
        title=position.title,
        summary=SUMMARY,
        text=TEXT,
        theme=make_theme(),
        addressees=[make_organisation()],
        source="board",
        source_note="Bestuur van 5 juni 2024",
        taken_on=DECIDED,
        owner=owner,
        readers="involved",
    )
    assert not reads(mayor, alignment) and reads(secretary, alignment) and reads(owner, alignment)
    assert not reads(secretary, Item.objects.get(pk=closed.pk))
    assert Position.objects.get(pk=position.pk).sensitive


def test_the_page_of_a_position_tells_who_spoke_and_counts_what_one_may_not_read(
    network, secretary, position, owner, member
):
    held = make_contact(owner, None, position=position)
    alignment = make_departure(secretary, network, position, readers="involved")
    mayor, silent = make_person("mayor", member=member), make_position(actor=owner)
    seen = position_page(position, mayor)
    assert ([row.contact for row in seen.contacts], seen.hidden, seen.alignments) == ([held], 1, [])
    involved = position_page(position, secretary)
    assert {row.contact for row in involved.contacts} == {held, alignment.relation.contact}
    assert (involved.hidden, involved.alignments) == (0, [alignment])
    visitor = position_page(position, make_person())
    assert (visitor.hidden, visitor.alignments) == (0, [])
    for page in (position_page(silent, reader) for reader in (mayor, secretary, make_person())):
        assert (page.contacts, page.hidden, page.alignments) == ([], 0, [])
