"""Pages beside a running meeting that keep themselves up to date: the desk, the registration desk, who is there, and
the minutes. Each names its stream and the parts to read anew, and a part alone is what the whole page shows.
"""

import re

import pytest
from django.urls import reverse

from omkering.decide import commands
from omkering.decide.commands.attendance import arrive
from omkering.decide.commands.meetings import close_meeting
from omkering.decide.commands.speakers import ask_to_speak, call_speaker
from omkering.decide.commands.vote_results import announce_result
from omkering.decide.models import AgendaItem
from omkering.decide.queries.live import newest_change
from omkering.decide.short_memory import forget
from omkering.thread.models import Visibility
from tests.decide.meetings import opened
from tests.decide.minutes_made import held, under_way
from tests.decide.running import make_meeting
from tests.decide.vote_kinds import in_meeting, open_of
from tests.decide.votes import log_in, members_with_voters, open_vote, voter_of
from tests.people import make_adviser, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(client):
    forget()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def text(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def parts_of(page: str) -> dict[str, str]:
    """The parts of a page by name, with their addresses."""
    found = re.findall(r'data-part="(\w+)"[^>]*? data-url="([^"]+)"', page)
    return {name: url.replace("&amp;", "&") for name, url in found}


def bare(markup: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", " ".join(markup.split()))


def listens(page: str, meeting) -> bool:
    stream = f'data-stream="{reverse("decide:meeting", args=[meeting.pk])}stroom/"'
    return stream in page and f'data-since="{newest_change(meeting)}"' in page and "decide/live.js" in page


def rows(markup: str) -> list[str]:
    """The ids of the rows of a list that is taken over row by row."""
    assert markup.count("data-rows>") == 1
    return re.findall(r'<(?:tr|li) id="((?:row|waits|line)-[\w-]+)"', markup)


# --- the desk ------------------------------------------------------------------------------------------------
def test_the_desk_hears_of_ballots_and_shows_what_others_took_down(client):
    vote, [(one, one_voter), (two, _two_voter)], first = in_meeting(1_000, 2_000)
    second = make_adviser()
    log_in(client, first)
    page = text(client, reverse("decide:desk", args=[vote.pk]))
    assert listens(page, vote.meeting)
    assert f'data-about="vote" data-turnout="{vote.pk}"' in page
    parts = parts_of(page)
    assert set(parts) == {"waiting", "lines"}
    before = {name: text(client, url) for name, url in parts.items()}
    assert all(bare(part) in bare(page) for part in before.values())
    commands.cast_ballot(actor=one_voter, vote=vote, member=one, choice="for")
    commands.enter_desk_ballot(actor=second, vote=vote, voter=two.code, choice="for", way="hand")
    after = {name: text(client, url) for name, url in parts.items()}
    assert rows(after["lines"]) == rows(
        before["lines"]
    )  # each row stays in its place, only what it says changes
    assert "voted by phone or computer" in after["lines"] and "waits to be confirmed" in after["lines"]
    assert "<select" not in after["lines"]
    desk = vote.desk_ballots.get()
    assert rows(after["waiting"]) == [f"waits-{desk.pk}"] and str(second) in after["waiting"]


def test_the_desk_reads_anew_what_was_searched_and_no_other_part(client):
    vote, people, first = in_meeting(1_000, 2_000)
    log_in(client, first)
    page = text(client, reverse("decide:desk", args=[vote.pk]) + f"?q={people[1][0].code}")
    assert len(rows(text(client, parts_of(page)["lines"]))) == 1
    assert client.get(reverse("decide:desk", args=[vote.pk]) + "?deel=other").status_code == 404


def test_the_desk_says_that_its_vote_was_closed_instead_of_leading_away(client):
    vote, _people, first = in_meeting(1_000)
    log_in(client, first)
    address = reverse("decide:desk", args=[vote.pk])
    parts = parts_of(text(client, address))
    commands.close_vote(actor=first, vote=vote)
    assert client.get(address).status_code == 302
    assert "Nothing can be taken down" in text(client, parts["lines"])
    assert "<form" not in text(client, parts["waiting"])


def test_a_desk_without_a_meeting_has_no_stream_and_still_its_parts(client):
    vote, _people = open_of("ranking")
    log_in(client, make_adviser())
    page = text(client, reverse("decide:desk", args=[vote.pk]))
    assert 'data-stream=""' in page
    assert bare(text(client, parts_of(page)["lines"])) in bare(page)


def test_the_parts_of_the_desk_are_for_who_holds_it(client):
    [(member, voter)] = members_with_voters(1_000)
    vote = open_vote()
    for person in (voter, make_person("clerk", member=member)):
        log_in(client, person)
        for part in ("waiting", "lines"):
            assert client.get(reverse("decide:desk", args=[vote.pk]), {"deel": part}).status_code == 403


# --- who is there --------------------------------------------------------------------------------------------
def test_the_registration_desk_shows_arrivals_elsewhere_and_keeps_its_lines_in_place(client):
    people = members_with_voters(1_000, 2_000, 3_000)
    meeting, adviser = opened(), make_adviser()
    log_in(client, adviser)
    page = text(client, reverse("decide:attendance", args=[meeting.pk]))
    assert listens(page, meeting)
    parts = parts_of(page)
    assert set(parts) == {"quorum", "rows"}
    before = text(client, parts["rows"])
    assert bare(before) in bare(page)
    first = int(rows(before)[0].removeprefix("line-m"))
    member, voter = next(pair for pair in people if pair[0].pk == first)
    arrive(actor=voter, meeting=meeting, member=member, person=voter, presence="on_site")
    after = text(client, parts["rows"])
    assert rows(after) == rows(before)  # on the page as it was opened; opened anew who is there comes last
    assert "On site</span> " + str(voter) in re.sub(r"<[^>]+>(?=On site)", "", after)
    anew = text(client, reverse("decide:attendance", args=[meeting.pk]))
    assert rows(text(client, parts_of(anew)["rows"]))[-1] == f"line-m{first}"
    assert "1 of 3 are there or represented" in text(client, parts["quorum"])


def test_a_button_at_the_desk_leads_back_to_the_page_and_not_to_a_part(client):
    [(member, _voter)] = members_with_voters(1_000)
    meeting = opened()
    log_in(client, make_adviser())
    address = reverse("decide:attendance", args=[meeting.pk])
    page = text(client, f"{address}?q={member.code}")
    backs = re.findall(r'name="back" value="([^"]+)"', text(client, parts_of(page)["rows"]))
    assert backs and set(backs) == {f"{address}?q={member.code}"}


def test_the_lines_that_a_part_names_are_of_this_meeting_and_no_more_than_a_page(client):
    [(member, _voter)] = members_with_voters(1_000)
    meeting = opened()
    log_in(client, make_adviser())
    address = reverse("decide:attendance", args=[meeting.pk])
    odd = text(client, f"{address}?deel=rows&lines=m{member.pk},m999999,x,,p1")
    assert rows(odd) == [f"line-m{member.pk}"]
    assert client.get(f"{address}?deel=other").status_code == 404


def test_the_presence_list_and_the_quorum_follow_the_meeting(client):
    (member, voter), _other = members_with_voters(1_000, 2_000)
    meeting = opened()
    log_in(client, voter)
    page = text(client, reverse("decide:presence", args=[meeting.pk]))
    assert listens(page, meeting)
    before = text(client, parts_of(page)["list"])
    assert bare(before) in bare(page) and "0 of 2 are there or represented" in before
    arrive(actor=voter, meeting=meeting, member=member, person=voter, presence="on_site")
    after = text(client, parts_of(page)["list"])
    assert "1 of 2 are there or represented" in after and rows(after) == rows(before)


def test_after_the_meeting_nothing_is_listened_to(client):
    made = held()
    log_in(client, made.adviser)
    for name in ("decide:presence", "decide:attendance"):
        assert 'data-stream=""' in text(client, reverse(name, args=[made.meeting.pk]))
    assert "data-live " not in text(client, reverse("decide:minutes", args=[made.meeting.pk]))


# --- the minutes ---------------------------------------------------------------------------------------------
def test_the_minutes_are_read_anew_while_the_meeting_goes_on(client):
    made = under_way()
    log_in(client, made.adviser)
    page = text(client, reverse("decide:minutes", args=[made.meeting.pk]))
    assert listens(page, made.meeting)
    heard = re.search(r'data-part="record" data-about="([^"]+)"', page).group(1).split()
    assert {"agenda", "speakers", "vote", "attendance", "motions", "minutes"} == set(heard)
    address = parts_of(page)["record"]
    before = text(client, address)
    assert bare(before) in bare(page)
    ids = re.findall(r'id="(record-[\w-]+)"', before)
    assert len(ids) == len(set(ids)) == 2 + AgendaItem.objects.filter(meeting=made.meeting).count()
    speech = ask_to_speak(
        actor=made.adviser, meeting=made.meeting, kind="visitor", name="Een gast", agenda_item=made.item
    )
    call_speaker(actor=made.adviser, speech=speech)
    after = text(client, address)
    assert "Een gast" in after and "Een gast" not in before
    [changed] = [one for one in ids if _row(bare(before), one, ids) != _row(bare(after), one, ids)]
    assert changed == f"record-{made.item.pk}"  # and nothing else is taken over


def _row(markup: str, row: str, ids: list[str]) -> str:
    """A row of the record until the next one."""
    start = markup.index(f'id="{row}"')
    ends = [at for other in ids if (at := markup.find(f'id="{other}"')) > start]
    return markup[start : min(ends, default=len(markup))]


def test_the_last_reading_tells_that_the_meeting_was_closed(client):
    made = under_way()
    log_in(client, made.adviser)
    address = parts_of(text(client, reverse("decide:minutes", args=[made.meeting.pk])))["record"]
    assert "The meeting is going on" in text(client, address)
    announce_result(actor=made.adviser, vote=made.vote)
    close_meeting(actor=made.adviser, meeting=made.meeting)
    last = text(client, address)
    assert "The meeting is going on" not in last
    assert reverse("decide:propose_minutes", args=[made.meeting.pk]) in last


def test_what_a_visitor_reads_is_made_once_and_shows_no_more_than_before(
    client, django_assert_max_num_queries
):
    made = under_way()
    address = parts_of(text(client, reverse("decide:minutes", args=[made.meeting.pk])))["record"]
    first = text(client, address)
    with django_assert_max_num_queries(4):
        assert text(client, address) == first
    writer = voter_of(made.members[0][0])
    log_in(client, made.adviser)
    assert reverse("decide:add_note", args=[made.meeting.pk]) in text(client, address)
    client.logout()
    assert reverse("decide:add_note", args=[made.meeting.pk]) not in text(client, address)
    log_in(client, writer)
    assert "decide:add_note" not in text(client, address)
    assert client.get(address.replace("record", "other")).status_code == 404
    hidden = make_meeting(visibility=Visibility.MEMBERS)
    client.logout()
    assert client.get(reverse("decide:minutes", args=[hidden.pk]), {"deel": "record"}).status_code == 404
    assert client.get(reverse("decide:minutes", args=[made.meeting.pk]), {"deel": "x"}).status_code == 404
