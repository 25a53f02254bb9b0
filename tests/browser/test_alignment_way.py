"""The aligned lobby as its people walk it: from what somebody means to say to an open difference with reasons."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import address, choose, field, fill, follow, press, section
from tests.browsing import violations

pytestmark = pytest.mark.browser

POSITION = "Veilige fietsroutes tussen dorpen"
ANOTHER = "Fietsroutes tussen dorpen krijgen voorrang"
MINISTRY = "Ministerie van Infrastructuur en Waterstaat"
MESSAGE = (
    "Wij vragen het ministerie eerst geld voor bussen, en pas later geld voor fietsroutes tussen dorpen."
)
WHY = "In onze regio is de bus voor ouderen belangrijker dan een fietsroute tussen dorpen."
SECRET = "Stil gesprek over fietsroutes tussen dorpen"
DIFFER = "Wij zijn het niet eens geworden: de afstanden zijn in deze regio te groot om te fietsen."


def keep_position(page: Page, title: str) -> None:
    """The bureau writes a position down, and lets it hold for all members."""
    page.goto("/beraadslagen/standpunten/")
    follow(page, "Een standpunt toevoegen", within="body")
    field(page, "Thema").select_option(index=1)
    choose(page, "Aan wie is het gericht?", MINISTRY)
    choose(page, "Wie besloot dit?", "Besluit van de algemene ledenvergadering")
    texts = {
        "Waar gaat het over, in één regel?": title,
        "Het standpunt in één zin": "Het rijk betaalt veilige fietsroutes tussen dorpen.",
        "De hele tekst": "Dorpen liggen te ver uit elkaar zonder veilige fietsroute. Het rijk betaalt die.",
        "Waar staat het besluit?": "Algemene ledenvergadering van dit voorjaar",
        "Besloten op": str(date.today()),
    }
    fill(page, "Het standpunt bewaren", texts)
    follow(page, "Het geldt vanaf nu")
    choose(page, "Wie mag dit lezen?", "Alle leden")
    press(page, "Het geldt vanaf nu")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def mean_to_say(page: Page, title: str, position: str, readers: str) -> str:
    """Record a contact that departs from the position, in its three steps; the address of its alignment."""
    page.goto("/beraadslagen/lobby/")
    follow(page, "Een contact vastleggen", within="body")
    field(page, "Met wie?").select_option(label=MINISTRY)
    press(page, "Volgende stap")
    choose(page, "Wie mag dit lezen?", readers)
    fill(page, "Volgende stap", {"Waar gaat het over, in één regel?": title, "Wat zegt u?": MESSAGE})
    # Before it is saved: how does it stand to what the association says already?
    press(page, "Het contact bewaren")
    expect(page.locator("[data-error-summary]")).to_contain_text(position)
    for group in page.locator("main fieldset").all():
        of_this = position in group.locator("legend").inner_text()
        group.get_by_label("Wijkt ervan af" if of_this else "Het gaat over iets anders").check()
    field(page, f"Wat aanvult of afwijkt, en waarom: “{position}”").fill(WHY)
    press(page, "Het contact bewaren")
    expect(page.locator("#messages")).to_contain_text("wijkt af van 1 standpunt")
    follow(page, re.compile("De afstemming"))
    return address(page)


def talk(page: Page, text: str) -> None:
    """Write down a talk on the page of the alignment."""
    follow(page, "Een gesprek opschrijven")
    fill(page, "Opschrijven", {"Wat is er gezegd?": text})
    expect(page.get_by_role("main")).to_contain_text(text)


def test_from_what_is_meant_to_an_open_difference(visit: Visit) -> None:
    adviser = visit("align_adviser")
    keep_position(adviser, POSITION)
    secretary = visit("align_secretary")
    way = mean_to_say(secretary, "Eerst geld voor bussen", POSITION, "Alle leden")
    assert violations(secretary) == []

    # The owner of the position is asked to talk; both sides write down what was said.
    adviser.goto("/")
    expect(section(adviser, "news")).to_contain_text("Eerst geld voor bussen")
    follow(adviser, re.compile("Verschillen om over te praten"))
    follow(adviser, re.compile("Eerst geld voor bussen"))
    assert address(adviser) == way
    talk(adviser, "Wij legden uit waarom de leden voor fietsroutes kozen.")
    secretary.goto("/")
    follow(secretary, re.compile("Eerst geld voor bussen"))
    secretary.goto(way)
    talk(secretary, "Wij legden uit hoe ver de dorpen bij ons uit elkaar liggen.")

    # It ends as a difference that stands, and says why.
    follow(secretary, "Aangeven hoe het eindigt")
    choose(secretary, "Hoe eindigt het?", "Een open verschil, met redenen")
    fill(secretary, "Vastleggen hoe het eindigt", {"De reden": DIFFER})
    expect(secretary.get_by_role("main")).to_contain_text(DIFFER)
    assert violations(secretary) == []

    # Every member sees what the state could play off: with whom, for how long, and why.
    outsider = visit("align_outsider", "/beraadslagen/verschillen/")
    row = outsider.get_by_role("row", name=re.compile("Eerst geld voor bussen"))
    for words in (POSITION, MINISTRY, "Een open verschil"):
        expect(row).to_contain_text(words)
    assert violations(outsider) == []
    row.get_by_role("link", name=re.compile("Eerst geld voor bussen")).click()
    expect(outsider.get_by_role("main")).to_contain_text(DIFFER)
    visitor = visit("visitor")
    assert "/account/login/" in visitor.request.get(way).url


def test_a_sensitive_one_is_of_those_involved(visit: Visit) -> None:
    adviser = visit("align_adviser")
    keep_position(adviser, ANOTHER)
    outsider = visit("align_outsider", "/beraadslagen/verschillen/")
    before = hidden(outsider)
    secretary = visit("align_secretary")
    way = mean_to_say(secretary, SECRET, ANOTHER, "Alleen de betrokkenen (gevoelig)")
    adviser.goto("/beraadslagen/verschillen/")
    expect(adviser.get_by_role("main")).to_contain_text(SECRET)

    # Somebody else knows that there is one more, and nothing else.
    outsider.reload()
    assert hidden(outsider) == before + 1
    for page in ("/beraadslagen/verschillen/", "/beraadslagen/lobby/", f"/zoeken/?q={SECRET}"):
        outsider.goto(page)
        expect(outsider.get_by_role("main")).to_be_visible()
        expect(outsider.get_by_role("link", name=re.compile("Stil gesprek"))).to_have_count(0)
    assert outsider.request.get(way).status == 404


def hidden(page: Page) -> int:
    """How many differences the page says that one may not read."""
    found = re.search(r"Nog (\d+) (is|zijn) gevoelig", page.get_by_role("main").inner_text())
    return int(found[1]) if found else 0
