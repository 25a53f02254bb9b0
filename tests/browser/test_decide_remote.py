"""A consultation of the members over days, from its plan to a vote on a phone, and its ratification by an assembly."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.steps import address, choose, field, fill, follow, press, section
from tests.browser.test_decide_way import count_again
from tests.browser.test_meeting_live import DESK, PHONE, fits
from tests.browsing import violations

pytestmark = pytest.mark.browser

TITLE = "Een akkoord over energiehulp"


def put_on_agenda(page: Page, proposal: int, meeting: str) -> str:
    """Put the proposal on the agenda of a meeting; the address of the meeting."""
    page.goto(f"/besluiten/op-de-agenda/{proposal}/")
    field(page, "Vergadering").select_option(meeting)
    press(page, "Op de agenda zetten")
    expect(page.locator("#messages")).to_contain_text("agenda")
    return f"/besluiten/vergadering/{meeting}/"


def plan_vote(page: Page, meeting: str, formal: bool = False) -> str:
    """Plan the vote at the item of the agenda; the address of the vote."""
    page.goto(meeting)
    follow(page, re.compile(TITLE))
    follow(page, "Plan een stemming", within="body")
    if formal:
        page.get_by_text("Een lijst, of een eerdere stemming").click()
        field(page, "Bekrachtigt een eerdere stemming").select_option(index=1)
    press(page, "Plan de stemming")
    expect(page.locator("#messages")).to_contain_text("gepland")
    return address(page)


def send_out(page: Page, meeting: str) -> None:
    """Send the agenda of a meeting out."""
    page.goto(f"{meeting}oproepen/")
    press(page, "Agenda versturen")
    expect(page.locator("#messages")).not_to_be_empty()


def test_a_consultation_over_days_is_ratified_by_an_assembly(
    visit: Visit, site: Site, tmp_path: Path
) -> None:
    ids = site.world.ids
    adviser = visit("remote_adviser", "/besluiten/vergaderingen/nieuw/", **DESK)
    choose(adviser, "Waar leden meedoen", "Op afstand, in een paar dagen")
    field(adviser, "Orgaan").select_option(label="Algemene Ledenvergadering")
    begins, ends = date.today() + timedelta(days=30), date.today() + timedelta(days=36)
    times = {"Begint": f"{begins}T09:00", "Eindigt": f"{ends}T17:00"}
    fill(adviser, "Vergadering plannen", {"Naam van de vergadering": "Ledenraadpleging energie", **times})
    number = re.search(r"/vergadering/(\d+)/", address(adviser)).group(1)
    assert violations(adviser) == []
    consultation = put_on_agenda(adviser, ids["remote_proposal"], number)
    send_out(adviser, consultation)
    vote = plan_vote(adviser, consultation)
    expect(adviser.get_by_role("main")).to_contain_text("ten minste")  # what is needed, before the vote
    follow(adviser, "Nu openen", within="body")
    press(adviser, "De stemming openen")
    expect(adviser.locator("#messages")).not_to_be_empty()

    # A delegate hears of it at home, and votes on a phone; another one without a script.
    phone = visit("remote_one", "/", **PHONE)
    follow(phone, re.compile(TITLE))
    fits(phone, 390)
    press_or_follow(phone, "Voor")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("stemt: voor")
    press(phone, "Stem voor")
    expect(phone.get_by_role("main")).to_contain_text(re.compile(r"Nummer \d+"))
    fits(phone, 390)
    phone.goto(f"/besluiten/voorstel/{ids['remote_proposal']}/")
    phone.get_by_role("button", name="Volgen").click()
    expect(phone.get_by_role("button", name="Niet meer volgen")).to_be_visible()
    plain = visit("remote_two", vote, java_script_enabled=False, viewport=PHONE["viewport"])
    press_or_follow(plain, "Voor")
    press(plain, "Stem voor")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Uw stem is ontvangen")
    plain.goto(vote)
    press_or_follow(plain, re.compile("Onthoud"))  # until it closes a ballot can be another one
    press(plain, "Bevestig de onthouding")
    expect(plain.get_by_role("main")).to_contain_text("Onthouding")

    adviser.goto(vote)
    follow(adviser, "Nu sluiten", within="body")
    press(adviser, "Sluit de stemming")
    expect(adviser.get_by_role("main")).to_contain_text("Aangenomen")
    site.seal()
    assert count_again(adviser, vote, tmp_path).startswith("RIGHT: adopted, 2 ballots")

    # The next assembly makes it formal.
    assembly = put_on_agenda(adviser, ids["remote_proposal"], str(ids["remote_later"]))
    send_out(adviser, assembly)
    formal = plan_vote(adviser, assembly, formal=True)
    expect(adviser.get_by_role("main")).to_contain_text("bekrachtigt")
    adviser.goto(f"{assembly}stap/openen/")
    press(adviser, "Vergadering openen")
    phone.goto(f"{assembly}mijn/")
    phone.get_by_role("button", name="Ik ben in de zaal").first.click()
    adviser.goto(f"{assembly}voorzitter/")
    adviser.get_by_role("button", name=re.compile(f"^Naar dit punt.*{TITLE}")).click()
    votes = adviser.locator("[data-part=votes]")
    votes.get_by_role("button", name="De stemming openen").click()
    card = phone.locator("[data-card]")
    card.get_by_role("button", name="Voor", exact=True).click()
    card.get_by_role("button", name=re.compile("^Bevestig")).click()
    expect(card.locator("[data-said]")).to_contain_text("Ontvangen")
    votes.get_by_role("button", name="Sluit de stemming").click()
    votes.get_by_role("button", name="Uitslag bekendmaken").click()
    expect(votes).to_contain_text("Aangenomen")

    # Who follows the proposal hears that it is formal now, and the earlier vote says so.
    phone.goto("/nieuws/")
    expect(phone.get_by_role("main")).to_contain_text("bekrachtigden wat zij eerder besloten")
    phone.goto(vote)
    expect(phone.get_by_role("main")).to_contain_text("Bekrachtigd")
    fits(phone, 390)
    phone.goto(formal)
    expect(section(phone, "h-about")).to_contain_text("akkoord")
    assert violations(phone) == []


def press_or_follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Choose on the page of a vote: there a choice is a link to a page that confirms it."""
    page.get_by_role("main").get_by_role("link", name=name).first.click()
