"""The gallery in a real browser: accessibility, reflow, focus, drafts, map, no foreign request."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import listen, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def gallery(page: Page, server: str) -> Page:
    page.complaints = listen(page, server)
    page.goto(f"{server}/gallery/")
    return page


@pytest.mark.parametrize("width", [1360, 390])
def test_no_accessibility_violation(gallery: Page, width: int) -> None:
    gallery.set_viewport_size({"width": width, "height": 900})
    gallery.locator("details").evaluate_all("list => list.forEach(d => d.open = true)")
    assert violations(gallery) == []


def test_the_axe_check_bites(gallery: Page) -> None:
    gallery.evaluate("document.querySelector('label[for=id_title]').remove()")
    assert any(v.startswith("label") for v in violations(gallery))


def test_errors_have_no_violation_and_take_the_focus(gallery: Page) -> None:
    gallery.get_by_role("button", name="Versturen").click()
    summary = gallery.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    assert violations(gallery) == []
    summary.get_by_role("link", name=re.compile("Waar speelt het")).click()
    expect(gallery.locator("#id_where_0")).to_be_focused()


def test_errors_take_the_focus_without_javascript(browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/gallery/")
    page.get_by_role("button", name="Versturen").click()
    page.wait_for_load_state()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator(".app-menu summary").click()
    expect(page.get_by_role("link", name="Netwerken")).to_be_visible()
    context.close()


def test_no_complaint_of_the_browser_and_no_foreign_request(gallery: Page) -> None:
    gallery.wait_for_load_state("networkidle")
    assert gallery.complaints == []


def test_reflow_at_320_pixels(gallery: Page) -> None:
    gallery.set_viewport_size({"width": 320, "height": 800})
    gallery.locator("details").evaluate_all("list => list.forEach(d => d.open = true)")
    assert gallery.evaluate("document.documentElement.scrollWidth") <= 320


def test_text_spacing_and_double_size_lose_nothing(gallery: Page) -> None:
    gallery.set_viewport_size({"width": 640, "height": 800})
    gallery.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync(`html{font-size:200%} *{line-height:1.5!important;letter-spacing:.12em!important;
        word-spacing:.16em!important} p{margin-block-end:2em!important}`);
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert gallery.evaluate("document.documentElement.scrollWidth") <= 640


def test_every_tab_stop_shows_its_focus_and_is_large_enough(gallery: Page) -> None:
    seen = 0
    for _stop in range(150):
        gallery.keyboard.press("Tab")
        stop = gallery.evaluate(
            """() => { const e = document.activeElement; if (!e || e === document.body) return null;
            const s = getComputedStyle(e), mark = e.querySelector && e.querySelector('.app-map__shape, rect');
            const m = e instanceof SVGElement && mark ? getComputedStyle(mark) : null;
            const box = e.getBoundingClientRect();
            return {html: e.outerHTML.slice(0, 120), width: box.width, height: box.height,
              outline: m ? parseFloat(m.strokeWidth) : parseFloat(s.outlineWidth),
              style: m ? 'solid' : s.outlineStyle, inline: s.display === 'inline'}; }"""
        )
        if stop is None:
            break
        seen += 1
        assert stop["outline"] >= 3, stop
        assert stop["style"] != "none", stop
        # WCAG 2.5.8 exempts links within a sentence.
        assert stop["inline"] or min(stop["width"], stop["height"]) >= 24, stop
    assert seen > 40


def test_the_map_is_one_tab_stop_with_arrow_keys(gallery: Page) -> None:
    tiles = gallery.locator("svg[data-map] a")
    assert tiles.count() > 30
    assert gallery.locator("svg[data-map] a[tabindex='0']").count() == 1
    gallery.locator("svg[data-map] a[tabindex='0']").focus()
    before = gallery.evaluate("document.activeElement.getAttribute('aria-label')")
    gallery.keyboard.press("ArrowRight")
    after = gallery.evaluate("document.activeElement.getAttribute('aria-label')")
    assert before.startswith("Voorbeeld 00")
    assert after.startswith("Voorbeeld 01")
    gallery.keyboard.press("End")
    gallery.keyboard.press("Enter")
    assert gallery.url.endswith("#lid-37")


def test_the_map_works_without_javascript(browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/gallery/")
    page.locator("svg[data-map] a").nth(5).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/gallery/#lid-5")
    context.close()


def test_typed_text_comes_back_until_it_is_sent(gallery: Page, server: str) -> None:
    gallery.get_by_label("Titel van het signaal").fill("Keuringen duren lang")
    gallery.get_by_label("In de hele regio").check()
    gallery.goto("about:blank")
    gallery.goto(f"{server}/gallery/")
    expect(gallery.get_by_label("Titel van het signaal")).to_have_value("Keuringen duren lang")
    expect(gallery.get_by_label("In de hele regio")).to_be_checked()
    expect(gallery.locator(".app-draft")).to_be_visible()
    gallery.locator(".app-draft button").click()
    expect(gallery.get_by_label("Titel van het signaal")).to_have_value("")
    gallery.goto(f"{server}/gallery/")
    expect(gallery.locator(".app-draft")).to_have_count(0)


def test_a_draft_survives_an_error_and_is_cleared_by_success(gallery: Page, server: str) -> None:
    gallery.get_by_label("Titel van het signaal").fill("Keuringen duren lang")
    gallery.get_by_role("button", name="Versturen").click()
    expect(gallery.locator("[data-error-summary]")).to_be_focused()
    expect(gallery.get_by_label("Titel van het signaal")).to_have_value("Keuringen duren lang")
    keys = "Object.keys(localStorage).filter(k => k.startsWith('draft:')).length"
    gallery.goto(f"{server}/login/")
    assert gallery.evaluate(keys) == 1  # a page that asks to log in keeps it
    gallery.goto(f"{server}/gallery/")
    expect(gallery.get_by_label("Titel van het signaal")).to_have_value("Keuringen duren lang")
    gallery.get_by_label("Titel van het signaal").fill("Keuringen duren nog langer")
    gallery.locator("form.app-form").evaluate("form => { form.action = '../sent/'; form.requestSubmit(); }")
    gallery.wait_for_url("**/sent/")
    assert gallery.evaluate(keys) == 0


def test_logging_out_clears_drafts_and_secrets_are_never_kept(gallery: Page, server: str) -> None:
    gallery.goto(f"{server}/login/")
    gallery.get_by_label("Password").fill("very secret words")
    gallery.get_by_label("Remark").fill("not secret")
    gallery.wait_for_timeout(600)
    assert gallery.evaluate("Object.keys(localStorage).length") == 1
    assert "very secret" not in gallery.evaluate("JSON.stringify(localStorage)")
    gallery.get_by_role("button", name="Leave").click()
    gallery.wait_for_url("**/sent/")
    assert gallery.evaluate("Object.keys(localStorage).length") == 0


def test_forced_colours_and_print_hold_together(gallery: Page) -> None:
    gallery.emulate_media(forced_colors="active")
    assert gallery.evaluate("getComputedStyle(document.querySelector('.app-card')).borderTopWidth") == "1px"
    gallery.emulate_media(forced_colors="none", media="print")
    expect(gallery.locator(".app-nav")).to_be_hidden()
    expect(gallery.locator("h1")).to_be_visible()


@pytest.mark.parametrize("code", ["400", "403", "404", "403_csrf", "500"])
def test_error_pages_have_no_violation(page: Page, server: str, code: str) -> None:
    page.goto(f"{server}/error/{code}/")
    assert violations(page) == []
    assert page.locator("h1").inner_text()
    assert page.locator("body[data-keep-drafts]").count() == 1
