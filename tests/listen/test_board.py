"""The board: filters, orders, counts, pages and what each reader may see; its narrow copy never falls behind."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone

from omkering.listen.commands.bundles import make_bundle, remove_signal
from omkering.listen.models import BoardRow, Recognition, Signal
from omkering.listen.queries.board import Board, BoardFilter, debts, debts_per_body
from omkering.thread.models import Item
from omkering.ui.paging import encode_cursor, paginate
from omkering.who.models import Body, Division, DivisionMembership, Member, Population
from omkering.who.standing import standing_of
from tests.listen.made import make_signal
from tests.people import LONG_AGO, make_adviser, make_member, make_network, make_person, make_theme

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 1)
REASON = "Dit hoort bij een ander onderwerp dan de rest."


def ids(person, on=TODAY, **filters) -> list[int]:
    _page, lines = Board(BoardFilter(**filters), person, on).page({})
    return [line.signal.pk for line in lines]


@pytest.fixture
def adviser():
    return make_adviser()


def test_filters_by_what_a_signal_is(adviser):
    theme = make_theme()
    first = make_signal(theme=theme, state="declined", visibility="public")
    second = make_signal(created_at=timezone.now() - timedelta(days=40), visibility="bureau")
    assert ids(adviser) == [first.pk, second.pk]
    assert ids(adviser, theme=theme.key) == [first.pk]
    assert ids(adviser, theme="bestaat-niet") == []
    assert ids(adviser, state="declined") == [first.pk]
    assert ids(adviser, visibility="bureau") == [second.pk]
    today = timezone.localdate()
    assert ids(adviser, since=today - timedelta(days=1), until=today) == [first.pk]
    assert ids(adviser, until=today - timedelta(days=30)) == [second.pk]


def test_a_member_sees_what_it_sent_and_what_it_recognised(adviser):
    own, other = make_member(), make_member()
    sent = make_signal(own)
    recognised = make_signal(other, seen_by=[own])
    make_signal(other)
    assert set(ids(adviser, member=own.code)) == {sent.pk, recognised.pk}
    Recognition.objects.filter(signal=recognised).update(withdrawn_at=timezone.now())
    assert ids(adviser, member=own.code) == [sent.pk]


def test_filters_by_groups_on_the_reference_date(adviser):
    city, village = make_member(inhabitants=400_000), make_member(inhabitants=4_000)
    make_network("g4", city)
    province = Division.objects.create(kind="province", code="PV22", names={"nl": "Drenthe"})
    DivisionMembership.objects.create(
        member=village, division=province, starts=LONG_AGO, ends=date(2026, 1, 1)
    )
    of_city, of_village = make_signal(city), make_signal(village)
    assert ids(adviser, network="g4") == [of_city.pk]
    assert ids(adviser, size_class="8") == [of_city.pk]
    assert ids(adviser, size_class="1") == [of_village.pk]
    assert ids(adviser, size_class="8", network="g4") == [of_city.pk]
    assert ids(adviser, size_class="1", network="g4") == []
    assert ids(adviser, province="PV22") == []
    assert ids(adviser, on=date(2025, 1, 1), province="PV22") == [of_village.pk]


def test_a_member_that_ended_counts_with_its_successor(adviser):
    city = make_member(inhabitants=900_000)
    ended = make_member(ends=date(2022, 3, 24), successor=city)
    make_network("g4", city)
    signal = make_signal(ended)
    assert ids(adviser, network="g4") == [signal.pk]
    assert ids(adviser, size_class="8") == [signal.pk]
    assert ids(adviser, member=city.code) == [signal.pk]
    assert ids(adviser, member=ended.code) == [signal.pk]


def test_mine_late_and_bundled(adviser):
    member = make_member()
    person = make_person("official", member=member)
    mine = make_signal(member, person=person, due_at=timezone.now() - timedelta(days=1))
    helped = make_signal(due_at=timezone.now() + timedelta(days=1))
    Recognition.objects.create(signal=helped, member=member, person=person)
    other = make_signal(
        state="taken_up", due_at=timezone.now() - timedelta(days=1), answered_at=timezone.now()
    )
    assert set(ids(person, mine=True)) == {mine.pk, helped.pk}
    assert ids(AnonymousUser(), mine=True) == []
    assert ids(adviser, late=True) == [mine.pk]
    assert ids(adviser, sort="due") == [mine.pk, helped.pk]
    bundle = make_bundle(actor=adviser, title="Samen een bundel", signals=[mine, helped])
    assert set(ids(adviser, bundled="yes")) == {mine.pk, helped.pk}
    assert ids(adviser, bundled="no") == [other.pk]
    remove_signal(actor=adviser, bundle=bundle, signal=mine, reason=REASON)
    assert ids(adviser, bundled="yes") == [helped.pk]


def test_search_ranks_the_title_first_and_can_be_combined(adviser):
    in_summary = make_signal(title="Iets anders", summary="Jeugdhulpaanbieders hebben geen plaats")
    in_title = make_signal(title="Jeugdhulp loopt vast", summary="Er is geen plaats")
    make_signal(title="Zwembad dicht", summary="Geen personeel")
    assert ids(adviser, text="jeugdhulp") == [in_title.pk, in_summary.pk]
    assert ids(adviser, text="jeugdhulp", sort="created") == [in_summary.pk, in_title.pk]
    assert ids(adviser, text="jeugdhulp", member=in_summary.owner_member.code) == [in_summary.pk]
    assert len(ids(adviser, text="de het een")) == 3


def test_a_word_that_is_everywhere_is_found_everywhere(adviser, monkeypatch):
    monkeypatch.setattr("omkering.listen.queries.board.HITS", 3)
    signals = [make_signal(summary="Een woning is te duur") for _ in range(5)]
    assert set(ids(adviser, text="woning")) == {signal.pk for signal in signals}
    counts = Board(BoardFilter(text="woning"), adviser, TODAY).counts()
    assert counts.more
    assert 3 <= counts.total <= 5


@pytest.mark.parametrize("sort", ["-created", "created", "-members", "members", "due", "-due", "relevance"])
def test_every_order_pages_through_all_rows_once(adviser, sort):
    member = make_member()
    signals = [
        make_signal(
            title=f"Woning nummer {number}" + " woning" * (number % 3),
            seen_by=[member] if number % 2 else [],
            due_at=timezone.now() + timedelta(days=number // 4),
        )
        for number in range(30)
    ]
    board = Board(BoardFilter(sort=sort, text="woning" if sort == "relevance" else ""), adviser, TODAY)
    first, _lines = board.page({})
    second, _lines = board.page({"after": first.next})
    assert second.next is None
    seen = [row.pk for row in [*first, *second]]
    assert sorted(seen) == sorted(signal.pk for signal in signals)
    back, _lines = board.page({"before": second.previous})
    assert [row.pk for row in back] == [row.pk for row in first]


def test_most_members_come_first(adviser):
    few = make_signal(seen_by=[make_member()])
    many = make_signal(seen_by=[make_member(), make_member()])
    assert ids(adviser, sort="-members") == [many.pk, few.pk]


def test_counts_by_state_ignore_the_state_that_is_chosen(adviser):
    theme = make_theme()
    for state in ("submitted", "submitted", "declined"):
        make_signal(state=state, theme=theme)
    board = Board(BoardFilter(state="declined"), adviser, TODAY)
    assert board.counts().by_state["submitted"] == 2
    assert Board(BoardFilter(theme=theme.key), adviser, TODAY).counts().by_state == {
        "submitted": 2,
        "declined": 1,
    }


def test_counts_stop_at_their_limit(adviser, monkeypatch):
    monkeypatch.setattr("omkering.listen.queries.board.COUNT_LIMIT", 2)
    for _ in range(4):
        make_signal()
    counts = Board(BoardFilter(), adviser, TODAY).counts()
    assert counts.more
    assert counts.by_state["submitted"] == 3


def test_everybody_sees_only_what_they_may_read(adviser):
    member = make_member()
    network = make_network("p10", member)
    public = make_signal(visibility="public")
    members = make_signal(visibility="members")
    of_network = make_signal(visibility="network", audience=network)
    bureau = make_signal(visibility="bureau")
    in_network = make_person("official", member=member)
    elsewhere = make_person("official", member=make_member())
    assert ids(AnonymousUser()) == [public.pk]
    assert set(ids(elsewhere)) == {public.pk, members.pk}
    assert set(ids(in_network)) == {public.pk, members.pk, of_network.pk}
    assert set(ids(adviser)) == {public.pk, members.pk, of_network.pk, bureau.pk}
    assert set(ids(bureau.author)) == {public.pk, members.pk, bureau.pk}
    assert Board(BoardFilter(), AnonymousUser(), TODAY).counts().total == 1


@pytest.mark.parametrize("number", [2, 20])
def test_a_page_takes_a_fixed_number_of_queries(adviser, number, django_assert_num_queries):
    member = make_member()
    signals = [make_signal(seen_by=[member], theme=make_theme()) for _ in range(number)]
    make_bundle(actor=adviser, title="Samen een bundel", signals=signals)
    standing_of(adviser)
    board = Board(BoardFilter(member=member.code, text="rekening"), adviser, TODAY)
    with django_assert_num_queries(7):
        board.counts()
        _page, lines = board.page({})
        assert [(str(line.signal.owner_member), str(line.signal.theme), str(line.bundle)) for line in lines]


_TRUTH = """
SELECT item.id, item.state, item.visibility, item.theme_id, item.owner_member_id, item.due_at, item.answered_at,
  (SELECT array_agg(m ORDER BY m) FROM (
    SELECT item.owner_member_id AS m UNION ALL
    SELECT member_id FROM listen_recognition WHERE signal_id = item.id AND withdrawn_at IS NULL) AS seen),
  (SELECT count(*) > 0 FROM thread_link l JOIN thread_item b ON b.id = l.downstream_id
    WHERE l.upstream_id = item.id AND l.kind = 'bundled_in' AND l.ended_at IS NULL
    AND b.state NOT IN ('merged', 'dissolved'))
