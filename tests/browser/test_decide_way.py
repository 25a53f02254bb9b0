"""An assembly decides: amendments in their order, a motion in parts, a late motion, a tie, and a secret election."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.steps import address, choose, field, fill, follow, press, section
from tests.browser.test_meeting_live import DESK, HALL, PHONE, RECEIVED, fits, vote
from tests.browsing import violations

pytestmark = pytest.mark.browser

VERIFIER = Path(__file__).parents[2] / "docs" / "verify_vote.py"
URGENT, EARLIER = "De vorst begint morgen, zegt het KNMI.", "Het bericht over de vorst kwam vanochtend."
ADMITTED = "De leden vinden dat dit niet kan wachten."


def go_to(chair: Page, title: str) -> None:
    """Go to an item by its name on the agenda."""
    chair.get_by_role("button", name=re.compile(f"^Naar dit punt.*{re.escape(title)}")).click()
    expect(chair.locator("#h-now")).to_contain_text(title)


def put_to_vote(chair: Page) -> None:
    """Put the item to the vote at once."""
    chair.locator("#quick-vote summary").click()
    chair.locator("#quick-vote").get_by_role("button", name="De stemming nu openen").click()
    expect(chair.locator("[data-part=votes]")).to_contain_text("hebben gestemd")


def voted(phones: dict[str, tuple[Page, str]], **choices: str) -> None:
    """Everybody votes: by the member's name what it votes."""
    for name, choice in choices.items():
        phone, member = phones[name]
        expect(vote(phone, member, choice)).to_contain_text(RECEIVED)


def decided(chair: Page, hall: Page, outcome: str) -> None:
    """Close the vote, and announce what it came to; the hall shows it."""
    chair.locator("[data-part=votes]").get_by_role("button", name="Sluit de stemming").click()
    chair.locator("[data-part=votes]").get_by_role("button", name="Uitslag bekendmaken").click()
    expect(hall.locator("h1.hall-outcome")).to_have_text(outcome)


def voted_on(
    chair: Page, hall: Page, phones: dict[str, tuple[Page, str]], title: str, outcome: str, **choices: str
) -> None:
    """From an item of the agenda to what was decided on it."""
    go_to(chair, title)
    put_to_vote(chair)
    voted(phones, **choices)
    decided(chair, hall, outcome)


def place(clerk: Page, motion: str) -> None:
    """Put a motion on the agenda of its meeting."""
    clerk.goto(motion)
    clerk.get_by_role("button", name="Op de agenda van haar vergadering zetten").click()
    expect(clerk.locator("#messages")).to_contain_text("agenda")


def file_late(page: Page, meeting: int) -> str:
    """File a motion while the meeting goes on; its address."""
    page.goto("/besluiten/motie/nieuw/")
    fill(
        page, "Bewaren, en verder naar indienen",
        {
            "Titel": "Noodhulp bij vorst",
            "Constaterende dat": "Het gaat deze week streng vriezen.",
            "Verzoekt": "Vandaag nog een noodfonds te openen.",
        },
    )  # fmt: skip
    field(page, "Vergadering").select_option(str(meeting))
    press(page, "Motie indienen")
    # After the deadline it needs two reasons.
    expect(page.locator(".utrecht-form-field--invalid")).to_have_count(2)
    assert violations(page) == []
    fill(page, "Motie indienen", {"Waarom is zij actueel?": URGENT, "Waarom kon zij niet eerder?": EARLIER})
    return address(page)


