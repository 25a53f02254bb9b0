"""Minutes that write themselves, their notes, and the way to their adoption."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.utils import Error
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from omkering.decide import commands as all_commands
from omkering.decide.commands import minutes as commands
from omkering.decide.commands.vote_results import announce_result
from omkering.decide.models import LiveChange, Minutes, MinutesState, Vote
from omkering.decide.queries.minutes import document
from omkering.decide.queries.minutes_reading import all_entries, decisions, read
from omkering.decide.queries.ori import ori
from omkering.journal.models import Event
from omkering.thread.models import Item, Visibility
from tests.decide import motions
from tests.decide.minutes_made import cast_all, held, later, under_way, vote_on
from tests.decide.votes import make_proposal
from tests.people import make_person

pytestmark = pytest.mark.django_db
TEXT = "De vergadering vraagt om een overzicht van de kosten."


def item_of(doc, made):
    return next(item for item in doc["items"] if item["id"] == made.item.pk)


# --- what writes itself -----------------------------------------------------------------------------------------
def test_the_minutes_tell_who_was_there_and_what_happened():
    made = held()
    doc = document(made.meeting)
    assert json.loads(json.dumps(doc)) == doc  # plain data
    assert [line["member"]["code"] for line in doc["attendance"]] == [m.code for m, _p in made.members[:3]]
    assert all(stay["left_at"] for line in doc["attendance"] for stay in line["stays"])
    assert [(p["giver"]["code"], p["holder"]["code"]) for p in doc["proxies"]] == [
        (made.members[3][0].code, made.members[0][0].code)
    ]
    assert [step["what"] for step in doc["course"]] == ["opened", "closed"]
    item = item_of(doc, made)
    assert item["number"] == "2" and item["begun_at"]
    assert [entry["type"] for entry in item["entries"]] == ["speech", "vote", "undertaking"]
    vote = item["entries"][1]
    assert vote["text"] == made.proposal.text
    assert vote["result"]["outcome"] == "adopted"
    assert vote["outcome_words"]["nl"] != vote["outcome_words"]["en"]
    assert [(line["voter"], line["choice"]) for line in vote["roll_call"]] == [
        (member.code, choice)
        for (member, _person), choice in zip(made.members, ("for", "for", "against", "for"), strict=True)
    ]
    assert vote["roll_call"][3]["by_proxy"] == made.members[0][0].name


def test_a_document_names_no_person():
    made = held()
    spelled = json.dumps(document(made.meeting))
    assert not any(person.name in spelled for _member, person in made.members)


def test_a_result_waits_until_it_is_announced():
    made = under_way()
    vote = item_of(document(made.meeting), made)["entries"][1]
    assert vote["result"] is None and vote["roll_call"] is None
    announce_result(actor=made.adviser, vote=made.vote)
    assert item_of(document(made.meeting), made)["entries"][1]["result"]["outcome"] == "adopted"


def test_a_secret_vote_has_no_roll_call():
    made = under_way()
    announce_result(actor=made.adviser, vote=made.vote)
    secret = vote_on(
        make_proposal(made.adviser), made.meeting, made.item, made.adviser, secret=True, heads=True
    )
    cast_all(secret, [person for _member, person in made.members[:3]], "for")
    announce_result(actor=made.adviser, vote=all_commands.close_vote(actor=made.adviser, vote=secret))
    told = item_of(document(made.meeting), made)["entries"][-1]
    assert told["secret"] and told["result"] and told["roll_call"] is None


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries):
    made = under_way()
    from django.db import connection

    with CaptureQueriesContext(connection) as few:
        read(made.meeting, made.adviser)
    announce_result(actor=made.adviser, vote=made.vote)
    for _n in range(3):
        vote = vote_on(make_proposal(made.adviser), made.meeting, made.item, made.adviser)
        cast_all(vote, [person for _member, person in made.members[:3]], "for")
        announce_result(actor=made.adviser, vote=all_commands.close_vote(actor=made.adviser, vote=vote))
        commands.add_note(actor=made.adviser, meeting=made.meeting, text=TEXT, source=f"vote:{vote.pk}")
    with CaptureQueriesContext(connection) as many:
        read(made.meeting, made.adviser)
    assert len(many) <= len(few) + 4  # roll, ballots and notes are there now
    with django_assert_max_num_queries(20):
        read(made.meeting, made.adviser)


# --- who reads what ----------------------------------------------------------------------------------------------
def test_names_are_for_who_works_with_the_association():
    made = held()
    names = {entry["person_name"] for entry in item_of(read(made.meeting, made.adviser), made)["entries"][:1]}
    assert names == {made.members[0][1].name}
    assert not any(person.name in str(read(made.meeting, None)) for _member, person in made.members)


def test_what_is_not_for_everybody_is_hidden():
    made = held()
    Item.objects.filter(pk=made.vote.pk).update(visibility=Visibility.MEMBERS)
    hidden = item_of(read(made.meeting, None), made)["entries"][1]
    assert hidden["hidden"] and hidden["title"] is None and hidden["roll_call"] is None
    assert decisions(read(made.meeting, None))[0]["entries"][0]["type"] == "undertaking"
    assert not item_of(read(made.meeting, made.members[0][1]), made)["entries"][1]["hidden"]


def test_the_decisions_are_those_of_the_minutes():
    made = held()
    [decided] = decisions(read(made.meeting, None, roll_calls=False))
    assert decided["number"] == "2"
    assert [entry["type"] for entry in decided["entries"]] == ["vote", "undertaking"]


# --- notes -------------------------------------------------------------------------------------------------------
def test_a_note_stands_beside_what_it_is_about():
    made = under_way()
    beside = commands.add_note(
        actor=made.adviser,
        meeting=made.meeting,
        text=TEXT,
        source=f"vote:{made.vote.pk}",
        agenda_item=made.item,
    )
    below = commands.add_note(
        actor=made.adviser, meeting=made.meeting, text="Iets anders.", agenda_item=made.item
    )
    commands.add_note(actor=made.adviser, meeting=made.meeting, text="Over het geheel.")
    doc = document(made.meeting)
    item = item_of(doc, made)
    assert item["entries"][1]["note"]["id"] == beside.pk
    assert [note["id"] for note in item["notes"]] == [below.pk]
    assert [note["text"] for note in doc["notes"]] == ["Over het geheel."]
    assert Event.objects.filter(verb="minutes.note_added").count() == 3
    assert LiveChange.objects.filter(meeting=made.meeting, about="minutes").count() == 3
    # for others once the minutes are laid before the body
    assert item_of(read(made.meeting, made.members[0][1]), made)["notes"] == []


def test_the_same_note_twice_is_once_and_another_one_beside_the_same_thing_is_refused():
    made = under_way()
    place = {"source": f"speech:{made.speech.pk}", "agenda_item": made.item}
    first = commands.add_note(actor=made.adviser, meeting=made.meeting, text=TEXT, **place)
    assert commands.add_note(actor=made.adviser, meeting=made.meeting, text=TEXT, **place) == first
    with pytest.raises(ValidationError) as refused:
        commands.add_note(actor=made.adviser, meeting=made.meeting, text="Anders.", **place)
    assert refused.value.code == "changed"


def test_a_note_that_somebody_changed_meanwhile_is_not_overwritten():
    made = under_way()
    note = commands.add_note(actor=made.adviser, meeting=made.meeting, text=TEXT)
    commands.change_note(actor=made.adviser, note=note, text="Zo is het beter.", version=1)
    with pytest.raises(ValidationError) as refused:
        commands.change_note(actor=made.adviser, note=note, text="Nee, zo.", version=1)
    assert refused.value.code == "changed"
    with pytest.raises(ValidationError):
        commands.remove_note(actor=made.adviser, note=note, version=1)
    commands.remove_note(actor=made.adviser, note=note, version=2)
    assert commands.remove_note(actor=made.adviser, note=note, version=2).removed_at
    assert document(made.meeting)["notes"] == []


@pytest.mark.parametrize("source", ["vote:999999", "vote:", "paper:1", "nonsense", "vote:12x"])
def test_a_note_beside_what_did_not_happen_is_refused(source):
    made = under_way()
    with pytest.raises(ValidationError) as refused:
        commands.add_note(actor=made.adviser, meeting=made.meeting, text=TEXT, source=source)
    assert "source" in refused.value.message_dict


def test_only_the_bureau_writes():
    made = under_way()
    for person in (made.members[0][1], make_person()):
        with pytest.raises(PermissionDenied):
            commands.add_note(actor=person, meeting=made.meeting, text=TEXT)
    with pytest.raises(ValidationError):
        commands.add_note(actor=made.adviser, meeting=made.meeting, text="Bel 06-12345678.")


# --- adopted -----------------------------------------------------------------------------------------------------
def proposed():
    made = held()
    commands.add_note(actor=made.adviser, meeting=made.meeting, text=TEXT, agenda_item=made.item)
    made.next = later(made)
    made.agenda_item = commands.propose_minutes(actor=made.adviser, meeting=made.meeting, to=made.next)
    made.minutes = Minutes.objects.get(meeting=made.meeting)
    return made


def test_minutes_are_laid_before_a_later_meeting_of_the_same_body():
    made = proposed()
    assert made.agenda_item.kind == "minutes" and made.agenda_item.about_id == made.minutes.pk
    assert made.minutes.state == MinutesState.PROPOSED
    assert (
        commands.propose_minutes(actor=made.adviser, meeting=made.meeting, to=made.next) == made.agenda_item
    )
    assert item_of(read(made.meeting, None), made)["notes"]
    with pytest.raises(ValidationError):
        commands.propose_minutes(actor=made.adviser, meeting=made.meeting, to=made.meeting)


def test_minutes_of_a_meeting_that_goes_on_are_not_laid_before_another():
    made = under_way()
    with pytest.raises(ValidationError):
        commands.propose_minutes(actor=made.adviser, meeting=made.meeting, to=later(made))


def test_a_member_asks_for_a_correction_before_they_are_adopted():
    made = held()
    words = {"member": made.members[1][0], "text": "Wij waren tegen.", "agenda_item": made.item}
    commands.add_note(actor=made.adviser, meeting=made.meeting, text=TEXT)
    with pytest.raises(ValidationError):
        commands.record_correction(actor=made.adviser, meeting=made.meeting, **words)
    commands.propose_minutes(actor=made.adviser, meeting=made.meeting, to=later(made))
    commands.record_correction(actor=made.adviser, meeting=made.meeting, **words)
    [note] = item_of(read(made.meeting, None), made)["notes"]
    assert (note["asked_by"], note["text"]) == (made.members[1][0].name, "Wij waren tegen.")


def test_adopted_minutes_stay_as_they_are():
    made = proposed()
    before = document(made.meeting)["items"]
    minutes = commands.adopt_minutes(actor=made.adviser, meeting=made.next, minutes=made.minutes)
    assert (minutes.state, minutes.adopted_in) == (MinutesState.ADOPTED, made.next)
    assert commands.adopt_minutes(actor=made.adviser, meeting=made.next, minutes=minutes).pk == minutes.pk
    assert Event.objects.filter(verb="minutes.adopted").count() == 1
    Item.objects.filter(pk=made.undertaking.pk).update(title="Iets heel anders")
    shown = item_of(read(made.meeting, None), made)
    assert shown["entries"][2]["title"] == "Een overzicht van de kosten"
    assert Minutes.objects.get(pk=minutes.pk).frozen["items"] == before
    for change in ({"frozen": {}}, {"adopted_in": None}, {"adopted_at": None}):
        with pytest.raises(Error), transaction.atomic():
            Minutes.objects.filter(pk=minutes.pk).update(**change)
    with pytest.raises(ValidationError):
        commands.add_note(actor=made.adviser, meeting=made.meeting, text="Nog iets.")
    with pytest.raises(ValidationError):
        commands.propose_minutes(actor=made.adviser, meeting=made.meeting, to=made.next)


def test_minutes_that_were_not_laid_before_a_meeting_are_not_adopted_there():
    made = held()
    commands.add_note(actor=made.adviser, meeting=made.meeting, text=TEXT)
    minutes = Minutes.objects.get(meeting=made.meeting)
    with pytest.raises(ValidationError):
        commands.adopt_minutes(actor=made.adviser, meeting=later(made), minutes=minutes)
    with pytest.raises(PermissionDenied):
        commands.adopt_minutes(actor=made.members[0][1], meeting=later(made), minutes=minutes)


def test_a_vote_on_the_minutes_adopts_them():
    made = proposed()
    vote = vote_on(made.minutes, made.next, made.agenda_item, made.adviser, procedure="acclamation")
    vote = all_commands.close_vote(actor=made.adviser, vote=vote)
    announce_result(actor=made.adviser, vote=Vote.objects.get(pk=vote.pk))
    assert Minutes.objects.get(pk=made.minutes.pk).state == MinutesState.ADOPTED


def test_a_tie_that_the_chair_decided_is_told_as_it_was_decided():
    made = under_way()
    vote = vote_on(
        make_proposal(made.adviser), made.meeting, made.item, made.adviser, rule_set_key="one-each"
    )
    cast_all(vote, [made.members[1][1]], "for")
    cast_all(vote, [made.members[2][1]], "against")
    all_commands.close_vote(actor=made.adviser, vote=vote)
    all_commands.decide_tie(actor=made.adviser, vote=vote, choice="for")
    announce_result(actor=made.adviser, vote=vote)
    doc = document(made.meeting)
    [told] = [entry for entry in item_of(doc, made)["entries"] if entry["id"] == vote.pk]
    assert (told["result"]["outcome"], told["result"]["by_chair"]) == ("adopted", True)
    assert "The chair decided: adopted" in told["outcome_words"]["en"]
    assert "Nothing is decided" not in json.dumps(doc)
    data = ori(made.meeting, made.adviser, lambda part: f"https://omkering.example/{part}")
    assert '"gelijk"' in json.dumps(data, default=str)  # the vote; its decision says adopted


@pytest.mark.parametrize(("admitted", "state"), [(True, "urgent"), (False, "refused")])
def test_a_late_motion_stands_in_the_minutes_with_what_was_decided_on_it(admitted, state):
    w = motions.make_world(state="open", opened_at=timezone.now())
    motion, meeting = motions.late(w), w.meeting
    all_commands.decide_urgency(actor=w.adviser, motion=motion, admitted=admitted, reason="Zo besloten wij.")
    doc = document(meeting)
    [told] = [entry for entry in all_entries(doc) if entry["source"].startswith("admission:")]
    assert (told["item"], told["state"], told["text"]) == (motion.pk, state, "Zo besloten wij.")
    assert [entry["source"] for entry in all_entries(doc)] == [
        told["source"]
    ]  # and not once more as a motion
    note = commands.add_note(actor=w.adviser, meeting=meeting, text=TEXT, source=told["source"])
    assert note.source == told["source"]
