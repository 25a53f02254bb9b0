"""Every page for every role in a browser: accessible, within 320 pixels, also with text twice as large, without a
complaint or a foreign request.

The addresses are read from the URL configuration, and every page is fetched for every role. Of those that differ
in the header and the menu only, one is opened in the browser; the home page is opened for each role.
"""

import re

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Visit, cookie
from tests.browser.site import Site
from tests.browsing import listen, violations
from tests.security.test_matrix import LIBRARY, NO_BALLOT_YET, POST_ONLY, REDIRECTS
from tests.world import ROLES, address, patterns

pytestmark = pytest.mark.browser

FILES = {
    "decide:roll", "decide:roll_call", "listen:evidence", "listen:export", "listen:search_feed", "listen:theme_feed",
    "web:consistency", "web:export_members", "web:healthz", "web:metrics", "web:robots",
    "web:security_txt",
}  # fmt: skip
# `decide:cast` is a page once a ballot was cast; `test_ballot` comes there.
NO_PAGE = (
    FILES | POST_ONLY | REDIRECTS | NO_BALLOT_YET | {n for n, (roles, _why) in LIBRARY.items() if not roles}
)
PAGES = sorted({name for name, _pattern in patterns()} - NO_PAGE)

# Differs by who looks, and not in what there is to find wrong.
NOISE = re.compile(
    r'<header.*?</header>|<nav class="utrecht-nav-bar.*?</nav>|data-draft-scope="\d*"|Persoon \d+'
    r'|persoon\d+@example\.test|name="csrfmiddlewaretoken" value="[^"]*"|"challenge": "[^"]*"',
    re.DOTALL,
)

TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth, most = document.documentElement.clientWidth;
  if (wide <= most) return [];
  const parts = [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > most + 0.5).map(e => e.outerHTML.slice(0, 100));
  return [`the page is ${wide} wide on ${most}: ${parts.slice(0, 3).join(' | ')}`];
}"""


# WCAG 1.4.4 and 1.4.12: text twice as large, lines, words and letters apart.
LARGE = """() => { const sheet = new CSSStyleSheet();
  sheet.replaceSync(`html { font-size: 200% } * { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet]; }"""


def too_wide(page: Page) -> list[str]:
    """A line when the page has to be scrolled sideways, with what sticks out."""
    return page.evaluate(TOO_WIDE)


def pages_of(name: str, site: Site) -> dict[str, list[str]]:
    """The roles that get a page at this address, by what they get to see."""
    shown: dict[str, list[str]] = {}
    path = address(name, site.world)
    for role in ROLES:
        cookies = {} if role == "visitor" else {"sessionid": site.world.texts[f"session:{role}"]}
        answer = httpx.get(site.url + path, cookies=cookies, timeout=30)
        assert answer.status_code < 500, (path, role)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            same = role if name == "web:home" else NOISE.sub("", answer.text)
            shown.setdefault(same, []).append(role)
    return shown


@pytest.mark.parametrize("name", PAGES)
def test_page(name: str, site: Site, browser: Browser) -> None:
    found = []
    shown = pages_of(name, site)
    assert shown, "no role sees a page here; a file belongs in FILES"
    for roles in shown.values():
        context = browser.new_context(
            base_url=site.url, locale="nl-NL", viewport={"width": 1360, "height": 900}
        )
        if roles[0] != "visitor":
            context.add_cookies([cookie(site, roles[0])])
        page = context.new_page()
        complaints = listen(page, site.url)
        page.goto(address(name, site.world))
        page.locator("details").evaluate_all("list => list.forEach(d => d.open = true)")
        faults = violations(page)
        page.set_viewport_size({"width": 320, "height": 800})
        faults += too_wide(page)
        page.set_viewport_size({"width": 640, "height": 800})
        page.evaluate(LARGE)
        faults += too_wide(page)
        faults += complaints
        context.close()
        found += [f"{', '.join(roles)}: {fault}" for fault in faults]
    assert found == []


@pytest.mark.parametrize(
    "name", ["web:home", "listen:board", "listen:report", "listen:signal", "decide:vote"]
)
def test_page_in_english(name: str, visit: Visit, site: Site) -> None:
    page = visit("official")
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": site.url}])
    page.goto(address(name, site.world))
    assert page.locator("html").get_attribute("lang") == "en"
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert too_wide(page) == []


def test_the_checks_find_what_is_wrong(visit: Visit) -> None:
    picture = (
        "document.querySelector('main').innerHTML += '<img src=\"http://elders.example/x.png\" width=700>'"
    )
    page = visit("visitor", "/", viewport={"width": 320, "height": 800})
    page.evaluate(picture)
    page.evaluate("document.querySelector('main').setAttribute('style', 'min-width: 700px')")
    page.wait_for_timeout(200)
    assert sum("Content Security Policy" in complaint for complaint in page.complaints) == 2
    assert any(fault.startswith("image-alt") for fault in violations(page))
    page.complaints.clear()
    page = visit("visitor", "/", viewport={"width": 320, "height": 800}, bypass_csp=True)
    page.evaluate(picture)
    page.evaluate("document.querySelector('main img').style.cssText = 'min-width: 700px; max-width: none'")
    page.wait_for_timeout(200)
    assert "foreign: http://elders.example/x.png" in page.complaints
    assert len(too_wide(page)) == 1
    page.complaints.clear()
