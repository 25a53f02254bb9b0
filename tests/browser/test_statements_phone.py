"""Statements on a phone: voting one at a time, writing one, and reading the opinion map."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.steps import address, field, fill, follow, press, section
from tests.browsing import violations

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
NEAR = "De gemeente bepaalt zelf welke wijk als eerste van het gas gaat."
NEW = "Elke gemeente krijgt een eigen adviseur van het bureau."
JUST_AFTER = (
    "addEventListener('htmx:after:swap', () => document.querySelector('#turn-agree').click(), {once: true})"
)
REFUSED = {
    "Gemeenten moeten meer samenwerken dan nu. " * 8: "280",
    "👍👍👍 🎉🎉🎉 💚💚💚 🙏🙏🙏 🌍🌍🌍": "Schrijf een zin in woorden",
    "Gemeenten werken samen <script>alert(1)</script>": "Schrijf alleen gewone tekst",
    "Lees dit eerst: https://gemeente.example/plan": "Laat de link weg",
}


def round_of(site: Site) -> str:
    """The address of an open round with statements on which others have voted."""
    return f"/beraadslagen/consultaties/ronde/{site.world.ids['phone_round']}/"


def fits(page: Page) -> None:
    """The page is not wider than the phone, and nothing is wrong with it."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    assert violations(page) == []


def voted(page: Page, number: int) -> None:
    """The page tells on how many statements one voted."""
    expect(page.locator("#turn")).to_contain_text(f"U stemde op {number} van")


def votes_of(site: Site, person: str) -> list[int]:
    """What the database holds."""
    found = site.query(
        "SELECT value FROM deliberate_statementvote WHERE person_id = %s ORDER BY value",
        site.world.people[person],
    )
    return [value for (value,) in found]


def test_vote_one_at_a_time(visit: Visit, site: Site) -> None:
    page = visit("phone_reader", round_of(site), **PHONE)
    follow(page, "Zeg wat u van de stellingen vindt")
    follow(page, "Stemmen")
    voted(page, 0)
    fits(page)
    seen = set()
    for number, choice in enumerate(("Eens", "Oneens", "Geen mening"), 1):
        button = page.get_by_role("button", name=choice, exact=True)
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44
        seen.add(page.locator("#turn-text").inner_text())
        button.tap()
        voted(page, number)
        expect(page.locator("#turn")).to_contain_text(f"Opgeslagen: {choice}")
    assert len(seen) == 3, "each turn is about another statement"
    assert votes_of(site, "phone_reader") == [-1, 0, 1]

    # The last vote can be changed, and the others are on the list with what was voted.
    page.locator("#turn").get_by_role("link", name="Wijzig").tap()
    expect(page.locator("#turn")).to_contain_text("U stemde: Geen mening")
    page.get_by_role("button", name="Oneens").tap()
    expect(page.locator("#turn")).to_contain_text("Opgeslagen: Oneens")
    assert votes_of(site, "phone_reader") == [-1, -1, 1]
    follow(page, "Alle stellingen")
    expect(page.get_by_text("U stemde: Oneens")).to_have_count(2)
    fits(page)


