"""The agenda as its people walk it: from signals to what the state answers, by both routes of the third model, and a
priority round from its plan to its result.
"""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.test_whole_way import send_signal
from tests.browsing import violations

pytestmark = pytest.mark.browser

SUBMIT = "main form.app-form button.nl-button--primary"
ROUTES = {
    "overleg_vooraf": ("Bus rijdt voorbij de halte", "Halte zonder bus"),
    "eerst_beginnen": ("Fietsers vallen op de brug", "Brug is glad"),
}


def fill(page: Page, **values: str) -> None:
    """Fill fields by their names and send the form."""
    for name, value in values.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator(SUBMIT).click()


def step(page: Page, dossier: str, note: str) -> None:
    """Take the next step of a dossier."""
    page.goto(f"{dossier}stap/")
    fill(page, note=note)
    expect(page).to_have_url(re.compile(f"{dossier}$"))


def bundle_of(visit: Visit, words: str, second: str) -> tuple[Page, Page, str]:
    """Two signals that an official reports, in a bundle that the adviser was asked to make; the official's signal."""
    official = visit("way_official", "/signaleren/melden/")
    addresses = []
    for title in (second, words):
        official.goto("/signaleren/melden/")
        send_signal(official, title)
        addresses.append(official.url)
    ticked = "&".join(f"signal={address.split('/')[-2]}" for address in addresses)
    adviser = visit("way_adviser", f"/signaleren/bundels/maken/?{ticked}")
    for box in adviser.locator("main input[type=checkbox]").all():
        box.check()
    fill(adviser, title=f"{words}: wat nu?")
    return official, adviser, addresses[-1]


@pytest.mark.parametrize("route", ROUTES)
def test_from_a_bundle_to_the_answer_of_the_state_and_back(visit: Visit, site: Site, route: str) -> None:
    words, second = ROUTES[route]
    official, adviser, signal = bundle_of(visit, words, second)

    # The bundle becomes a dossier in the third model, by this route.
    adviser.get_by_role("link", name="Dossier openen").first.click()
    adviser.locator("#id_summary").fill(
        f"{words}. Gemeenten lossen het samen op. Het rijk moet daarbij helpen."
    )
    adviser.locator(f"[name=way][value='omgekeerd_medebewind:{route}']").check()
    adviser.locator("[name=visibility]").select_option("public")
    adviser.locator("#id_owner").select_option(index=1)
    adviser.locator("#id_owner_body").select_option(index=3)
    adviser.locator(SUBMIT).click()
    expect(adviser.get_by_role("heading", level=1)).to_have_text(f"{words}: wat nu?")
    dossier = re.sub(r"^https?://[^/]+", "", adviser.url)
    step(adviser, dossier, "De commissie trekt dit dossier voor alle gemeenten.")

    # Without a pilot it does not go on, and the page says what is missing.
    adviser.goto(f"{dossier}stap/")
    expect(adviser.locator("main")).to_contain_text(re.compile("pilot|proef"))
    alderman = visit("way_alderman", dossier)
    alderman.locator(f"main a[href$='{dossier}meedoen/']").first.click()
    alderman.locator("[name=part][value=pilot]").check()
    fill(alderman, what="Wij beginnen op drie plekken en meten wat het doet.")
    expect(alderman.locator("#pilots, main")).to_contain_text(["Wij beginnen op drie plekken"])
    step(adviser, dossier, "De eerste gemeente doet mee als pilot.")
    adviser.goto(f"{dossier}wijzigen/")
    fill(adviser, solution="Wij maken één aanpak die elke gemeente kan gebruiken.")
    step(adviser, dossier, "De pilot heeft een aanpak die werkt.")
    if route == "eerst_beginnen":
        alderman.goto(dossier)
        alderman.locator("main a[href*='/dossier/deelname/']").first.click()
        fill(alderman, under_way_since=str(date.today()))
        step(adviser, dossier, "De pilot is begonnen, en de eerste cijfers zijn er.")

    # What is asked of the state: a party, a condition with the signal behind it, and the question.
    adviser.goto(f"{dossier}partij/")
    adviser.locator("#id_organisation").select_option(label="Ministerie van Infrastructuur en Waterstaat")
    fill(adviser, part="maakt de regels")
    adviser.goto(dossier)
    adviser.locator("main a[href*='voorwaarde']").filter(has_text="toevoegen").first.click()
    adviser.locator("#id_organisation").select_option(label="Ministerie van Infrastructuur en Waterstaat")
    adviser.locator("[name=condition_kind][value=law]").check()
    fill(adviser, title="Eén regel voor het hele land")
    fill(adviser, exactly="Leg in het reglement vast wat elke gemeente mag doen, en vanaf wanneer.")
    adviser.locator("[name=signals]").first.check()
    fill(adviser, why="Zonder regel mag een gemeente dit niet alleen beslissen.")
    expect(adviser.get_by_role("heading", level=1)).to_contain_text("Eén regel voor het hele land")
    assert violations(adviser) == []
    condition = re.sub(r"^https?://[^/]+", "", adviser.url)
    step(adviser, dossier, "Wij vroegen het rijk om een regel.")
    adviser.goto(f"{condition}gevraagd/")
    fill(adviser)
    step(adviser, dossier, "Het gesprek met het ministerie is begonnen.")

    # No step to the answer before there is one; then it is given, met, and everybody can see it.
    adviser.goto(f"{condition}antwoord/")
    adviser.locator("[name=answer][value=agreed]").check()
    soon = date.today() + timedelta(days=30)
    fill(adviser, text="Het ministerie neemt de regel op.", promised_on=str(soon))
    step(adviser, dossier, "Het rijk zei ja.")
    visitor = visit("visitor", dossier)
    expect(visitor.locator("main")).to_contain_text("Eén regel voor het hele land")
    expect(visitor.locator("main")).to_contain_text("Toegezegd")
    expect(visitor.locator("svg[data-map] a").first).to_be_attached()
    assert violations(visitor) == []
    visitor.goto("/agenda/voorwaarden/")
    expect(visitor.locator("main")).to_contain_text("Eén regel voor het hele land")

    # Who reported it heard of each step once, in words, and the signal shows the whole way.
    official.goto("/nieuws/")
    news = official.locator("main")
    expect(news).to_contain_text(
        re.compile(f"Uw signaal “({words}|{second})” is nu voorwaarde 1 .*Eén regel voor het hele land")
    )
    official.goto(signal)
    thread = official.locator(".app-thread")
    for title in (f"{words}: wat nu?", "Eén regel voor het hele land"):
        expect(thread.get_by_role("link", name=title).first).to_be_attached()
    twice = site.query(
        "SELECT news FROM thread_notice WHERE person_id = %s GROUP BY 1 HAVING count(*) > 1",
        site.world.people["way_official"],
    )
    assert twice == []


