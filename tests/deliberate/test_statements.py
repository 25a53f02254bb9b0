"""Statements: written, looked at, voted on; refused with a sentence, and nothing lost."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from omkering.deliberate.commands.statements import (
    MOST_OF_ONE,
    refuse_statement,
    show_statement,
    vote,
    write_statement,
)
from omkering.deliberate.models import ConsultationRound, Public, Statement, StatementVote
from omkering.deliberate.publics import in_public, rounds_asking
from omkering.deliberate.queries.statements import alike, next_turn
from omkering.journal.models import Event
from omkering.thread.commands import announce
from omkering.thread.models import Item, Link, Notice, Visibility
from omkering.who.models import Body
from omkering.who.personal_data import personal_data_of
from omkering.who.standing import standing_of
from tests.deliberate.statement_rounds import TEXTS, close, make_round, make_voters, with_statements
from tests.people import make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db
REASON = "Dit gaat over iets anders dan dit document."


@pytest.fixture
def writer():
    return make_person("official", member=make_member())


def words(error) -> str:
    return " ".join(error.value.messages)


# --- writing ---------------------------------------------------------------------------------------------
def test_a_statement_waits_where_only_its_author_and_the_bureau_see_it(writer):
    round = make_round()
    made = write_statement(actor=writer, round=round, text=f" {TEXTS[0]}\n")
    assert (made.text, made.title, made.state, made.number) == (TEXTS[0], TEXTS[0], "waiting", 1)
    seen_by = {
        name: Item.objects.filter(pk=made.pk).visible_to(standing_of(person), person.pk).exists()
        for name, person in {
            "author": writer,
            "bureau": make_adviser(),
            "colleague": make_person("mayor", member=make_member()),
        }.items()
    }
    assert seen_by == {"author": True, "bureau": True, "colleague": False}
    (event,) = Event.objects.filter(verb="statement.written")
    assert event.actor == writer.pk and event.data == {"round": round.pk, "number": 1}


def test_the_same_statement_twice_is_one(writer):
    round = make_round()
    first = write_statement(actor=writer, round=round, text=TEXTS[0])
    assert write_statement(actor=writer, round=round, text=TEXTS[0].upper()).pk == first.pk
    other = make_person("official", member=make_member())
    second = write_statement(actor=other, round=round, text=TEXTS[0])  # what waits is not told
    assert second.pk != first.pk and second.number == 2
    show_statement(actor=make_adviser(), statement=first)
    with pytest.raises(ValidationError, match="stelling 1"):
        write_statement(actor=make_person("mayor", member=make_member()), round=round, text=TEXTS[0])
    assert Event.objects.filter(verb="statement.written").count() == 2


def test_who_is_asked():
    network = make_network("g99", make_member())
    body = Body.objects.create(key="commissie", names={"nl": "Commissie"}, kind="committee")
    people = {
        "citizen": make_person(),
        "member": make_person("official", member=make_member()),
        "of_network": make_person("official", member=network.memberships.get().member),
        "secretary": make_person("network_secretary", network=network),
        "seat": make_person("committee_member", body=body),
    }
    asked = {
        Public.EVERYONE: set(people),
        Public.MEMBERS: {"member", "of_network", "secretary", "seat"},
        Public.NETWORK: {"of_network", "secretary"},
        Public.BODY: {"seat"},
    }
    for number, (public, names) in enumerate(asked.items(), 1):
        round = make_round(
            number=number,
            public=public,
            network=network if public == Public.NETWORK else None,
            of_body=body if public == Public.BODY else None,
        )
        assert {name for name, person in people.items() if in_public(person, round)} == names
        for name, person in people.items():
            assert ConsultationRound.objects.filter(rounds_asking(person), pk=round.pk).exists() == (
                name in names
            )
            if name in names:
                write_statement(actor=person, round=round, text=TEXTS[0])
            else:
                with pytest.raises(PermissionDenied):
                    write_statement(actor=person, round=round, text=TEXTS[0])


def test_not_before_opening_nor_after_closing(writer):
    planned = make_round(state="planned", opens_at=timezone.now() + timedelta(hours=1))
    closing = make_round(closes_at=timezone.now() - timedelta(seconds=1))  # the clock has not closed it yet
    other_ways = make_round(takes_statements=False)
    for round, sentence in ((planned, "niet open"), (closing, "gesloten"), (other_ways, "geen stellingen")):
        with pytest.raises(ValidationError, match=sentence):
            write_statement(actor=writer, round=round, text=TEXTS[0])
    assert not Statement.objects.exists()


def test_nobody_drowns_the_others(writer):
    round = make_round()
    for number in range(MOST_OF_ONE):
        write_statement(actor=writer, round=round, text=f"Dit is mijn stelling met nummer {number}.")
    with pytest.raises(ValidationError, match=str(MOST_OF_ONE)):
        write_statement(actor=writer, round=round, text="Dit is er één te veel van mij.")


def test_those_that_say_much_the_same_are_found():
    round = make_round()
    shown = with_statements(round)
    found = alike(round, "Het Rijk hoort de kosten van warmtenetten te dragen.")
    assert found[0].statement.pk == shown[1].pk and found[0].percent > 40
    assert not alike(round, "Fietspaden verdienen een apart budget.")
    waiting = write_statement(actor=make_adviser(), round=round, text="Zwembaden blijven open voor iedereen.")
    found = [each.statement.pk for each in alike(round, waiting.text)]
    assert waiting.pk not in found  # what nobody looked at is not told
    show_statement(actor=make_adviser(), statement=waiting)
    assert alike(round, waiting.text)[0].statement.pk == waiting.pk


# --- moderation ------------------------------------------------------------------------------------------
def test_shown_with_the_visibility_of_the_round(writer):
    network = make_network("g98", make_member())
    wanted = {
        ("everyone", "public"): ("public", None),
        ("everyone", "members"): ("members", None),
        ("members", "public"): ("members", None),
        ("network", "public"): ("network", network.pk),
        ("network", "bureau"): ("bureau", None),
    }
    adviser, secretary = make_adviser(), make_person("network_secretary", network=network)
    for (public, above), found in wanted.items():
        round = make_round(public=public, network=network if public == "network" else None, visibility=above)
        made = write_statement(actor=secretary, round=round, text=TEXTS[0])
        made = show_statement(actor=adviser, statement=made)
        assert (made.visibility, made.audience_id, made.state) == (*found, "shown")


def test_its_author_hears_what_became_of_it(writer):
    round, adviser = make_round(), make_adviser()
    first, second = (write_statement(actor=writer, round=round, text=text) for text in TEXTS[:2])
    show_statement(actor=adviser, statement=first)
    refuse_statement(actor=adviser, statement=second, reason=REASON)
    news = {notice.milestone: notice for notice in Notice.objects.filter(person=writer)}
    assert set(news) == {"statement.shown", "statement.refused"}
    assert news["statement.refused"].data["reason"] == REASON
    second.refresh_from_db()
    assert (second.state, second.moderation_reason, second.moderated_by) == ("refused", REASON, adviser)
    assert REASON not in str([event.data for event in Event.objects.all()])
    show_statement(actor=adviser, statement=second)  # on second thoughts
    refuse_statement(actor=adviser, statement=second, reason=REASON)
    assert Notice.objects.filter(person=writer, milestone="statement.refused").count() == 2


def test_the_same_as_another_hears_of_that_one(writer):
    round, adviser = make_round(), make_adviser()
    kept, double = (write_statement(actor=writer, round=round, text=text) for text in TEXTS[:2])
    with pytest.raises(ValidationError) as refused:
        refuse_statement(actor=adviser, statement=double, reason=REASON, same_as=kept)  # it is not shown
    assert set(refused.value.message_dict) == {"same_as"}
    show_statement(actor=adviser, statement=kept)
    kept.refresh_from_db()
    refuse_statement(actor=adviser, statement=double, reason=REASON, same_as=kept)
    assert Link.objects.filter(upstream=double, downstream=kept, kind="bundled_in").exists()
    told = announce(
        item=kept, milestone="statement.refused", actor=adviser, data={"reason": "x"}, once="test"
    )
    assert told == 1
    with pytest.raises(ValidationError):
        refuse_statement(actor=adviser, statement=kept, reason=REASON, same_as=kept)


def test_two_at_the_bureau_do_not_undo_each_other_unseen(writer):
    made = write_statement(actor=writer, round=make_round(), text=TEXTS[0])
    show_statement(actor=make_adviser(), statement=made, seen="waiting")
    with pytest.raises(ValidationError, match="iemand anders"):
        refuse_statement(actor=make_adviser(), statement=made, reason=REASON, seen="waiting")
    show_statement(actor=make_adviser(), statement=made)  # twice is once
    assert Event.objects.filter(verb="statement.shown").count() == 1


def test_who_may_moderate_and_with_which_reason(writer):
    made = write_statement(actor=writer, round=make_round(), text=TEXTS[0])
    for command, more in ((show_statement, {}), (refuse_statement, {"reason": REASON})):
        with pytest.raises(PermissionDenied):
            command(actor=writer, statement=made, **more)
    with pytest.raises(ValidationError) as refused:
        refuse_statement(actor=make_adviser(), statement=made, reason="Nee")
    assert set(refused.value.message_dict) == {"reason"}
    Statement.objects.filter(pk=made.pk).update(state="answered")
    with pytest.raises(ValidationError, match="beantwoord"):
        refuse_statement(actor=make_adviser(), statement=made, reason=REASON)


def test_history_of_decisions_is_kept_but_not_of_counts(writer):
    made = show_statement(
        actor=make_adviser(), statement=write_statement(actor=writer, round=make_round(), text=TEXTS[0])
    )
    history = apps.get_model("deliberate.StatementEvent").objects.filter(pgh_obj=made)
    before = history.count()
    Statement.objects.filter(pk=made.pk).update(vote_count=12)
    assert history.count() == before > 1


# --- voting ----------------------------------------------------------------------------------------------
def test_the_last_vote_counts_and_records_no_event():
    round = make_round()
    statement = with_statements(round, 1)[0]
    member = make_member()
    voter = make_person("councillor", member=member)
    events = Event.objects.count()
    for value in (1, 1, -1, 0):
        vote(actor=voter, statement=statement, value=value)
        (row,) = StatementVote.objects.filter(statement=statement, person=voter)
        assert row.value == value and row.member == member
    assert Event.objects.count() == events
    before = StatementVote.objects.get(person=voter).changed_at
    vote(actor=voter, statement=statement, value=0)
    assert StatementVote.objects.get(person=voter).changed_at == before


def test_a_vote_is_one_statement_of_sql(django_assert_num_queries):
    round = make_round()
    statements = with_statements(round, 2)
    voter = make_voters(1)[0]
    vote(
        actor=voter, statement=statements[0], value=1
    )  # asks for the map; within a second it is not asked again
    with django_assert_num_queries(1):
        vote(actor=voter, statement=statements[1], value=-1)


def test_votes_that_are_refused():
    round = make_round()
    shown = with_statements(round, 1)[0]
    voter = make_voters(1)[0]
    waiting = write_statement(actor=voter, round=round, text=TEXTS[3])
    with pytest.raises(ValidationError, match="niet getoond"):
        vote(actor=voter, statement=waiting, value=1)
    for value in (2, -2):
        with pytest.raises(ValidationError):
            vote(actor=voter, statement=shown, value=value)
    with pytest.raises(PermissionDenied):
        vote(actor=make_person(), statement=shown, value=1)
    vote(actor=voter, statement=shown, value=1)
    shown.in_round = close(round)
    with pytest.raises(ValidationError, match="gesloten"):
        vote(actor=voter, statement=shown, value=-1)
    assert StatementVote.objects.get().value == 1
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE deliberate_statementvote SET value = 3")


def test_votes_stay_when_a_statement_is_no_longer_shown():
    round = make_round()
    statement = with_statements(round, 1)[0]
    voter = make_voters(1)[0]
    vote(actor=voter, statement=statement, value=1)
    refuse_statement(actor=make_adviser(), statement=statement, reason=REASON)
    assert StatementVote.objects.get().value == 1
    with pytest.raises(ValidationError):
        vote(actor=voter, statement=statement, value=-1)


def test_turns_go_by_the_least_voted_until_all_are_done():
    round = make_round()
    statements = with_statements(round, 5)
    Statement.objects.exclude(pk=statements[3].pk).update(vote_count=100_000)
    voter = make_voters(1)[0]
    turn = next_turn(voter, round)
    assert (turn.statement.pk, turn.done, turn.total) == (statements[3].pk, 0, 5)
    assert next_turn(voter, round, first=statements[0].pk).statement.pk == statements[0].pk
    assert next_turn(voter, round, first=-1).statement.pk == statements[3].pk
    for number in range(5):
        turn = next_turn(voter, round)
        assert turn.done == number
        vote(actor=voter, statement=Statement.objects.get(pk=turn.statement.pk), value=1)
    assert next_turn(voter, round).statement is None
    again = next_turn(voter, round, first=statements[2].pk)  # to change a vote
    assert again.statement.pk == statements[2].pk and again.done == 5


# --- beside it -------------------------------------------------------------------------------------------
def test_what_is_kept_of_a_person(writer):
    round = make_round()
    statement = with_statements(round, 1)[0]
    adviser = statement.moderated_by
    vote(actor=writer, statement=statement, value=-1)
    (kept,) = personal_data_of(writer)["statement_votes"]
    assert kept["title"] == statement.text and kept["choice"] == "disagree"
    assert kept["member"] == str(writer.appointments.get().member)
    assert [row["id"] for row in personal_data_of(adviser)["moderated_statements"]] == [statement.pk]
    assert not personal_data_of(adviser)["statement_votes"]


def test_visibility_of_the_world(writer):
    made = with_statements(make_round(public="everyone"), 1)[0]
    assert made.visibility == Visibility.PUBLIC
