"""What all tests in a real browser share: the check of accessibility, and an ear for what a browser complains of."""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Response

# WCAG 2.2 at level AA is the sum of these; the best practices of axe on top.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # style sheets are fetched again for a rule that is not among these
}


FEWER = """() => { for (const parent of document.querySelectorAll('svg, svg g, tbody, ul, ol, select')) {
  const kinds = Map.groupBy([...parent.children], child => child.tagName);
  for (const alike of kinds.values()) if (alike.length > 60) alike.slice(40).forEach(child => child.remove());
} }"""


def fewer(page: Page) -> None:
    """Leave forty of more than sixty brothers and sisters of one kind: tiles of a map, rows of a table, options.

    They come from one template, and axe takes seconds for each hundred.
    """
    page.evaluate(FEWER)


# Only what is wrong comes out of the browser: all that was right as well is long, and takes time to carry over.
RUN = """async ([where, rules]) => (await axe.run(where, rules)).violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)}`))"""


# The same on every page of a role.
FRAME = (".app-header", ".app-nav", ".app-footer")


def violations(page: Page, *, without: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong on the page as it stands: a line for each element, with the name of the rule.

    Parts that were looked at elsewhere can be left out by their selectors; rules about the whole page count always.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    where = {"include": [["html"]], "exclude": [[selector] for selector in without]}
    return page.evaluate(RUN, [where, RULES])


def bring_axe(page: Page) -> None:
    """Let axe be there on whatever `page` opens from now on; to send it anew each time takes longer."""
    page.add_init_script(AXE_SCRIPT)


def listen(page: Page, server: str) -> list[str]:
    """A list that fills itself with complaints: of the console, errors in scripts, requests to another host.

    A breach of the content security policy is an error in the console. The status of the page itself, which the
    console repeats, is for the test to judge; that of what the page asks for is not.
    """
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        repeated = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not repeated:
            complaints.append(f"console: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            complaints.append(f"status {response.status}: {response.url}")

    page.on("console", heard)
    page.on("response", answered)
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on(
        "request",
        lambda request: (
            complaints.append(f"foreign: {request.url}")
            if not request.url.startswith((server, "data:", "blob:"))
            else None
        ),
    )
    return complaints
