"""The pages of consultations: who sees what, the way of a view and a reaction, errors at the field, files."""

import csv
import io
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omkering.deliberate import waiting_consultations as waiting
from omkering.deliberate.models import (
    Consultation,
    ConsultationRound,
    Contribution,
    Meeting,
    Question,
    Reply,
    View,
)
from omkering.ui.calendar import CalendarEvent, calendar
from omkering.who.models import Body, Member, Network, Person
from omkering.who.standing import standing_of
from tests.deliberate import world_consultations as world
from tests.deliberate.consultations_made import LONG_ENOUGH, make_consultation, open_one, past_its_time
from tests.people import make_member, make_network, make_person, make_theme
from tests.world import AT_MEMBER, BUREAU, give_session

pytestmark = pytest.mark.django_db
ROLES = (*AT_MEMBER, "network_secretary", "committee_member", *BUREAU)
PREFIX = "deliberate:"


@pytest.fixture
def c():
    """A small world with one of everything, and a client by role."""
    own, other = make_member(name="Eigen"), make_member(name="Ander")
    network = make_network("g40", own, make_member(name="Derde"))
    body = Body.objects.create(key="commissie", names={"nl": "Commissie"}, kind="committee")
    people = {role: make_person(role, member=own, votes=role == "mayor") for role in AT_MEMBER}
    people["network_secretary"] = make_person("network_secretary", network=network)
    people["committee_member"] = make_person("committee_member", body=body)
    people |= {role: make_person(role) for role in BUREAU}
    people["other"] = make_person("official", member=other)
    for number in range(9):
        make_member()
        make_network(f"k{number}", kind="chapter")
    made = SimpleNamespace(
        people=people, own=own, other=other, network=network, body=body, theme=make_theme(), ids={}
    )
    made.ids = world.build(made)
    made.clients = {
        "visitor": client_of(None),
        **{role: client_of(person) for role, person in people.items()},
    }
    cache.clear()
    return made


def client_of(person: Person | None) -> Client:
    client = Client(headers={"accept-language": "en"})
    if person is not None:
        give_session(client, person)
    return client


def url(c, name: str) -> str:
    return reverse(name, kwargs={key: c.ids.get(of, of) for key, of in world.ARGUMENTS.get(name, {}).items()})


def words(response) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return " ".join(text.split())


