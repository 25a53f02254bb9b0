"""Pages of meetings by role: what is shown to whom, and that buttons and forms do what the commands do."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from omkering.decide.commands.agenda_items import add_agenda_item
from omkering.decide.commands.papers import add_paper
from omkering.decide.models import AgendaItem, Attendance, Delegate, Meeting, MeetingRequest, Paper, Proxy
from omkering.listen.commands.recognition import recognise
from omkering.listen.commands.signals import submit_signal
from omkering.thread.commands import link
from omkering.thread.models import LinkKind
from omkering.thread.waiting import waiting_for
from omkering.ui import pdf
from omkering.who.models import Division, DivisionMembership
from tests.decide.meetings import at, called, make_body, opened, plan, put, seat, secretary_of
from tests.decide.votes import log_in, make_proposal, members_with_voters, open_vote
from tests.people import LONG_AGO, make_adviser, make_member, make_person, make_theme

pytestmark = pytest.mark.django_db


def browser(person=None) -> Client:
    client = Client()
    if person is not None:
        log_in(client, person)
    return client


def page(client: Client, name: str, *args, status: int = 200, **query) -> str:
    answer = client.get(reverse(f"decide:{name}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def post(client: Client, name: str, *args, status: int = 302, **data):
    answer = client.post(reverse(f"decide:{name}", args=args), data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


# --- reading ---------------------------------------------------------------------------------------------
def test_a_visitor_reads_the_assembly_and_not_the_committee_nor_the_address_to_join():
    make_member()
    adviser = make_adviser()
    assembly = plan(adviser, title="Voorjaarsvergadering", link="https://zaal.example/x")
    committee = plan(adviser, title="Commissie Geld", body=make_body("financien", "committee"))
    texts = page(browser(), "meetings")
    assert "Voorjaarsvergadering" in texts and "Commissie Geld" not in texts
    assert "zaal.example" not in page(browser(), "meeting", assembly.pk)
    page(browser(), "meeting", committee.pk, status=404)
    inside = browser(make_person("official", member=make_member()))
    assert "zaal.example" in page(inside, "meeting", assembly.pk)
    assert "Commissie Geld" in page(inside, "meeting", committee.pk)


def test_the_agenda_shows_numbers_times_papers_and_why_a_deadline_moved():
    make_member()
    adviser = make_adviser()
    meeting = plan(adviser)
    item = put(meeting, adviser, "Begroting", minutes=15)
    put(meeting, adviser, "Rondvraag")
    add_paper(actor=adviser, meeting=meeting, agenda_item=item, title="De cijfers", text="# Kop\n\nTekst")
    shown = page(browser(), "meeting", meeting.pk)
    assert "1. " in shown and "10:15" in shown and "De cijfers" in shown and "28 " in shown
    whole = page(browser(), "papers", meeting.pk)
    assert "De cijfers" in whole and "Kop" in whole and f"#item-{item.pk}" in whole


def test_the_set_of_papers_is_one_pdf_with_a_bookmark_for_each_item_and_paper():
    make_member()
    adviser = make_adviser()
    meeting = plan(adviser)
    item = put(meeting, adviser, "Begroting")
    add_paper(actor=adviser, meeting=meeting, agenda_item=item, title="De cijfers", text="Tekst")
    answer = browser().get(reverse("decide:papers_pdf", args=[meeting.pk]))
    if answer.status_code == 503:
        pytest.skip("this machine cannot make PDFs")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    whole = page(browser(), "papers", meeting.pk)
    bookmarks = pdf._weasyprint().HTML(string=whole).render().make_bookmark_tree()
    (top,) = bookmarks
    names = [entry[0] for entry in top[2]]
    assert names[-1] == "1. Begroting" and [entry[0] for entry in top[2][-1][2]] == ["De cijfers"]


def test_a_file_is_a_download_for_who_may_know_of_the_meeting():
    make_member()
    adviser = make_adviser()
    meeting = plan(adviser, body=make_body("financien", "committee"))
    upload = SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n%%EOF\n")
    paper = add_paper(actor=adviser, meeting=meeting, upload=upload)
    address = reverse("decide:paper_file", args=[paper.pk])
    answer = browser(adviser).get(address)
    assert answer["Content-Disposition"].startswith("attachment") and b"".join(answer.streaming_content)
    assert browser().get(address).status_code == 404


def test_calendar_files_tell_when_and_that_a_meeting_was_called_off():
    make_member()
    meeting = called()
    text = page(browser(), "meeting_calendar", meeting.pk)
    assert "BEGIN:VEVENT" in text and f"UID:meeting-{meeting.pk}@" in text and "STATUS:CONFIRMED" in text
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    assert "STATUS:CANCELLED" in page(browser(), "body_calendar", meeting.owner_body_id)


# --- the bureau ------------------------------------------------------------------------------------------
def test_the_bureau_plans_a_meeting_puts_its_agenda_together_and_sends_it_out():
    make_member()
    client, body = browser(make_adviser()), make_body()
    start = timezone.localtime() + timedelta(days=60)
    times = {"starts_at": f"{start:%Y-%m-%dT10:00}", "ends_at": f"{start:%Y-%m-%dT13:00}"}
    bad = {**times, "ends_at": times["starts_at"], "body": body.pk, "title": "Najaar", "form": "hybrid"}
    assert "Najaar" in post(client, "plan_meeting", status=422, **bad).content.decode()
    post(client, "plan_meeting", **{**bad, **times})
    meeting = Meeting.objects.get()
    for title in ("Opening", "Begroting"):
        post(
            client,
            "add_agenda_item",
            meeting.pk,
            title=title,
            kind="information",
            minutes=10,
            text="",
            parent="",
        )
    second = AgendaItem.objects.get(title="Begroting")
    post(client, "move_agenda_item", second.pk, position=1)
    assert list(meeting.agenda.values_list("title", flat=True)) == ["Begroting", "Opening"]
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n%%EOF\n")
    post(client, "add_paper", meeting.pk, title="", text="", upload=file, agenda_item=second.pk, item="")
    assert Paper.objects.get().title == "plan"
    page(client, "call_meeting", meeting.pk)
    post(client, "call_meeting", meeting.pk)
    assert Meeting.objects.get().called_at is not None
    post(client, "drop_agenda_item", second.pk)
    assert AgendaItem.objects.get(pk=second.pk).state == "dropped"
    post(client, "meeting_step", meeting.pk, "openen")
    assert Meeting.objects.get().state == "open"


def test_an_older_form_does_not_overwrite_and_shows_what_is_there_now():
    make_member()
    adviser = make_adviser()
    meeting = plan(adviser)
    item = put(meeting, adviser, "Begroting")
    client = browser(adviser)
    values = {"kind": "information", "minutes": 10, "text": ""}
    post(client, "change_agenda_item", item.pk, title="Begroting 2028", version=1, **values)
    answer = post(client, "change_agenda_item", item.pk, title="Mijn titel", version=1, status=422, **values)
    assert "Begroting 2028" in answer.content.decode() and "Mijn titel" in answer.content.decode()
    post(client, "change_agenda_item", item.pk, title="Mijn titel", version=2, **values)


def test_any_item_goes_on_an_agenda_from_its_own_page_and_tells_there_what_came_of_it():
    make_member()
    adviser = make_adviser()
    meeting, proposal = plan(adviser), make_proposal(adviser)
    client = browser(adviser)
    values = {"meeting": meeting.pk, "kind": "proposal", "minutes": 20, "text": ""}
    post(client, "put_on_agenda", proposal.pk, **values)
    entry = AgendaItem.objects.get()
    assert entry.about_id == proposal.pk and entry.title == proposal.title
    assert meeting.title in page(browser(), "proposal", proposal.pk)


def test_a_meeting_of_others_is_not_steered():
    make_member()
    meeting = opened()
    official = browser(make_person("official", member=make_member()))
    for name, args in (("edit_agenda", []), ("attendance", []), ("call_meeting", []), ("add_paper", [])):
        page(official, name, meeting.pk, *args, status=403)
    assert official.post(reverse("decide:meeting_step", args=[meeting.pk, "sluiten"])).status_code == 403
    assert Meeting.objects.get().state == "open"


# --- taking part -----------------------------------------------------------------------------------------
def test_one_arrives_and_leaves_with_ones_own_phone():
    member, voter = members_with_voters(30_000)[0]
    meeting, client = opened(), browser(voter)
    post(client, "arrive", meeting.pk, member=member.pk, presence="on_site")
    assert Attendance.objects.get().person_id == voter.pk
    assert member.name in page(client, "meeting", meeting.pk)
    post(client, "leave", meeting.pk, member=member.pk)
    assert Attendance.objects.get().left_at is not None
    other, _voter = members_with_voters(20_000)[0]
    assert (
        client.post(
            reverse("decide:arrive", args=[meeting.pk]), {"member": other.pk, "presence": "on_site"}
        ).status_code
        == 403
    )


def test_the_desk_finds_by_name_and_registers_with_one_tap():
    (member, voter), *_others = members_with_voters(*[20_000] * 35)
    meeting, desk = opened(), browser(make_adviser())
    assert member.name not in page(desk, "attendance", meeting.pk, q="niemand heet zo")
    found = page(desk, "attendance", meeting.pk, q=voter.name)
    assert f'value="{voter.pk}"' in found
    back = reverse("decide:attendance", args=[meeting.pk]) + "?q=x"
    answer = post(desk, "arrive", meeting.pk, member=member.pk, person=voter.pk, presence="remote", back=back)
    assert answer["Location"] == back and Attendance.objects.get().presence == "remote"
    evil = post(desk, "leave", meeting.pk, member=member.pk, person=voter.pk, back="https://kwaad.example/")
    assert evil["Location"] == reverse("decide:meeting", args=[meeting.pk])


def test_a_proxy_is_given_and_taken_back_with_a_second_factor():
    (giver, voter), (holder, _voter) = members_with_voters(20_000, 10_000)
    meeting = called()
    last = timezone.localtime(meeting.ends_at)
    values = {
        "holder": holder.pk,
        "text": "Wij geven een volmacht om in onze naam te stemmen.",
        "starts_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
        "ends_at": f"{last:%Y-%m-%dT23:00}",
    }
    without = Client()
    log_in(without, voter, second_factor=False)
    post(without, "give_proxy", meeting.pk, giver.pk, status=403, **values)
    client = browser(voter)
    post(client, "give_proxy", meeting.pk, giver.pk, **values)
    assert holder.name in page(client, "meeting", meeting.pk)
    page(client, "give_proxy", meeting.pk, holder.pk, status=403)
    post(client, "withdraw_proxy", Proxy.objects.get().pk)
    assert Proxy.objects.get().end_reason == "withdrawn"


def test_the_town_secretary_divides_the_votes_over_delegates():
    member, voter = members_with_voters(30_000)[0]
    mayor = make_person("mayor", member=member)
    meeting, client = called(), browser(secretary_of(member))
    names = {f"votes_{voter.pk}": "on", f"votes_{mayor.pk}": "on"}
    too_many = {**names, f"number_{voter.pk}": 20, f"number_{mayor.pk}": 11}
    assert (
        "31" in post(client, "name_delegates", meeting.pk, member.pk, status=422, **too_many).content.decode()
    )
    post(client, "name_delegates", meeting.pk, member.pk, **{**too_many, f"number_{mayor.pk}": 10})
    assert sorted(Delegate.objects.values_list("votes", flat=True)) == [10, 20]
    page(browser(voter), "name_delegates", meeting.pk, member.pk, status=403)


def test_the_presence_list_tells_each_member_once_and_goes_along_as_a_table():
    (member, voter), (other, _voter) = members_with_voters(20_000, 10_000)
    meeting = opened()
    Attendance.objects.create(meeting=meeting, member=member, person=voter, presence="on_site")
    inside = browser(voter)
    shown = page(inside, "presence", meeting.pk)
    assert shown.count(f'<th scope="row">{member.name}<') == 1 and other.name in shown
    file = inside.get(reverse("decide:presence_file", args=[meeting.pk, "csv"]))
    lines = b"".join(file.streaming_content).decode().splitlines()
    assert len(lines) == 3 and any(voter.name in line for line in lines)
    assert browser().get(reverse("decide:presence", args=[meeting.pk])).status_code == 302


def test_a_request_is_made_and_supported_on_its_page():
    small, other, *_large = members_with_voters(5_000, 6_000, *[45_000] * 2)
    body = make_body()
    client = browser(small[1])
    reason = "De plannen voor jeugdzorg kunnen niet wachten tot het najaar."
    post(client, "request_meeting", body=body.pk, member=small[0].pk, title="Jeugdzorg nu", reason=reason)
    request = MeetingRequest.objects.get()
    assert "11" in page(client, "meeting_request", request.pk)
    post(browser(other[1]), "support_request", request.pk, member=other[0].pk)
    assert MeetingRequest.objects.get().state == "reached"
    bureau = make_adviser()
    assert any("Jeugdzorg nu" in str(entry.text) for entry in waiting_for(bureau))
    assert f"?request={request.pk}" in page(browser(bureau), "meeting_request", request.pk)


# --- before and after ------------------------------------------------------------------------------------
def test_who_decides_sees_what_constituents_said_first_those_of_ones_own_province():
    own, far = make_member(name="Dichtbij"), make_member(name="Verweg")
    near = make_member(name="Buurgemeente")
    for code, members in (("PV20", (own, near)), ("PV21", (far,))):
        division = Division.objects.create(kind="province", code=code, names={"nl": f"Provincie {code}"})
        for member in members:
            DivisionMembership.objects.create(member=member, division=division, starts=LONG_AGO)
    adviser = make_adviser()
    case = (
        "Een gezin kan de energierekening niet betalen en krijgt nergens hulp. De gemeente kan niet helpen."
    )
    texts = {
        "case": case,
        "touches": "Gezinnen.",
        "helps": "Hulp.",
        "theme": make_theme(),
        "visibility": "public",
    }
    signal = submit_signal(
        actor=make_person("official", member=far), member=far, title="Energie te duur", **texts
    )
    recognise(actor=make_person("official", member=near), signal=signal, member=near, case="Ook bij ons.")
    proposal = make_proposal(adviser)
    link(upstream=signal, downstream=proposal, kind=LinkKind.PROPOSES, actor=adviser)
    body = make_body("financien", "committee")
    sits = seat(body, member=own)
    item = add_agenda_item(actor=adviser, meeting=plan(adviser, body=body), about=proposal)
    shown = page(browser(sits), "agenda_item", item.pk)
    assert "Energie te duur" in shown and "Ook bij ons." in shown
    assert shown.index("Provincie PV20 (1)") < shown.index("Provincie PV21 (1)")
    narrowed = page(browser(sits), "agenda_item", item.pk, division="PV20")
    assert "Ook bij ons." in narrowed and "<strong>Verweg</strong>" not in narrowed


def test_home_tells_members_and_bureau_what_waits_around_a_meeting():
    member = make_member()
    secretary, adviser = secretary_of(member), make_adviser()
    soon = timezone.now() + timedelta(days=10)
    meeting = plan(adviser, starts_at=soon, ends_at=soon + timedelta(hours=2))
    put(meeting, adviser)
    address = reverse("decide:meeting", args=[meeting.pk])
    assert [entry.url for entry in waiting_for(secretary)] == [address]
    assert [entry.late for entry in waiting_for(adviser) if entry.url == address] == [True]
    Delegate.objects.create(meeting=meeting, member=member, person=secretary, named_by=secretary)
    assert waiting_for(secretary) == []


def test_the_room_shows_meetings_soon_and_open_votes_where_i_may_vote():
    _member, voter = members_with_voters(30_000)[0]
    adviser = make_adviser()
    called(adviser, title="Binnenkort", starts_at=at(30))
    vote = open_vote(adviser)
    mine, others = page(browser(voter), "room"), page(browser(), "room")
    assert all("Binnenkort" in shown and vote.title in shown for shown in (mine, others))
    assert mine.count("app-badge--info") == others.count("app-badge--info") + 1  # that I can vote
