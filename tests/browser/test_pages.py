"""Every page for every role in a browser: accessible, within 320 pixels, also with text twice as large, without a
complaint or a foreign request.

The addresses are read from the URL configuration, and every page is asked for as every role. It is opened in the
browser for as few of those who get it as together see every part of it (the elements in their places, the headings in
their order). The home page is opened for each role, and the frame that all pages share is looked at there.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
from lxml import etree
from lxml.html import HtmlElement, document_fromstring
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Visit, cookie
from tests.browser.site import Site
from tests.browsing import FRAME, bring_axe, fewer, listen, violations
from tests.security.test_matrix import NO_PAGE, wrong_answer
from tests.world import ROLES, address, patterns

pytestmark = pytest.mark.browser

# `decide:cast` is a page once a ballot was cast; `test_ballot` comes there.
PAGES = sorted({name for name, _pattern in patterns()} - NO_PAGE)

# The same for everybody but for who it names; `web:home` opens it for each role.
HEADER = re.compile(r'<header.*?</header>|<nav class="utrecht-nav-bar.*?</nav>', re.DOTALL)

WIDE = {"width": 1360, "height": 900}

TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth, most = document.documentElement.clientWidth;
  if (wide <= most) return [];
  const parts = [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > most + 0.5).map(e => e.outerHTML.slice(0, 100));
  return [`the page is ${wide} wide on ${most}: ${parts.slice(0, 3).join(' | ')}`];
}"""

OPEN = "() => document.querySelectorAll('details').forEach(each => { each.open = true; })"

# WCAG 1.4.4 and 1.4.12: text twice as large, lines, words and letters apart.
LARGE = """() => { const sheet = new CSSStyleSheet();
  sheet.replaceSync(`html { font-size: 200% } * { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets.push(sheet); }"""
AS_IT_WAS = "() => { document.adoptedStyleSheets.pop(); }"


def too_wide(page: Page) -> list[str]:
    """A line when the page has to be scrolled sideways, with what sticks out."""
    return page.evaluate(TOO_WIDE)


def parts_of(html: str) -> set[tuple[str, ...]]:
    """What a page is made of: each kind of element within its parents, and which heading follows which."""
    found: set[tuple[str, ...]] = set()
    above: dict[HtmlElement | None, tuple[str, ...]] = {None: ()}
    heading = ""
    for element in document_fromstring(HEADER.sub("", html)).iter(etree.Element):
        names = sorted(name for name in element.keys() if name not in ("class", "id", "href", "value"))  # noqa: SIM118
        kind = " ".join((element.tag, element.get("class", ""), element.get("type", ""), *names))
        place = (*above[element.getparent()][-2:], kind)
        above[element] = place
        found.add(place)
        if re.fullmatch("h[1-6]", element.tag):
            found.add((heading, element.tag))
            heading = element.tag
    return found


@pytest.fixture(scope="module")
def readers(site: Site) -> Iterator[dict[str, httpx.Client]]:
    """Who fetches pages without a browser, each over a connection of its own."""
    with ExitStack() as stack:
        yield {
            role: stack.enter_context(
                httpx.Client(base_url=site.url, cookies=_session(role, site), timeout=30)
            )
            for role in ROLES
        }


def _session(role: str, site: Site) -> dict[str, str]:
    return {} if role == "visitor" else {"sessionid": site.world.texts[f"session:{role}"]}


def pages_of(name: str, path: str, readers: dict[str, httpx.Client]) -> list[str]:
    """The roles to open a page for: the fewest, as far as can be seen, that together see every part of it.

    Every role asks for it, and gets it or not as the rules of `tests/security/test_matrix.py` say.
    """
    parts: dict[str, set[tuple[str, ...]]] = {}
    for role in ROLES:
        answer = readers[role].get(path)
        wrong = wrong_answer(name, role, answer.status_code, answer.headers.get("location", ""))
        assert not wrong, f"{path}: {wrong}"
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            parts[role] = parts_of(answer.text)
    if name == "web:home":
        return list(parts)
    chosen: list[str] = []
    unseen = set().union(*parts.values())
    while unseen:
        chosen.append(max(parts, key=lambda role: len(parts[role] & unseen)))
        unseen -= parts[chosen[-1]]
    return chosen


@pytest.fixture(scope="module")
def desks(site: Site, browser: Browser) -> Iterator[Callable[[str], tuple[Page, list[str]]]]:
    """One page for each role, kept from address to address, with what the browser complained of on it.

    A browser takes longer to make a page than to show one.
    """
    kept: dict[str, tuple[Page, list[str]]] = {}

    def desk(role: str) -> tuple[Page, list[str]]:
        if role not in kept:
            context = browser.new_context(base_url=site.url, locale="nl-NL", viewport=WIDE)
            if role != "visitor":
                context.add_cookies([cookie(site, role)])
            page = context.new_page()
            bring_axe(page)
            kept[role] = page, listen(page, site.url)
        page, complaints = kept[role]
        complaints.clear()
        return page, complaints

    yield desk
    for page, _complaints in kept.values():
        page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page(
    name: str,
    site: Site,
    readers: dict[str, httpx.Client],
    desks: Callable[[str], tuple[Page, list[str]]],
) -> None:
    found = []
    path = address(name, site.world)
    roles = pages_of(name, path, readers)
    assert roles, "no role sees a page here; a file belongs in FILES"
    for role in roles:
        page, complaints = desks(role)
        if page.viewport_size != WIDE:
            page.set_viewport_size(WIDE)
        page.goto(path)
        page.evaluate(OPEN)
        page.set_viewport_size({"width": 320, "height": 800})
        faults = too_wide(page)
        page.set_viewport_size({"width": 640, "height": 800})
        page.evaluate(LARGE)
        faults += too_wide(page)
        page.evaluate(AS_IT_WAS)
        page.set_viewport_size(WIDE)
        fewer(page)
        faults += violations(page, without=FRAME if name != "web:home" else ())
        found += [f"{role}: {fault}" for fault in (*faults, *complaints)]
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
