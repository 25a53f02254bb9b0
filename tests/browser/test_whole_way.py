"""The main job, from what a member sees to what became of it, as its people walk it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browsing import violations

pytestmark = pytest.mark.browser

TITLE = "Rolstoelgebruikers komen het stadhuis niet in"
PROPOSAL = "Elk stadhuis toegankelijk"


def send_signal(page: Page, title: str) -> None:
    page.locator("#id_title").fill(title)
    page.locator("#id_case").fill("De hellingbaan is te steil. Een bezoeker moest buiten wachten op hulp.")
    page.get_by_role("button", name="Volgende stap").click()
    page.locator("#id_touches").fill("Mensen met een beperking.")
    page.get_by_role("button", name="Volgende stap").click()
    page.locator("#id_helps").fill("Geld om de ingang te verbouwen.")
    page.locator("[name=visibility][value=public]").check()
    page.get_by_role("button", name="Verstuur het signaal").click()
    expect(page.locator("#messages")).to_contain_text("Uw signaal is verstuurd")


def test_from_a_signal_to_a_decision_and_back(visit: Visit, site: Site) -> None:
    # A member reports, twice; another member sees it too.
    official = visit("way_official", "/signaleren/melden/")
    send_signal(official, TITLE)
    signal = official.url
    official.goto("/signaleren/melden/")
    send_signal(official, "De ingang van het stadhuis is te smal voor een scootmobiel")
    alderman = visit("way_alderman", signal)
    alderman.get_by_role("link", name=re.compile("Wij zien dit ook")).first.click()
    alderman.locator("#id_own_case").fill("Bij ons is de lift te klein voor een rolstoel.")
    alderman.locator("main form:not([action*=volgen]) button.nl-button--primary").click()
    expect(alderman.locator("#messages")).to_contain_text("Toegevoegd")

    # The bureau bundles what belongs together, answers, and makes a proposal of it.
    adviser = visit("way_adviser", "/signaleren/signalen/?text=stadhuis")
    expect(adviser.locator("tbody tr")).to_have_count(2)
    for box in adviser.locator("tbody input[name=signal]").all():
        box.check()
    adviser.get_by_role("button", name="Bundel maken van wat is aangevinkt").click()
    adviser.locator("#id_title").fill("Stadhuizen zijn niet toegankelijk")
    adviser.locator("main form button.nl-button--primary").click()
    expect(adviser.get_by_role("heading", level=1)).to_have_text("Stadhuizen zijn niet toegankelijk")
    expect(adviser.locator("#behind + p")).to_contain_text("2 leden")
    adviser.get_by_role("link", name="Deze bundel beantwoorden").click()
    adviser.get_by_label("Opgepakt").check()
    adviser.locator("[name=reason]").fill("Wij leggen alle leden een voorstel voor over geld voor de ingang.")
    adviser.locator("main form button.nl-button--primary").click()
    adviser.get_by_role("link", name="Voorstel maken").click()
    adviser.locator("#id_title").fill(PROPOSAL)
    adviser.locator("#id_text").fill("De vereniging vraagt het rijk om geld voor de ingang van elk stadhuis.")
    adviser.locator("main form button.nl-button--primary").click()

    # A vote among the members of a day in the past, each with the votes of its inhabitants then.
    adviser.get_by_role("link", name="Plan een stemming").click()
    adviser.locator("#id_reference_date").fill("2022-06-01")
    adviser.locator("main form button.nl-button--primary").click()
    vote = adviser.url
    adviser.get_by_role("link", name="Nu openen").click()
    adviser.locator("main form button.nl-button--primary").click()
    expect(adviser.locator("main")).to_contain_text("0 van de 344 leden hebben gestemd")
    expect(adviser.locator("main")).to_contain_text("13.263")
    assert violations(adviser) == []

    # Who holds the mandate votes, and gets a receipt.
    alderman.goto("/")
    alderman.get_by_role("link", name=re.compile(f"Stem over “{PROPOSAL}”")).click()
    alderman.locator("main a[href$='choice=for']").click()
    alderman.get_by_role("button", name="Stem voor").click()
    expect(alderman.get_by_role("heading", level=1)).to_have_text("Uw stem is ontvangen")
    alderman.locator("dl a[href*=ontvangst]").click()
    expect(alderman.get_by_role("heading", level=1)).to_have_text("Ontvangstbewijs")

    # The bureau closes it before its time; the result is there for everybody.
    adviser.goto(vote)
    adviser.get_by_role("link", name="Nu sluiten").click()
    adviser.locator("main form button.nl-button--primary").click()
    visitor = visit("visitor", vote)
    expect(visitor.locator("main")).to_contain_text("344")
    expect(visitor.locator("svg[data-map] a").first).to_be_attached()
    assert violations(visitor) == []

    # Who reported it reads what became of it, and the signal shows the whole way.
    official.goto("/nieuws/")
    news = official.locator("main")
    expect(news).to_contain_text("Stadhuizen zijn niet toegankelijk")
    expect(news).to_contain_text(re.compile(f"“{PROPOSAL}” (is|werd)"))
    official.goto(signal)
    thread = official.locator(".app-thread")
    for title in ("Stadhuizen zijn niet toegankelijk", PROPOSAL):
        expect(thread.get_by_role("link", name=title).first).to_be_attached()
    twice = site.query(
        "SELECT news FROM thread_notice WHERE person_id = %s GROUP BY 1 HAVING count(*) > 1",
        site.world.people["way_official"],
    )
    assert twice == [], "nobody hears the same twice"