def test_a_priority_round_from_plan_to_result(visit: Visit, site: Site) -> None:
    # Planned among the members of a day in the past, with more candidates than places.
    adviser = visit("way_adviser", "/agenda/ronde/nieuw/")
    adviser.locator("#id_title").fill("Wat gaat voor?")
    adviser.locator("#id_maximum").fill("2")
    adviser.locator("[name=ballot_kind][value=points]").check()
    adviser.locator("#id_points").fill("10")
    adviser.locator("#id_reference_date").fill("2022-06-01")
    adviser.locator(SUBMIT).click()
    expect(adviser.get_by_role("heading", level=1)).to_contain_text("Wat gaat voor?")
    round_ = re.sub(r"^https?://[^/]+", "", adviser.url)
    adviser.goto(f"{round_}openen/")
    adviser.locator("main form button.nl-button--primary").click()
    expect(adviser.locator("main")).to_contain_text("nog geen kandidaten")
    for title in ("Woningnood", "Vergrijzing", "Ruimte", "Economie"):
        adviser.goto(f"{round_}kandidaten/?q={title}")
        adviser.locator("main li", has=adviser.get_by_role("link", name=title, exact=True)).get_by_role(
            "button"
        ).click()
    adviser.goto(f"{round_}openen/")
    adviser.locator("main form button.nl-button--primary").click()
    expect(adviser.locator("main")).to_contain_text("344")
    assert violations(adviser) == []

    # On a phone: points divided, saved at once, too many refused, then handed in for a receipt.
    alderman = visit("way_alderman", "/", viewport={"width": 390, "height": 800})
    alderman.goto(round_)
    alderman.locator("main a[href*='/keuze/']").first.click()
    points = alderman.locator("input[type=number][inputmode=numeric]")
    expect(points).to_have_count(4)
    points.nth(0).fill("8")
    points.nth(1).fill("4")
    expect(alderman.locator("[data-count]")).to_contain_text("2 punten te veel")
    alderman.locator("button[value=hand_in]").click()
    expect(alderman.locator("main [role=alert], main .app-error-summary, main").first).to_contain_text("10")
    alderman.locator("input[type=number][inputmode=numeric]").nth(1).fill("2")
    expect(alderman.locator("#ballot-state")).to_contain_text(re.compile("bewaard", re.I))
    alderman.reload()
    expect(alderman.locator("input[type=number][inputmode=numeric]").nth(0)).to_have_value("8")
    assert violations(alderman) == []
    alderman.locator("button[value=hand_in]").click()
    expect(alderman).to_have_url(re.compile("/ontvangen/"))
    expect(alderman.locator("main a[href*=ontvangst]").first).to_be_attached()
    wide = alderman.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390

    # Closed before its time: what was chosen, what was not and what it lacked, for everybody.
    adviser.goto(f"{round_}sluiten/")
    adviser.locator("main form button.nl-button--primary").click()
    visitor = visit("visitor", round_)
    main = visitor.locator("main")
    for title in ("Woningnood", "Vergrijzing", "Ruimte", "Economie"):
        expect(main).to_contain_text(title)
    expect(main).to_contain_text("344")
    assert violations(visitor) == []
    answer = visitor.request.get(f"{site.url}{round_}keuzes.csv")
    assert answer.ok and "8" in answer.text()
