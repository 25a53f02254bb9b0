"""What somebody does to come in: a password, a passkey."""

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.site import Site
from tests.browsing import violations

PASSWORD = "geheim-geheim-geheim"


def give_password(page: Page, site: Site, person: str) -> None:
    """Fill in the log-in page that is open, and send it."""
    page.locator("#id_login").fill(site.world.texts[f"email:{person}"])
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def log_in(page: Page, site: Site, person: str) -> None:
    """Log in by password from the log-in page."""
    page.goto("/account/login/")
    give_password(page, site, person)
    page.wait_for_url("/")


def log_out(page: Page) -> None:
    """Log out by the button in the header."""
    page.locator("header form[action*=uitloggen] button").click()
    page.wait_for_url("/")


def device_with_passkeys(page: Page) -> tuple[CDPSession, str]:
    """Give the browser a device that makes and gives passkeys, with the owner always there; returns its handle."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return device, made["authenticatorId"]


def add_passkey(page: Page, name: str) -> None:
    """Make a passkey, with which one can log in too; the password is asked once more."""
    page.goto("/account/passkeys/toevoegen/")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Bevestigen").click()
    expect(page.locator("#id_name")).to_be_visible()
    assert violations(page) == []
    page.locator("#id_name").fill(name)
    page.locator("#id_passwordless").check()
    with page.expect_navigation():
        page.locator("#mfa_webauthn_add").click()
