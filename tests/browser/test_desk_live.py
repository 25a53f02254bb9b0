"""The desk, the registration desk and the minutes while others act: what changed comes by itself, and what somebody is
in the middle of stays as it is.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browsing import violations

pytestmark = pytest.mark.browser

DESK = {"viewport": {"width": 1360, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SOON = 10_000  # milliseconds: sooner than the round in which a page without a stream asks


def base(site: Site) -> str:
    return f"/besluiten/vergadering/{site.world.ids['live_desk']}/"


def line(page: Page, name: str) -> Locator:
    """The row of a member at the desk."""
    return page.locator("#desk-lines tr").filter(has=page.get_by_role("rowheader", name=name, exact=True))


def test_the_desk_takes_over_a_ballot_by_phone(visit: Visit, site: Site) -> None:
    teller = visit("live_chair", f"/besluiten/stemming/{site.world.ids['desk_vote']}/balie/?q=e", **DESK)
    page = visit(
        "talk_adviser", f"/besluiten/stemming/{site.world.ids['desk_vote']}/balie/?q=Deventer", **DESK
    )
    expect(line(page, "Deventer").locator("select")).to_have_count(1)
    chosen = line(teller, teller.locator("#desk-lines th").first.inner_text()).locator("select")
    chosen.select_option("against")
    phone = visit("live_one", f"{base(site)}mijn/", **PHONE)
    card = phone.locator("[data-card]").filter(has=phone.get_by_role("heading", name=re.compile("^Deventer")))
    card.get_by_role("button", name="Voor", exact=True).click()
    card.get_by_role("button", name=re.compile("^Bevestig")).click()
    expect(card.locator("[data-said]")).to_contain_text("Ontvangen")
    expect(line(page, "Deventer")).to_contain_text("stemde met telefoon of computer", timeout=SOON)
    expect(line(page, "Deventer").locator("select")).to_have_count(0)
    expect(chosen).to_have_value("against")
    assert violations(page) == []


def test_what_is_chosen_ticked_or_has_the_focus_stays(visit: Visit, site: Site) -> None:
    address = f"/besluiten/stemming/{site.world.ids['desk_vote']}/balie/"
    teller = visit("live_chair", address, **DESK)
    colleague = visit("talk_adviser", address, **DESK)
    first, second, third, fourth = teller.locator("#desk-lines th").all_inner_texts()[:4]
    line(teller, first).locator("select").select_option("against")
    line(teller, second).locator("select").focus()
    mark = "window.kept = document.activeElement"
    teller.evaluate(mark)
    line(colleague, third).locator("select").select_option("for")
    colleague.get_by_role("button", name="Noteren", exact=True).click()

    expect(line(teller, third)).to_contain_text("wacht op bevestiging", timeout=SOON)
    expect(line(teller, first).locator("select")).to_have_value("against")
    assert teller.evaluate("window.kept === document.activeElement && window.kept.isConnected")
    box = teller.locator("#desk-waiting tr").filter(has_text=third).get_by_role("checkbox")
    box.check()

    # A row one is choosing in waits until one has gone on; a tick stays when another row comes.
    line(colleague, second).locator("select").select_option("for")
    line(colleague, fourth).locator("select").select_option("for")
    line(teller, second).locator("select").focus()
    colleague.get_by_role("button", name="Noteren", exact=True).click()
    expect(line(teller, fourth)).to_contain_text("wacht op bevestiging", timeout=SOON)
    expect(line(teller, second).locator("select")).to_be_focused()
    expect(box).to_be_checked()
    line(teller, first).locator("select").focus()
    expect(line(teller, second)).to_contain_text("wacht op bevestiging", timeout=SOON)
    expect(line(teller, first).locator("select")).to_be_focused()

    # Confirmed, it leaves the list of the colleague too.
    teller.get_by_role("button", name=re.compile("^Bevestig")).first.click()
    expect(colleague.locator("#desk-waiting tr").filter(has_text=third)).to_have_count(0, timeout=SOON)
    for page in (teller, colleague):
        assert violations(page) == []


def test_the_registration_desk_follows_and_keeps_what_is_typed(visit: Visit, site: Site) -> None:
    desk = visit("talk_adviser", f"{base(site)}aanmelden/?q=Hengelo", **DESK)
    quorum = desk.locator("[data-part=quorum]")
    before = quorum.inner_text()
    desk.get_by_role("searchbox", name="Lid of persoon").fill("Deven")
    other = visit("live_chair", f"{base(site)}aanmelden/?q=Hengelo", **DESK)
    other.locator("#desk-rows").get_by_role("button", name=re.compile("^In de zaal")).first.click()
    expect(quorum).not_to_have_text(before, timeout=SOON)
    expect(desk.locator("#desk-rows .app-badge--positive")).to_have_count(1)
    expect(desk.get_by_role("searchbox", name="Lid of persoon")).to_have_value("Deven")
    expect(desk.get_by_role("searchbox", name="Lid of persoon")).to_be_focused()
    assert violations(desk) == []


def test_the_minutes_write_themselves_on_a_page_that_is_open(visit: Visit, site: Site) -> None:
    page = visit("talk_adviser", f"{base(site)}verslag/", **DESK)
    page.get_by_text("Wie er waren").first.click()
    note = (
        page.locator("#record > section")
        .first.get_by_role("link", name=re.compile("^Aantekening maken"))
        .last
    )
    note.focus()
    chair = visit("live_chair", f"{base(site)}voorzitter/", **DESK)
    chair.get_by_text("Iemand op de lijst zetten").first.click()
    chair.locator("#add-speaker").locator("[name$=name]").fill("Een gast uit het zuiden")
    chair.locator("#add-speaker").locator("[name$=kind]").select_option("visitor")
    chair.locator("#add-speaker").get_by_role("button", name="Op de lijst zetten").click()
    expect(chair.locator("[data-part=speakers]")).to_contain_text("Een gast uit het zuiden")
    chair.locator("[data-part=speakers]").get_by_role(
        "button", name=re.compile("Het woord geven")
    ).first.click()
    expect(page.locator("#record")).to_contain_text("Een gast uit het zuiden", timeout=SOON + 5_000)
    expect(page.locator("#who-was-there")).to_have_attribute("open", "")
    expect(page.locator(":focus")).to_contain_text("Aantekening maken")
    assert violations(page) == []
