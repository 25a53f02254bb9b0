"""The note of answer through its commands: given, changed, published; what is refused, told, and kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from omkering.deliberate.commands.answers import (
    add_to_answer,
    change_answer,
    give_answer,
    take_back_answer,
)
from omkering.deliberate.commands.answers_known import owe_answers, publish_note
from omkering.deliberate.models import Amendment, Answer, Answered, Consultation, View
from omkering.deliberate.queries.answer_points import open_points, points_of
from omkering.journal.models import Event
from omkering.thread import terms
from omkering.thread.commands import link
from omkering.thread.models import Item, LinkKind, Notice
from omkering.thread.queries import in_words
from omkering.who.current import association
from tests.deliberate.answers_made import (
    REASON,
    amendment,
    make_consultation,
    one_of_each,
    reaction,
    statement,
    view_point,
)
from tests.people import make_adviser, make_person

pytestmark = pytest.mark.django_db
OTHER = "Wij nemen dit niet over, want het staat al in een ander stuk."


@pytest.fixture
def made():
    return make_consultation()


def answer_all(made, kind="taken_over", reason=REASON, items=None):
    items = items or Item.objects.filter(pk__in=[p.pk for p in open_points([made.consultation.pk])])
    return give_answer(
        actor=made.adviser, consultation=made.consultation, items=items, kind=kind, reason=reason
    )


def published(made):
    return publish_note(actor=made.adviser, consultation=made.consultation)


def live(item) -> Answer | None:
    row = Answered.objects.filter(item=item, ended_at__isnull=True).select_related("answer").first()
    return row.answer if row else None


def told(person) -> list[str]:
    with translation.override("en"):
        rows = Notice.objects.filter(person=person).select_related("item", "because").order_by("pk")
        return [in_words(notice).text for notice in rows]


def verbs() -> list[str]:
    return list(
        Event.objects.filter(verb__startswith="answer.").order_by("pk").values_list("verb", flat=True)
    )


# --- what gets an answer ---------------------------------------------------------------------------------------
def test_everything_that_was_handed_in_gets_an_answer_and_nothing_else(made):
    counted = one_of_each(made)
    reaction(made, state="draft")
    reaction(made, state="withdrawn")
    view_point(made, state="draft")
    statement(made, "Nog niet bekeken.", state="waiting")
    statement(made, "Past hier niet.", state="refused")
    for state in ("draft", "withdrawn", "replaced", "joined"):
        amendment(made, state=state)
    amendment(made, in_round=None)
    other = make_consultation()
    reaction(other)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        points = points_of([made.consultation.pk])
    assert {point.pk for point in points} == {item.pk for item in counted}
    assert len(queries) == 1
    assert {point.paragraph for point in points} == {made.paragraphs[1].pk, made.paragraphs[2].pk, None}


def test_the_text_of_a_view_as_a_whole_gets_an_answer_too(made):
    point = view_point(made)
    assert {p.pk for p in points_of([made.consultation.pk])} == {point.pk}
    view = point.view
    view.text = "Wij staan achter de nota."
    view.save()
    assert {p.pk for p in points_of([made.consultation.pk])} == {point.pk, view.pk}
    view.handed_in_at = None
    view.save()
    assert {p.pk for p in points_of([made.consultation.pk])} == {point.pk}


def test_a_view_of_points_alone_is_answered_with_them(made):
    view = view_point(made).view
    answer_all(made)
    published(made)
    view.refresh_from_db()
    assert (view.state, view.answered_at is None) == ("answered", False)


def test_a_late_view_waits_for_the_answer_to_its_last_point(made):
    reaction(made)
    answer_all(made)
    published(made)
    one, two = view_point(made, late=True), view_point(made, "Nog een punt.", late=True)
    states = []
    for point in (one, two):
        answer_all(made, items=[point])
        states.append(View.objects.get(pk=one.view_id).state)
    assert states == ["submitted", "answered"]


def test_a_point_with_an_answer_stays_in_the_note_when_it_is_withdrawn(made):
    row = reaction(made)
    answer_all(made)
    Item.objects.filter(pk=row.pk).update(state="withdrawn")
    assert [point.pk for point in points_of([made.consultation.pk])] == [row.pk]


# --- give ------------------------------------------------------------------------------------------------------
def test_one_answer_to_several_points(made):
    items = one_of_each(made)
    answer = answer_all(made, items=items)
    assert {live(item) for item in items} == {answer}
    assert open_points([made.consultation.pk]) == []
    event = Event.objects.get(verb="answer.given")
    assert event.subject == made.consultation.subject
    assert event.data == {"answer": answer.pk, "kind": "taken_over", "items": sorted(i.pk for i in items)}
    assert Notice.objects.count() == 0  # nobody hears of it before the note is published
    assert Item.objects.filter(answered_at__isnull=False).count() == 0


def test_only_the_bureau_answers(made):
    row = reaction(made)
    for person in (made.official, made.mayor, made.secretary, made.resident):
        with pytest.raises(PermissionDenied):
            give_answer(actor=person, consultation=made.consultation, items=[row], kind="not", reason=OTHER)
        with pytest.raises(PermissionDenied):
            publish_note(actor=person, consultation=made.consultation)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("kind", {"kind": "later"}),
        ("reason", {"reason": "Te kort."}),
        ("reason", {"reason": "Bel de wethouder op 06-12345678 voor meer uitleg hierover."}),
        ("items", {"items": []}),
    ],
)
def test_what_is_wrong_is_told_at_its_field(made, field, changes):
    row = reaction(made)
    values = {"items": [row], "kind": "not", "reason": OTHER, **changes}
    with pytest.raises(ValidationError) as error:
        give_answer(actor=made.adviser, consultation=made.consultation, **values)
    assert list(error.value.message_dict) == [field]
    assert not Answer.objects.exists() and verbs() == []


def test_a_point_of_another_consultation_or_of_an_open_round_is_not_answered(made):
    elsewhere = reaction(make_consultation())
    going_on = make_consultation(state="open", round_state="open")
    early = reaction(going_on)
    for where, item in ((made, elsewhere), (going_on, early)):
        with pytest.raises(ValidationError) as error:
            answer_all(where, items=[item])
        assert list(error.value.message_dict) == ["items"]
    assert not Answered.objects.exists()


def test_twice_is_once_and_somebody_elses_answer_is_not_overwritten(made):
    rows = [reaction(made), view_point(made)]
    first = answer_all(made, items=rows)
    assert answer_all(made, items=rows) == first
    assert verbs() == ["answer.given"]
    for items in (rows[:1], [*rows, statement(made)]):  # part of it, and more than it
        with pytest.raises(ValidationError) as error:
            answer_all(made, items=items)
        assert error.value.error_dict["items"][0].code == "changed"
    with pytest.raises(ValidationError):
        give_answer(
            actor=make_adviser(), consultation=made.consultation, items=rows, kind="taken_over", reason=REASON
        )
    assert Answer.objects.count() == 1


# --- change ----------------------------------------------------------------------------------------------------
def test_a_changed_answer_keeps_the_old_one(made):
    rows = [reaction(made), view_point(made)]
    old = answer_all(made, items=rows)
    new = change_answer(actor=made.adviser, answer=old, version=1, kind="not", reason=OTHER)
    assert {live(row) for row in rows} == {new} and new.version == 2
    old.refresh_from_db()
    assert (old.kind, old.reason) == ("taken_over", REASON)
    assert Answered.objects.filter(answer=old, ended_at__isnull=False).count() == 2
    assert change_answer(actor=made.adviser, answer=old, version=1, kind="not", reason=OTHER) == new
    assert verbs() == ["answer.given", "answer.changed"]


def test_two_advisers_who_change_one_answer(made):
    old = answer_all(made, items=[reaction(made)])
    other = make_adviser()
    new = change_answer(actor=other, answer=old, version=1, kind="not", reason=OTHER)
    with pytest.raises(ValidationError) as error:
        change_answer(actor=made.adviser, answer=old, version=1, kind="partly", reason=REASON)
    assert error.value.error_list[0].code == "changed" and other.name in error.value.messages[0]
    assert live(Item.objects.get(answered_in__answer=new)) == new


def test_one_point_gets_an_answer_of_its_own(made):
    apart, stays = reaction(made), view_point(made)
    old = answer_all(made, items=[apart, stays])
    new = change_answer(actor=made.adviser, answer=old, version=1, kind="not", reason=OTHER, items=[apart])
    assert (live(apart), live(stays)) == (new, old)
    with pytest.raises(ValidationError):  # the bundle changed, so who still looks at the old one is told
        change_answer(actor=made.adviser, answer=old, version=1, kind="partly", reason=OTHER)
    with pytest.raises(ValidationError) as error:
        change_answer(actor=made.adviser, answer=old, version=2, kind="partly", reason=OTHER, items=[apart])
    assert list(error.value.message_dict) == ["items"]


def test_the_same_answer_for_one_more_point(made):
    answer = answer_all(made, items=[reaction(made)])
    more = view_point(made)
    assert add_to_answer(actor=made.adviser, answer=answer, items=[more]) == answer
    assert add_to_answer(actor=made.adviser, answer=answer, items=[more]).pk == answer.pk
    assert live(more) == answer and verbs() == ["answer.given", "answer.extended"]
    changed = change_answer(actor=made.adviser, answer=answer, version=2, kind="not", reason=OTHER)
    with pytest.raises(ValidationError) as error:
        add_to_answer(actor=made.adviser, answer=answer, items=[statement(made)])
    assert error.value.code == "changed"
    with pytest.raises(ValidationError):
        add_to_answer(actor=made.adviser, answer=answer_all(made), items=[more])
    assert live(more) == changed


def test_an_answer_is_taken_back_only_before_publication(made):
    row = reaction(made)
    answer = answer_all(made)
    take_back_answer(actor=made.adviser, answer=answer, items=[row])
    take_back_answer(actor=made.adviser, answer=answer, items=[row])
    assert live(row) is None and verbs() == ["answer.given", "answer.taken_back"]
    again = answer_all(made)
    assert again != answer
    published(made)
    with pytest.raises(ValidationError):
        take_back_answer(actor=made.adviser, answer=again, items=[row])
    assert live(row) == again


# --- publish ---------------------------------------------------------------------------------------------------
def test_nothing_is_published_while_something_has_no_answer(made):
    reaction(made)
    answer_all(made)
    view_point(made)
    with pytest.raises(ValidationError) as error:
        published(made)
    assert "1" in error.value.messages[0]
    assert Consultation.objects.get().answer_published_at is None and Notice.objects.count() == 0


def test_nothing_is_published_while_a_round_goes_on_or_without_points(made):
    going_on = make_consultation(state="closed", round_state="open")
    for where in (made, going_on, make_consultation(state="open")):
        with pytest.raises(ValidationError):
            published(where)


def test_publishing_marks_every_point_and_tells_everybody_who_put_one_in(made):
    one, two, three, four, five = one_of_each(made)
    cosigner = make_person("mayor", member=made.member)
    five.backings.create(network=made.network, part="cosigns", person=cosigner)
    answer_all(made, items=[one, two])
    answer_all(made, kind="partly", reason=OTHER, items=[three])
    answer_all(made, kind="not", reason=OTHER, items=[four, five])
    result = published(made)
    assert result.state == "answered" and result.answer_published_at is not None
    states = dict(
        Item.objects.filter(pk__in=[i.pk for i in (one, two, three, four, five)]).values_list("pk", "state")
    )
    assert states == {**dict.fromkeys((one.pk, two.pk, three.pk, four.pk), "answered"), five.pk: "submitted"}
    # The five, the consultation, and the view that one of them is a point of.
    assert Item.objects.filter(answered_at__isnull=False).count() == 7
    assert [
        any(REASON in text and "taken over" in text for text in told(p))
        for p in (made.resident, made.official, made.mayor)
    ] == [True] * 3
    assert any("not taken over" in text and four.title in text for text in told(made.resident))
    assert any("partly" in text for text in told(made.secretary))
    assert any(five.title in text for text in told(cosigner)) and any(
        five.title in text for text in told(made.mayor)
    )
    assert not Notice.objects.filter(person=made.adviser).exists()
    before = Notice.objects.count()
    published(made)
    assert Notice.objects.count() == before
    assert Event.objects.filter(verb="consultation.answered").count() == 1


def test_who_is_behind_what_went_up_in_another_point_hears_of_it_too(made):
    joined = amendment(made, state="joined", author=make_person("official", member=made.member))
    common = amendment(made)
    link(upstream=joined, downstream=common, kind=LinkKind.FOLLOWS_FROM, actor=None)
    answer_all(made)
    published(made)
    (text,) = told(joined.author)
    assert joined.title in text and common.title in text and "went up in" in text


def test_publishing_takes_a_fixed_number_of_queries():
    numbers = []
    for size in (2, 12):
        made = make_consultation()
        for n in range(size):
            reaction(made, f"Reactie nummer {n} op de inleiding.", author=make_person())
        answer_all(made)
        with CaptureQueriesContext(connection) as queries:
            published(made)
        numbers.append(len(queries))
        assert Notice.objects.filter(milestone="answer.taken_over").count() >= size
    assert numbers[0] == numbers[1]


def test_after_publication_answers_are_known_at_once(made):
    row = reaction(made)
    answer = answer_all(made)
    published(made)
    late = view_point(made, late=True)
    assert [point.pk for point in open_points([made.consultation.pk])] == [late.pk]
    add_to_answer(actor=made.adviser, answer=answer, items=[late])
    assert Item.objects.get(pk=late.pk).answered_at is not None and told(made.official)
    later = reaction(made, "Nog een reactie.", author=make_person())
    answer_all(made, kind="not", reason=OTHER, items=[later])
    assert len(told(later.author)) == 1
    answer.refresh_from_db()
    change_answer(actor=made.adviser, answer=answer, version=answer.version, kind="not", reason=OTHER)
    assert "was changed" in told(made.resident)[-1] and "Not taken over" in told(made.resident)[-1]
    assert Amendment.objects.count() == 0 and live(row).kind == "not"


# --- the debt --------------------------------------------------------------------------------------------------
def test_an_answer_is_owed_from_the_closing_of_the_round(made):
    row, late = reaction(made), view_point(made, late=True)
    open_one = reaction(make_consultation(state="open", round_state="open"))
    assert owe_answers() == 2 and owe_answers() == 0
    term = association().terms.consultation_answer
    for item in (row, late, open_one):
        item.refresh_from_db()
    assert row.due_at == terms.due(term, made.round.closed_at)
    assert late.due_at == terms.due(term, late.changed_at) > row.due_at
    assert open_one.due_at is None
    Item.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(days=1))
    assert list(Item.objects.debts()) == [Item.objects.get(pk=row.pk)]
    answer_all(made)
    assert Item.objects.debts().count() == 1  # it is owed until it is published
    published(made)
    assert not Item.objects.debts().exists()


# --- what always holds -----------------------------------------------------------------------------------------
@settings(max_examples=12, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["give", "change", "add", "back"]), st.sets(st.integers(0, 4), min_size=1)),
        max_size=12,
    )
)
def test_whatever_happens_each_point_has_at_most_one_answer_and_no_answer_is_lost(steps):
    made = make_consultation()
    items = one_of_each(made)
    said: set[tuple[int, int]] = set()  # (answer, item) that ever held
    for number, (step, chosen) in enumerate(steps):
        some = [items[n] for n in sorted(chosen)]
        reason = f"{REASON} Stap {number}."
        answer = Answer.objects.filter(consultation=made.consultation).order_by("pk").last()
        try:
            if step == "give":
                answer_all(made, reason=reason, items=some)
            elif answer is None:
                continue
            elif step == "change":
                change_answer(
                    actor=made.adviser,
                    answer=answer,
                    version=answer.version,
                    kind="not",
                    reason=reason,
                    items=some,
                )
            elif step == "add":
                add_to_answer(actor=made.adviser, answer=answer, items=some)
            else:
                take_back_answer(actor=made.adviser, answer=answer, items=some)
        except ValidationError:
            pass
        rows = Answered.objects.filter(answer__consultation=made.consultation)
        held = set(rows.values_list("answer_id", "item_id"))
        assert said <= held
        said = held
        now = list(rows.filter(ended_at__isnull=True).values_list("item_id", flat=True))
        assert len(now) == len(set(now))
        unanswered = {point.pk for point in open_points([made.consultation.pk])}
        assert unanswered == {item.pk for item in items} - set(now)
