"""The bureau answers; the sender objects once; somebody else answers that."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from omkering.journal.models import Event
from omkering.listen.commands.answers import (
    answer_objection,
    answer_signal,
    move,
    object_to_answer,
    take_into_review,
)
from omkering.listen.models import Answer, Signal, SignalState
from omkering.listen.rules import NEXT_STATES
from omkering.thread.models import Item, Notice
from omkering.thread.queries import in_words
from omkering.who.models import Body
from tests.listen.factory import REASON, make_signal
from tests.people import make_adviser, make_member, make_person

pytestmark = pytest.mark.django_db
OBJECTION = "Er is niet gekeken naar de dorpen, waar het juist het ergste is."


@pytest.fixture
def adviser():
    return make_adviser()


@pytest.fixture
def signal(adviser):
    return take_into_review(actor=adviser, signal=make_signal())


def test_every_state_has_its_next_ones():
    assert set(NEXT_STATES) == set(SignalState)
    assert {state for states in NEXT_STATES.values() for state in states} == set(SignalState) - {"submitted"}


@pytest.mark.parametrize("state", SignalState)
def test_only_allowed_steps(signal, state):
    for following in SignalState:
        signal.state = state
        if following in NEXT_STATES[state]:
            move(signal=signal, state=following)
            assert signal.state == following
        else:
            with pytest.raises(ValidationError, match="kan niet"):
                move(signal=signal, state=following)


def test_taking_into_review_is_no_answer_yet(signal):
    assert (signal.state, signal.answered_at) == ("in_review", None)
    notice = Notice.objects.get(person_id=signal.author_id)
    assert in_words(notice).text == "Het signaal “Energierekening te hoog” wordt bekeken."


@pytest.mark.parametrize("state", ["declined", "taken_up", "referred"])
def test_an_answer_has_a_reason_and_the_sender_hears_it(signal, adviser, state):
    answer = answer_signal(
        actor=adviser, signal=signal, state=state, reason=REASON, referred_to="het ministerie"
    )
    signal.refresh_from_db()
    assert (signal.state, answer.reason) == (state, REASON)
    assert signal.answered_at is not None
    assert answer.addressee == ("het ministerie" if state == "referred" else "")
    text = in_words(Notice.objects.get(milestone=f"signal.{state}", person_id=signal.author_id)).text
    assert REASON in text and signal.title in text
    event = Event.objects.get(verb=f"signal.{state}")
    assert (event.on_behalf_of, event.data) == ("association", {"answer": answer.pk, "state": state})


def test_referring_to_a_body_makes_it_that_bodys(signal, adviser):
    body = Body.objects.create(key="financien", names={"nl": "Commissie Financiën"}, kind="committee")
    answer = answer_signal(
        actor=adviser, signal=signal, state="referred", reason=REASON, referred_body=body, referred_to="x"
    )
    signal.refresh_from_db()
    assert (answer.addressee, answer.referred_to, signal.owner_body) == ("Commissie Financiën", "", body)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"reason": "Te kort."}, "reason"),
        ({"reason": "Bel 06-12345678 met de behandelaar hierover."}, "reason"),
        ({"state": "submitted"}, "state"),
        ({"state": "referred"}, "referred_to"),
    ],
)
def test_a_faulty_answer_is_not_given(signal, adviser, fields, where):
    with pytest.raises(ValidationError) as caught:
        answer_signal(actor=adviser, signal=signal, **{"state": "declined", "reason": REASON, **fields})
    assert list(caught.value.message_dict) == [where]
    assert not Answer.objects.exists()


def test_only_the_bureau_answers(signal):
    for person in (signal.author, make_person("board_member"), make_person()):
        with pytest.raises(PermissionDenied):
            answer_signal(actor=person, signal=signal, state="declined", reason=REASON)
        with pytest.raises(PermissionDenied):
            take_into_review(actor=person, signal=signal)


def test_an_answer_comes_after_looking(adviser):
    with pytest.raises(ValidationError, match="kan niet"):
        answer_signal(actor=adviser, signal=make_signal(), state="declined", reason=REASON)


# --- objecting -------------------------------------------------------------------------------------------
@pytest.fixture
def declined(signal, adviser):
    answer_signal(actor=adviser, signal=signal, state="declined", reason=REASON)
    return Signal.objects.get(pk=signal.pk)


def test_an_objection_makes_an_answer_owed_again(declined):
    colleague = make_person("mayor", member=declined.owner_member)
    objection = object_to_answer(actor=colleague, signal=declined, text=OBJECTION)
    declined.refresh_from_db()
    assert (declined.answered_at, declined.due_at) == (None, objection.due_at)
    late = objection.due_at + timedelta(days=1)
    assert list(Item.objects.debts(late)) == [declined.item_ptr]
    assert Notice.objects.filter(milestone="objection.made", person_id=declined.author_id).exists()


def test_once_by_the_sender_within_the_term(declined):
    with pytest.raises(PermissionDenied):
        object_to_answer(actor=make_person("official", member=make_member()), signal=declined, text=OBJECTION)
    Answer.objects.update(created_at=declined.created_at - timedelta(days=60))
    with pytest.raises(ValidationError, match="voorbij"):
        object_to_answer(actor=declined.author, signal=declined, text=OBJECTION)
    Answer.objects.update(created_at=declined.created_at)
    object_to_answer(actor=declined.author, signal=declined, text=OBJECTION)
    with pytest.raises(ValidationError, match="één keer"):
        object_to_answer(actor=declined.author, signal=declined, text=OBJECTION)


def test_not_before_there_is_an_answer(signal):
    with pytest.raises(ValidationError, match="afgewezen of doorverwezen"):
        object_to_answer(actor=signal.author, signal=signal, text=OBJECTION)


def test_four_eyes(declined, adviser):
    objection = object_to_answer(actor=declined.author, signal=declined, text=OBJECTION)
    with pytest.raises(PermissionDenied):
        answer_objection(actor=adviser, objection=objection, reply=REASON, upheld=False)
    with pytest.raises(PermissionDenied):
        answer_objection(actor=declined.author, objection=objection, reply=REASON, upheld=False)
    answer_objection(actor=make_adviser(), objection=objection, reply=REASON, upheld=False)
    with pytest.raises(ValidationError, match="al beantwoord"):
        answer_objection(actor=make_adviser(), objection=objection, reply=REASON, upheld=True)


@pytest.mark.parametrize(("upheld", "state"), [(True, "in_review"), (False, "declined")])
def test_what_an_objection_does(declined, upheld, state):
    objection = object_to_answer(actor=declined.author, signal=declined, text=OBJECTION)
    answer_objection(actor=make_adviser(), objection=objection, reply=REASON, upheld=upheld)
    declined.refresh_from_db()
    assert (declined.state, declined.answered_at is None) == (state, upheld)
    event = Event.objects.get(verb="objection.answered")
    assert event.result == ("upheld" if upheld else "rejected")
    milestone = "objection.upheld" if upheld else "objection.rejected"
    assert REASON in in_words(Notice.objects.get(milestone=milestone, person_id=declined.author_id)).text


def test_after_an_upheld_objection_it_is_answered_anew_but_not_objected_to(declined, adviser):
    objection = object_to_answer(actor=declined.author, signal=declined, text=OBJECTION)
    answer_objection(actor=make_adviser(), objection=objection, reply=REASON, upheld=True)
    answer_signal(actor=adviser, signal=declined, state="declined", reason=REASON)
    assert Notice.objects.filter(milestone="signal.declined", person_id=declined.author_id).count() == 2
    with pytest.raises(ValidationError, match="één keer"):
        object_to_answer(actor=declined.author, signal=declined, text=OBJECTION)
