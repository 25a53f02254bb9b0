"""What people and machines do to a page: twice, too much, other scripts, other people's numbers."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.test_pages import too_wide
from tests.browsing import violations

pytestmark = pytest.mark.browser

STRANGE = "بلدية 🚲👩‍👩‍👧 <b>vet</b> {{ 7*7 }} \u202eomgekeerd\u202c Ŋ'); --"


def begin(page: Page, title: str, case: str = "Een concreet geval dat lang genoeg is.") -> None:
    """Fill in a report up to the last step."""
    page.locator("#id_title").fill(title)
    page.locator("#id_case").fill(case)
    for _step in range(2):
        page.get_by_role("button", name="Volgende stap").click()
    page.locator("#id_helps").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_sends_one_signal(visit: Visit, site: Site, scripts: bool) -> None:
    title = f"Twee keer geklikt, {'met' if scripts else 'zonder'} script"
    page = visit("breaker", "/signaleren/melden/", java_script_enabled=scripts)
    begin(page, title)
    page.get_by_role("button", name="Verstuur het signaal").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert site.query("SELECT count(*) FROM thread_item WHERE title = %s", title) == [(1,)]


def test_ten_thousand_characters_are_refused_and_kept(visit: Visit) -> None:
    page = visit("breaker", "/signaleren/melden/")
    long = "Het loket is dicht. " * 500
    page.locator("#id_title").fill("Veel te veel woorden")
    page.locator("#id_case").fill(long)
    page.get_by_role("button", name="Volgende stap").click()
    expect(page.locator("#id_case_error")).to_contain_text("Er passen er hooguit 5.000")
    expect(page.locator("#id_case")).to_have_value(long)


def test_any_sign_is_shown_as_it_was_typed_and_breaks_no_page(visit: Visit, site: Site) -> None:
    page = visit("breaker", "/signaleren/melden/")
    begin(page, f"Vreemd {STRANGE}", case=f"{STRANGE}\n{'W' * 400}\n{STRANGE}")
    page.get_by_role("button", name="Verstuur het signaal").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("بلدية 🚲👩‍👩‍👧 <b>vet</b> {{ 7*7 }}")
    assert "\u202e" not in heading.inner_text()  # a title cannot turn the words around it
    expect(page.locator(".app-prose").first).to_contain_text("W" * 400)
    assert page.locator("main b").count() == 0
    number = page.url.rstrip("/").rpartition("/")[2]
    page.set_viewport_size({"width": 320, "height": 800})
    for path in (page.url, "/signaleren/signalen/", "/", f"/zoeken/?q={number}"):
        page.goto(path)
        assert too_wide(page) == [], path


def test_numbers_of_others_lead_nowhere(visit: Visit, site: Site) -> None:
    ids = site.world.ids
    page = visit("breaker")
    for path in (
        f"/signaleren/melden/{ids['theirs_draft']}/1/",
        f"/signaleren/melden/{ids['draft']}/2/",
        f"/signaleren/{ids['hidden']}/",
        f"/draad/{ids['hidden']}/",
        f"/signaleren/bewijs/{ids['hidden_evidence']}/",
        f"/ontvangst/{ids['receipt']}/",
        "/signaleren/999999999/",
        "/signaleren/99999999999999999999/",
        f"/signaleren/{ids['mine']}/?melding=1e9",
    ):
        answer = page.goto(path)
        if "melding=" in path:
            assert answer.status == 200
            continue
        assert answer.status == 404, path
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("main")).not_to_contain_text("Alleen voor het bureau")
    assert page.goto("/bestaat/niet/").status == 404
    assert violations(page) == []
    for path in (f"/signaleren/{ids['reviewed']}/antwoord/", "/mensen/"):
        assert page.goto(path).status == 403, path
        assert violations(page) == []
