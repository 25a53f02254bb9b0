"""What the bureau does around a consultation: read its text in, plan its rounds, and open and close them."""

import re

from playwright.sync_api import Page, expect

from tests.browser.steps import address, choose, field, fill, follow, press
from tests.browsing import violations

TITLE = "Samen sterker"
HELP = "Het bureau helpt elke gemeente binnen tien dagen met een adviseur."
COSTS = "Elke gemeente betaalt naar het aantal inwoners."
SOURCE = f"""# {TITLE}

## Waarom

Kleine gemeenten hebben te weinig mensen voor grote opgaven.

Pagina 2 van 3

Geld en mensen

{HELP}

{COSTS}
"""


def read_in(page: Page) -> str:
    """The adviser reads the file in, corrects its structure, and publishes; the address of the document."""
    page.goto("/beraadslagen/")
    follow(page, "Lees een bestand in", within="body")
    file = {"name": "notitie.md", "mimeType": "text/markdown", "buffer": SOURCE.encode()}
    field(page, "Bestand").set_input_files(file)
    press(page, "Lees het bestand in")
    for part, deed in (("Geld en mensen", "Kop"), ("Pagina 2 van 3", "Laat weg")):
        page.get_by_role("checkbox", name=re.compile(part)).check()
        field(page, "Maak van de aangekruiste onderdelen").select_option(label=deed)
        press(page, "Doe dit")
        expect(page.locator("#messages")).to_contain_text("verbeterd")
    assert violations(page) == []
    follow(page, "Maak er een document van")
    press(page, "Maak het document")
    follow(page, "Publiceer")
    choose(page, "Wie het mag lezen", "Alle leden")
    press(page, "Publiceer")
    expect(page.get_by_role("heading", name="Geld en mensen")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Pagina 2 van 3")
    return address(page)


def plan(page: Page, document: str) -> tuple[str, dict[str, str]]:
    """A consultation about the document with a round for members and one for each of two chapters, all open; its
    address, and those of its rounds by name.
    """
    page.goto(f"/beraadslagen/consultaties/nieuw/?document={document.split('/')[-2]}")
    texts = {
        "Naam van de consultatie": f"Wat vindt u van {TITLE}?",
        "Waar het voor is": "Wij vragen alle leden wat zij van deze notitie vinden.",
    }
    fill(page, "De consultatie plannen", texts)
    consultation = address(page)
    follow(page, "Een ronde plannen", within="body")
    field(page, "Amendementen op de tekst").check()
    fill(page, "De ronde plannen", {"Naam van de ronde": "Ronde van alle leden"})
    page.goto(consultation)
    follow(page, "Een ronde per afdeling plannen", within="body")
    for box in page.get_by_role("group", name="Afdelingen en netwerken").get_by_role("checkbox").all():
        box.uncheck()
    for chapter in ("Afdeling Zeeland", "Afdeling Groningen"):
        choose(page, "Afdelingen en netwerken", chapter)
    field(page, "Reacties bij elke alinea").uncheck()
    fill(page, "Deze rondes plannen", {"Naam van de ronde": "Ronde"})
    links = page.get_by_role("main").get_by_role("link", name=re.compile("^Ronde"))
    expect(links).to_have_count(3)
    rounds = {link.inner_text(): link.get_attribute("href") or "" for link in links.all()}
    for round_ in rounds.values():
        step(page, round_, "Nu openen", "De ronde openen")
    return consultation, rounds


def step(page: Page, round_: str, link: str, button: str) -> None:
    """Open or close a round."""
    page.goto(round_)
    follow(page, link, within="body")
    press(page, button)
    expect(page.locator("#messages")).to_contain_text("bericht gekregen")
