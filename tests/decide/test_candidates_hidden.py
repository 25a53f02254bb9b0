"""Nobody learns of a candidate who may not: through no page, list, search, export, notice, copy, history or event."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omkering.decide.commands import bodies, candidacies, elections, weighing
from omkering.decide.models import Candidacy, NominationRound, Recommendation, Vacancy
from omkering.decide.queries.nominations import candidates_of, readable_candidacies
from omkering.journal.models import Event
from omkering.thread.models import Notice
from omkering.thread.waiting import waiting_for
from omkering.who import retention
from omkering.who.commands.leaving import erase_person
from omkering.who.current import association
from omkering.who.models import Person
from omkering.who.personal_data import personal_data_of
from tests.decide.bodies_made import (
    MOTIVATION,
    NOT_NOW,
    REASON,
    alderman,
    closed,
    counter_over,
    make_round,
    make_seat,
    member_of,
    nominating_body,
    published,
    stand,
)
from tests.decide.votes import log_in, voter_of
from tests.people import make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db
SECRET = "Zeer herkenbare motivatie over de dijken bij Zoutkamp en de haven daar."
NAME = "Quirijn Vertrouwelijk"


@pytest.fixture
def scene():
    """A candidate with a name and words of their own, in a round that is weighed."""
    member = make_member()
    chapter = make_network("afdeling", member, kind="chapter")
    person = alderman(member)
    Person.objects.filter(pk=person.pk).update(name=NAME)
    person = Person.objects.get(pk=person.pk)
    round = make_round()
    row = stand(Vacancy.objects.get(nomination=round), person, networks=[chapter], motivation=SECRET)
    return {"person": person, "round": round, "row": row, "chapter": chapter, "member": member}


def people(scene) -> dict[str, Person]:
    member = make_member()
    return {
        "colleague": alderman(scene["member"]),
        "voter": voter_of(scene["member"]),
        "mayor": make_person("mayor", member=member),
        "other_secretary": make_person("network_secretary", network=make_network("ander")),
        "other_committee": make_person("board_member", body=scene["round"].owner_body),
        "secretary": make_person("network_secretary", network=scene["chapter"]),
        "weigher": make_person("committee_member", body=nominating_body()),
        "adviser": make_adviser(),
        "candidate": scene["person"],
    }


MAY = {"secretary", "weigher", "adviser", "candidate"}


def known(person: Person, round: NominationRound) -> set[int]:
    return {one.row.pk for rows in candidates_of(round, person).values() for one in rows}


def test_who_knows_of_a_candidate_while_the_round_is_weighed(scene):
    row, round = scene["row"], scene["round"]
    for state in ("open", "weighing"):
        for role, person in people(scene).items() if state == "open" else ():
            expected = {row.pk} if role in MAY else set()
            assert known(person, round) == expected, (state, role)
            assert set(readable_candidacies(person, round).values_list("pk", flat=True)) == expected, role
        if state == "open":
            round = closed(round)
    assert not readable_candidacies(None).exists()


@pytest.mark.parametrize("state", ["open", "weighing", "declined"])
def test_no_page_shows_a_candidate_to_who_may_not_know(scene, state):
    row, round = scene["row"], scene["round"]
    roles = people(scene)
    if state == "weighing":
        closed(round)
    if state == "declined":
        published(round)
    may = {"weigher", "adviser", "candidate"} if state == "declined" else MAY
    paths = [
        reverse("decide:nomination", args=[round.pk]),
        reverse("decide:vacancy", args=[row.vacancy_id]),
        reverse("decide:body", args=[round.owner_body_id]),
        *(reverse(name) for name in ("decide:nominations", "decide:bodies", "web:home")),
        f"{reverse('web:search')}?q=Zoutkamp",
        f"{reverse('web:search')}?q=Quirijn",
    ]
    own = [
        reverse(f"decide:{name}", args=[row.pk])
        for name in (
            "candidacy", "nominate", "answer_candidate", "recommend", "record_recommendation", "withdraw_candidacy",
            "agree_to_stand",
        )
    ]  # fmt: skip
    for role in sorted(set(roles) - may):
        client = Client()
        log_in(client, roles[role])
        for path in paths:
            page = client.get(path).content.decode()
            assert SECRET not in page and (NAME not in page), (role, path)
        for path in own:
            answers = {
                client.get(path).status_code,
                client.post(path, {"reason": REASON, "text": REASON}).status_code,
            }
            assert answers <= {403, 404}, (role, path, answers)
        assert client.get(own[0]).status_code == 404  # as one that is not there
        assert client.get(reverse("decide:candidacy", args=[99_999])).status_code == 404
    visitor = Client()
    for path in [*paths, *own]:
        page = visitor.get(path, follow=True).content.decode()
        assert SECRET not in page and NAME not in page
    assert Candidacy.objects.get(pk=row.pk).motivation == SECRET


def test_who_may_know_sees_it_and_no_more_than_that(scene):
    row, roles = scene["row"], people(scene)
    candidacies.recommend(actor=roles["secretary"], candidacy=row, network=scene["chapter"], text=REASON)
    closed(scene["round"])
    weighing.answer_candidate(actor=roles["weigher"], candidacy=row, reason=NOT_NOW)
    path = reverse("decide:candidacy", args=[row.pk])
    for role in sorted(MAY):
        client = Client()
        log_in(client, roles[role])
        page = client.get(path).content.decode()
        assert SECRET in page and (NAME in page), role
        assert (NOT_NOW in page) == (role in ("weigher", "adviser")), (
            role
        )  # not before the nominations are out
        assert REASON in page


def test_the_answer_to_who_is_not_nominated_is_theirs_alone(scene):
    row, roles = scene["row"], people(scene)
    published(scene["round"])
    for role, person in roles.items():
        found = [one for rows in candidates_of(scene["round"], person).values() for one in rows]
        assert [one.reason for one in found] == (
            [NOT_NOW] if role in ("weigher", "adviser", "candidate") else []
        ), role
    assert not readable_candidacies(roles["secretary"], scene["round"]).exists()
    assert row.pk in known(scene["person"], scene["round"])


def test_after_the_nominations_all_members_know_the_nominee_and_visitors_do_not(scene):
    published(scene["round"], scene["row"])
    for person in people(scene).values():
        assert known(person, scene["round"]) == {scene["row"].pk}
    page = Client().get(reverse("decide:nomination", args=[scene["round"].pk]), follow=True).content.decode()
    assert NAME not in page


def test_who_is_asked_by_a_member_is_known_to_them_and_that_member(scene):
    round = scene["round"]
    published(round, scene["row"])
    member = make_member()
    voter, asked = voter_of(member), alderman(member)
    row = candidacies.put_up(
        actor=voter, member=member, vacancy=scene["row"].vacancy, person=asked, motivation=MOTIVATION
    )
    roles = people(scene) | {"voter_of_member": voter, "asked": asked}
    for role, person in roles.items():
        assert (row.pk in known(person, round)) == (role in ("voter_of_member", "asked")), role


def test_events_hold_no_id_of_the_person_or_member_nor_where_it_came_from(scene):
    person, row = scene["person"], scene["row"]
    client = Client()
    log_in(client, person)
    path = reverse("decide:stand", args=[row.vacancy_id])
    words = {"member": scene["member"].pk, "motivation": f"{SECRET} Nog iets.", "party_kind": "local"}
    assert client.post(path, words).status_code == 302
    assert client.post(reverse("decide:withdraw_candidacy", args=[row.pk])).status_code == 302
    events = Event.objects.filter(verb__startswith="candidacy.") | Event.objects.filter(
        data__milestone__startswith="recommendation."
    )
    assert {event.verb for event in events} == {
        "candidacy.made", "candidacy.changed", "candidacy.withdrawn", "news.told",
    }  # fmt: skip
    for event in events:
        assert event.actor is None and event.on_behalf_of == ""
        assert event.subject == row.vacancy.subject
        assert set(event.data) <= {"candidacy", "networks", "milestone", "people"}
        assert event.origin in ("web", "system"), event.origin
    assert (
        not Event.objects.filter(actor=person.pk)
        .exclude(verb__startswith="person.")
        .exclude(verb__startswith="session.")
        .filter(subject=row.vacancy.subject)
        .exists()
    )


def test_no_history_of_rows_and_no_search_vector_holds_a_candidate(scene):
    published(scene["round"])
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', ["%Zoutkamp%"])
            found = cursor.fetchone()[0]
            assert found == (1 if table == "decide_candidacy" else 0), table


def test_news_and_what_waits_name_nobody(scene):
    roles = people(scene)
    published(scene["round"])
    for notice in Notice.objects.all():
        assert NAME not in json.dumps(notice.data) and SECRET not in json.dumps(notice.data)
    assert set(
        Notice.objects.filter(milestone="candidacy.not_nominated").values_list("person_id", flat=True)
    ) == {scene["person"].pk}
    for person in roles.values():
        assert all(NAME not in str(entry.text) for entry in waiting_for(person))


# --- what is kept ------------------------------------------------------------------------------------------
def test_the_copy_is_for_the_candidate_alone(scene):
    secretary = make_person("network_secretary", network=scene["chapter"])
    candidacies.recommend(actor=secretary, candidacy=scene["row"], network=scene["chapter"], text=REASON)
    own = json.dumps(personal_data_of(scene["person"]), ensure_ascii=False)
    assert SECRET in own and REASON in own
    theirs = json.dumps(personal_data_of(secretary), ensure_ascii=False)
    assert REASON in theirs and SECRET not in theirs and NAME not in theirs
    closed(scene["round"])
    weighing.answer_candidate(actor=make_adviser(), candidacy=scene["row"], reason=NOT_NOW)
    assert NOT_NOW not in json.dumps(personal_data_of(scene["person"]))
    published(scene["round"])
    assert NOT_NOW in json.dumps(personal_data_of(scene["person"]))


def test_what_came_to_nothing_goes_after_its_time():
    round = make_round(make_seat(), make_seat())
    first, second = Vacancy.objects.filter(nomination=round).order_by("pk")
    chosen, other = stand(first), stand(first)
    third = stand(second)
    published(round, chosen)
    counter_over(round)
    rule, period = retention.rules()["candidacies"], association().retention.candidacies
    later = timezone.now() + timedelta(days=400)
    assert rule.work(retention.before(period, later)) == 0  # the round is not over
    elections.acclaim(actor=make_adviser(), vacancy=first)
    elections.leave_open(actor=make_adviser(), vacancy=second, reason="Wij zoeken in het najaar verder.")
    assert rule.work(retention.before(period, timezone.now())) == 0
    assert rule.work(retention.before(period, later)) == 2
    assert list(Candidacy.objects.values_list("pk", flat=True)) == [chosen.pk]
    assert {other.pk, third.pk}.isdisjoint(Candidacy.objects.values_list("pk", flat=True))


def test_who_leaves_takes_their_candidacies_along(scene):
    secretary = make_person("network_secretary", network=scene["chapter"])
    candidacies.recommend(actor=secretary, candidacy=scene["row"], network=scene["chapter"], text=REASON)
    erase_person(actor=None, person=scene["person"])
    assert not Candidacy.objects.exists() and not Recommendation.objects.exists()


def test_of_who_was_appointed_it_stays_that_they_were(scene):
    published(scene["round"], scene["row"])
    counter_over(scene["round"])
    elections.acclaim(actor=make_adviser(), vacancy=scene["row"].vacancy)
    erase_person(actor=None, person=scene["person"])
    row = Candidacy.objects.get()
    assert (row.state, row.motivation, row.reason) == ("appointed", "", REASON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM decide_term")
        assert cursor.fetchone()[0] <= 1


def test_a_member_that_stands_is_not_named_by_the_composition_for_visitors(scene):
    term = bodies.begin_term(
        actor=make_adviser(),
        seat=make_seat(),
        person=scene["person"],
        member=member_of(scene["person"]),
        starts=timezone.localdate(),
    )
    path = reverse("decide:body", args=[term.seat.body_id])
    assert NAME not in Client().get(path).content.decode()
    insider = Client()
    log_in(insider, alderman())
    assert NAME in insider.get(path).content.decode()
    export = Client().get(reverse("decide:export_composition", args=[term.seat.body_id, "csv"]))
    assert NAME not in b"".join(export.streaming_content).decode()