def test_an_assembly_votes_in_order_in_parts_late_and_even(visit: Visit, site: Site) -> None:
    ids = site.world.ids
    base = f"/besluiten/vergadering/{ids['deciding']}/"
    motion = f"/besluiten/motie/{ids['deciding_motion']}/"
    clerk = visit("deciding_chair", f"{base}agenda/", **DESK)

    # Amendments come on the agenda in the order of voting: what reaches furthest first.
    press(clerk, re.compile("Amendementen in de volgorde van stemmen"))
    rows = clerk.get_by_role("main").get_by_role("heading", level=2)
    expect(rows).to_contain_text(["Opening", "Notitie", "Samen met het Rijk", "Vanaf de tweede aanmaning"])
    assert violations(clerk) == []

    # A motion is split: each part is decided on by itself.
    clerk.goto(motion)
    follow(clerk, "Splitsen in delen", within="body")
    fill(clerk, "Splitsen", {"Titel van deel 1": "Een fonds", "Titel van deel 2": "Elk jaar tellen"})
    expect(clerk.locator("#messages")).to_contain_text("gesplitst")
    clerk.goto(motion)
    parts = section(clerk, "h-parts").get_by_role("link")
    addresses = [parts.nth(number).get_attribute("href") for number in range(2)]
    for part in addresses:
        place(clerk, part)

    # A late motion: why it is urgent, and what the meeting decides on that.
    one = visit("deciding_one", **PHONE)
    late = file_late(one, ids["deciding"])
    fits(one, 390)
    chair = visit("deciding_chair", f"{base}voorzitter/", **DESK)
    waiting = chair.locator("[data-part=motions]")
    expect(waiting).to_contain_text(URGENT)
    waiting.get_by_role("textbox").fill(ADMITTED)
    waiting.get_by_role("button", name="Toelaten Noodhulp bij vorst", exact=True).click()
    expect(waiting).to_contain_text("Er wacht geen motie die te laat is")
    place(clerk, late)

    hall = visit("visitor", f"{base}scherm/?taal=nl", **HALL)
    one.goto(f"{base}mijn/")
    two = visit("deciding_two", f"{base}mijn/", **PHONE)
    phones = {"one": (one, "Apeldoorn"), "two": (two, "Arnhem")}
    chair.goto(f"{base}voorzitter/")

    for title, outcome, first, second in (
        ("Samen met het Rijk", "Verworpen", "Tegen", "Tegen"),
        ("Vanaf de tweede aanmaning", "Aangenomen", "Voor", "Voor"),
        ("Een fonds", "Aangenomen", "Voor", "Voor"),
        ("Elk jaar tellen", "Verworpen", "Tegen", "Onthouding"),
    ):
        voted_on(chair, hall, phones, title, outcome, one=first, two=second)
    fits(two, 390)

    even(clerk, chair, hall, late, phones)
    follow_it_back(clerk, ids, late)
    clerk.set_viewport_size(PHONE["viewport"])
    clerk.goto(motion)
    fits(clerk, 390)


def even(clerk: Page, chair: Page, hall: Page, late: str, phones: dict[str, Any]) -> None:
    """By one vote each it is a tie, and by that rule the chair decides; nobody hears of a result before."""
    console = address(chair)
    clerk.goto(late)
    follow(clerk, "Plan een stemming", within=".app-aside")
    expect(clerk.get_by_role("main")).to_contain_text("Wie de vergadering leidt")  # it is held in the meeting
    field(clerk, "Regels").select_option("one-each")
    press(clerk, "Plan de stemming")
    go_to(chair, "Noodhulp bij vorst")
    chair.locator("[data-part=votes]").get_by_role("button", name="De stemming openen").click()
    voted(phones, one="Voor", two="Tegen")
    chair.locator("[data-part=votes]").get_by_role("button", name="Sluit de stemming").click()
    follow(chair, "Beslis over de gelijke stemmen")
    assert violations(chair) == []
    expect(hall.locator("h1.hall-outcome")).to_have_count(0)
    choose(chair, "De voorzitter beslist", "Aangenomen")
    press(chair, "Besluiten")
    expect(chair.get_by_role("main")).to_contain_text("voorzitter")
    chair.goto(console)
    chair.locator("[data-part=votes]").get_by_role("button", name="Uitslag bekendmaken").click()
    expect(hall.locator("h1.hall-outcome")).to_have_text("Aangenomen")


def follow_it_back(page: Page, ids: dict[str, int], late: str) -> None:
    """Each page tells what became of it: the motion by its parts, the text, the minutes."""
    page.goto(f"/besluiten/motie/{ids['deciding_motion']}/")
    parts = section(page, "h-parts").get_by_role("listitem")
    expect(parts.filter(has_text="Een fonds")).to_contain_text("Aangenomen")
    expect(parts.filter(has_text="Elk jaar tellen")).to_contain_text("Verworpen")
    assert violations(page) == []
    page.goto(late)
    expect(page.get_by_role("main")).to_contain_text("Aangenomen")
    page.goto(f"/beraadslagen/documenten/{ids['deciding_document']}/")
    expect(page.get_by_role("main")).to_contain_text("vanaf de tweede aanmaning")
    page.goto(f"/besluiten/vergadering/{ids['deciding']}/verslag/")
    record = page.locator("#record")
    for words in (
        ADMITTED,
        "Vanaf de tweede aanmaning",
        "Een fonds",
        "Elk jaar tellen",
        "Noodhulp bij vorst",
    ):
        expect(record).to_contain_text(words)
    expect(record).to_contain_text("De voorzitter besliste: aangenomen")
    expect(record).not_to_contain_text("niets besloten")
    assert violations(page) == []


