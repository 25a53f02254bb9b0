"""The pages of a round: who sees what before, during and after; the bureau's way through one; files; queries."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from omkering.agenda.commands.candidates import nominate, withdraw_candidate
from omkering.agenda.commands.priority_ballots import hand_in
from omkering.agenda.commands.rounds import close_round, open_round, withdraw_round
from omkering.agenda.models import Candidate, Departure, Round
from omkering.thread.models import Item, Visibility
from omkering.who.models import Body, Mandate
from tests.agenda.rounds import (
    choose,
    line_of,
    make_body,
    make_bundle,
    members_with_voters,
    open_with,
    past_its_time,
    plan,
    with_candidates,
)
from tests.decide.votes import log_in
from tests.people import LONG_AGO, make_adviser, make_member, make_network, make_person

pytestmark = pytest.mark.django_db
REASON = "Het kabinet heeft hier gisteren zelf een wet voor ingediend."


@pytest.fixture(autouse=True)
def _english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    cache.clear()


def page(client, name: str, *args, **query) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.status_code
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return " ".join(text.split())


def lines_of(client, name: str, pk: int) -> list[str]:
    answer = client.get(reverse(name, args=[pk, "csv"]))
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


# --- who sees what ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["planned", "open", "closed"])
def test_a_round_for_members_does_not_exist_for_a_visitor(client, state):
    [(member, _voter)] = members_with_voters(5_000)
    adviser = make_adviser()
    round_ = plan(adviser, visibility=Visibility.MEMBERS)
    candidates = with_candidates(round_, adviser)
    if state != "planned":
        round_ = open_round(actor=adviser, round=round_)
    if state == "closed":
        round_ = close_round(actor=adviser, round=round_)
    addresses = [
        reverse("agenda:round", args=[round_.pk]),
        reverse("agenda:round_roll", args=[round_.pk]),
        reverse("agenda:round_roll_file", args=[round_.pk, "csv"]),
        reverse("agenda:round_ballots", args=[round_.pk, "csv"]),
        reverse("agenda:candidate", args=[round_.pk, candidates[0].pk]),
    ]
    assert [client.get(address).status_code for address in addresses] == [404] * 5
    assert round_.title not in page(client, "agenda:rounds")
    log_in(client, make_person("official", member=member))
    after = 200 if state == "closed" else 404
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200, after, after]
    assert round_.title in page(client, "agenda:rounds")


def test_pages_of_the_bureau_are_closed_to_others(client):
    [(member, voter)] = members_with_voters(1_000)
    adviser = make_adviser()
    round_ = plan(adviser)
    candidate = with_candidates(round_, adviser)[0]
    steps = ("change_round", "open_round", "close_round", "withdraw_round", "add_candidates")
    addresses = [
        reverse("agenda:plan_round"),
        reverse("agenda:nominate", args=[candidate.item_id]),
        reverse("agenda:withdraw_candidate", args=[round_.pk, candidate.pk]),
        *(reverse(f"agenda:{name}", args=[round_.pk]) for name in steps),
    ]
    assert {client.get(address).status_code for address in addresses} == {302}
    for person in (
        voter,
        make_person("clerk", member=member),
        make_person("committee_member", body=make_body()),
    ):
        log_in(client, person)
        for address in addresses:
            assert client.get(address).status_code == 403
            assert client.post(address, {"title": "x", "reason": "y"}).status_code == 403
    assert (
        Round.objects.get().state == "planned" and Candidate.objects.get(pk=candidate.pk).withdrawn_at is None
    )


@pytest.mark.parametrize("state", ["planned", "open", "closed", "withdrawn"])
@pytest.mark.parametrize("kind", ["approval", "points", "ranking"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_state_and_kind_shows_for_visitor_voter_and_bureau(client, state, kind, language):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    people = members_with_voters(5_000, 6_000)
    adviser = make_adviser()
    round_ = plan(adviser, ballot_kind=kind, points=5 if kind == "points" else None)
    candidates = with_candidates(round_, adviser)
    if state == "withdrawn":
        withdraw_round(actor=adviser, round=round_)
    elif state != "planned":
        round_ = open_round(actor=adviser, round=round_)
        choose(round_, *people[0], candidates[0], candidates[1])
        if state == "closed":
            close_round(actor=adviser, round=round_)
    for person in (None, people[0][1], adviser):
        if person is not None:
            log_in(client, person)
        text = page(client, "agenda:round", round_.pk)
        assert "Opgave 0" in text
        assert ("Methode" in text or "vereniging" in text) == (language == "nl")
        page(client, "agenda:round_roll", round_.pk)
        if state == "closed":
            page(client, "agenda:candidate", round_.pk, candidates[1].pk)


def test_a_candidate_that_the_reader_may_not_read_has_no_words(client):
    make_member()
    round_, candidates = open_with()
    Item.objects.filter(pk=candidates[0].item_id).update(visibility=Visibility.BUREAU)
    text = page(client, "agenda:round", round_.pk)
    assert "Opgave 0" not in text and "A candidate that is not open to you" in text
    assert "Opgave 1" in text


# --- the bureau ------------------------------------------------------------------------------------------
def filled(**changes) -> dict[str, object]:
    now = timezone.localtime()
    return {
        "title": "Prioriteiten van 2027",
        "explanation": "Wij kiezen **samen**.",
        "maximum": 1,
        "ballot_kind": "approval",
        "electorate": "members",
        "weight_rule_key": "per-1000-cap-75",
        "visibility": "public",
        "opens_at": (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (now + timedelta(days=8)).strftime("%Y-%m-%dT%H:%M"),
        "reference_date": "2022-06-01",
        **changes,
    }


def test_the_bureau_plans_a_round_finds_candidates_opens_and_closes_it(client):
    make_member(inhabitants=5_500)
    warm, water = make_bundle("Dure warmtenetten"), make_bundle("Schoon water")
    log_in(client, make_adviser())
    assert "Opens" in page(client, "agenda:plan_round")
    made = client.post(reverse("agenda:plan_round"), filled())
    round_ = Round.objects.get()
    assert made.url == reverse("agenda:round", args=[round_.pk])
    text = page(client, "agenda:round", round_.pk)
    assert "This round has no candidates yet" in text and "<strong>samen</strong>" in text
    assert "As it would be today: 1 member with 6 votes" in text
    assert "It has not been verified against the statutes" in text

    add = reverse("agenda:add_candidates", args=[round_.pk])
    assert "Schoon water" not in page(client, "agenda:add_candidates", round_.pk, q="warmtenetten")
    for bundle in (warm, water):
        assert client.post(add, {"item": bundle.pk}).url == add
    assert "There is nothing left" in page(client, "agenda:add_candidates", round_.pk)
    for odd in ("", "x", "9" * 30, "999999"):
        assert client.post(add, {"item": odd}).status_code == 422
    third = make_bundle("Betaalbaar wonen")
    assert "Make it a candidate" in page(client, "agenda:nominate", third.pk)
    assert client.post(reverse("agenda:nominate", args=[third.pk]), {}).status_code == 422
    client.post(reverse("agenda:nominate", args=[third.pk]), {"round": round_.pk})
    out = reverse("agenda:withdraw_candidate", args=[round_.pk, Candidate.objects.get(item=third).pk])
    assert client.post(out, {"reason": "kort"}).status_code == 422
    client.post(out, {"reason": "Dit gaat op in een andere bundel."})
    assert client.get(out).status_code == 302
    text = page(client, "agenda:round", round_.pk)
    assert "2 candidates" in text and "1 candidate was taken out" in text and "andere bundel" in text

    client.post(reverse("agenda:change_round", args=[round_.pk]), filled(title="Prioriteiten van straks"))
    assert "Prioriteiten van straks" in page(client, "agenda:round", round_.pk)
    assert "Open this round now?" in page(client, "agenda:open_round", round_.pk)
    client.post(reverse("agenda:open_round", args=[round_.pk]))
    assert "0 of 1 members have chosen, with 0 of the 6 votes" in page(client, "agenda:round", round_.pk)
    assert client.get(reverse("agenda:change_round", args=[round_.pk])).status_code == 302
    assert client.get(add).status_code == 302
    assert client.post(add, {"item": third.pk}).status_code == 422
    assert client.post(reverse("agenda:withdraw_round", args=[round_.pk])).status_code == 422
    assert "No round takes candidates now" in page(client, "agenda:nominate", third.pk)

    assert "Close this round now?" in page(client, "agenda:close_round", round_.pk)
    client.post(reverse("agenda:close_round", args=[round_.pk]))
    text = page(client, "agenda:round", round_.pk)
    assert "Nobody chose, so there are no priorities." in text and "closed this round before its time" in text


def test_a_form_with_a_fault_keeps_what_was_typed_and_points_at_the_field(client):
    make_member()
    log_in(client, make_adviser())
    sent = filled(closes_at="2020-01-01T09:00", explanation="Mijn uitleg", maximum="veel")
    response = client.post(reverse("agenda:plan_round"), sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert "Mijn uitleg" in text and 'href="#id_maximum"' in text and "2020-01-01T09:00" in text
    response = client.post(reverse("agenda:plan_round"), filled(closes_at="2020-01-01T09:00"))
    assert response.status_code == 422 and 'href="#id_closes_at"' in response.content.decode()
    response = client.post(reverse("agenda:plan_round"), filled(ballot_kind="points", title="x"))
    assert response.status_code == 422
    assert not Round.objects.exists()


def test_calling_off_asks_first(client):
    make_member()
    adviser = make_adviser()
    round_ = plan(adviser)
    log_in(client, adviser)
    assert "Call this round off?" in page(client, "agenda:withdraw_round", round_.pk)
    client.post(reverse("agenda:withdraw_round", args=[round_.pk]))
    assert "This round was called off." in page(client, "agenda:round", round_.pk)


# --- the result ------------------------------------------------------------------------------------------
def test_nothing_of_what_is_chosen_shows_before_the_round_closes(client):
    (one, first), (_two, _second) = members_with_voters(60_000, 7_000)
    round_, candidates = open_with()
    addresses = [("agenda:round", round_.pk), ("agenda:round_roll", round_.pk)]

    def shown() -> list[str]:
        return [page(client, *address) for address in addresses] + lines_of(
            client, "agenda:round_roll_file", round_.pk
        )

    before = shown()
    choose(round_, one, first, candidates[0])
    after = shown()
    choose(round_, one, first, candidates[1], candidates[2])
    assert before != after == shown()
    assert "1 of 2 members have chosen, with 60 of the 67 votes" in after[0]
    assert client.get(reverse("agenda:round_ballots", args=[round_.pk, "csv"])).status_code == 404
    assert client.get(reverse("agenda:candidate", args=[round_.pk, candidates[0].pk])).status_code == 404


def test_the_result_says_what_why_what_was_lacked_and_how_plain_counting_would_do(client):
    """Two thirds want a and b, one third wants c: equal shares gives each its own, plain counting would not."""
    people = members_with_voters(*[10_000] * 6)
    adviser = make_adviser()
    round_, (a, b, c, d) = open_with(adviser, candidates=4, maximum=3)
    for member, voter in people[:4]:
        choose(round_, member, voter, a, b, d)
    for member, voter in people[4:]:
        choose(round_, member, voter, c)
    close_round(actor=None, round=past_its_time(round_))
    text = page(client, "agenda:round", round_.pk)
    assert "6 of 6 members chose, with 60 of the 60 votes." in text
    assert "4 members want this, with 40 votes (67% of those cast)." in text
    assert "2 members want this, with 20 votes (33% of those cast)." in text
    assert "A place costs the whole share of 20 votes." in text
    assert "That would be another choice." in text and "This is a comparison, not the result." in text
    assert "before its time" not in text
    assert [row.pk for row in (a, b, c)] == sorted(Round.objects.get().result["selected"])
    short = page(client, "agenda:candidate", round_.pk, d.pk)
    assert "Not chosen in the round" in short and "So it lacked 20." in short
    member = people[4][0]
    wishes = page(client, "agenda:round", round_.pk, member=member.code)
    assert f"{member.name}</h3>" in wishes and "Opgave 2: <strong>chosen</strong>" in wishes
    for odd in ("GM9999", "\x00", "'"):
        page(client, "agenda:round", round_.pk, member=odd)
    log_in(client, people[0][1])
    own = page(client, "agenda:round", round_.pk)
    assert f"{people[0][0].name}</h3>" in own and "Opgave 3: not chosen" in own


def test_the_minority_report_names_the_group_that_wanted_much_and_got_little(client):
    small, large = members_with_voters(*[1_000] * 5), members_with_voters(*[40_000] * 6)
    make_network("p10", *(member for member, _voter in small))
    adviser = make_adviser()
    round_, (a, z, _other) = open_with(adviser)
    for member, voter in large:
        choose(round_, member, voter, a)
    for member, voter in small:
        choose(round_, member, voter, z)
    close_round(actor=adviser, round=round_)
    text = page(client, "agenda:round", round_.pk)
    report = text[text.index("Minority report") :]
    assert "P10</h3><p>Got 0% of what it asked." in report.replace("> <", "><")
    assert "Opgave 1 (5 members)" in report and "No group got clearly less" not in report


def test_the_same_round_without_a_group_that_got_less_says_so(client):
    people = members_with_voters(*[1_000] * 5)
    adviser = make_adviser()
    round_, (a, *_others) = open_with(adviser)
    for member, voter in people:
        choose(round_, member, voter, a)
    close_round(actor=adviser, round=round_)
    assert "No group got clearly less." in page(client, "agenda:round", round_.pk)


def test_files_run_no_formula_whatever_a_member_or_a_candidate_is_called(client):
    member = make_member("EV1", name='=HYPERLINK("http://evil.example";"x")')
    voter = make_person("alderman", member=member, votes=True)
    adviser = make_adviser()
    round_ = plan(adviser)
    candidates = [
        nominate(actor=adviser, round=round_, item=make_bundle(title))
        for title in ("=1+1 warmte", "Water, schoon")
    ]
    round_ = open_round(actor=adviser, round=round_)
    choose(round_, member, voter, candidates[0])
    close_round(actor=adviser, round=round_)
    header, line = lines_of(client, "agenda:round_ballots", round_.pk)
    assert header == 'Code,Member or seat,Votes,\'=1+1 warmte,"Water, schoon"'
    assert line.startswith("EV1,\"'=HYPERLINK") and line.endswith(",30,1,")
    header, line = lines_of(client, "agenda:round_roll_file", round_.pk)
    assert header == "Code,Member or seat,Province,Inhabitants,Votes"
    assert line.startswith("EV1,\"'=HYPERLINK") and line.endswith(",30000,30")
    for name in ("agenda:round_ballots", "agenda:round_roll_file"):
        assert client.get(reverse(name, args=[round_.pk, "ods"])).getvalue().startswith(b"PK")
        assert client.get(reverse(name, args=[round_.pk, "exe"])).status_code == 404


# --- a body ----------------------------------------------------------------------------------------------
def test_of_a_body_no_page_and_no_file_names_who_sits_in_it_nor_who_chose_what(client):
    body = make_body(seats=3)
    adviser = make_adviser()
    round_, candidates = open_with(adviser, electorate="body", electing_body=body)
    lines = list(round_.roll.select_related("person").order_by("pk"))
    hand_in(actor=lines[2].person, line=lines[2], ballot={candidates[0].pk: 1})
    roll = lines_of(client, "agenda:round_roll_file", round_.pk)
    assert [line.split(",")[1] for line in roll[1:]] == ["Seat 1", "Seat 2", "Seat 3"]
    open_pages = page(client, "agenda:round", round_.pk) + page(client, "agenda:round_roll", round_.pk)
    assert "1 of 3 have chosen." in open_pages and "Seat 1" in open_pages
    hand_in(actor=lines[0].person, line=lines[0], ballot={candidates[1].pk: 1})
    close_round(actor=adviser, round=round_)
    texts = [
        page(client, "agenda:round", round_.pk),
        page(client, "agenda:round_roll", round_.pk),
        page(client, "agenda:candidate", round_.pk, candidates[0].pk),
        *lines_of(client, "agenda:round_ballots", round_.pk),
    ]
    for line in lines:
        assert all(line.person.name not in text for text in [open_pages, *texts, *roll])
    assert "2 of 3 chose." in texts[0] and "1 person wants this." in texts[0]
    # The order is that of what was chosen, whoever chose it; who handed in nothing comes last.
    assert [row.split(",", 3)[3] for row in texts[4:]] == ["1,,", ",1,", ",,"]


# --- departing -------------------------------------------------------------------------------------------
def test_a_committee_departs_on_its_own_page_and_everybody_sees_the_reason(client):
    [(member, voter)] = members_with_voters(5_000)
    adviser, body = make_adviser(), make_body()
    round_, (one, two, _three) = open_with(adviser)
    address = reverse("agenda:depart", args=[round_.pk, one.pk])
    log_in(client, make_person("committee_member", body=body))
    assert client.get(address).status_code == 302  # there is no result yet
    choose(round_, member, voter, one)
    close_round(actor=adviser, round=round_)
    assert address in page(client, "agenda:round", round_.pk)
    text = page(client, "agenda:depart", round_.pk, one.pk)
    assert "The members chose this." in text and "Commissie Zorg" not in text  # the reader reads English
    assert client.get(reverse("agenda:depart", args=[round_.pk, 999_999])).status_code == 404
    today = timezone.localdate().isoformat()
    refused = client.post(address, {"body": body.pk, "decided_on": today, "reason": "Zomaar."})
    assert refused.status_code == 422 and "Zomaar." in refused.content.decode()
    other = Body.objects.create(key="andere", names={"nl": "Andere", "en": "Other"}, kind="committee")
    foreign = client.post(address, {"body": other.pk, "decided_on": today, "reason": REASON})
    assert foreign.status_code == 422 and not Departure.objects.exists()
    assert client.post(address, {"body": body.pk, "decided_on": today, "reason": REASON}).status_code == 302
    client.logout()
    for text in (
        page(client, "agenda:round", round_.pk),
        page(client, "agenda:candidate", round_.pk, one.pk),
    ):
        assert REASON in text and "Committee does not take up “Opgave 0”, which was chosen" in text
    assert "Set aside by a body" in page(client, "agenda:round", round_.pk)
    log_in(client, voter)
    assert client.get(reverse("agenda:depart", args=[round_.pk, two.pk])).status_code == 403


# --- lists -----------------------------------------------------------------------------------------------
def test_the_list_filters_by_state_and_words(client):
    make_member()
    adviser = make_adviser()
    open_with(adviser)
    plan(adviser, title="Schuldhulp of schoon water")
    everything = page(client, "agenda:rounds")
    assert "Schuldhulp" in everything and "Prioriteiten van 2027" in everything
    assert "Schuldhulp" not in page(client, "agenda:rounds", state="open")
    assert "2027" not in page(client, "agenda:rounds", state="planned")
    assert "No round holds these words." in page(client, "agenda:rounds", q="jeugdzorg")
    assert "Schuldhulp" in page(client, "agenda:rounds", state="by-the-moon")


# --- how much the pages ask ------------------------------------------------------------------------------
def queries_of(client, *addresses: str) -> list[int]:
    found = []
    for address in addresses:
        client.get(address)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        found.append(len(queries))
    return found


@pytest.mark.parametrize("state", ["planned", "open", "closed"])
def test_the_number_of_queries_does_not_depend_on_members_candidates_or_ballots(client, state):
    def made(members: int, candidates: int) -> list[str]:
        people = members_with_voters(*[5_000] * members)
        make_network(f"n{members}", *(member for member, _voter in people))
        adviser = make_adviser()
        round_ = plan(adviser, title=f"Ronde van {members} leden")
        rows = with_candidates(round_, adviser, candidates)
        for row in rows[: candidates - 3]:
            withdraw_candidate(actor=adviser, candidate=row, reason="Dit gaat op in een andere bundel.")
        names = ["agenda:round", "agenda:round_roll"]
        if state != "planned":
            round_ = open_round(actor=adviser, round=round_)
            for member, voter in people:
                choose(round_, member, voter, rows[-1])
        if state == "closed":
            round_ = close_round(actor=adviser, round=round_)
        found = [reverse(name, args=[round_.pk]) for name in names]
        if state == "open":
            line = line_of(round_, people[0][0])
            Mandate.objects.create(person=reader, member=people[0][0], starts=LONG_AGO)
            found += [reverse(f"agenda:{name}", args=[round_.pk, line.pk]) for name in ("choose", "chosen")]
        return found

    reader = make_person("mayor", member=make_member())
    few = made(2, 4)
    log_in(client, reader)
    before = queries_of(client, *few)
    many = made(9, 9)
    assert queries_of(client, *many) == before