def read(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


# --- who sees what ---------------------------------------------------------------------------------------
def test_a_consultation_of_members_does_not_exist_for_a_visitor(c):
    Consultation.objects.filter(pk=c.ids["consultation"]).update(visibility="members")
    for name in ("consultation", "round", "contributions", "views", "meeting", "question_results"):
        assert c.clients["visitor"].get(url(c, PREFIX + name)).status_code == 404
        assert c.clients["official"].get(url(c, PREFIX + name)).status_code == 200
    assert "Samen verder" not in words(c.clients["visitor"].get(reverse("deliberate:consultations")))


def test_a_draft_of_a_view_is_read_by_its_own_people_alone(c):
    View.objects.filter(pk=c.ids["formal_view_draft"]).update(
        draft={"text": "Een heel bijzonder woord: pimpelmees.", "points": []}
    )
    for name in ("view", "view_versions"):
        path = reverse(f"deliberate:{name}", args=[c.ids["formal_view_draft"]])
        for role in ("visitor", "other", "network_secretary", "adviser", "administrator"):
            assert c.clients[role].get(path).status_code == 404, (name, role)
        assert c.clients["official"].get(path).status_code == 200
    path = reverse("deliberate:write_view", args=[c.ids["formal_view_draft"]])
    assert "pimpelmees" in words(c.clients["official"].get(path))


def test_a_personal_reaction_never_shows_as_the_members_word_nor_the_name(c):
    official = c.people["official"]
    for role in ("visitor", "other", "mayor"):
        text = words(c.clients[role].get(url(c, "deliberate:contribution")))
        assert "Personal reaction" in text and "Somebody who works for Eigen, for themselves" in text
        assert official.name not in text.replace("persoon", "")
    assert "You, for yourself" in words(c.clients["official"].get(url(c, "deliberate:contribution")))
    assert official.name in words(c.clients["adviser"].get(url(c, "deliberate:contribution")))
    lines = list(
        csv.reader(
            io.StringIO(
                read(c.clients["adviser"].get(url(c, "deliberate:contributions_file"))).decode("utf-8-sig")
            )
        )
    )
    kinds = {(line[1], line[2]) for line in lines[1:]}
    assert ("Formal view", "Eigen") in kinds
    assert ("Personal reaction", "Somebody who works for Eigen, for themselves") in kinds
    assert official.name not in str(lines)


def test_what_a_network_put_in_is_read_by_the_network_and_the_bureau(c):
    path = reverse("deliberate:contributions", args=[c.ids["consultation_network"]])
    assert [c.clients[role].get(path).status_code for role in ("visitor", "other")] == [404, 404]
    for role in ("official", "network_secretary", "adviser"):
        assert "Neem dit over." in words(c.clients[role].get(path))
    meeting = words(c.clients["other"].get(url(c, "deliberate:meeting")))
    assert "Stadhuis" in meeting and "Neem dit over." not in meeting


# --- taking part -----------------------------------------------------------------------------------------
def test_reacting_by_the_form_and_what_is_wrong_stands_at_the_field(c):
    path = url(c, "deliberate:react")
    page = words(c.clients["clerk"].get(path))
    assert "De vereniging maakt één visie" in page and "What others put in here" in page
    at = {"round": c.ids["consultation_round"]}
    assert (
        c.clients["clerk"].post(path, {"text": LONG_ENOUGH, "round": c.ids["consultation_body"]}).status_code
        == 422
    )
    refused = c.clients["clerk"].post(path, {**at, "text": "Bel mij op 06-12345678 voor meer hierover."})
    assert refused.status_code == 422 and "06-12345678" in words(refused)
    done = c.clients["clerk"].post(path, {**at, "text": LONG_ENOUGH})
    assert done.status_code == 302
    made = Contribution.objects.get(author=c.people["clerk"], text=LONG_ENOUGH)
    assert made.paragraph_id == c.ids["consultation_paragraph"]
    changed = c.clients["clerk"].post(
        reverse("deliberate:change_reaction", args=[made.pk]), {"text": LONG_ENOUGH[:-1]}
    )
    assert changed.status_code == 302
    gone = c.clients["clerk"].post(reverse("deliberate:withdraw_reaction", args=[made.pk]))
    assert gone.status_code == 302
    made.refresh_from_db()
    assert (made.state, made.text) == ("withdrawn", LONG_ENOUGH[:-1])


def test_where_no_round_is_open_the_page_says_so(c):
    for row in ConsultationRound.objects.filter(state="open"):
        past_its_time(row)
    text = words(c.clients["clerk"].get(url(c, "deliberate:react")))
    assert "There is no open round that takes reactions from you here." in text


def test_a_member_writes_its_view_together_and_hands_it_in_by_the_pages(c):
    start = reverse("deliberate:start_view", args=[c.ids["consultation_network"], c.own.pk])
    begun = c.clients["clerk"].post(start)
    view = View.objects.get(pk=c.ids["formal_view_draft"])
    write = reverse("deliberate:write_view", args=[view.pk])
    assert begun.url == write
    wrong = c.clients["clerk"].post(
        write,
        {
            "version": 1,
            "number": 2,
            "text": LONG_ENOUGH,
            "text_0": "Een punt dat mis gaat.",
            "paragraph_0": 99,
        },
    )
    assert wrong.status_code == 422 and "There is no paragraph with this number." in words(wrong)
    assert "Een punt dat mis gaat." in words(wrong)
    saved = c.clients["clerk"].post(
        write,
        {
            "version": 1,
            "number": 2,
            "text": LONG_ENOUGH,
            "text_1": "Een punt.",
            "paragraph_1": 2,
            "go": "save",
        },
    )
    assert saved.status_code == 302
    clash = c.clients["official"].post(
        write, {"version": 1, "number": 1, "text": "Wat ik zelf typte.", "go": "save"}
    )
    page = words(clash)
    assert clash.status_code == 422 and "What your colleague saved" in page
    assert "Wat ik zelf typte." in page and LONG_ENOUGH in page and c.people["clerk"].name in page
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    again = c.clients["official"].post(
        write, {"version": version, "number": 1, "text": "Wat ik zelf typte.", "go": "save"}
    )
    assert again.status_code == 302
    hand_in = reverse("deliberate:hand_in_view", args=[view.pk])
    assert "Wat ik zelf typte." in words(c.clients["mayor"].get(hand_in))
    stale = c.clients["mayor"].post(hand_in, {"version": 1})
    assert stale.status_code == 422
    view.refresh_from_db()
    done = c.clients["mayor"].post(hand_in, {"version": view.version})
    assert done.status_code == 302
    view.refresh_from_db()
    assert (view.state, view.text) == ("submitted", "Wat ik zelf typte.")
    versions = reverse("deliberate:view_versions", args=[view.pk])
    assert "<ins>" in words(c.clients["official"].get(versions))
    theirs = words(c.clients["network_secretary"].get(versions))
    assert theirs.count('<h2 id="h-version-') == 1 and LONG_ENOUGH not in theirs
    back = c.clients["mayor"].post(reverse("deliberate:take_back_view", args=[view.pk]))
    assert back.status_code == 302


def test_questions_are_replied_to_on_one_page_and_the_results_wait_for_that(c):
    results = reverse("deliberate:question_results", args=[c.ids["consultation_round"]])
    assert "who replied sees the results" in words(c.clients["clerk"].get(results))
    question = Question.objects.get(in_round=c.ids["consultation_round"])
    path = url(c, "deliberate:reply")
    assert c.clients["clerk"].post(path, {}).status_code == 422
    assert c.clients["clerk"].post(path, {f"q{question.pk}": 9}).status_code == 422
    assert c.clients["clerk"].post(path, {f"q{question.pk}": 5}).status_code == 302
    assert Reply.objects.get(person=c.people["clerk"], question=question).value == 5
    assert "What fewer than 5 people replied is not shown." in words(c.clients["clerk"].get(results))
    for number in range(3):
        Reply.objects.create(
            question=question, person=make_person("clerk", member=c.own), member=c.own, value=1 + number
        )
    page = words(c.clients["clerk"].get(results))
    assert "5 people replied." in page and "The mean is 3.0 on a scale from 1 to 5." in page


# --- the bureau ------------------------------------------------------------------------------------------
def test_the_bureau_plans_a_consultation_with_its_rounds_by_the_pages(c):
    adviser = c.clients["adviser"]
    path = reverse("deliberate:plan_consultation")
    assert "Samen verder" in words(adviser.get(path, {"document": c.ids["consultation_document"]}))
    assert adviser.post(path, {"title": "Kort", "summary": "", "visibility": "public"}).status_code == 422
    plan = {
        "title": "Waar stoppen wij mee",
        "summary": LONG_ENOUGH,
        "question": "Waarmee?",
        "visibility": "public",
    }
    made = Consultation.objects.get(pk=int(adviser.post(path, plan).url.split("/")[-2]))
    now = timezone.now()
    dates = {
        "opens_at": now.strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (now + timedelta(days=8)).strftime("%Y-%m-%dT%H:%M"),
    }
    round_plan = {"title": "Alle leden", "public": "members", "asks_questions": "on", **dates}
    response = adviser.post(reverse("deliberate:plan_round", args=[made.pk]), round_plan)
    row = ConsultationRound.objects.get(consultation=made)
    assert response.url == reverse("deliberate:round", args=[row.pk])
    assert "This round asks questions and has none yet." in words(adviser.get(response.url))
    assert adviser.post(reverse("deliberate:open_round", args=[row.pk])).status_code == 422
    questions = reverse("deliberate:edit_questions", args=[row.pk])
    choice = {"kind": "choice", "text": "Waarmee stoppen wij?", "options": "Meer\nMinder"}
    assert adviser.post(questions, {**choice, "options": "Meer"}).status_code == 422
    assert adviser.post(questions, choice).status_code == 302
    out = reverse("deliberate:withdraw_question", args=[Question.objects.get(in_round=row).pk])
    assert adviser.post(out).status_code == 302
    assert adviser.post(questions, {**choice, "kind": "scale"}).status_code == 302
    change = reverse("deliberate:change_round", args=[row.pk])
    assert adviser.post(change, {**round_plan, "title": "Iedereen", "revision": 1}).status_code == 302
    stale = adviser.post(change, {**round_plan, "title": "Anders", "revision": 1})
    assert stale.status_code == 422 and "What it says now" in words(stale) and "Iedereen" in words(stale)
    networks = [network.pk for network in Network.objects.filter(kind="chapter")[:3]]
    chapters = {"title": "Afdeling", "networks": networks, "takes_reactions": "on", **dates}
    assert (
        adviser.post(reverse("deliberate:plan_chapter_rounds", args=[made.pk]), chapters).status_code == 302
    )
    assert ConsultationRound.objects.filter(consultation=made, public="network").count() == 3
    for name in ("open_round", "remind_round", "close_round"):
        assert adviser.post(reverse(f"deliberate:{name}", args=[row.pk])).status_code == 302, name
    later = {"closes_at": (now + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M"), "reason": world.REASON}
    assert adviser.post(reverse("deliberate:extend_round", args=[row.pk]), later).status_code == 302
    assert world.REASON in words(adviser.get(response.url))
    off = reverse("deliberate:withdraw_consultation", args=[made.pk])
    assert adviser.post(off, {"reason": ""}).status_code == 422
    assert adviser.post(off, {"reason": world.REASON}).status_code == 302
    assert world.REASON in words(c.clients["visitor"].get(reverse("deliberate:consultation", args=[made.pk])))


def test_following_shows_who_is_silent_and_what_comes_up(c):
    page = words(c.clients["adviser"].get(url(c, "deliberate:following")))
    assert "Members without a formal view" in page and "Remind who is silent" in page
    assert ">geef</a>" in page, "what most texts have beside everyday words"
    assert "Remind who is silent" not in words(c.clients["official"].get(url(c, "deliberate:following")))
    part = c.clients["official"].get(
        url(c, "deliberate:following"), {"part": "numbers"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in words(part) and "Last counted" in words(part)
    lines = (
        read(c.clients["official"].get(url(c, "deliberate:response_file"))).decode("utf-8-sig").splitlines()
    )
    own = next(line for line in lines if "Eigen" in line)
    assert "handed in" in own and len(lines) == 1 + Member.objects.count()


def test_my_contributions_hold_mine_and_my_members_but_no_colleagues_reaction(c):
    page = words(c.clients["mayor"].get(reverse("deliberate:my_contributions")))
    assert "Samen verder" in page and world.TEXT[:40] not in page
    mine = words(c.clients["official"].get(reverse("deliberate:my_contributions")))
    assert world.TEXT[:40] in mine and "Questions you replied to" in mine


# --- meetings --------------------------------------------------------------------------------------------
def test_the_secretary_plans_and_reports_a_meeting_by_the_pages(c):
    secretary = c.clients["network_secretary"]
    when = timezone.now() + timedelta(days=5)
    plan = {
        "starts_at": when.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (when + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
    }
    path = url(c, "deliberate:plan_meeting")
    assert secretary.post(path, plan).status_code == 422
    assert secretary.post(path, {**plan, "place": "De Kazerne"}).status_code == 302
    meeting = Meeting.objects.get(place="De Kazerne")
    report = reverse("deliberate:report_meeting", args=[meeting.pk])
    draft = {"version": 1, "number": 1, "report": "Wij spraken erover.", "advice": "Doe het anders."}
    assert secretary.post(report, {**draft, "go": "save"}).status_code == 302
    page = reverse("deliberate:meeting", args=[meeting.pk])
    assert "Doe het anders." not in words(c.clients["official"].get(page))
    assert (
        secretary.post(report, {**draft, "version": 2, "text_0": "Nee", "go": "publish"}).status_code == 422
    )
    meeting.refresh_from_db()
    done = secretary.post(report, {**draft, "version": meeting.version, "go": "publish"})
    assert done.status_code == 302
    assert "Doe het anders." in words(c.clients["official"].get(page))


def test_the_calendar_file_holds_the_meeting(c):
    response = c.clients["official"].get(url(c, "deliberate:meeting_calendar"))
    text = response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (
        text.startswith("BEGIN:VCALENDAR\r\n") and "STATUS:CONFIRMED" in text and "LOCATION:Stadhuis" in text
    )


def test_a_calendar_file_folds_escapes_and_keeps_every_character():
    moment = timezone.now()
    title = "Overleg; één, twee \\ drie\nvier " + "é" * 90
    text = calendar([CalendarEvent("a@b", moment, moment, title, moment, cancelled=True)], maker="Vereniging")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    [line] = [line for line in unfolded.split("\r\n") if line.startswith("SUMMARY:")]
    back = re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), line.removeprefix("SUMMARY:"))
    assert back == title and "STATUS:CANCELLED" in unfolded


# --- what waits ------------------------------------------------------------------------------------------
def test_what_waits_for_whom():
    member = make_member(name="Eigen")
    network = make_network("g40", member)
    mayor = make_person("mayor", member=member, votes=True)
    official = make_person("official", member=member)
    secretary = make_person("network_secretary", network=network)
    round_ = open_one(public="network", network=network)
    elsewhere = make_person("mayor", member=make_member(), votes=True)

    def waits(person):
        standing = standing_of(Person.objects.get(pk=person.pk))
        looks = (waiting.views_to_hand_in, waiting.meetings_to_tend, waiting.rounds_to_tend)
        return [entry for look in looks for entry in look(person, standing)]

    assert len(waits(mayor)) == 1 and len(waits(secretary)) == 1
    assert not waits(official) and not waits(elsewhere)
    world._with_view(round_, member, mayor, round_.consultation.version.blocks.first().paragraph)
    assert not waits(mayor)
    moment = timezone.now()
    Meeting.objects.create(
        in_round=round_,
        network=network,
        starts_at=moment - timedelta(hours=3),
        ends_at=moment - timedelta(hours=1),
        place="Stadhuis",
        person=secretary,
    )
    assert len(waits(secretary)) == 1
    past_its_time(round_)
    adviser = round_.consultation.author
    ConsultationRound.objects.filter(pk=round_.pk).update(closes_at=moment - timedelta(hours=1))
    [entry] = waits(adviser)
    assert entry.late and not waits(mayor)


def test_closed_rounds_that_nobody_began_on_leave_the_open_one_its_place(monkeypatch):
    monkeypatch.setattr(waiting, "MOST", 1)
    mayor = make_person("mayor", member=make_member(), votes=True)
    for _number in range(3):
        closed = past_its_time(open_one())
        ConsultationRound.objects.filter(pk=closed.pk).update(state="closed")
    asked = open_one(make_consultation(title="Wat vindt u nu"))
    [entry] = waiting.views_to_hand_in(mayor, standing_of(Person.objects.get(pk=mayor.pk)))
    assert "Wat vindt u nu" in entry.text and str(asked.pk) in entry.url
