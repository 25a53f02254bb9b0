"""Positions and stances: taking, changing and ending a position, and saying how one stands to it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from omkering.deliberate.commands.positions import add_position, edit_position, end_position, take_position
from omkering.deliberate.commands.stances import take_stance
from omkering.deliberate.models import Position, PositionState, Stance
from omkering.journal.models import Event
from omkering.thread.commands import follow
from omkering.thread.models import Item, Link, Notice, Visibility
from omkering.thread.queries import in_words
from omkering.who.standing import standing_of
from tests.deliberate.positions_made import DECIDED, SUMMARY, TEXT, make_organisation, make_position
from tests.listen.made import make_signal
from tests.people import make_adviser, make_member, make_network, make_person, make_theme

pytestmark = pytest.mark.django_db
REASON = "De wet is gewijzigd, dus dit is geregeld."


@pytest.fixture
def adviser():
    return make_adviser()


def fields(**other):
    return {
        "title": "Vast geld voor energiehulp",
        "summary": SUMMARY,
        "text": TEXT,
        "theme": make_theme(),
        "addressees": [make_organisation()],
        "source": "board",
        "source_note": "Bestuur van 5 juni 2024",
        "taken_on": DECIDED,
        **other,
    }


def seen_by(person, position) -> bool:
    return Position.objects.visible_to(standing_of(person), person.pk).filter(pk=position.pk).exists()


def test_a_draft_is_for_the_bureau_and_holds_once_it_is_taken(adviser):
    signal = Item.objects.get(pk=make_signal().pk)
    position = make_position(actor=adviser, readers="", source_item=signal, source_note="")
    mayor = make_person("mayor", member=make_member())
    assert position.state == PositionState.DRAFT and not seen_by(mayor, position)
    assert not Link.objects.filter(downstream=position).exists()  # the thread does not show that it exists
    member = make_member()
    with pytest.raises(ValidationError):
        take_stance(actor=mayor_of(member), position=position, party=member, kind="carries")
    taken = take_position(actor=adviser, position=position, readers="public")
    again = take_position(actor=adviser, position=position, readers="members")
    assert (taken.state, again.version, taken.visibility) == (PositionState.ACTIVE, taken.version, "public")
    assert seen_by(mayor, position)
    assert Link.objects.get(downstream=position).upstream_id == signal.pk
    notice = Notice.objects.get(milestone="position.taken", person=signal.author)
    assert position.title in in_words(notice).text and signal.title in in_words(notice).text
    assert Event.objects.filter(verb="position.taken").count() == 1


def mayor_of(member):
    return make_person("mayor", member=member, votes=True)


def test_the_same_click_twice_is_one_position(adviser):
    given = fields()
    assert add_position(actor=adviser, **given) == add_position(actor=adviser, **given)
    assert Position.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "x"}, "title"),
        ({"text": "Bel 06-12345678 voor meer, dat is beter."}, "text"),
        ({"theme": None}, "theme"),
        ({"addressees": []}, "addressees"),
        ({"source": "king"}, "source"),
        ({"source_note": ""}, "source_note"),
        ({"taken_on": date(2999, 1, 1)}, "taken_on"),
        ({"ends_on": DECIDED - timedelta(days=1)}, "ends_on"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(adviser, values, field):
    with pytest.raises(ValidationError) as error:
        add_position(actor=adviser, **fields(**values))
    assert list(error.value.message_dict) == [field]
    assert not Position.objects.exists()


def test_a_retired_party_and_an_owner_from_elsewhere_are_refused(adviser):
    gone = make_organisation("gone")
    gone.retired_at = timezone.now()
    gone.save()
    with pytest.raises(ValidationError) as error:
        add_position(actor=adviser, **fields(addressees=[gone]))
    assert "addressees" in error.value.message_dict
    with pytest.raises(ValidationError) as error:
        add_position(actor=adviser, **fields(owner=make_person("mayor", member=make_member())))
    assert "owner" in error.value.message_dict


def test_only_the_bureau_keeps_positions():
    position = make_position()
    for person in (make_person(), make_person("network_secretary", network=make_network("n1"))):
        for deed in (
            lambda who=person: add_position(actor=who, **fields()),
            lambda who=person: take_position(actor=who, position=position, readers="public"),
            lambda who=person: edit_position(actor=who, position=position, version=2, **fields()),
            lambda who=person: end_position(
                actor=who, position=position, version=2, ends_on=DECIDED, reason=REASON
            ),
        ):
            with pytest.raises(PermissionDenied):
                deed()


def test_changing_moves_the_addressees_and_never_overwrites_unseen(adviser):
    position = make_position(actor=adviser, addressees=[make_organisation(), make_organisation("bzk")])
    follower = make_person("clerk", member=make_member())
    follow(person=follower, item=Item.objects.get(pk=position.pk))
    other = make_organisation("vws")
    changed = edit_position(
        actor=adviser,
        position=position,
        version=position.version,
        **fields(title="Geld voor energiehulp", addressees=[make_organisation(), other]),
    )
    live = changed.addressees.filter(ended_at__isnull=True)
    assert {row.organisation.key for row in live} == {"ezk", "vws"}
    assert changed.addressees.count() == 3  # the one that went stays in the record
    assert changed.visibility == Visibility.MEMBERS  # not given: it stays
    assert changed.title in in_words(Notice.objects.get(milestone="position.edited", person=follower)).text
    with pytest.raises(ValidationError) as error:
        edit_position(actor=make_adviser(), position=position, version=position.version, **fields())
    assert error.value.error_list[0].code == "changed" and adviser.name in error.value.messages[0]
    position.refresh_from_db()
    assert position.title == "Geld voor energiehulp"


def test_ending_says_when_and_why_and_it_stays(adviser):
    position = make_position(actor=adviser)
    for values, field in (
        ({"ends_on": timezone.localdate() + timedelta(days=1)}, "ends_on"),
        ({"ends_on": DECIDED - timedelta(days=1)}, "ends_on"),
        ({"reason": "Nee"}, "reason"),
    ):
        given = {"ends_on": timezone.localdate(), "reason": REASON, **values}
        with pytest.raises(ValidationError) as error:
            end_position(actor=adviser, position=position, version=position.version, **given)
        assert list(error.value.message_dict) == [field]
    given = {"ends_on": timezone.localdate(), "reason": REASON}
    ended = end_position(actor=adviser, position=position, version=position.version, **given)
    assert end_position(actor=adviser, position=position, version=position.version, **given) == ended
    assert (ended.state, ended.end_reason) == (PositionState.ENDED, REASON)
    with pytest.raises(ValidationError):
        edit_position(actor=adviser, position=ended, version=ended.version, **fields())
    with pytest.raises(ValidationError):
        take_position(actor=adviser, position=ended, readers="public")


def test_a_sensitive_position_is_read_by_those_involved_and_leaves_no_trace(adviser):
    member = make_member()
    network, elsewhere = make_network("g40", member), make_network("m50", member)
    signal = Item.objects.get(pk=make_signal(member).pk)
    position = make_position(
        actor=adviser, readers="involved", audience=network, source_item=signal, source_note=""
    )
    assert position.sensitive and not Link.objects.filter(downstream=position).exists()
    assert not Notice.objects.filter(milestone="position.taken").exists()
    assert seen_by(make_person("network_secretary", network=network), position)
    assert seen_by(make_adviser(), position)
    for person in (
        make_person("mayor", member=member),
        make_person("network_secretary", network=elsewhere),
        make_person("committee_member"),
        make_person(),
    ):
        assert not seen_by(person, position)
    opened = edit_position(
        actor=adviser,
        position=position,
        version=position.version,
        readers="public",
        **fields(source_item=signal, source_note=""),
    )
    assert not opened.sensitive and Link.objects.filter(downstream=position, ended_at__isnull=True).exists()
    closed = edit_position(
        actor=adviser,
        position=position,
        version=opened.version,
        readers="involved",
        **fields(source_item=signal, source_note=""),
    )
    assert closed.sensitive
    assert not Link.objects.filter(downstream=position, ended_at__isnull=True).exists()


# --- stances ---------------------------------------------------------------------------------------------------
def test_a_newer_stance_ends_the_one_before_and_all_stay():
    member = make_member()
    mayor = mayor_of(member)
    owner = make_adviser()
    position = make_position(owner=owner)
    first = take_stance(actor=mayor, position=position, party=member, kind="carries")
    assert take_stance(actor=mayor, position=position, party=member, kind="carries") == first
    assert not Notice.objects.filter(milestone="position.stance").exists()  # no news that it is carried
    second = take_stance(
        actor=mayor,
        position=position,
        party=member,
        kind="other",
        remark="Wij willen een lagere belasting.",
        red_line="Geen extra taken zonder geld.",
    )
    first.refresh_from_db()
    assert first.ended_at == second.created_at and second.ended_at is None
    assert Stance.objects.count() == 2
    notice = Notice.objects.get(milestone="position.stance", person=owner)
    assert member.name in in_words(notice).text
    event = Event.objects.filter(verb="stance.taken").latest("pk")
    assert event.on_behalf_of == f"member:{member.code}"
    assert event.data == {"stance": second.pk, "kind": "other", "differs": False, "red_line": True}


def test_who_may_say_it_for_a_member_and_for_a_network():
    member = make_member()
    network = make_network("g40", member)
    position = make_position()
    secretary = make_person("network_secretary", network=network)
    assert take_stance(actor=secretary, position=position, party=network, kind="carries").network == network
    for person, party in (
        (make_person("mayor", member=member), member),  # without the mandate
        (make_adviser(), member),
        (make_adviser(), network),
        (secretary, member),
        (mayor_of(member), network),
        (mayor_of(make_member()), member),
    ):
        with pytest.raises(PermissionDenied):
            take_stance(actor=person, position=position, party=party, kind="carries")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "maybe"}, "kind"),
        ({"kind": "other"}, "remark"),
        ({"kind": "remark"}, "remark"),
        ({"kind": "carries", "differs": True}, "remark"),
        ({"kind": "carries", "red_line": "x" * 1001}, "red_line"),
        ({"kind": "carries", "remark": "Mail naar iemand@example.org voor meer."}, "remark"),
    ],
)
def test_a_stance_that_needs_words_asks_for_them(values, field):
    member = make_member()
    with pytest.raises(ValidationError) as error:
        take_stance(actor=mayor_of(member), position=make_position(), party=member, **values)
    assert list(error.value.message_dict) == [field]
    assert not Stance.objects.exists()


def test_nobody_takes_a_stance_on_what_they_may_not_read_or_what_has_ended(adviser):
    member = make_member()
    hidden = make_position(actor=adviser, readers="involved")
    ended = make_position(actor=adviser)
    end_position(
        actor=adviser, position=ended, version=ended.version, ends_on=timezone.localdate(), reason=REASON
    )
    for position in (hidden, ended):
        with pytest.raises(ValidationError):
            take_stance(actor=mayor_of(member), position=position, party=member, kind="carries")
    assert not Stance.objects.exists()
