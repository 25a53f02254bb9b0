"""The main work without a mouse: reporting, adding oneself, the board, the map, a ballot."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.keys import press, tab_to
from tests.browser.site import Site
from tests.browsing import violations

pytestmark = pytest.mark.browser

SUBMIT = "main form:not([action*=volgen]) button.nl-button--primary"


def test_report_in_three_steps(visit: Visit) -> None:
    page = visit("reporter", "/signaleren/melden/")
    tab_to(page, "#id_title")
    page.keyboard.type("Bruggen zijn te zwak voor de nieuwe bussen")
    tab_to(page, "#id_case")
    page.keyboard.type("De bus rijdt om, want de brug in het dorp draagt het gewicht niet.")
    press(page, "button[value=next]")
    tab_to(page, "#id_touches")
    page.keyboard.type("Wie zonder auto in het dorp woont.")
    tab_to(page, "#id_theme")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#id_url")
    page.keyboard.type("https://voorbeeld.example/brug")
    press(page, "button[value=add]")
    expect(page.locator("#evidence")).to_contain_text("voorbeeld.example/brug")
    expect(page.locator("#id_url")).to_have_value("")  # it stands in the list now
    press(page, "button[value=next]")
    tab_to(page, "#id_helps")
    page.keyboard.type("Geld om bruggen te versterken.")
    tab_to(page, "[name=visibility]")
    page.keyboard.press("ArrowUp")  # from the members to everyone
    expect(page.locator("[name=visibility]:checked")).to_have_value("public")
    press(page, "button[value=back]")
    press(page, "button[value=next]")
    expect(page.locator("#id_helps")).to_have_value("Geld om bruggen te versterken.")
    press(page, "button[value=send]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bruggen zijn te zwak voor de nieuwe bussen")
    expect(page.locator("#messages")).to_contain_text("Uw signaal is verstuurd")
    expect(page.get_by_role("link", name="voorbeeld.example/brug")).to_have_count(1)
    assert violations(page) == []


def test_we_see_this_too_while_typing(visit: Visit) -> None:
    page = visit("reporter", "/signaleren/melden/")
    tab_to(page, "#id_title")
    page.keyboard.type("Inwoners kunnen hun energierekening niet betalen")
    similar = page.locator("#similar")
    expect(similar.get_by_role("heading", level=2)).to_be_visible()
    expect(
        similar.get_by_role("link", name="Huishoudens in de knel door hoge gasprijzen", exact=True)
    ).to_be_visible()
    expect(page.locator("#id_title")).to_be_focused()  # what comes in does not take the focus
    assert violations(page) == []
    theirs = page.get_by_role(
        "link", name=re.compile("Wij zien dit ook.*Huishoudens in de knel")
    ).get_attribute("href")
    press(page, f'#similar a[href="{theirs}"]')
    tab_to(page, "#id_own_case")
    page.keyboard.type("Ook bij ons kloppen gezinnen aan bij de balie.")
    press(page, SUBMIT)
    expect(page.locator("#messages")).to_contain_text("Toegevoegd")
    expect(page.locator("main")).to_contain_text("Ook bij ons kloppen gezinnen aan bij de balie.")


def test_board(visit: Visit) -> None:
    page = visit("visitor", "/signaleren/signalen/")
    first = page.locator("tbody tr").first
    assert page.locator("tbody tr").count() == 25
    # By its address: its text tells how many minutes ago.
    signal = first.locator("a").first
    newest = signal.get_attribute("href")
    press(page, "[rel=next]")
    assert signal.get_attribute("href") != newest
    press(page, "[rel=prev]")
    assert signal.get_attribute("href") == newest
    press(page, "th a[href*='sort=members']")
    expect(page.locator("th[aria-sort]")).to_contain_text("Leden")
    press(page, "th a[href*='sort=-members']")
    expect(first.locator(".app-numeric")).not_to_have_text("1")
    tab_to(page, "main [name=text]")
    page.keyboard.type("fietspad")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("30 signalen gevonden")
    tab_to(page, "main details summary")
    page.keyboard.press("Enter")
    tab_to(page, "main [name=member]")
    page.keyboard.type("Groningen")
    with page.expect_navigation():
        tab_to(page, "main details button")
        page.keyboard.press("Enter")
    expect(page.locator(".app-empty")).to_be_visible()
    press(page, ".app-filters a[href='/signaleren/signalen/']")
    press(page, ".app-tabs a[href*='state=declined']")
    expect(page.get_by_role("status").first).to_contain_text("2 signalen gevonden")


def test_map_leads_to_the_member(visit: Visit) -> None:
    page = visit("visitor", "/leden/")
    tab_to(page, "svg[data-map] a")
    here = page.evaluate("document.activeElement.getAttribute('aria-label')")
    for key in ("ArrowDown", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    there = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert there != here
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert there.startswith(page.get_by_role("heading", level=1).inner_text())
    page.go_back()
    # One stop: the next one is past the map.
    tab_to(page, "svg[data-map] a")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('svg[data-map] a')")


def test_ballot_cast_changed_and_proved(visit: Visit, site: Site) -> None:
    page = visit("keyboard_voter", f"/besluiten/stemming/{site.world.ids['running']}/")
    press(page, "main a[href$='choice=for']")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leeuwarden stemt: voor")
    press(page, SUBMIT)
    expect(page.locator("dl")).to_contain_text("Voor")
    assert violations(page) == []
    press(page, "main .app-buttons a")
    assert page.locator("main a[href$='choice=for']").count() == 0
    press(page, "main a[href$='choice=against']")
    expect(page.locator("main")).to_contain_text("Dit komt daarvoor in de plaats")
    press(page, SUBMIT)
    expect(page.locator("dl")).to_contain_text("Tegen")
    press(page, "dl a[href*=ontvangst]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ontvangstbewijs")
    receipt = page.url
    other = visit("mayor")
    assert other.goto(receipt).status == 404


def test_menu_on_a_phone(visit: Visit) -> None:
    page = visit("official", "/", viewport={"width": 390, "height": 800})
    tab_to(page, "nav summary")
    page.keyboard.press("Enter")
    assert violations(page) == []
    press(page, "nav details a[href='/signaleren/']")
    expect(page.get_by_role("heading", level=1)).to_have_text("Signalen")
    # The rows are cards here; a table all the same for who does not see it.
    first = page.get_by_role("table").get_by_role("row").nth(1)
    expect(first.get_by_role("cell")).to_have_count(4)
    assert first.evaluate("e => getComputedStyle(e).display") == "flex"
    assert page.evaluate("document.querySelector('.utrecht-table-container').scrollWidth") <= 390
    assert violations(page) == []
