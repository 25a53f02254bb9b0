"""The life of a motion: drafted, filed, signed, advised on, merged, split, voted on, carried out and settled."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from omkering.decide import commands
from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.motion_outcomes import Part
from omkering.decide.models import Advice, Motion, MotionState, MotionTalk, Signature, VoteState
from omkering.journal.models import Event
from omkering.thread.models import Item, Link, Notice
from omkering.who.models import Person
from omkering.who.standing import standing_of
from tests.decide.motions import (
    CONSIDERING,
    REASON,
    REQUESTS,
    called,
    draft,
    filed,
    going_on,
    late,
    make_world,
    names,
    past_deadline,
    voted,
)
from tests.decide.running import make_body, make_chair
from tests.decide.votes import make_source
from tests.people import make_network

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def reads(person, row) -> bool:
    return Item.objects.filter(pk=row.pk).visible_to(standing_of(person), person.pk).exists()


def heard(person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("milestone", flat=True))


# --- drafts --------------------------------------------------------------------------------------------------
def test_a_draft_is_of_its_own_people_until_it_is_shared(w):
    row = draft(w, by=w.official)
    assert reads(w.mayor, row) and not reads(w.theirs, row) and not reads(w.far, row)
    shared = draft(w, by=w.official, title="Samen sneller keuren", shared_with=w.network)
    assert reads(w.theirs, shared) and not reads(w.far, shared)
    with pytest.raises(ValidationError, match="netwerk"):
        draft(w, title="Anders gedeeld", shared_with=make_network("k80"))


def test_a_shared_draft_can_be_signed_before_it_is_filed(w):
    row = draft(w, shared_with=w.network)
    commands.sign_motion(actor=w.theirs, motion=row, owner=w.other)
    with pytest.raises(PermissionDenied):
        commands.sign_motion(actor=w.far, motion=row, owner=w.third)
    row = commands.file_motion(actor=w.mayor, motion=row, meeting=w.meeting)
    assert names(row) == {w.own.name, w.other.name}
    assert [s.member for s in row.signatures.filter(filer=True)] == [w.own]


def test_the_same_draft_twice_is_one_and_an_old_version_is_refused(w):
    row = draft(w)
    assert draft(w).pk == row.pk
    changed = commands.change_motion(actor=w.official, motion=row, version=row.version, title="Nog sneller")
    assert changed.title == "Nog sneller" and not changed.texts.exists()
    with pytest.raises(ValidationError) as caught:
        commands.change_motion(actor=w.mayor, motion=row, version=row.version, title="Veel sneller")
    assert caught.value.code == "changed"


def test_an_official_prepares_but_does_not_file_or_sign(w):
    row = draft(w, by=w.official)
    with pytest.raises(PermissionDenied):
        commands.file_motion(actor=w.official, motion=row, meeting=w.meeting)
    with pytest.raises(PermissionDenied):
        draft(w, by=w.stranger)
    other = filed(w)
    with pytest.raises(PermissionDenied):
        commands.sign_motion(actor=w.official, motion=other, owner=w.own)


def test_a_network_files_by_its_secretary(w):
    row = filed(w, by=w.secretary, owner=w.network)
    assert row.network == w.network and names(row) == {str(w.network)}
    assert Event.objects.get(verb="motion.filed").on_behalf_of == "network:g9"


# --- filing --------------------------------------------------------------------------------------------------
def test_filing_gives_a_number_a_text_and_news_upstream(w):
    source = make_source(author=w.stranger)
    row = draft(w, sources=[source])
    row = commands.file_motion(actor=w.mayor, motion=row, meeting=w.meeting)
    assert (row.number, row.year, row.state) == (1, timezone.localdate().year, "filed")
    assert row.admission == "on_time" and row.visibility == "public"
    assert row.texts.get().requests == REQUESTS
    assert heard(w.stranger) == ["motion.filed"]
    assert commands.file_motion(actor=w.mayor, motion=row, meeting=w.meeting).number == 1
    assert filed(w, by=w.theirs, owner=w.other).number == 2


def test_what_is_filed_has_requests(w):
    row = draft(w, requests="")
    with pytest.raises(ValidationError) as caught:
        commands.file_motion(actor=w.mayor, motion=row, meeting=w.meeting)
    assert "requests" in caught.value.error_dict
    assert fresh(row).state == "draft" and fresh(row).number is None


def test_a_hidden_source_is_refused(w):
    hidden = make_source(visibility="bureau")
    with pytest.raises(PermissionDenied):
        draft(w, sources=[hidden])


def test_a_late_motion_needs_its_reasons_and_the_body_decides(w):
    past_deadline(w)
    with pytest.raises(ValidationError) as caught:
        commands.file_motion(actor=w.mayor, motion=draft(w), meeting=w.meeting)
    assert set(caught.value.error_dict) == {"urgency_current", "urgency_earlier"}
    row = late(w)
    assert row.admission == "asked"
    with pytest.raises(ValidationError):  # no vote on it before it is admitted
        voted(w, row)
    with pytest.raises(PermissionDenied):
        commands.decide_urgency(actor=w.mayor, motion=row, admitted=True, reason=REASON)
    commands.decide_urgency(actor=w.adviser, motion=row, admitted=True, reason=REASON)
    assert (fresh(row).admission, fresh(row).state) == ("urgent", "filed")
    assert voted(w, row).outcome == "adopted"


def test_a_late_motion_that_is_refused_can_come_to_a_later_meeting(w):
    row = late(w)
    commands.decide_urgency(actor=w.adviser, motion=row, admitted=False, reason=REASON)
    assert (fresh(row).admission, fresh(row).state) == ("refused", "not_admitted")
    assert row.steps.get(state="not_admitted").reason == REASON
    later = called(120, title="Najaarsvergadering")
    commands.bring_to_meeting(actor=w.mayor, motion=row, meeting=later)
    assert (fresh(row).admission, fresh(row).state, fresh(row).meeting_id) == ("on_time", "filed", later.pk)


@pytest.mark.parametrize(
    ("choice", "admission", "state"), [("for", "urgent", "filed"), ("against", "refused", "not_admitted")]
)
def test_the_body_can_vote_on_the_urgency(w, choice, admission, state):
    row = late(w)
    question = commands.ask_urgency(actor=w.adviser, motion=row)
    assert commands.ask_urgency(actor=w.adviser, motion=row).pk == question.pk
    voted(w, question, choice)
    assert (fresh(row).admission, fresh(row).state) == (admission, state)


# --- signatures ----------------------------------------------------------------------------------------------
def test_signing_twice_is_once_and_withdrawing_keeps_it(w):
    row = filed(w)
    one = commands.sign_motion(actor=w.theirs, motion=row, owner=w.other)
    assert commands.sign_motion(actor=w.theirs, motion=row, owner=w.other).pk == one.pk
    assert heard(w.mayor) == ["motion.signed"]
    commands.withdraw_signature(actor=w.theirs, signature=one)
    assert names(row) == {w.own.name}
    assert Signature.objects.filter(motion=row, member=w.other, withdrawn_at__isnull=False).count() == 1
    mine = row.signatures.get(filer=True)
    with pytest.raises(ValidationError):
        commands.withdraw_signature(actor=w.mayor, signature=mine)


def test_who_signed_hears_of_a_change_and_of_the_vote(w):
    row = filed(w)
    commands.sign_motion(actor=w.theirs, motion=row, owner=w.other)
    commands.change_motion(
        actor=w.mayor, motion=row, version=fresh(row).version, title=row.title, noting=row.noting,
        considering=CONSIDERING, requests="Een termijn van zes weken af te spreken.", reason=REASON,
    )  # fmt: skip
    assert [text.number for text in row.texts.all()] == [1, 2]
    assert "motion.changed" in heard(w.theirs)
    voted(w, row)
    assert heard(w.theirs).count("vote.adopted") == 1


def test_a_changed_motion_needs_a_reason(w):
    row = filed(w)
    with pytest.raises(ValidationError) as caught:
        commands.change_motion(
            actor=w.mayor, motion=row, version=row.version, title="Anders gekeurd", requests=REQUESTS
        )
    assert "reason" in caught.value.error_dict and row.texts.count() == 1


# --- advice --------------------------------------------------------------------------------------------------
def test_advice_is_added_and_never_changed(w):
    row = filed(w)
    first = commands.advise(actor=w.on_board, about=row, body=w.board, kind="reject", reason=REASON)
    assert commands.advise(actor=w.on_board, about=row, body=w.board, kind="reject", reason=REASON) == first
    second = commands.advise(actor=w.adviser, about=row, body=w.board, kind="adopt", reason=REASON)
    assert list(Advice.objects.filter(about=row, ended_at__isnull=True)) == [second]
    assert Advice.objects.get(pk=first.pk).kind == "reject"
    assert heard(w.mayor) == ["advice.given", "advice.given"]
    with pytest.raises(PermissionDenied):
        commands.advise(actor=w.mayor, about=row, body=w.board, kind="adopt", reason=REASON)


@pytest.mark.parametrize(
    ("advice", "choice", "state"),
    [
        ("hold", "for", "held"),
        ("take_over", "for", "taken_over"),
        ("reject", "for", "rejected"),
        ("adopt", "for", "adopted"),
        ("hold", "against", "filed"),
    ],
)
def test_a_vote_on_the_advice_has_the_effect_of_the_advice(w, advice, choice, state):
    row = filed(w)
    commands.advise(actor=w.adviser, about=row, body=w.board, kind=advice, reason=REASON)
    voted(w, row, choice, on_advice=advice)
    assert fresh(row).state == state


# --- votes ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("choices", "state"),
    [("for for for", "adopted"), ("against against for", "rejected"), ("for against abstain", "filed")],
)
def test_a_vote_decides(w, choices, state):
    row = filed(w)
    vote = voted(w, row, choices)
    assert fresh(row).state == state
    assert row.steps.filter(state="voting", caused_by=vote).exists()


def test_a_vote_that_is_undone_leaves_it_on_the_table(w):
    row = filed(w)
    now = timezone.now()
    vote = commands.plan_vote(
        actor=w.adviser, about=row.item_ptr, opens_at=now, closes_at=now + timedelta(days=1),
        reference_date=now.date(),
    )  # fmt: skip
    vote = commands.open_vote(actor=w.adviser, vote=vote)
    assert fresh(row).state == "voting"
    for act in (
        lambda: commands.withdraw_motion(actor=w.mayor, motion=fresh(row), reason=REASON),
        lambda: commands.hold_motion(actor=w.adviser, motion=fresh(row), reason=REASON),
        lambda: commands.sign_motion(actor=w.theirs, motion=fresh(row), owner=w.other),
    ):
        with pytest.raises(ValidationError):
            act()
    commands.undo_vote(actor=w.adviser, vote=vote, reason="De stemlijst klopte niet.")
    assert fresh(row).state == "filed"


def test_what_is_decided_is_not_voted_on_again(w):
    row = filed(w)
    voted(w, row, "against")
    with pytest.raises(ValidationError):
        voted(w, row)


def test_withdrawing_calls_off_the_planned_vote(w):
    row = filed(w)
    now = timezone.now()
    vote = commands.plan_vote(
        actor=w.adviser, about=row.item_ptr, opens_at=now, closes_at=now + timedelta(days=1),
        reference_date=now.date(),
    )  # fmt: skip
    commands.withdraw_motion(actor=w.mayor, motion=row, reason=REASON)
    vote.refresh_from_db()
    assert vote.state == VoteState.WITHDRAWN and fresh(row).state == "withdrawn"


# --- going together ------------------------------------------------------------------------------------------
def two(w):
    one = filed(w)
    other = filed(w, by=w.theirs, owner=w.other, title="Keuringen sneller")
    commands.sign_motion(actor=w.far, motion=one, owner=w.third)
    commands.sign_motion(actor=w.secretary, motion=other, owner=w.network)
    return one, other


def test_talks_lead_to_one_motion_and_nobody_is_lost(w):
    one, other = two(w)
    talk = commands.open_talk(actor=w.mayor, motion=other, other=one, text="Zullen wij samen gaan?")
    assert commands.open_talk(actor=w.theirs, motion=one, other=other).pk == talk.pk
    with pytest.raises(PermissionDenied):
        commands.say_in_talk(actor=w.far, talk=talk, text="Ik ook.")
    common = commands.propose_merger(
        actor=w.mayor, talk=talk, owner=w.own, title="Samen sneller keuren", requests=REQUESTS
    )
    with pytest.raises(ValidationError):  # who proposed it does not agree for the other side
        commands.agree_merger(actor=w.mayor, talk=talk)
    with pytest.raises(ValidationError):  # nor is it filed past the other side
        commands.file_motion(actor=w.mayor, motion=common, meeting=w.meeting)
    made = commands.agree_merger(actor=w.theirs, talk=talk, version=fresh(common).version)
    assert commands.agree_merger(actor=w.theirs, talk=talk).pk == made.pk
    assert names(made) == {w.own.name, w.other.name, w.third.name, str(w.network)}
    assert {s.member for s in made.signatures.filter(filer=True)} == {w.own, w.other}
    assert {fresh(one).state, fresh(other).state} == {"merged"}
    assert set(Motion.objects.filter(merged_into=made)) == {one, other}
    assert set(Link.objects.filter(downstream=made).values_list("upstream_id", flat=True)) == {
        one.pk,
        other.pk,
    }
    assert made.signatures.get(member=w.third).came_from == one
    assert "motion.merged" in heard(w.far)
    voted(w, made)
    assert {fresh(one).state, fresh(other).state} == {"merged"} and fresh(made).state == "adopted"


def test_ending_talks_ends_the_proposal(w):
    one, other = two(w)
    talk = commands.open_talk(actor=w.mayor, motion=one, other=other)
    common = commands.propose_merger(
        actor=w.mayor, talk=talk, owner=w.own, title="Samen sneller keuren", requests=REQUESTS
    )
    commands.end_talk(actor=w.theirs, talk=talk)
    assert fresh(common).state == "withdrawn" and fresh(one).state == "filed"
    with pytest.raises(ValidationError):
        commands.agree_merger(actor=w.theirs, talk=talk)
    assert MotionTalk.objects.get().ended_at is not None


def test_the_bureau_merges_once(w):
    one, other = two(w)
    values = {"title": "Samen sneller keuren", "requests": REQUESTS}
    with pytest.raises(PermissionDenied):
        commands.merge_motions(actor=w.mayor, motions=[one, other], **values)
    made = commands.merge_motions(actor=w.adviser, motions=[one, other], **values)
    again = commands.merge_motions(actor=w.adviser, motions=[fresh(one), fresh(other)], **values)
    assert again.pk == made.pk and made.number == 3


# --- split ---------------------------------------------------------------------------------------------------
def test_parts_have_a_fate_each(w):
    row = filed(w)
    commands.sign_motion(actor=w.theirs, motion=row, owner=w.other)
    with pytest.raises(ValidationError):
        commands.split_motion(actor=w.mayor, motion=row, parts=[Part("Alles", (0, 1))])
    with pytest.raises(ValidationError):
        commands.split_motion(actor=w.mayor, motion=row, parts=[Part("Een", (0,)), Part("Twee", (0,))])
    parts = commands.split_motion(
        actor=w.adviser, motion=row, parts=[Part("", (0,)), Part("Vertellen", (1,))]
    )
    assert "\n".join(part.requests for part in parts) == REQUESTS
    assert [(part.number, part.part_number) for part in parts] == [(1, 1), (1, 2)]
    assert all(names(part) == {w.own.name, w.other.name} for part in parts)
    voted(w, parts[0])
    commands.hold_motion(actor=w.adviser, motion=parts[1], reason=REASON)
    assert [fresh(part).state for part in (row, *parts)] == ["split", "adopted", "held"]
    assert filed(w, title="Een volgende motie").number == 2


# --- after adoption ------------------------------------------------------------------------------------------
def adopted(w):
    row = filed(w)
    voted(w, row)
    return fresh(row)


def test_a_plan_is_a_debt_until_the_account(w):
    row = adopted(w)
    due = timezone.localdate() + timedelta(days=30)
    with pytest.raises(PermissionDenied):
        commands.report(actor=w.on_board, about=row, text="Wij zijn begonnen.")
    commands.plan_execution(
        actor=w.on_board, about=row, owner_body=w.board, plan="Wij spreken een termijn af.", due=due
    )
    commands.report(actor=w.on_board, about=row, text="Wij zijn begonnen.")
    debts = Item.objects.debts(timezone.now() + timedelta(days=40))
    assert debts.filter(pk=row.pk).exists()
    commands.propose_settling(actor=w.on_board, about=row, account="De termijn is afgesproken en geldt nu.")
    assert not debts.all().filter(pk=row.pk).exists()
    assert {"followed.planned", "followed.reported", "followed.settling_proposed"} <= set(heard(w.mayor))


def test_the_filer_is_heard_and_the_assembly_decides(w):
    row = adopted(w)
    settling = commands.propose_settling(
        actor=w.adviser, about=row, account="De termijn is afgesproken en geldt nu."
    )
    with pytest.raises(PermissionDenied):
        commands.answer_settling(actor=w.far, settlement=settling, agrees=True)
    with pytest.raises(ValidationError):
        commands.answer_settling(actor=w.mayor, settlement=settling, agrees=False)
    commands.answer_settling(
        actor=w.mayor, settlement=settling, agrees=False, objection="De termijn wordt niet gehaald."
    )
    with pytest.raises(ValidationError):
        commands.answer_settling(actor=w.mayor, settlement=settling, agrees=True)
    with pytest.raises(ValidationError):  # in a meeting that has begun
        commands.decide_settling(actor=w.adviser, settlement=settling, meeting=w.meeting, settled=True)
    meeting = going_on(w)
    commands.decide_settling(actor=w.adviser, settlement=settling, meeting=meeting, settled=False)
    assert fresh(row).state == "adopted" and fresh(settling).state == "refused"
    again = commands.propose_settling(actor=w.adviser, about=row, account="De termijn wordt nu wel gehaald.")
    commands.answer_settling(actor=w.mayor, settlement=again, agrees=True)
    commands.decide_settling(actor=w.adviser, settlement=again, meeting=meeting, settled=True)
    assert fresh(row).state == "settled" and fresh(row).answered_at is not None
    with pytest.raises(ValidationError):
        commands.report(actor=w.adviser, about=fresh(row), text="Nog een bericht.")


def test_an_undertaking_is_recorded_in_a_line_and_followed_alike(w):
    source = make_source(author=w.stranger)
    meeting = going_on(w)
    item = add_agenda_item(actor=w.adviser, meeting=meeting, about=source)
    made = commands.record_undertaking(
        actor=w.adviser, meeting=meeting, title="Voor de zomer een brief", agenda_item=item, asked_by=w.own
    )
    assert (
        commands.record_undertaking(
            actor=w.adviser, meeting=meeting, title="Voor de zomer een brief", agenda_item=item
        ).pk
        == made.pk
    )
    assert heard(w.stranger) == ["undertaking.made"] and "undertaking.made" in heard(w.mayor)
    due = timezone.localdate() + timedelta(days=9)
    made = commands.change_undertaking(
        actor=w.adviser, undertaking=made, version=1, title=made.title, text="Aan de minister.",
        asked_by=w.own, due=due,
    )  # fmt: skip
    assert timezone.localdate(made.due_at) == due
    settling = commands.propose_settling(
        actor=w.adviser, about=made, account="De brief is gisteren verstuurd."
    )
    commands.answer_settling(actor=w.mayor, settlement=settling, agrees=True)
    commands.decide_settling(actor=w.adviser, settlement=settling, meeting=meeting, settled=True)
    assert fresh(made).state == "settled"
    with pytest.raises(ValidationError):
        commands.withdraw_undertaking(actor=w.adviser, undertaking=made)


def test_an_undertaking_needs_a_meeting_that_began(w):
    with pytest.raises(ValidationError):
        commands.record_undertaking(actor=w.adviser, meeting=w.meeting, title="Een brief voor de zomer")
    with pytest.raises(PermissionDenied):
        commands.record_undertaking(actor=w.mayor, meeting=going_on(w), title="Een brief voor de zomer")


def test_the_chair_records_what_its_meeting_decides(w):
    chair = make_chair(make_body())
    row = filed(w)
    commands.hold_motion(actor=chair, motion=row, reason=REASON)
    commands.record_undertaking(actor=chair, meeting=going_on(w), title="Een brief voor de zomer")
    with pytest.raises(PermissionDenied):
        commands.hold_motion(actor=w.on_board, motion=row, reason=REASON)


def test_taking_over_asks_for_an_account(w):
    row = filed(w)
    commands.take_over(actor=w.on_board, motion=row, body=w.board, reason=REASON)
    assert fresh(row).state == "taken_over"
    commands.plan_execution(actor=w.on_board, about=row, owner_body=w.board, plan="Wij doen dit zelf.")
    with pytest.raises(ValidationError):
        commands.withdraw_motion(actor=w.mayor, motion=fresh(row), reason=REASON)


def test_a_motion_goes_on_the_agenda_once(w):
    row = filed(w)
    item = commands.place_on_agenda(actor=w.adviser, motion=row)
    assert commands.place_on_agenda(actor=w.adviser, motion=fresh(row)).pk == item.pk
    assert fresh(row).agenda_item == item and item.kind == "motion"
    free = commands.file_motion(actor=w.mayor, motion=draft(w, title="Zonder vergadering"))
    put = add_agenda_item(
        actor=w.adviser, meeting=w.meeting, about=free.item_ptr
    )  # by the hand of the bureau
    assert (fresh(free).meeting, fresh(free).agenda_item) == (w.meeting, put)


# --- at the same time ----------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_many_file_at_once():
    w = make_world()
    rows = [draft(w, title=f"Motie {number} over keuren") for number in range(8)]
    rows.append(draft(w, title="Zonder verzoek", requests=""))  # fails: it must take no number
    errors = []

    def go(row):
        try:
            person = Person.objects.get(pk=w.mayor.pk)
            commands.file_motion(actor=person, motion=row, meeting=w.meeting)
        except ValidationError:
            pass
        except Exception as error:  # told below
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=go, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    numbers = Motion.objects.filter(number__isnull=False).values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, 9))
    assert Motion.objects.get(title="Zonder verzoek").state == MotionState.DRAFT
