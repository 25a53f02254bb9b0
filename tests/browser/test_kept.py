"""Nothing typed is lost: not by an error, nor by a session that lapsed, nor by a network that went."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, cookie
from tests.browser.people import add_passkey, device_with_passkeys, give_password, log_in
from tests.browser.site import Site
from tests.browsing import violations
from tests.world import address

pytestmark = pytest.mark.browser

REASON = "Wij nemen dit mee in het gesprek met het ministerie.\n\nDe wethouder hoort ervan in januari."


def lapse(page: Page, site: Site) -> None:
    """End the session as time does: on the server, while the page is open."""
    (key,) = [c["value"] for c in page.context.cookies() if c["name"] == "sessionid"]
    site.query("DELETE FROM django_session WHERE session_key = %s", key)


def test_a_report_survives_a_lapsed_session(visit: Visit, site: Site) -> None:
    page = visit("visitor")
    log_in(page, site, "lapsed_official")
    page.goto("/signaleren/melden/")
    page.locator("#id_title").fill("De veerboot vaart te weinig")
    lapse(page, site)
    page.locator("#id_case").press_sequentially("Bewoners missen de laatste boot naar huis.")
    expect(page.locator("[data-trouble]")).to_contain_text("U bent niet meer ingelogd")
    assert page.locator("main input[type=password]").count() == 0
    page.get_by_role("button", name="Volgende stap").click()
    page.wait_for_url("/account/login/?next=/signaleren/melden/")
    give_password(page, site, "lapsed_official")
    page.wait_for_url("/signaleren/melden/")
    expect(page.locator("#id_title")).to_have_value("De veerboot vaart te weinig")
    expect(page.locator("#id_case")).to_have_value("Bewoners missen de laatste boot naar huis.")
    expect(page.locator(".app-draft")).to_contain_text("teruggezet wat u eerder")
    page.get_by_role("button", name="Volgende stap").click()
    page.locator("#id_touches").fill("Alle eilandbewoners.")
    page.get_by_role("button", name="Bewaar en ga later verder").click()
    page.wait_for_url("/signaleren/melden/")
    expect(page.locator("#id_title")).to_have_value("")  # what was sent is not put back


def test_an_answer_of_the_bureau_survives_a_lapsed_session(visit: Visit, site: Site) -> None:
    page = visit("visitor")
    device_with_passkeys(page)
    page.goto("/account/login/")
    give_password(page, site, "lapsed_adviser")
    expect(page.get_by_role("heading", level=1)).to_have_text("Een tweede stap is nodig")
    add_passkey(page, "Werklaptop")
    answer = f"/signaleren/{site.world.ids['reviewed']}/antwoord/"
    page.goto(answer)
    page.get_by_label("Opgepakt").check()
    page.locator("#id_reason").fill(REASON)
    lapse(page, site)
    page.get_by_role("button", name="Verstuur het antwoord").click()
    page.wait_for_url(f"/account/login/?next={answer}")
    give_password(page, site, "lapsed_adviser")
    page.get_by_role("button", name="Gebruik een passkey").click()
    page.wait_for_url(answer)
    expect(page.locator("#id_reason")).to_have_value(REASON)
    expect(page.get_by_label("Opgepakt")).to_be_checked()


def test_a_text_for_a_bundle_is_kept_too(visit: Visit, site: Site) -> None:
    path = address("listen:make_bundle", site.world)
    page = visit("adviser", path)
    page.locator("#id_summary").fill("Jeugdhulp komt te laat.")
    page.goto("/signaleren/bundels/")
    page.goto(path)
    expect(page.locator("#id_summary")).to_have_value("Jeugdhulp komt te laat.")


def test_what_was_sent_and_never_arrived_is_kept(visit: Visit) -> None:
    page = visit("reporter", "/signaleren/melden/")
    page.locator("#id_title").fill("De trein stopt niet meer")
    page.locator("#id_case").fill("Scholieren staan op een leeg perron te wachten.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Volgende stap").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.goto("/")
    page.get_by_role("link", name="Signalen", exact=True).first.click()
    page.goto("/signaleren/melden/")
    expect(page.locator("#id_case")).to_have_value("Scholieren staan op een leeg perron te wachten.")
    page.get_by_role("button", name="Volgende stap").click()
    page.get_by_role("button", name="Bewaar en ga later verder").click()
    page.wait_for_url("/signaleren/melden/")
    expect(page.locator("#id_case")).to_have_value("")
    page.complaints.clear()  # the page of the browser itself, when there is no network


def test_an_error_is_told_on_top_and_at_the_field(visit: Visit) -> None:
    page = visit("reporter", "/signaleren/melden/")
    page.locator("#id_title").fill("Kort")
    page.locator("#id_case").fill("Bel mevrouw op 06-12345678 voor het hele verhaal over de brug.")
    page.get_by_role("button", name="Volgende stap").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    for field in ("title", "case"):
        control = page.locator(f"#id_{field}")
        expect(control).to_have_attribute("aria-invalid", "true")
        told = page.locator(f"#id_{field}_error")
        expect(told).to_be_visible()
        assert told.get_attribute("id") in control.get_attribute("aria-describedby").split()
        summary.locator(f"a[href='#id_{field}']").first.click()
        expect(control).to_be_focused()
    expect(page.locator("#id_title")).to_have_value("Kort")
    expect(page.locator("#id_case")).to_have_value(
        "Bel mevrouw op 06-12345678 voor het hele verhaal over de brug."
    )
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("broken", ["network", "server"])
def test_a_piece_of_page_that_does_not_come_is_told(visit: Visit, broken: str) -> None:
    page = visit("reporter", "/signaleren/melden/")
    page.locator("#id_title").fill("Laadpalen staan")
    if broken == "network":
        page.context.set_offline(True)
    else:
        page.route("**/melden/lijkt-op/", lambda route: route.fulfill(status=500, body="<h1>Kapot</h1>"))
    page.locator("#id_title").press_sequentially(" overal in de weg")
    expect(page.locator("#similar [data-trouble]")).to_contain_text("Er is nu geen verbinding")
    expect(page.locator("#id_title")).to_have_value("Laadpalen staan overal in de weg")
    expect(page.locator("main")).not_to_contain_text("Kapot")
    page.context.set_offline(False)
    page.unroute_all()
    page.locator("#id_title").press_sequentially(" bij de school")
    expect(page.locator("[data-trouble]")).to_have_count(0)
    page.complaints.clear()


def test_a_page_that_is_too_old_to_be_sent_keeps_its_text(visit: Visit, site: Site) -> None:
    page = visit("visitor")
    log_in(page, site, "reporter")
    page.goto("/signaleren/melden/")
    page.locator("#id_case").fill("De wachtkamer van het loket is te klein voor een rolstoel.")
    page.context.clear_cookies()  # as a browser does that was closed for a night
    page.get_by_role("button", name="Volgende stap").click()
    expect(page.locator("main")).to_contain_text("Wat u typte is op uw apparaat bewaard")
    log_in(page, site, "reporter")
    page.goto("/signaleren/melden/")
    expect(page.locator("#id_case")).to_have_value(
        "De wachtkamer van het loket is te klein voor een rolstoel."
    )


def test_another_language_keeps_the_text_and_another_person_does_not_see_it(visit: Visit, site: Site) -> None:
    page = visit("reporter", "/signaleren/melden/")
    page.locator("#id_case").fill("Op de kade is geen plek meer voor de vissers.")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Report a signal")
    expect(page.locator("#id_case")).to_have_value("Op de kade is geen plek meer voor de vissers.")
    page.context.add_cookies([cookie(site, "breaker")])
    page.goto("/signaleren/melden/")
    expect(page.locator("#id_case")).to_have_value("")
    expect(page.locator(".app-draft")).to_have_count(0)
