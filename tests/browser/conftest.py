"""A site and a browser for each process of the tests; a page for each person who visits it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.site import Site, served
from tests.browser.site import site as serve
from tests.browsing import listen

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """The site of this process."""
    with serve(shared_folder(tmp_path_factory)) as made:
        yield made


@pytest.fixture(scope="session")
def demo(site: Site, tmp_path_factory) -> Iterator[Site]:
    """The same site as a demo: with one-click log-in and the outbox."""
    with served(site.database, shared_folder(tmp_path_factory), OMKERING_DEMO="1") as address:
        yield replace(site, url=address)


def shared_folder(tmp_path_factory) -> Path:
    """One folder for all processes of a run."""
    folder = Path(tmp_path_factory.getbasetemp())
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    (folder / "files").mkdir(exist_ok=True)
    return folder


def cookie(site: Site, person: str) -> dict[str, Any]:
    """The session of somebody of the world."""
    return {"name": "sessionid", "value": site.world.texts[f"session:{person}"], "url": site.url}


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    """Open a page as somebody: `visit("official", "/signaleren/")`; a visitor has no session.

    The page fails its test when the browser complained or a request left for another host; a test that
    provokes that empties `page.complaints` itself.
    """
    contexts: list[BrowserContext] = []
    heard: list[list[str]] = []

    def open_page(person: str, path: str = "", **options: Any) -> Page:
        context = browser.new_context(base_url=site.url, locale="nl-NL", **options)
        contexts.append(context)
        if person != "visitor":
            context.add_cookies([cookie(site, person)])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.complaints = listen(page, site.url)
        heard.append(page.complaints)
        if path:
            answer = page.goto(path)
            assert answer.ok, f"{path}: {answer.status}"
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [complaint for complaints in heard for complaint in complaints] == []
