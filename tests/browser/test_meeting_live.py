"""One assembly on many screens at once: the chair, two delegates with a proxy and a divided member, and the hall."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browsing import violations

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1360, "height": 900}}
HALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
KEPT = "Opgeslagen op uw telefoon, nog niet ontvangen"
RECEIVED = re.compile(r"Ontvangen\. Ontvangstbewijs nummer \d+")
SMALLEST = """() => { const sizes = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const box = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !box.checkVisibility()) continue;
    sizes.push(parseFloat(getComputedStyle(box).fontSize)); }
  return Math.min(...sizes); }"""


def base(site: Site) -> str:
    return f"/besluiten/vergadering/{site.world.ids['live']}/"


def step(page: Page, label: str) -> None:
    """Press the one button of the autopilot, once it says this."""
    page.locator(".app-autopilot").get_by_role("button", name=label).click()


def card(page: Page, name: str) -> Locator:
    """The card with the ballot of this member."""
    return page.locator("[data-card]").filter(has=page.get_by_role("heading", name=re.compile(f"^{name}")))


def vote(page: Page, name: str, choice: str) -> Locator:
    """Vote in two taps; the place where the card says what became of it."""
    here = card(page, name)
    here.get_by_role("button", name=choice, exact=True).click()
    here.get_by_role("button", name=re.compile("^Bevestig")).click()
    return here.locator("[data-said]")


def ballots(site: Site) -> list[tuple]:
    """(line, part, choice) of all ballots of the meeting, with how many events there are of each."""
    return site.query(
        "SELECT e.voter, b.part, b.choice, (SELECT count(*) FROM journal_event j"
        " WHERE j.subject = 'item:' || v.item_ptr_id AND j.on_behalf_of = 'member:' || e.voter"
        " AND j.verb LIKE 'ballot.%%') FROM decide_ballot b"
        " JOIN decide_rollentry e ON e.id = b.entry_id JOIN decide_vote v ON v.item_ptr_id = b.vote_id"
        " WHERE v.meeting_id = %s ORDER BY e.voter, b.part",
        site.world.ids["live"],
    )


def fits(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []


def lose_the_answer(page: Page) -> list[str]:
    """The server takes the next ballot, but its answer never comes back."""
    lost: list[str] = []

    def handle(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().text())
            route.abort()

    page.route("**/besluiten/stem/", handle)
    return lost


def test_an_assembly_on_all_screens_at_once(visit: Visit, site: Site) -> None:
    chair = visit("live_chair", f"{base(site)}voorzitter/", **DESK)
    hall = visit("visitor", f"{base(site)}scherm/?taal=nl", **HALL)
    one = visit("live_one", f"{base(site)}mijn/", **PHONE)
    two = visit("live_two", f"{base(site)}mijn/", **PHONE)
    expect(hall.locator("h1")).to_have_text("Agenda")
    for phone in (one, two):
        phone.get_by_role("button", name="Ik ben in de zaal").first.click()
        expect(phone.locator("[data-live-said]")).to_have_text("U staat als aanwezig genoteerd.")
        fits(phone, 390)

    # The chair goes on by one button; nobody reloads a page.
    chair.get_by_role("button", name="Met automatische piloot").click()
    step(chair, "Volgend punt")
    expect(hall.locator("h1")).to_have_text("Opening")
    step(chair, "Volgend punt")
    expect(hall.locator("h1")).to_have_text("Visie op 2030")
    expect(one.locator("#h-now")).to_contain_text("Visie op 2030")

    # A delegate asks to speak, and is given the floor.
    one.get_by_text("Het woord vragen").first.click()
    one.get_by_role("button", name="Het woord vragen").click()
    expect(chair.locator("[data-part=speakers]")).to_contain_text("Deventer")
    step(chair, "Volgende spreker")
    expect(hall.locator(".hall-speaker__name")).to_have_text("Deventer")
    expect(hall.locator(".hall-timer")).to_have_text(re.compile(r"^[23]:\d\d$"))
    assert hall.evaluate(SMALLEST) >= 40
    assert violations(hall) == []
    step(chair, "Spreker afronden")

    # The vote comes to the phones by itself: a card for one's own member, for the proxy, for a part.
    step(chair, "De stemming openen")
    expect(one.locator("[data-card]")).to_have_count(2)
    expect(two.locator("[data-card]")).to_have_count(1)
    expect(card(two, "Enschede")).to_contain_text("40 stemmen")
    expect(hall.locator(".hall-count")).to_contain_text("0")
    fits(one, 390)

    # A double click is no confirmation, and a confirmation clicked twice is one ballot.
    mine = card(one, "Deventer")
    mine.get_by_role("button", name="Voor", exact=True).dblclick()
    sure = mine.get_by_role("button", name=re.compile("^Bevestig"))
    expect(sure).to_be_enabled()
    assert ballots(site) == []
    sure.dblclick()
    expect(mine.locator("[data-said]")).to_contain_text(RECEIVED)
    assert ballots(site) == [("GM0150", 0, "for", 1)]

    # Without a network the ballot waits on the phone, also when the page is opened anew; then it is sent once.
    one.context.set_offline(True)
    said = vote(one, "Hengelo", "Tegen")
    expect(said).to_contain_text(KEPT)
    expect(said).not_to_contain_text("Ontvangstbewijs")
    expect(one.locator("[data-live-state]")).to_contain_text("Verbinding verbroken, we proberen het opnieuw")
    assert len(ballots(site)) == 1
    one.context.set_offline(False)
    expect(said).to_contain_text(RECEIVED, timeout=30_000)
    expect(one.locator("[data-live-state]")).to_be_hidden()
    one.complaints.clear()
    fits(one, 390)

    # The answer is lost on its way: the ballot is sent again, and counts once.
    lost = lose_the_answer(two)
    said = vote(two, "Enschede", "Voor")
    expect(said).to_contain_text(KEPT)
    expect(said).to_contain_text(RECEIVED)
    assert '"ok": true' in lost[0]
    two.complaints.clear()
    assert ballots(site) == [("GM0150", 0, "for", 1), ("GM0153", 1, "for", 1), ("GM0164", 0, "against", 1)]

    # The hall sees how many voted, and what came of it only once it is announced.
    expect(hall.locator(".hall-count")).to_contain_text("3")
    assert hall.evaluate(SMALLEST) >= 40
    fits(chair, 1360)
    step(chair, "Sluit de stemming")
    expect(hall.locator(".hall-kicker")).to_contain_text("De uitslag komt zo")
    expect(hall.locator("main")).not_to_contain_text("Aangenomen")
    expect(one.locator("[data-card]")).to_have_count(0)
    step(chair, "Uitslag bekendmaken")
    expect(hall.locator("h1")).to_have_text("Aangenomen")
    expect(hall.locator(".hall-line")).to_have_count(1)
    expect(one.locator("[data-part=now]")).to_contain_text("Aangenomen")
    assert hall.evaluate(SMALLEST) >= 40
    assert hall.evaluate("document.documentElement.scrollHeight") <= 1080
    for page, width in ((hall, 1920), (chair, 1360), (one, 390)):
        fits(page, width)

    for page in (hall, chair, one):
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320

    # The same in English, and who comes back after a while sees how it stands now.
    english = visit("visitor", f"{base(site)}scherm/?taal=en", **HALL)
    expect(english.locator("h1")).to_have_text("Adopted")
    assert english.locator("html").get_attribute("lang") == "en"
    assert not re.search(r"\b(Stemming|Uitslag|leden|stemmen)\b", english.locator("body").inner_text())


def test_other_kinds_of_ballots_on_a_phone(visit: Visit, site: Site) -> None:
    page = visit("live_one", f"/besluiten/vergadering/{site.world.ids['live_kinds']}/mijn/", **PHONE)
    fits(page, 390)
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    def of_kind(kind: str) -> Locator:
        return page.locator(f"[data-card][data-kind={kind}]")

    def confirmed(here: Locator, words: str) -> None:
        here.get_by_role("button", name=re.compile("^Deze stem uitbrengen")).click()
        expect(here.locator("[data-picked]")).to_have_text(words)
        here.get_by_role("button", name=re.compile("^Bevestig")).click()
        expect(here.locator("[data-said]")).to_contain_text(RECEIVED)

    ranking = of_kind("ranking")
    ranking.get_by_role("button", name="Trein", exact=True).click()
    ranking.get_by_role("button", name="Bus", exact=True).click()
    ranking.get_by_role("button", name="Bus een plaats omhoog").click()
    expect(ranking.get_by_role("button", name="Bus een plaats omhoog")).to_be_focused()
    confirmed(ranking, "1. Bus 2. Trein")

    points = of_kind("points")
    for _three in range(3):
        points.get_by_role("button", name="Eén punt meer voor Fiets").click()
    for _two in range(2):
        points.get_by_role("button", name="Eén punt meer voor Bus").click()
    expect(points.locator("[data-count]")).to_have_text("1 punten te veel")
    points.get_by_role("button", name=re.compile("^Deze stem uitbrengen")).click()
    expect(points.locator("[data-said]")).to_have_text("U kunt hoogstens 4 punten geven.")
    points.get_by_role("button", name="Eén punt minder voor Bus").click()
    confirmed(points, "Bus: 1, Fiets: 3")

    approval = of_kind("approval")
    approval.get_by_role("button", name=re.compile("^Deze stem uitbrengen")).click()
    expect(approval.locator("[data-said]")).to_have_text("Kies eerst iets.")
    for name in ("Bus", "Trein", "Fiets"):
        approval.get_by_label(name, exact=True).check()
    approval.get_by_role("button", name=re.compile("^Deze stem uitbrengen")).click()
    expect(approval.locator("[data-said]")).to_have_text("Kies er hoogstens 2.")
    approval.get_by_label("Bus", exact=True).uncheck()
    confirmed(approval, "Trein, Fiets")
    found = site.query(
        "SELECT b.choice FROM decide_ballot b JOIN decide_vote v ON v.item_ptr_id = b.vote_id WHERE v.meeting_id = %s"
        " ORDER BY b.id",
        site.world.ids["live_kinds"],
    )
    assert [choice for (choice,) in found] == ["A>B", "A:1|C:3", "B|C"]
    page.reload()
    expect(page.get_by_text(re.compile("U stemde:"))).to_have_count(3)
    fits(page, 320)


def test_a_ballot_without_javascript(visit: Visit, site: Site) -> None:
    page = visit("live_giver", f"{base(site)}mijn/", **PHONE, java_script_enabled=False)
    page.get_by_role("button", name=re.compile("Ik doe op afstand mee")).first.click()
    expect(page.get_by_role("main")).to_contain_text("U staat als aanwezig genoteerd.")
    page.get_by_text("Het woord vragen").first.click()
    page.get_by_role("button", name="Het woord vragen").click()
    expect(page.get_by_role("main")).to_contain_text("Hengelo staat op de sprekerslijst.")
