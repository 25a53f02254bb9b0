"""Where the keyboard is can be seen at every stop of the main pages: marked, within the window, under nothing."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.keys import MOST
from tests.browser.site import Site
from tests.world import address

pytestmark = pytest.mark.browser

MAIN = [
    ("visitor", "web:home"),
    ("official", "web:home"),
    ("visitor", "account_login"),
    ("adviser", "listen:board"),
    ("official", "listen:report"),
    ("official", "listen:report_step"),
    ("official", "listen:signal"),
    ("adviser", "listen:answer"),
    ("adviser", "listen:bundle"),
    ("visitor", "web:members"),
    ("mayor", "decide:vote"),
    ("mayor", "decide:ballot"),
    ("adviser", "decide:plan"),
    ("administrator", "web:people"),
    ("official", "web:account"),
]

# How something looks that can change when it has the focus; of a link in a picture its shape.
LOOK = """
const look = (e) => {
  const part = e instanceof SVGElement ? e.querySelector('rect, path, polygon') || e : e;
  const s = getComputedStyle(part);
  return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.stroke,
    s.strokeWidth, s.fill, s.clipPath].join(' ');
};
"""
REMEMBER = (
    "() => {" + LOOK + "window.plain = new Map();"
    "document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')"
    ".forEach(e => window.plain.set(e, look(e))); }"
)
STOP = (
    "() => {"
    + LOOK
    + """
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const tall = box.height > innerHeight;
  const y = tall ? innerHeight / 2 : Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1);
  const top = document.elementsFromPoint(x, y).find(o => getComputedStyle(o).pointerEvents !== 'none');
  // A label or a picture's text may lie over what it belongs to.
  const picture = e.closest('svg');
  const free = top && (e.contains(top) || top.contains(e) || (picture && top.closest('svg') === picture)
    || (e.labels && [...e.labels].some(l => l.contains(top))));
  return {html: e.outerHTML.slice(0, 120), seen: window.plain.get(e) !== look(e), inside, free: !!free,
    small: !(getComputedStyle(e).display === 'inline') && Math.min(box.width, box.height) < 24};
}"""
)


def walk(page: Page) -> int:
    """Press Tab through the whole page; returns the number of stops."""
    page.evaluate(REMEMBER)
    for number in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return number
        assert stop["seen"], f"the focus is not marked: {stop['html']}"
        assert stop["inside"], f"out of sight: {stop['html']}"
        assert stop["free"], f"something lies over it: {stop['html']}"
        assert not stop["small"], f"smaller than 24 pixels: {stop['html']}"
    raise AssertionError(f"No end after {MOST} stops: a trap for the keyboard?")


@pytest.mark.parametrize(("person", "name"), MAIN)
@pytest.mark.parametrize("width", [1360, 390])
def test_every_stop_is_seen(visit: Visit, site: Site, person: str, name: str, width: int) -> None:
    page = visit(person, viewport={"width": width, "height": 800})
    page.goto(address(name, site.world))
    assert walk(page) > 8


def test_the_walk_finds_what_is_wrong(visit: Visit) -> None:
    page = visit("visitor", "/signaleren/signalen/")
    page.evaluate("""() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync('main a:focus-visible { outline: none !important; box-shadow: none !important; }');
        document.adoptedStyleSheets = [sheet]; }""")
    with pytest.raises(AssertionError, match="not marked"):
        walk(page)
    page.reload()
    page.evaluate("""() => { const cover = document.createElement('div'), sheet = new CSSStyleSheet();
        cover.className = 'cover'; document.body.append(cover);
        sheet.replaceSync('.cover { position: fixed; inset: 0 0 50%; }'); document.adoptedStyleSheets = [sheet]; }""")
    with pytest.raises(AssertionError, match="lies over it"):
        walk(page)
