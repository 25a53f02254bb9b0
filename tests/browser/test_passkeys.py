"""The second step: an app with codes; passkeys on a device that Chromium plays, also to log in and to vote."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.people import (
    PASSWORD,
    add_passkey,
    device_with_passkeys,
    give_password,
    log_in,
    log_out,
)
from tests.browser.site import Site
from tests.browsing import violations

pytestmark = pytest.mark.browser


def test_log_in_by_passkey(visit: Visit, site: Site) -> None:
    page = visit("visitor")
    device, authenticator = device_with_passkeys(page)
    log_in(page, site, "passkey_official")
    page.goto("/account/tweede-stap/")
    page.get_by_role("link", name="Voeg een passkey toe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bent u het?")
    assert violations(page) == []
    add_passkey(page, "Mijn laptop")
    page.goto("/account/passkeys/")
    expect(page.get_by_role("rowheader")).to_contain_text("Mijn laptop")
    assert violations(page) == []
    for link in ("Mijn laptop een andere naam geven", "Mijn laptop verwijderen"):
        page.get_by_role("link", name=link).click()
        assert violations(page) == []
        page.go_back()
    log_out(page)
    page.goto("/account/login/?next=/volgend/")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    page.wait_for_url("/volgend/")
    expect(page.locator("header")).to_contain_text("Emmen")
    log_out(page)
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.goto("/account/login/")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    expect(page.locator("#messages")).to_contain_text("Dat is niet gelukt")
    page.complaints.clear()


def test_second_step_before_a_ballot(visit: Visit, site: Site) -> None:
    page = visit("visitor")
    device_with_passkeys(page)
    log_in(page, site, "passkey_voter")
    vote = f"/besluiten/stemming/{site.world.ids['running']}/"
    page.goto(vote)
    page.get_by_role("link", name="Voor (Smallingerland)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Een tweede stap is nodig")
    assert violations(page) == []
    page.get_by_role("link", name="Stel een tweede stap in").click()
    expect(page.get_by_role("link", name="Voeg een passkey toe")).to_be_visible()
    add_passkey(page, "Telefoon")
    page.goto("/account/tweede-stap/")
    page.get_by_role("link", name="Ga door naar de pagina").click()
    page.get_by_role("button", name="Stem voor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw stem is ontvangen")
    log_out(page)
    # With a passkey a password alone no longer opens the door.
    page.goto(f"/account/login/?next={vote}")
    give_password(page, site, "passkey_voter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw tweede stap")
    assert violations(page) == []
    page.get_by_role("button", name="Gebruik een passkey").click()
    page.wait_for_url(vote)
    expect(page.locator("main")).to_contain_text("Gestemd: voor")


def test_app_with_codes(visit: Visit, site: Site) -> None:
    page = visit("visitor")
    log_in(page, site, "codes_official")
    page.goto("/account/tweede-stap/app/")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Bevestigen").click()
    secret = page.locator("main code").inner_text()
    page.locator("#id_code").fill("000000")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert page.locator("main code").inner_text() == secret  # a slip of the finger does not change the key
    assert violations(page) == []
    page.locator("#id_code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Herstelcodes")
    assert violations(page) == []
    code = page.locator("main li").first.inner_text().strip()
    for path in (
        "/account/tweede-stap/",
        "/account/tweede-stap/app/uit/",
        "/account/tweede-stap/herstelcodes/nieuw/",
    ):
        page.goto(path)
        assert violations(page) == [], path
    log_out(page)
    page.goto("/account/login/?next=/volgend/")
    give_password(page, site, "codes_official")
    page.locator("#id_code").fill(code)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    page.wait_for_url("/volgend/")
