"""What a person does on a page, by what it reads: follow a link, fill in fields by their labels, press a button."""

import re

from playwright.sync_api import Locator, Page


def follow(page: Page, name: str | re.Pattern[str], within: str = "main") -> None:
    """Follow the first link of this name."""
    page.locator(within).get_by_role("link", name=name).first.click()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the first button of this name."""
    page.get_by_role("main").get_by_role("button", name=name).first.click()


def field(page: Page | Locator, label: str) -> Locator:
    """The field with this label; what is said behind it ("not required") may follow. Or the one with this `#id`."""
    if label.startswith("#"):
        return page.locator(label)
    return page.get_by_label(re.compile(f"^{re.escape(label)}(\\s*\\(.*\\))?\\s*$")).first


def fill(page: Page, button: str, values: dict[str, str]) -> None:
    """Fill in fields by their labels, and press the button."""
    for label, value in values.items():
        field(page, label).fill(value)
    press(page, button)


def choose(page: Page, group: str, choice: str) -> None:
    """Choose a radio button, or tick a box, in the group of this name."""
    named = page.get_by_role("group", name=re.compile(re.escape(group)))
    named.get_by_label(choice, exact=True).first.check()


def section(page: Page, heading: str) -> Locator:
    """The section under the heading with this id."""
    return page.locator("section", has=page.locator(f"#{heading}"))


def address(page: Page) -> str:
    """Where the page is, without the name of the site and what stands behind a question mark."""
    return re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)
