"""Who is there, and for whom: arrivals, proxies without chains, delegates with parts of the weight, the quorum."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.decide.commands.attendance import arrive, leave
from omkering.decide.commands.meeting_rows import roll_of_meeting
from omkering.decide.commands.proxies import give_proxy, name_delegates, withdraw_proxy
from omkering.decide.models import Attendance, Delegate, Meeting, Proxy
from omkering.decide.queries.attendance import attendance_of
from omkering.decide.queries.meetings import quorum_now
from omkering.journal.models import Event
from tests.decide.meetings import at, called, make_body, opened, plan, seat, secretary_of
from tests.decide.votes import mandate, members_with_voters, voter_of
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
TEXT = "Wij geven een volmacht om in onze naam te stemmen."


def come(meeting, member, person, presence="on_site", actor=None):
    return arrive(actor=actor or person, meeting=meeting, member=member, person=person, presence=presence)


def proxy(meeting, giver, holder, **more):
    """A proxy from (member, voter) to (member, voter)."""
    return give_proxy(
        actor=giver[1], meeting=meeting, giver=giver[0], holder=holder[0], **{"text": TEXT, **more}
    )


# --- arriving and leaving --------------------------------------------------------------------------------
def test_one_arrives_with_ones_own_phone_or_at_the_desk_and_once():
    (member, voter), (other, _voter) = members_with_voters(30_000, 20_000)
    meeting, desk = opened(), make_adviser()
    assert come(meeting, member, voter).pk == come(meeting, member, voter, actor=desk).pk
    with pytest.raises(PermissionDenied):
        come(meeting, other, voter)  # not a voter of that member
    with pytest.raises(PermissionDenied):
        come(meeting, member, voter, actor=make_person("official", member=member))
    with pytest.raises(ValidationError) as problem:
        come(meeting, other, voter, actor=desk)
    assert "person" in problem.value.message_dict
    assert leave(actor=voter, meeting=meeting, member=member, person=voter).left_at is not None
    assert leave(actor=voter, meeting=meeting, member=member, person=voter) is None
    verbs = Event.objects.filter(subject=meeting.subject, verb__startswith="attendance").order_by("pk")
    assert [event.verb for event in verbs] == ["attendance.arrived", "attendance.left"]
    assert verbs[0].on_behalf_of == f"member:{member.code}"


def test_from_the_hall_to_remote_is_a_new_stay_and_only_ways_of_the_form():
    member, voter = members_with_voters(30_000)[0]
    meeting = opened()
    come(meeting, member, voter)
    come(meeting, member, voter, "remote")
    assert list(meeting.attendance.order_by("pk").values_list("presence", flat=True)) == ["on_site", "remote"]
    assert meeting.attendance.filter(left_at__isnull=True).count() == 1
    hall = opened(form="on_site", title="In de zaal")
    with pytest.raises(ValidationError):
        come(hall, member, voter, "remote")
    with pytest.raises(ValidationError):
        come(opened(form="consultation", title="Raadpleging"), member, voter)


def test_the_desk_opens_twelve_hours_before_the_meeting():
    member, voter = members_with_voters(30_000)[0]
    with pytest.raises(ValidationError):
        come(called(), member, voter)
    soon = timezone.now() + timedelta(hours=11)
    come(called(title="Straks", starts_at=soon, ends_at=soon + timedelta(hours=1)), member, voter)
    with pytest.raises(ValidationError):
        come(plan(title="Plan", starts_at=soon, ends_at=soon + timedelta(hours=2)), member, voter)


def test_on_a_seat_one_comes_for_oneself():
    make_member()
    body = make_body("financien", "committee")
    sits, stranger = seat(body, 1), make_person("alderman", member=make_member())
    seat(body, 2)
    meeting = opened(body=body)
    come(meeting, None, sits)
    with pytest.raises(PermissionDenied):
        come(meeting, None, stranger)
    now = quorum_now(meeting)
    assert (now.heads, now.of_heads, now.votes) == (1, 2, 1)


# --- proxies ---------------------------------------------------------------------------------------------
def test_a_proxy_is_in_writing_from_to_by_who_has_the_mandate():
    giver, holder, other = members_with_voters(30_000, 20_000, 10_000)
    meeting = opened()
    with pytest.raises(PermissionDenied):
        give_proxy(actor=holder[1], meeting=meeting, giver=giver[0], holder=holder[0], text=TEXT)
    for field, changes in {
        "text": {"text": " "},
        "ends_at": {"starts_at": at(60, 11), "ends_at": at(60, 10)},
        "starts_at": {"starts_at": at(61), "ends_at": at(62)},
    }.items():
        with pytest.raises(ValidationError) as problem:
            proxy(meeting, giver, holder, **changes)
        assert field in problem.value.message_dict
    first = proxy(meeting, giver, holder)
    assert proxy(meeting, giver, holder).pk == first.pk
    with pytest.raises(ValidationError):
        proxy(meeting, giver, giver)
    second = proxy(meeting, giver, other)  # takes the place of the first
    first.refresh_from_db()
    assert first.end_reason == "replaced" and second.ended_at is None
    withdraw_proxy(actor=giver[1], proxy=second)
    with pytest.raises(PermissionDenied):
        withdraw_proxy(actor=holder[1], proxy=second)
    assert Proxy.objects.count() == 2  # nothing is removed


def test_no_chains_in_either_direction():
    one, two, three = members_with_voters(30_000, 20_000, 10_000)
    meeting = opened()
    proxy(meeting, one, two)
    for giver, holder in ((two, three), (three, one)):
        with pytest.raises(ValidationError) as problem:
            proxy(meeting, giver, holder)
        assert "holder" in problem.value.message_dict
    assert Proxy.objects.count() == 1


def test_a_holder_has_at_most_as_many_as_the_rules_allow():
    holder, *givers = members_with_voters(*[20_000] * 4)
    meeting = opened()
    assert meeting.rules["proxies_per_holder"] == 2
    proxy(meeting, givers[0], holder)
    proxy(meeting, givers[1], holder)
    proxy(meeting, givers[1], holder, text=TEXT + " En dat is al.")  # in its own place
    with pytest.raises(ValidationError) as problem:
        proxy(meeting, givers[2], holder)
    assert "holder" in problem.value.message_dict and "2" in problem.value.messages[0]


def test_a_proxy_ends_when_the_member_arrives_and_can_be_given_after_leaving():
    giver, holder = members_with_voters(30_000, 20_000)
    meeting = opened()
    given = proxy(meeting, giver, holder)
    come(meeting, *giver)
    given.refresh_from_db()
    assert given.end_reason == "arrived"
    with pytest.raises(ValidationError):
        proxy(meeting, giver, holder)  # somebody is there
    leave(actor=giver[1], meeting=meeting, member=giver[0], person=giver[1])
    assert proxy(meeting, giver, holder).pk != given.pk


def test_rules_without_proxies_allow_none():
    giver, holder = members_with_voters(30_000, 20_000)
    meeting = opened()
    Meeting.objects.filter(pk=meeting.pk).update(rules={**meeting.rules, "proxy": False})
    with pytest.raises(ValidationError):
        proxy(meeting, giver, holder)


# --- delegates -------------------------------------------------------------------------------------------
def test_the_town_secretary_names_who_votes_and_only_they_come():
    member, voter = members_with_voters(30_000)[0]
    secretary, mayor = secretary_of(member), make_person("mayor", member=member)
    meeting = opened()
    with pytest.raises(PermissionDenied):
        name_delegates(actor=voter, meeting=meeting, member=member, shares=[(mayor, None)])
    come(meeting, member, voter)
    (named,) = name_delegates(actor=secretary, meeting=meeting, member=member, shares=[(mayor, None)])
    assert name_delegates(actor=secretary, meeting=meeting, member=member, shares=[(mayor, None)]) == [named]
    assert not Attendance.objects.filter(
        person=voter, left_at__isnull=True
    ).exists()  # a late change: has left
    with pytest.raises(PermissionDenied):
        come(meeting, member, voter)
    come(meeting, member, mayor)
    name_delegates(actor=secretary, meeting=meeting, member=member, shares=[])
    assert Delegate.objects.get().ended_at is not None and come(meeting, member, voter)


def test_parts_of_the_weight_are_at_most_the_weight_and_only_where_the_rules_allow():
    member, _voter = members_with_voters(30_000)[0]
    secretary = secretary_of(member)
    mayor, alderman = (make_person(role, member=member) for role in ("mayor", "alderman"))
    official, outsider = make_person("official", member=member), make_person("mayor", member=make_member())
    meeting = opened()

    def name(*shares):
        return name_delegates(actor=secretary, meeting=meeting, member=member, shares=list(shares))

    assert [entry.votes for entry in name((mayor, 18), (alderman, 12))] == [18, 12]
    for wrong in (
        [(mayor, 18), (alderman, 13)],
        [(mayor, 18), (alderman, None)],
        [(mayor, 0), (alderman, 3)],
        [(mayor, 10), (mayor, 10)],
        [(official, None)],
        [(outsider, None)],
    ):
        with pytest.raises(ValidationError) as problem:
            name(*wrong)
        assert "shares" in problem.value.message_dict
    assert Delegate.objects.filter(ended_at__isnull=True).count() == 2
    Meeting.objects.filter(pk=meeting.pk).update(rules={**meeting.rules, "split": False})
    with pytest.raises(ValidationError):
        name((mayor, 10), (alderman, 10))
    name((mayor, None), (alderman, None))


# --- the quorum ------------------------------------------------------------------------------------------
def test_the_quorum_counts_present_and_represented_once_in_heads_and_votes():
    big, middle, small, absent = members_with_voters(80_000, 20_000, 5_000, 1_000)
    meeting = opened()
    quorum = {"key": "half", "names": {}, "numerator": 1, "denominator": 2, "of": "votes", "source": ""}
    Meeting.objects.filter(pk=meeting.pk).update(rules={**meeting.rules, "quorum": quorum})
    meeting.refresh_from_db()
    now = quorum_now(meeting)
    assert (now.heads, now.votes, now.of_heads, now.of_votes) == (0, 0, 4, 101)
    assert now.required_votes == 51 and now.required_heads is None and not now.met
    proxy(meeting, small, middle)
    assert quorum_now(meeting).heads == 0  # the holder is not there
    come(meeting, *middle)
    assert (quorum_now(meeting).heads, quorum_now(meeting).votes) == (2, 25)
    second = voter_of(big[0])
    come(meeting, *big)
    come(meeting, big[0], second)  # two people, one member
    now = quorum_now(meeting)
    assert (now.heads, now.votes, now.met) == (3, 100, True)
    lines = {line.member.pk: line for line in attendance_of(meeting) if line.member}
    assert lines[small[0].pk].represented and not lines[small[0].pk].present
    assert not lines[absent[0].pk].takes_part
    later = timezone.now() + timedelta(hours=1)
    Proxy.objects.update(starts_at=later, ends_at=later + timedelta(hours=1))
    assert quorum_now(meeting).heads == 2  # the proxy does not hold yet


def test_the_quorum_asks_the_database_the_same_for_few_and_many(django_assert_max_num_queries):
    members_with_voters(*[20_000] * 30)
    meeting = opened()
    with django_assert_max_num_queries(5):
        quorum_now(meeting)


def test_each_member_has_the_votes_that_the_roll_of_the_meeting_gives_it():
    members_with_voters(20_000, 150_000, 900)
    meeting = opened()
    rolled = [(line.member.pk, line.weight) for line in roll_of_meeting(meeting)]
    assert [(line.member.pk, line.votes) for line in attendance_of(meeting) if line.member] == rolled


# --- whatever happens in whatever order ------------------------------------------------------------------
STEPS = st.tuples(
    st.sampled_from(["arrive", "leave", "give", "withdraw"]), st.integers(0, 4), st.integers(0, 4)
)


@settings(max_examples=30)
@given(st.lists(STEPS, max_size=20))
def test_a_member_is_there_or_represented_at_most_once_and_a_chain_never_arises(steps):
    crowd = members_with_voters(*[10_000] * 5)
    meeting = opened(title=f"Vergadering {crowd[0][0].pk}")
    for deed, which, other in steps:
        member, voter = crowd[which]
        try:
            if deed == "arrive":
                come(meeting, member, voter)
            elif deed == "leave":
                leave(actor=voter, meeting=meeting, member=member, person=voter)
            elif deed == "give":
                proxy(meeting, crowd[which], crowd[other])
            elif (
                held := Proxy.objects.filter(meeting=meeting, giver=member, ended_at=None).first()
            ) is not None:
                withdraw_proxy(actor=voter, proxy=held)
        except ValidationError:
            pass
        check(meeting, 2)


def check(meeting: Meeting, most: int) -> None:
    """What must always hold, read from the tables without our own queries."""
    given_now = list(
        Proxy.objects.filter(meeting=meeting, ended_at=None).values_list("giver_id", "holder_id")
    )
    givers, holders = [row[0] for row in given_now], [row[1] for row in given_now]
    there = set(Attendance.objects.filter(meeting=meeting, left_at=None).values_list("member_id", flat=True))
    assert len(givers) == len(set(givers))
    assert not set(givers) & set(holders)
    assert not set(givers) & there
    assert all(holders.count(holder) <= most for holder in holders)
    taking_part = [line.member.pk for line in attendance_of(meeting) if line.takes_part and line.member]
    expected = there | {giver for giver, holder in given_now if holder in there}
    assert sorted(taking_part) == sorted(m for m in expected)


def test_a_person_with_two_mandates_comes_for_each_member():
    (one, voter), (two, _other) = members_with_voters(30_000, 20_000)
    mandate(voter, two)
    meeting = opened()
    come(meeting, one, voter)
    come(meeting, two, voter)
    assert quorum_now(meeting).heads == 2