def test_write_one(visit: Visit, site: Site) -> None:
    page = visit("phone_writer", f"{round_of(site)}stellingen/", **PHONE)
    follow(page, "Schrijf een stelling")
    for text, reason in REFUSED.items():
        fill(page, "Insturen", {"Uw stelling": text})
        expect(page.locator("#id_text_error, .utrecht-form-field--invalid").first).to_contain_text(reason)
        expect(field(page, "Uw stelling")).to_have_value(re.compile(re.escape(text.strip())))
    fits(page)

    # What says much the same is shown first, with what was typed still there.
    fill(page, "Insturen", {"Uw stelling": NEAR})
    expect(page.get_by_role("status")).to_contain_text("welke wijk het eerst van het gas gaat")
    expect(page.get_by_role("link", name=re.compile("Stem op stelling"))).to_have_count(1)
    expect(field(page, "Uw stelling")).to_have_value(NEAR)
    fits(page)
    fill(page, "Toch insturen", {"Uw stelling": NEW})
    expect(page.locator("#messages")).to_contain_text("Uw stelling is ingestuurd")
    expect(page.get_by_role("main")).to_contain_text(NEW)

    # The bureau shows it; its author hears of that, and others can vote on it.
    adviser = visit("phone_adviser", round_of(site))
    follow(adviser, "Stellingen")
    follow(adviser, "Stellingen bekijken")
    adviser.get_by_role("listitem").filter(has_text=NEW).get_by_role("button", name="Tonen").click()
    expect(adviser.get_by_role("main")).not_to_contain_text(NEW)
    page.goto("/")
    expect(section(page, "news")).to_contain_text(NEW)
    adviser.goto(f"{round_of(site)}stellingen/")
    expect(adviser.get_by_role("main")).to_contain_text(NEW)


def test_without_javascript(visit: Visit, site: Site) -> None:
    page = visit("plain_phone", f"{round_of(site)}stellingen/stemmen/", **PHONE, java_script_enabled=False)
    page.get_by_role("button", name="Eens", exact=True).tap()
    voted(page, 1)
    expect(page.locator("#turn")).to_contain_text("Opgeslagen: Eens")
    page.get_by_role("button", name="Geen mening").tap()
    voted(page, 2)
    assert votes_of(site, "plain_phone") == [0, 1]
    follow(page, "Schrijf een stelling")
    fill(page, "Insturen", {"Uw stelling": "👍👍👍 🎉🎉🎉 💚💚💚 🙏🙏🙏 🌍🌍🌍"})
    expect(page.get_by_role("main")).to_contain_text("Schrijf een zin in woorden")
    expect(field(page, "Uw stelling")).to_have_value(re.compile("👍"))
    fill(page, "Insturen", {"Uw stelling": NEAR})
    press(page, "Toch insturen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stellingen")
    expect(page.get_by_role("main")).to_contain_text(NEAR)


def test_a_double_tap_is_one_vote(visit: Visit, site: Site) -> None:
    page = visit("hasty_phone", f"{round_of(site)}stellingen/stemmen/", **PHONE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    # The second tap comes just after the next statement is there, which nobody has read yet.
    page.evaluate(JUST_AFTER)
    page.get_by_role("button", name="Eens", exact=True).tap()
    voted(page, 1)
    assert len(sent) == 1
    # The second tap comes at once.
    button = page.get_by_role("button", name="Oneens")
    expect(button).to_be_enabled()
    # Both in one turn of the page: two taps from here may lie seconds apart on a busy machine.
    button.evaluate("""button => {
      button.scrollIntoView({ block: "center" });
      const { x, y, width, height } = button.getBoundingClientRect();
      for (let tap = 0; tap < 2; tap++) document.elementFromPoint(x + width / 2, y + height / 2).click();
    }""")
    voted(page, 2)
    page.get_by_role("button", name="Geen mening").tap()
    voted(page, 3)
    assert votes_of(site, "hasty_phone") == [-1, 0, 1]


def test_the_opinion_map_can_be_read(visit: Visit, site: Site) -> None:
    page = visit("phone_reader", f"{round_of(site)}stellingen/", **PHONE)
    follow(page, "Meningenkaart")
    picture = page.locator("figure svg[role=img]").first
    expect(picture).to_be_visible()
    letters = page.locator("figure .app-opinion__letter")
    expect(letters).to_have_count(2)
    for letter in letters.all():
        box = letter.bounding_box()
        assert box is not None and box["height"] >= 14, "a letter is as large as other text"
    main = page.get_by_role("main")
    for heading in ("Wie hetzelfde denkt", "Wat elke groep deelt", "Wat verdeelt"):
        expect(main.get_by_role("heading", name=heading)).to_be_visible()
    expect(main.get_by_role("table")).not_to_have_count(0)
    fits(page)
    assert address(page).endswith("/meningenkaart/")
