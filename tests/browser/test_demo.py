"""What only the demo has: logging in with one click, and the outbox."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.site import Site
from tests.browser.test_pages import too_wide
from tests.browsing import listen, violations

pytestmark = pytest.mark.browser


def test_one_click_and_the_outbox(demo: Site, browser: Browser) -> None:
    context = browser.new_context(base_url=demo.url, locale="nl-NL")
    page = context.new_page()
    complaints = listen(page, demo.url)

    def check() -> None:
        page.set_viewport_size({"width": 1360, "height": 900})
        assert violations(page) == []
        page.set_viewport_size({"width": 320, "height": 800})
        assert too_wide(page) == []

    page.goto("/account/login/?next=/volgend/")
    check()
    page.get_by_role("button", name="Burgemeester").click()
    page.wait_for_url("/volgend/")
    expect(page.locator("header")).to_contain_text("demonstratie")
    page.goto("/demo/postvak/")
    expect(page.get_by_role("article")).to_contain_text("Er is nieuws.")
    check()
    assert complaints == []
    context.close()


def test_elsewhere_there_is_none_of_it(site: Site, browser: Browser) -> None:
    context = browser.new_context(base_url=site.url, locale="nl-NL")
    page = context.new_page()
    page.goto("/account/login/")
    expect(page.locator("#demo-log-in")).to_have_count(0)
    assert page.goto("/demo/postvak/").status == 404
    context.close()