FROM thread_item AS item JOIN listen_signal ON item_ptr_id = item.id ORDER BY item.id
"""


def test_the_copy_that_the_board_reads_follows_every_change(adviser):
    theme = make_theme()
    signals = [make_signal(seen_by=[make_member()]) for _ in range(4)]
    bundle = make_bundle(actor=adviser, title="Samen een bundel", signals=signals[:3])
    remove_signal(actor=adviser, bundle=bundle, signal=signals[0], reason=REASON)
    Item.objects.filter(pk=signals[3].pk).update(theme=theme, visibility="public", state="in_review")
    Recognition.objects.filter(signal=signals[2]).update(withdrawn_at=timezone.now())
    Recognition.objects.filter(signal=signals[3]).delete()
    Item.objects.filter(pk=bundle.pk).update(state="dissolved")
    with connection.cursor() as cursor:
        cursor.execute(_TRUTH)
        truth = cursor.fetchall()
    copy = [
        (
            row.pk, row.state, row.visibility, row.theme_id, row.owner_member_id, row.due_at, row.answered_at,
            sorted(row.seen_by), row.bundled,
        )
        for row in BoardRow.objects.order_by("pk")
    ]  # fmt: skip
    assert copy == truth
    Signal.objects.get(pk=signals[3].pk).delete()
    assert BoardRow.objects.count() == 3


def test_debts_are_listed_and_counted_per_body(adviser):
    body = Body.objects.create(key="zorg", names={"nl": "Commissie Zorg"}, kind="committee")
    past = timezone.now() - timedelta(days=3)
    oldest = make_signal(due_at=past - timedelta(days=1), owner_body=body)
    late = make_signal(due_at=past)
    secret = make_signal(due_at=past, owner_body=body, visibility="bureau")
    make_signal(due_at=past, answered_at=timezone.now(), owner_body=body)
    make_signal(due_at=timezone.now() + timedelta(days=1), owner_body=body)
    standing = standing_of(adviser)
    assert [item.pk for item in debts(standing)] == [oldest.pk, late.pk, secret.pk]
    assert [item.pk for item in debts(standing, body=body)] == [oldest.pk, secret.pk]
    assert [(owed.body, owed.count) for owed in debts_per_body(standing)] == [(body, 2), (None, 1)]
    member = standing_of(make_person("official", member=make_member()))
    assert [(owed.body, owed.count) for owed in debts_per_body(member)] == [(body, 1), (None, 1)]


def test_population_of_the_reference_date_gives_the_size_class(adviser):
    member: Member = make_member(inhabitants=4_000)
    Population.objects.create(member=member, day=date(2026, 6, 1), inhabitants=6_000, source="test")
    signal = make_signal(member)
    assert ids(adviser, size_class="2") == [signal.pk]
    assert ids(adviser, on=date(2026, 1, 1), size_class="1") == [signal.pk]


def test_a_page_by_relevance_is_the_one_of_its_rows_in_order(adviser):
    for number in range(60):
        make_signal(title=f"Woning nummer {number}" + " woning" * (number % 3))
    board = Board(BoardFilter(text="woning"), adviser, TODAY)
    first = board.page({})[0]
    second = board.page({"after": first.next})[0]
    third = board.page({"after": second.next})[0]
    order = ("-relevance", "-pk")
    queries = [
        {},
        {"after": first.next},
        {"after": second.next},
        {"before": second.previous},
        {"before": third.previous},
        {"after": encode_cursor((-1, 1))},
        {"before": encode_cursor((10**9, 1))},
        {"after": "no cursor"},
        {"after": encode_cursor(("a", 1))},
    ]
    for query in queries:
        got, told = board.page(query)[0], paginate(board.in_order(), query, order=order)
        assert [row.pk for row in got] == [row.pk for row in told]
        assert (got.previous, got.next) == (told.previous, told.next)
