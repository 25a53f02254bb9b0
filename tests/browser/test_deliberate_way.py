"""A consultation with chapters as its people walk it: from a file that is read in to a new version of its text."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.bureau import COSTS, HELP, plan, read_in, step
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.steps import address, choose, field, fill, follow, press, section
from tests.browsing import fewer, violations

pytestmark = pytest.mark.browser

REACTION = "Schrijf erbij wat een gemeente zelf moet doen voordat de adviseur komt."
POINT = "Onze gemeente wil weten wat de adviseur kost."
ADVICE = "De afdeling adviseert om eerst een proef van een jaar te houden."
IN_REPORT = "Leden vragen of het aantal inwoners wel een eerlijke maat is."
TAKEN = "Dit nemen wij over, want het maakt de tekst duidelijker."
TWICE = "SELECT news FROM thread_notice WHERE person_id = ANY(%s) GROUP BY person_id, 1 HAVING count(*) > 1"
NOT_TAKEN = "Dit past niet in deze notitie; het komt terug in de begroting van volgend jaar."


def at(page: Page, words: str) -> Locator:
    """The part of the text with these words, and what one can do there."""
    return page.locator(".app-doc__part", has_text=words)


def amend(page: Page, document: str, days: str, title: str) -> str:
    """Propose another term by editing the paragraph in place, and hand it in; the address of the amendment."""
    page.goto(document)
    at(page, HELP).get_by_role("link", name="Een amendement voorstellen").click()
    field(page, "De tekst").fill(HELP.replace("tien", days))
    expect(page.get_by_role("main").locator("ins")).to_contain_text(days)
    expect(page.get_by_role("main").locator("del")).to_contain_text("tien")
    fill(
        page, "Indienen", {"Wat het verandert, in één regel": title, "Waarom": f"Dan is {days} dagen genoeg."}
    )
    expect(page.locator("#messages")).to_contain_text("ingediend")
    return address(page)


def collides(page: Page, amendment: str, own: str, other: str) -> None:
    """The page of an amendment shows with which words it collides, and what both make of them."""
    page.goto(amendment)
    clash = section(page, "clashes")
    expect(clash.locator("mark").first).to_have_text("tien")
    for words in (own, other, "Goes", "Hulst"):
        expect(clash).to_contain_text(words)


def agree(alderman: Page, mayor: Page, first: str) -> str:
    """The two talk, and come to a common amendment; its address."""
    alderman.goto(first)
    press(alderman, re.compile("Vraag overleg met amendement"))
    follow(alderman, "Een gezamenlijke tekst voorstellen")
    texts = {
        "De tekst": HELP.replace("tien", "zeven"),
        "Wat het verandert, in één regel": "Zeven dagen",
        "Waarom": "Zeven dagen kan elk bureau waarmaken.",
    }
    fill(alderman, "Voorstellen aan de andere kant", texts)
    mayor.goto("/")
    follow(mayor, re.compile("gezamenlijke tekst"))
    press(mayor, "Akkoord met deze tekst")
    behind = section(mayor, "behind")
    for member in ("Goes", "Hulst"):
        expect(behind).to_contain_text(member)
    return address(mayor)


def view(visit: Visit, official: Page, alderman: Page, mayor: Page, round_: str) -> None:
    """The official drafts the formal view, nobody else reads it; who has the mandate hands it in."""
    official.goto(round_)
    press(official, re.compile("Begin de zienswijze"))
    fill(official, "Bewaar het concept", {"#id_text_0": POINT})
    draft = address(official).removesuffix("schrijven/")
    assert mayor.request.get(draft).status == 404
    alderman.goto("/")
    follow(alderman, re.compile("Zienswijze van Goes"))
    alderman.goto(draft)
    follow(alderman, "De zienswijze schrijven")
    expect(field(alderman, "#id_text_0")).to_have_value(POINT)
    press(alderman, "Bewaren, en verder naar indienen")
    press(alderman, "De zienswijze indienen")
    mayor.goto(draft)
    expect(mayor.get_by_role("main")).to_contain_text(POINT)


def meet(page: Page, round_: str, paragraph: str) -> None:
    """The secretary of the chapter plans its meeting, and publishes the report with its advice."""
    page.goto(round_)
    follow(page, "Een bijeenkomst plannen")
    day = date.today() + timedelta(days=3)
    when = {"Begint": f"{day}T19:30", "Eindigt": f"{day}T21:30", "Plaats": "Stadskantoor Goes"}
    fill(page, "De bijeenkomst plannen", when)
    calendar = page.request.get(f"{address(page)}agenda.ics")
    assert "Stadskantoor Goes" in calendar.text()
    follow(page, "Het verslag schrijven", within="body")
    texts = {
        "Verslag": "Er waren veertien leden. Het gesprek ging vooral over geld.",
        "Wat de afdeling of het netwerk adviseert": ADVICE,
        "#id_paragraph_0": paragraph,
        "#id_text_0": IN_REPORT,
    }
    fill(page, "Bewaren en publiceren", texts)
    expect(page.get_by_role("main")).to_contain_text(ADVICE)
    expect(page.get_by_role("main")).to_contain_text(IN_REPORT)


def answer(page: Page, consultation: str) -> None:
    """Everything gets an answer: the amendment and the reaction are taken over, the rest is not; the note goes out."""
    page.goto(consultation)
    follow(page, "Werk aan de nota van beantwoording")
    follow(page, re.compile("Beantwoord 5 punten"))
    assert violations(page) == []
    for kind, reason, points in (
        ("Overgenomen", TAKEN, (REACTION, "Zeven dagen")),
        ("Niet overgenomen", NOT_TAKEN, ()),
    ):
        boxes = page.get_by_role("main").get_by_role("checkbox")
        for box in [boxes.and_(page.get_by_label(re.compile(words))) for words in points] or boxes.all():
            box.check()
        press(page, "Beantwoord wat is aangevinkt")
        choose(page, "Wat gebeurt ermee?", kind)
        fill(page, "Bewaar dit antwoord", {"Waarom?": reason})
    expect(page.get_by_role("main")).to_contain_text("Alles heeft een antwoord.")
    follow(page, "De hele nota van beantwoording")
    follow(page, "Nota publiceren")
    press(page, "Nota publiceren")
    expect(page.locator("#messages")).to_contain_text("gepubliceerd")


def renew(page: Page, document: str) -> None:
    """The new version is made from the note, and names what it follows from."""
    follow(page, "Nieuwe versie maken")
    after = page.get_by_role("main").locator("section", has_text=HELP)
    expect(field(after, "De nieuwe tekst")).to_have_value(HELP.replace("tien", "zeven"))
    field(after, "Een nieuwe tekst erna").fill("De gemeente wijst vooraf iemand aan die de adviseur helpt.")
    fill(page, "Maak deze versie", {"Wat is er gewijzigd, in een paar zinnen?": "Een kortere termijn."})
    page.goto(document)
    part = at(page, HELP.replace("tien", "zeven"))
    expect(part).to_contain_text("Veranderd vanwege")
    for title in ("Zeven dagen", REACTION[:30]):
        expect(part.get_by_role("link", name=re.compile(title))).to_be_visible()
    assert violations(page) == []
    follow(page, "Vergelijk versies", within="body")
    expect(page.get_by_role("main").locator("ins").first).to_contain_text("zeven")


def test_a_consultation_with_chapters(visit: Visit, site: Site) -> None:
    adviser = visit("talk_adviser")
    document = read_in(adviser)
    consultation, rounds = plan(adviser, document)

    # A member reacts to a paragraph; two others want another term in it, and find each other.
    official = visit("talk_official", document)
    place = at(official, COSTS).get_attribute("id") or ""
    at(official, HELP).get_by_role("link", name="Reageren").click()
    fill(official, "De reactie plaatsen", {"Uw reactie": REACTION})
    alderman, mayor = visit("talk_alderman"), visit("talk_mayor")
    first = amend(alderman, document, "vijf", "Vijf dagen")
    second = amend(mayor, document, "twintig", "Twintig dagen")
    collides(alderman, first, "vijf", "twintig")
    collides(mayor, second, "twintig", "vijf")
    assert violations(mayor) == []
    common = agree(alderman, mayor, first)

    # The municipality gives its view, the chapter meets and advises.
    view(visit, official, alderman, mayor, rounds["Ronde van alle leden"])
    secretary = visit("talk_secretary")
    meet(secretary, rounds["Ronde: Afdeling Zeeland"], place.removeprefix("p"))

    # The rounds close, everything is answered, and the text changes.
    for round_ in rounds.values():
        step(adviser, round_, "Nu sluiten", "De ronde sluiten")
    answer(adviser, consultation)
    renew(adviser, document)

    # Who put something in finds what became of it, once.
    official.goto("/")
    expect(section(official, "news")).to_contain_text(f"is overgenomen: {TAKEN}")
    fewer(official)
    assert violations(official) == []
    follow(official, re.compile("is overgenomen"))
    expect(official.get_by_role("main")).to_contain_text(TAKEN)
    secretary.goto("/nieuws/")
    expect(secretary.get_by_role("main")).to_contain_text(NOT_TAKEN)
    mayor.goto(common)
    expect(mayor.get_by_role("main")).to_contain_text(TAKEN)
    people = [pk for name, pk in site.world.people.items() if name.startswith("talk_")]
    assert site.query(TWICE, people) == [], "nobody hears the same twice"
