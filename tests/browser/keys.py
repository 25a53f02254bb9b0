"""Getting about a page by the keyboard alone."""

from playwright.sync_api import Page

MOST = 400  # stops; no page has more before its end


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is focused fits the selector; AssertionError when the page has no such stop."""
    for _stop in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"No Tab stop fits {selector!r} on {page.url}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    """Go to a link or button and press it; waits for the page it leads to."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)