def count_again(page: Page, vote_page: str, folder: Path) -> str:
    """Take the vote along from its page and count it with the script of the documentation."""
    page.goto(vote_page)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("om zelf na te tellen")).click()
    kept = folder / "vote.json"
    download.value.save_as(kept)
    assert json.loads(kept.read_text(encoding="utf-8"))["vote"]
    done = subprocess.run(
        [sys.executable, str(VERIFIER), str(kept)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def elect(page: Page, phone_choice: str) -> None:
    """Choose a candidate on the phone, and confirm; a secret vote has no receipt."""
    card = page.locator("[data-card]")
    card.get_by_label(re.compile(phone_choice)).check()
    card.get_by_role("button", name=re.compile("^Deze stem uitbrengen")).click()
    card.get_by_role("button", name=re.compile("^Bevestig")).click()
    expect(card.locator("[data-said]")).to_contain_text("Ontvangen")


def test_a_secret_election_on_a_phone_and_without_a_script(visit: Visit, site: Site, tmp_path: Path) -> None:
    ids = site.world.ids
    base = f"/besluiten/vergadering/{ids['electing']}/"
    clerk = visit("electing_chair", f"/besluiten/vacature/{ids['electing_vacancy']}/stemming/", **DESK)
    field(clerk, "In welke vergadering").select_option(str(ids["electing"]))
    press(clerk, "Plan de stemming")
    expect(clerk.locator("#messages")).to_contain_text("gepland")

    chair = visit("electing_chair", f"{base}voorzitter/", **DESK)
    hall = visit("visitor", f"{base}scherm/?taal=nl", **HALL)
    one = visit("electing_one", f"{base}mijn/", **PHONE)
    go_to(chair, "Verkiezing")
    chair.locator("[data-part=votes]").get_by_role("button", name="De stemming openen").click()
    expect(hall.get_by_text("Deze stemming is geheim.")).to_be_visible()
    options = one.locator("[data-card] [data-option]")
    expect(options).to_have_count(2)  # the card comes by itself
    names = options.evaluate_all("all => all.map(each => each.dataset.title)")
    fits(one, 390)
    elect(one, re.escape(names[0]))

    # Another delegate has no script: a page with the ballot, a page to confirm it, and no second chance.
    two = visit("electing_two", f"{base}mijn/", java_script_enabled=False, viewport=PHONE["viewport"])
    follow(two, re.compile("^Vul uw stem in"))
    two.get_by_label(names[0]).check()
    press(two, "Verder: bevestigen")
    press(two, "Deze stem uitbrengen")
    expect(two.get_by_role("heading", level=1)).to_have_text("Uw stem is ontvangen")

    decided(chair, hall, "Gekozen")
    expect(hall.locator(".hall-chosen")).to_contain_text(names[0][:20])
    vote_page = chair.locator("[data-part=votes] h3 a").first.get_attribute("href")
    site.seal()
    told = count_again(one, vote_page, tmp_path)
    assert told.startswith("RIGHT: elected, 2 ballots")
    assert nothing_ties(site, vote_page)
    one.goto(vote_page)
    one.locator("#roll summary").click()
    row = one.locator("#roll tr").filter(has=one.get_by_role("rowheader", name="Nijmegen", exact=True))
    expect(row).to_contain_text("Gestemd")
    for name in names:
        expect(row).not_to_contain_text(name)
    fits(one, 390)


def nothing_ties(site: Site, vote_page: str) -> bool:
    """The roll says that two voted, the box what was voted, and no ballot with a name exists, nor an event of one."""
    pk = int(vote_page.rstrip("/").rsplit("/", 1)[1])
    named = site.query("SELECT count(*) FROM decide_ballot WHERE vote_id = %s", pk)
    box = site.query(
        "SELECT sum(ballots), count(*) FROM decide_secretbox WHERE vote_id = %s AND ballots > 0", pk
    )
    turnout = site.query(
        "SELECT count(*) FROM decide_secretturnout t JOIN decide_rollentry e ON e.id = t.entry_id"
        " WHERE e.vote_id = %s AND t.voted",
        pk,
    )
    told = site.query(
        "SELECT count(*) FROM journal_event WHERE subject = %s AND verb LIKE 'ballot.%%'", f"item:{pk}"
    )
    return (named, box, turnout, told) == ([(0,)], [(2, 1)], [(2,)], [(0,)])
