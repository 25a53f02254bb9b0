"""Everything that matters without JavaScript: report, board, map, ballot."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.people import give_password, log_in
from tests.browser.site import Site
from tests.browser.test_kept import lapse

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(visit: Visit):
    """Open a page without JavaScript."""

    def open_page(person: str, path: str) -> Page:
        return visit(person, path, java_script_enabled=False)

    return open_page


def test_report(plain) -> None:
    page = plain("plain_reporter", "/signaleren/melden/")
    page.get_by_role("button", name="Volgende stap").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator("#id_title").fill("Het zwembad is te koud voor ouderen")
    page.locator("#id_case").fill("Ouderen blijven weg uit het zwembad, want het water is te koud.")
    page.get_by_role("button", name="Volgende stap").click()
    page.locator("#id_touches").fill("Vooral wie ouder is dan zeventig.")
    page.locator("#id_upload").set_input_files(
        {"name": "foto.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(64)}
    )
    page.get_by_role("button", name="Voeg deze link of dit bestand toe").click()
    expect(page.locator("#evidence")).to_contain_text("foto.png")
    page.get_by_role("button", name="Volgende stap").click()
    page.locator("#id_helps").fill("Hulp bij de kosten van warm water.")
    expect(page.locator("#check").locator("..")).to_contain_text("Vooral wie ouder is dan zeventig.")
    page.get_by_role("button", name="Verstuur het signaal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Het zwembad is te koud voor ouderen")
    expect(page.locator("#messages")).to_contain_text("Uw signaal is verstuurd")


def test_board(plain) -> None:
    page = plain("visitor", "/signaleren/signalen/")
    page.locator("main [name=text]").fill("fietspad")
    page.locator(".app-filters button").first.click()
    expect(page.locator("tbody tr")).to_have_count(25)
    page.locator("[rel=next]").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    page.locator("main details summary").first.click()
    page.locator("main [name=member]").select_option(label="Groningen")
    page.locator("main details button").click()
    expect(page.locator(".app-empty")).to_be_visible()


def test_map(plain) -> None:
    page = plain("visitor", "/leden/")
    tile = page.locator("svg[data-map] a[href*=GM0014]")
    assert tile.get_attribute("aria-label").startswith("Groningen")
    tile.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/leden/GM0014/**")
    page.go_back()
    page.locator("#members-table summary").click()
    page.locator("#members-table a").filter(has_text="Groningen").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Groningen")


def test_ballot(plain, site: Site) -> None:
    page = plain("plain_voter", f"/besluiten/stemming/{site.world.ids['running']}/")
    page.locator("main a[href$='choice=abstain']").click()
    page.get_by_role("button", name="Bevestig").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw stem is ontvangen")
    page.locator("dl a[href*=ontvangst]").click()
    expect(page.locator("main")).to_contain_text("ballot.cast")


def test_what_was_typed_survives_a_lapsed_session(visit: Visit, site: Site) -> None:
    page = visit("visitor", java_script_enabled=False)
    log_in(page, site, "lapsed_official")
    page.goto("/signaleren/melden/")
    page.locator("#id_title").fill("De markt verliest zijn kramen")
    page.locator("#id_case").fill("Er staan nog drie kramen.\n\nOuderen komen er niet meer.")
    lapse(page, site)
    page.get_by_role("button", name="Volgende stap").click()
    page.wait_for_url("/account/login/?next=/signaleren/melden/")
    give_password(page, site, "lapsed_official")
    page.wait_for_url("/signaleren/melden/")
    expect(page.locator("main")).to_contain_text("Wat u invulde, is bewaard")
    page.get_by_role("button", name="Ga verder met wat u invulde").click()
    page.get_by_role("button", name="Vorige stap").click()
    expect(page.locator("#id_title")).to_have_value("De markt verliest zijn kramen")
    expect(page.locator("#id_case")).to_have_value("Er staan nog drie kramen.\n\nOuderen komen er niet meer.")
